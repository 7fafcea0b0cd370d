// The host's floating-point unit, where its answer is provably the soft one. Same names, same contracts as float.hpp.
//
// The host computes without its flags being read, because reading and clearing them costs more than the operation. So an
// answer is accepted only when its flags are known beforehand: either `inexact` is already set (it is sticky and nearly
// every program sets it at once) and the result lies where nothing else can have been raised, or the result is shown to be
// exact by its own rounding error. Everything else goes to the soft functions.
//
// What must stay true: the calling thread's MXCSR rounds to nearest even, with neither FTZ nor DAZ; nothing is ever rounded
// twice.
#pragma once

#include <utility>

#include "translator/isa/float.hpp"

namespace lyrebird::ieee::hard {

/// Whether the processor has FMA instructions. Written once, before main; until then the soft path is taken.
inline const bool host_has_fma = [] {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("fma") != 0;
#else
    return false;
#endif
}();

template <class F>
inline constexpr bool has_host_type = false;
template <>
inline constexpr bool has_host_type<F32> = true;
template <>
inline constexpr bool has_host_type<F64> = true;

template <class F>
using HostType = std::conditional_t<F::width == 32, float, double>;

template <class F>
inline HostType<F> to_host(typename F::Bits bits) {
    return std::bit_cast<HostType<F>>(bits);
}

template <class F>
inline typename F::Bits from_host(HostType<F> value) {
    return std::bit_cast<typename F::Bits>(value);
}

/// The soft function, kept out of line so that fast paths stay small.
template <auto function, class... Values>
[[gnu::noinline]] auto soft(Flags& flags, Values... values) {
    return function(values..., flags);
}

/// True when a rounded result can at most have been inexact if its operation cannot underflow.
template <class F>
inline bool is_finite(typename F::Bits result) {
    return magnitude<F>(result) < F::infinity;
}

/// True when a rounded result can at most have been inexact. The least normal number is left out: it may have been tiny
/// before rounding, and whether that is an underflow depends on bits that are gone.
template <class F>
inline bool is_safe(typename F::Bits result) {
    return static_cast<typename F::Bits>(magnitude<F>(result) - F::least_normal - 1) <
           static_cast<typename F::Bits>(F::infinity - F::least_normal - 1);
}

inline bool rounds_like_host(Rounding rounding, Flags flags) {
    return rounding == Rounding::nearest_even && (flags & flag::inexact) != 0;
}

#if defined(__x86_64__)
/// a × b + c, rounded once. Only when `host_has_fma`.
inline double fused(double a, double b, double c) {
    asm("vfmadd213sd %2, %1, %0" : "+x"(a) : "x"(b), "xm"(c));
    return a;
}
inline float fused(float a, float b, float c) {
    asm("vfmadd213ss %2, %1, %0" : "+x"(a) : "x"(b), "xm"(c));
    return a;
}
#else
template <class T>
inline T fused(T a, T, T) {
    return a;
}
#endif

/// True when `sum`, the finite rounded sum of x and y, is their exact sum (Knuth's error term is zero).
template <class T>
inline bool is_exact_sum(T x, T y, T sum) {
    const T y_part = sum - x;
    const T x_part = sum - y_part;
    return (x - x_part) + (y - y_part) == 0;
}

/// True when `product`, the rounded product of x and y, is certainly exact.
inline bool is_exact_product(float x, float y, float product) {
    return static_cast<double>(x) * static_cast<double>(y) == static_cast<double>(product);
}
inline bool is_exact_product(double x, double y, double product) {
    // Above this bound the error of the product is itself representable, so it does not round to zero.
    constexpr double bound = 0x1p-900;
    return host_has_fma && (product >= bound || product <= -bound) && fused(x, y, -product) == 0;
}

template <class F, class Rules>
inline typename F::Bits add(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        // A sum that is tiny is exact, so a finite result never underflowed.
        const auto x = to_host<F>(a);
        const auto y = to_host<F>(b);
        const auto sum = x + y;
        const auto bits = from_host<F>(sum);
        if (rounding == Rounding::nearest_even && is_finite<F>(bits) &&
            ((flags & flag::inexact) != 0 || is_exact_sum(x, y, sum))) {
            return bits;
        }
    }
    return soft<ieee::add<F, Rules>>(flags, a, b, rounding);
}

template <class F, class Rules>
inline typename F::Bits sub(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        const auto x = to_host<F>(a);
        const auto y = to_host<F>(b);
        const auto difference = x - y;
        const auto bits = from_host<F>(difference);
        if (rounding == Rounding::nearest_even && is_finite<F>(bits) &&
            ((flags & flag::inexact) != 0 || is_exact_sum(x, -y, difference))) {
            return bits;
        }
    }
    return soft<ieee::sub<F, Rules>>(flags, a, b, rounding);
}

template <class F, class Rules>
inline typename F::Bits mul(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        const auto x = to_host<F>(a);
        const auto y = to_host<F>(b);
        const auto product = x * y;
        const auto bits = from_host<F>(product);
        if (rounding == Rounding::nearest_even && is_safe<F>(bits) &&
            ((flags & flag::inexact) != 0 || is_exact_product(x, y, product))) {
            return bits;
        }
    }
    return soft<ieee::mul<F, Rules>>(flags, a, b, rounding);
}

template <class F, class Rules>
inline typename F::Bits div(typename F::Bits a, typename F::Bits b, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        if (rounds_like_host(rounding, flags)) {
            const auto bits = from_host<F>(to_host<F>(a) / to_host<F>(b));
            if (is_safe<F>(bits)) return bits;
        }
    }
    return soft<ieee::div<F, Rules>>(flags, a, b, rounding);
}

template <class F, class Rules>
inline typename F::Bits sqrt(typename F::Bits a, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        // Roots are far from both ends of the range; the finite ones are at most inexact.
        if (rounds_like_host(rounding, flags)) {
            typename F::Bits bits;
            if constexpr (F::width == 32) {
                bits = from_host<F>(__builtin_sqrtf(to_host<F>(a)));
            } else {
                bits = from_host<F>(__builtin_sqrt(to_host<F>(a)));
            }
            if (is_finite<F>(bits)) return bits;
        }
    }
    return soft<ieee::sqrt<F, Rules>>(flags, a, rounding);
}

template <class F, class Rules>
inline typename F::Bits fma(typename F::Bits a, typename F::Bits b, typename F::Bits c, Rounding rounding,
                            Flags& flags) {
    if constexpr (has_host_type<F>) {
        if (host_has_fma && rounds_like_host(rounding, flags)) {
            const auto bits = from_host<F>(fused(to_host<F>(a), to_host<F>(b), to_host<F>(c)));
            if (is_safe<F>(bits)) return bits;
        }
    }
    return soft<ieee::fma<F, Rules>>(flags, a, b, c, rounding);
}

template <class F>
inline bool equal(typename F::Bits a, typename F::Bits b, Flags& flags) {
    if constexpr (has_host_type<F>) {
        const auto x = to_host<F>(a);
        const auto y = to_host<F>(b);
        if (!__builtin_isunordered(x, y)) [[likely]] return x == y;
    }
    return soft<ieee::equal<F>>(flags, a, b);
}

template <class F>
inline bool less(typename F::Bits a, typename F::Bits b, Flags& flags) {
    if constexpr (has_host_type<F>) {
        const auto x = to_host<F>(a);
        const auto y = to_host<F>(b);
        if (!__builtin_isunordered(x, y)) [[likely]] return x < y;
    }
    return soft<ieee::less<F>>(flags, a, b);
}

template <class F>
inline bool less_equal(typename F::Bits a, typename F::Bits b, Flags& flags) {
    if constexpr (has_host_type<F>) {
        const auto x = to_host<F>(a);
        const auto y = to_host<F>(b);
        if (!__builtin_isunordered(x, y)) [[likely]] return x <= y;
    }
    return soft<ieee::less_equal<F>>(flags, a, b);
}

template <class To, class From, class Rules>
inline typename To::Bits convert(typename From::Bits bits, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<To> && has_host_type<From>) {
        const auto value = to_host<From>(bits);
        const auto converted = static_cast<HostType<To>>(value);
        const auto result = from_host<To>(converted);
        if (static_cast<HostType<From>>(converted) == value) return result;  // exact, and not a NaN
        if (rounds_like_host(rounding, flags) && is_safe<To>(result)) return result;
    }
    return soft<ieee::convert<To, From, Rules>>(flags, bits, rounding);
}

template <class F, class Rules, class Integer>
inline typename F::Bits from_integer(Integer value, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        constexpr i64 exact = i64{1} << F::precision;
        if (std::cmp_less_equal(value, exact) && std::cmp_greater_equal(value, -exact)) {
            return from_host<F>(static_cast<HostType<F>>(static_cast<i64>(value)));
        }
        if (rounds_like_host(rounding, flags)) return from_host<F>(static_cast<HostType<F>>(value));
    }
    return soft<ieee::from_integer<F, Rules, Integer>>(flags, value, rounding);
}

template <class Integer, class F, class Rules>
inline Integer to_integer(typename F::Bits bits, Rounding rounding, Flags& flags) {
    if constexpr (has_host_type<F>) {
        constexpr auto bound = static_cast<HostType<F>>(0x1p63);
        const auto value = to_host<F>(bits);
        if (value > -bound && value < bound) {
            const auto truncated = static_cast<i64>(value);
            if (std::in_range<Integer>(truncated)) {
                if (static_cast<HostType<F>>(truncated) == value) return static_cast<Integer>(truncated);
                if (rounding == Rounding::toward_zero) {
                    flags |= flag::inexact;
                    return static_cast<Integer>(truncated);
                }
            }
        }
    }
    return soft<ieee::to_integer<Integer, F, Rules>>(flags, bits, rounding);
}

/// All operations of a processor whose mode is a rounding direction and nothing else. Another processor's operations are
/// another struct with these members (see arm.hpp).
template <class Rules>
struct Operations {
    using Mode = Rounding;
    template <class F> using Bits = typename F::Bits;

    template <class F> static Bits<F> add(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return hard::add<F, Rules>(a, b, mode, flags);
    }
    template <class F> static Bits<F> sub(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return hard::sub<F, Rules>(a, b, mode, flags);
    }
    template <class F> static Bits<F> mul(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return hard::mul<F, Rules>(a, b, mode, flags);
    }
    template <class F> static Bits<F> div(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return hard::div<F, Rules>(a, b, mode, flags);
    }
    template <class F> static Bits<F> sqrt(Bits<F> a, Mode mode, Flags& flags) {
        return hard::sqrt<F, Rules>(a, mode, flags);
    }
    template <class F> static Bits<F> fma(Bits<F> a, Bits<F> b, Bits<F> c, Mode mode, Flags& flags) {
        return hard::fma<F, Rules>(a, b, c, mode, flags);
    }
    template <class F> static Bits<F> minimum_number(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return ieee::minimum_number<F, Rules>(a, b, flags);
    }
    template <class F> static Bits<F> maximum_number(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return ieee::maximum_number<F, Rules>(a, b, flags);
    }
    template <class F> static Bits<F> minimum(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return ieee::minimum<F, Rules>(a, b, flags);
    }
    template <class F> static Bits<F> maximum(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return ieee::maximum<F, Rules>(a, b, flags);
    }
    template <class F> static bool equal(Bits<F> a, Bits<F> b, Mode, Flags& flags) { return hard::equal<F>(a, b, flags); }
    template <class F> static bool less(Bits<F> a, Bits<F> b, Mode, Flags& flags) { return hard::less<F>(a, b, flags); }
    template <class F> static bool less_equal(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return hard::less_equal<F>(a, b, flags);
    }
    template <class F> static bool less_quiet(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return ieee::less_quiet<F>(a, b, flags);
    }
    template <class F> static bool less_equal_quiet(Bits<F> a, Bits<F> b, Mode, Flags& flags) {
        return ieee::less_equal_quiet<F>(a, b, flags);
    }
    template <class To, class From> static Bits<To> convert(Bits<From> a, Mode mode, Flags& flags) {
        return hard::convert<To, From, Rules>(a, mode, flags);
    }
    template <class F, class Integer> static Bits<F> from_integer(Integer a, Mode mode, Flags& flags) {
        return hard::from_integer<F, Rules>(a, mode, flags);
    }
    template <class Integer, class F> static Integer to_integer(Bits<F> a, Mode mode, Flags& flags) {
        return hard::to_integer<Integer, F, Rules>(a, mode, flags);
    }
    template <class F> static Bits<F> round_to_integral(Bits<F> a, Report report, Mode mode, Flags& flags) {
        return ieee::round_to_integral<F, Rules>(a, mode, report, flags);
    }
};

}  // namespace lyrebird::ieee::hard
