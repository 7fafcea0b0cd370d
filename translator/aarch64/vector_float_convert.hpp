// Advanced SIMD, floating point: conversions between precisions, to and from integers and fixed-point numbers, of vectors and
// of their scalars (Arm ARM C4.1.97).
#pragma once

#include "translator/aarch64/vector_float.hpp"

namespace lyrebird::aarch64 {

template <class F, bool Signed>
using IntegerOf =
    std::conditional_t<F::width == 16, std::conditional_t<Signed, i16, u16>,
                       std::conditional_t<F::width == 32, std::conditional_t<Signed, i32, u32>,
                                          std::conditional_t<Signed, i64, u64>>>;
template <bool Signed>
struct ToIntegers {
    template <class F> using On = FloatToFixed<IntegerOf<F, Signed>, F>;
};
template <bool Signed>
struct FromIntegers {
    template <class F> using On = FixedToFloat<F, IntegerOf<F, Signed>>;
};

// ---- integers ----

template <Shape S>
struct fcvtns_v : VectorFloatUnary<S, "fcvtns", "0 0 11010", ToIntegers<true>, rounding::nearest> {};
template <Shape S>
struct fcvtms_v : VectorFloatUnary<S, "fcvtms", "0 0 11011", ToIntegers<true>, rounding::downward> {};
template <Shape S>
struct fcvtas_v : VectorFloatUnary<S, "fcvtas", "0 0 11100", ToIntegers<true>, rounding::away> {};
template <Shape S>
struct fcvtps_v : VectorFloatUnary<S, "fcvtps", "0 1 11010", ToIntegers<true>, rounding::upward> {};
template <Shape S>
struct fcvtzs_v : VectorFloatUnary<S, "fcvtzs", "0 1 11011", ToIntegers<true>, rounding::zero> {};
template <Shape S>
struct fcvtnu_v : VectorFloatUnary<S, "fcvtnu", "1 0 11010", ToIntegers<false>, rounding::nearest> {};
template <Shape S>
struct fcvtmu_v : VectorFloatUnary<S, "fcvtmu", "1 0 11011", ToIntegers<false>, rounding::downward> {};
template <Shape S>
struct fcvtau_v : VectorFloatUnary<S, "fcvtau", "1 0 11100", ToIntegers<false>, rounding::away> {};
template <Shape S>
struct fcvtpu_v : VectorFloatUnary<S, "fcvtpu", "1 1 11010", ToIntegers<false>, rounding::upward> {};
template <Shape S>
struct fcvtzu_v : VectorFloatUnary<S, "fcvtzu", "1 1 11011", ToIntegers<false>, rounding::zero> {};
template <Shape S> struct scvtf_v : VectorFloatUnary<S, "scvtf", "0 0 11101", FromIntegers<true>> {};
template <Shape S> struct ucvtf_v : VectorFloatUnary<S, "ucvtf", "1 0 11101", FromIntegers<false>> {};

// ---- fixed point ----

template <Shape S, isa::Text Name, isa::Text Values, class Kind, isa::Rounding Rounding>
struct VectorFloatFixed : Instruction<shaped_name<S, Name>, by_shift<S, Values>, VectorFloatPoint<S>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloatPoint<S> o, Here) {
        auto a = v(e, o.rn);
        const u64 options = lane_options(lanes_in<S>(o.arrangement), Rounding, o.point).packed();
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            set_v(e, o.rd, e.template vector_float_with<typename Kind::template On<F>>(options, a));
        });
    }
};
template <Shape S>
struct scvtf_point : VectorFloatFixed<S, "scvtf_fixed", "0 0 11100", FromIntegers<true>, rounding::dynamic> {};
template <Shape S>
struct ucvtf_point : VectorFloatFixed<S, "ucvtf_fixed", "1 0 11100", FromIntegers<false>, rounding::dynamic> {};
template <Shape S>
struct fcvtzs_point : VectorFloatFixed<S, "fcvtzs_fixed", "0 0 11111", ToIntegers<true>, rounding::zero> {};
template <Shape S>
struct fcvtzu_point : VectorFloatFixed<S, "fcvtzu_fixed", "1 0 11111", ToIntegers<false>, rounding::zero> {};

// ---- precisions ----

/// A register of wider lanes (of size `Wide`, as a power of two) and one of narrower ones, of which one half counts.
template <int Wide, bool Narrows, bool Upper>
struct HalfRegister {
    using Operands = HalfRegister;
    u8 rd, rn;
    constexpr bool operator==(const HalfRegister&) const = default;
    static constexpr HalfRegister decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(HalfRegister o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::string_view wide = arrangement_suffixes[Wide << 1 | 1];
        constexpr std::string_view narrow = arrangement_suffixes[(Wide - 1) << 1 | Upper];
        t.reg(v_names, o.rd), t.literal(Narrows ? narrow : wide), t.comma();
        t.reg(v_names, o.rn), t.literal(Narrows ? wide : narrow);
    }
};
/// The half of `a` that counts, below.
template <Emitter E>
constexpr typename E::V128 chosen_half(E& e, typename E::V128 a, bool upper) {
    if (!upper) return a;
    auto half = e.template lane<u64>(a, 1);
    return e.vector_from(half, e.imm(0));
}

template <class To, class From, bool Upper, isa::Text Name, isa::Text Bits>
struct VectorFloatLengthen : Instruction<Name, Bits, HalfRegister<To::width == 64 ? 3 : 2, false, Upper>> {
    using Operands = HalfRegister<To::width == 64 ? 3 : 2, false, Upper>;
    template <Emitter E>
    static constexpr void run(E& e, Operands o, Here) {
        auto a = chosen_half(e, v(e, o.rn), Upper);
        set_v(e, o.rd, e.template vector_float_with<ConvertLanes<To, From>>(lane_options(128 / To::width).packed(), a));
    }
};
struct fcvtl_s : VectorFloatLengthen<F32, F16, false, "fcvtl_s", "00 0 01110 00 10000 10111 10 ..... ....."> {};
struct fcvtl_d : VectorFloatLengthen<F64, F32, false, "fcvtl_d", "00 0 01110 01 10000 10111 10 ..... ....."> {};
struct fcvtl2_s : VectorFloatLengthen<F32, F16, true, "fcvtl2_s", "01 0 01110 00 10000 10111 10 ..... ....."> {};
struct fcvtl2_d : VectorFloatLengthen<F64, F32, true, "fcvtl2_d", "01 0 01110 01 10000 10111 10 ..... ....."> {};

/// The upper form leaves the lower half of rd.
template <class To, class From, bool Upper, isa::Text Name, isa::Text Bits, isa::Rounding Rounding = isa::dynamic_rounding>
struct VectorFloatNarrow : Instruction<Name, Bits, HalfRegister<From::width == 64 ? 3 : 2, true, Upper>> {
    using Operands = HalfRegister<From::width == 64 ? 3 : 2, true, Upper>;
    template <Emitter E>
    static constexpr void run(E& e, Operands o, Here) {
        auto a = v(e, o.rn);
        constexpr u64 options = lane_options(128 / From::width, Rounding).packed();
        if constexpr (Upper) {
            auto before = v(e, o.rd);
            auto result = e.template vector_float_with<ConvertLanes<To, From>>(options, a);
            auto half = e.template lane<u64>(result, 0);
            set_v(e, o.rd, e.template with_lane<u64>(before, 1, half));
        } else {
            set_v(e, o.rd, e.template vector_float_with<ConvertLanes<To, From>>(options, a));
        }
    }
};
using ieee::BF16;
struct fcvtn_h : VectorFloatNarrow<F16, F32, false, "fcvtn_h", "00 0 01110 00 10000 10110 10 ..... ....."> {};
struct fcvtn_s : VectorFloatNarrow<F32, F64, false, "fcvtn_s", "00 0 01110 01 10000 10110 10 ..... ....."> {};
struct bfcvtn : VectorFloatNarrow<BF16, F32, false, "bfcvtn", "00 0 01110 10 10000 10110 10 ..... ....."> {};
struct fcvtxn : VectorFloatNarrow<F32, F64, false, "fcvtxn", "00 1 01110 01 10000 10110 10 ..... .....", rounding::odd> {};
struct fcvtn2_h : VectorFloatNarrow<F16, F32, true, "fcvtn2_h", "01 0 01110 00 10000 10110 10 ..... ....."> {};
struct fcvtn2_s : VectorFloatNarrow<F32, F64, true, "fcvtn2_s", "01 0 01110 01 10000 10110 10 ..... ....."> {};
struct bfcvtn2 : VectorFloatNarrow<BF16, F32, true, "bfcvtn2", "01 0 01110 10 10000 10110 10 ..... ....."> {};
struct fcvtxn2 : VectorFloatNarrow<F32, F64, true, "fcvtxn2", "01 1 01110 01 10000 10110 10 ..... .....", rounding::odd> {};

struct fcvtxn_s : Instruction<"fcvtxn_s", "01 1 11110 01 10000 10110 10 ..... .....", Float2<F32, F64>> {
    template <Emitter E>
    static constexpr void run(E& e, Float2<F32, F64> o, Here) {
        auto a = fp<F64>(e, o.rn);
        set_fp<F32>(e, o.rd, e.template float_convert<typename E::F32>(a, rounding::odd));
    }
};

using VectorFloatConversions = isa::Join<
    AllShapes<fcvtns_v, fcvtms_v, fcvtas_v, fcvtps_v, fcvtzs_v, fcvtnu_v, fcvtmu_v, fcvtau_v, fcvtpu_v, fcvtzu_v, scvtf_v,
              ucvtf_v, scvtf_point, ucvtf_point, fcvtzs_point, fcvtzu_point>,
    InstructionList<fcvtl_s, fcvtl_d, fcvtl2_s, fcvtl2_d, fcvtn_h, fcvtn_s, bfcvtn, fcvtxn, fcvtn2_h, fcvtn2_s, bfcvtn2,
                    fcvtxn2, fcvtxn_s>>;

}  // namespace lyrebird::aarch64
