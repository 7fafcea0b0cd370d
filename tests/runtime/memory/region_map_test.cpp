#include "runtime/memory/region_map.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <array>
#include <optional>
#include <random>

using namespace lyrebird;
using namespace lyrebird::memory;

namespace {

constexpr u64 page = 4096;

Mapping anonymous(u64 first, u64 last, int protection, int flags = 0) {
    return {.start = first * page, .end = last * page, .protection = protection, .flags = MAP_PRIVATE | flags};
}

Mapping of_file(u64 first, u64 last, u64 file_page, u64 inode) {
    Mapping mapping = anonymous(first, last, PROT_READ);
    mapping.object = std::make_shared<const Object>(Object{.inode = inode});
    mapping.offset = file_page * page;
    return mapping;
}

/// Every run valid, in order, apart or different from its neighbour; the sums right.
void check_order(const RegionMap& map) {
    u64 total = 0, data = 0, last_end = 0;
    std::set<u64> growing;
    for (const auto& [start, mapping] : map) {
        REQUIRE_EQ(start, mapping.start);
        REQUIRE_LT(mapping.start, mapping.end);
        REQUIRE_GE(mapping.start, last_end);
        last_end = mapping.end;
        total += mapping.size();
        data += mapping.data() ? mapping.size() : 0;
        if (mapping.grows_down()) growing.insert(start);
    }
    REQUIRE_EQ(map.total_bytes(), total);
    REQUIRE_EQ(map.data_bytes(), data);
    REQUIRE_EQ(map.growing(), growing);
}

}  // namespace

TEST_CASE("equal neighbours become one region, different ones do not") {
    RegionMap map;
    map.insert(anonymous(1, 2, PROT_READ));
    map.insert(anonymous(3, 4, PROT_READ));
    CHECK_EQ(map.count(), 2);
    map.insert(anonymous(2, 3, PROT_READ));
    CHECK_EQ(map.count(), 1);
    map.insert(anonymous(4, 5, PROT_READ | PROT_WRITE));
    CHECK_EQ(map.count(), 2);
    map.modify(4 * page, 5 * page, [](Mapping& mapping) { mapping.protection = PROT_READ; });
    CHECK_EQ(map.count(), 1);
    CHECK_EQ(map.find(page)->end, 5 * page);
}

TEST_CASE("pieces of a file join only when the file goes on where the memory does") {
    RegionMap map;
    map.insert(of_file(1, 2, 10, 7));
    map.insert(of_file(2, 3, 11, 7));
    CHECK_EQ(map.count(), 1);
    map.insert(of_file(3, 4, 13, 7));
    CHECK_EQ(map.count(), 2);
    map.insert(of_file(4, 5, 14, 8));
    CHECK_EQ(map.count(), 3);
}

TEST_CASE("splitting a file's region moves the offset of its upper part") {
    RegionMap map;
    map.insert(of_file(10, 20, 3, 7));
    map.erase(12 * page, 15 * page);
    CHECK_EQ(map.find(10 * page)->offset, 3 * page);
    CHECK_EQ(map.find(19 * page)->start, 15 * page);
    CHECK_EQ(map.find(19 * page)->offset, 8 * page);
}

TEST_CASE("shared anonymous memory of different origin never joins") {
    RegionMap map;
    Mapping first = of_file(1, 2, 0, 0);
    first.object = std::make_shared<const Object>(Object{.kind = Object::Kind::shared_anonymous});
    Mapping second = of_file(2, 3, 1, 0);
    second.object = std::make_shared<const Object>(Object{.kind = Object::Kind::shared_anonymous});
    map.insert(first);
    map.insert(second);
    CHECK_EQ(map.count(), 2);
}

TEST_CASE("only private writable memory that is no stack counts as data") {
    RegionMap map;
    map.insert(anonymous(1, 3, PROT_READ | PROT_WRITE));
    map.insert(anonymous(10, 13, PROT_READ));
    map.insert(anonymous(20, 24, PROT_READ | PROT_WRITE, MAP_GROWSDOWN));
    Mapping shared = anonymous(30, 35, PROT_WRITE);
    shared.flags = MAP_SHARED;
    map.insert(shared);
    CHECK_EQ(map.data_bytes(), 2 * page);
    CHECK_EQ(map.total_bytes(), 14 * page);
}

TEST_CASE("random changes agree with an array of pages") {
    constexpr u64 pages = 64;
    std::mt19937_64 random(1);
    for (int round = 0; round < 200; ++round) {
        RegionMap map;
        std::array<std::optional<int>, pages> model;
        for (int step = 0; step < 100; ++step) {
            u64 first = random() % pages;
            u64 last = first + 1 + random() % (pages - first);
            int protection = static_cast<int>(random() % 8);
            switch (random() % 3) {
                case 0:
                    map.erase(first * page, last * page);
                    map.insert(anonymous(first, last, protection));
                    for (u64 i = first; i < last; ++i) model[i] = protection;
                    break;
                case 1:
                    map.erase(first * page, last * page);
                    for (u64 i = first; i < last; ++i) model[i].reset();
                    break;
                default:
                    map.modify(first * page, last * page, [&](Mapping& mapping) { mapping.protection = protection; });
                    for (u64 i = first; i < last; ++i) {
                        if (model[i]) model[i] = protection;
                    }
            }
            check_order(map);
            u64 borders = 0;
            for (u64 i = 0; i < pages; ++i) {
                const Mapping* found = map.find(i * page + 7);
                REQUIRE_EQ(found != nullptr, model[i].has_value());
                if (found != nullptr) REQUIRE_EQ(found->protection, *model[i]);
                if (model[i] && (i == 0 || model[i] != model[i - 1])) ++borders;
            }
            REQUIRE_EQ(map.count(), borders);
            u64 reached = first;
            while (reached < last && model[reached]) ++reached;
            REQUIRE_EQ(map.contiguous_end(first * page, last * page), reached * page);
        }
    }
}
