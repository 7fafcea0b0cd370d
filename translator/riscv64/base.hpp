// RV64I (RISC-V unprivileged 2 and 4): integer arithmetic, loads and stores, control transfer, environment calls.
#pragma once

#include "translator/riscv64/access.hpp"
#include "translator/riscv64/formats.hpp"

namespace lyrebird::riscv64 {

struct lui : Instruction<"lui", ".................... ..... 0110111", U> {
    template <Emitter E>
    static constexpr void run(E& e, U o, Here) {
        set_x(e, o.rd, e.imm(u64(i64(o.imm))));
    }
};
struct auipc : Instruction<"auipc", ".................... ..... 0010111", U> {
    template <Emitter E>
    static constexpr void run(E& e, U o, Here) {
        set_x(e, o.rd, e.here(o.imm));
    }
};

/// Return-address hints: rd or rs1 in {x1, x5} (RISC-V unprivileged 2.5.1).
constexpr bool is_link(u8 number) { return number == 1 || number == 5; }
constexpr Hint jump_hint(u8 rd, u8 rs1) {
    if (is_link(rd)) return is_link(rs1) && rs1 != rd ? Hint::call_and_return : Hint::call;
    return is_link(rs1) ? Hint::return_ : Hint::none;
}

struct jal : Instruction<"jal", ".................... ..... 1101111", J> {
    template <Emitter E>
    static constexpr void run(E& e, J o, Here here) {
        set_x(e, o.rd, e.here(here.length));
        e.jump(here.pc + u64(i64(o.imm)), jump_hint(o.rd, 0));
    }
};
struct jalr : Instruction<"jalr", "............ ..... 000 ..... 1100111", Load> {
    template <Emitter E>
    static constexpr void run(E& e, Load o, Here here) {
        auto sum = address(e, o.rs1, o.imm);
        auto target = e.and_(sum, e.imm(~1ULL));
        set_x(e, o.rd, e.here(here.length));
        e.indirect(target, jump_hint(o.rd, o.rs1));
    }
};

// Conditional branches (2.5.2): one meaning, six conditions.
template <isa::Text Name, isa::Text Bits, auto Condition>
struct BranchIf : Instruction<Name, Bits, B> {
    template <Emitter E>
    static constexpr void run(E& e, B o, Here here) {
        auto a = x(e, o.rs1);
        auto b = x(e, o.rs2);
        e.branch(Condition(e, a, b), here.pc + u64(i64(o.imm)));
    }
};
struct beq : BranchIf<"beq", "....... ..... ..... 000 ..... 1100011", operation::eq> {};
struct bne : BranchIf<"bne", "....... ..... ..... 001 ..... 1100011", operation::ne> {};
struct blt : BranchIf<"blt", "....... ..... ..... 100 ..... 1100011", operation::lt_s> {};
struct bge : BranchIf<"bge", "....... ..... ..... 101 ..... 1100011", operation::ge_s> {};
struct bltu : BranchIf<"bltu", "....... ..... ..... 110 ..... 1100011", operation::lt_u> {};
struct bgeu : BranchIf<"bgeu", "....... ..... ..... 111 ..... 1100011", operation::ge_u> {};

template <isa::Text Name, isa::Text Bits, class T>
struct LoadOf : Instruction<Name, Bits, Load> {
    template <Emitter E>
    static constexpr void run(E& e, Load o, Here) {
        auto value = e.template load<T>(address(e, o.rs1, o.imm));
        set_x(e, o.rd, value);
    }
};
struct lb : LoadOf<"lb", "............ ..... 000 ..... 0000011", i8> {};
struct lh : LoadOf<"lh", "............ ..... 001 ..... 0000011", i16> {};
struct lw : LoadOf<"lw", "............ ..... 010 ..... 0000011", i32> {};
struct ld : LoadOf<"ld", "............ ..... 011 ..... 0000011", u64> {};
struct lbu : LoadOf<"lbu", "............ ..... 100 ..... 0000011", u8> {};
struct lhu : LoadOf<"lhu", "............ ..... 101 ..... 0000011", u16> {};
struct lwu : LoadOf<"lwu", "............ ..... 110 ..... 0000011", u32> {};

template <isa::Text Name, isa::Text Bits, class T>
struct StoreOf : Instruction<Name, Bits, S> {
    template <Emitter E>
    static constexpr void run(E& e, S o, Here) {
        auto where = address(e, o.rs1, o.imm);
        auto value = x(e, o.rs2);
        e.template store<T>(where, value);
    }
};
struct sb : StoreOf<"sb", "....... ..... ..... 000 ..... 0100011", u8> {};
struct sh : StoreOf<"sh", "....... ..... ..... 001 ..... 0100011", u16> {};
struct sw : StoreOf<"sw", "....... ..... ..... 010 ..... 0100011", u32> {};
struct sd : StoreOf<"sd", "....... ..... ..... 011 ..... 0100011", u64> {};

// Register with immediate: 64 bits.
template <isa::Text Name, isa::Text Bits, auto Operation>
struct WithImmediate : Instruction<Name, Bits, I> {
    template <Emitter E>
    static constexpr void run(E& e, I o, Here) {
        auto a = x(e, o.rs1);
        set_x(e, o.rd, Operation(e, a, e.imm(u64(i64(o.imm)))));
    }
};
struct addi : WithImmediate<"addi", "............ ..... 000 ..... 0010011", operation::add> {};
struct slti : WithImmediate<"slti", "............ ..... 010 ..... 0010011", operation::set_less_s> {};
struct sltiu : WithImmediate<"sltiu", "............ ..... 011 ..... 0010011", operation::set_less_u> {};
struct xori : WithImmediate<"xori", "............ ..... 100 ..... 0010011", operation::xor_> {};
struct ori : WithImmediate<"ori", "............ ..... 110 ..... 0010011", operation::or_> {};
struct andi : WithImmediate<"andi", "............ ..... 111 ..... 0010011", operation::and_> {};

template <isa::Text Name, isa::Text Bits, auto Operation>
struct ShiftBy : Instruction<Name, Bits, Shift<6>> {
    template <Emitter E>
    static constexpr void run(E& e, Shift<6> o, Here) {
        auto a = x(e, o.rs1);
        set_x(e, o.rd, Operation(e, a, e.imm(o.amount)));
    }
};
struct slli : ShiftBy<"slli", "000000 ...... ..... 001 ..... 0010011", operation::shl> {};
struct srli : ShiftBy<"srli", "000000 ...... ..... 101 ..... 0010011", operation::shr> {};
struct srai : ShiftBy<"srai", "010000 ...... ..... 101 ..... 0010011", operation::sar> {};

// Register with register: 64 bits.
template <isa::Text Name, isa::Text Bits, auto Operation>
struct Combine : Instruction<Name, Bits, R> {
    template <Emitter E>
    static constexpr void run(E& e, R o, Here) {
        auto a = x(e, o.rs1);
        auto b = x(e, o.rs2);
        set_x(e, o.rd, Operation(e, a, b));
    }
};
struct add : Combine<"add", "0000000 ..... ..... 000 ..... 0110011", operation::add> {};
struct sub : Combine<"sub", "0100000 ..... ..... 000 ..... 0110011", operation::sub> {};
struct sll : Combine<"sll", "0000000 ..... ..... 001 ..... 0110011", operation::shl> {};
struct slt : Combine<"slt", "0000000 ..... ..... 010 ..... 0110011", operation::set_less_s> {};
struct sltu : Combine<"sltu", "0000000 ..... ..... 011 ..... 0110011", operation::set_less_u> {};
struct xor_ : Combine<"xor", "0000000 ..... ..... 100 ..... 0110011", operation::xor_> {};
struct srl : Combine<"srl", "0000000 ..... ..... 101 ..... 0110011", operation::shr> {};
struct sra : Combine<"sra", "0100000 ..... ..... 101 ..... 0110011", operation::sar> {};
struct or_ : Combine<"or", "0000000 ..... ..... 110 ..... 0110011", operation::or_> {};
struct and_ : Combine<"and", "0000000 ..... ..... 111 ..... 0110011", operation::and_> {};

// The 32-bit forms (4.2): the low halves, the result sign-extended.
struct addiw : Instruction<"addiw", "............ ..... 000 ..... 0011011", I> {
    template <Emitter E>
    static constexpr void run(E& e, I o, Here) {
        auto a = w(e, o.rs1);
        set_w(e, o.rd, e.add(a, e.imm32(u32(o.imm))));
    }
};
template <isa::Text Name, isa::Text Bits, auto Operation>
struct ShiftByW : Instruction<Name, Bits, Shift<5>> {
    template <Emitter E>
    static constexpr void run(E& e, Shift<5> o, Here) {
        auto a = w(e, o.rs1);
        set_w(e, o.rd, Operation(e, a, e.imm32(o.amount)));
    }
};
struct slliw : ShiftByW<"slliw", "0000000 ..... ..... 001 ..... 0011011", operation::shl> {};
struct srliw : ShiftByW<"srliw", "0000000 ..... ..... 101 ..... 0011011", operation::shr> {};
struct sraiw : ShiftByW<"sraiw", "0100000 ..... ..... 101 ..... 0011011", operation::sar> {};

template <isa::Text Name, isa::Text Bits, auto Operation>
struct CombineW : Instruction<Name, Bits, R> {
    template <Emitter E>
    static constexpr void run(E& e, R o, Here) {
        auto a = w(e, o.rs1);
        auto b = w(e, o.rs2);
        set_w(e, o.rd, Operation(e, a, b));
    }
};
struct addw : CombineW<"addw", "0000000 ..... ..... 000 ..... 0111011", operation::add> {};
struct subw : CombineW<"subw", "0100000 ..... ..... 000 ..... 0111011", operation::sub> {};
struct sllw : CombineW<"sllw", "0000000 ..... ..... 001 ..... 0111011", operation::shl> {};
struct srlw : CombineW<"srlw", "0000000 ..... ..... 101 ..... 0111011", operation::shr> {};
struct sraw : CombineW<"sraw", "0100000 ..... ..... 101 ..... 0111011", operation::sar> {};

/// fence pred, succ (2.7), all combinations and fm values; unspecified bits are ignored as the manual asks.
struct Fence {
    using Operands = Fence;
    u8 predecessor, successor;
    constexpr bool operator==(const Fence&) const = default;
    static constexpr Fence decode(u32 word) { return {field(word, 24, 4), field(word, 20, 4)}; }
    static constexpr u32 encode(Fence o) { return u32(o.predecessor) << 24 | u32(o.successor) << 20; }
    static constexpr void text(auto& t, auto& o) { t.number(o.predecessor), t.comma(), t.number(o.successor); }

    static constexpr u8 reads = 2 | 8;   // memory and device input
    static constexpr u8 writes = 1 | 4;  // memory and device output
};
struct fence : Instruction<"fence", "............ ..... 000 ..... 0001111", Fence> {
    template <Emitter E>
    static constexpr void run(E& e, Fence o, Here) {
        // Only write-before-read needs more than the host's own order.
        bool store_load = (o.predecessor & Fence::writes) != 0 && (o.successor & Fence::reads) != 0;
        e.fence(store_load ? Order::sequential : Order::acquire_release);
    }
};
/// Zihintpause: fence w, 0.
struct pause : Instruction<"pause", "0000 0001 0000 00000 000 00000 0001111", Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        e.pause();
    }
};
/// Zifencei.
struct fence_i : Instruction<"fence.i", "............ ..... 001 ..... 0001111", Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        e.exit(ExitReason::instruction_fence);
    }
};
struct ecall : Instruction<"ecall", "000000000000 00000 000 00000 1110011", Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        e.exit(ExitReason::system_call);
    }
};
struct ebreak : Instruction<"ebreak", "000000000001 00000 000 00000 1110011", Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        e.exit(ExitReason::breakpoint);
    }
};

/// A call into the VM from the guest's vDSO: custom-3 space, an illegal instruction anywhere else (the engine checks).
struct VmCall {
    using Operands = VmCall;
    u16 number;
    constexpr bool operator==(const VmCall&) const = default;
    static constexpr VmCall decode(u32 word) { return {u16(bits(word, 20, 12))}; }
    static constexpr u32 encode(VmCall o) { return u32(o.number) << 20; }
    static constexpr void text(auto& t, auto& o) { t.number(o.number); }
};
struct lyre_call : Instruction<"lyre.call", "............ 00000 000 00000 1111011", VmCall> {
    template <Emitter E>
    static constexpr void run(E& e, VmCall o, Here) {
        e.vm_call(o.number);
    }
};

using Base = InstructionList<lui, auipc, jal, jalr, beq, bne, blt, bge, bltu, bgeu, lb, lh, lw, ld, lbu, lhu, lwu, sb,
                             sh, sw, sd, addi, slti, sltiu, xori, ori, andi, slli, srli, srai, add, sub, sll, slt, sltu,
                             xor_, srl, sra, or_, and_, addiw, slliw, srliw, sraiw, addw, subw, sllw, srlw, sraw, fence,
                             pause, fence_i, ecall, ebreak, lyre_call>;

}  // namespace lyrebird::riscv64
