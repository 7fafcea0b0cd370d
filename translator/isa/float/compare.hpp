// Comparison, minimum, maximum and classification: questions about bit patterns that need no rounding.
#pragma once

#include "translator/isa/float/format.hpp"

namespace lyrebird::ieee {

/// a < b or, with `or_equal`, a <= b, of two values that are not NaNs; the zeros are equal.
template <class F>
constexpr bool ordered_less(typename F::Bits a, typename F::Bits b, bool or_equal) {
    if (is_zero<F>(a) && is_zero<F>(b)) return or_equal;
    if (a == b) return or_equal;
    if (is_negative<F>(a) != is_negative<F>(b)) return is_negative<F>(a);
    return is_negative<F>(a) ? a > b : a < b;
}

/// a == b. Invalid for signaling NaNs only.
template <class F>
constexpr bool equal(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    if (is_nan<F>(a) || is_nan<F>(b)) return false;
    return a == b || (is_zero<F>(a) && is_zero<F>(b));
}

/// a < b, a <= b. Invalid for any NaN.
template <class F>
constexpr bool less(typename F::Bits a, typename F::Bits b, Flags& flags) {
    if (!is_nan<F>(a) && !is_nan<F>(b)) return ordered_less<F>(a, b, false);
    flags |= flag::invalid;
    return false;
}
template <class F>
constexpr bool less_equal(typename F::Bits a, typename F::Bits b, Flags& flags) {
    if (!is_nan<F>(a) && !is_nan<F>(b)) return ordered_less<F>(a, b, true);
    flags |= flag::invalid;
    return false;
}

/// a < b, a <= b. Invalid for signaling NaNs only.
template <class F>
constexpr bool less_quiet(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    return !is_nan<F>(a) && !is_nan<F>(b) && ordered_less<F>(a, b, false);
}
template <class F>
constexpr bool less_equal_quiet(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    return !is_nan<F>(a) && !is_nan<F>(b) && ordered_less<F>(a, b, true);
}

/// a < b of two values that are not NaNs, with -0 < +0.
template <class F>
constexpr bool totally_less(typename F::Bits a, typename F::Bits b) {
    if (is_negative<F>(a) != is_negative<F>(b)) return is_negative<F>(a);
    return is_negative<F>(a) ? a > b : a < b;
}

/// IEEE 754-2019 minimumNumber, maximumNumber: a NaN loses against a number. Invalid for signaling NaNs. Rules may say that
/// these win all the same, as IEEE 754-2008's minNum has it.
template <class F, class Rules>
constexpr typename F::Bits minimum_number(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    if constexpr (requires { Rules::signaling_wins; }) {
        if (is_signaling<F>(a) || is_signaling<F>(b)) return Rules::template nan<F>(a, b);
    }
    if (is_nan<F>(a)) return is_nan<F>(b) ? Rules::template nan<F>(a, b) : b;
    if (is_nan<F>(b)) return a;
    return totally_less<F>(a, b) ? a : b;
}
template <class F, class Rules>
constexpr typename F::Bits maximum_number(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    if constexpr (requires { Rules::signaling_wins; }) {
        if (is_signaling<F>(a) || is_signaling<F>(b)) return Rules::template nan<F>(a, b);
    }
    if (is_nan<F>(a)) return is_nan<F>(b) ? Rules::template nan<F>(a, b) : b;
    if (is_nan<F>(b)) return a;
    return totally_less<F>(a, b) ? b : a;
}

/// IEEE 754-2019 minimum, maximum: a NaN wins. Invalid for signaling NaNs.
template <class F, class Rules>
constexpr typename F::Bits minimum(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    if (is_nan<F>(a) || is_nan<F>(b)) return Rules::template nan<F>(a, b);
    return totally_less<F>(a, b) ? a : b;
}
template <class F, class Rules>
constexpr typename F::Bits maximum(typename F::Bits a, typename F::Bits b, Flags& flags) {
    note_signaling<F>(flags, a, b);
    if (is_nan<F>(a) || is_nan<F>(b)) return Rules::template nan<F>(a, b);
    return totally_less<F>(a, b) ? b : a;
}

/// The one-hot mask of RISC-V's fclass: bits 0 … 9 are -infinity, -normal, -subnormal, -0, +0, +subnormal, +normal,
/// +infinity, signaling NaN, quiet NaN.
template <class F>
constexpr u32 classify(typename F::Bits bits) {
    if (is_nan<F>(bits)) return is_signaling<F>(bits) ? 1U << 8 : 1U << 9;
    const auto size = magnitude<F>(bits);
    const int distance = size == 0 ? 0 : size < F::least_normal ? 1 : size < F::infinity ? 2 : 3;
    return 1U << (is_negative<F>(bits) ? 3 - distance : 4 + distance);
}

}  // namespace lyrebird::ieee
