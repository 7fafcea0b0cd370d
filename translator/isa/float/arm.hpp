// Arm's arithmetic in every mode of FPCR: with FZ, FZ16, DN and AHP clear that of `hard` under ArmRules, else operands and
// results go through what these bits ask for (Arm ARM J1.3: FPUnpack, FPRound, FPProcessNaN).
//
// What must stay true: an operand that is flushed raises `input_denormal`, except in half precision; a result that is flushed
// raises `underflow` and not `inexact`; DN replaces NaN results and changes no flags.
#pragma once

#include <type_traits>

#include "translator/isa/float/arm_rules.hpp"
#include "translator/isa/float/hard.hpp"

namespace lyrebird::ieee {

/// Brain floats: single precision without its last 16 bits.
struct BF16 : Format<u16, 8, 7> {};

struct Arm {
    using Mode = ArmMode;
    template <class F> using Bits = typename F::Bits;

    template <class F> static constexpr bool flushes(Mode mode) {
        return std::is_same_v<F, F16> ? mode.flush_half : mode.flush;
    }
    /// An operand as it is computed with.
    template <class F> static constexpr Bits<F> unpacked(Bits<F> a, Mode mode, Flags& flags) {
        if (!flushes<F>(mode) || magnitude<F>(a) >= F::least_normal || is_zero<F>(a)) return a;
        if (!std::is_same_v<F, F16>) flags |= flag::input_denormal;
        return Bits<F>(a & F::sign_mask);
    }
    template <class F> static constexpr Bits<F> answer(Bits<F> result, Mode mode) {
        return mode.default_nan && is_nan<F>(result) ? F::canonical_nan : result;
    }
    /// `operation(rules, unpacked operands …)` as the mode has it. Out of line, so that fast paths stay small.
    template <class F, class Operation, class... Operands>
    [[gnu::noinline]] static constexpr Bits<F> computed(Mode mode, Flags& flags, Operation operation, Operands... operands) {
        ((operands = unpacked<F>(operands, mode, flags)), ...);
        const Bits<F> result =
            flushes<F>(mode) ? operation(ArmFlushingRules{}, operands...) : operation(ArmRules{}, operands...);
        return answer<F>(result, mode);
    }
    /// Where the result is no number: only the operands are flushed.
    template <class F, class Operation, class... Operands>
    static constexpr auto asked(Mode mode, Flags& flags, Operation operation, Operands... operands) {
        ((operands = unpacked<F>(operands, mode, flags)), ...);
        return operation(operands...);
    }

    template <class F> static Bits<F> add(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::add<F, ArmRules>(a, b, mode.rounding, flags);
        return computed<F>(mode, flags, [&](auto rules, auto x, auto y) {
            return ieee::add<F, decltype(rules)>(x, y, mode.rounding, flags);
        }, a, b);
    }
    template <class F> static Bits<F> sub(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::sub<F, ArmRules>(a, b, mode.rounding, flags);
        return computed<F>(mode, flags, [&](auto rules, auto x, auto y) {
            return ieee::sub<F, decltype(rules)>(x, y, mode.rounding, flags);
        }, a, b);
    }
    template <class F> static Bits<F> mul(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::mul<F, ArmRules>(a, b, mode.rounding, flags);
        return computed<F>(mode, flags, [&](auto rules, auto x, auto y) {
            return ieee::mul<F, decltype(rules)>(x, y, mode.rounding, flags);
        }, a, b);
    }
    template <class F> static Bits<F> div(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::div<F, ArmRules>(a, b, mode.rounding, flags);
        return computed<F>(mode, flags, [&](auto rules, auto x, auto y) {
            return ieee::div<F, decltype(rules)>(x, y, mode.rounding, flags);
        }, a, b);
    }
    template <class F> static Bits<F> sqrt(Bits<F> a, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::sqrt<F, ArmRules>(a, mode.rounding, flags);
        return computed<F>(mode, flags, [&](auto rules, auto x) {
            return ieee::sqrt<F, decltype(rules)>(x, mode.rounding, flags);
        }, a);
    }
    /// a × b + c.
    template <class F> static Bits<F> fma(Bits<F> a, Bits<F> b, Bits<F> c, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::fma<F, ArmRules>(a, b, c, mode.rounding, flags);
        return computed<F>(mode, flags, [&](auto rules, auto x, auto y, auto z) {
            return ieee::fma<F, decltype(rules)>(x, y, z, mode.rounding, flags);
        }, a, b, c);
    }

    template <class F> static Bits<F> minimum_number(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return computed<F>(mode, flags, [&](auto, auto x, auto y) {
            return ieee::minimum_number<F, ArmRules>(x, y, flags);
        }, a, b);
    }
    template <class F> static Bits<F> maximum_number(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return computed<F>(mode, flags, [&](auto, auto x, auto y) {
            return ieee::maximum_number<F, ArmRules>(x, y, flags);
        }, a, b);
    }
    template <class F> static Bits<F> minimum(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return computed<F>(mode, flags, [&](auto, auto x, auto y) { return ieee::minimum<F, ArmRules>(x, y, flags); }, a, b);
    }
    template <class F> static Bits<F> maximum(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return computed<F>(mode, flags, [&](auto, auto x, auto y) { return ieee::maximum<F, ArmRules>(x, y, flags); }, a, b);
    }

    template <class F> static bool equal(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x, auto y) { return hard::equal<F>(x, y, flags); }, a, b);
    }
    template <class F> static bool less(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x, auto y) { return hard::less<F>(x, y, flags); }, a, b);
    }
    template <class F> static bool less_equal(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x, auto y) { return hard::less_equal<F>(x, y, flags); }, a, b);
    }
    template <class F> static bool less_quiet(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x, auto y) { return ieee::less_quiet<F>(x, y, flags); }, a, b);
    }
    template <class F> static bool less_equal_quiet(Bits<F> a, Bits<F> b, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x, auto y) { return ieee::less_equal_quiet<F>(x, y, flags); }, a, b);
    }

    /// Between formats. FZ16 does not concern conversions (FPUnpackCV, FPRoundCV), AHP does nothing else.
    template <class To, class From> static Bits<To> convert(Bits<From> a, Mode mode, Flags& flags) {
        if (mode.is_plain()) [[likely]] return hard::convert<To, From, ArmRules>(a, mode.rounding, flags);
        mode.flush_half = false;
        if constexpr (std::is_same_v<From, F16>) {
            if (mode.alternative_half) return from_alternative_half<To>(a, mode, flags);
        } else {
            a = unpacked<From>(a, mode, flags);
            if constexpr (std::is_same_v<To, F16>) {
                if (mode.alternative_half) return to_alternative_half<From>(a, mode, flags);
            }
        }
        const Bits<To> result = flushes<To>(mode) ? ieee::convert<To, From, ArmFlushingRules>(a, mode.rounding, flags)
                                                  : ieee::convert<To, From, ArmRules>(a, mode.rounding, flags);
        return answer<To>(result, mode);
    }
    template <class F, class Integer> static Bits<F> from_integer(Integer a, Mode mode, Flags& flags) {
        if constexpr (!std::is_same_v<F, F16>) return hard::from_integer<F, ArmRules>(a, mode.rounding, flags);
        return from_fixed<F>(a, 0, mode, flags);
    }
    template <class F, class Integer>
    static Bits<F> from_fixed(Integer a, int fraction_bits, Mode mode, Flags& flags) {
        return flushes<F>(mode) ? ieee::from_fixed<F, ArmFlushingRules>(a, fraction_bits, mode.rounding, flags)
                                : ieee::from_fixed<F, ArmRules>(a, fraction_bits, mode.rounding, flags);
    }
    template <class Integer, class F> static Integer to_integer(Bits<F> a, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x) {
            return hard::to_integer<Integer, F, ArmRules>(x, mode.rounding, flags);
        }, a);
    }
    template <class Integer, class F>
    static Integer to_fixed(Bits<F> a, int fraction_bits, Mode mode, Flags& flags) {
        return asked<F>(mode, flags, [&](auto x) {
            return ieee::to_fixed<Integer, F, ArmRules>(x, fraction_bits, mode.rounding, flags);
        }, a);
    }
    template <class F> static Bits<F> round_to_integral(Bits<F> a, Report report, Mode mode, Flags& flags) {
        return computed<F>(mode, flags, [&](auto, auto x) {
            return ieee::round_to_integral<F, ArmRules>(x, mode.rounding, report, flags);
        }, a);
    }

  private:
    /// Half precision whose greatest exponent is one like the others.
    struct AlternativeHalf : F16 {
        static constexpr int exponent_mask = 32;
        static constexpr u16 infinity = 0x8000;
    };
    template <class From> static u16 to_alternative_half(Bits<From> a, Mode mode, Flags& flags) {
        constexpr u16 greatest = 0x7fff;
        const bool negative = is_negative<From>(a);
        if (is_nan<From>(a) || is_infinite<From>(a)) {
            flags |= flag::invalid;
            return signed_as<F16>(negative, is_nan<From>(a) ? 0 : greatest);
        }
        if (is_zero<From>(a)) return signed_as<F16>(negative, 0);
        Flags raised = 0;
        const u16 result = round_to<AlternativeHalf, ArmRules>(number_of<From>(a), mode.rounding, raised);
        const bool overflowed = (raised & flag::overflow) != 0;
        flags |= overflowed ? flag::invalid : raised;
        return overflowed ? signed_as<F16>(negative, greatest) : result;
    }
    template <class To> static Bits<To> from_alternative_half(u16 a, Mode mode, Flags& flags) {
        if (is_zero<F16>(a)) return signed_as<To>(is_negative<F16>(a), 0);
        return round_to<To, ArmRules>(number_of<F16>(a), mode.rounding, flags);  // exact and normal
    }
};

}  // namespace lyrebird::ieee
