// What Arm fills in where IEEE 754 leaves it open (Arm ARM, A-profile, A1.5.5 and J1.3: FPProcessNaNs, FPRound), and the modes
// of FPCR that change results besides the rounding direction.
#pragma once

#include "translator/isa/float/format.hpp"

namespace lyrebird::ieee {

/// Arm's rules with FPCR's DN, FZ and AHP clear.
struct ArmRules {
    static constexpr bool tiny_before_rounding = true;
    static constexpr bool signaling_wins = true;

    template <class F>
    static constexpr typename F::Bits quietened(typename F::Bits nan) {
        return static_cast<typename F::Bits>(nan | F::quiet_mask);
    }

    /// The default NaN of an invalid operation.
    template <class F>
    static constexpr typename F::Bits nan() {
        return F::canonical_nan;
    }
    template <class F>
    static constexpr typename F::Bits nan(typename F::Bits a) {
        return quietened<F>(a);
    }
    /// The first signaling NaN, else the first NaN; made quiet.
    template <class F>
    static constexpr typename F::Bits nan(typename F::Bits a, typename F::Bits b) {
        return quietened<F>(is_signaling<F>(a) || (is_nan<F>(a) && !is_signaling<F>(b)) ? a : b);
    }
    /// Of a × b + c the addend counts as the first operand.
    template <class F>
    static constexpr typename F::Bits nan(typename F::Bits a, typename F::Bits b, typename F::Bits c) {
        if (is_signaling<F>(c)) return quietened<F>(c);
        if (is_signaling<F>(a) || is_signaling<F>(b)) return nan<F>(a, b);
        return is_nan<F>(c) ? c : nan<F>(a, b);
    }

    /// Sign and the first bits of the fraction stay.
    template <class To, class From>
    static constexpr typename To::Bits converted_nan(typename From::Bits from) {
        const u64 fraction = static_cast<u64>(from & From::fraction_mask) << (63 - From::fraction_bits);
        const auto kept = static_cast<typename To::Bits>(fraction >> (63 - To::fraction_bits));
        return signed_as<To>(is_negative<From>(from), static_cast<typename To::Bits>(To::canonical_nan | kept));
    }

    template <class Integer>
    static constexpr Integer nan_as_integer() {
        return 0;
    }
};

/// As above, for operations whose tiny results become zeros (FPCR.FZ, and FZ16 for half precision).
struct ArmFlushingRules : ArmRules {
    static constexpr bool flushes_tiny = true;
};

/// What FPCR says (C5.2.8).
struct ArmMode {
    Rounding rounding = Rounding::nearest_even;
    bool flush = false;             // FZ: single and double precision, bfloat16
    bool flush_half = false;        // FZ16
    bool default_nan = false;       // DN
    bool alternative_half = false;  // AHP: the half precision of conversions has no infinities and NaNs

    /// The bits of FPCR besides the rounding direction that are not zero in a mode of which `is_plain` is false.
    static constexpr u32 special = 1U << 26 | 1U << 25 | 1U << 24 | 1U << 19;
    /// RMode: to nearest, towards plus infinity, towards minus infinity, towards zero.
    static constexpr Rounding rounding_of(u32 fpcr) {
        using enum Rounding;
        constexpr Rounding directions[]{nearest_even, upward, downward, toward_zero};
        return directions[fpcr >> 22 & 3];
    }
    static constexpr ArmMode of(u32 fpcr) {
        return {rounding_of(fpcr), (fpcr >> 24 & 1) != 0, (fpcr >> 19 & 1) != 0, (fpcr >> 25 & 1) != 0,
                (fpcr >> 26 & 1) != 0};
    }
    constexpr bool is_plain() const { return !flush && !flush_half && !default_nan && !alternative_half; }
    constexpr ArmMode with(Rounding direction) const {
        ArmMode mode = *this;
        mode.rounding = direction;
        return mode;
    }
};

/// Set beside the flags of `Flags` when an operand was flushed (FPSR.IDC, where FPSR has it).
namespace flag {
inline constexpr Flags input_denormal = 1U << 7;
}

}  // namespace lyrebird::ieee
