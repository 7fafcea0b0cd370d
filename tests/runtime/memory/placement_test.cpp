#include "runtime/memory/placement.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <random>

#include "runtime/memory/address_space.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;

namespace {

constexpr u64 top = (u64{1} << 46) - page_size;
constexpr u64 mib = 1 << 20;
constexpr u64 gib = 1 << 30;

Placement::Shape shape(bool randomise, u64 stack_limit, int va_bits = 46) {
    return {
        .top = (u64{1} << va_bits) - page_size, .va_bits = va_bits, .randomise = randomise, .stack_limit = stack_limit};
}

Mapping run(u64 start, u64 size, int flags = MAP_PRIVATE) {
    return {.start = start, .end = start + size, .protection = PROT_READ, .flags = flags};
}

/// The highest free range by looking at every page below `base`.
u64 naive(const RegionMap& regions, u64 base, u64 size) {
    for (u64 at = base - size;; at -= page_size) {
        auto next = regions.from(at);
        u64 limit = next == regions.end() ? base : next->first - (next->second.grows_down() ? stack_gap : 0);
        if (at + size <= limit) return at;
    }
}

}  // namespace

TEST_CASE("without chance the mmap base lies below the stack's limit, clamped as Linux does") {
    CHECK_EQ(Placement(shape(false, 8 * mib)).mmap_base(), top - 128 * mib);
    CHECK_EQ(Placement(shape(false, 0)).mmap_base(), top - 128 * mib);
    CHECK_EQ(Placement(shape(false, gib)).mmap_base(), top - gib - stack_gap);
    CHECK_EQ(Placement(shape(false, RLIM_INFINITY - 1)).mmap_base(),
             (top - top / 6 * 5 + page_size - 1) & ~(page_size - 1));
}

TEST_CASE("with an unlimited stack mappings go up from a third of the address space") {
    Placement placement(shape(false, RLIM_INFINITY));
    CHECK(placement.bottom_up());
    RegionMap regions;
    u64 third = (top / 3 + page_size - 1) & ~(page_size - 1);
    CHECK_EQ(placement.choose(regions, page_size, page_size), third);
    regions.insert(run(third, page_size));
    CHECK_EQ(placement.choose(regions, page_size, page_size), third + page_size);
}

TEST_CASE("chance moves base, stack, heap and image within Linux's bounds") {
    for (int va_bits : {39, 42, 46}) {
        u64 least_base = ~u64{0}, most_base = 0;
        u64 end = (u64{1} << va_bits) - page_size;
        for (int i = 0; i < 50; ++i) {
            Placement placement(shape(true, 8 * mib, va_bits));
            least_base = std::min(least_base, placement.mmap_base());
            most_base = std::max(most_base, placement.mmap_base());
            CHECK_LE(placement.stack_top(), end);
            CHECK_GT(placement.stack_top(), end - gib);
            CHECK_GT(placement.stack_top(), placement.mmap_base() + 8 * mib);
            u64 heap = placement.heap_start(0x12345);
            CHECK_GE(heap, 0x13000);
            CHECK_LT(heap, 0x13000 + gib);
            CHECK_EQ(heap % page_size, 0);
            CHECK_EQ(placement.image_base(0x10000) % 0x10000, 0);
            CHECK_GE(placement.image_base(1), end / 3 * 2 - page_size);
            CHECK_LT(placement.image_base(1), placement.mmap_base());
        }
        CHECK_LT(least_base, most_base);
    }
}

TEST_CASE("the search is first-fit from the top and keeps the gap below a stack") {
    Placement placement(shape(false, 8 * mib));
    u64 base = placement.mmap_base();
    RegionMap regions;
    CHECK_EQ(placement.choose(regions, 3 * page_size, page_size), base - 3 * page_size);
    regions.insert(run(base - page_size, page_size, MAP_PRIVATE | MAP_GROWSDOWN));
    CHECK_EQ(placement.choose(regions, page_size, page_size), base - 2 * page_size - stack_gap);
    CHECK(!placement.hint_is_free(regions, base - 2 * page_size, page_size));
    CHECK(placement.hint_is_free(regions, base, page_size));
}

TEST_CASE("alignment is kept, and what does not fit anywhere is refused") {
    Placement placement(shape(false, 8 * mib));
    RegionMap regions;
    regions.insert(run(placement.mmap_base() - page_size, page_size));
    CHECK_EQ(placement.choose(regions, page_size, 2 * mib) % (2 * mib), 0);
    CHECK_EQ(placement.choose(regions, top, page_size), 0);
    CHECK_EQ(placement.choose(regions, ~u64{0}, page_size), 0);
    CHECK_EQ(placement.choose(regions, 0, page_size), 0);
}

TEST_CASE("when nothing is free below the base, the space above it is used") {
    Placement placement(shape(false, 8 * mib));
    RegionMap regions;
    regions.insert(run(lowest_address, placement.mmap_base() - lowest_address));
    CHECK_EQ(placement.choose(regions, page_size, page_size), placement.mmap_base());
}

TEST_CASE("a range to avoid is never chosen, in either direction") {
    for (u64 limit : {8 * mib, u64{RLIM_INFINITY}}) {
        Placement placement(shape(false, limit));
        RegionMap regions;
        u64 first = placement.choose(regions, page_size, page_size);
        placement.avoid(first - page_size, first + 2 * page_size);
        u64 second = placement.choose(regions, page_size, page_size);
        CHECK((second + page_size <= first - page_size || second >= first + 2 * page_size));
    }
}

TEST_CASE("what earlier searches have learnt never hides a free range") {
    std::mt19937_64 random(2);
    for (int round = 0; round < 30; ++round) {
        Placement placement(shape(false, 8 * mib));
        u64 base = placement.mmap_base();
        RegionMap regions;
        std::vector<Mapping> mapped;
        for (int step = 0; step < 200; ++step) {
            if (!mapped.empty() && random() % 5 < 2) {
                std::size_t victim = random() % mapped.size();
                regions.erase(mapped[victim].start, mapped[victim].end);
                placement.freed(regions, mapped[victim].end);
                mapped.erase(mapped.begin() + static_cast<long>(victim));
                continue;
            }
            u64 size = (1 + random() % 20) * page_size;
            u64 chosen = placement.choose(regions, size, page_size);
            REQUIRE_EQ(chosen, naive(regions, base, size));
            mapped.push_back(run(chosen, size, random() % 10 == 0 ? MAP_PRIVATE | MAP_GROWSDOWN : MAP_PRIVATE));
            regions.insert(mapped.back());
        }
    }
}
