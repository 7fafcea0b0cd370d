// How control goes from block to block in tier 1, and how it comes back to the VM.
#include <string>

#include "support.hpp"

namespace lyrebird::bench {
namespace {

using Mode = hart::Tiering::Mode;

constexpr u64 chain_length = 4000;  // blocks
constexpr u64 chain_step = 64;      // bytes

/// A chain of blocks, each of which jumps to the one before it (which a block does not go on to), down to the first,
/// which leaves. `amount` is in every block: another one makes it another block.
void write_chain(int amount) {
    write(code_address, "ecall");
    for (u64 number = 1; number < chain_length; ++number) {
        u64 pc = code_address + number * chain_step;
        write(pc, "addi x10, x10, " + std::to_string(amount));
        write(pc + 4, "jal x0, " + std::to_string(pc - chain_step));
    }
}
constexpr u64 chain_start = code_address + (chain_length - 1) * chain_step;

/// Blocks that are met for the first time: exit, look for the target, translate, publish (which links), enter.
void cold_block(benchmark::State& state) {
    Machine machine(Mode::tier_1);
    int amount = 1;
    for (auto _ : state) {
        state.PauseTiming();
        write_chain(amount);
        amount = 3 - amount;
        machine.cpu->invalidate_code();
        state.ResumeTiming();
        machine.run(chain_start);
    }
    report_each(state, "block", chain_length);
}
BENCHMARK(cold_block)->Unit(benchmark::kMicrosecond);

/// The same chain when all its blocks are linked.
void linked_block(benchmark::State& state) {
    Machine machine(Mode::tier_1);
    write_chain(1);
    for (auto _ : state) machine.run(chain_start);
    report_each(state, "block", chain_length);
}
BENCHMARK(linked_block)->Unit(benchmark::kMicrosecond);

/// Two blocks that jump to each other through registers, `distance` bytes apart.
void jump_indirectly(benchmark::State& state, u64 distance) {
    constexpr u64 turns = 1000;
    Machine machine(Mode::tier_1);
    u64 other = code_address + distance;
    Machine::write(code_address, {"addi x10, x10, -1", "jalr x0, 0(x12)"});
    write(other, "beq x10, x0, " + std::to_string(other + 8));
    Machine::write(other + 4, {"jalr x0, 0(x11)", "ecall"});
    for (auto _ : state) {
        machine.state().x[10] = turns;
        machine.state().x[11] = code_address;
        machine.state().x[12] = other;
        machine.run(code_address);
    }
    report_each(state, "jump", 2 * turns);
}
void indirect_jump_hit(benchmark::State& state) {
    jump_indirectly(state, 256);
}
BENCHMARK(indirect_jump_hit)->Unit(benchmark::kMicrosecond);

/// Both targets have the same place in the thread's table, so each jump goes through the run loop.
void indirect_jump_miss(benchmark::State& state) {
    jump_indirectly(state, 2 * 4096);
}
BENCHMARK(indirect_jump_miss)->Unit(benchmark::kMicrosecond);

void call_and_return(benchmark::State& state) {
    constexpr u64 turns = 1000;
    Machine machine(Mode::tier_1);
    u64 function = code_address + 0x100;
    write(code_address, "jal x1, " + std::to_string(function));
    write(code_address + 4, "addi x10, x10, -1");
    write(code_address + 8, "bne x10, x0, " + std::to_string(code_address));
    write(code_address + 12, "ecall");
    Machine::write(function, {"addi x11, x11, 1", "jalr x0, 0(x1)"});
    for (auto _ : state) {
        machine.state().x[10] = turns;
        machine.run(code_address);
    }
    report_each(state, "call", turns);
}
BENCHMARK(call_and_return)->Unit(benchmark::kMicrosecond);

/// From translated code to whoever calls Cpu::run, and back into it behind the system call; nothing is done there.
void system_call(benchmark::State& state) {
    Machine machine(Mode::tier_1);
    write(code_address, "ecall");
    write(code_address + 4, "jal x0, " + std::to_string(code_address));
    machine.run(code_address);
    for (auto _ : state) {
        machine.cpu->set_result(0);
        machine.cpu->advance();
        benchmark::DoNotOptimize(machine.cpu->run());
    }
}
BENCHMARK(system_call);

/// fence.i with the chain's blocks in memory that the guest can write to: each is compared.
void fence_unchanged(benchmark::State& state) {
    Machine machine(Mode::tier_1);
    write_chain(1);
    machine.run(chain_start);
    for (auto _ : state) machine.cpu->invalidate_code();
    report_each(state, "block", chain_length);
}
BENCHMARK(fence_unchanged)->Unit(benchmark::kMicrosecond);

/// fence.i after one of a few blocks was changed, and running that: take back, translate, publish.
void fence_changed(benchmark::State& state) {
    Machine machine(Mode::tier_1);
    Machine::write(code_address, {"addi x10, x10, 1", "ecall"});
    u32* word = GuestAddress(code_address).host<u32>();
    machine.run(code_address);
    for (auto _ : state) {
        *word ^= 1U << 20;  // of the immediate
        machine.cpu->invalidate_code();
        machine.run(code_address);
    }
}
BENCHMARK(fence_changed);

}  // namespace
}  // namespace lyrebird::bench
