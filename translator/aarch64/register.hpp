// Data processing with registers (Arm ARM C4.1.95).
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/crc32.hpp"
#include "translator/aarch64/formats.hpp"

namespace lyrebird::aarch64 {

// ---- a shifted second operand ----

/// rd, rn, rm shifted by a constant. Sums have no rotation.
template <class T, bool Rotates>
struct Shifted {
    using Operands = Shifted;
    u8 rd, rn, rm, kind, amount;
    constexpr bool operator==(const Shifted&) const = default;
    static constexpr Shifted decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), field(word, 22, 2), field(word, 10, 6)};
    }
    static constexpr u32 encode(Shifted o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.kind) << 22 | u32(o.amount) << 10;
    }
    static constexpr bool allocated(u32 word) {
        return (Rotates || bits(word, 22, 2) != 3) && (sizeof(T) == 8 || bits(word, 15, 1) == 0);
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn), t.comma();
        t.reg(general_names<T>(), o.rm), t.comma(), t.word(shift_names, o.kind), t.literal(" #"), t.number(o.amount);
    }
};
template <class T, Emitter E>
constexpr Int<E, T> shifted(E& e, u8 number, u8 kind, u8 amount) {
    auto a = reg<T>(e, number);
    if (amount == 0) return a;
    auto by = constant<T>(e, amount);
    switch (kind) {
        case 0: return e.shl(a, by);
        case 1: return e.shr(a, by);
        case 2: return e.sar(a, by);
        default: return e.ror(a, by);
    }
}

template <class T, isa::Text Name, isa::Text Bits, bool Rotates, auto Operation>
struct WithShifted : Sized<T, Name, Bits, Shifted<T, Rotates>> {
    template <Emitter E>
    static constexpr void run(E& e, Shifted<T, Rotates> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = shifted<T>(e, o.rm, o.kind, o.amount);
        set_reg<T>(e, o.rd, Operation(e, a, b));
    }
};
/// `Operation` answers a value with flags.
template <class T, isa::Text Name, isa::Text Bits, bool Rotates, auto Operation>
struct WithShiftedFlagged : Sized<T, Name, Bits, Shifted<T, Rotates>> {
    template <Emitter E>
    static constexpr void run(E& e, Shifted<T, Rotates> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = shifted<T>(e, o.rm, o.kind, o.amount);
        auto result = Operation(e, a, b);
        set_reg<T>(e, o.rd, result.value);
        e.set(flags_slot, result.flags);
    }
};
namespace operation_flagged {
inline constexpr auto add = [](auto& e, auto a, auto b) { return e.add_flagged(a, b); };
inline constexpr auto sub = [](auto& e, auto a, auto b) { return e.sub_flagged(a, b); };
inline constexpr auto and_ = [](auto& e, auto a, auto b) { return e.and_flagged(a, b); };
inline constexpr auto and_not = [](auto& e, auto a, auto b) { return e.and_flagged(a, e.not_(b)); };
}  // namespace operation_flagged

template <class T> struct and_reg : WithShifted<T, "and_reg", ".00 01010 .. 0 ..... ...... ..... .....", true, operation::and_> {};
template <class T> struct bic_reg : WithShifted<T, "bic_reg", ".00 01010 .. 1 ..... ...... ..... .....", true, operation::and_not> {};
template <class T> struct orr_reg : WithShifted<T, "orr_reg", ".01 01010 .. 0 ..... ...... ..... .....", true, operation::or_> {
    /// With the zero register it is how registers are moved.
    template <Emitter E>
    static constexpr void run(E& e, Shifted<T, true> o, Here) {
        auto b = shifted<T>(e, o.rm, o.kind, o.amount);
        if (o.rn == 31) return set_reg<T>(e, o.rd, b);
        auto a = reg<T>(e, o.rn);
        set_reg<T>(e, o.rd, e.or_(a, b));
    }
};
template <class T> struct orn_reg : WithShifted<T, "orn_reg", ".01 01010 .. 1 ..... ...... ..... .....", true, operation::or_not> {
    template <Emitter E>
    static constexpr void run(E& e, Shifted<T, true> o, Here) {
        auto b = shifted<T>(e, o.rm, o.kind, o.amount);
        if (o.rn == 31) return set_reg<T>(e, o.rd, e.not_(b));
        auto a = reg<T>(e, o.rn);
        set_reg<T>(e, o.rd, e.or_(a, e.not_(b)));
    }
};
template <class T> struct eor_reg : WithShifted<T, "eor_reg", ".10 01010 .. 0 ..... ...... ..... .....", true, operation::xor_> {};
template <class T> struct eon_reg : WithShifted<T, "eon_reg", ".10 01010 .. 1 ..... ...... ..... .....", true, operation::xor_not> {};
template <class T>
struct ands_reg : WithShiftedFlagged<T, "ands_reg", ".11 01010 .. 0 ..... ...... ..... .....", true, operation_flagged::and_> {};
template <class T>
struct bics_reg : WithShiftedFlagged<T, "bics_reg", ".11 01010 .. 1 ..... ...... ..... .....", true, operation_flagged::and_not> {};
template <class T> struct add_reg : WithShifted<T, "add_reg", ".00 01011 .. 0 ..... ...... ..... .....", false, operation::add> {};
template <class T> struct sub_reg : WithShifted<T, "sub_reg", ".10 01011 .. 0 ..... ...... ..... .....", false, operation::sub> {
    /// From the zero register it is a negation.
    template <Emitter E>
    static constexpr void run(E& e, Shifted<T, false> o, Here) {
        auto b = shifted<T>(e, o.rm, o.kind, o.amount);
        if (o.rn == 31) return set_reg<T>(e, o.rd, e.neg(b));
        auto a = reg<T>(e, o.rn);
        set_reg<T>(e, o.rd, e.sub(a, b));
    }
};
template <class T>
struct adds_reg : WithShiftedFlagged<T, "adds_reg", ".01 01011 .. 0 ..... ...... ..... .....", false, operation_flagged::add> {};
template <class T>
struct subs_reg : WithShiftedFlagged<T, "subs_reg", ".11 01011 .. 0 ..... ...... ..... .....", false, operation_flagged::sub> {};

// ---- an extended second operand ----

/// rd, rn, rm extended and shifted left by up to 4. rn is a stack pointer, and rd is unless flags are set.
template <class T, bool SetsFlags>
struct Extended {
    using Operands = Extended;
    u8 rd, rn, rm, kind, amount;
    constexpr bool operator==(const Extended&) const = default;
    static constexpr Extended decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), field(word, 13, 3), field(word, 10, 3)};
    }
    static constexpr u32 encode(Extended o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.kind) << 13 | u32(o.amount) << 10;
    }
    static constexpr bool allocated(u32 word) { return bits(word, 10, 3) <= 4; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T, !SetsFlags>(), o.rd), t.comma(), t.reg(general_names<T, true>(), o.rn), t.comma();
        t.reg(x_names, o.rm), t.comma(), t.word(extend_names, o.kind), t.literal(" #"), t.number(o.amount);
    }
};
/// Register `number` extended as `kind` says (the manual's ExtendReg).
template <Emitter E>
constexpr typename E::I64 extended(E& e, u8 number, u8 kind) {
    auto a = x(e, number);
    switch (kind) {
        case 0: return e.template zext_from<8>(a);
        case 1: return e.template zext_from<16>(a);
        case 2: return e.zext(e.trunc(a));
        case 4: return e.template sext_from<8>(a);
        case 5: return e.template sext_from<16>(a);
        case 6: return e.sext(e.trunc(a));
        default: return a;
    }
}
template <class T, Emitter E>
constexpr Int<E, T> extended_operand(E& e, u8 number, u8 kind, u8 amount) {
    auto whole = extended(e, number, kind);
    if (amount != 0) whole = e.shl(whole, e.imm(amount));
    if constexpr (sizeof(T) == 8)
        return whole;
    else
        return e.trunc(whole);
}
template <class T, isa::Text Name, isa::Text Bits, auto Operation>
struct WithExtended : Sized<T, Name, Bits, Extended<T, false>> {
    template <Emitter E>
    static constexpr void run(E& e, Extended<T, false> o, Here) {
        auto a = reg_sp<T>(e, o.rn);
        auto b = extended_operand<T>(e, o.rm, o.kind, o.amount);
        set_reg_sp<T>(e, o.rd, Operation(e, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, auto Operation>
struct WithExtendedFlagged : Sized<T, Name, Bits, Extended<T, true>> {
    template <Emitter E>
    static constexpr void run(E& e, Extended<T, true> o, Here) {
        auto a = reg_sp<T>(e, o.rn);
        auto b = extended_operand<T>(e, o.rm, o.kind, o.amount);
        auto result = Operation(e, a, b);
        set_reg<T>(e, o.rd, result.value);
        e.set(flags_slot, result.flags);
    }
};
template <class T> struct add_ext : WithExtended<T, "add_ext", ".00 01011 001 ..... ... ... ..... .....", operation::add> {};
template <class T> struct sub_ext : WithExtended<T, "sub_ext", ".10 01011 001 ..... ... ... ..... .....", operation::sub> {};
template <class T>
struct adds_ext : WithExtendedFlagged<T, "adds_ext", ".01 01011 001 ..... ... ... ..... .....", operation_flagged::add> {};
template <class T>
struct subs_ext : WithExtendedFlagged<T, "subs_ext", ".11 01011 001 ..... ... ... ..... .....", operation_flagged::sub> {};

// ---- with carry ----

template <class T, isa::Text Name, isa::Text Bits, bool Subtract, bool SetsFlags>
struct WithCarry : Sized<T, Name, Bits, R3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R3<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = reg<T>(e, o.rm);
        auto flags = e.get(flags_slot);
        auto result = Subtract ? e.sub_carry_flagged(a, b, flags) : e.add_carry_flagged(a, b, flags);
        set_reg<T>(e, o.rd, result.value);
        if (SetsFlags) e.set(flags_slot, result.flags);
    }
};
template <class T> struct adc : WithCarry<T, "adc", ".00 11010000 ..... 000000 ..... .....", false, false> {};
template <class T> struct adcs : WithCarry<T, "adcs", ".01 11010000 ..... 000000 ..... .....", false, true> {};
template <class T> struct sbc : WithCarry<T, "sbc", ".10 11010000 ..... 000000 ..... .....", true, false> {};
template <class T> struct sbcs : WithCarry<T, "sbcs", ".11 11010000 ..... 000000 ..... .....", true, true> {};

// ---- conditions ----

/// rn, rm or a five-bit immediate, the flags if the condition fails, the condition.
template <class T, bool HasImmediate>
struct ConditionalCompare {
    using Operands = ConditionalCompare;
    u8 rn, second, flags, condition;
    constexpr bool operator==(const ConditionalCompare&) const = default;
    static constexpr ConditionalCompare decode(u32 word) {
        return {rn_of(word), rm_of(word), field(word, 0, 4), field(word, 12, 4)};
    }
    static constexpr u32 encode(ConditionalCompare o) {
        return u32(o.rn) << 5 | u32(o.second) << 16 | u32(o.flags) | u32(o.condition) << 12;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rn), t.comma();
        if constexpr (HasImmediate)
            t.literal("#"), t.number(o.second);
        else
            t.reg(general_names<T>(), o.second);
        t.literal(", #"), t.number(o.flags), t.comma(), t.word(condition_names, o.condition);
    }
};
template <class T, isa::Text Name, isa::Text Bits, bool HasImmediate, bool Subtract>
struct ConditionalCompareOf : Sized<T, Name, Bits, ConditionalCompare<T, HasImmediate>> {
    template <Emitter E>
    static constexpr void run(E& e, ConditionalCompare<T, HasImmediate> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = HasImmediate ? constant<T>(e, o.second) : reg<T>(e, o.second);
        auto holds = e.condition(Condition(o.condition), e.get(flags_slot));
        const u32 otherwise = u32(o.flags) << 28;
        e.set(flags_slot, Subtract ? e.sub_flagged_if(holds, a, b, otherwise) : e.add_flagged_if(holds, a, b, otherwise));
    }
};
template <class T> struct ccmn : ConditionalCompareOf<T, "ccmn", ".01 11010010 ..... .... 00 ..... 0 ....", false, false> {};
template <class T> struct ccmp : ConditionalCompareOf<T, "ccmp", ".11 11010010 ..... .... 00 ..... 0 ....", false, true> {};
template <class T> struct ccmn_imm : ConditionalCompareOf<T, "ccmn_imm", ".01 11010010 ..... .... 10 ..... 0 ....", true, false> {};
template <class T> struct ccmp_imm : ConditionalCompareOf<T, "ccmp_imm", ".11 11010010 ..... .... 10 ..... 0 ....", true, true> {};

/// rd, rn, rm, condition.
template <class T>
struct ConditionalSelect {
    using Operands = ConditionalSelect;
    u8 rd, rn, rm, condition;
    constexpr bool operator==(const ConditionalSelect&) const = default;
    static constexpr ConditionalSelect decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), field(word, 12, 4)};
    }
    static constexpr u32 encode(ConditionalSelect o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.condition) << 12;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn), t.comma();
        t.reg(general_names<T>(), o.rm), t.comma(), t.word(condition_names, o.condition);
    }
};
/// `Otherwise` makes of rm what is chosen when the condition fails.
template <class T, isa::Text Name, isa::Text Bits, auto Otherwise>
struct SelectOf : Sized<T, Name, Bits, ConditionalSelect<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ConditionalSelect<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = Otherwise(e, reg<T>(e, o.rm), constant<T>(e, 1));
        auto holds = e.condition(Condition(o.condition), e.get(flags_slot));
        set_reg<T>(e, o.rd, e.select(holds, a, b));
    }
};
namespace otherwise {
inline constexpr auto itself = [](auto&, auto a, auto) { return a; };
inline constexpr auto incremented = [](auto& e, auto a, auto one) { return e.add(a, one); };
inline constexpr auto inverted = [](auto& e, auto a, auto) { return e.not_(a); };
inline constexpr auto negated = [](auto& e, auto a, auto) { return e.neg(a); };
}  // namespace otherwise
template <class T> struct csel : SelectOf<T, "csel", ".00 11010100 ..... .... 00 ..... .....", otherwise::itself> {};
template <class T> struct csinv : SelectOf<T, "csinv", ".10 11010100 ..... .... 00 ..... .....", otherwise::inverted> {};
template <class T> struct csneg : SelectOf<T, "csneg", ".10 11010100 ..... .... 01 ..... .....", otherwise::negated> {};
template <class T>
using CsincOf = SelectOf<T, "csinc", ".00 11010100 ..... .... 01 ..... .....", otherwise::incremented>;
template <class T> struct csinc : CsincOf<T> {
    /// With two zero registers it makes a number of a condition.
    template <Emitter E>
    static constexpr void run(E& e, ConditionalSelect<T> o, Here here) {
        if (o.rn != 31 || o.rm != 31) return CsincOf<T>::run(e, o, here);
        auto fails = e.not_(e.condition(Condition(o.condition), e.get(flags_slot)));
        set_x(e, o.rd, e.zext(fails));
    }
};

// ---- one source ----

template <class T, isa::Text Name, isa::Text Bits, auto Operation>
struct Single : Sized<T, Name, Bits, R2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<T> o, Here) {
        set_reg<T>(e, o.rd, Operation(e, reg<T>(e, o.rn)));
    }
};
namespace single {
inline constexpr auto rbit = [](auto& e, auto a) { return e.reverse_bits(a); };
inline constexpr auto reverse = [](auto& e, auto a) { return e.reverse_bytes(a); };
inline constexpr auto clz = [](auto& e, auto a) { return e.clz(a); };
inline constexpr auto ctz = [](auto& e, auto a) { return e.ctz(a); };
inline constexpr auto cnt = [](auto& e, auto a) { return e.popcount(a); };
}  // namespace single
template <class T> struct rbit : Single<T, "rbit", ".10 11010110 00000 000000 ..... .....", single::rbit> {};
template <class T> struct clz : Single<T, "clz", ".10 11010110 00000 000100 ..... .....", single::clz> {};
template <class T> struct ctz : Single<T, "ctz", ".10 11010110 00000 000110 ..... .....", single::ctz> {};
template <class T> struct cnt : Single<T, "cnt", ".10 11010110 00000 000111 ..... .....", single::cnt> {};
struct rev_w : Instruction<"rev_w", "010 11010110 00000 000010 ..... .....", R2<u32>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<u32> o, Here) {
        set_reg<u32>(e, o.rd, e.reverse_bytes(reg<u32>(e, o.rn)));
    }
};
struct rev_x : Instruction<"rev_x", "110 11010110 00000 000011 ..... .....", R2<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<u64> o, Here) {
        set_x(e, o.rd, e.reverse_bytes(x(e, o.rn)));
    }
};
struct rev32 : Instruction<"rev32", "110 11010110 00000 000010 ..... .....", R2<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<u64> o, Here) {
        set_x(e, o.rd, e.ror(e.reverse_bytes(x(e, o.rn)), e.imm(32)));
    }
};
template <class T> struct rev16 : Sized<T, "rev16", ".10 11010110 00000 000001 ..... .....", R2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<T> o, Here) {
        constexpr u64 low_bytes = 0x00ff'00ff'00ff'00ff;
        auto a = reg<T>(e, o.rn);
        auto up = e.shl(e.and_(a, constant<T>(e, low_bytes)), constant<T>(e, 8));
        auto down = e.and_(e.shr(a, constant<T>(e, 8)), constant<T>(e, low_bytes));
        set_reg<T>(e, o.rd, e.or_(up, down));
    }
};
template <class T> struct cls : Sized<T, "cls", ".10 11010110 00000 000101 ..... .....", R2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto changes = e.xor_(a, e.sar(a, constant<T>(e, sizeof(T) * 8 - 1)));
        set_reg<T>(e, o.rd, e.sub(e.clz(changes), constant<T>(e, 1)));
    }
};
template <class T> struct abs : Sized<T, "abs", ".10 11010110 00000 001000 ..... .....", R2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R2<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto negative = e.lt_s(a, constant<T>(e, 0));
        set_reg<T>(e, o.rd, e.select(negative, e.neg(a), a));
    }
};

// ---- two sources ----

template <class T, isa::Text Name, isa::Text Bits, auto Operation>
struct Combine : Sized<T, Name, Bits, R3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R3<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = reg<T>(e, o.rm);
        set_reg<T>(e, o.rd, Operation(e, a, b));
    }
};
namespace quotient {
// x / 0 = 0 and MIN / -1 = MIN, as the verbs have it.
inline constexpr auto u = operation::div_u;
inline constexpr auto s = operation::div_s;
}  // namespace quotient
template <class T> struct udiv : Combine<T, "udiv", ".00 11010110 ..... 000010 ..... .....", quotient::u> {};
template <class T> struct sdiv : Combine<T, "sdiv", ".00 11010110 ..... 000011 ..... .....", quotient::s> {};
template <class T> struct lslv : Combine<T, "lslv", ".00 11010110 ..... 001000 ..... .....", operation::shl> {};
template <class T> struct lsrv : Combine<T, "lsrv", ".00 11010110 ..... 001001 ..... .....", operation::shr> {};
template <class T> struct asrv : Combine<T, "asrv", ".00 11010110 ..... 001010 ..... .....", operation::sar> {};
template <class T> struct rorv : Combine<T, "rorv", ".00 11010110 ..... 001011 ..... .....", operation::ror> {};
template <class T> struct smax : Combine<T, "smax", ".00 11010110 ..... 011000 ..... .....", operation::max_s> {};
template <class T> struct umax : Combine<T, "umax", ".00 11010110 ..... 011001 ..... .....", operation::max_u> {};
template <class T> struct smin : Combine<T, "smin", ".00 11010110 ..... 011010 ..... .....", operation::min_s> {};
template <class T> struct umin : Combine<T, "umin", ".00 11010110 ..... 011011 ..... .....", operation::min_u> {};

/// `Bytes` of rm into a checksum.
template <isa::Text Name, isa::Text Bits, int Bytes, bool Castagnoli>
struct Checksum : Instruction<Name, Bits, R3<u32, std::conditional_t<Bytes == 8, u64, u32>>> {
    template <Emitter E>
    static constexpr void run(E& e, R3<u32, std::conditional_t<Bytes == 8, u64, u32>> o, Here) {
        auto sum = e.zext(reg<u32>(e, o.rn));
        auto data = x(e, o.rm);
        set_x(e, o.rd, e.template helper<crc32<Bytes, Castagnoli>>(sum, data));
    }
};
struct crc32b : Checksum<"crc32b", "000 11010110 ..... 010000 ..... .....", 1, false> {};
struct crc32h : Checksum<"crc32h", "000 11010110 ..... 010001 ..... .....", 2, false> {};
struct crc32w : Checksum<"crc32w", "000 11010110 ..... 010010 ..... .....", 4, false> {};
struct crc32x : Checksum<"crc32x", "100 11010110 ..... 010011 ..... .....", 8, false> {};
struct crc32cb : Checksum<"crc32cb", "000 11010110 ..... 010100 ..... .....", 1, true> {};
struct crc32ch : Checksum<"crc32ch", "000 11010110 ..... 010101 ..... .....", 2, true> {};
struct crc32cw : Checksum<"crc32cw", "000 11010110 ..... 010110 ..... .....", 4, true> {};
struct crc32cx : Checksum<"crc32cx", "100 11010110 ..... 010111 ..... .....", 8, true> {};

// ---- three sources ----

template <class T, isa::Text Name, isa::Text Bits, bool Subtract>
struct MultiplyAdd : Sized<T, Name, Bits, R4<T>> {
    template <Emitter E>
    static constexpr void run(E& e, R4<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = reg<T>(e, o.rm);
        auto product = e.mul(a, b);
        if (o.ra == 31) return set_reg<T>(e, o.rd, Subtract ? e.neg(product) : product);
        auto c = reg<T>(e, o.ra);
        set_reg<T>(e, o.rd, Subtract ? e.sub(c, product) : e.add(c, product));
    }
};
template <class T> struct madd : MultiplyAdd<T, "madd", ".00 11011000 ..... 0 ..... ..... .....", false> {};
template <class T> struct msub : MultiplyAdd<T, "msub", ".00 11011000 ..... 1 ..... ..... .....", true> {};

template <isa::Text Name, isa::Text Bits, bool Signed, bool Subtract>
struct LongMultiplyAdd : Instruction<Name, Bits, R4<u64, u32>> {
    template <Emitter E>
    static constexpr void run(E& e, R4<u64, u32> o, Here) {
        auto a = Signed ? e.sext(reg<u32>(e, o.rn)) : e.zext(reg<u32>(e, o.rn));
        auto b = Signed ? e.sext(reg<u32>(e, o.rm)) : e.zext(reg<u32>(e, o.rm));
        auto product = e.mul(a, b);
        if (o.ra == 31) return set_x(e, o.rd, Subtract ? e.neg(product) : product);
        auto c = x(e, o.ra);
        set_x(e, o.rd, Subtract ? e.sub(c, product) : e.add(c, product));
    }
};
struct smaddl : LongMultiplyAdd<"smaddl", "100 11011001 ..... 0 ..... ..... .....", true, false> {};
struct smsubl : LongMultiplyAdd<"smsubl", "100 11011001 ..... 1 ..... ..... .....", true, true> {};
struct umaddl : LongMultiplyAdd<"umaddl", "100 11011101 ..... 0 ..... ..... .....", false, false> {};
struct umsubl : LongMultiplyAdd<"umsubl", "100 11011101 ..... 1 ..... ..... .....", false, true> {};

/// The ra field should be ones and is ignored.
struct smulh : Instruction<"smulh", "100 11011010 ..... 0 ..... ..... .....", R4<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, R4<u64> o, Here) {
        auto a = x(e, o.rn);
        auto b = x(e, o.rm);
        set_x(e, o.rd, e.mul_high_s(a, b));
    }
};
struct umulh : Instruction<"umulh", "100 11011110 ..... 0 ..... ..... .....", R4<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, R4<u64> o, Here) {
        auto a = x(e, o.rn);
        auto b = x(e, o.rm);
        set_x(e, o.rd, e.mul_high_u(a, b));
    }
};

using Register =
    isa::Join<BothWidths<and_reg, bic_reg, orr_reg, orn_reg, eor_reg, eon_reg, ands_reg, bics_reg, add_reg, sub_reg, adds_reg,
                         subs_reg, add_ext, sub_ext, adds_ext, subs_ext, adc, adcs, sbc, sbcs, ccmn, ccmp, ccmn_imm, ccmp_imm,
                         csel, csinc, csinv, csneg>,
              BothWidths<rbit, clz, ctz, cnt, rev16, cls, abs, udiv, sdiv, lslv, lsrv, asrv, rorv, smax, umax, smin, umin, madd,
                         msub>,
              InstructionList<rev_w, rev_x, rev32, crc32b, crc32h, crc32w, crc32x, crc32cb, crc32ch, crc32cw, crc32cx, smaddl,
                              smsubl, umaddl, umsubl, smulh, umulh>>;

}  // namespace lyrebird::aarch64
