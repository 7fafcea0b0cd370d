// Operands for floating-point tests: a fixed sequence in which every kind of value meets every other often. Pure random bits
// almost never make subnormals, cancellation, ties or overflow; so half of the values are built near the interesting places.
#pragma once

#include <array>

#include "translator/isa/float/format.hpp"

namespace lyrebird::test {

inline constexpr std::array all_roundings{ieee::Rounding::nearest_even, ieee::Rounding::toward_zero,
                                          ieee::Rounding::downward,     ieee::Rounding::upward,
                                          ieee::Rounding::nearest_away, ieee::Rounding::odd};
/// Those that the host has too, in the order of MXCSR's rounding field's RISC-V counterparts.
inline constexpr std::array host_roundings{ieee::Rounding::nearest_even, ieee::Rounding::toward_zero,
                                           ieee::Rounding::downward, ieee::Rounding::upward};

class Samples {
  public:
    explicit Samples(u64 seed) : state_(seed) {}

    u64 bits() {  // xorshift64*
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        return state_ * 0x2545'f491'4f6c'dd1dULL;
    }
    int below(int limit) { return static_cast<int>((bits() >> 33) % static_cast<u64>(limit)); }

    /// Any value of the format, special ones often.
    template <class F>
    typename F::Bits value() {
        using Bits = typename F::Bits;
        const auto sign = static_cast<Bits>(bits() & 1 ? F::sign_mask : 0);
        switch (below(8)) {
            case 0: return static_cast<Bits>(bits() >> (64 - F::width));
            case 1: return static_cast<Bits>(sign | special<F>());
            case 2: return static_cast<Bits>(sign | (few_bits<F>() & F::fraction_mask));                // subnormal
            case 3: return static_cast<Bits>(sign | with_exponent<F>(1 + below(4), few_bits<F>()));     // barely normal
            case 4: return static_cast<Bits>(sign | with_exponent<F>(F::exponent_mask - 1 - below(3), few_bits<F>()));
            case 5: return static_cast<Bits>(sign | with_exponent<F>(F::bias + below(7) - 3, few_bits<F>()));
            case 6: return static_cast<Bits>(sign | with_exponent<F>(centre<F>(), few_bits<F>()));
            default: return static_cast<Bits>(sign | with_exponent<F>(centre<F>(), bits()));
        }
    }

    /// A finite value whose exponent lies within `spread` of 0.
    template <class F>
    typename F::Bits moderate(int spread) {
        const auto sign = static_cast<typename F::Bits>(bits() & 1 ? F::sign_mask : 0);
        const u64 fraction = bits() & 1 ? bits() : few_bits<F>();
        return static_cast<typename F::Bits>(sign |
                                             with_exponent<F>(F::bias + below(2 * spread + 1) - spread, fraction));
    }

    /// An integer of any size, often next to a power of two.
    u64 integer() {
        const u64 power = u64{1} << below(64);
        switch (below(4)) {
            case 0: return power + static_cast<u64>(below(5)) - 2;
            case 1: return 0 - power + static_cast<u64>(below(5)) - 2;
            case 2: return bits() >> below(64);
            default: return 0 - (bits() >> below(64));
        }
    }

  private:
    template <class F>
    int centre() {
        return F::bias + below(2 * F::fraction_bits) - F::fraction_bits;
    }
    template <class F>
    static typename F::Bits with_exponent(int biased, u64 fraction) {
        if (biased < 0) biased = 0;
        if (biased > F::exponent_mask) biased = F::exponent_mask;
        return static_cast<typename F::Bits>((static_cast<u64>(biased) << F::fraction_bits) |
                                             (fraction & F::fraction_mask));
    }
    /// Runs of ones and zeros, so that ties and carries occur.
    template <class F>
    u64 few_bits() {
        const u64 low = (u64{1} << below(F::fraction_bits + 1)) - 1;
        const u64 single = u64{1} << below(F::fraction_bits);
        switch (below(4)) {
            case 0: return low;
            case 1: return ~low;
            case 2: return single;
            default: return low ^ single;
        }
    }
    template <class F>
    typename F::Bits special() {
        const std::array<typename F::Bits, 10> values{0,
                                                      1,
                                                      F::fraction_mask,
                                                      F::least_normal,
                                                      F::one,
                                                      F::greatest,
                                                      F::infinity,
                                                      F::canonical_nan,
                                                      static_cast<typename F::Bits>(F::infinity | 1),
                                                      static_cast<typename F::Bits>(F::canonical_nan | 5)};
        return values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
    }

    u64 state_;
};

}  // namespace lyrebird::test
