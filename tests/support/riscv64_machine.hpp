// A bare RISC-V machine for tests: one hart of a tier, a page of code, a page of scratch memory, nothing else mapped.
// It runs a few instructions from a given state to a given state, and says what differs from what was expected.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/memory/address_space.hpp"
#include "tests/support/random.hpp"
#include "tests/support/rows.hpp"
#include "tests/support/vectors.hpp"
#include "translator/isa/cpu.hpp"
#include "translator/isa/instruction.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::test {

/// A way to run guest code. Every tier that exists stands in `riscv64_tiers()`; the tests run on each.
struct Tier {
    std::string_view name;
    std::unique_ptr<isa::Cpu> (*create)(memory::AddressSpace& memory, const char* without);
    const char* without;  // features of the host that are left unused
};
std::span<const Tier> riscv64_tiers();

// The instruction set, behind functions so that tests need not be compiled with the whole description.
std::optional<u32> riscv64_assemble(std::string_view line, u64 pc);
std::string riscv64_disassemble(u32 word, u64 pc);  // "" when no instruction claims the word
isa::RowIndex riscv64_decode(u32 word);
int riscv64_length(u32 word);         // in bytes
std::span<const Row> riscv64_rows();  // indexed by RowIndex
/// A word that the row claims, its free bits random; operands that look like others' are as likely as any.
u32 random_word(const Row& row, Random& random);

/// All that a hart holds and can change, as plain data.
struct Riscv64Registers {
    std::array<u64, 32> x{};
    std::array<u64, 32> f{};
    u64 pc = 0;
    u32 fflags = 0;
    u32 frm = 0;
    bool operator==(const Riscv64Registers&) const = default;
};

class Riscv64Machine {
  public:
    static constexpr u64 code_address = 0x400000;
    static constexpr u64 code_size = 0x10000;  // instructions are put in its middle; the rest is zero, which is illegal
    static constexpr u64 start_address = code_address + code_size / 2;
    static constexpr u64 scratch_address = 0x20000;
    static constexpr u64 scratch_size = 4096;  // nothing is mapped before or after it

    explicit Riscv64Machine(const Tier& tier);

    /// Every register and every byte of scratch memory gets a value of its own (x0, fflags, frm: zero).
    static Riscv64Registers distinct_registers();
    static std::array<u8, scratch_size> distinct_bytes();

    struct Outcome {
        Riscv64Registers registers;
        isa::ExitReason exit = isa::ExitReason::none;
        u64 fault_address = 0;
        u64 detail = 0;
    };
    /// Puts `words` at start_address and runs from there, until the hart leaves guest code (at the latest at the zeros
    /// behind the words, or where nothing is mapped).
    Outcome run(std::span<const u32> words, const Riscv64Registers& registers);
    std::span<u8, scratch_size> scratch();

    /// Runs a case. Empty when all came out as the case says; otherwise a description of what did not.
    std::string check(const VectorCase& vector);

  private:
    std::unique_ptr<memory::AddressSpace> memory_;
    std::unique_ptr<isa::Cpu> cpu_;
};

}  // namespace lyrebird::test
