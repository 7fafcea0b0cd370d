// The table of places beside the library's map.
#include "translator/x64/place_map.hpp"

#include <doctest/doctest.h>

#include <unordered_map>

#include "tests/support/random.hpp"

using namespace lyrebird;
using x64::PlaceMap;

TEST_CASE("A place that was never asked for is not there, one that was asked for stays") {
    x64::RecordMemory memory;
    PlaceMap map(memory);
    CHECK_EQ(map.find(0), nullptr);
    CHECK_EQ(map.find(0x1000), nullptr);
    map.at(0).block = 3;
    REQUIRE_NE(map.find(0), nullptr);
    CHECK_EQ(map.find(0)->block, 3);
    CHECK_EQ(map.find(0)->waiting, PlaceMap::none);
    map.clear();
    CHECK_EQ(map.find(0), nullptr);
}

TEST_CASE("However many places come and go, the table says what the library's says, and stays small") {
    test::Random random(7);
    x64::RecordMemory memory;
    PlaceMap map(memory);
    std::unordered_map<u64, u32> truth;
    for (u32 step = 0; step < 400'000; ++step) {
        u64 pc = random.below(20'000) * 2 + (random.once_in(4) ? 1ULL << 40 : 0);
        bool forget = truth.size() > 5000 || random.once_in(3);
        map.at(pc).block = forget ? PlaceMap::none : step;
        if (forget)
            truth.erase(pc);
        else
            truth[pc] = step;
        u64 other = random.below(20'000) * 2;
        const PlaceMap::Place* found = map.find(other);
        auto known = truth.find(other);
        REQUIRE_EQ(found == nullptr ? PlaceMap::none : found->block,
                   known == truth.end() ? PlaceMap::none : known->second);
    }
    CHECK_LT(map.size(), 64 << 10);
}
