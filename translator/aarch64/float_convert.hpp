// Floating point of one number: conversions between precisions, to and from integers and fixed-point numbers, and rounding to
// integral values (Arm ARM C4.1.97).
#pragma once

#include "translator/aarch64/float_lanes.hpp"
#include "translator/aarch64/formats_float.hpp"

namespace lyrebird::aarch64 {

namespace rounding {
using ieee::Rounding;
inline constexpr isa::Rounding nearest{Rounding::nearest_even}, upward{Rounding::upward}, downward{Rounding::downward},
    zero{Rounding::toward_zero}, away{Rounding::nearest_away}, odd{Rounding::odd}, dynamic = isa::dynamic_rounding;
}  // namespace rounding

/// What a vector operation is told of the direction.
constexpr LaneOptions lane_options(int lanes, isa::Rounding rounding = isa::dynamic_rounding, int point = 0) {
    return {u8(lanes), rounding.dynamic, rounding.direction, u8(point)};
}

// ---- between precisions ----

template <class To, class From, isa::Text Name, isa::Text Bits>
struct FloatConvert : Instruction<Name, Bits, Float2<To, From>> {
    template <Emitter E>
    static constexpr void run(E& e, Float2<To, From> o, Here) {
        auto a = fp<From>(e, o.rn);
        set_fp<To>(e, o.rd, e.template float_convert<isa::FloatValue<E, To>>(a, isa::dynamic_rounding));
    }
};
struct fcvt_d_s : FloatConvert<F64, F32, "fcvt_d_s", "00011110 00 1 000101 10000 ..... ....."> {};
struct fcvt_h_s : FloatConvert<F16, F32, "fcvt_h_s", "00011110 00 1 000111 10000 ..... ....."> {};
struct fcvt_s_d : FloatConvert<F32, F64, "fcvt_s_d", "00011110 01 1 000100 10000 ..... ....."> {};
struct fcvt_h_d : FloatConvert<F16, F64, "fcvt_h_d", "00011110 01 1 000111 10000 ..... ....."> {};
struct fcvt_s_h : FloatConvert<F32, F16, "fcvt_s_h", "00011110 11 1 000100 10000 ..... ....."> {};
struct fcvt_d_h : FloatConvert<F64, F16, "fcvt_d_h", "00011110 11 1 000101 10000 ..... ....."> {};

struct bfcvt : Instruction<"bfcvt", "00011110 01 1 000110 10000 ..... .....", Float2<F16, F32>> {
    template <Emitter E>
    static constexpr void run(E& e, Float2<F16, F32> o, Here) {
        auto a = e.get(v_slot(o.rn));
        e.set(v_slot(o.rd), e.template vector_float_with<ConvertLanes<ieee::BF16, F32>>(lane_options(1).packed(), a));
    }
};

// ---- integral values ----

template <class F, isa::Text Name, isa::Text Bits, isa::Rounding Rounding, bool Inexact = false>
struct FloatRound : Precise<F, Name, Bits, Float2<F>> {
    template <Emitter E>
    static constexpr void run(E& e, Float2<F> o, Here) {
        auto a = fp<F>(e, o.rn);
        set_fp<F>(e, o.rd, e.float_round(a, Rounding, Inexact));
    }
};
template <class F> struct frintn : FloatRound<F, "frintn", "00011110 tt 1 001000 10000 ..... .....", rounding::nearest> {};
template <class F> struct frintp : FloatRound<F, "frintp", "00011110 tt 1 001001 10000 ..... .....", rounding::upward> {};
template <class F> struct frintm : FloatRound<F, "frintm", "00011110 tt 1 001010 10000 ..... .....", rounding::downward> {};
template <class F> struct frintz : FloatRound<F, "frintz", "00011110 tt 1 001011 10000 ..... .....", rounding::zero> {};
template <class F> struct frinta : FloatRound<F, "frinta", "00011110 tt 1 001100 10000 ..... .....", rounding::away> {};
template <class F>
struct frintx : FloatRound<F, "frintx", "00011110 tt 1 001110 10000 ..... .....", rounding::dynamic, true> {};
template <class F> struct frinti : FloatRound<F, "frinti", "00011110 tt 1 001111 10000 ..... .....", rounding::dynamic> {};

template <class F, isa::Text Name, isa::Text Bits, int Width, isa::Rounding Rounding>
struct FloatRoundToWidth : Precise<F, Name, Bits, Float2<F>> {
    template <Emitter E>
    static constexpr void run(E& e, Float2<F> o, Here) {
        auto a = e.get(v_slot(o.rn));
        constexpr u64 options = lane_options(1, Rounding).packed();
        e.set(v_slot(o.rd), e.template vector_float_with<EachLane<float_lane::round_to_width<Width>, F>>(options, a));
    }
};
template <class F>
struct frint32z : FloatRoundToWidth<F, "frint32z", "00011110 tt 1 010000 10000 ..... .....", 32, rounding::zero> {};
template <class F>
struct frint32x : FloatRoundToWidth<F, "frint32x", "00011110 tt 1 010001 10000 ..... .....", 32, rounding::dynamic> {};
template <class F>
struct frint64z : FloatRoundToWidth<F, "frint64z", "00011110 tt 1 010010 10000 ..... .....", 64, rounding::zero> {};
template <class F>
struct frint64x : FloatRoundToWidth<F, "frint64x", "00011110 tt 1 010011 10000 ..... .....", 64, rounding::dynamic> {};

// ---- integers ----

/// An instruction of one precision and one width of the general register.
template <class T, class F, isa::Text Name, isa::Text Bits, class Format>
using Converting = Instruction<lettered<lettered<Name, sizeof(T) == 8 ? 'x' : 'w'>, precision_letter<F>>,
                               sized<T, typed<F, Bits>>, Format>;

/// T is the integer's type: its sign counts.
template <class T, class F, isa::Text Name, isa::Text Bits, isa::Rounding Rounding>
struct FloatToInteger : Converting<T, F, Name, Bits, FloatToGeneral<std::make_unsigned_t<T>, F>> {
    using Register = std::make_unsigned_t<T>;
    template <Emitter E>
    static constexpr void run(E& e, FloatToGeneral<Register, F> o, Here) {
        auto a = fp<F>(e, o.rn);
        auto result = e.template float_to_int<T>(a, Rounding);
        if constexpr (sizeof(T) == 8)
            set_x(e, o.rd, result);
        else
            set_reg<u32>(e, o.rd, e.trunc(result));
    }
};
template <class T, class F>
struct fcvtns : FloatToInteger<T, F, "fcvtns", ".0011110 tt 1 00 000 000000 ..... .....", rounding::nearest> {};
template <class T, class F>
struct fcvtps : FloatToInteger<T, F, "fcvtps", ".0011110 tt 1 01 000 000000 ..... .....", rounding::upward> {};
template <class T, class F>
struct fcvtms : FloatToInteger<T, F, "fcvtms", ".0011110 tt 1 10 000 000000 ..... .....", rounding::downward> {};
template <class T, class F>
struct fcvtzs : FloatToInteger<T, F, "fcvtzs", ".0011110 tt 1 11 000 000000 ..... .....", rounding::zero> {};
template <class T, class F>
struct fcvtas : FloatToInteger<T, F, "fcvtas", ".0011110 tt 1 00 100 000000 ..... .....", rounding::away> {};
template <class T, class F>
struct fcvtnu : FloatToInteger<T, F, "fcvtnu", ".0011110 tt 1 00 001 000000 ..... .....", rounding::nearest> {};
template <class T, class F>
struct fcvtpu : FloatToInteger<T, F, "fcvtpu", ".0011110 tt 1 01 001 000000 ..... .....", rounding::upward> {};
template <class T, class F>
struct fcvtmu : FloatToInteger<T, F, "fcvtmu", ".0011110 tt 1 10 001 000000 ..... .....", rounding::downward> {};
template <class T, class F>
struct fcvtzu : FloatToInteger<T, F, "fcvtzu", ".0011110 tt 1 11 001 000000 ..... .....", rounding::zero> {};
template <class T, class F>
struct fcvtau : FloatToInteger<T, F, "fcvtau", ".0011110 tt 1 00 101 000000 ..... .....", rounding::away> {};

template <class T, class F, isa::Text Name, isa::Text Bits>
struct IntegerToFloat : Converting<T, F, Name, Bits, GeneralToFloat<F, std::make_unsigned_t<T>>> {
    using Format = GeneralToFloat<F, std::make_unsigned_t<T>>;
    template <Emitter E>
    static constexpr void run(E& e, Format o, Here) {
        auto a = x(e, o.rn);
        set_fp<F>(e, o.rd, e.template float_from_int<isa::FloatValue<E, F>, T>(a, isa::dynamic_rounding));
    }
};
template <class T, class F> struct scvtf : IntegerToFloat<T, F, "scvtf", ".0011110 tt 1 00 010 000000 ..... ....."> {};
template <class T, class F> struct ucvtf : IntegerToFloat<T, F, "ucvtf", ".0011110 tt 1 00 011 000000 ..... ....."> {};

// ---- fixed point ----

template <class T, class F, isa::Text Name, isa::Text Bits>
struct FloatToPoint
    : Converting<T, F, Name, Bits, WithPoint<T, FloatToGeneral<std::make_unsigned_t<T>, F>>> {
    using Operands = WithPoint<T, FloatToGeneral<std::make_unsigned_t<T>, F>>;
    template <Emitter E>
    static constexpr void run(E& e, Operands o, Here) {
        auto a = e.get(v_slot(o.rn));
        const u64 options = lane_options(1, rounding::zero, o.point).packed();
        auto result = e.template vector_float_with<FloatToFixed<T, F>>(options, a);
        set_x(e, o.rd, e.template lane<std::make_unsigned_t<T>>(result, 0));
    }
};
template <class T, class F>
struct fcvtzs_fixed : FloatToPoint<T, F, "fcvtzs_fixed", ".0011110 tt 0 11 000 ...... ..... ....."> {};
template <class T, class F>
struct fcvtzu_fixed : FloatToPoint<T, F, "fcvtzu_fixed", ".0011110 tt 0 11 001 ...... ..... ....."> {};

template <class T, class F, isa::Text Name, isa::Text Bits>
struct PointToFloat : Converting<T, F, Name, Bits, WithPoint<T, GeneralToFloat<F, std::make_unsigned_t<T>>>> {
    using Operands = WithPoint<T, GeneralToFloat<F, std::make_unsigned_t<T>>>;
    template <Emitter E>
    static constexpr void run(E& e, Operands o, Here) {
        auto a = x(e, o.rn);
        const u64 options = lane_options(1, isa::dynamic_rounding, o.point).packed();
        auto value = e.vector_from(a, e.imm(0));
        e.set(v_slot(o.rd), e.template vector_float_with<FixedToFloat<F, T>>(options, value));
    }
};
template <class T, class F>
struct scvtf_fixed : PointToFloat<T, F, "scvtf_fixed", ".0011110 tt 0 00 010 ...... ..... ....."> {};
template <class T, class F>
struct ucvtf_fixed : PointToFloat<T, F, "ucvtf_fixed", ".0011110 tt 0 00 011 ...... ..... ....."> {};

/// The flags say whether the integer is the operand (FPToFixedJS).
struct fjcvtzs : Instruction<"fjcvtzs", "0 0011110 01 1 11 110 000000 ..... .....", FloatToGeneral<u32, F64>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatToGeneral<u32, F64> o, Here) {
        auto a = e.get(v_slot(o.rn));
        auto result = e.template vector_float<JavascriptToInteger>(a);
        auto value = e.template lane<u64>(result, 0);
        auto exact = e.template lane<u64>(result, 1);
        set_x(e, o.rd, value);
        e.set(flags_slot, e.flags_from_bits(e.shl(exact, e.imm(30))));
    }
};

/// The list of each with integers of type T in all precisions.
template <class T, template <class, class> class... Instructions>
using ConvertingAll =
    isa::Join<InstructionList<Instructions<T, F16>, Instructions<T, F32>, Instructions<T, F64>>...>;

using FloatConversions = isa::Join<
    InstructionList<fcvt_d_s, fcvt_h_s, fcvt_s_d, fcvt_h_d, fcvt_s_h, fcvt_d_h, bfcvt, fjcvtzs>,
    AllPrecisions<frintn, frintp, frintm, frintz, frinta, frintx, frinti>,
    WiderPrecisions<frint32z, frint32x, frint64z, frint64x>,
    ConvertingAll<i32, fcvtns, fcvtps, fcvtms, fcvtzs, fcvtas, scvtf, fcvtzs_fixed, scvtf_fixed>,
    ConvertingAll<i64, fcvtns, fcvtps, fcvtms, fcvtzs, fcvtas, scvtf, fcvtzs_fixed, scvtf_fixed>,
    ConvertingAll<u32, fcvtnu, fcvtpu, fcvtmu, fcvtzu, fcvtau, ucvtf, fcvtzu_fixed, ucvtf_fixed>,
    ConvertingAll<u64, fcvtnu, fcvtpu, fcvtmu, fcvtzu, fcvtau, ucvtf, fcvtzu_fixed, ucvtf_fixed>>;

}  // namespace lyrebird::aarch64
