// What the tiers and the OS layer need to know of the RISC-V guest besides its instructions.
#pragma once

#include <array>

#include "translator/isa/cpu.hpp"
#include "translator/isa/float/hard.hpp"
#include "translator/riscv64/instruction_set.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::riscv64 {

struct Guest {
    using State = riscv64::State;
    using Instructions = InstructionSet;
    using Chapters = riscv64::Chapters;

    static constexpr const char* name = "riscv64";
    static constexpr u64 code_alignment = 2;
    static constexpr std::size_t longest_instruction = 4;  // in bytes
    static constexpr isa::RowIndex decode(u32 word) { return riscv64::decode(word); }
    static constexpr int length_of(u16 first_half) { return riscv64::length_of(first_half); }
    /// The address that memory knows, of data and code: no bits of it are ignored.
    static constexpr u64 untagged(u64 address) { return address; }
    static constexpr bool ignores_tags = false;
    /// There is one processor.
    static void prepare(State&, u64) {}
    /// Makes State what tier 0 would have left, after translated code, whose form of it may be looser.
    static void tidy(State&) {}

    // Floating point: how results are chosen where IEEE 754 leaves it open, and where flags and the dynamic mode stand.
    using FloatRules = ieee::RiscvRules;
    using FloatOperations = ieee::hard::Operations<FloatRules>;
    static u32& float_flags(State& s) { return s.fflags; }
    static ieee::Rounding float_rounding(const State& s) { return ieee::Rounding(s.frm); }
    /// True while the host's floating point computes what the guest's mode asks for.
    static bool host_computes(const State& s) { return float_rounding(s) <= ieee::Rounding::upward; }

    // For tiers that keep registers in the host's: by how often compilers use them, counted over Debian's libc, libstdc++ and
    // bash; and where they lie closest together.
    static constexpr std::array hot_integers{
        x_slot(15), x_slot(2),  x_slot(10), x_slot(14), x_slot(8),  x_slot(13), x_slot(11), x_slot(12),
        x_slot(9),  x_slot(1),  x_slot(18), x_slot(16), x_slot(19), x_slot(20), x_slot(17), x_slot(21),
        x_slot(22), x_slot(6),  x_slot(23), x_slot(28), x_slot(24), x_slot(25), x_slot(29), x_slot(26),
        x_slot(27), x_slot(7),  x_slot(30), x_slot(31), x_slot(5),  x_slot(3),  x_slot(4)};
    static constexpr std::array hot_vectors{
        f_slot(15), f_slot(10), f_slot(14), f_slot(13), f_slot(12), f_slot(11), f_slot(16), f_slot(17), f_slot(0),  f_slot(1),
        f_slot(2),  f_slot(8),  f_slot(3),  f_slot(4),  f_slot(5),  f_slot(6),  f_slot(7),  f_slot(9),  f_slot(18), f_slot(19),
        f_slot(20), f_slot(21), f_slot(22), f_slot(23), f_slot(28), f_slot(29), f_slot(30), f_slot(31)};
    static constexpr isa::Slot<u64> short_reach = x_slot(0);
    static constexpr std::size_t registers_end = offsetof(State, f) + sizeof(State::f);  // in State; padding follows
    static constexpr isa::Slot<u64> pc_slot{offsetof(State, pc)};
    static constexpr isa::Slot<u32> float_flags_slot = fflags_slot;
    static constexpr isa::Slot<u32> rounding_slot = frm_slot;

    // Registers by role (psABI 1.1; Linux: syscall number in a7, arguments in a0 … a5, result in a0).
    static u64 stack_pointer(const State& s) { return s.x[2]; }
    static void set_stack_pointer(State& s, u64 value) { s.x[2] = value; }
    static void set_thread_pointer(State& s, u64 value) { s.x[4] = value; }
    static isa::Cpu::SystemCall system_call(const State& s) {
        return {s.x[17], {s.x[10], s.x[11], s.x[12], s.x[13], s.x[14], s.x[15]}};
    }
    static void set_result(State& s, u64 value) { s.x[10] = value; }
};

}  // namespace lyrebird::riscv64
