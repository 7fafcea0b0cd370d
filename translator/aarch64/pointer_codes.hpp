// The instructions of pointer authentication, FEAT_PAuth (Arm ARM C4.1.94, C4.1.95, C4.1.96), which the user may choose: without it
// those in the hint space do nothing, and the others are undefined. See pointer_authentication.hpp.
#pragma once

#include "translator/aarch64/branch.hpp"
#include "translator/aarch64/pointer_authentication.hpp"

namespace lyrebird::aarch64 {

/// Number 31 as a modifier is the stack pointer; this stands for zero.
inline constexpr u8 no_modifier = 32;
template <Emitter E>
constexpr typename E::I64 modifier_of(E& e, u8 number) {
    return number == no_modifier ? e.imm(0) : e.get(x_slot(number));
}
/// True when the guest's processor has the instructions; else what follows is undefined.
template <Emitter E>
constexpr bool has_or_exits(E& e) {
    const bool has = e.has(option_pointer_authentication);
    if (!has) e.exit(ExitReason::illegal_instruction);
    return has;
}

// ---- in the hint space ----

template <isa::Text Name, isa::Text Bits, auto Function, KeyNumber Key, u8 Pointer, u8 Modifier>
struct HintedCode : Instruction<Name, Bits, Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        if (!e.has(option_pointer_authentication)) return;
        auto pointer = e.get(x_slot(Pointer));
        auto modifier = modifier_of(e, Modifier);
        e.set(x_slot(Pointer), e.template helper_with_state<Function>(pointer, modifier, e.imm(Key)));
    }
};
inline constexpr auto sign = &sign_pointer, authenticate = &authenticate_pointer;
struct pacia1716 : HintedCode<"pacia1716", "11010101000000110010 0001 000 11111", sign, instruction_a, 17, 16> {};
struct pacib1716 : HintedCode<"pacib1716", "11010101000000110010 0001 010 11111", sign, instruction_b, 17, 16> {};
struct autia1716 : HintedCode<"autia1716", "11010101000000110010 0001 100 11111", authenticate, instruction_a, 17, 16> {};
struct autib1716 : HintedCode<"autib1716", "11010101000000110010 0001 110 11111", authenticate, instruction_b, 17, 16> {};
struct paciaz : HintedCode<"paciaz", "11010101000000110010 0011 000 11111", sign, instruction_a, 30, no_modifier> {};
struct paciasp : HintedCode<"paciasp", "11010101000000110010 0011 001 11111", sign, instruction_a, 30, 31> {};
struct pacibz : HintedCode<"pacibz", "11010101000000110010 0011 010 11111", sign, instruction_b, 30, no_modifier> {};
struct pacibsp : HintedCode<"pacibsp", "11010101000000110010 0011 011 11111", sign, instruction_b, 30, 31> {};
struct autiaz : HintedCode<"autiaz", "11010101000000110010 0011 100 11111", authenticate, instruction_a, 30, no_modifier> {};
struct autiasp : HintedCode<"autiasp", "11010101000000110010 0011 101 11111", authenticate, instruction_a, 30, 31> {};
struct autibz : HintedCode<"autibz", "11010101000000110010 0011 110 11111", authenticate, instruction_b, 30, no_modifier> {};
struct autibsp : HintedCode<"autibsp", "11010101000000110010 0011 111 11111", authenticate, instruction_b, 30, 31> {};

/// Bit 55 in all places of the code.
template <Emitter E>
constexpr typename E::I64 strip(E& e, typename E::I64 pointer) {
    auto half = e.shl(pointer, e.imm(8));
    half = e.sar(half, e.imm(63));
    auto extension = e.and_(half, e.imm(extension_bits));
    auto rest = e.and_(pointer, e.imm(~extension_bits));
    return e.or_(rest, extension);
}
struct xpaclri : Instruction<"xpaclri", "11010101000000110010 0000 111 11111", Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        if (!e.has(option_pointer_authentication)) return;
        e.set(x_slot(30), strip(e, e.get(x_slot(30))));
    }
};

// ---- between registers ----

/// rd, and rn, the modifier.
struct PointerAndModifier {
    using Operands = PointerAndModifier;
    u8 rd, rn;
    constexpr bool operator==(const PointerAndModifier&) const = default;
    static constexpr PointerAndModifier decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(PointerAndModifier o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rd), t.comma(), t.reg(x_sp_names, o.rn); }
    constexpr u8 modifier() const { return rn; }
};
/// rd.
struct PointerAlone {
    using Operands = PointerAlone;
    u8 rd;
    constexpr bool operator==(const PointerAlone&) const = default;
    static constexpr PointerAlone decode(u32 word) { return {rd_of(word)}; }
    static constexpr u32 encode(PointerAlone o) { return o.rd; }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rd); }
    constexpr u8 modifier() const { return no_modifier; }
};
template <isa::Text Name, isa::Text Bits, class Format, auto Function, KeyNumber Key>
struct CodeOf : Instruction<Name, Bits, Format> {
    template <Emitter E>
    static constexpr void run(E& e, Format o, Here) {
        if (!has_or_exits(e)) return;
        auto pointer = x(e, o.rd);
        auto modifier = modifier_of(e, o.modifier());
        set_x(e, o.rd, e.template helper_with_state<Function>(pointer, modifier, e.imm(Key)));
    }
};
struct pacia : CodeOf<"pacia", "1 1 0 11010110 00001 000000 ..... .....", PointerAndModifier, sign, instruction_a> {};
struct pacib : CodeOf<"pacib", "1 1 0 11010110 00001 000001 ..... .....", PointerAndModifier, sign, instruction_b> {};
struct pacda : CodeOf<"pacda", "1 1 0 11010110 00001 000010 ..... .....", PointerAndModifier, sign, data_a> {};
struct pacdb : CodeOf<"pacdb", "1 1 0 11010110 00001 000011 ..... .....", PointerAndModifier, sign, data_b> {};
struct autia : CodeOf<"autia", "1 1 0 11010110 00001 000100 ..... .....", PointerAndModifier, authenticate, instruction_a> {};
struct autib : CodeOf<"autib", "1 1 0 11010110 00001 000101 ..... .....", PointerAndModifier, authenticate, instruction_b> {};
struct autda : CodeOf<"autda", "1 1 0 11010110 00001 000110 ..... .....", PointerAndModifier, authenticate, data_a> {};
struct autdb : CodeOf<"autdb", "1 1 0 11010110 00001 000111 ..... .....", PointerAndModifier, authenticate, data_b> {};
struct paciza : CodeOf<"paciza", "1 1 0 11010110 00001 001000 11111 .....", PointerAlone, sign, instruction_a> {};
struct pacizb : CodeOf<"pacizb", "1 1 0 11010110 00001 001001 11111 .....", PointerAlone, sign, instruction_b> {};
struct pacdza : CodeOf<"pacdza", "1 1 0 11010110 00001 001010 11111 .....", PointerAlone, sign, data_a> {};
struct pacdzb : CodeOf<"pacdzb", "1 1 0 11010110 00001 001011 11111 .....", PointerAlone, sign, data_b> {};
struct autiza : CodeOf<"autiza", "1 1 0 11010110 00001 001100 11111 .....", PointerAlone, authenticate, instruction_a> {};
struct autizb : CodeOf<"autizb", "1 1 0 11010110 00001 001101 11111 .....", PointerAlone, authenticate, instruction_b> {};
struct autdza : CodeOf<"autdza", "1 1 0 11010110 00001 001110 11111 .....", PointerAlone, authenticate, data_a> {};
struct autdzb : CodeOf<"autdzb", "1 1 0 11010110 00001 001111 11111 .....", PointerAlone, authenticate, data_b> {};

template <isa::Text Name, isa::Text Bits>
struct Strip : Instruction<Name, Bits, PointerAlone> {
    template <Emitter E>
    static constexpr void run(E& e, PointerAlone o, Here) {
        if (!has_or_exits(e)) return;
        set_x(e, o.rd, strip(e, x(e, o.rd)));
    }
};
struct xpaci : Strip<"xpaci", "1 1 0 11010110 00001 010000 11111 ....."> {};
struct xpacd : Strip<"xpacd", "1 1 0 11010110 00001 010001 11111 ....."> {};

/// rd, rn, and rm, the modifier.
struct GenericOperands {
    using Operands = GenericOperands;
    u8 rd, rn, rm;
    constexpr bool operator==(const GenericOperands&) const = default;
    static constexpr GenericOperands decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(GenericOperands o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rn), t.comma(), t.reg(x_sp_names, o.rm);
    }
};
struct pacga : Instruction<"pacga", "1 0 0 11010110 ..... 001100 ..... .....", GenericOperands> {
    template <Emitter E>
    static constexpr void run(E& e, GenericOperands o, Here) {
        if (!has_or_exits(e)) return;
        auto value = x(e, o.rn);
        auto modifier = e.get(x_slot(o.rm));
        set_x(e, o.rd, e.template helper_with_state<generic_code>(value, modifier));
    }
};

// ---- branches ----

/// rn, the target, and rm, the modifier.
struct BranchWithModifier {
    using Operands = BranchWithModifier;
    u8 rn, rm;
    constexpr bool operator==(const BranchWithModifier&) const = default;
    static constexpr BranchWithModifier decode(u32 word) { return {rn_of(word), rd_of(word)}; }
    static constexpr u32 encode(BranchWithModifier o) { return u32(o.rn) << 5 | u32(o.rm); }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rn), t.comma(), t.reg(x_sp_names, o.rm); }
    constexpr u8 modifier() const { return rm; }
};
struct BranchWithout : BranchTo {
    using Operands = BranchWithout;
    static constexpr BranchWithout decode(u32 word) { return {BranchTo::decode(word)}; }
    static constexpr u32 encode(BranchWithout o) { return BranchTo::encode(o); }
    constexpr u8 modifier() const { return no_modifier; }
};
template <isa::Text Name, isa::Text Bits, class Format, KeyNumber Key, Hint What>
struct AuthenticatedBranch : Instruction<Name, Bits, Format> {
    template <Emitter E>
    static constexpr void run(E& e, Format o, Here) {
        if (!has_or_exits(e)) return;
        auto pointer = x(e, o.rn);
        auto modifier = modifier_of(e, o.modifier());
        auto target = e.template helper_with_state<authenticate>(pointer, modifier, e.imm(Key));
        if constexpr (What == Hint::call) e.set(x_slot(30), e.here(4));
        e.indirect(target, What);
    }
};
struct braaz : AuthenticatedBranch<"braaz", "1101011 0 0 00 11111 0000 1 0 ..... 11111", BranchWithout, instruction_a, Hint::none> {};
struct brabz : AuthenticatedBranch<"brabz", "1101011 0 0 00 11111 0000 1 1 ..... 11111", BranchWithout, instruction_b, Hint::none> {};
struct blraaz : AuthenticatedBranch<"blraaz", "1101011 0 0 01 11111 0000 1 0 ..... 11111", BranchWithout, instruction_a, Hint::call> {};
struct blrabz : AuthenticatedBranch<"blrabz", "1101011 0 0 01 11111 0000 1 1 ..... 11111", BranchWithout, instruction_b, Hint::call> {};
struct braa : AuthenticatedBranch<"braa", "1101011 1 0 00 11111 0000 1 0 ..... .....", BranchWithModifier, instruction_a, Hint::none> {};
struct brab : AuthenticatedBranch<"brab", "1101011 1 0 00 11111 0000 1 1 ..... .....", BranchWithModifier, instruction_b, Hint::none> {};
struct blraa : AuthenticatedBranch<"blraa", "1101011 1 0 01 11111 0000 1 0 ..... .....", BranchWithModifier, instruction_a, Hint::call> {};
struct blrab : AuthenticatedBranch<"blrab", "1101011 1 0 01 11111 0000 1 1 ..... .....", BranchWithModifier, instruction_b, Hint::call> {};

template <isa::Text Name, isa::Text Bits, KeyNumber Key>
struct AuthenticatedReturn : Instruction<Name, Bits, Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        if (!has_or_exits(e)) return;
        auto pointer = e.get(x_slot(30));
        auto modifier = e.get(sp_slot);
        e.indirect(e.template helper_with_state<authenticate>(pointer, modifier, e.imm(Key)), Hint::return_);
    }
};
struct retaa : AuthenticatedReturn<"retaa", "1101011 0 0 10 11111 0000 1 0 11111 11111", instruction_a> {};
struct retab : AuthenticatedReturn<"retab", "1101011 0 0 10 11111 0000 1 1 11111 11111", instruction_b> {};

// ---- loads ----

/// rt, rn, an offset in units of 8 bytes; `Before`: the base takes the address.
template <bool Before>
struct AuthenticatedAddress {
    using Operands = AuthenticatedAddress;
    u8 rt, rn;
    i16 offset;  // in bytes
    constexpr bool operator==(const AuthenticatedAddress&) const = default;
    static constexpr AuthenticatedAddress decode(u32 word) {
        return {rd_of(word), rn_of(word), i16(sign_extend(bits(word, 22, 1) << 9 | bits(word, 12, 9), 10) * 8)};
    }
    static constexpr u32 encode(AuthenticatedAddress o) {
        return u32(o.rt) | u32(o.rn) << 5 | bits(u32(o.offset), 3, 9) << 12 | bits(u32(o.offset), 12, 1) << 22;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rt), t.literal(", ["), t.reg(x_sp_names, o.rn), t.literal(", #"), t.number(o.offset);
        t.literal(Before ? "]!" : "]");
    }
};
template <isa::Text Name, isa::Text Bits, KeyNumber Key, bool Before>
struct AuthenticatedLoad : Instruction<Name, Bits, AuthenticatedAddress<Before>> {
    template <Emitter E>
    static constexpr void run(E& e, AuthenticatedAddress<Before> o, Here) {
        if (!has_or_exits(e)) return;
        auto pointer = e.get(x_slot(o.rn));
        auto modifier = e.imm(0);
        auto base = e.template helper_with_state<authenticate>(pointer, modifier, e.imm(Key));
        auto address = e.add(base, e.imm(u64(i64(o.offset))));
        auto value = e.template load<u64>(address);
        set_x(e, o.rt, value);
        if constexpr (Before) e.set(x_slot(o.rn), address);
    }
};
struct ldraa : AuthenticatedLoad<"ldraa", "11 111 0 00 0 . 1 ......... 0 1 ..... .....", data_a, false> {};
struct ldraa_pre : AuthenticatedLoad<"ldraa_pre", "11 111 0 00 0 . 1 ......... 1 1 ..... .....", data_a, true> {};
struct ldrab : AuthenticatedLoad<"ldrab", "11 111 0 00 1 . 1 ......... 0 1 ..... .....", data_b, false> {};
struct ldrab_pre : AuthenticatedLoad<"ldrab_pre", "11 111 0 00 1 . 1 ......... 1 1 ..... .....", data_b, true> {};

using PointerCodes =
    InstructionList<pacia1716, pacib1716, autia1716, autib1716, paciaz, paciasp, pacibz, pacibsp, autiaz, autiasp, autibz, autibsp,
                    xpaclri, pacia, pacib, pacda, pacdb, autia, autib, autda, autdb, paciza, pacizb, pacdza, pacdzb, autiza, autizb,
                    autdza, autdzb, xpaci, xpacd, pacga, braaz, brabz, blraaz, blrabz, braa, brab, blraa, blrab, retaa, retab, ldraa,
                    ldraa_pre, ldrab, ldrab_pre>;

}  // namespace lyrebird::aarch64
