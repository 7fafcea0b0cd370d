// Which operations on vectors tier 1 has host instructions for, and how an operation of the description (isa/vector/) is told from
// its type. What is not listed here, tier 0 computes.
#pragma once

#include <type_traits>

#include "translator/isa/vector/crypto.hpp"
#include "translator/isa/vector/lane_operations.hpp"
#include "translator/isa/vector/lanes.hpp"
#include "translator/x64/value.hpp"

namespace lyrebird::x64 {

enum class VectorOp : u8 {
    none,
    // one host instruction each (emit_vector.cpp: instruction_of)
    and_, and_not, or_, xor_, not_, flip_signs, clear_signs, add, sub, mul, abs, max, min, equal, greater,
    zip_low, zip_high, shuffle_words, pack, shuffle_bytes, add_saturating, widen, multiply_even, upper_half, align, swap_words,
    shift_left, shift_right, zero, aes_round, aes_last_round, aes_inverse_round, aes_inverse_last_round, carryless_product,
    multiply_pairs,
    // made of these (emit_vector.cpp: Emitter::vector_value)
    or_not, select, neg, greater_equal, test, mul_add, mul_sub, join_low, unzip_even, unzip_odd, transpose_even, transpose_odd,
    reverse2, reverse4, reverse8, pairwise_add, pairwise_max, pairwise_min, extract, look_up, shift_right_add, narrow,
    widen_add, widen_sub, widen_mul, onto_add, onto_sub, onto_mul_add, onto_mul_sub, across_add, count_ones,
    aes_encrypt, aes_decrypt, aes_mix, aes_inverse_mix, xor_three, xor_and_not, xor_rotated_by_one, xor_then_rotate,
    insert_left, insert_right, abs_difference, abs_difference_add, widen_abs_difference, onto_abs_difference, halving_add,
    rounding_halving_add, halving_sub, rounding_shift_right, rounding_shift_right_add, narrow_rounding, narrow_sum,
    narrow_sum_rounding, narrow_difference, narrow_difference_rounding, pairwise_long, across_add_long, across_max, across_min,
    dot_product, reverse_bits,
};

/// A lane's type: log2 of its bytes, and 8 when it is signed.
template <class T>
inline constexpr u8 lane_code = u8((sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3) | (std::is_signed_v<T> ? 8 : 0));

struct VectorCode {
    VectorOp op = VectorOp::none;
    u8 lanes = 0;
};

/// By lane operation, for EachLane.
template <class F> inline constexpr VectorOp each_lane = VectorOp::none;
template <> inline constexpr VectorOp each_lane<isa::lane::Add> = VectorOp::add;
template <> inline constexpr VectorOp each_lane<isa::lane::Sub> = VectorOp::sub;
template <> inline constexpr VectorOp each_lane<isa::lane::Mul> = VectorOp::mul;
template <> inline constexpr VectorOp each_lane<isa::lane::MulAdd> = VectorOp::mul_add;
template <> inline constexpr VectorOp each_lane<isa::lane::MulSub> = VectorOp::mul_sub;
template <> inline constexpr VectorOp each_lane<isa::lane::Neg> = VectorOp::neg;
template <> inline constexpr VectorOp each_lane<isa::lane::Abs> = VectorOp::abs;
template <> inline constexpr VectorOp each_lane<isa::lane::Max> = VectorOp::max;
template <> inline constexpr VectorOp each_lane<isa::lane::Min> = VectorOp::min;
template <> inline constexpr VectorOp each_lane<isa::lane::Equal> = VectorOp::equal;
template <> inline constexpr VectorOp each_lane<isa::lane::Greater> = VectorOp::greater;
template <> inline constexpr VectorOp each_lane<isa::lane::GreaterEqual> = VectorOp::greater_equal;
template <> inline constexpr VectorOp each_lane<isa::lane::Test> = VectorOp::test;
template <> inline constexpr VectorOp each_lane<isa::lane::CountOnes> = VectorOp::count_ones;
template <> inline constexpr VectorOp each_lane<isa::lane::ShiftLeft> = VectorOp::shift_left;
template <> inline constexpr VectorOp each_lane<isa::lane::ShiftRight> = VectorOp::shift_right;
template <> inline constexpr VectorOp each_lane<isa::lane::ShiftRightAdd> = VectorOp::shift_right_add;
template <> inline constexpr VectorOp each_lane<isa::lane::RoundingShiftRight> = VectorOp::rounding_shift_right;
template <> inline constexpr VectorOp each_lane<isa::lane::RoundingShiftRightAdd> = VectorOp::rounding_shift_right_add;
template <> inline constexpr VectorOp each_lane<isa::lane::ShiftLeftInsert> = VectorOp::insert_left;
template <> inline constexpr VectorOp each_lane<isa::lane::ShiftRightInsert> = VectorOp::insert_right;
template <> inline constexpr VectorOp each_lane<isa::lane::AbsDifference> = VectorOp::abs_difference;
template <> inline constexpr VectorOp each_lane<isa::lane::AbsDifferenceAdd> = VectorOp::abs_difference_add;
template <> inline constexpr VectorOp each_lane<isa::lane::HalvingAdd> = VectorOp::halving_add;
template <> inline constexpr VectorOp each_lane<isa::lane::RoundingHalvingAdd> = VectorOp::rounding_halving_add;
template <> inline constexpr VectorOp each_lane<isa::lane::HalvingSub> = VectorOp::halving_sub;
template <> inline constexpr VectorOp each_lane<isa::lane::ReverseBits> = VectorOp::reverse_bits;

template <class F> inline constexpr VectorOp pairwise = VectorOp::none;
template <> inline constexpr VectorOp pairwise<isa::lane::Add> = VectorOp::pairwise_add;
template <> inline constexpr VectorOp pairwise<isa::lane::Max> = VectorOp::pairwise_max;
template <> inline constexpr VectorOp pairwise<isa::lane::Min> = VectorOp::pairwise_min;

template <class F> inline constexpr VectorOp widening = VectorOp::none;
template <> inline constexpr VectorOp widening<isa::lane::Add> = VectorOp::widen_add;
template <> inline constexpr VectorOp widening<isa::lane::Sub> = VectorOp::widen_sub;
template <> inline constexpr VectorOp widening<isa::lane::Mul> = VectorOp::widen_mul;
template <> inline constexpr VectorOp widening<isa::lane::AbsDifference> = VectorOp::widen_abs_difference;

template <class F> inline constexpr VectorOp widening_onto = VectorOp::none;
template <> inline constexpr VectorOp widening_onto<isa::lane::Add> = VectorOp::onto_add;
template <> inline constexpr VectorOp widening_onto<isa::lane::Sub> = VectorOp::onto_sub;
template <> inline constexpr VectorOp widening_onto<isa::lane::MulAdd> = VectorOp::onto_mul_add;
template <> inline constexpr VectorOp widening_onto<isa::lane::MulSub> = VectorOp::onto_mul_sub;
template <> inline constexpr VectorOp widening_onto<isa::lane::AbsDifferenceAdd> = VectorOp::onto_abs_difference;

template <class F> inline constexpr VectorOp narrowing = VectorOp::none;
template <> inline constexpr VectorOp narrowing<isa::lane::Narrow> = VectorOp::narrow;
template <> inline constexpr VectorOp narrowing<isa::lane::NarrowRounding> = VectorOp::narrow_rounding;
template <> inline constexpr VectorOp narrowing<isa::lane::NarrowSum> = VectorOp::narrow_sum;
template <> inline constexpr VectorOp narrowing<isa::lane::NarrowSumRounding> = VectorOp::narrow_sum_rounding;
template <> inline constexpr VectorOp narrowing<isa::lane::NarrowDifference> = VectorOp::narrow_difference;
template <> inline constexpr VectorOp narrowing<isa::lane::NarrowDifferenceRounding> = VectorOp::narrow_difference_rounding;

/// Across all lanes, in lanes of the same type.
template <class F> inline constexpr VectorOp across = VectorOp::none;
template <> inline constexpr VectorOp across<isa::lane::Add> = VectorOp::across_add;
template <> inline constexpr VectorOp across<isa::lane::Max> = VectorOp::across_max;
template <> inline constexpr VectorOp across<isa::lane::Min> = VectorOp::across_min;

template <class Op> inline constexpr VectorCode vector_code{};
template <> inline constexpr VectorCode vector_code<isa::BitAnd>{VectorOp::and_};
template <> inline constexpr VectorCode vector_code<isa::BitAndNot>{VectorOp::and_not};
template <> inline constexpr VectorCode vector_code<isa::BitOr>{VectorOp::or_};
template <> inline constexpr VectorCode vector_code<isa::BitOrNot>{VectorOp::or_not};
template <> inline constexpr VectorCode vector_code<isa::BitXor>{VectorOp::xor_};
template <> inline constexpr VectorCode vector_code<isa::BitNot>{VectorOp::not_};
template <> inline constexpr VectorCode vector_code<isa::BitSelect>{VectorOp::select};
template <> inline constexpr VectorCode vector_code<isa::UpperHalf>{VectorOp::upper_half};
template <> inline constexpr VectorCode vector_code<isa::JoinLow>{VectorOp::join_low, 3};
template <> inline constexpr VectorCode vector_code<isa::ExtractBytes>{VectorOp::extract};
template <> inline constexpr VectorCode vector_code<isa::LookUp>{VectorOp::look_up};
template <> inline constexpr VectorCode vector_code<isa::AesEncrypt>{VectorOp::aes_encrypt};
template <> inline constexpr VectorCode vector_code<isa::AesDecrypt>{VectorOp::aes_decrypt};
template <> inline constexpr VectorCode vector_code<isa::AesMixColumns>{VectorOp::aes_mix};
template <> inline constexpr VectorCode vector_code<isa::AesInverseMixColumns>{VectorOp::aes_inverse_mix};
template <> inline constexpr VectorCode vector_code<isa::CarrylessProduct>{VectorOp::carryless_product};
template <> inline constexpr VectorCode vector_code<isa::XorThree>{VectorOp::xor_three};
template <> inline constexpr VectorCode vector_code<isa::XorAndNot>{VectorOp::xor_and_not};
template <> inline constexpr VectorCode vector_code<isa::XorRotatedByOne>{VectorOp::xor_rotated_by_one};
template <> inline constexpr VectorCode vector_code<isa::XorThenRotate>{VectorOp::xor_then_rotate};
template <class F, class T> inline constexpr VectorCode vector_code<isa::EachLane<F, T>>{each_lane<F>, lane_code<T>};
template <class F, class T> inline constexpr VectorCode vector_code<isa::EachLaneWith<F, T>>{each_lane<F>, lane_code<T>};
template <class F, class T> inline constexpr VectorCode vector_code<isa::Pairwise<F, T>>{pairwise<F>, lane_code<T>};
template <class F, class T> inline constexpr VectorCode vector_code<isa::Widening<F, T>>{widening<F>, lane_code<T>};
template <class F, class T> inline constexpr VectorCode vector_code<isa::WideningOnto<F, T>>{widening_onto<F>, lane_code<T>};
template <class F, class T> inline constexpr VectorCode vector_code<isa::Narrowing<F, T>>{narrowing<F>, lane_code<T>};
template <class F, class T> inline constexpr VectorCode vector_code<isa::Across<F, T, T>>{across<F>, lane_code<T>};
template <class T>
inline constexpr VectorCode vector_code<isa::Across<isa::lane::Add, T, isa::Doubled<T>>>{VectorOp::across_add_long, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::PairwiseLong<T>>{VectorOp::pairwise_long, lane_code<T>};
/// Lanes of bytes: 8 when the first operand's are signed, 16 when the second's are.
template <class A, class B>
inline constexpr VectorCode vector_code<isa::DotProduct<A, B>>{VectorOp::dot_product,
                                                               (std::is_signed_v<A> ? 8 : 0) | (std::is_signed_v<B> ? 16 : 0)};
template <class T> inline constexpr VectorCode vector_code<isa::Zip<T, 0>>{VectorOp::zip_low, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::Zip<T, 1>>{VectorOp::zip_high, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::Unzip<T, 0>>{VectorOp::unzip_even, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::Unzip<T, 1>>{VectorOp::unzip_odd, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::Transpose<T, 0>>{VectorOp::transpose_even, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::Transpose<T, 1>>{VectorOp::transpose_odd, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::ReverseWithin<T, 2>>{VectorOp::reverse2, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::ReverseWithin<T, 4>>{VectorOp::reverse4, lane_code<T>};
template <class T> inline constexpr VectorCode vector_code<isa::ReverseWithin<T, 8>>{VectorOp::reverse8, lane_code<T>};

/// Vectors of floats: what happens to a lane, or none; and the precision, 32 or 64. A guest's own operations are told by
/// specialisations of its own.
enum class VectorFloatOp : u8 { none, add, sub, mul, div, sqrt, multiply_add, multiply_subtract, equal, greater_equal, greater };
struct VectorFloatCode {
    VectorFloatOp op = VectorFloatOp::none;
    u8 bits = 0;
};
template <class Op> inline constexpr VectorFloatCode vector_float_code{};

}  // namespace lyrebird::x64
