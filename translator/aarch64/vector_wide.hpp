// Advanced SIMD on integers: lanes made twice or half as wide, one lane with all, sums of products (Arm ARM C4.1.97).
//
// The "2" forms, which use the upper half of the narrow side, are the same instruction with Q = 1.
#pragma once

#include "translator/aarch64/vector_integer.hpp"

namespace lyrebird::aarch64 {

/// The half of register `number` that Q says, as a low half.
template <Emitter E>
constexpr typename E::V128 half(E& e, u8 number, bool upper) {
    auto whole = v(e, number);
    return upper ? e.template vector<isa::UpperHalf>(whole) : whole;
}
/// Writes a narrow result: the lower half, with zeros above, or the upper half of what rd holds.
template <Emitter E>
constexpr void set_half(E& e, u8 number, bool upper, typename E::V128 value) {
    set_v(e, number, upper ? e.template vector<isa::JoinLow>(v(e, number), value) : value);
}

// ---- widening; T are the narrow lanes ----

template <class T, isa::Text Name, isa::Text Bits, class F>
struct Long : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto a = half(e, o.rn, o.full);
        auto b = half(e, o.rm, o.full);
        set_v(e, o.rd, e.template vector<isa::Widening<F, T>>(a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct LongOnto : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = half(e, o.rn, o.full);
        auto b = half(e, o.rm, o.full);
        set_v(e, o.rd, e.template vector<isa::WideningOnto<F, T>>(old, a, b));
    }
};
/// The first source is wide.
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Wide : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto a = v(e, o.rn);
        auto b = half(e, o.rm, o.full);
        set_v(e, o.rd, e.template vector<isa::WideningOnto<F, T>>(a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct LongSaturating : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = half(e, o.rn, o.full);
        auto b = half(e, o.rm, o.full);
        const u64 options = SaturatingOptions{u8(8 / sizeof(T))}.packed();
        set_v(e, o.rd, e.template vector_saturating_with<isa::WideningSaturating<F, T>>(options, old, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct ScalarLongSaturating : Laned<T, Name, Bits, Scalar3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Scalar3<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        const u64 options = SaturatingOptions{1}.packed();
        set_v(e, o.rd, e.template vector_saturating_with<isa::WideningSaturating<F, T>>(options, old, a, b));
    }
};
/// Sums and differences made half as wide: T are the wide lanes, whose size the encoding names by its half.
template <class Half, isa::Text Name, isa::Text Bits, class F>
struct HighHalf : Laned<Half, Name, Bits, Vector3<Half, true>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<Half, true> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto narrow = e.template vector_with<isa::Narrowing<F, Doubled<Half>>>(u64(sizeof(Half) * 8), a, b);
        set_half(e, o.rd, o.full, narrow);
    }
};

using VectorWide = isa::Join<
    ForLanes<Long, "saddl", "0 . 0 01110 ss 1 ..... 0000 00 ..... .....", per_lane::Add, i8, i16, i32>,
    ForLanes<Long, "uaddl", "0 . 1 01110 ss 1 ..... 0000 00 ..... .....", per_lane::Add, u8, u16, u32>,
    ForLanes<Wide, "saddw", "0 . 0 01110 ss 1 ..... 0001 00 ..... .....", per_lane::Add, i8, i16, i32>,
    ForLanes<Wide, "uaddw", "0 . 1 01110 ss 1 ..... 0001 00 ..... .....", per_lane::Add, u8, u16, u32>,
    ForLanes<Long, "ssubl", "0 . 0 01110 ss 1 ..... 0010 00 ..... .....", per_lane::Sub, i8, i16, i32>,
    ForLanes<Long, "usubl", "0 . 1 01110 ss 1 ..... 0010 00 ..... .....", per_lane::Sub, u8, u16, u32>,
    ForLanes<Wide, "ssubw", "0 . 0 01110 ss 1 ..... 0011 00 ..... .....", per_lane::Sub, i8, i16, i32>,
    ForLanes<Wide, "usubw", "0 . 1 01110 ss 1 ..... 0011 00 ..... .....", per_lane::Sub, u8, u16, u32>,
    ForLanes<HighHalf, "addhn", "0 . 0 01110 ss 1 ..... 0100 00 ..... .....", per_lane::NarrowSum, u8, u16, u32>,
    ForLanes<HighHalf, "raddhn", "0 . 1 01110 ss 1 ..... 0100 00 ..... .....", per_lane::NarrowSumRounding, u8, u16, u32>,
    ForLanes<LongOnto, "sabal", "0 . 0 01110 ss 1 ..... 0101 00 ..... .....", per_lane::AbsDifferenceAdd, i8, i16, i32>,
    ForLanes<LongOnto, "uabal", "0 . 1 01110 ss 1 ..... 0101 00 ..... .....", per_lane::AbsDifferenceAdd, u8, u16, u32>,
    ForLanes<HighHalf, "subhn", "0 . 0 01110 ss 1 ..... 0110 00 ..... .....", per_lane::NarrowDifference, u8, u16, u32>,
    ForLanes<HighHalf, "rsubhn", "0 . 1 01110 ss 1 ..... 0110 00 ..... .....", per_lane::NarrowDifferenceRounding, u8, u16, u32>,
    ForLanes<Long, "sabdl", "0 . 0 01110 ss 1 ..... 0111 00 ..... .....", per_lane::AbsDifference, i8, i16, i32>,
    ForLanes<Long, "uabdl", "0 . 1 01110 ss 1 ..... 0111 00 ..... .....", per_lane::AbsDifference, u8, u16, u32>,
    ForLanes<LongOnto, "smlal", "0 . 0 01110 ss 1 ..... 1000 00 ..... .....", per_lane::MulAdd, i8, i16, i32>,
    ForLanes<LongOnto, "umlal", "0 . 1 01110 ss 1 ..... 1000 00 ..... .....", per_lane::MulAdd, u8, u16, u32>,
    ForLanes<LongOnto, "smlsl", "0 . 0 01110 ss 1 ..... 1010 00 ..... .....", per_lane::MulSub, i8, i16, i32>,
    ForLanes<LongOnto, "umlsl", "0 . 1 01110 ss 1 ..... 1010 00 ..... .....", per_lane::MulSub, u8, u16, u32>,
    ForLanes<Long, "smull", "0 . 0 01110 ss 1 ..... 1100 00 ..... .....", per_lane::Mul, i8, i16, i32>,
    ForLanes<Long, "umull", "0 . 1 01110 ss 1 ..... 1100 00 ..... .....", per_lane::Mul, u8, u16, u32>,
    ForLanes<LongSaturating, "sqdmlal", "0 . 0 01110 ss 1 ..... 1001 00 ..... .....", per_lane::DoublingMulAdd<false>, i16, i32>,
    ForLanes<LongSaturating, "sqdmlsl", "0 . 0 01110 ss 1 ..... 1011 00 ..... .....", per_lane::DoublingMulAdd<true>, i16, i32>,
    ForLanes<LongSaturating, "sqdmull", "0 . 0 01110 ss 1 ..... 1101 00 ..... .....", per_lane::DoublingMul, i16, i32>,
    ForLanes<ScalarLongSaturating, "sqdmlal_scalar", "01 0 11110 ss 1 ..... 1001 00 ..... .....", per_lane::DoublingMulAdd<false>, i16, i32>,
    ForLanes<ScalarLongSaturating, "sqdmlsl_scalar", "01 0 11110 ss 1 ..... 1011 00 ..... .....", per_lane::DoublingMulAdd<true>, i16, i32>,
    ForLanes<ScalarLongSaturating, "sqdmull_scalar", "01 0 11110 ss 1 ..... 1101 00 ..... .....", per_lane::DoublingMul, i16, i32>>;

// ---- one lane of rm with all of rn ----

template <class T, Emitter E>
constexpr typename E::V128 splatted(E& e, u8 number, u8 index) {
    return e.template splat<T>(e.template lane<T>(v(e, number), index));
}
template <class T, isa::Text Name, isa::Text Bits, class F>
struct ByLane : Laned<T, Name, Bits, VectorByLane<T>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<T> o, Here) {
        auto a = v(e, o.rn);
        auto b = splatted<T>(e, o.rm, o.lane);
        set_v(e, o.rd, o.full, e.template vector<isa::EachLane<F, T>>(a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct ByLaneOnto : Laned<T, Name, Bits, VectorByLane<T>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = splatted<T>(e, o.rm, o.lane);
        set_v(e, o.rd, o.full, e.template vector<isa::EachLane<F, T>>(old, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct LongByLane : Laned<T, Name, Bits, VectorByLane<T>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<T> o, Here) {
        auto a = half(e, o.rn, o.full);
        auto b = splatted<T>(e, o.rm, o.lane);
        set_v(e, o.rd, e.template vector<isa::Widening<F, T>>(a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct LongByLaneOnto : Laned<T, Name, Bits, VectorByLane<T>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = half(e, o.rn, o.full);
        auto b = splatted<T>(e, o.rm, o.lane);
        set_v(e, o.rd, e.template vector<isa::WideningOnto<F, T>>(old, a, b));
    }
};
/// Saturating forms: a scalar is a vector of which one lane counts.
template <class T, isa::Text Name, isa::Text Bits, class F, bool IsScalar, bool Accumulates>
struct ByLaneSaturatingOf : Laned<T, Name, Bits, VectorByLane<T, IsScalar ? int(sizeof(T)) : 0>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<T, IsScalar ? int(sizeof(T)) : 0> o, Here) {
        using Op = isa::EachLaneSaturating<F, T>;
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = splatted<T>(e, o.rm, o.lane);
        const u64 options = SaturatingOptions{IsScalar ? u8(1) : lane_count<T>(o.full)}.packed();
        if constexpr (Accumulates)
            set_v(e, o.rd, e.template vector_saturating_with<Op>(options, old, a, b));
        else
            set_v(e, o.rd, e.template vector_saturating_with<Op>(options, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F, bool IsScalar>
struct LongByLaneSaturatingOf : Laned<T, Name, Bits, VectorByLane<T, IsScalar ? int(2 * sizeof(T)) : 0>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<T, IsScalar ? int(2 * sizeof(T)) : 0> o, Here) {
        auto old = v(e, o.rd);
        auto a = half(e, o.rn, !IsScalar && o.full != 0);
        auto b = splatted<T>(e, o.rm, o.lane);
        const u64 options = SaturatingOptions{IsScalar ? u8(1) : u8(8 / sizeof(T))}.packed();
        set_v(e, o.rd, e.template vector_saturating_with<isa::WideningSaturating<F, T>>(options, old, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
using ByLaneSaturating = ByLaneSaturatingOf<T, Name, Bits, F, false, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ByLaneSaturatingOnto = ByLaneSaturatingOf<T, Name, Bits, F, false, true>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ScalarByLaneSaturating = ByLaneSaturatingOf<T, Name, Bits, F, true, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ScalarByLaneSaturatingOnto = ByLaneSaturatingOf<T, Name, Bits, F, true, true>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using LongByLaneSaturating = LongByLaneSaturatingOf<T, Name, Bits, F, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ScalarLongByLaneSaturating = LongByLaneSaturatingOf<T, Name, Bits, F, true>;

using VectorsByLane = isa::Join<
    ForLanes<LongByLaneOnto, "smlal_lane", "0 . 0 01111 ss .. .... 0010 . 0 ..... .....", per_lane::MulAdd, i16, i32>,
    ForLanes<LongByLaneOnto, "umlal_lane", "0 . 1 01111 ss .. .... 0010 . 0 ..... .....", per_lane::MulAdd, u16, u32>,
    ForLanes<LongByLaneOnto, "smlsl_lane", "0 . 0 01111 ss .. .... 0110 . 0 ..... .....", per_lane::MulSub, i16, i32>,
    ForLanes<LongByLaneOnto, "umlsl_lane", "0 . 1 01111 ss .. .... 0110 . 0 ..... .....", per_lane::MulSub, u16, u32>,
    ForLanes<LongByLane, "smull_lane", "0 . 0 01111 ss .. .... 1010 . 0 ..... .....", per_lane::Mul, i16, i32>,
    ForLanes<LongByLane, "umull_lane", "0 . 1 01111 ss .. .... 1010 . 0 ..... .....", per_lane::Mul, u16, u32>,
    ForLanes<ByLane, "mul_lane", "0 . 0 01111 ss .. .... 1000 . 0 ..... .....", per_lane::Mul, u16, u32>,
    ForLanes<ByLaneOnto, "mla_lane", "0 . 1 01111 ss .. .... 0000 . 0 ..... .....", per_lane::MulAdd, u16, u32>,
    ForLanes<ByLaneOnto, "mls_lane", "0 . 1 01111 ss .. .... 0100 . 0 ..... .....", per_lane::MulSub, u16, u32>,
    ForLanes<LongByLaneSaturating, "sqdmlal_lane", "0 . 0 01111 ss .. .... 0011 . 0 ..... .....", per_lane::DoublingMulAdd<false>, i16, i32>,
    ForLanes<LongByLaneSaturating, "sqdmlsl_lane", "0 . 0 01111 ss .. .... 0111 . 0 ..... .....", per_lane::DoublingMulAdd<true>, i16, i32>,
    ForLanes<LongByLaneSaturating, "sqdmull_lane", "0 . 0 01111 ss .. .... 1011 . 0 ..... .....", per_lane::DoublingMul, i16, i32>,
    ForLanes<ByLaneSaturating, "sqdmulh_lane", "0 . 0 01111 ss .. .... 1100 . 0 ..... .....", per_lane::DoublingMulHigh<false>, i16, i32>,
    ForLanes<ByLaneSaturating, "sqrdmulh_lane", "0 . 0 01111 ss .. .... 1101 . 0 ..... .....", per_lane::DoublingMulHigh<true>, i16, i32>,
    ForLanes<ByLaneSaturatingOnto, "sqrdmlah_lane", "0 . 1 01111 ss .. .... 1101 . 0 ..... .....", per_lane::RoundingDoublingMulAddHigh<false>, i16, i32>,
    ForLanes<ByLaneSaturatingOnto, "sqrdmlsh_lane", "0 . 1 01111 ss .. .... 1111 . 0 ..... .....", per_lane::RoundingDoublingMulAddHigh<true>, i16, i32>,
    ForLanes<ScalarLongByLaneSaturating, "sqdmlal_scalar_lane", "01 0 11111 ss .. .... 0011 . 0 ..... .....", per_lane::DoublingMulAdd<false>, i16, i32>,
    ForLanes<ScalarLongByLaneSaturating, "sqdmlsl_scalar_lane", "01 0 11111 ss .. .... 0111 . 0 ..... .....", per_lane::DoublingMulAdd<true>, i16, i32>,
    ForLanes<ScalarLongByLaneSaturating, "sqdmull_scalar_lane", "01 0 11111 ss .. .... 1011 . 0 ..... .....", per_lane::DoublingMul, i16, i32>,
    ForLanes<ScalarByLaneSaturating, "sqdmulh_scalar_lane", "01 0 11111 ss .. .... 1100 . 0 ..... .....", per_lane::DoublingMulHigh<false>, i16, i32>,
    ForLanes<ScalarByLaneSaturating, "sqrdmulh_scalar_lane", "01 0 11111 ss .. .... 1101 . 0 ..... .....", per_lane::DoublingMulHigh<true>, i16, i32>,
    ForLanes<ScalarByLaneSaturatingOnto, "sqrdmlah_scalar_lane", "01 1 11111 ss .. .... 1101 . 0 ..... .....", per_lane::RoundingDoublingMulAddHigh<false>, i16, i32>,
    ForLanes<ScalarByLaneSaturatingOnto, "sqrdmlsh_scalar_lane", "01 1 11111 ss .. .... 1111 . 0 ..... .....", per_lane::RoundingDoublingMulAddHigh<true>, i16, i32>>;

// ---- sums of products of bytes ----

template <isa::Text Name, isa::Text Bits, class Op>
struct Products : Instruction<Name, Bits, Vector3<u32>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<u32> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, o.full, e.template vector<Op>(old, a, b));
    }
};
template <isa::Text Name, isa::Text Bits, class Op>
struct ProductsByLane : Instruction<Name, Bits, VectorByLane<u32>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorByLane<u32> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = splatted<u32>(e, o.rm, o.lane);
        set_v(e, o.rd, o.full, e.template vector<Op>(old, a, b));
    }
};
struct sdot : Products<"sdot", "0 . 0 01110 100 ..... 1 0010 1 ..... .....", isa::DotProduct<i8, i8>> {};
struct udot : Products<"udot", "0 . 1 01110 100 ..... 1 0010 1 ..... .....", isa::DotProduct<u8, u8>> {};
struct usdot : Products<"usdot", "0 . 0 01110 100 ..... 1 0011 1 ..... .....", isa::DotProduct<u8, i8>> {};
struct smmla : Products<"smmla", "0 1 0 01110 100 ..... 1 0100 1 ..... .....", isa::MatrixProduct<i8, i8>> {};
struct ummla : Products<"ummla", "0 1 1 01110 100 ..... 1 0100 1 ..... .....", isa::MatrixProduct<u8, u8>> {};
struct usmmla : Products<"usmmla", "0 1 0 01110 100 ..... 1 0101 1 ..... .....", isa::MatrixProduct<u8, i8>> {};
struct sdot_lane : ProductsByLane<"sdot_lane", "0 . 0 01111 10 .. .... 1110 . 0 ..... .....", isa::DotProduct<i8, i8>> {};
struct udot_lane : ProductsByLane<"udot_lane", "0 . 1 01111 10 .. .... 1110 . 0 ..... .....", isa::DotProduct<u8, u8>> {};
struct usdot_lane : ProductsByLane<"usdot_lane", "0 . 0 01111 10 .. .... 1111 . 0 ..... .....", isa::DotProduct<u8, i8>> {};
struct sudot_lane : ProductsByLane<"sudot_lane", "0 . 0 01111 00 .. .... 1111 . 0 ..... .....", isa::DotProduct<i8, u8>> {};

using VectorProducts =
    InstructionList<sdot, udot, usdot, smmla, ummla, usmmla, sdot_lane, udot_lane, usdot_lane, sudot_lane>;

}  // namespace lyrebird::aarch64
