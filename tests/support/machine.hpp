// A bare machine for tests: one hart of a tier, a page of code, a page of scratch memory, nothing else mapped. It runs a few
// instructions from a given state to a given state, and says what differs from what was expected.
//
// It is the same for every guest; what a guest's registers are is its `Registers` type (riscv64_machine.hpp,
// aarch64_machine.hpp), plain data for all that a hart holds and can change:
//
//     using State = …;                                   of the guest, for
//     void put(State&) const;
//     static Registers of(const State&);
//     static Registers distinct();                       a value of its own in every register
//     static const Instructions& instructions();
//     static std::span<const Tier> tiers();
//     bool set(const Setting&, std::optional<u64> value);         one setting of a vector, its value parsed when it is a number
//     void compare(std::string& report, const Registers& expected) const;     a line for each that differs
//     std::array<u64, 32> x; u64 pc;
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/memory/address_space.hpp"
#include "tests/support/rows.hpp"
#include "tests/support/vectors.hpp"
#include "translator/isa/cpu.hpp"
#include "translator/isa/instruction.hpp"

namespace lyrebird::test {

/// A way to run guest code. Every tier that exists stands in a guest's list; the tests run on each.
struct Tier {
    std::string_view name;
    std::unique_ptr<isa::Cpu> (*create)(memory::AddressSpace& memory, const char* without);
    const char* without;  // features of the host that are left unused
};

/// cpu.run(), with the host's faults treated as the engine's handler would treat them.
isa::ExitReason run_catching_faults(isa::Cpu& cpu);

/// What a machine consists of, whatever its registers are.
class MachineMemory {
  public:
    static constexpr u64 code_address = 0x400000;
    static constexpr u64 code_size = 0x10000;  // instructions are put in its middle; the rest is zero, which is illegal
    static constexpr u64 start_address = code_address + code_size / 2;
    static constexpr u64 scratch_address = 0x20000;
    static constexpr u64 scratch_size = 4096;  // nothing is mapped before or after it

    static std::array<u8, scratch_size> distinct_bytes();
    std::span<u8, scratch_size> scratch();

  protected:
    explicit MachineMemory(const Tier& tier);

    /// Puts the words at start_address and zeros behind them.
    void write_code(std::span<const u32> words, int (*length)(u32 word));
    /// Runs until the hart leaves guest code.
    isa::ExitReason run_hart();
    isa::Cpu& hart() { return *hart_; }

  private:
    std::unique_ptr<memory::AddressSpace> memory_;
    std::unique_ptr<isa::Cpu> hart_;
};

template <class RegistersType>
class Machine : public MachineMemory {
  public:
    using Registers = RegistersType;

    explicit Machine(const Tier& tier) : MachineMemory(tier) {}

    /// Every register and every byte of scratch memory gets a value of its own.
    static Registers distinct_registers() { return Registers::distinct(); }

    struct Outcome {
        Registers registers;
        isa::ExitReason exit = isa::ExitReason::none;
        u64 fault_address = 0;
        u64 detail = 0;
    };
    /// Puts `words` at start_address and runs from there, until the hart leaves guest code (at the latest at the zeros
    /// behind the words, or where nothing is mapped).
    Outcome run(std::span<const u32> words, const Registers& registers);

    /// Runs a case. Empty when all came out as the case says; otherwise a description of what did not.
    std::string check(const VectorCase& vector);
};

/// A line of a report: "    x5 is 0x1, not 0x2".
void compare(std::string& report, std::string_view name, u64 found, u64 expected);

/// 0 … 31 for "x0" … "x31" after `prefix`, otherwise nothing.
std::optional<int> register_number(std::string_view name, char prefix);

}  // namespace lyrebird::test
