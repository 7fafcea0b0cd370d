// The longest blocks there are, of each instruction, and what has to have room for them.
#include <doctest/doctest.h>

#include <algorithm>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/representative.hpp"
#include "tests/support/riscv64_translation.hpp"
#include "translator/x64/code_cache.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

constexpr u64 pc = Riscv64Translation::start;

/// Code memory as small as `lyre --code-size` can make it.
constexpr std::size_t least_code_size = 1 << 20;
constexpr std::size_t segments = 128;

/// A block of nothing but this row's instruction; empty when that is not possible.
const x64::Translation* block_of(Riscv64Translation& machine, const Row& row) {
    u32 word = representative(row);
    if (row.effects(word).flow != emitters::Effects::Flow::falls_through) return nullptr;
    machine.write(pc, std::vector<u32>(Riscv64Translation::longest, word));
    const x64::Translation& block = machine.translate(pc);
    return block.instructions == 0 ? nullptr : &block;
}

}  // namespace

TEST_CASE("What a block says of its accesses and bytes can be kept by the code cache, however long it is") {
    for (const x64::Features& features : {all_features, no_features}) {
        Riscv64Translation machine(features);
        for (const Row& row : riscv64_rows()) {
            const x64::Translation* block = block_of(machine, row);
            if (block == nullptr) continue;
            INFO(row.name);
            REQUIRE_LT(block->code.size(), 0x10000);  // CodeCache::ShortAccess
            REQUIRE(std::is_sorted(block->accesses.begin(), block->accesses.end(),
                                   [](const x64::Access& a, const x64::Access& b) { return a.host < b.host; }));
            u64 bytes = 0;
            for (const x64::Run& run : block->runs) bytes += run.size;
            REQUIRE_EQ(bytes, block->bytes.size());
        }
    }
}

TEST_CASE("A loop fits into a segment of code memory, however many ways out of it there are") {
    for (const x64::Features& features : {all_features, no_features}) {
        Riscv64Translation machine(features);
        for (const Row& row : riscv64_rows()) {
            u32 word = representative(row);
            if (row.effects(word).flow == emitters::Effects::Flow::ends) continue;
            std::vector<u32> words(50, word);
            u64 at = machine.write(pc, words);
            for (int reg : {16, 19, 20, 17, 21, 22, 6, 23, 28, 24, 25}) {
                at = machine.write(at, {format("addi x{}, x{}, 1", reg, reg)});
            }
            machine.write(at, {format("bne x28, x24, {}", pc)});
            const x64::Translation& block = machine.translate(pc);
            CHECK_MESSAGE(block.code.size() <= least_code_size / segments, row.name, ": ", block.code.size());
        }
    }
}

TEST_CASE("Every block fits into a segment of code memory, however small that is") {
    for (const x64::Features& features : {all_features, no_features}) {
        Riscv64Translation machine(features);
        std::size_t largest = 0;
        std::string_view name;
        for (const Row& row : riscv64_rows()) {
            const x64::Translation* block = block_of(machine, row);
            if (block == nullptr || block->code.size() <= largest) continue;
            largest = block->code.size();
            name = row.name;
        }
        MESSAGE("the largest block is of ", name, ": ", largest, " bytes");
        x64::CodeCache::Options options;
        options.size = least_code_size;
        options.features = features;
        auto cache = std::move(*x64::CodeCache::create(machine.space(), machine.layout(), options));
        const u8* start = reinterpret_cast<const u8*>(cache->enter());
        auto segment_of = [&](const u8* place) { return std::size_t(place - start) / (least_code_size / segments); };
        auto row =
            std::find_if(riscv64_rows().begin(), riscv64_rows().end(), [&](const Row& r) { return r.name == name; });
        REQUIRE(row != riscv64_rows().end());
        REQUIRE_NE(block_of(machine, *row), nullptr);
        for (u64 from = pc; from < pc + 8; from += u64(riscv64_length(representative(*row)))) {
            const x64::Translation& block = machine.translate(from);
            const u8* host = cache->publish(block, cache->announcements());
            REQUIRE_NE(host, nullptr);
            CHECK_MESSAGE(segment_of(host) == segment_of(host + block.code.size() - 1), name, ": ", block.code.size(),
                          " bytes in segments of ", least_code_size / segments);
        }
    }
}
