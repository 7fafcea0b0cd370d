// From guest code to what runs: what an instruction costs to decode, in tier 0 and in tier 1, over real code.
#include <algorithm>
#include <cstring>

#include "support.hpp"
#include "translator/interpreter/interpreter.hpp"
#include "translator/interpreter/riscv64.hpp"
#include "translator/x64/code_cache.hpp"
#include "translator/x64/riscv64.hpp"
#include "translator/x64/translator.hpp"

namespace lyrebird::bench {
namespace {

using riscv64::Guest;
using Translator = x64::Translator<Guest>;

/// Real code in guest memory, and all that tier 1 needs to translate it for this machine.
struct RealCode {
    RealCode()
        : code(real_code().first(std::min<std::size_t>(real_code().size(), 256 << 10))),
          memory(new_memory((code.size() + 4095) & ~std::size_t{4095})),
          features(x64::Features::of_host()),
          layout(x64::Layout::of<Guest>(features)) {
        std::memcpy(GuestAddress(code_address).host(), code.data(), code.size());
        surroundings.layout = &layout;
        surroundings.features = features;
        surroundings.partner = [](void*, u64 pc) { return interpreter::partner_of<Guest>(pc); };
    }
    /// Calls `visit` with every block of the code, one behind the other.
    template <class Visit> void translate_all(Translator& translator, Visit visit) {
        for (u64 pc = code_address; pc + 4 <= code_address + code.size();) {
            const x64::Translation& block = translator.translate(pc);
            visit(block);
            pc += block.runs[0].size;
        }
    }

    std::span<const u8> code;
    std::unique_ptr<memory::AddressSpace> memory;
    x64::Features features;
    x64::Layout layout;
    x64::Surroundings surroundings;
};

void decode(benchmark::State& state) {
    std::span<const u8> code = real_code();
    std::vector<u32> words;
    for (u64 pc : instructions_of(code)) {
        u32 word;
        std::memcpy(&word, code.data() + (pc - code_address), 4);
        words.push_back(word);
    }
    for (auto _ : state) {
        u64 sum = 0;
        for (u32 word : words) sum += Guest::decode(word);
        benchmark::DoNotOptimize(sum);
    }
    report_each(state, "instruction", double(words.size()));
}
BENCHMARK(decode);

void translate(benchmark::State& state) {
    RealCode real;
    Translator translator(*real.memory, real.surroundings);
    u64 instructions = 0, guest_bytes = 0, host_bytes = 0, blocks = 0;
    for (auto _ : state) {
        instructions = guest_bytes = host_bytes = blocks = 0;
        real.translate_all(translator, [&](const x64::Translation& block) {
            ++blocks;
            instructions += block.instructions;
            guest_bytes += block.bytes.size();
            host_bytes += block.code.size();
        });
    }
    report_each(state, "instruction", double(instructions));
    report_each(state, "block", double(blocks));
    state.counters["host/guest_bytes"] = double(host_bytes) / double(guest_bytes);
    state.counters["instructions/block"] = double(instructions) / double(blocks);
}
BENCHMARK(translate)->Unit(benchmark::kMillisecond);

/// Giving translations their places, with their links: all blocks of real code into an empty cache.
void publish(benchmark::State& state) {
    RealCode real;
    Translator translator(*real.memory, real.surroundings);
    std::vector<x64::Translation> blocks;
    real.translate_all(translator, [&](const x64::Translation& block) { blocks.push_back(block); });
    for (auto _ : state) {
        state.PauseTiming();
        x64::CodeCache::Options options;
        options.features = real.features;
        auto cache = std::move(*x64::CodeCache::create(*real.memory, real.layout, options));
        state.ResumeTiming();
        for (const x64::Translation& block : blocks) {
            benchmark::DoNotOptimize(cache->publish(block, cache->announcements()));
        }
        state.PauseTiming();
        cache.reset();
        state.ResumeTiming();
    }
    report_each(state, "block", double(blocks.size()));
}
BENCHMARK(publish)->Unit(benchmark::kMillisecond);

constexpr int straight_length = 32;

/// A block of additions that ends in a system call.
void write_straight() {
    for (int number = 0; number < straight_length; ++number) {
        write(code_address + u64(number) * 4, number % 2 == 0 ? "addi x10, x10, 1" : "add x11, x11, x10");
    }
    write(code_address + straight_length * 4, "ecall");
}

/// A whole visit of that block, again and again, in one tier.
void run_block(benchmark::State& state, hart::Tiering::Mode tier) {
    Machine machine(tier);
    write_straight();
    for (auto _ : state) machine.run(code_address);
    report_each(state, "instruction", straight_length + 1);
}

/// Tier 0 with a block that it knows.
void interpret_block(benchmark::State& state) { run_block(state, hart::Tiering::Mode::tier_0); }
BENCHMARK(interpret_block);

/// Tier 0 with a block that it does not keep: what a first visit costs.
void decode_and_interpret_block(benchmark::State& state) {
    auto memory = new_memory(4096);
    write_straight();
    interpreter::BlockCache blocks(*memory);
    riscv64::State registers;
    interpreter::Interpreter<Guest> tier(blocks, registers);
    tier.enter();
    for (auto _ : state) {
        registers.pc = code_address;
        tier.run_once(138);
    }
    tier.leave();
    report_each(state, "instruction", straight_length + 1);
}
BENCHMARK(decode_and_interpret_block);

/// The same block in tier 1: entering and leaving translated code.
void run_translated_block(benchmark::State& state) { run_block(state, hart::Tiering::Mode::tier_1); }
BENCHMARK(run_translated_block);

}  // namespace
}  // namespace lyrebird::bench
