// Conversions between formats, to and from integers, and to integral values.
//
// All functions are total and constexpr: what does not fit saturates and is invalid (never also inexact), a NaN becomes
// what `Rules` say.
#pragma once

#include <type_traits>

#include "translator/isa/float/round.hpp"

namespace lyrebird::ieee {

/// `bits` in another format.
template <class To, class From, class Rules>
constexpr typename To::Bits convert(typename From::Bits bits, Rounding rounding, Flags& flags) {
    if (is_nan<From>(bits)) {
        note_signaling<From>(flags, bits);
        return Rules::template converted_nan<To, From>(bits);
    }
    if (is_infinite<From>(bits)) return signed_as<To>(is_negative<From>(bits), To::infinity);
    if (is_zero<From>(bits)) return signed_as<To>(is_negative<From>(bits), 0);
    return round_to<To, Rules>(number_of<From>(bits), rounding, flags);
}

/// value × 2^-fraction_bits as floating point. Zero is +0 in every rounding direction.
template <class F, class Rules, class Integer>
constexpr typename F::Bits from_fixed(Integer value, int fraction_bits, Rounding rounding, Flags& flags) {
    static_assert(std::is_integral_v<Integer> && sizeof(Integer) <= 8);
    if (value == 0) return 0;
    const bool negative = value < 0;
    const auto wide = static_cast<u64>(value);
    const u64 size = negative ? 0 - wide : wide;
    const int shift = std::countl_zero(size);
    return round_to<F, Rules>({negative, 63 - shift - fraction_bits, size << shift}, rounding, flags);
}

/// An integer (i32, u32, i64, u64) as floating point.
template <class F, class Rules, class Integer>
constexpr typename F::Bits from_integer(Integer value, Rounding rounding, Flags& flags) {
    return from_fixed<F, Rules>(value, 0, rounding, flags);
}

/// A magnitude below 2^64 rounded to an integer, and whether that changed it.
struct Integral {
    u64 value;
    bool inexact;
};

/// `number`, of exponent <= 63, rounded to an integer.
constexpr Integral integral_of(Number number, Rounding rounding) {
    const int shift = 63 - number.exponent;
    if (shift == 0) return {number.significand, false};
    // Below one half only "not zero" matters, and one unit of 2^-64 says so.
    const u64 whole = shift < 64 ? number.significand >> shift : 0;
    const u64 rest = shift < 64 ? number.significand << (64 - shift) : shift == 64 ? number.significand : 1;
    return {whole + rounds_away(number.negative, (whole & 1) != 0, rest, rounding), rest != 0};
}

/// Floating point × 2^fraction_bits as an integer. Out of range: invalid, and the nearest representable integer.
template <class Integer, class F, class Rules>
constexpr Integer to_fixed(typename F::Bits bits, int fraction_bits, Rounding rounding, Flags& flags) {
    using Limits = std::numeric_limits<Integer>;
    static_assert(std::is_integral_v<Integer> && sizeof(Integer) <= 8);
    if (is_nan<F>(bits)) {
        flags |= flag::invalid;
        return Rules::template nan_as_integer<Integer>();
    }
    if (is_zero<F>(bits)) return 0;
    Number number = number_of<F>(bits);  // of an infinity only the sign matters
    number.exponent += fraction_bits;
    const u64 limit = static_cast<u64>(Limits::max()) + number.negative;
    if (number.exponent <= 63 && !is_infinite<F>(bits)) {
        const auto [size, inexact] = integral_of(number, rounding);
        if (std::is_signed_v<Integer> || !number.negative ? size <= limit : size == 0) {
            if (inexact) flags |= flag::inexact;
            return static_cast<Integer>(number.negative ? 0 - size : size);
        }
    }
    flags |= flag::invalid;
    return number.negative ? Limits::min() : Limits::max();
}

/// Floating point as an integer.
template <class Integer, class F, class Rules>
constexpr Integer to_integer(typename F::Bits bits, Rounding rounding, Flags& flags) {
    return to_fixed<Integer, F, Rules>(bits, 0, rounding, flags);
}

/// RISC-V fcvtmod.w.d: truncated toward zero, then taken modulo 2^32; infinities and NaNs give 0. Flags are those of the
/// saturating conversion to i32.
constexpr i32 to_i32_modular(F64::Bits bits, Flags& flags) {
    to_integer<i32, F64, RiscvRules>(bits, Rounding::toward_zero, flags);
    if (magnitude<F64>(bits) >= F64::infinity || is_zero<F64>(bits)) return 0;
    const Number number = number_of<F64>(bits);
    u64 size = 0;
    if (number.exponent <= 63) {
        size = integral_of(number, Rounding::toward_zero).value;
    } else if (number.exponent < 63 + 32) {
        size = number.significand << (number.exponent - 63);
    }
    return static_cast<i32>(static_cast<u32>(number.negative ? 0 - size : size));
}

/// Whether rounding to an integral value reports a change as `inexact`.
enum class Report : bool { nothing, inexact };

/// `bits` rounded to an integral value of the same format; the sign of zero is kept.
template <class F, class Rules>
constexpr typename F::Bits round_to_integral(typename F::Bits bits, Rounding rounding, Report report, Flags& flags) {
    if (is_nan<F>(bits)) {
        note_signaling<F>(flags, bits);
        return Rules::template nan<F>(bits);
    }
    if (is_infinite<F>(bits) || is_zero<F>(bits)) return bits;
    const Number number = number_of<F>(bits);
    if (number.exponent >= F::fraction_bits) return bits;
    const auto [size, inexact] = integral_of(number, rounding);
    if (inexact && report == Report::inexact) flags |= flag::inexact;
    Flags none = 0;  // an integer of at most `precision` bits is exact
    const auto rounded = from_integer<F, Rules>(size, Rounding::toward_zero, none);
    return signed_as<F>(number.negative, rounded);
}

}  // namespace lyrebird::ieee
