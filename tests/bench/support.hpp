// What the benchmarks share: real guest code, and a hart with code written in assembly.
#pragma once

#include <benchmark/benchmark.h>

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/memory/address_space.hpp"
#include "translator/hart/hart.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::bench {

inline constexpr u64 code_address = 0x10000000;

/// Machine code as a compiler made it: the section .text of the cross compiler's C library, or of the ELF file that
/// LYREBIRD_BENCH_CODE names. Ends the program when there is none.
std::span<const u8> real_code();

/// The pc of each instruction of `code`, as it stands at code_address.
std::vector<u64> instructions_of(std::span<const u8> code);

/// An address space with `size` bytes at code_address that the guest may read, write and execute.
std::unique_ptr<memory::AddressSpace> new_memory(u64 size);

/// Writes one line of assembly, which must be right.
void write(u64 pc, std::string_view line);

class Machine {
  public:
    explicit Machine(hart::Tiering::Mode mode, u64 code_size = 1 << 20);

    /// Writes lines of four bytes each. Returns the pc behind them.
    static u64 write(u64 pc, std::initializer_list<std::string_view> lines);
    riscv64::State& state() { return *static_cast<riscv64::State*>(cpu->state()); }
    /// Runs from `pc` until guest code is left, which must be for a system call.
    void run(u64 pc);

    std::unique_ptr<memory::AddressSpace> memory;
    std::unique_ptr<isa::Cpu> cpu;
};

/// "ns/NAME": the time that each of `count` things took in an iteration.
void report_each(benchmark::State& state, const char* name, double count);

}  // namespace lyrebird::bench
