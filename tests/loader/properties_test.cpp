#include "loader/properties.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using namespace lyrebird::loader;

namespace {

/// A note of the GNU property kind around `properties`.
std::vector<u8> note(const std::vector<u8>& properties) {
    std::vector<u8> bytes = {4, 0, 0, 0, static_cast<u8>(properties.size()), 0, 0, 0, 5, 0, 0, 0, 'G', 'N', 'U', 0};
    for (const u8 byte : properties) bytes.push_back(byte);
    return bytes;
}

}  // namespace

TEST_CASE("a note without properties is valid") {
    CHECK(parse_properties(note({}))->empty());
}

TEST_CASE("properties are padded to eight bytes") {
    const auto found = parse_properties(note({1, 0, 0, 0, 5, 0, 0, 0, 'a', 'b', 'c', 'd', 'e', 0, 0, 0,  //
                                              2, 0, 0, 0, 0, 0, 0, 0}));
    REQUIRE(found.has_value());
    REQUIRE_EQ(found->size(), 2);
    CHECK_EQ((*found)[0].data, std::vector<u8>{'a', 'b', 'c', 'd', 'e'});
    CHECK_EQ((*found)[1].type, 2);
    CHECK((*found)[1].data.empty());
}

TEST_CASE("properties that do not ascend are malformed") {
    CHECK_FALSE(parse_properties(note({2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0})).has_value());
}

TEST_CASE("sizes that reach beyond the note are malformed") {
    CHECK_FALSE(parse_properties(note({2, 0, 0, 0, 1, 0, 0, 0, 9})).has_value());
    CHECK_FALSE(parse_properties(note({2, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4, 5, 6, 7, 8})).has_value());
    CHECK_FALSE(parse_properties(note({2, 0, 0, 0})).has_value());
    auto bytes = note({});
    bytes[4] = 1;
    CHECK_FALSE(parse_properties(bytes).has_value());
}

TEST_CASE("notes of another name or type are malformed") {
    for (const size_t place : {0, 8, 12, 15}) {
        auto bytes = note({});
        bytes[place] ^= 1;
        CHECK_FALSE(parse_properties(bytes).has_value());
    }
    CHECK_FALSE(parse_properties({}).has_value());
    CHECK_FALSE(parse_properties(std::vector<u8>(15)).has_value());
}
