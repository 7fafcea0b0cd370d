// A finite number on its way in and out of a format: taken apart, and rounded back exactly once.
//
// What must stay true: `round_to` is the only place where a result is rounded into a format and where `inexact`,
// `underflow` and `overflow` of a rounded result are decided. Bits lost before it are kept as one *sticky* lowest bit, which
// is enough because there are always at least two bits between it and the last bit of the result.
#pragma once

#include "translator/isa/float/format.hpp"

namespace lyrebird::ieee {

/// A finite number other than zero: (-1)^negative × significand × 2^(exponent - 63), with bit 63 of `significand` set.
struct Number {
    bool negative;
    int exponent;
    u64 significand;
};

/// Takes a finite value other than zero apart.
template <class F>
constexpr Number number_of(typename F::Bits bits) {
    const auto biased = static_cast<int>(magnitude<F>(bits) >> F::fraction_bits);
    const u64 fraction = bits & F::fraction_mask;
    if (biased != 0) {
        return {is_negative<F>(bits), biased - F::bias, (fraction | F::least_normal) << (63 - F::fraction_bits)};
    }
    const int shift = std::countl_zero(fraction);
    return {is_negative<F>(bits), 1 - F::bias + (63 - F::fraction_bits) - shift, fraction << shift};
}

/// `value` shifted right by `count` >= 0; when ones are lost, the lowest bit is set.
template <class Unsigned>
constexpr Unsigned shift_right_sticky(Unsigned value, int count) {
    constexpr int width = static_cast<int>(sizeof(Unsigned) * 8);
    if (count == 0) return value;
    if (count >= width) return value != 0;
    return (value >> count) | ((value << (width - count)) != 0);
}

/// A 128-bit significand with bit 127 set, as one of 64 bits.
constexpr u64 narrow_sticky(u128 significand) {
    return static_cast<u64>(significand >> 64) | (static_cast<u64>(significand) != 0);
}

/// Whether a magnitude grows by one unit: `odd` is its last bit, `rest` the part below as a fraction of 2^64.
constexpr bool rounds_away(bool negative, bool odd, u64 rest, Rounding rounding) {
    constexpr u64 half = u64{1} << 63;
    switch (rounding) {
        case Rounding::nearest_even: return rest > half || (rest == half && odd);
        case Rounding::nearest_away: return rest >= half;
        case Rounding::downward: return negative && rest != 0;
        case Rounding::upward: return !negative && rest != 0;
        case Rounding::odd: return !odd && rest != 0;
        case Rounding::toward_zero: break;
    }
    return false;
}

/// `significand` / 2^shift rounded to an integer; 1 <= shift <= 63.
constexpr u64 rounded_shift(u64 significand, int shift, bool negative, Rounding rounding) {
    const u64 kept = significand >> shift;
    return kept + rounds_away(negative, (kept & 1) != 0, significand << (64 - shift), rounding);
}

/// What a result becomes that is too large in magnitude for `F`.
template <class F>
constexpr typename F::Bits overflowed(bool negative, Rounding rounding, Flags& flags) {
    flags |= flag::overflow | flag::inexact;
    const bool stops_at_greatest = rounding == Rounding::toward_zero || rounding == Rounding::odd ||
                                   rounding == (negative ? Rounding::upward : Rounding::downward);
    return signed_as<F>(negative, stops_at_greatest ? F::greatest : F::infinity);
}

/// `number`, whose lowest bit may be sticky, rounded into `F` with the flags this raises.
template <class F, class Rules>
constexpr typename F::Bits round_to(Number number, Rounding rounding, Flags& flags) {
    using Bits = typename F::Bits;
    constexpr int shift = 64 - F::precision;
    const auto [negative, exponent, significand] = number;
    const int biased = exponent + F::bias;

    if (biased >= 1) [[likely]] {
        if (biased >= F::exponent_mask) return overflowed<F>(negative, rounding, flags);
        // The hidden bit, and a carry out of the fraction, count the exponent up.
        const u64 rounded = rounded_shift(significand, shift, negative, rounding);
        const u64 bits = (static_cast<u64>(biased - 1) << F::fraction_bits) + rounded;
        if (bits >= F::infinity) return overflowed<F>(negative, rounding, flags);
        if (significand << (64 - shift) != 0) flags |= flag::inexact;
        return signed_as<F>(negative, static_cast<Bits>(bits));
    }

    if constexpr (requires { Rules::flushes_tiny; }) {
        flags |= flag::underflow;
        return signed_as<F>(negative, 0);
    }
    const u64 shifted = shift_right_sticky(significand, 1 - biased);
    if (shifted << (64 - shift) != 0) {
        const bool reaches_normal = !Rules::tiny_before_rounding && biased == 0 &&
                                    rounded_shift(significand, shift, negative, rounding) >> F::precision != 0;
        flags |= reaches_normal ? flag::inexact : flag::inexact | flag::underflow;
    }
    return signed_as<F>(negative, static_cast<Bits>(rounded_shift(shifted, shift, negative, rounding)));
}

/// The zero that is the exact difference of two equal numbers.
template <class F>
constexpr typename F::Bits cancelled(Rounding rounding) {
    return signed_as<F>(rounding == Rounding::downward, 0);
}

}  // namespace lyrebird::ieee
