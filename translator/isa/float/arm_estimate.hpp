// Arm's reciprocal and square root estimates and their Newton steps (Arm ARM J1.3: FPRecipEstimate, FPRSqrtEstimate, FPRecpX,
// FPRecipStepFused, FPRSqrtStepFused, UnsignedRecipEstimate, UnsignedRSqrtEstimate). Eight bits of an estimate are defined to
// the last one.
#pragma once

#include "translator/isa/float/arm.hpp"

namespace lyrebird::ieee::arm {

/// 2^18 ÷ (a + ½) to the nearest, for 256 <= a < 512: 256 … 511.
constexpr u32 reciprocal_estimate(u32 a) { return ((1U << 19) / (2 * a + 1) + 1) / 2; }

/// 2^13 ÷ √(a + ½) for 128 <= a < 256, and 2^13 ÷ √(a with its last bit cleared, + 1) from there on, to the nearest below
/// the half: 256 … 511.
constexpr u32 root_estimate(u32 a) {
    a = a < 256 ? 2 * a + 1 : ((a & ~1U) + 1) * 2;
    u32 b = 512;
    while (u64{a} * (b + 1) * (b + 1) < u64{1} << 28) ++b;
    return (b + 1) / 2;
}

/// Biased exponent (zero and less: the number was subnormal) and 52 bits of fraction after the hidden one.
struct Scaled {
    int exponent;
    u64 fraction;
};
template <class F>
constexpr Scaled scaled(typename F::Bits bits) {
    const Number number = number_of<F>(bits);
    return {number.exponent + F::bias, (number.significand << 1) >> 12};
}

/// 1 ÷ a to about eight bits (FRECPE).
template <class F>
constexpr typename F::Bits reciprocal(typename F::Bits a, ArmMode mode, Flags& flags) {
    a = Arm::unpacked<F>(a, mode, flags);
    const bool negative = is_negative<F>(a);
    if (is_nan<F>(a)) {
        note_signaling<F>(flags, a);
        return Arm::answer<F>(ArmRules::nan<F>(a), mode);
    }
    if (is_infinite<F>(a)) return signed_as<F>(negative, 0);
    if (is_zero<F>(a)) {
        flags |= flag::divide_by_zero;
        return signed_as<F>(negative, F::infinity);
    }
    const auto [exponent, fraction] = scaled<F>(a);
    if (exponent < -1) return overflowed<F>(negative, mode.rounding, flags);
    const int result = 2 * F::bias - 1 - exponent;  // biased
    if (result <= 0 && Arm::flushes<F>(mode)) {
        flags |= flag::underflow;
        return signed_as<F>(negative, 0);
    }
    // With the hidden bit.
    const u64 estimate = u64{reciprocal_estimate(u32(256 | fraction >> 44))} << (F::fraction_bits - 8);
    const u64 bits = result > 0 ? (u64(result - 1) << F::fraction_bits) + estimate : estimate >> (1 - result);
    return signed_as<F>(negative, static_cast<typename F::Bits>(bits));
}

/// 1 ÷ √a to about eight bits (FRSQRTE).
template <class F>
constexpr typename F::Bits reciprocal_root(typename F::Bits a, ArmMode mode, Flags& flags) {
    a = Arm::unpacked<F>(a, mode, flags);
    if (is_nan<F>(a)) {
        note_signaling<F>(flags, a);
        return Arm::answer<F>(ArmRules::nan<F>(a), mode);
    }
    if (is_zero<F>(a)) {
        flags |= flag::divide_by_zero;
        return signed_as<F>(is_negative<F>(a), F::infinity);
    }
    if (is_negative<F>(a)) {
        flags |= flag::invalid;
        return F::canonical_nan;
    }
    if (is_infinite<F>(a)) return 0;
    const auto [exponent, fraction] = scaled<F>(a);
    const u32 operand = u32((exponent & 1) == 0 ? 256 | fraction >> 44 : 128 | fraction >> 45);
    const int result = (3 * F::bias - 1 - exponent) >> 1;  // biased
    const u64 estimate = u64{root_estimate(operand)} << (F::fraction_bits - 8);
    return static_cast<typename F::Bits>((u64(result - 1) << F::fraction_bits) + estimate);
}

/// A power of two near 1 ÷ a (FRECPX).
template <class F>
constexpr typename F::Bits reciprocal_exponent(typename F::Bits a, ArmMode mode, Flags& flags) {
    const auto operand = Arm::unpacked<F>(a, mode, flags);
    if (is_nan<F>(operand)) {
        note_signaling<F>(flags, operand);
        return Arm::answer<F>(ArmRules::nan<F>(operand), mode);
    }
    const auto exponent = static_cast<typename F::Bits>(a & F::infinity);
    const auto result = exponent == 0 ? F::infinity - F::least_normal : F::infinity ^ exponent;
    return signed_as<F>(is_negative<F>(a), static_cast<typename F::Bits>(result));
}

/// (number - a × b) × 2^scale, rounded once; `number` when the product is infinity × zero.
template <class F>
constexpr typename F::Bits step(typename F::Bits a, typename F::Bits b, typename F::Bits number, int scale, ArmMode mode,
                                Flags& flags) {
    return Arm::computed<F>(mode, flags, [&](auto rules, auto x, auto y) -> typename F::Bits {
        x = negated<F>(x);
        if (is_nan<F>(x) || is_nan<F>(y)) return ieee::mul<F, ArmRules>(x, y, mode.rounding, flags);
        const auto alone = static_cast<typename F::Bits>(number - (scale == 0 ? 0 : F::least_normal));
        if ((is_infinite<F>(x) && is_zero<F>(y)) || (is_zero<F>(x) && is_infinite<F>(y))) return alone;
        if (is_infinite<F>(x) || is_infinite<F>(y)) return signed_as<F>(is_negative<F>(x) != is_negative<F>(y), F::infinity);
        if (is_zero<F>(x) || is_zero<F>(y)) return alone;
        return fma_numbers<F, decltype(rules)>(number_of<F>(x), number_of<F>(y), number_of<F>(number), mode.rounding, flags,
                                               scale);
    }, a, b);
}
/// 2 - a × b (FRECPS).
template <class F>
constexpr typename F::Bits reciprocal_step(typename F::Bits a, typename F::Bits b, ArmMode mode, Flags& flags) {
    return step<F>(a, b, static_cast<typename F::Bits>(F::one + F::least_normal), 0, mode, flags);
}
/// (3 - a × b) ÷ 2 (FRSQRTS).
template <class F>
constexpr typename F::Bits root_step(typename F::Bits a, typename F::Bits b, ArmMode mode, Flags& flags) {
    return step<F>(a, b, static_cast<typename F::Bits>(F::one + F::least_normal + F::least_normal / 2), -1, mode, flags);
}

/// Fixed point: 2^-32 × a below 1; the estimate is between 1 and 2 with 31 bits after the point. What is too small: all ones.
constexpr u32 reciprocal_fixed(u32 a) { return a >> 31 == 0 ? ~0U : reciprocal_estimate(a >> 23) << 23; }
constexpr u32 reciprocal_root_fixed(u32 a) { return a >> 30 == 0 ? ~0U : root_estimate(a >> 23) << 23; }

}  // namespace lyrebird::ieee::arm
