// The AArch64 guest's operations on vectors of floats that the host has instructions for: see vector_operations.hpp.
#pragma once

#include "translator/aarch64/float_lanes.hpp"
#include "translator/aarch64/vector_float_formats.hpp"
#include "translator/x64/vector_operations.hpp"

namespace lyrebird::x64 {

namespace float_lane = aarch64::float_lane;

template <class Operation> inline constexpr VectorFloatOp each_float_lane = VectorFloatOp::none;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::add> = VectorFloatOp::add;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::sub> = VectorFloatOp::sub;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::mul> = VectorFloatOp::mul;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::div> = VectorFloatOp::div;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::sqrt> = VectorFloatOp::sqrt;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::multiply_add> = VectorFloatOp::multiply_add;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::multiply_subtract> = VectorFloatOp::multiply_subtract;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::equal> = VectorFloatOp::equal;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::greater_or_equal> = VectorFloatOp::greater_equal;
template <> inline constexpr VectorFloatOp each_float_lane<float_lane::greater> = VectorFloatOp::greater;

template <class Operation>
inline constexpr VectorFloatCode vector_float_code<aarch64::EachLane<Operation, ieee::F32>>{each_float_lane<Operation>, 32};
template <class Operation>
inline constexpr VectorFloatCode vector_float_code<aarch64::EachLane<Operation, ieee::F64>>{each_float_lane<Operation>, 64};

template <> inline constexpr VectorCode vector_code<aarch64::FlipSigns<ieee::F32>>{VectorOp::flip_signs, 2};
template <> inline constexpr VectorCode vector_code<aarch64::FlipSigns<ieee::F64>>{VectorOp::flip_signs, 3};
template <> inline constexpr VectorCode vector_code<aarch64::ClearSigns<ieee::F32>>{VectorOp::clear_signs, 2};
template <> inline constexpr VectorCode vector_code<aarch64::ClearSigns<ieee::F64>>{VectorOp::clear_signs, 3};

}  // namespace lyrebird::x64
