// Advanced SIMD on integers: three registers of the same lanes, two registers, across lanes; vector and scalar forms (Arm ARM
// C4.1.97).
#pragma once

#include "translator/aarch64/vector_formats.hpp"

namespace lyrebird::aarch64 {

// ---- whole registers ----

template <isa::Text Name, isa::Text Bits, class Op>
struct VectorLogic : Instruction<Name, Bits, Vector3<u8>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<u8> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, o.full, e.template vector<Op>(a, b));
    }
};
struct and_v : VectorLogic<"and_v", "0 . 0 01110 001 ..... 00011 1 ..... .....", isa::BitAnd> {};
struct bic_v : VectorLogic<"bic_v", "0 . 0 01110 011 ..... 00011 1 ..... .....", isa::BitAndNot> {};
struct orr_v : VectorLogic<"orr_v", "0 . 0 01110 101 ..... 00011 1 ..... .....", isa::BitOr> {
    /// With one source it is how registers are moved.
    template <Emitter E>
    static constexpr void run(E& e, Vector3<u8> o, Here here) {
        if (o.rn == o.rm) return set_v(e, o.rd, o.full, v(e, o.rn));
        VectorLogic<"orr_v", "0 . 0 01110 101 ..... 00011 1 ..... .....", isa::BitOr>::run(e, o, here);
    }
};
struct orn_v : VectorLogic<"orn_v", "0 . 0 01110 111 ..... 00011 1 ..... .....", isa::BitOrNot> {};
struct eor_v : VectorLogic<"eor_v", "0 . 1 01110 001 ..... 00011 1 ..... .....", isa::BitXor> {};

/// Which of rd, rn, rm is the mask, what is chosen where it has ones, and what where it has zeros: 0, 1, 2.
template <isa::Text Name, isa::Text Bits, int Mask, int Ones, int Zeros>
struct VectorSelect : Instruction<Name, Bits, Vector3<u8>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<u8> o, Here) {
        const u8 numbers[]{o.rd, o.rn, o.rm};
        auto mask = v(e, numbers[Mask]);
        auto ones = v(e, numbers[Ones]);
        auto zeros = v(e, numbers[Zeros]);
        set_v(e, o.rd, o.full, e.template vector<isa::BitSelect>(mask, ones, zeros));
    }
};
struct bsl : VectorSelect<"bsl", "0 . 1 01110 011 ..... 00011 1 ..... .....", 0, 1, 2> {};
struct bit : VectorSelect<"bit", "0 . 1 01110 101 ..... 00011 1 ..... .....", 2, 1, 0> {};
struct bif : VectorSelect<"bif", "0 . 1 01110 111 ..... 00011 1 ..... .....", 2, 0, 1> {};

// ---- three registers ----

template <class T, isa::Text Name, isa::Text Bits, class F>
struct Lanes3 : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, o.full, e.template vector<isa::EachLane<F, T>>(a, b));
    }
};
/// The old rd is the first operand.
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Lanes3Onto : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, o.full, e.template vector<isa::EachLane<F, T>>(old, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Lanes3Saturating : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        const u64 options = SaturatingOptions{lane_count<T>(o.full)}.packed();
        set_v(e, o.rd, e.template vector_saturating_with<isa::EachLaneSaturating<F, T>>(options, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Lanes3SaturatingOnto : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        const u64 options = SaturatingOptions{lane_count<T>(o.full)}.packed();
        set_v(e, o.rd, e.template vector_saturating_with<isa::EachLaneSaturating<F, T>>(options, old, a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct LanesPairwise : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        using Op = isa::Pairwise<F, T>;
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        if (o.full != 0) return set_v(e, o.rd, e.template vector<Op>(a, b));
        auto both = e.template vector<isa::JoinLow>(a, b);
        set_v(e, o.rd, e.low_half(e.template vector<Op>(both, both)));
    }
};
/// Scalars: the lowest lane.
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Scalar3Of : Laned<T, Name, Bits, Scalar3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Scalar3<T> o, Here) {
        static_assert(sizeof(T) == 8);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, e.low_half(e.template vector<isa::EachLane<F, T>>(a, b)));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Scalar3Saturating : Laned<T, Name, Bits, Scalar3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Scalar3<T> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd, e.template vector_saturating_with<isa::EachLaneSaturating<F, T>>(SaturatingOptions{1}.packed(), a, b));
    }
};
template <class T, isa::Text Name, isa::Text Bits, class F>
struct Scalar3SaturatingOnto : Laned<T, Name, Bits, Scalar3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Scalar3<T> o, Here) {
        auto old = v(e, o.rd);
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        set_v(e, o.rd,
              e.template vector_saturating_with<isa::EachLaneSaturating<F, T>>(SaturatingOptions{1}.packed(), old, a, b));
    }
};

/// `Template<T, Name, Bits, F>` for lanes of the given types.
template <template <class, isa::Text, isa::Text, class> class Template, isa::Text Name, isa::Text Bits, class F, class... T>
using ForLanes = InstructionList<Template<T, Name, Bits, F>...>;

// A three-register word is 0 Q U 01110 size 1 Rm opcode 1 Rn Rd; its scalar form 01 U 11110 size 1 Rm opcode 1 Rn Rd.
using VectorHalving = isa::Join<
    ForLanes<Lanes3, "shadd", "0 . 0 01110 ss 1 ..... 00000 1 ..... .....", per_lane::HalvingAdd, i8, i16, i32>,
    ForLanes<Lanes3, "uhadd", "0 . 1 01110 ss 1 ..... 00000 1 ..... .....", per_lane::HalvingAdd, u8, u16, u32>,
    ForLanes<Lanes3, "srhadd", "0 . 0 01110 ss 1 ..... 00010 1 ..... .....", per_lane::RoundingHalvingAdd, i8, i16, i32>,
    ForLanes<Lanes3, "urhadd", "0 . 1 01110 ss 1 ..... 00010 1 ..... .....", per_lane::RoundingHalvingAdd, u8, u16, u32>,
    ForLanes<Lanes3, "shsub", "0 . 0 01110 ss 1 ..... 00100 1 ..... .....", per_lane::HalvingSub, i8, i16, i32>,
    ForLanes<Lanes3, "uhsub", "0 . 1 01110 ss 1 ..... 00100 1 ..... .....", per_lane::HalvingSub, u8, u16, u32>,
    ForLanes<Lanes3, "sabd", "0 . 0 01110 ss 1 ..... 01110 1 ..... .....", per_lane::AbsDifference, i8, i16, i32>,
    ForLanes<Lanes3, "uabd", "0 . 1 01110 ss 1 ..... 01110 1 ..... .....", per_lane::AbsDifference, u8, u16, u32>,
    ForLanes<Lanes3Onto, "saba", "0 . 0 01110 ss 1 ..... 01111 1 ..... .....", per_lane::AbsDifferenceAdd, i8, i16, i32>,
    ForLanes<Lanes3Onto, "uaba", "0 . 1 01110 ss 1 ..... 01111 1 ..... .....", per_lane::AbsDifferenceAdd, u8, u16, u32>,
    ForLanes<LanesPairwise, "smaxp", "0 . 0 01110 ss 1 ..... 10100 1 ..... .....", per_lane::Max, i8, i16, i32>,
    ForLanes<LanesPairwise, "umaxp", "0 . 1 01110 ss 1 ..... 10100 1 ..... .....", per_lane::Max, u8, u16, u32>,
    ForLanes<LanesPairwise, "sminp", "0 . 0 01110 ss 1 ..... 10101 1 ..... .....", per_lane::Min, i8, i16, i32>,
    ForLanes<LanesPairwise, "uminp", "0 . 1 01110 ss 1 ..... 10101 1 ..... .....", per_lane::Min, u8, u16, u32>,
    ForLanes<LanesPairwise, "addp_v", "0 . 0 01110 ss 1 ..... 10111 1 ..... .....", per_lane::Add, u8, u16, u32, u64>>;

using VectorArithmetic = isa::Join<
    InstructionList<and_v, bic_v, orr_v, orn_v, eor_v, bsl, bit, bif>,
    ForLanes<Lanes3, "cmgt_v", "0 . 0 01110 ss 1 ..... 00110 1 ..... .....", per_lane::Greater, i8, i16, i32, i64>,
    ForLanes<Lanes3, "cmhi_v", "0 . 1 01110 ss 1 ..... 00110 1 ..... .....", per_lane::Greater, u8, u16, u32, u64>,
    ForLanes<Lanes3, "cmge_v", "0 . 0 01110 ss 1 ..... 00111 1 ..... .....", per_lane::GreaterEqual, i8, i16, i32, i64>,
    ForLanes<Lanes3, "cmhs_v", "0 . 1 01110 ss 1 ..... 00111 1 ..... .....", per_lane::GreaterEqual, u8, u16, u32, u64>,
    ForLanes<Lanes3, "cmtst_v", "0 . 0 01110 ss 1 ..... 10001 1 ..... .....", per_lane::Test, u8, u16, u32, u64>,
    ForLanes<Lanes3, "cmeq_v", "0 . 1 01110 ss 1 ..... 10001 1 ..... .....", per_lane::Equal, u8, u16, u32, u64>,
    ForLanes<Lanes3, "smax_v", "0 . 0 01110 ss 1 ..... 01100 1 ..... .....", per_lane::Max, i8, i16, i32>,
    ForLanes<Lanes3, "umax_v", "0 . 1 01110 ss 1 ..... 01100 1 ..... .....", per_lane::Max, u8, u16, u32>,
    ForLanes<Lanes3, "smin_v", "0 . 0 01110 ss 1 ..... 01101 1 ..... .....", per_lane::Min, i8, i16, i32>,
    ForLanes<Lanes3, "umin_v", "0 . 1 01110 ss 1 ..... 01101 1 ..... .....", per_lane::Min, u8, u16, u32>,
    ForLanes<Lanes3, "add_v", "0 . 0 01110 ss 1 ..... 10000 1 ..... .....", per_lane::Add, u8, u16, u32, u64>,
    ForLanes<Lanes3, "sub_v", "0 . 1 01110 ss 1 ..... 10000 1 ..... .....", per_lane::Sub, u8, u16, u32, u64>,
    ForLanes<Lanes3, "mul_v", "0 . 0 01110 ss 1 ..... 10011 1 ..... .....", per_lane::Mul, u8, u16, u32>,
    ForLanes<Lanes3, "pmul", "0 . 1 01110 ss 1 ..... 10011 1 ..... .....", per_lane::PolynomialMul, u8>,
    ForLanes<Lanes3Onto, "mla_v", "0 . 0 01110 ss 1 ..... 10010 1 ..... .....", per_lane::MulAdd, u8, u16, u32>,
    ForLanes<Lanes3Onto, "mls_v", "0 . 1 01110 ss 1 ..... 10010 1 ..... .....", per_lane::MulSub, u8, u16, u32>,
    ForLanes<Scalar3Of, "cmgt_scalar", "01 0 11110 ss 1 ..... 00110 1 ..... .....", per_lane::Greater, i64>,
    ForLanes<Scalar3Of, "cmhi_scalar", "01 1 11110 ss 1 ..... 00110 1 ..... .....", per_lane::Greater, u64>,
    ForLanes<Scalar3Of, "cmge_scalar", "01 0 11110 ss 1 ..... 00111 1 ..... .....", per_lane::GreaterEqual, i64>,
    ForLanes<Scalar3Of, "cmhs_scalar", "01 1 11110 ss 1 ..... 00111 1 ..... .....", per_lane::GreaterEqual, u64>,
    ForLanes<Scalar3Of, "cmtst_scalar", "01 0 11110 ss 1 ..... 10001 1 ..... .....", per_lane::Test, u64>,
    ForLanes<Scalar3Of, "cmeq_scalar", "01 1 11110 ss 1 ..... 10001 1 ..... .....", per_lane::Equal, u64>,
    ForLanes<Scalar3Of, "add_scalar", "01 0 11110 ss 1 ..... 10000 1 ..... .....", per_lane::Add, u64>,
    ForLanes<Scalar3Of, "sub_scalar", "01 1 11110 ss 1 ..... 10000 1 ..... .....", per_lane::Sub, u64>>;

using VectorShiftsByLane = isa::Join<
    ForLanes<Lanes3, "sshl", "0 . 0 01110 ss 1 ..... 01000 1 ..... .....", per_lane::ShiftBy, i8, i16, i32, i64>,
    ForLanes<Lanes3, "ushl", "0 . 1 01110 ss 1 ..... 01000 1 ..... .....", per_lane::ShiftBy, u8, u16, u32, u64>,
    ForLanes<Lanes3, "srshl", "0 . 0 01110 ss 1 ..... 01010 1 ..... .....", per_lane::RoundingShiftBy, i8, i16, i32, i64>,
    ForLanes<Lanes3, "urshl", "0 . 1 01110 ss 1 ..... 01010 1 ..... .....", per_lane::RoundingShiftBy, u8, u16, u32, u64>,
    ForLanes<Scalar3Of, "sshl_scalar", "01 0 11110 ss 1 ..... 01000 1 ..... .....", per_lane::ShiftBy, i64>,
    ForLanes<Scalar3Of, "ushl_scalar", "01 1 11110 ss 1 ..... 01000 1 ..... .....", per_lane::ShiftBy, u64>,
    ForLanes<Scalar3Of, "srshl_scalar", "01 0 11110 ss 1 ..... 01010 1 ..... .....", per_lane::RoundingShiftBy, i64>,
    ForLanes<Scalar3Of, "urshl_scalar", "01 1 11110 ss 1 ..... 01010 1 ..... .....", per_lane::RoundingShiftBy, u64>>;

using VectorSaturating = isa::Join<
    ForLanes<Lanes3Saturating, "sqadd", "0 . 0 01110 ss 1 ..... 00001 1 ..... .....", per_lane::SaturatingAdd, i8, i16, i32, i64>,
    ForLanes<Lanes3Saturating, "uqadd", "0 . 1 01110 ss 1 ..... 00001 1 ..... .....", per_lane::SaturatingAdd, u8, u16, u32, u64>,
    ForLanes<Lanes3Saturating, "sqsub", "0 . 0 01110 ss 1 ..... 00101 1 ..... .....", per_lane::SaturatingSub, i8, i16, i32, i64>,
    ForLanes<Lanes3Saturating, "uqsub", "0 . 1 01110 ss 1 ..... 00101 1 ..... .....", per_lane::SaturatingSub, u8, u16, u32, u64>,
    ForLanes<Lanes3Saturating, "sqshl", "0 . 0 01110 ss 1 ..... 01001 1 ..... .....", per_lane::SaturatingShiftBy<false>, i8, i16, i32, i64>,
    ForLanes<Lanes3Saturating, "uqshl", "0 . 1 01110 ss 1 ..... 01001 1 ..... .....", per_lane::SaturatingShiftBy<false>, u8, u16, u32, u64>,
    ForLanes<Lanes3Saturating, "sqrshl", "0 . 0 01110 ss 1 ..... 01011 1 ..... .....", per_lane::SaturatingShiftBy<true>, i8, i16, i32, i64>,
    ForLanes<Lanes3Saturating, "uqrshl", "0 . 1 01110 ss 1 ..... 01011 1 ..... .....", per_lane::SaturatingShiftBy<true>, u8, u16, u32, u64>,
    ForLanes<Lanes3Saturating, "sqdmulh", "0 . 0 01110 ss 1 ..... 10110 1 ..... .....", per_lane::DoublingMulHigh<false>, i16, i32>,
    ForLanes<Lanes3Saturating, "sqrdmulh", "0 . 1 01110 ss 1 ..... 10110 1 ..... .....", per_lane::DoublingMulHigh<true>, i16, i32>,
    ForLanes<Lanes3SaturatingOnto, "sqrdmlah", "0 . 1 01110 ss 0 ..... 10000 1 ..... .....", per_lane::RoundingDoublingMulAddHigh<false>, i16, i32>,
    ForLanes<Lanes3SaturatingOnto, "sqrdmlsh", "0 . 1 01110 ss 0 ..... 10001 1 ..... .....", per_lane::RoundingDoublingMulAddHigh<true>, i16, i32>>;

using ScalarSaturating = isa::Join<
    ForLanes<Scalar3Saturating, "sqadd_scalar", "01 0 11110 ss 1 ..... 00001 1 ..... .....", per_lane::SaturatingAdd, i8, i16, i32, i64>,
    ForLanes<Scalar3Saturating, "uqadd_scalar", "01 1 11110 ss 1 ..... 00001 1 ..... .....", per_lane::SaturatingAdd, u8, u16, u32, u64>,
    ForLanes<Scalar3Saturating, "sqsub_scalar", "01 0 11110 ss 1 ..... 00101 1 ..... .....", per_lane::SaturatingSub, i8, i16, i32, i64>,
    ForLanes<Scalar3Saturating, "uqsub_scalar", "01 1 11110 ss 1 ..... 00101 1 ..... .....", per_lane::SaturatingSub, u8, u16, u32, u64>,
    ForLanes<Scalar3Saturating, "sqshl_scalar", "01 0 11110 ss 1 ..... 01001 1 ..... .....", per_lane::SaturatingShiftBy<false>, i8, i16, i32, i64>,
    ForLanes<Scalar3Saturating, "uqshl_scalar", "01 1 11110 ss 1 ..... 01001 1 ..... .....", per_lane::SaturatingShiftBy<false>, u8, u16, u32, u64>,
    ForLanes<Scalar3Saturating, "sqrshl_scalar", "01 0 11110 ss 1 ..... 01011 1 ..... .....", per_lane::SaturatingShiftBy<true>, i8, i16, i32, i64>,
    ForLanes<Scalar3Saturating, "uqrshl_scalar", "01 1 11110 ss 1 ..... 01011 1 ..... .....", per_lane::SaturatingShiftBy<true>, u8, u16, u32, u64>,
    ForLanes<Scalar3Saturating, "sqdmulh_scalar", "01 0 11110 ss 1 ..... 10110 1 ..... .....", per_lane::DoublingMulHigh<false>, i16, i32>,
    ForLanes<Scalar3Saturating, "sqrdmulh_scalar", "01 1 11110 ss 1 ..... 10110 1 ..... .....", per_lane::DoublingMulHigh<true>, i16, i32>,
    ForLanes<Scalar3SaturatingOnto, "sqrdmlah_scalar", "01 1 11110 ss 0 ..... 10000 1 ..... .....", per_lane::RoundingDoublingMulAddHigh<false>, i16, i32>,
    ForLanes<Scalar3SaturatingOnto, "sqrdmlsh_scalar", "01 1 11110 ss 0 ..... 10001 1 ..... .....", per_lane::RoundingDoublingMulAddHigh<true>, i16, i32>>;

}  // namespace lyrebird::aarch64
