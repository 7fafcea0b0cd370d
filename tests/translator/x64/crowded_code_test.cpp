// Threads that run translated code while it is thrown away, changed and taken back around them. Code memory is as small
// as it can be, so that every thread makes room for the others all the time.
#include <doctest/doctest.h>
#include <sys/mman.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "runtime/memory/address_space.hpp"
#include "tests/support/riscv64_machine.hpp"
#include "translator/hart/hart.hpp"

using namespace lyrebird;
using isa::ExitReason;

namespace {

constexpr u64 code = 0x10000000;
constexpr u64 size = 1 << 20;
constexpr u64 rounds = 20;

/// Guest memory, and a first hart with room for 512 KiB of translated code.
struct Machine {
    Machine() : memory(memory::AddressSpace::create({}).value()) {
        int rights = PROT_READ | PROT_WRITE | PROT_EXEC;
        SysResult mapped = memory->map(code, size, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        REQUIRE_EQ(mapped, SysResult(code));
        hart::Tiering tiering;
        tiering.mode = hart::Tiering::Mode::tier_1;
        tiering.code_size = 512 << 10;
        cpu = std::move(*hart::create_riscv64(*memory, tiering));
    }
    static void write(u64 pc, std::string_view line) {
        auto word = test::riscv64_assemble(line, pc);
        REQUIRE(word.has_value());
        __atomic_store_n(GuestAddress(pc).host<u32>(), *word, __ATOMIC_RELEASE);
    }
    /// `blocks` blocks, each of which adds 1 to x6 (x5, when it jumps through a register) and goes on to the one before
    /// it, where no block is continued; the first leaves. Returns the last one's pc.
    static u64 write_chain(u64 pc, u64 blocks, bool direct) {
        write(pc, "ecall");
        for (u64 number = 1; number <= blocks; ++number) {
            u64 at = pc + number * 16;
            write(at, direct ? "addi x6, x6, 1" : "addi x5, x5, 1");
            write(at + 4, direct ? "jal x0, " + std::to_string(at - 16) : "addi x7, x7, -16");
            if (!direct) write(at + 8, "jalr x0, 0(x7)");
        }
        return pc + blocks * 16;
    }
    std::unique_ptr<memory::AddressSpace> memory;
    std::unique_ptr<isa::Cpu> cpu;
};

u64& register_of(isa::Cpu& cpu, int number) {
    return static_cast<riscv64::State*>(cpu.state())->x[number];
}

}  // namespace

TEST_CASE("Two threads run more code than there is room for, and count right") {
    Machine machine;
    constexpr u64 blocks = 12000;
    u64 first_start = machine.write_chain(code, blocks, true);
    u64 second_start = machine.write_chain(code + size / 2, blocks, false);
    auto other = machine.cpu->clone();
    auto run = [](isa::Cpu& cpu, u64 pc, int number) {
        u64 right = 0;
        for (u64 round = 1; round <= rounds; ++round) {
            register_of(cpu, number) = 0;
            register_of(cpu, 7) = pc;
            cpu.set_pc(pc);
            right += cpu.run() == ExitReason::system_call && register_of(cpu, number) == blocks;
        }
        return right;
    };
    u64 second_right = 0;
    std::thread second([&] { second_right = run(*other, second_start, 5); });
    CHECK_EQ(run(*machine.cpu, first_start, 6), rounds);
    second.join();
    CHECK_EQ(second_right, rounds);
    CHECK_GT(machine.cpu->statistics().evictions, 0);
}

TEST_CASE("A thread in a loop leaves what another thread changed, in bounded time") {
    Machine machine;
    machine.write(code, "addi x5, x5, 1");
    machine.write(code + 4, "jal x0, " + std::to_string(code));
    auto other = machine.cpu->clone();
    std::atomic<bool> left = false;
    std::thread second([&] {
        other->set_pc(code);
        CHECK_EQ(other->run(), ExitReason::system_call);
        left = true;
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK_FALSE(left.load());
    machine.write(code + 4, "ecall");
    machine.cpu->invalidate_code();
    second.join();
    CHECK(left.load());
    CHECK_EQ(other->pc(), code + 4);
}

TEST_CASE("Code that changes all the time runs as it is, on several threads, while others throw code away") {
    Machine machine;
    constexpr u64 blocks = 4000;
    u64 start = machine.write_chain(code, blocks, true);
    std::atomic<bool> end = false;
    std::atomic<int> wrong = 0;
    std::vector<std::unique_ptr<isa::Cpu>> cpus;
    std::vector<std::thread> threads;
    for (int number = 0; number < 2; ++number) {
        cpus.push_back(machine.cpu->clone());
        threads.emplace_back([&, cpu = cpus.back().get()] {
            while (!end) {
                register_of(*cpu, 6) = 0;
                cpu->set_pc(start);
                if (cpu->run() != ExitReason::system_call) ++wrong;
                // Each block adds 1 or 2, whichever stood there when it was met.
                u64 sum = register_of(*cpu, 6);
                if (sum < blocks || sum > 2 * blocks) ++wrong;
            }
        });
    }
    for (u64 step = 0; step < 300; ++step) {
        for (u64 number = 1 + step % 7; number <= blocks; number += 7) {
            machine.write(code + number * 16, step % 2 == 0 ? "addi x6, x6, 2" : "addi x6, x6, 1");
        }
        machine.cpu->invalidate_code();
    }
    end = true;
    for (std::thread& thread : threads) thread.join();
    CHECK_EQ(wrong.load(), 0);
    // All is quiet: what was written last is what runs.
    for (u64 number = 1; number <= blocks; ++number) machine.write(code + number * 16, "addi x6, x6, 2");
    machine.cpu->invalidate_code();
    machine.cpu->set_pc(start);
    register_of(*machine.cpu, 6) = 0;
    CHECK_EQ(machine.cpu->run(), ExitReason::system_call);
    CHECK_EQ(register_of(*machine.cpu, 6), 2 * blocks);
}
