// The memory of what is known of translated code.
#include "translator/x64/record_memory.hpp"

#include <doctest/doctest.h>

#include <map>

#include "tests/support/random.hpp"

using namespace lyrebird;
using x64::ChunkedArray;
using x64::RecordMemory;

TEST_CASE("Pieces never overlap, whatever is taken and given back") {
    constexpr std::size_t chunk = RecordMemory::chunk_size;
    test::Random random(3);
    RecordMemory memory;
    std::map<u8*, std::size_t> taken;
    for (int step = 0; step < 3000; ++step) {
        if (!taken.empty() && random.once_in(2)) {
            auto piece = std::next(taken.begin(), long(random.below(taken.size())));
            memory.give(piece->first, piece->second);
            taken.erase(piece);
            continue;
        }
        std::size_t size = chunk * (random.once_in(20) ? 1 + random.below(300) : 1);
        u8* start = static_cast<u8*>(memory.take(size));
        REQUIRE_EQ(reinterpret_cast<u64>(start) % 4096, 0);
        auto behind = taken.upper_bound(start);
        if (behind != taken.end()) REQUIRE_LE(start + size, behind->first);
        if (behind != taken.begin()) REQUIRE_LE(std::prev(behind)->first + std::prev(behind)->second, start);
        start[0] = start[size - 1] = 1;  // it can be written
        taken[start] = size;
    }
}

TEST_CASE("Elements that are added together stand together, keep their places and their values") {
    RecordMemory memory;
    ChunkedArray<u64> array(memory);
    test::Random random(5);
    std::map<std::size_t, u64*> places;
    for (u64 round = 0; round < 4000; ++round) {
        std::size_t count = random.below(40), first;
        u64* start = array.extend(count, first);
        if (count == 0) {
            CHECK_EQ(start, nullptr);
            continue;
        }
        for (std::size_t number = 0; number < count; ++number) {
            start[number] = first + number;
            places[first + number] = start + number;
        }
    }
    for (auto [number, place] : places) {
        REQUIRE_EQ(&array[number], place);
        REQUIRE_EQ(*place, number);
    }
    array.clear();
    CHECK_EQ(array.size(), 0);
    std::size_t first;
    REQUIRE_NE(array.extend(ChunkedArray<u64>::per_chunk, first), nullptr);
    CHECK_EQ(first, 0);
}
