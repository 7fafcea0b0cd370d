// Branches, exceptions and hints (Arm ARM C4.1.94). A branch to an address that is no multiple of 4 is taken, and the fetch faults.
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/formats.hpp"

namespace lyrebird::aarch64 {

/// 26-bit offset, here in bytes.
struct Branch26 {
    using Operands = Branch26;
    i32 offset;
    constexpr bool operator==(const Branch26&) const = default;
    static constexpr Branch26 decode(u32 word) { return {i32(sign_extend(bits(word, 0, 26), 26)) * 4}; }
    static constexpr u32 encode(Branch26 o) { return bits(u32(o.offset), 2, 26); }
    static constexpr void text(auto& t, auto& o) { t.target(o.offset); }
};
struct b : Instruction<"b", "000101 ..........................", Branch26> {
    template <Emitter E>
    static constexpr void run(E& e, Branch26 o, Here here) {
        e.jump(here.pc + u64(i64(o.offset)), Hint::none);
    }
};
struct bl : Instruction<"bl", "100101 ..........................", Branch26> {
    template <Emitter E>
    static constexpr void run(E& e, Branch26 o, Here here) {
        e.set(x_slot(30), e.here(4));
        e.jump(here.pc + u64(i64(o.offset)), Hint::call);
    }
};

/// A condition or a register, and a 19-bit offset, here in bytes.
constexpr i32 offset19_of(u32 word) {
    return i32(sign_extend(bits(word, 5, 19), 19)) * 4;
}
struct BranchCondition {
    using Operands = BranchCondition;
    u8 condition;
    i32 offset;
    constexpr bool operator==(const BranchCondition&) const = default;
    static constexpr BranchCondition decode(u32 word) { return {field(word, 0, 4), offset19_of(word)}; }
    static constexpr u32 encode(BranchCondition o) { return u32(o.condition) | bits(u32(o.offset), 2, 19) << 5; }
    static constexpr void text(auto& t, auto& o) { t.word(condition_names, o.condition), t.comma(), t.target(o.offset); }
};
/// The condition is the first operand here; assembly joins it to the name.
struct b_cond : Instruction<"b.", "01010100 ................... 0 ....", BranchCondition> {
    template <Emitter E>
    static constexpr void run(E& e, BranchCondition o, Here here) {
        const u64 target = here.pc + u64(i64(o.offset));
        if (Condition(o.condition) >= Condition::always) return e.jump(target, Hint::none);
        e.branch(e.condition(Condition(o.condition), e.get(flags_slot)), target);
    }
};

template <class T>
struct BranchRegister19 {
    using Operands = BranchRegister19;
    u8 rt;
    i32 offset;
    constexpr bool operator==(const BranchRegister19&) const = default;
    static constexpr BranchRegister19 decode(u32 word) { return {rd_of(word), offset19_of(word)}; }
    static constexpr u32 encode(BranchRegister19 o) { return u32(o.rt) | bits(u32(o.offset), 2, 19) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(general_names<T>(), o.rt), t.comma(), t.target(o.offset); }
};
template <class T> struct cbz : Sized<T, "cbz", ".011010 0 ................... .....", BranchRegister19<T>> {
    template <Emitter E>
    static constexpr void run(E& e, BranchRegister19<T> o, Here here) {
        e.branch(e.eq(reg<T>(e, o.rt), constant<T>(e, 0)), here.pc + u64(i64(o.offset)));
    }
};
template <class T> struct cbnz : Sized<T, "cbnz", ".011010 1 ................... .....", BranchRegister19<T>> {
    template <Emitter E>
    static constexpr void run(E& e, BranchRegister19<T> o, Here here) {
        e.branch(e.ne(reg<T>(e, o.rt), constant<T>(e, 0)), here.pc + u64(i64(o.offset)));
    }
};

/// rt, the number of a bit, a 14-bit offset, here in bytes.
struct BranchBit {
    using Operands = BranchBit;
    u8 rt, bit;
    i32 offset;
    constexpr bool operator==(const BranchBit&) const = default;
    static constexpr BranchBit decode(u32 word) {
        return {rd_of(word), u8(bits(word, 31, 1) << 5 | bits(word, 19, 5)), i32(sign_extend(bits(word, 5, 14), 14)) * 4};
    }
    static constexpr u32 encode(BranchBit o) {
        return u32(o.rt) | u32(o.bit & 31) << 19 | u32(o.bit >> 5) << 31 | bits(u32(o.offset), 2, 14) << 5;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rt), t.literal(", #"), t.number(o.bit), t.comma(), t.target(o.offset);
    }
    template <Emitter E>
    constexpr typename E::I64 tested(E& e) const {
        return e.and_(x(e, rt), e.imm(u64{1} << bit));
    }
};
struct tbz : Instruction<"tbz", ".011011 0 ..... .............. .....", BranchBit> {
    template <Emitter E>
    static constexpr void run(E& e, BranchBit o, Here here) {
        e.branch(e.eq(o.tested(e), e.imm(0)), here.pc + u64(i64(o.offset)));
    }
};
struct tbnz : Instruction<"tbnz", ".011011 1 ..... .............. .....", BranchBit> {
    template <Emitter E>
    static constexpr void run(E& e, BranchBit o, Here here) {
        e.branch(e.ne(o.tested(e), e.imm(0)), here.pc + u64(i64(o.offset)));
    }
};

/// rn, the target.
struct BranchTo {
    using Operands = BranchTo;
    u8 rn;
    constexpr bool operator==(const BranchTo&) const = default;
    static constexpr BranchTo decode(u32 word) { return {rn_of(word)}; }
    static constexpr u32 encode(BranchTo o) { return u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rn); }
};
struct br : Instruction<"br", "1101011 0000 11111 000000 ..... 00000", BranchTo> {
    template <Emitter E>
    static constexpr void run(E& e, BranchTo o, Here) {
        e.indirect(x(e, o.rn), Hint::none);
    }
};
struct blr : Instruction<"blr", "1101011 0001 11111 000000 ..... 00000", BranchTo> {
    template <Emitter E>
    static constexpr void run(E& e, BranchTo o, Here) {
        auto target = x(e, o.rn);
        if (o.rn == 30) target = e.not_(e.not_(target));  // a value of its own: the register changes now
        e.set(x_slot(30), e.here(4));
        e.indirect(target, Hint::call);
    }
};
struct ret : Instruction<"ret", "1101011 0010 11111 000000 ..... 00000", BranchTo> {
    template <Emitter E>
    static constexpr void run(E& e, BranchTo o, Here) {
        e.indirect(x(e, o.rn), Hint::return_);
    }
};

// ---- exceptions ----

/// A 16-bit number.
struct Number16 {
    using Operands = Number16;
    u16 number;
    constexpr bool operator==(const Number16&) const = default;
    static constexpr Number16 decode(u32 word) { return {u16(bits(word, 5, 16))}; }
    static constexpr u32 encode(Number16 o) { return u32(o.number) << 5; }
    static constexpr void text(auto& t, auto& o) { t.literal("#"), t.hex(o.number); }
};
struct svc : Instruction<"svc", "11010100 000 ................ 00001", Number16> {
    template <Emitter E>
    static constexpr void run(E& e, Number16, Here) {
        e.exit(ExitReason::system_call);
    }
};
struct brk : Instruction<"brk", "11010100 001 ................ 00000", Number16> {
    template <Emitter E>
    static constexpr void run(E& e, Number16, Here) {
        e.exit(ExitReason::breakpoint);
    }
};

/// A call into the VM from the guest's vDSO: in the reserved space, an illegal instruction anywhere else (the engine checks).
struct VmCall {
    using Operands = VmCall;
    u16 number;
    constexpr bool operator==(const VmCall&) const = default;
    static constexpr VmCall decode(u32 word) { return {u16(word)}; }
    static constexpr u32 encode(VmCall o) { return o.number; }
    static constexpr void text(auto& t, auto& o) { t.number(o.number); }
};
struct lyre_call : Instruction<"lyre.call", "0000000000000001 ................", VmCall> {
    template <Emitter E>
    static constexpr void run(E& e, VmCall o, Here) {
        e.vm_call(o.number);
    }
};

using Branches = isa::Join<InstructionList<b, bl, b_cond, tbz, tbnz, br, blr, ret, svc, brk, lyre_call>, BothWidths<cbz, cbnz>>;

}  // namespace lyrebird::aarch64
