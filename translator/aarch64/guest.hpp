// What the tiers and the OS layer need to know of the AArch64 guest besides its instructions.
#pragma once

#include <array>

#include "translator/aarch64/float_context.hpp"
#include "translator/aarch64/instruction_set.hpp"
#include "translator/aarch64/state.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::aarch64 {

struct Guest {
    using State = aarch64::State;
    using Instructions = InstructionSet;
    using Chapters = aarch64::Chapters;

    static constexpr const char* name = "aarch64";
    static constexpr u64 code_alignment = 4;
    static constexpr std::size_t longest_instruction = 4;  // in bytes
    template <class Set = Instructions>
    static constexpr isa::RowIndex decode(u32 word) { return aarch64::decode<Set>(word); }
    static constexpr int length_of(u16) { return 4; }
    /// The address that memory knows, of data and code: the top byte is a tag, ignored in EL0 (D8.8, TCR_EL1.TBI0); bit 55 stands for it.
    static constexpr u64 untagged(u64 address) { return u64(i64(address << 8) >> 8); }
    static constexpr bool ignores_tags = true;
    /// A new process's State on a processor with these options.
    static void prepare(State& s, u64 options) {
        s.options = options;
        if ((options & option_pointer_authentication) != 0) renew_keys(s, all_keys);
    }
    /// Makes State what tier 0 would have left, after translated code, which stores more than the flags beside them.
    static void tidy(State& s) { s.flags.bits &= isa::Flags::negative | isa::Flags::zero | isa::Flags::borrow | isa::Flags::overflow; }

    // Floating point: how results are chosen where IEEE 754 leaves it open, where flags and the dynamic mode stand.
    using FloatRules = ieee::ArmRules;
    using FloatOperations = ieee::Arm;
    using FloatContext = aarch64::FloatContext;
    static u32& float_flags(State& s) { return s.fpsr; }
    static ieee::Rounding float_rounding(const State& s) { return rounding_of(s.fpcr); }
    /// True while the host's floating point computes what the guest's mode asks for: no flushing, no default NaNs, no other half.
    static bool host_computes(const State& s) { return (s.fpcr & ~fpcr_rounding) == 0; }
    static FloatContext float_context(State& s) { return {s.fpcr, s.fpsr}; }
    static void note_saturation(State& s) { s.fpsr |= fpsr_saturated; }

    // For tiers that keep registers in the host's: by how often compilers use them, counted over Debian's libc, libstdc++, bash and
    // python, leaf functions' own a little before; and where they lie closest together.
    static constexpr std::array hot_integers{
        x_slot(0),  sp_slot,    x_slot(1),  x_slot(2),  x_slot(3),  x_slot(19), x_slot(20), x_slot(4),
        x_slot(21), x_slot(5),  x_slot(6),  x_slot(22), x_slot(7),  x_slot(29), x_slot(23), x_slot(24),
        x_slot(30), x_slot(8),  x_slot(25), x_slot(26), x_slot(9),  x_slot(27), x_slot(28), x_slot(10),
        x_slot(11), x_slot(12), x_slot(13), x_slot(14), x_slot(16), x_slot(17), x_slot(15), x_slot(18)};
    static constexpr std::array hot_vectors{
        v_slot(0),  v_slot(1),  v_slot(2),  v_slot(3),  v_slot(4),  v_slot(5),  v_slot(6),  v_slot(7),  v_slot(31), v_slot(30),
        v_slot(16), v_slot(17), v_slot(8),  v_slot(9),  v_slot(18), v_slot(19), v_slot(20), v_slot(21), v_slot(22), v_slot(23),
        v_slot(24), v_slot(25), v_slot(26), v_slot(27), v_slot(28), v_slot(29), v_slot(10), v_slot(11)};
    static constexpr isa::Slot<u64> short_reach = x_slot(0);
    static constexpr std::size_t registers_end = offsetof(State, v) + sizeof(State::v);  // in State
    static constexpr isa::Slot<u64> pc_slot{offsetof(State, pc)};
    static constexpr isa::Slot<u32> float_flags_slot = fpsr_slot;
    static constexpr isa::Slot<u32> rounding_slot = fpcr_slot;

    // Registers by role (AAPCS64; Linux: the system call's number in x8, arguments in x0 … x5, its result in x0).
    static u64 stack_pointer(const State& s) { return s.x[31]; }
    static void set_stack_pointer(State& s, u64 value) { s.x[31] = value; }
    static void set_thread_pointer(State& s, u64 value) { s.thread_pointer = value; }
    static isa::Cpu::SystemCall system_call(const State& s) {
        return {s.x[8], {s.x[0], s.x[1], s.x[2], s.x[3], s.x[4], s.x[5]}};
    }
    static void set_result(State& s, u64 value) { s.x[0] = value; }
};

}  // namespace lyrebird::aarch64
