// Floating point of one number: arithmetic, comparison, selection, moves (Arm ARM C4.1.97). Conversions and rounding to
// integral values are in float_convert.hpp.
//
// What FPCR and FPSR have to say is said by the verbs. A result clears the rest of its vector register.
#pragma once

#include "translator/aarch64/formats_float.hpp"

namespace lyrebird::aarch64 {

namespace float_operation {
inline constexpr auto add = [](auto& e, auto a, auto b) { return e.float_add(a, b, isa::dynamic_rounding); };
inline constexpr auto sub = [](auto& e, auto a, auto b) { return e.float_sub(a, b, isa::dynamic_rounding); };
inline constexpr auto mul = [](auto& e, auto a, auto b) { return e.float_mul(a, b, isa::dynamic_rounding); };
inline constexpr auto div = [](auto& e, auto a, auto b) { return e.float_div(a, b, isa::dynamic_rounding); };
inline constexpr auto negated_mul = [](auto& e, auto a, auto b) {
    return e.float_neg(e.float_mul(a, b, isa::dynamic_rounding));
};
inline constexpr auto minimum = [](auto& e, auto a, auto b) { return e.float_minimum(a, b); };
inline constexpr auto maximum = [](auto& e, auto a, auto b) { return e.float_maximum(a, b); };
inline constexpr auto minimum_number = [](auto& e, auto a, auto b) { return e.float_min(a, b); };
inline constexpr auto maximum_number = [](auto& e, auto a, auto b) { return e.float_max(a, b); };
inline constexpr auto move = [](auto&, auto a) { return a; };
inline constexpr auto abs = [](auto& e, auto a) { return e.float_abs(a); };
inline constexpr auto neg = [](auto& e, auto a) { return e.float_neg(a); };
inline constexpr auto sqrt = [](auto& e, auto a) { return e.float_sqrt(a, isa::dynamic_rounding); };
}  // namespace float_operation

// ---- one source ----

template <class F, isa::Text Name, isa::Text Bits, auto Operation>
struct FloatUnary : Precise<F, Name, Bits, Float2<F>> {
    template <Emitter E>
    static constexpr void run(E& e, Float2<F> o, Here) {
        auto a = fp<F>(e, o.rn);
        set_fp<F>(e, o.rd, Operation(e, a));
    }
};
template <class F> struct fmov : FloatUnary<F, "fmov", "00011110 tt 1 000000 10000 ..... .....", float_operation::move> {};
template <class F> struct fabs : FloatUnary<F, "fabs", "00011110 tt 1 000001 10000 ..... .....", float_operation::abs> {};
template <class F> struct fneg : FloatUnary<F, "fneg", "00011110 tt 1 000010 10000 ..... .....", float_operation::neg> {};
template <class F> struct fsqrt : FloatUnary<F, "fsqrt", "00011110 tt 1 000011 10000 ..... .....", float_operation::sqrt> {};

// ---- two sources ----

template <class F, isa::Text Name, isa::Text Bits, auto Operation>
struct FloatBinary : Precise<F, Name, Bits, Float3<F>> {
    template <Emitter E>
    static constexpr void run(E& e, Float3<F> o, Here) {
        auto a = fp<F>(e, o.rn);
        auto b = fp<F>(e, o.rm);
        set_fp<F>(e, o.rd, Operation(e, a, b));
    }
};
template <class F> struct fmul : FloatBinary<F, "fmul", "00011110 tt 1 ..... 0000 10 ..... .....", float_operation::mul> {};
template <class F> struct fdiv : FloatBinary<F, "fdiv", "00011110 tt 1 ..... 0001 10 ..... .....", float_operation::div> {};
template <class F> struct fadd : FloatBinary<F, "fadd", "00011110 tt 1 ..... 0010 10 ..... .....", float_operation::add> {};
template <class F> struct fsub : FloatBinary<F, "fsub", "00011110 tt 1 ..... 0011 10 ..... .....", float_operation::sub> {};
template <class F>
struct fmax : FloatBinary<F, "fmax", "00011110 tt 1 ..... 0100 10 ..... .....", float_operation::maximum> {};
template <class F>
struct fmin : FloatBinary<F, "fmin", "00011110 tt 1 ..... 0101 10 ..... .....", float_operation::minimum> {};
template <class F>
struct fmaxnm : FloatBinary<F, "fmaxnm", "00011110 tt 1 ..... 0110 10 ..... .....", float_operation::maximum_number> {};
template <class F>
struct fminnm : FloatBinary<F, "fminnm", "00011110 tt 1 ..... 0111 10 ..... .....", float_operation::minimum_number> {};
template <class F>
struct fnmul : FloatBinary<F, "fnmul", "00011110 tt 1 ..... 1000 10 ..... .....", float_operation::negated_mul> {};

// ---- three sources ----

/// The addend, and one factor, are negated first, so that a NaN among them changes its sign (FPNeg).
template <class F, isa::Text Name, isa::Text Bits, bool NegatesFactor, bool NegatesAddend>
struct FloatMultiplyAdd : Precise<F, Name, Bits, Float4<F>> {
    template <Emitter E>
    static constexpr void run(E& e, Float4<F> o, Here) {
        auto addend = fp<F>(e, o.ra);
        auto a = fp<F>(e, o.rn);
        auto b = fp<F>(e, o.rm);
        if constexpr (NegatesAddend) addend = e.float_neg(addend);
        if constexpr (NegatesFactor) a = e.float_neg(a);
        set_fp<F>(e, o.rd, e.float_fma(a, b, addend, isa::dynamic_rounding));
    }
};
template <class F>
struct fmadd : FloatMultiplyAdd<F, "fmadd", "00011111 tt 0 ..... 0 ..... ..... .....", false, false> {};
template <class F>
struct fmsub : FloatMultiplyAdd<F, "fmsub", "00011111 tt 0 ..... 1 ..... ..... .....", true, false> {};
template <class F>
struct fnmadd : FloatMultiplyAdd<F, "fnmadd", "00011111 tt 1 ..... 0 ..... ..... .....", true, true> {};
template <class F>
struct fnmsub : FloatMultiplyAdd<F, "fnmsub", "00011111 tt 1 ..... 1 ..... ..... .....", false, true> {};

// ---- comparison, selection ----

template <class F, isa::Text Name, isa::Text Bits, bool Signalling>
struct FloatCompare : Precise<F, Name, Bits, FloatComparison<F>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatComparison<F> o, Here) {
        auto a = fp<F>(e, o.rn);
        auto b = fp<F>(e, o.rm);
        e.set(flags_slot, e.float_compare(a, b, Signalling));
    }
};
template <class F> struct fcmp : FloatCompare<F, "fcmp", "00011110 tt 1 ..... 001000 ..... 00 000", false> {};
template <class F> struct fcmpe : FloatCompare<F, "fcmpe", "00011110 tt 1 ..... 001000 ..... 10 000", true> {};

/// The rm field should be zero and is ignored.
template <class F, isa::Text Name, isa::Text Bits, bool Signalling>
struct FloatCompareZero : Precise<F, Name, Bits, FloatZeroComparison<F>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatZeroComparison<F> o, Here) {
        auto a = fp<F>(e, o.rn);
        e.set(flags_slot, e.float_compare(a, float_constant<F>(e, 0), Signalling));
    }
};
template <class F>
struct fcmp_zero : FloatCompareZero<F, "fcmp_zero", "00011110 tt 1 ..... 001000 ..... 01 000", false> {};
template <class F>
struct fcmpe_zero : FloatCompareZero<F, "fcmpe_zero", "00011110 tt 1 ..... 001000 ..... 11 000", true> {};

/// Where the condition does not hold, zeros are compared, which raises nothing.
template <class F, isa::Text Name, isa::Text Bits, bool Signalling>
struct FloatConditionalCompare : Precise<F, Name, Bits, FloatConditional<F>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatConditional<F> o, Here) {
        using Value = isa::FloatValue<E, F>;
        auto flags = e.get(flags_slot);
        auto a = fp<F>(e, o.rn);
        auto b = fp<F>(e, o.rm);
        auto holds = e.condition(Condition(o.condition), flags);
        auto x = e.select(holds, e.float_bits(a), e.imm(0));
        auto y = e.select(holds, e.float_bits(b), e.imm(0));
        auto compared =
            e.float_compare(e.template float_from_bits<Value>(x), e.template float_from_bits<Value>(y), Signalling);
        e.set(flags_slot, e.select(holds, compared, e.flags_imm(u32(o.nzcv) << 28)));
    }
};
template <class F>
struct fccmp : FloatConditionalCompare<F, "fccmp", "00011110 tt 1 ..... .... 01 ..... 0 ....", false> {};
template <class F>
struct fccmpe : FloatConditionalCompare<F, "fccmpe", "00011110 tt 1 ..... .... 01 ..... 1 ....", true> {};

template <class F>
struct fcsel : Precise<F, "fcsel", "00011110 tt 1 ..... .... 11 ..... .....", FloatSelect<F>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatSelect<F> o, Here) {
        auto flags = e.get(flags_slot);
        auto a = fp<F>(e, o.rn);
        auto b = fp<F>(e, o.rm);
        auto chosen = e.select(e.condition(Condition(o.condition), flags), e.float_bits(a), e.float_bits(b));
        set_fp<F>(e, o.rd, e.template float_from_bits<isa::FloatValue<E, F>>(chosen));
    }
};

// ---- moves ----

template <class F>
struct fmov_imm : Precise<F, "fmov_imm", "00011110 tt 1 ........ 100 00000 .....", FloatImmediate<F>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatImmediate<F> o, Here) {
        e.set(v_slot(o.rd), e.vector_imm(expanded_float<F>(o.imm), 0));
    }
};

template <class T, class F, isa::Text Name, isa::Text Bits>
struct FloatMoveOut : Instruction<Name, Bits, FloatToGeneral<T, F>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatToGeneral<T, F> o, Here) {
        auto a = fp<F>(e, o.rn);
        set_x(e, o.rd, e.float_bits(a));
    }
};
struct fmov_w_h : FloatMoveOut<u32, F16, "fmov_w_h", "0 0011110 11 1 00 110 000000 ..... ....."> {};
struct fmov_x_h : FloatMoveOut<u64, F16, "fmov_x_h", "1 0011110 11 1 00 110 000000 ..... ....."> {};
struct fmov_w_s : FloatMoveOut<u32, F32, "fmov_w_s", "0 0011110 00 1 00 110 000000 ..... ....."> {};
struct fmov_x_d : FloatMoveOut<u64, F64, "fmov_x_d", "1 0011110 01 1 00 110 000000 ..... ....."> {};

template <class F, class T, isa::Text Name, isa::Text Bits>
struct FloatMoveIn : Instruction<Name, Bits, GeneralToFloat<F, T>> {
    template <Emitter E>
    static constexpr void run(E& e, GeneralToFloat<F, T> o, Here) {
        auto a = x(e, o.rn);
        set_fp<F>(e, o.rd, e.template float_from_bits<isa::FloatValue<E, F>>(a));
    }
};
struct fmov_h_w : FloatMoveIn<F16, u32, "fmov_h_w", "0 0011110 11 1 00 111 000000 ..... ....."> {};
struct fmov_h_x : FloatMoveIn<F16, u64, "fmov_h_x", "1 0011110 11 1 00 111 000000 ..... ....."> {};
struct fmov_s_w : FloatMoveIn<F32, u32, "fmov_s_w", "0 0011110 00 1 00 111 000000 ..... ....."> {};
struct fmov_d_x : FloatMoveIn<F64, u64, "fmov_d_x", "1 0011110 01 1 00 111 000000 ..... ....."> {};

/// rd, the upper half of rn; the upper half of rd, rn.
struct TopHalfOut : FloatToGeneral<u64, F64> {
    using Operands = TopHalfOut;
    static constexpr TopHalfOut decode(u32 word) { return {FloatToGeneral::decode(word)}; }
    static constexpr u32 encode(TopHalfOut o) { return FloatToGeneral::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.literal(".d[1]");
    }
};
struct TopHalfIn : FloatToGeneral<u64, F64> {
    using Operands = TopHalfIn;
    static constexpr TopHalfIn decode(u32 word) { return {FloatToGeneral::decode(word)}; }
    static constexpr u32 encode(TopHalfIn o) { return FloatToGeneral::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.literal(".d[1], "), t.reg(x_names, o.rn);
    }
};
struct fmov_x_top : Instruction<"fmov_x_top", "1 0011110 10 1 01 110 000000 ..... .....", TopHalfOut> {
    template <Emitter E>
    static constexpr void run(E& e, TopHalfOut o, Here) {
        auto a = e.get(v_slot(o.rn));
        set_x(e, o.rd, e.template lane<u64>(a, 1));
    }
};
struct fmov_top_x : Instruction<"fmov_top_x", "1 0011110 10 1 01 111 000000 ..... .....", TopHalfIn> {
    template <Emitter E>
    static constexpr void run(E& e, TopHalfIn o, Here) {
        auto a = x(e, o.rn);
        auto whole = e.get(v_slot(o.rd));
        e.set(v_slot(o.rd), e.template with_lane<u64>(whole, 1, a));
    }
};

using Float =
    isa::Join<AllPrecisions<fmov, fabs, fneg, fsqrt, fmul, fdiv, fadd, fsub, fmax, fmin, fmaxnm, fminnm, fnmul, fmadd, fmsub,
                            fnmadd, fnmsub, fcmp, fcmpe, fcmp_zero, fcmpe_zero, fccmp, fccmpe, fcsel, fmov_imm>,
              InstructionList<fmov_w_h, fmov_x_h, fmov_w_s, fmov_x_d, fmov_h_w, fmov_h_x, fmov_s_w, fmov_d_x, fmov_x_top,
                              fmov_top_x>>;

}  // namespace lyrebird::aarch64
