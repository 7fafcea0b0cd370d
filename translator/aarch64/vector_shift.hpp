// Advanced SIMD on integers: two registers, across lanes, shifts by a constant (Arm ARM C4.1.97).
#pragma once

#include "translator/aarch64/vector_wide.hpp"

namespace lyrebird::aarch64 {

// ---- two registers ----

template <class T, isa::Text Name, isa::Text Bits, class F>
struct Lanes2 : Laned<T, Name, Bits, Vector2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<T> o, Here) {
        set_v(e, o.rd, o.full, e.template vector<isa::EachLane<F, T>>(v(e, o.rn)));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Scalar2Of : Laned<T, Name, Bits, Scalar2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Scalar2<T> o, Here) {
        set_v(e, o.rd, e.low_half(e.template vector<isa::EachLane<F, T>>(v(e, o.rn))));
    }
};
/// With zero: as the first operand (Swapped) or the second.
template <bool Swapped, class F, class T, Emitter E>
constexpr typename E::V128 against_zero(E& e, u8 number) {
    auto a = v(e, number);
    auto zero = e.vector_imm(0, 0);
    return Swapped ? e.template vector<isa::EachLane<F, T>>(zero, a) : e.template vector<isa::EachLane<F, T>>(a, zero);
}
template <class T, isa::Text Name, isa::Text Bits, class F, bool Swapped, bool IsScalar>
struct AgainstZeroOf : Laned<T, Name, Bits, std::conditional_t<IsScalar, Scalar2<T>, Vector2<T>>> {
    template <Emitter E>
    static constexpr void run(E& e, std::conditional_t<IsScalar, Scalar2<T>, Vector2<T>> o, Here) {
        bool full = false;
        if constexpr (!IsScalar) full = o.full != 0;
        set_v(e, o.rd, full, against_zero<Swapped, F, T>(e, o.rn));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
using AgainstZero = AgainstZeroOf<T, Name, Bits, F, false, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ZeroAgainst = AgainstZeroOf<T, Name, Bits, F, true, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ScalarAgainstZero = AgainstZeroOf<T, Name, Bits, F, false, true>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ZeroAgainstScalar = AgainstZeroOf<T, Name, Bits, F, true, true>;

template <class T, isa::Text Name, isa::Text Bits, class F, bool IsScalar, bool Accumulates>
struct Saturating2Of : Laned<T, Name, Bits, std::conditional_t<IsScalar, Scalar2<T>, Vector2<T>>> {
    template <Emitter E>
    static constexpr void run(E& e, std::conditional_t<IsScalar, Scalar2<T>, Vector2<T>> o, Here) {
        using Op = isa::EachLaneSaturating<F, T>;
        u8 lanes = 1;
        if constexpr (!IsScalar) lanes = lane_count<T>(o.full);
        const u64 options = SaturatingOptions{lanes}.packed();
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        if constexpr (Accumulates)
            set_v(e, o.rd, e.template vector_saturating_with<Op>(options, old, a));
        else
            set_v(e, o.rd, e.template vector_saturating_with<Op>(options, a));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
using Saturating2 = Saturating2Of<T, Name, Bits, F, false, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using Saturating2Onto = Saturating2Of<T, Name, Bits, F, false, true>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ScalarSaturating2 = Saturating2Of<T, Name, Bits, F, true, false>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using ScalarSaturating2Onto = Saturating2Of<T, Name, Bits, F, true, true>;

template <class T, isa::Text Name, isa::Text Bits, class Op>
struct Rearranged : Laned<T, Name, Bits, Vector2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<T> o, Here) {
        set_v(e, o.rd, o.full, e.template vector<Op>(v(e, o.rn)));
    }
};
struct not_v : Instruction<"not_v", "0 . 1 01110 00 10000 00101 10 ..... .....", Vector2<u8>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<u8> o, Here) {
        set_v(e, o.rd, o.full, e.template vector<isa::BitNot>(v(e, o.rn)));
    }
};
struct rbit_v : Instruction<"rbit_v", "0 . 1 01110 01 10000 00101 10 ..... .....", Vector2<u8>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<u8> o, Here) {
        set_v(e, o.rd, o.full, e.template vector<isa::EachLane<per_lane::ReverseBits, u8>>(v(e, o.rn)));
    }
};
/// Sums of neighbours, onto zero or onto rd.
template <class T, isa::Text Name, isa::Text Bits, bool Accumulates>
struct PairwiseLongOf : Laned<T, Name, Bits, Vector2<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<T> o, Here) {
        auto old = Accumulates ? v(e, o.rd) : e.vector_imm(0, 0);
        auto a = v(e, o.rn);
        set_v(e, o.rd, o.full, e.template vector<isa::PairwiseLong<T>>(old, a));
    }
};
template <isa::Text Name, isa::Text Bits, bool Accumulates, class... T>
using PairwiseLongs = InstructionList<PairwiseLongOf<T, Name, Bits, Accumulates>...>;

/// Lanes of T, named by their half.
template <class Half, isa::Text Name, isa::Text Bits, class F>
struct NarrowOf : Laned<Half, Name, Bits, Vector2<Half, true>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<Half, true> o, Here) {
        set_half(e, o.rd, o.full, e.template vector_with<isa::Narrowing<F, Doubled<Half>>>(u64{0}, v(e, o.rn)));
    }
};
/// `Narrow` has the result's sign, `T` is the source.
template <class Narrow, class T, isa::Text Name, isa::Text Bits, bool IsScalar>
struct SaturatingNarrowOf : Laned<Narrow, Name, Bits, std::conditional_t<IsScalar, Scalar2<Narrow>, Vector2<Narrow, true>>> {
    template <Emitter E>
    static constexpr void run(E& e, std::conditional_t<IsScalar, Scalar2<Narrow>, Vector2<Narrow, true>> o, Here) {
        using Op = isa::NarrowingSaturating<per_lane::SaturatingNarrow<false>, T, Narrow>;
        const u64 options = SaturatingOptions{IsScalar ? u8(1) : u8(16 / sizeof(T))}.packed();
        auto narrow = e.template vector_saturating_with<Op>(options, v(e, o.rn));
        if constexpr (IsScalar)
            set_v(e, o.rd, narrow);
        else
            set_half(e, o.rd, o.full, narrow);
    }
};
template <isa::Text Name, isa::Text Bits, bool IsScalar>
using SignedNarrows = InstructionList<SaturatingNarrowOf<i8, i16, Name, Bits, IsScalar>, SaturatingNarrowOf<i16, i32, Name, Bits, IsScalar>,
                                      SaturatingNarrowOf<i32, i64, Name, Bits, IsScalar>>;
template <isa::Text Name, isa::Text Bits, bool IsScalar>
using UnsignedNarrows = InstructionList<SaturatingNarrowOf<u8, u16, Name, Bits, IsScalar>, SaturatingNarrowOf<u16, u32, Name, Bits, IsScalar>,
                                        SaturatingNarrowOf<u32, u64, Name, Bits, IsScalar>>;
template <isa::Text Name, isa::Text Bits, bool IsScalar>
using SignedToUnsignedNarrows = InstructionList<SaturatingNarrowOf<u8, i16, Name, Bits, IsScalar>, SaturatingNarrowOf<u16, i32, Name, Bits, IsScalar>,
                                                SaturatingNarrowOf<u32, i64, Name, Bits, IsScalar>>;
/// Widened and shifted left by the narrow width.
template <class T>
struct shll : Laned<T, "shll", "0 . 1 01110 ss 10000 10011 10 ..... .....", Vector2<T, true>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector2<T, true> o, Here) {
        auto wide = e.template vector<isa::Widening<per_lane::Add, T>>(half(e, o.rn, o.full), e.vector_imm(0, 0));
        set_v(e, o.rd, e.template vector_with<isa::EachLaneWith<per_lane::ShiftLeft, Doubled<T>>>(u64(sizeof(T) * 8), wide));
    }
};

// Two registers: 0 Q U 01110 size 10000 opcode 10 Rn Rd; scalar: 01 U 11110 size 10000 opcode 10 Rn Rd.
using VectorSingles = isa::Join<
    InstructionList<Rearranged<u8, "rev64", "0 . 0 01110 ss 10000 00000 10 ..... .....", isa::ReverseWithin<u8, 8>>,
                    Rearranged<u16, "rev64", "0 . 0 01110 ss 10000 00000 10 ..... .....", isa::ReverseWithin<u16, 8>>,
                    Rearranged<u32, "rev64", "0 . 0 01110 ss 10000 00000 10 ..... .....", isa::ReverseWithin<u32, 8>>,
                    Rearranged<u8, "rev32_v", "0 . 1 01110 ss 10000 00000 10 ..... .....", isa::ReverseWithin<u8, 4>>,
                    Rearranged<u16, "rev32_v", "0 . 1 01110 ss 10000 00000 10 ..... .....", isa::ReverseWithin<u16, 4>>,
                    Rearranged<u8, "rev16_v", "0 . 0 01110 ss 10000 00001 10 ..... .....", isa::ReverseWithin<u8, 2>>, not_v, rbit_v,
                    shll<u8>, shll<u16>, shll<u32>>,
    PairwiseLongs<"saddlp", "0 . 0 01110 ss 10000 00010 10 ..... .....", false, i8, i16, i32>,
    PairwiseLongs<"uaddlp", "0 . 1 01110 ss 10000 00010 10 ..... .....", false, u8, u16, u32>,
    PairwiseLongs<"sadalp", "0 . 0 01110 ss 10000 00110 10 ..... .....", true, i8, i16, i32>,
    PairwiseLongs<"uadalp", "0 . 1 01110 ss 10000 00110 10 ..... .....", true, u8, u16, u32>,
    ForLanes<Lanes2, "cls_v", "0 . 0 01110 ss 10000 00100 10 ..... .....", per_lane::CountLeadingSigns, i8, i16, i32>,
    ForLanes<Lanes2, "clz_v", "0 . 1 01110 ss 10000 00100 10 ..... .....", per_lane::CountLeadingZeros, u8, u16, u32>,
    ForLanes<Lanes2, "cnt_v", "0 . 0 01110 ss 10000 00101 10 ..... .....", per_lane::CountOnes, u8>,
    ForLanes<Lanes2, "abs_v", "0 . 0 01110 ss 10000 01011 10 ..... .....", per_lane::Abs, i8, i16, i32, i64>,
    ForLanes<Lanes2, "neg_v", "0 . 1 01110 ss 10000 01011 10 ..... .....", per_lane::Neg, u8, u16, u32, u64>,
    ForLanes<Scalar2Of, "abs_scalar", "01 0 11110 ss 10000 01011 10 ..... .....", per_lane::Abs, i64>,
    ForLanes<Scalar2Of, "neg_scalar", "01 1 11110 ss 10000 01011 10 ..... .....", per_lane::Neg, u64>,
    ForLanes<AgainstZero, "cmgt_zero", "0 . 0 01110 ss 10000 01000 10 ..... .....", per_lane::Greater, i8, i16, i32, i64>,
    ForLanes<AgainstZero, "cmge_zero", "0 . 1 01110 ss 10000 01000 10 ..... .....", per_lane::GreaterEqual, i8, i16, i32, i64>,
    ForLanes<AgainstZero, "cmeq_zero", "0 . 0 01110 ss 10000 01001 10 ..... .....", per_lane::Equal, u8, u16, u32, u64>,
    ForLanes<ZeroAgainst, "cmle_zero", "0 . 1 01110 ss 10000 01001 10 ..... .....", per_lane::GreaterEqual, i8, i16, i32, i64>,
    ForLanes<ZeroAgainst, "cmlt_zero", "0 . 0 01110 ss 10000 01010 10 ..... .....", per_lane::Greater, i8, i16, i32, i64>,
    ForLanes<ScalarAgainstZero, "cmgt_scalar_zero", "01 0 11110 ss 10000 01000 10 ..... .....", per_lane::Greater, i64>,
    ForLanes<ScalarAgainstZero, "cmge_scalar_zero", "01 1 11110 ss 10000 01000 10 ..... .....", per_lane::GreaterEqual, i64>,
    ForLanes<ScalarAgainstZero, "cmeq_scalar_zero", "01 0 11110 ss 10000 01001 10 ..... .....", per_lane::Equal, u64>,
    ForLanes<ZeroAgainstScalar, "cmle_scalar_zero", "01 1 11110 ss 10000 01001 10 ..... .....", per_lane::GreaterEqual, i64>,
    ForLanes<ZeroAgainstScalar, "cmlt_scalar_zero", "01 0 11110 ss 10000 01010 10 ..... .....", per_lane::Greater, i64>,
    ForLanes<NarrowOf, "xtn", "0 . 0 01110 ss 10000 10010 10 ..... .....", per_lane::Narrow, u8, u16, u32>>;

using VectorSaturatingSingles = isa::Join<
    ForLanes<Saturating2Onto, "suqadd", "0 . 0 01110 ss 10000 00011 10 ..... .....", per_lane::SaturatingAddOther, i8, i16, i32, i64>,
    ForLanes<Saturating2Onto, "usqadd", "0 . 1 01110 ss 10000 00011 10 ..... .....", per_lane::SaturatingAddOther, u8, u16, u32, u64>,
    ForLanes<Saturating2, "sqabs", "0 . 0 01110 ss 10000 00111 10 ..... .....", per_lane::SaturatingAbs, i8, i16, i32, i64>,
    ForLanes<Saturating2, "sqneg", "0 . 1 01110 ss 10000 00111 10 ..... .....", per_lane::SaturatingNeg, i8, i16, i32, i64>,
    ForLanes<ScalarSaturating2Onto, "suqadd_scalar", "01 0 11110 ss 10000 00011 10 ..... .....", per_lane::SaturatingAddOther, i8, i16, i32, i64>,
    ForLanes<ScalarSaturating2Onto, "usqadd_scalar", "01 1 11110 ss 10000 00011 10 ..... .....", per_lane::SaturatingAddOther, u8, u16, u32, u64>,
    ForLanes<ScalarSaturating2, "sqabs_scalar", "01 0 11110 ss 10000 00111 10 ..... .....", per_lane::SaturatingAbs, i8, i16, i32, i64>,
    ForLanes<ScalarSaturating2, "sqneg_scalar", "01 1 11110 ss 10000 00111 10 ..... .....", per_lane::SaturatingNeg, i8, i16, i32, i64>,
    SignedNarrows<"sqxtn", "0 . 0 01110 ss 10000 10100 10 ..... .....", false>,
    UnsignedNarrows<"uqxtn", "0 . 1 01110 ss 10000 10100 10 ..... .....", false>,
    SignedToUnsignedNarrows<"sqxtun", "0 . 1 01110 ss 10000 10010 10 ..... .....", false>,
    SignedNarrows<"sqxtn_scalar", "01 0 11110 ss 10000 10100 10 ..... .....", true>,
    UnsignedNarrows<"uqxtn_scalar", "01 1 11110 ss 10000 10100 10 ..... .....", true>,
    SignedToUnsignedNarrows<"sqxtun_scalar", "01 1 11110 ss 10000 10010 10 ..... .....", true>>;

// ---- across lanes: 0 Q U 01110 size 11000 opcode 10 Rn Rd; of 32-bit lanes only all four ----

template <class T>
struct VectorAcross : Vector2<T> {
    using Operands = VectorAcross;
    static constexpr VectorAcross decode(u32 word) { return {Vector2<T>::decode(word)}; }
    static constexpr u32 encode(VectorAcross o) { return Vector2<T>::encode(o); }
    static constexpr bool allocated(u32 word) { return sizeof(T) != 4 || bits(word, 30, 1) != 0; }
};
template <class T, isa::Text Name, isa::Text Bits, class F, class Result>
struct AcrossOf : Laned<T, Name, Bits, VectorAcross<T>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorAcross<T> o, Here) {
        const u64 lanes = lane_count<T>(o.full);
        set_v(e, o.rd, e.template vector_with<isa::Across<F, T, Result>>(lanes, v(e, o.rn)));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
using AcrossSame = AcrossOf<T, Name, Bits, F, T>;
template <class T, isa::Text Name, isa::Text Bits, class F>
using AcrossLong = AcrossOf<T, Name, Bits, F, Doubled<T>>;

struct addp_scalar : Instruction<"addp_scalar", "01 0 11110 11 11000 11011 10 ..... .....", Scalar2<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, Scalar2<u64> o, Here) {
        set_v(e, o.rd, e.template vector_with<isa::Across<per_lane::Add, u64, u64>>(u64{2}, v(e, o.rn)));
    }
};
using VectorAcrossLanes = isa::Join<
    ForLanes<AcrossLong, "saddlv", "0 . 0 01110 ss 11000 00011 10 ..... .....", per_lane::Add, i8, i16, i32>,
    ForLanes<AcrossLong, "uaddlv", "0 . 1 01110 ss 11000 00011 10 ..... .....", per_lane::Add, u8, u16, u32>,
    ForLanes<AcrossSame, "smaxv", "0 . 0 01110 ss 11000 01010 10 ..... .....", per_lane::Max, i8, i16, i32>,
    ForLanes<AcrossSame, "umaxv", "0 . 1 01110 ss 11000 01010 10 ..... .....", per_lane::Max, u8, u16, u32>,
    ForLanes<AcrossSame, "sminv", "0 . 0 01110 ss 11000 11010 10 ..... .....", per_lane::Min, i8, i16, i32>,
    ForLanes<AcrossSame, "uminv", "0 . 1 01110 ss 11000 11010 10 ..... .....", per_lane::Min, u8, u16, u32>,
    ForLanes<AcrossSame, "addv", "0 . 0 01110 ss 11000 11011 10 ..... .....", per_lane::Add, u8, u16, u32>, InstructionList<addp_scalar>>;

// ---- shifts by a constant: 0 Q U 011110 immh immb opcode 1 Rn Rd; scalar: 01 U 111110 immh immb opcode 1 Rn Rd ----

template <class T, isa::Text Name, isa::Text Bits, class F, bool Right, bool IsScalar, bool Accumulates>
struct ShiftOf : ShiftLaned<T, Name, Bits, std::conditional_t<IsScalar, ScalarShift<T, Right>, VectorShift<T, Right>>> {
    template <Emitter E>
    static constexpr void run(E& e, std::conditional_t<IsScalar, ScalarShift<T, Right>, VectorShift<T, Right>> o, Here) {
        using Op = isa::EachLaneWith<F, T>;
        bool full = false;
        if constexpr (!IsScalar) full = o.full != 0;
        auto a = v(e, o.rn);
        if constexpr (Accumulates) {
            auto old = v(e, o.rd);
            set_v(e, o.rd, full, e.template vector_with<Op>(u64{o.by}, old, a));
        } else {
            set_v(e, o.rd, full, e.template vector_with<Op>(u64{o.by}, a));
        }
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F> using RightShift = ShiftOf<T, Name, Bits, F, true, false, false>;
template <class T, isa::Text Name, isa::Text Bits, class F> using RightShiftOnto = ShiftOf<T, Name, Bits, F, true, false, true>;
template <class T, isa::Text Name, isa::Text Bits, class F> using LeftShift = ShiftOf<T, Name, Bits, F, false, false, false>;
template <class T, isa::Text Name, isa::Text Bits, class F> using LeftShiftOnto = ShiftOf<T, Name, Bits, F, false, false, true>;
template <class T, isa::Text Name, isa::Text Bits, class F> using ScalarRightShift = ShiftOf<T, Name, Bits, F, true, true, false>;
template <class T, isa::Text Name, isa::Text Bits, class F> using ScalarRightShiftOnto = ShiftOf<T, Name, Bits, F, true, true, true>;
template <class T, isa::Text Name, isa::Text Bits, class F> using ScalarLeftShift = ShiftOf<T, Name, Bits, F, false, true, false>;
template <class T, isa::Text Name, isa::Text Bits, class F> using ScalarLeftShiftOnto = ShiftOf<T, Name, Bits, F, false, true, true>;

template <class T, isa::Text Name, isa::Text Bits, class F, bool IsScalar>
struct SaturatingShiftOf : ShiftLaned<T, Name, Bits, std::conditional_t<IsScalar, ScalarShift<T, false>, VectorShift<T, false>>> {
    template <Emitter E>
    static constexpr void run(E& e, std::conditional_t<IsScalar, ScalarShift<T, false>, VectorShift<T, false>> o, Here) {
        u8 lanes = 1;
        if constexpr (!IsScalar) lanes = lane_count<T>(o.full);
        const u64 options = SaturatingOptions{lanes, o.by}.packed();
        set_v(e, o.rd, e.template vector_saturating_with<isa::EachLaneSaturating<F, T>>(options, v(e, o.rn)));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F> using SaturatingShift = SaturatingShiftOf<T, Name, Bits, F, false>;
template <class T, isa::Text Name, isa::Text Bits, class F> using ScalarSaturatingShift = SaturatingShiftOf<T, Name, Bits, F, true>;

/// To lanes half as wide: immh names the narrow lanes.
template <class Half, isa::Text Name, isa::Text Bits, class F>
struct NarrowShift : ShiftLaned<Half, Name, Bits, VectorShift<Half, true, true>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorShift<Half, true, true> o, Here) {
        set_half(e, o.rd, o.full, e.template vector_with<isa::Narrowing<F, Doubled<Half>>>(u64{o.by}, v(e, o.rn)));
    }
};
template <class Narrow, class T, isa::Text Name, isa::Text Bits, bool Rounding, bool IsScalar>
struct SaturatingNarrowShift
    : ShiftLaned<Narrow, Name, Bits, std::conditional_t<IsScalar, ScalarShift<Narrow, true>, VectorShift<Narrow, true, true>>> {
    template <Emitter E>
    static constexpr void run(E& e, std::conditional_t<IsScalar, ScalarShift<Narrow, true>, VectorShift<Narrow, true, true>> o,
                              Here) {
        using Op = isa::NarrowingSaturating<per_lane::SaturatingNarrow<Rounding>, T, Narrow>;
        const u64 options = SaturatingOptions{IsScalar ? u8(1) : u8(16 / sizeof(T)), o.by}.packed();
        auto narrow = e.template vector_saturating_with<Op>(options, v(e, o.rn));
        if constexpr (IsScalar)
            set_v(e, o.rd, narrow);
        else
            set_half(e, o.rd, o.full, narrow);
    }
};
template <isa::Text Name, isa::Text Bits, bool Rounding, bool IsScalar>
using SignedNarrowShifts = InstructionList<SaturatingNarrowShift<i8, i16, Name, Bits, Rounding, IsScalar>,
                                           SaturatingNarrowShift<i16, i32, Name, Bits, Rounding, IsScalar>,
                                           SaturatingNarrowShift<i32, i64, Name, Bits, Rounding, IsScalar>>;
template <isa::Text Name, isa::Text Bits, bool Rounding, bool IsScalar>
using UnsignedNarrowShifts = InstructionList<SaturatingNarrowShift<u8, u16, Name, Bits, Rounding, IsScalar>,
                                             SaturatingNarrowShift<u16, u32, Name, Bits, Rounding, IsScalar>,
                                             SaturatingNarrowShift<u32, u64, Name, Bits, Rounding, IsScalar>>;
template <isa::Text Name, isa::Text Bits, bool Rounding, bool IsScalar>
using SignedToUnsignedNarrowShifts = InstructionList<SaturatingNarrowShift<u8, i16, Name, Bits, Rounding, IsScalar>,
                                                     SaturatingNarrowShift<u16, i32, Name, Bits, Rounding, IsScalar>,
                                                     SaturatingNarrowShift<u32, i64, Name, Bits, Rounding, IsScalar>>;
/// Widened, then shifted left.
template <class T, isa::Text Name, isa::Text Bits, class F>
struct LongShift : ShiftLaned<T, Name, Bits, VectorShift<T, false, true>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorShift<T, false, true> o, Here) {
        auto wide = e.template vector<isa::Widening<per_lane::Add, T>>(half(e, o.rn, o.full), e.vector_imm(0, 0));
        set_v(e, o.rd, o.by == 0 ? wide : e.template vector_with<isa::EachLaneWith<F, Doubled<T>>>(u64{o.by}, wide));
    }
};

using VectorShifts = isa::Join<
    ForLanes<RightShift, "sshr", "0 . 0 011110 hhhh ... 00000 1 ..... .....", per_lane::ShiftRight, i8, i16, i32, i64>,
    ForLanes<RightShift, "ushr", "0 . 1 011110 hhhh ... 00000 1 ..... .....", per_lane::ShiftRight, u8, u16, u32, u64>,
    ForLanes<RightShiftOnto, "ssra", "0 . 0 011110 hhhh ... 00010 1 ..... .....", per_lane::ShiftRightAdd, i8, i16, i32, i64>,
    ForLanes<RightShiftOnto, "usra", "0 . 1 011110 hhhh ... 00010 1 ..... .....", per_lane::ShiftRightAdd, u8, u16, u32, u64>,
    ForLanes<RightShift, "srshr", "0 . 0 011110 hhhh ... 00100 1 ..... .....", per_lane::RoundingShiftRight, i8, i16, i32, i64>,
    ForLanes<RightShift, "urshr", "0 . 1 011110 hhhh ... 00100 1 ..... .....", per_lane::RoundingShiftRight, u8, u16, u32, u64>,
    ForLanes<RightShiftOnto, "srsra", "0 . 0 011110 hhhh ... 00110 1 ..... .....", per_lane::RoundingShiftRightAdd, i8, i16, i32, i64>,
    ForLanes<RightShiftOnto, "ursra", "0 . 1 011110 hhhh ... 00110 1 ..... .....", per_lane::RoundingShiftRightAdd, u8, u16, u32, u64>,
    ForLanes<RightShiftOnto, "sri", "0 . 1 011110 hhhh ... 01000 1 ..... .....", per_lane::ShiftRightInsert, u8, u16, u32, u64>,
    ForLanes<LeftShift, "shl", "0 . 0 011110 hhhh ... 01010 1 ..... .....", per_lane::ShiftLeft, u8, u16, u32, u64>,
    ForLanes<LeftShiftOnto, "sli", "0 . 1 011110 hhhh ... 01010 1 ..... .....", per_lane::ShiftLeftInsert, u8, u16, u32, u64>,
    ForLanes<LongShift, "sshll", "0 . 0 011110 hhhh ... 10100 1 ..... .....", per_lane::ShiftLeft, i8, i16, i32>,
    ForLanes<LongShift, "ushll", "0 . 1 011110 hhhh ... 10100 1 ..... .....", per_lane::ShiftLeft, u8, u16, u32>,
    ForLanes<NarrowShift, "shrn", "0 . 0 011110 hhhh ... 10000 1 ..... .....", per_lane::Narrow, u8, u16, u32>,
    ForLanes<NarrowShift, "rshrn", "0 . 0 011110 hhhh ... 10001 1 ..... .....", per_lane::NarrowRounding, u8, u16, u32>,
    ForLanes<ScalarRightShift, "sshr_scalar", "01 0 111110 hhhh ... 00000 1 ..... .....", per_lane::ShiftRight, i64>,
    ForLanes<ScalarRightShift, "ushr_scalar", "01 1 111110 hhhh ... 00000 1 ..... .....", per_lane::ShiftRight, u64>,
    ForLanes<ScalarRightShiftOnto, "ssra_scalar", "01 0 111110 hhhh ... 00010 1 ..... .....", per_lane::ShiftRightAdd, i64>,
    ForLanes<ScalarRightShiftOnto, "usra_scalar", "01 1 111110 hhhh ... 00010 1 ..... .....", per_lane::ShiftRightAdd, u64>,
    ForLanes<ScalarRightShift, "srshr_scalar", "01 0 111110 hhhh ... 00100 1 ..... .....", per_lane::RoundingShiftRight, i64>,
    ForLanes<ScalarRightShift, "urshr_scalar", "01 1 111110 hhhh ... 00100 1 ..... .....", per_lane::RoundingShiftRight, u64>,
    ForLanes<ScalarRightShiftOnto, "srsra_scalar", "01 0 111110 hhhh ... 00110 1 ..... .....", per_lane::RoundingShiftRightAdd, i64>,
    ForLanes<ScalarRightShiftOnto, "ursra_scalar", "01 1 111110 hhhh ... 00110 1 ..... .....", per_lane::RoundingShiftRightAdd, u64>,
    ForLanes<ScalarRightShiftOnto, "sri_scalar", "01 1 111110 hhhh ... 01000 1 ..... .....", per_lane::ShiftRightInsert, u64>,
    ForLanes<ScalarLeftShift, "shl_scalar", "01 0 111110 hhhh ... 01010 1 ..... .....", per_lane::ShiftLeft, u64>,
    ForLanes<ScalarLeftShiftOnto, "sli_scalar", "01 1 111110 hhhh ... 01010 1 ..... .....", per_lane::ShiftLeftInsert, u64>>;

using VectorSaturatingShifts = isa::Join<
    ForLanes<SaturatingShift, "sqshl_imm", "0 . 0 011110 hhhh ... 01110 1 ..... .....", per_lane::SaturatingShiftLeft, i8, i16, i32, i64>,
    ForLanes<SaturatingShift, "uqshl_imm", "0 . 1 011110 hhhh ... 01110 1 ..... .....", per_lane::SaturatingShiftLeft, u8, u16, u32, u64>,
    ForLanes<SaturatingShift, "sqshlu", "0 . 1 011110 hhhh ... 01100 1 ..... .....", per_lane::SaturatingShiftLeftUnsigned, i8, i16, i32, i64>,
    ForLanes<ScalarSaturatingShift, "sqshl_scalar_imm", "01 0 111110 hhhh ... 01110 1 ..... .....", per_lane::SaturatingShiftLeft, i8, i16, i32, i64>,
    ForLanes<ScalarSaturatingShift, "uqshl_scalar_imm", "01 1 111110 hhhh ... 01110 1 ..... .....", per_lane::SaturatingShiftLeft, u8, u16, u32, u64>,
    ForLanes<ScalarSaturatingShift, "sqshlu_scalar", "01 1 111110 hhhh ... 01100 1 ..... .....", per_lane::SaturatingShiftLeftUnsigned, i8, i16, i32, i64>,
    SignedNarrowShifts<"sqshrn", "0 . 0 011110 hhhh ... 10010 1 ..... .....", false, false>,
    SignedNarrowShifts<"sqrshrn", "0 . 0 011110 hhhh ... 10011 1 ..... .....", true, false>,
    UnsignedNarrowShifts<"uqshrn", "0 . 1 011110 hhhh ... 10010 1 ..... .....", false, false>,
    UnsignedNarrowShifts<"uqrshrn", "0 . 1 011110 hhhh ... 10011 1 ..... .....", true, false>,
    SignedToUnsignedNarrowShifts<"sqshrun", "0 . 1 011110 hhhh ... 10000 1 ..... .....", false, false>,
    SignedToUnsignedNarrowShifts<"sqrshrun", "0 . 1 011110 hhhh ... 10001 1 ..... .....", true, false>,
    SignedNarrowShifts<"sqshrn_scalar", "01 0 111110 hhhh ... 10010 1 ..... .....", false, true>,
    SignedNarrowShifts<"sqrshrn_scalar", "01 0 111110 hhhh ... 10011 1 ..... .....", true, true>,
    UnsignedNarrowShifts<"uqshrn_scalar", "01 1 111110 hhhh ... 10010 1 ..... .....", false, true>,
    UnsignedNarrowShifts<"uqrshrn_scalar", "01 1 111110 hhhh ... 10011 1 ..... .....", true, true>,
    SignedToUnsignedNarrowShifts<"sqshrun_scalar", "01 1 111110 hhhh ... 10000 1 ..... .....", false, true>,
    SignedToUnsignedNarrowShifts<"sqrshrun_scalar", "01 1 111110 hhhh ... 10001 1 ..... .....", true, true>>;

}  // namespace lyrebird::aarch64
