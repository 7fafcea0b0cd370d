// Addition, multiplication, division, square root and fused multiplication: each correctly rounded, once.
//
// All functions are total and constexpr. They take raw bits, round in the given direction and set what they raise in
// `flags`. NaN results and tininess follow `Rules` (see format.hpp).
#pragma once

#include <utility>

#include "translator/isa/float/round.hpp"

namespace lyrebird::ieee {

/// The integer square root of `radicand` >= 2^126: floor(√radicand), with the lowest bit set when that is not exact.
/// One step of Zimmermann's Karatsuba square root over a digit-by-digit root of the upper half.
constexpr u64 square_root_sticky(u128 radicand) {
    const auto upper = static_cast<u64>(radicand >> 64);
    u64 root = 0;
    u64 rest = upper;
    for (u64 bit = u64{1} << 62; bit != 0; bit >>= 2) {
        const u64 trial = root + bit;
        root >>= 1;
        if (rest >= trial) {
            rest -= trial;
            root += bit;
        }
    }
    constexpr u64 digit = 0xffff'ffff;
    const u128 dividend = (static_cast<u128>(rest) << 32) | (static_cast<u64>(radicand) >> 32);
    const u128 quotient = dividend / (2 * root);
    u128 whole = (static_cast<u128>(root) << 32) + quotient;
    i128 remainder = static_cast<i128>(((dividend % (2 * root)) << 32) | (static_cast<u64>(radicand) & digit)) -
                     static_cast<i128>(quotient * quotient);
    if (remainder < 0) {
        remainder += static_cast<i128>(2 * whole - 1);
        whole -= 1;
    }
    return static_cast<u64>(whole) | (remainder != 0);
}

/// a + b of two finite numbers other than zero.
template <class F, class Rules>
constexpr typename F::Bits add_numbers(Number a, Number b, Rounding rounding, Flags& flags) {
    if (a.exponent < b.exponent) std::swap(a, b);
    // One bit of room above for the carry; the bits shifted out here are zero by the format's precision.
    const u64 larger = a.significand >> 1;
    const u64 smaller = shift_right_sticky(b.significand >> 1, a.exponent - b.exponent);
    bool negative = a.negative;
    u64 sum = larger + smaller;
    if (a.negative != b.negative) {
        if (larger == smaller) return cancelled<F>(rounding);
        sum = larger - smaller;
        if (larger < smaller) {
            sum = smaller - larger;
            negative = b.negative;
        }
    }
    const int shift = std::countl_zero(sum);
    return round_to<F, Rules>({negative, a.exponent + 1 - shift, sum << shift}, rounding, flags);
}

/// a + b.
template <class F, class Rules>
constexpr typename F::Bits add(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if (is_nan<F>(a) || is_nan<F>(b)) {
        note_signaling<F>(flags, a, b);
        return Rules::template nan<F>(a, b);
    }
    if (is_infinite<F>(a) || is_infinite<F>(b)) {
        if (is_infinite<F>(a) && is_infinite<F>(b) && a != b) {
            flags |= flag::invalid;
            return Rules::template nan<F>();
        }
        return is_infinite<F>(a) ? a : b;
    }
    if (is_zero<F>(a)) return is_zero<F>(b) && a != b ? cancelled<F>(rounding) : b;
    if (is_zero<F>(b)) return a;
    return add_numbers<F, Rules>(number_of<F>(a), number_of<F>(b), rounding, flags);
}

/// a - b.
template <class F, class Rules>
constexpr typename F::Bits sub(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if (is_nan<F>(b)) {
        note_signaling<F>(flags, a, b);
        return Rules::template nan<F>(a, b);
    }
    return add<F, Rules>(a, negated<F>(b), rounding, flags);
}

/// a × b.
template <class F, class Rules>
constexpr typename F::Bits mul(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if (is_nan<F>(a) || is_nan<F>(b)) {
        note_signaling<F>(flags, a, b);
        return Rules::template nan<F>(a, b);
    }
    const bool negative = is_negative<F>(a) != is_negative<F>(b);
    if (is_infinite<F>(a) || is_infinite<F>(b)) {
        if (is_zero<F>(a) || is_zero<F>(b)) {
            flags |= flag::invalid;
            return Rules::template nan<F>();
        }
        return signed_as<F>(negative, F::infinity);
    }
    if (is_zero<F>(a) || is_zero<F>(b)) return signed_as<F>(negative, 0);
    const Number x = number_of<F>(a);
    const Number y = number_of<F>(b);
    const u128 product = static_cast<u128>(x.significand) * y.significand;
    const int carry = static_cast<int>(product >> 127);
    return round_to<F, Rules>({negative, x.exponent + y.exponent + carry, narrow_sticky(product << (1 - carry))},
                              rounding, flags);
}

/// a ÷ b.
template <class F, class Rules>
constexpr typename F::Bits div(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if (is_nan<F>(a) || is_nan<F>(b)) {
        note_signaling<F>(flags, a, b);
        return Rules::template nan<F>(a, b);
    }
    const bool negative = is_negative<F>(a) != is_negative<F>(b);
    if ((is_infinite<F>(a) && is_infinite<F>(b)) || (is_zero<F>(a) && is_zero<F>(b))) {
        flags |= flag::invalid;
        return Rules::template nan<F>();
    }
    if (is_infinite<F>(a)) return signed_as<F>(negative, F::infinity);
    if (is_zero<F>(a) || is_infinite<F>(b)) return signed_as<F>(negative, 0);
    if (is_zero<F>(b)) {
        flags |= flag::divide_by_zero;
        return signed_as<F>(negative, F::infinity);
    }
    const Number x = number_of<F>(a);
    const Number y = number_of<F>(b);
    const int borrow = x.significand < y.significand;
    const u128 dividend = static_cast<u128>(x.significand) << (63 + borrow);
    const u64 quotient = static_cast<u64>(dividend / y.significand) | (dividend % y.significand != 0);
    return round_to<F, Rules>({negative, x.exponent - y.exponent - borrow, quotient}, rounding, flags);
}

/// √a.
template <class F, class Rules>
constexpr typename F::Bits sqrt(typename F::Bits a, Rounding rounding, Flags& flags) {
    if (is_nan<F>(a)) {
        note_signaling<F>(flags, a);
        return Rules::template nan<F>(a);
    }
    if (is_zero<F>(a) || a == F::infinity) return a;
    if (is_negative<F>(a)) {
        flags |= flag::invalid;
        return Rules::template nan<F>();
    }
    const Number x = number_of<F>(a);
    const int odd = x.exponent & 1;
    const u64 root = square_root_sticky(static_cast<u128>(x.significand) << (63 + odd));
    return round_to<F, Rules>({false, (x.exponent - odd) / 2, root}, rounding, flags);
}

/// (a × b + c) × 2^scale of finite numbers other than zero, rounded once.
template <class F, class Rules>
constexpr typename F::Bits fma_numbers(Number a, Number b, Number c, Rounding rounding, Flags& flags, int scale = 0) {
    // Both terms as X × 2^(exponent - 125), the product in [2^125, 2^127), the addend in [2^125, 2^126): no carry is lost.
    u128 product = (static_cast<u128>(a.significand) * b.significand) >> 1;
    u128 addend = static_cast<u128>(c.significand) << 62;
    int exponent = a.exponent + b.exponent;
    const bool product_negative = a.negative != b.negative;
    bool negative = product_negative;
    if (exponent >= c.exponent) {
        addend = shift_right_sticky(addend, exponent - c.exponent);
    } else {
        product = shift_right_sticky(product, c.exponent - exponent);
        exponent = c.exponent;
    }
    u128 sum = product + addend;
    if (product_negative != c.negative) {
        if (product == addend) return cancelled<F>(rounding);
        sum = product > addend ? product - addend : addend - product;
        negative = product > addend ? product_negative : c.negative;
    }
    const auto upper = static_cast<u64>(sum >> 64);
    const int shift = upper != 0 ? std::countl_zero(upper) : 64 + std::countl_zero(static_cast<u64>(sum));
    return round_to<F, Rules>({negative, exponent + 2 - shift + scale, narrow_sticky(sum << shift)}, rounding, flags);
}

/// a × b + c, rounded once. Infinity × zero is invalid even when `c` is a quiet NaN (RISC-V "F", fused multiply-add; Arm
/// FPMulAdd, where that NaN does not become the result).
template <class F, class Rules>
constexpr typename F::Bits fma(typename F::Bits a, typename F::Bits b, typename F::Bits c, Rounding rounding,
                               Flags& flags) {
    const bool product_invalid = (is_infinite<F>(a) && is_zero<F>(b)) || (is_zero<F>(a) && is_infinite<F>(b));
    if (product_invalid) {
        flags |= flag::invalid;
        return is_signaling<F>(c) ? Rules::template nan<F>(c) : Rules::template nan<F>();
    }
    if (is_nan<F>(a) || is_nan<F>(b) || is_nan<F>(c)) {
        note_signaling<F>(flags, a, b, c);
        return Rules::template nan<F>(a, b, c);
    }

    const bool negative = is_negative<F>(a) != is_negative<F>(b);
    if (is_infinite<F>(a) || is_infinite<F>(b)) {
        if (is_infinite<F>(c) && is_negative<F>(c) != negative) {
            flags |= flag::invalid;
            return Rules::template nan<F>();
        }
        return signed_as<F>(negative, F::infinity);
    }
    if (is_infinite<F>(c)) return c;
    if (is_zero<F>(a) || is_zero<F>(b)) {
        if (!is_zero<F>(c)) return c;
        return is_negative<F>(c) == negative ? c : cancelled<F>(rounding);
    }
    if (is_zero<F>(c)) return mul<F, Rules>(a, b, rounding, flags);
    return fma_numbers<F, Rules>(number_of<F>(a), number_of<F>(b), number_of<F>(c), rounding, flags);
}

}  // namespace lyrebird::ieee
