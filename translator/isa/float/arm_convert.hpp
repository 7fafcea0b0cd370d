// Arm's conversions that others do not have (Arm ARM J1.3: FPToFixedJS, FPRoundIntN, FPConvertBF), and products of narrower
// formats (FPMulX, FPMulAddH, BFDotAdd).
#pragma once

#include "translator/isa/float/arm.hpp"

namespace lyrebird::ieee::arm {

struct Modular {
    u32 value;
    bool exact;  // the integer is the operand: not for -0, nor for what was flushed
};
/// JavaScript's ToInt32: truncated, then taken modulo 2^32 (FJCVTZS).
inline Modular to_i32_modular(u64 a, ArmMode mode, Flags& flags) {
    const u64 operand = Arm::unpacked<F64>(a, mode, flags);
    Flags raised = 0;
    const auto value = static_cast<u32>(ieee::to_i32_modular(operand, raised));
    flags |= raised;
    return {value, raised == 0 && (a == 0 || !is_zero<F64>(operand))};
}

/// An integral value that an integer of `width` bits can hold, else its least (FRINT32X and its like).
template <class F>
inline typename F::Bits round_to_width(typename F::Bits a, int width, ArmMode mode, Flags& flags) {
    a = Arm::unpacked<F>(a, mode, flags);
    const auto least = signed_as<F>(true, static_cast<typename F::Bits>(u64(F::bias + width - 1) << F::fraction_bits));
    Flags raised = 0;
    const auto result = ieee::round_to_integral<F, ArmRules>(a, mode.rounding, Report::inexact, raised);
    const bool fits = magnitude<F>(result) < magnitude<F>(least) || result == least;  // a NaN is greater
    flags |= fits ? raised : flag::invalid;
    return fits ? result : least;
}

/// Single precision as a brain float (BFCVT).
inline u16 to_brain(u32 a, ArmMode mode, Flags& flags) {
    return Arm::convert<BF16, F32>(a, mode, flags);
}
constexpr u32 from_brain(u16 a) { return u32{a} << 16; }

/// a × b, where infinity × zero is two with the product's sign (FMULX).
template <class F>
inline typename F::Bits multiply_extended(typename F::Bits a, typename F::Bits b, ArmMode mode, Flags& flags) {
    Flags unused = 0;
    const auto x = Arm::unpacked<F>(a, mode, unused);
    const auto y = Arm::unpacked<F>(b, mode, unused);
    if ((is_infinite<F>(x) && is_zero<F>(y)) || (is_zero<F>(x) && is_infinite<F>(y))) {
        flags |= unused;
        return signed_as<F>(is_negative<F>(x) != is_negative<F>(y), static_cast<typename F::Bits>(F::one + F::least_normal));
    }
    return Arm::mul<F>(a, b, mode, flags);
}

/// Half precision in single precision; exact, a NaN keeps its kind.
inline u32 widened_half(u16 a, ArmMode mode) {
    Flags none = 0;
    a = Arm::unpacked<F16>(a, mode, none);
    if (is_nan<F16>(a)) return signed_as<F32>(is_negative<F16>(a), F32::infinity | u32(a & F16::fraction_mask) << 13);
    return ieee::convert<F32, F16, ArmRules>(a, Rounding::nearest_even, none);
}
/// a × b + c of halves and a single, rounded once (FMLAL).
inline u32 fma_half(u16 a, u16 b, u32 c, ArmMode mode, Flags& flags) {
    return Arm::fma<F32>(widened_half(a, mode), widened_half(b, mode), c, mode, flags);
}

/// How BFDOT and BFMMLA compute: to odd, with flushing, default NaNs and infinities, and without flags.
template <class Operation>
inline u32 brain_computed(Operation operation, u32 a, u32 b) {
    constexpr ArmMode mode{Rounding::odd, true, false, true, false};
    Flags flags = 0;
    const u32 result = Arm::computed<F32>(mode, flags, [&](auto rules, auto x, auto y) {
        return operation(rules, x, y, flags);
    }, a, b);
    return (flags & flag::overflow) != 0 ? signed_as<F32>(is_negative<F32>(result), F32::infinity) : result;
}
inline u32 brain_add(u32 a, u32 b) {
    return brain_computed([](auto rules, u32 x, u32 y, Flags& flags) {
        return ieee::add<F32, decltype(rules)>(x, y, Rounding::odd, flags);
    }, a, b);
}
inline u32 brain_mul(u32 a, u32 b) {
    return brain_computed([](auto rules, u32 x, u32 y, Flags& flags) {
        return ieee::mul<F32, decltype(rules)>(x, y, Rounding::odd, flags);
    }, a, b);
}
/// sum + a0 × b0 + a1 × b1 of pairs of brain floats; the first of a pair stands in the low half.
inline u32 brain_dot(u32 sum, u32 a, u32 b) {
    const u32 first = brain_mul(a << 16, b << 16);
    const u32 second = brain_mul(a & 0xffff'0000, b & 0xffff'0000);
    return brain_add(sum, brain_add(first, second));
}

}  // namespace lyrebird::ieee::arm
