// Soft float against arithmetic that does not round at all, for what the host cannot check: half precision, ties away from
// zero, round to odd.
//
// Half-precision values are integers times 2^-24, so every exact result is a fraction of 128-bit integers. The reference
// finds the two neighbouring half-precision values by comparing fractions and picks one by the definition of the rounding
// direction. For the wider formats the reference is a binary128 result that is known to be exact.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "tests/translator/isa/float/samples.hpp"
#include "translator/isa/float.hpp"

using namespace lyrebird;
using namespace lyrebird::ieee;
using lyrebird::test::all_roundings;
using lyrebird::test::Samples;

namespace {

/// A half-precision magnitude as a multiple of 2^-24; infinity counts as 2^16, the next value in the row.
i64 units(u16 bits) {
    const int biased = bits >> 10;
    const i64 fraction = bits & 0x3ff;
    return biased == 0 ? fraction : (fraction | 0x400) << (biased - 1);
}

/// A positive exact result, known by its order relative to multiples of 2^-27: less than zero, zero, greater than zero as
/// the result is below, at or above the multiple.
template <class Compare>
struct Exact {
    Compare compare;

    int against(i64 eighths) const { return compare(eighths); }
};
template <class Compare>
Exact(Compare) -> Exact<Compare>;

struct Outcome {
    u16 value;
    Flags flags;
    bool operator==(const Outcome&) const = default;
};

/// Picks between the neighbours `lower` and `lower + 1`; `position` compares the result with the middle between them.
bool takes_upper(bool negative, u16 lower, int position, Rounding rounding) {
    switch (rounding) {
        case Rounding::nearest_even: return position > 0 || (position == 0 && (lower & 1) != 0);
        case Rounding::nearest_away: return position >= 0;
        case Rounding::toward_zero: return false;
        case Rounding::downward: return negative;
        case Rounding::upward: return !negative;
        case Rounding::odd: return (lower & 1) == 0;
    }
    return false;
}

/// Whether a result below 2^-14 rounds to 2^-14 in 11 bits without a lower bound of the exponent.
template <class Compare>
bool rounds_out_of_tiny(bool negative, const Exact<Compare>& exact, Rounding rounding) {
    const int against_last = exact.against((i64{1} << 13) - 4);    // 2^-14 - 2^-25, the last number below 2^-14
    const int against_middle = exact.against((i64{1} << 13) - 2);  // and the middle above it
    switch (rounding) {
        case Rounding::nearest_even:
        case Rounding::nearest_away: return against_middle >= 0;
        case Rounding::downward: return negative && against_last > 0;
        case Rounding::upward: return !negative && against_last > 0;
        default: return false;
    }
}

template <class Compare>
Outcome reference(bool negative, const Exact<Compare>& exact, Rounding rounding) {
    u16 lower = 0;  // the greatest value not above the result, by bisection over the ordered bit patterns
    for (u16 step = 1 << 14; step != 0; step >>= 1) {
        const auto candidate = static_cast<u16>(lower + step);
        if (candidate < F16::infinity && exact.against(8 * units(candidate)) >= 0) lower = candidate;
    }
    const auto sign = static_cast<u16>(negative ? F16::sign_mask : 0);
    if (exact.against(8 * units(lower)) == 0) return {static_cast<u16>(sign | lower), 0};

    const auto upper = static_cast<u16>(lower + 1);
    const int position = exact.against(4 * (units(lower) + units(upper)));
    const u16 chosen = takes_upper(negative, lower, position, rounding) ? upper : lower;
    Flags flags = flag::inexact;
    if (exact.against(i64{1} << 13) < 0 && !rounds_out_of_tiny(negative, exact, rounding)) flags |= flag::underflow;
    // Beyond the greatest value the exponent would have to grow; 11 bits without its upper bound decide about overflow.
    if (chosen == F16::infinity || exact.against(8 * units(F16::infinity)) >= 0) flags |= flag::overflow;
    return {static_cast<u16>(sign | chosen), flags};
}

/// The reference for numerator ÷ denominator × 2^-24, both positive.
Outcome of_fraction(bool negative, i128 numerator, i128 denominator, Rounding rounding) {
    return reference(negative, Exact{[=](i64 eighths) {
                         const i128 left = 8 * numerator;
                         const i128 right = eighths * denominator;
                         return left < right ? -1 : left > right;
                     }},
                     rounding);
}

i128 signed_units(u16 bits) {
    return is_negative<F16>(bits) ? -units(magnitude<F16>(bits)) : units(bits);
}

u16 finite_half(Samples& samples) {
    while (true) {
        const u16 value = samples.value<F16>();
        if (magnitude<F16>(value) < F16::infinity) return value;
    }
}

constexpr int rounds = 100'000;

/// Counts where `operation(a, b, c, rounding, flags)` differs from `exact`, an i128 multiple of 2^-24 ÷ `denominator`.
template <class Operation, class Numerator, class Denominator>
u64 mismatches_of(Operation operation, Numerator numerator, Denominator denominator) {
    Samples samples(53);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const u16 a = finite_half(samples);
        const u16 b = finite_half(samples);
        const u16 c = finite_half(samples);
        const i128 below = denominator(a, b, c);
        const i128 above = below < 0 ? -numerator(a, b, c) : numerator(a, b, c);
        if (above == 0 || below == 0) continue;  // signs of zero and division by zero have tests of their own
        for (const Rounding rounding : all_roundings) {
            const Outcome expected =
                of_fraction(above < 0, above < 0 ? -above : above, below < 0 ? -below : below, rounding);
            Outcome actual{0, 0};
            actual.value = operation(a, b, c, rounding, actual.flags);
            mismatches += expected != actual;
        }
    }
    return mismatches;
}

using Wide = __float128;

template <class F>
Wide exact_value(typename F::Bits bits) {
    if constexpr (F::width == 32) return std::bit_cast<float>(bits);
    if constexpr (F::width == 64) return std::bit_cast<double>(bits);
}

/// Judges a rounded normal `result` of the exact value by definition: among the results `down` and `up` of the directed
/// roundings, the nearer one, ties away from zero; or the odd one.
template <class F>
typename F::Bits chosen(Wide exact, Rounding rounding, typename F::Bits down, typename F::Bits up) {
    if (down == up) return down;
    if (rounding == Rounding::odd) return (down & 1) != 0 ? down : up;
    const Wide to_down = exact - exact_value<F>(down);
    const Wide to_up = exact_value<F>(up) - exact;
    if (to_down != to_up) return to_down < to_up ? down : up;
    return exact < 0 ? down : up;
}

template <class F, class Soft, class Exactly>
u64 wide_mismatches(Soft soft, Exactly exactly) {
    Samples samples(59);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.moderate<F>(F::width == 32 ? 20 : 25);
        const auto b = samples.moderate<F>(F::width == 32 ? 20 : 25);
        const Wide exact = exactly(exact_value<F>(a), exact_value<F>(b));
        if (exact == 0) continue;
        Flags flags = 0;
        const auto down = soft(a, b, Rounding::downward, flags);
        const auto up = soft(a, b, Rounding::upward, flags);
        for (const Rounding rounding : {Rounding::nearest_away, Rounding::odd}) {
            Flags actual_flags = 0;
            mismatches += soft(a, b, rounding, actual_flags) != chosen<F>(exact, rounding, down, up);
            mismatches += actual_flags != flags;
        }
    }
    return mismatches;
}

}  // namespace

TEST_CASE("Half-precision sums are exact results rounded once") {
    CHECK_EQ(mismatches_of([](u16 a, u16 b, u16, Rounding r, Flags& f) { return add<F16, RiscvRules>(a, b, r, f); },
                           [](u16 a, u16 b, u16) { return signed_units(a) + signed_units(b); },
                           [](u16, u16, u16) { return i128{1}; }),
             0);
    CHECK_EQ(mismatches_of([](u16 a, u16 b, u16, Rounding r, Flags& f) { return sub<F16, RiscvRules>(a, b, r, f); },
                           [](u16 a, u16 b, u16) { return signed_units(a) - signed_units(b); },
                           [](u16, u16, u16) { return i128{1}; }),
             0);
}

TEST_CASE("Half-precision products are exact results rounded once") {
    CHECK_EQ(mismatches_of([](u16 a, u16 b, u16, Rounding r, Flags& f) { return mul<F16, RiscvRules>(a, b, r, f); },
                           [](u16 a, u16 b, u16) { return signed_units(a) * signed_units(b); },
                           [](u16, u16, u16) { return i128{1} << 24; }),
             0);
}

TEST_CASE("Half-precision quotients are exact results rounded once") {
    CHECK_EQ(mismatches_of([](u16 a, u16 b, u16, Rounding r, Flags& f) { return div<F16, RiscvRules>(a, b, r, f); },
                           [](u16 a, u16, u16) { return signed_units(a) << 24; },
                           [](u16, u16 b, u16) { return signed_units(b); }),
             0);
}

TEST_CASE("Half-precision fused multiply-add is the exact result rounded once") {
    CHECK_EQ(
        mismatches_of(
            [](u16 a, u16 b, u16 c, Rounding r, Flags& f) { return fma<F16, RiscvRules>(a, b, c, r, f); },
            [](u16 a, u16 b, u16 c) { return signed_units(a) * signed_units(b) + signed_units(c) * (i128{1} << 24); },
            [](u16, u16, u16) { return i128{1} << 24; }),
        0);
}

TEST_CASE("All half-precision square roots are exact results rounded once") {
    u64 mismatches = 0;
    for (u16 a = 1; a < F16::infinity; ++a) {
        // √(u × 2^-24) = √u × 2^-12: compare squares of multiples of 2^-27.
        const Exact root{[a](i64 eighths) {
            const i128 left = i128{units(a)} << 30;
            const i128 right = i128{eighths} * eighths;
            return left < right ? -1 : left > right;
        }};
        for (const Rounding rounding : all_roundings) {
            Outcome actual{0, 0};
            actual.value = ieee::sqrt<F16, RiscvRules>(a, rounding, actual.flags);
            mismatches += reference(false, root, rounding) != actual;
        }
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE("Integers become half-precision as exact results rounded once") {
    Samples samples(61);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto value = static_cast<i64>(samples.integer());
        if (value == 0) continue;
        const i128 size = value < 0 ? -i128{value} : i128{value};
        for (const Rounding rounding : all_roundings) {
            Outcome actual{0, 0};
            actual.value = from_integer<F16, RiscvRules, i64>(value, rounding, actual.flags);
            mismatches += of_fraction(value < 0, size << 24, 1, rounding) != actual;
        }
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE("All half-precision values become integers by the definition of each rounding direction") {
    u64 mismatches = 0;
    for (u32 pattern = 0; pattern < 0x1'0000; ++pattern) {
        const auto a = static_cast<u16>(pattern);
        if (magnitude<F16>(a) >= F16::infinity) continue;
        const i64 size = units(magnitude<F16>(a));
        const i64 whole = size >> 24;
        const i64 rest = size & 0xff'ffff;
        const int position = rest < 0x80'0000 ? -1 : rest > 0x80'0000;
        for (const Rounding rounding : all_roundings) {
            const bool away = rest != 0 && takes_upper(is_negative<F16>(a), whole & 1, position, rounding);
            const i64 expected = is_negative<F16>(a) ? -(whole + away) : whole + away;
            const Flags expected_flags = rest != 0 ? flag::inexact : 0;
            Flags flags = 0;
            mismatches += to_integer<i64, F16, RiscvRules>(a, rounding, flags) != expected;
            mismatches += flags != expected_flags;
            flags = 0;
            const u32 as_unsigned = to_integer<u32, F16, RiscvRules>(a, rounding, flags);
            mismatches += as_unsigned != (expected < 0 ? 0 : static_cast<u32>(expected));
            mismatches += flags != (expected < 0 ? flag::invalid : expected_flags);
            flags = 0;
            const u16 integral = round_to_integral<F16, RiscvRules>(a, rounding, Report::inexact, flags);
            mismatches += signed_units(integral) != expected * (i128{1} << 24);
            mismatches += is_negative<F16>(integral) != is_negative<F16>(a);
            mismatches += flags != expected_flags;
        }
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE_TEMPLATE("Ties away from zero and round to odd pick the right neighbour", F, F32, F64) {
    using Bits = typename F::Bits;
    const auto sum = [](Bits a, Bits b, Rounding r, Flags& f) { return add<F, RiscvRules>(a, b, r, f); };
    const auto product = [](Bits a, Bits b, Rounding r, Flags& f) { return mul<F, RiscvRules>(a, b, r, f); };
    const auto square_plus = [](Bits a, Bits b, Rounding r, Flags& f) {
        return fma<F, RiscvRules>(a, F::one + 1, b, r, f);
    };
    CHECK_EQ(wide_mismatches<F>(sum, [](Wide a, Wide b) { return a + b; }), 0);
    CHECK_EQ(wide_mismatches<F>(product, [](Wide a, Wide b) { return a * b; }), 0);
    if constexpr (F::width == 32) {  // in double precision this sum does not fit binary128
        const Wide factor = exact_value<F>(F::one + 1);
        CHECK_EQ(wide_mismatches<F>(square_plus, [=](Wide a, Wide b) { return a * factor + b; }), 0);
    }
}

TEST_CASE("Double precision narrows by ties away from zero and to odd as defined") {
    Samples samples(67);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const u64 a = samples.moderate<F64>(100);
        Flags flags = 0;
        const u32 down = convert<F32, F64, RiscvRules>(a, Rounding::downward, flags);
        const u32 up = convert<F32, F64, RiscvRules>(a, Rounding::upward, flags);
        for (const Rounding rounding : {Rounding::nearest_away, Rounding::odd}) {
            Flags actual_flags = 0;
            const u32 actual = convert<F32, F64, RiscvRules>(a, rounding, actual_flags);
            mismatches += actual != chosen<F32>(exact_value<F64>(a), rounding, down, up) || actual_flags != flags;
        }
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE("Rounding to odd first makes a second rounding harmless") {
    Samples samples(71);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const u64 a = samples.value<F64>();
        if (is_nan<F64>(a)) continue;
        Flags none = 0;
        const u32 odd = convert<F32, F64, RiscvRules>(a, Rounding::odd, none);
        const u16 twice = convert<F16, F32, RiscvRules>(odd, Rounding::nearest_even, none);
        mismatches += twice != convert<F16, F64, RiscvRules>(a, Rounding::nearest_even, none);
    }
    CHECK_EQ(mismatches, 0);
}
