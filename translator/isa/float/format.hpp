// The vocabulary of soft float: formats, rounding directions, exception flags and the rules in which processors differ.
//
// Every value travels as its raw bit pattern (u16, u32, u64), never as a host `float`: a host register may quieten a NaN,
// and the host's own rounding state must not matter. What must stay true: a `Format` describes an IEEE 754 binary
// interchange format of at most 64 bits whose precision leaves at least ten spare bits in a u64; the values of `Rounding`
// and `Flags` are RISC-V's own encodings (unprivileged manual, "F", fcsr), so that guest and core need no translation.
#pragma once

#include <bit>
#include <limits>

#include "runtime/base/ints.hpp"

namespace lyrebird::ieee {

/// What a binary format is made of. `Storage` is the unsigned integer that holds a value's bits.
template <class Storage, int ExponentBits, int FractionBits>
struct Format {
    using Bits = Storage;
    static constexpr int exponent_bits = ExponentBits;
    static constexpr int fraction_bits = FractionBits;
    static constexpr int width = 1 + exponent_bits + fraction_bits;
    static constexpr int precision = fraction_bits + 1;
    static constexpr int bias = (1 << (exponent_bits - 1)) - 1;
    static constexpr int exponent_mask = (1 << exponent_bits) - 1;  // the biased exponent of infinities and NaNs

    static constexpr Bits sign_mask = static_cast<Bits>(Bits{1} << (width - 1));
    static constexpr Bits fraction_mask = static_cast<Bits>((Bits{1} << fraction_bits) - 1);
    static constexpr Bits quiet_mask = static_cast<Bits>(Bits{1} << (fraction_bits - 1));
    static constexpr Bits infinity = static_cast<Bits>(static_cast<Bits>(exponent_mask) << fraction_bits);
    static constexpr Bits greatest = static_cast<Bits>(infinity - 1);  // the greatest finite value
    static constexpr Bits least_normal = static_cast<Bits>(Bits{1} << fraction_bits);
    static constexpr Bits canonical_nan = static_cast<Bits>(infinity | quiet_mask);
    static constexpr Bits one = static_cast<Bits>(static_cast<Bits>(bias) << fraction_bits);

    static_assert(width == std::numeric_limits<Bits>::digits);
};

struct F16 : Format<u16, 5, 10> {};
struct F32 : Format<u32, 8, 23> {};
struct F64 : Format<u64, 11, 52> {};

/// Rounding directions; 0 … 4 are RISC-V's `frm` values. `odd` (exact results stay, others take the neighbour with an odd
/// last bit) makes a second rounding harmless.
enum class Rounding : u8 { nearest_even = 0, toward_zero = 1, downward = 2, upward = 3, nearest_away = 4, odd = 8 };

/// Sticky exception flags in the order of RISC-V's `fflags`. Operations only ever set them.
using Flags = u32;
namespace flag {
inline constexpr Flags inexact = 1, underflow = 2, overflow = 4, divide_by_zero = 8, invalid = 16;
}

/// How RISC-V fills in what IEEE 754 leaves open. Another processor's rules are another struct with these members.
struct RiscvRules {
    /// Underflow looks at the result rounded as if the exponent had no lower bound (false), or at the exact one (true).
    static constexpr bool tiny_before_rounding = false;

    /// The NaN an operation answers with when at least one operand is a NaN or when it is invalid (no operands given).
    template <class F, class... Operands>
    static constexpr typename F::Bits nan(Operands...) {
        return F::canonical_nan;
    }

    /// The NaN `from` as it arrives in another format.
    template <class To, class From>
    static constexpr typename To::Bits converted_nan(typename From::Bits) {
        return To::canonical_nan;
    }

    /// What a NaN becomes as an integer.
    template <class Integer>
    static constexpr Integer nan_as_integer() {
        return std::numeric_limits<Integer>::max();
    }
};

template <class F>
constexpr bool is_negative(typename F::Bits bits) {
    return (bits & F::sign_mask) != 0;
}

template <class F>
constexpr typename F::Bits magnitude(typename F::Bits bits) {
    return static_cast<typename F::Bits>(bits & ~F::sign_mask);
}

template <class F>
constexpr bool is_nan(typename F::Bits bits) {
    return magnitude<F>(bits) > F::infinity;
}

template <class F>
constexpr bool is_signaling(typename F::Bits bits) {
    return is_nan<F>(bits) && (bits & F::quiet_mask) == 0;
}

template <class F>
constexpr bool is_infinite(typename F::Bits bits) {
    return magnitude<F>(bits) == F::infinity;
}

template <class F>
constexpr bool is_zero(typename F::Bits bits) {
    return magnitude<F>(bits) == 0;
}

template <class F>
constexpr typename F::Bits signed_as(bool negative, typename F::Bits magnitude_bits) {
    return static_cast<typename F::Bits>(magnitude_bits | (negative ? F::sign_mask : 0));
}

template <class F>
constexpr typename F::Bits negated(typename F::Bits bits) {
    return static_cast<typename F::Bits>(bits ^ F::sign_mask);
}

/// Sets `invalid` when one of the operands is a signaling NaN.
template <class F, class... Operands>
constexpr void note_signaling(Flags& flags, Operands... operands) {
    if ((is_signaling<F>(operands) || ...)) flags |= flag::invalid;
}

}  // namespace lyrebird::ieee
