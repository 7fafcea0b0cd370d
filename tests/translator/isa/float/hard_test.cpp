// The host-assisted functions give the soft ones' bits and flags for every operand, rounding direction and set of flags that
// was already raised.
#include "translator/isa/float/hard.hpp"

#include <doctest/doctest.h>

#include "tests/translator/isa/float/samples.hpp"

using namespace lyrebird;
using namespace lyrebird::ieee;
using lyrebird::test::all_roundings;
using lyrebird::test::Samples;

namespace {

constexpr int rounds = 60'000;

/// Counts where the two functions disagree about the value or the flags; both take a Flags& only.
template <class Hard, class Soft>
u64 differs(Flags before, Hard hard, Soft soft) {
    Flags hard_flags = before;
    Flags soft_flags = before;
    const auto actual = hard(hard_flags);
    const auto expected = soft(soft_flags);
    return actual != expected || hard_flags != soft_flags;
}

/// Calls `body(rounding, flags)` for every direction, with and without `inexact` already set.
template <class Body>
u64 in_all_states(Body body) {
    u64 mismatches = 0;
    for (const Rounding rounding : all_roundings) {
        mismatches += body(rounding, Flags{0});
        mismatches += body(rounding, flag::inexact);
    }
    return mismatches;
}

template <class F>
u64 arithmetic_mismatches(typename F::Bits a, typename F::Bits b, typename F::Bits c) {
    using R = RiscvRules;
    return in_all_states([&](Rounding r, Flags before) {
        return differs(before, [&](Flags& f) { return hard::add<F, R>(a, b, r, f); },
                       [&](Flags& f) { return add<F, R>(a, b, r, f); }) +
               differs(before, [&](Flags& f) { return hard::sub<F, R>(a, b, r, f); },
                       [&](Flags& f) { return sub<F, R>(a, b, r, f); }) +
               differs(before, [&](Flags& f) { return hard::mul<F, R>(a, b, r, f); },
                       [&](Flags& f) { return mul<F, R>(a, b, r, f); }) +
               differs(before, [&](Flags& f) { return hard::div<F, R>(a, b, r, f); },
                       [&](Flags& f) { return div<F, R>(a, b, r, f); }) +
               differs(before, [&](Flags& f) { return hard::sqrt<F, R>(a, r, f); },
                       [&](Flags& f) { return ieee::sqrt<F, R>(a, r, f); }) +
               differs(before, [&](Flags& f) { return hard::fma<F, R>(a, b, c, r, f); },
                       [&](Flags& f) { return ieee::fma<F, R>(a, b, c, r, f); });
    });
}

template <class F, class Integer>
u64 integer_mismatches(typename F::Bits a, Integer value) {
    using R = RiscvRules;
    return in_all_states([&](Rounding r, Flags before) {
        return differs(before, [&](Flags& f) { return hard::to_integer<Integer, F, R>(a, r, f); },
                       [&](Flags& f) { return to_integer<Integer, F, R>(a, r, f); }) +
               differs(before, [&](Flags& f) { return hard::from_integer<F, R, Integer>(value, r, f); },
                       [&](Flags& f) { return from_integer<F, R, Integer>(value, r, f); });
    });
}

template <class F>
typename F::Bits as_float(u64 integer) {
    Flags none = 0;
    return from_integer<F, RiscvRules, i64>(static_cast<i64>(integer), Rounding::nearest_even, none);
}

}  // namespace

TEST_CASE_TEMPLATE("Host-assisted arithmetic is the soft arithmetic for mixed operands", F, F16, F32, F64) {
    Samples samples(73);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.value<F>();
        auto b = samples.value<F>();
        if (round % 4 == 0) b = static_cast<typename F::Bits>(a ^ (samples.bits() & 7));
        mismatches += arithmetic_mismatches<F>(a, b, samples.value<F>());
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE_TEMPLATE("Host-assisted arithmetic is the soft arithmetic for ordinary and for integral operands", F, F32,
                   F64) {
    Samples samples(79);
    u64 mismatches = 0;
    for (int round = 0; round < rounds / 2; ++round) {
        mismatches +=
            arithmetic_mismatches<F>(samples.moderate<F>(30), samples.moderate<F>(30), samples.moderate<F>(60));
        mismatches += arithmetic_mismatches<F>(as_float<F>(samples.integer()), as_float<F>(samples.integer()),
                                               as_float<F>(samples.integer()));
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE_TEMPLATE("Host-assisted products and quotients are the soft ones at the edge of underflow", F, F32, F64) {
    Samples samples(83);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.moderate<F>(F::bias - 1);
        Flags none = 0;
        // b such that a × b, and a ÷ (1 ÷ b), lie next to the least normal number.
        auto b = div<F, RiscvRules>(F::least_normal, a, Rounding::nearest_even, none);
        b = static_cast<typename F::Bits>(b + (samples.bits() & 3) - 1);
        mismatches += arithmetic_mismatches<F>(a, b, samples.value<F>());
        mismatches += arithmetic_mismatches<F>(mul<F, RiscvRules>(F::least_normal, a, Rounding::upward, none), a,
                                               F::least_normal);
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE_TEMPLATE("Host-assisted integer conversions are the soft ones", F, F16, F32, F64) {
    Samples samples(89);
    u64 mismatches = 0;
    for (int round = 0; round < rounds / 2; ++round) {
        const u64 integer = samples.integer();
        auto a = round % 2 == 0 ? samples.value<F>() : as_float<F>(samples.integer());
        if (round % 4 == 1) a = static_cast<typename F::Bits>(a + (samples.bits() & 3) - 1);
        mismatches += integer_mismatches<F, i32>(a, static_cast<i32>(integer));
        mismatches += integer_mismatches<F, u32>(a, static_cast<u32>(integer));
        mismatches += integer_mismatches<F, i64>(a, static_cast<i64>(integer));
        mismatches += integer_mismatches<F, u64>(a, integer);
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE("Host-assisted conversions between formats are the soft ones") {
    using R = RiscvRules;
    Samples samples(97);
    u64 mismatches = 0;
    for (int round = 0; round < 2 * rounds; ++round) {
        const u32 narrow = samples.value<F32>();
        Flags none = 0;
        u64 wide = samples.value<F64>();
        if (round % 2 == 0) {
            wide = convert<F64, F32, R>(samples.value<F32>(), Rounding::nearest_even, none);
            wide += samples.bits() % 3 - 1;
        }
        mismatches += in_all_states([&](Rounding r, Flags before) {
            return differs(before, [&](Flags& f) { return hard::convert<F64, F32, R>(narrow, r, f); },
                           [&](Flags& f) { return convert<F64, F32, R>(narrow, r, f); }) +
                   differs(before, [&](Flags& f) { return hard::convert<F32, F64, R>(wide, r, f); },
                           [&](Flags& f) { return convert<F32, F64, R>(wide, r, f); });
        });
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE_TEMPLATE("Host-assisted comparisons are the soft ones", F, F16, F32, F64) {
    Samples samples(101);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.value<F>();
        const auto b = round % 4 == 0 ? static_cast<typename F::Bits>(a ^ (samples.bits() & 1)) : samples.value<F>();
        mismatches += differs(0, [&](Flags& f) { return hard::equal<F>(a, b, f); },
                              [&](Flags& f) { return equal<F>(a, b, f); }) +
                      differs(0, [&](Flags& f) { return hard::less<F>(a, b, f); },
                              [&](Flags& f) { return less<F>(a, b, f); }) +
                      differs(0, [&](Flags& f) { return hard::less_equal<F>(a, b, f); },
                              [&](Flags& f) { return less_equal<F>(a, b, f); });
    }
    CHECK_EQ(mismatches, 0);
}
