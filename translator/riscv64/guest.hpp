// What the tiers and the OS layer need to know of the RISC-V guest besides its instructions.
#pragma once

#include "translator/isa/cpu.hpp"
#include "translator/riscv64/instruction_set.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::riscv64 {

struct Guest {
    using State = riscv64::State;
    using Instructions = InstructionSet;
    using Chapters = riscv64::Chapters;

    static constexpr const char* name = "riscv64";
    static constexpr u64 code_alignment = 2;
    static constexpr isa::RowIndex decode(u32 word) { return riscv64::decode(word); }
    static constexpr int length_of(u16 first_half) { return riscv64::length_of(first_half); }

    // Floating point: how results are chosen where IEEE 754 leaves it open, and where flags and the dynamic mode stand.
    using FloatRules = ieee::RiscvRules;
    static u32& float_flags(State& s) { return s.fflags; }
    static ieee::Rounding float_rounding(const State& s) { return ieee::Rounding(s.frm); }

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
