// Soft float against the host's own unit: values and flags of every operation that SSE has, in all four of its rounding
// directions. The host detects tininess after rounding, as RISC-V does; NaN bits and answers out of range differ and are
// compared by RISC-V's rules.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <type_traits>

#include "tests/translator/isa/float/samples.hpp"
#include "translator/isa/float.hpp"

using namespace lyrebird;
using namespace lyrebird::ieee;
using lyrebird::test::host_roundings;
using lyrebird::test::Samples;

namespace {

constexpr int rounds = 150'000;

template <class F>
using Host = std::conditional_t<F::width == 32, float, double>;

template <class Value>
struct Outcome {
    Value value{};
    Flags flags = 0;
    bool operator==(const Outcome&) const = default;
};

/// Runs `operation` (made of volatile asm only) with the host rounding as told and returns the flags it raised.
template <class Operation>
Flags host_flags(Rounding rounding, Operation operation) {
    constexpr u32 normal = 0x1f80;
    constexpr u32 fields[] = {0, 3, 1, 2};  // by Rounding
    u32 control = normal | fields[static_cast<int>(rounding)] << 13;
    asm volatile("ldmxcsr %0" : : "m"(control));
    operation();
    u32 status;
    asm volatile("stmxcsr %0" : "=m"(status));
    asm volatile("ldmxcsr %0" : : "m"(normal));
    Flags flags = 0;
    if (status & 1) flags |= flag::invalid;
    if (status & 4) flags |= flag::divide_by_zero;
    if (status & 8) flags |= flag::overflow;
    if (status & 16) flags |= flag::underflow;
    if (status & 32) flags |= flag::inexact;
    return flags;
}

template <class F>
typename F::Bits canonical(Host<F> value) {
    const auto bits = std::bit_cast<typename F::Bits>(value);
    return is_nan<F>(bits) ? F::canonical_nan : bits;
}

enum class Operation { add, sub, mul, div };

template <class F>
Outcome<typename F::Bits> host_binary(Operation operation, typename F::Bits a, typename F::Bits b, Rounding rounding) {
    auto x = std::bit_cast<Host<F>>(a);
    const auto y = std::bit_cast<Host<F>>(b);
    const Flags flags = host_flags(rounding, [&] {
        if constexpr (F::width == 32) {
            switch (operation) {
                case Operation::add: asm volatile("addss %1, %0" : "+x"(x) : "x"(y)); break;
                case Operation::sub: asm volatile("subss %1, %0" : "+x"(x) : "x"(y)); break;
                case Operation::mul: asm volatile("mulss %1, %0" : "+x"(x) : "x"(y)); break;
                case Operation::div: asm volatile("divss %1, %0" : "+x"(x) : "x"(y)); break;
            }
        } else {
            switch (operation) {
                case Operation::add: asm volatile("addsd %1, %0" : "+x"(x) : "x"(y)); break;
                case Operation::sub: asm volatile("subsd %1, %0" : "+x"(x) : "x"(y)); break;
                case Operation::mul: asm volatile("mulsd %1, %0" : "+x"(x) : "x"(y)); break;
                case Operation::div: asm volatile("divsd %1, %0" : "+x"(x) : "x"(y)); break;
            }
        }
    });
    return {canonical<F>(x), flags};
}

template <class F>
Outcome<typename F::Bits> soft_binary(Operation operation, typename F::Bits a, typename F::Bits b, Rounding rounding) {
    Outcome<typename F::Bits> result;
    switch (operation) {
        case Operation::add: result.value = add<F, RiscvRules>(a, b, rounding, result.flags); break;
        case Operation::sub: result.value = sub<F, RiscvRules>(a, b, rounding, result.flags); break;
        case Operation::mul: result.value = mul<F, RiscvRules>(a, b, rounding, result.flags); break;
        case Operation::div: result.value = div<F, RiscvRules>(a, b, rounding, result.flags); break;
    }
    return result;
}

template <class F>
u64 binary_mismatches(Operation operation) {
    Samples samples(11 + static_cast<u64>(operation));
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.value<F>();
        auto b = samples.value<F>();
        if (round % 8 == 0) b = static_cast<typename F::Bits>(a ^ (samples.bits() & 7) ^ F::sign_mask);  // cancellation
        for (const Rounding rounding : host_roundings) {
            mismatches += host_binary<F>(operation, a, b, rounding) != soft_binary<F>(operation, a, b, rounding);
        }
    }
    return mismatches;
}

template <class F>
Outcome<typename F::Bits> host_sqrt(typename F::Bits a, Rounding rounding) {
    auto x = std::bit_cast<Host<F>>(a);
    const Flags flags = host_flags(rounding, [&] {
        if constexpr (F::width == 32) {
            asm volatile("sqrtss %0, %0" : "+x"(x));
        } else {
            asm volatile("sqrtsd %0, %0" : "+x"(x));
        }
    });
    return {canonical<F>(x), flags};
}

template <class F>
Outcome<typename F::Bits> host_fma(typename F::Bits a, typename F::Bits b, typename F::Bits c, Rounding rounding) {
    auto x = std::bit_cast<Host<F>>(a);
    const auto y = std::bit_cast<Host<F>>(b);
    const auto z = std::bit_cast<Host<F>>(c);
    const Flags flags = host_flags(rounding, [&] {
        if constexpr (F::width == 32) {
            asm volatile("vfmadd213ss %2, %1, %0" : "+x"(x) : "x"(y), "x"(z));
        } else {
            asm volatile("vfmadd213sd %2, %1, %0" : "+x"(x) : "x"(y), "x"(z));
        }
    });
    return {canonical<F>(x), flags};
}

template <class F>
u64 sqrt_mismatches() {
    Samples samples(23);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        auto a = samples.value<F>();
        if (round % 2 == 0) a = magnitude<F>(a);
        for (const Rounding rounding : host_roundings) {
            Outcome<typename F::Bits> actual;
            actual.value = ieee::sqrt<F, RiscvRules>(a, rounding, actual.flags);
            mismatches += host_sqrt<F>(a, rounding) != actual;
        }
    }
    return mismatches;
}

template <class F>
u64 fma_mismatches() {
    Samples samples(29);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.value<F>();
        const auto b = samples.value<F>();
        auto c = samples.value<F>();
        if (round % 2 == 0) {  // an addend close to the product cancels
            Flags none = 0;
            c = negated<F>(mul<F, RiscvRules>(a, b, Rounding::nearest_even, none));
            if (!is_nan<F>(c)) c = static_cast<typename F::Bits>(c ^ (samples.bits() & 3));
        }
        for (const Rounding rounding : host_roundings) {
            auto expected = host_fma<F>(a, b, c, rounding);
            // RISC-V raises invalid for infinity × zero whatever the addend; the host not when it is a quiet NaN.
            if ((is_infinite<F>(a) && is_zero<F>(b)) || (is_zero<F>(a) && is_infinite<F>(b))) {
                expected.flags |= flag::invalid;
            }
            Outcome<typename F::Bits> actual;
            actual.value = ieee::fma<F, RiscvRules>(a, b, c, rounding, actual.flags);
            mismatches += expected != actual;
        }
    }
    return mismatches;
}

template <class F>
Outcome<i64> host_to_i64(typename F::Bits bits, Rounding rounding) {
    const auto x = std::bit_cast<Host<F>>(bits);
    i64 value = 0;
    const Flags flags = host_flags(rounding, [&] {
        if constexpr (F::width == 32) {
            asm volatile("cvtss2si %1, %0" : "=r"(value) : "x"(x));
        } else {
            asm volatile("cvtsd2si %1, %0" : "=r"(value) : "x"(x));
        }
    });
    return {value, flags};
}

/// What the conversion to `Integer` must give, derived from the host's to i64 (and plain C++ above 2^63).
template <class Integer, class F>
Outcome<Integer> expected_integer(typename F::Bits bits, Rounding rounding) {
    using Limits = std::numeric_limits<Integer>;
    const auto value = std::bit_cast<Host<F>>(bits);
    const auto [wide, flags] = host_to_i64<F>(bits, rounding);
    if (!(flags & flag::invalid)) {
        if (std::in_range<Integer>(wide)) return {static_cast<Integer>(wide), flags};
        return {wide < 0 ? Limits::min() : Limits::max(), flag::invalid};
    }
    if (std::is_same_v<Integer, u64> && value >= Host<F>(0x1p63) && value < Host<F>(0x1p64)) {
        return {static_cast<Integer>(value), 0};
    }
    return {value < 0 ? Limits::min() : Limits::max(), flag::invalid};
}

template <class Integer, class F>
u64 to_integer_mismatches() {
    Samples samples(31);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        typename F::Bits a = samples.value<F>();
        if (round % 2 == 0)
            a = std::bit_cast<typename F::Bits>(static_cast<Host<F>>(static_cast<i64>(samples.integer())));
        if (round % 4 == 0) a = static_cast<typename F::Bits>(a + samples.bits() % 5 - 2);
        for (const Rounding rounding : host_roundings) {
            Outcome<Integer> actual;
            actual.value = to_integer<Integer, F, RiscvRules>(a, rounding, actual.flags);
            mismatches += expected_integer<Integer, F>(a, rounding) != actual;
        }
    }
    return mismatches;
}

template <class F>
u64 from_integer_mismatches() {
    Samples samples(37);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto value = static_cast<i64>(samples.integer());
        const auto narrow = static_cast<i32>(value);
        for (const Rounding rounding : host_roundings) {
            Host<F> wide_host{};
            Host<F> narrow_host{};
            const Flags wide_flags = host_flags(rounding, [&] {
                if constexpr (F::width == 32) {
                    asm volatile("cvtsi2ssq %1, %0" : "=x"(wide_host) : "r"(value));
                } else {
                    asm volatile("cvtsi2sdq %1, %0" : "=x"(wide_host) : "r"(value));
                }
            });
            const Flags narrow_flags = host_flags(rounding, [&] {
                if constexpr (F::width == 32) {
                    asm volatile("cvtsi2ssl %1, %0" : "=x"(narrow_host) : "r"(narrow));
                } else {
                    asm volatile("cvtsi2sdl %1, %0" : "=x"(narrow_host) : "r"(narrow));
                }
            });
            Flags flags = 0;
            mismatches += from_integer<F, RiscvRules, i64>(value, rounding, flags) != canonical<F>(wide_host);
            mismatches += flags != wide_flags;
            flags = 0;
            mismatches += from_integer<F, RiscvRules, i32>(narrow, rounding, flags) != canonical<F>(narrow_host);
            mismatches += flags != narrow_flags;
            // Unsigned numbers that a signed type holds too are the same numbers.
            flags = 0;
            const u64 half = static_cast<u64>(value) >> 1;
            const auto as_unsigned = from_integer<F, RiscvRules, u64>(half, rounding, flags);
            Flags signed_flags = 0;
            mismatches +=
                as_unsigned != from_integer<F, RiscvRules, i64>(static_cast<i64>(half), rounding, signed_flags);
            mismatches += flags != signed_flags;
        }
    }
    return mismatches;
}

template <class F>
u64 integral_mismatches() {
    Samples samples(41);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.value<F>();
        for (const Rounding rounding : host_roundings) {
            auto x = std::bit_cast<Host<F>>(a);
            const Flags flags = host_flags(rounding, [&] {
                if constexpr (F::width == 32) {
                    asm volatile("roundss $4, %0, %0" : "+x"(x));
                } else {
                    asm volatile("roundsd $4, %0, %0" : "+x"(x));
                }
            });
            Outcome<typename F::Bits> actual;
            actual.value = round_to_integral<F, RiscvRules>(a, rounding, Report::inexact, actual.flags);
            mismatches += actual != Outcome<typename F::Bits>{canonical<F>(x), flags};
            Flags quiet = 0;
            mismatches += round_to_integral<F, RiscvRules>(a, rounding, Report::nothing, quiet) != actual.value;
            mismatches += quiet != (flags & ~flag::inexact);
        }
    }
    return mismatches;
}

template <class F>
u64 compare_mismatches() {
    Samples samples(43);
    u64 mismatches = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto a = samples.value<F>();
        const auto b = round % 4 == 0 ? static_cast<typename F::Bits>(a ^ (samples.bits() & 1)) : samples.value<F>();
        const auto x = std::bit_cast<Host<F>>(a);
        const auto y = std::bit_cast<Host<F>>(b);
        const Flags quiet = host_flags(Rounding::nearest_even, [&] {
            if constexpr (F::width == 32) {
                asm volatile("ucomiss %1, %0" : : "x"(x), "x"(y) : "cc");
            } else {
                asm volatile("ucomisd %1, %0" : : "x"(x), "x"(y) : "cc");
            }
        });
        const Flags signaling = is_nan<F>(a) || is_nan<F>(b) ? flag::invalid : 0;
        const auto differs = [](bool expected, Flags expected_flags, auto compare) {
            Flags flags = 0;
            return expected != compare(flags) || flags != expected_flags;
        };
        mismatches += differs(x == y, quiet, [&](Flags& flags) { return equal<F>(a, b, flags); });
        mismatches += differs(x < y, quiet, [&](Flags& flags) { return less_quiet<F>(a, b, flags); });
        mismatches += differs(x <= y, quiet, [&](Flags& flags) { return less_equal_quiet<F>(a, b, flags); });
        mismatches += differs(x < y, signaling, [&](Flags& flags) { return less<F>(a, b, flags); });
        mismatches += differs(x <= y, signaling, [&](Flags& flags) { return less_equal<F>(a, b, flags); });
    }
    return mismatches;
}

}  // namespace

TEST_CASE_TEMPLATE("Sums, differences, products and quotients are the host's, flags included", F, F32, F64) {
    CHECK_EQ(binary_mismatches<F>(Operation::add), 0);
    CHECK_EQ(binary_mismatches<F>(Operation::sub), 0);
    CHECK_EQ(binary_mismatches<F>(Operation::mul), 0);
    CHECK_EQ(binary_mismatches<F>(Operation::div), 0);
}

TEST_CASE_TEMPLATE("Square roots are the host's, flags included", F, F32, F64) {
    CHECK_EQ(sqrt_mismatches<F>(), 0);
}

TEST_CASE_TEMPLATE("Fused multiply-add is the host's, flags included", F, F32, F64) {
    if (!__builtin_cpu_supports("fma")) {
        MESSAGE("skipped: this processor has no FMA instructions");
        return;
    }
    CHECK_EQ(fma_mismatches<F>(), 0);
}

TEST_CASE_TEMPLATE("Conversions to integers round as the host's and saturate", F, F32, F64) {
    CHECK_EQ((to_integer_mismatches<i32, F>()), 0);
    CHECK_EQ((to_integer_mismatches<u32, F>()), 0);
    CHECK_EQ((to_integer_mismatches<i64, F>()), 0);
    CHECK_EQ((to_integer_mismatches<u64, F>()), 0);
}

TEST_CASE_TEMPLATE("Conversions from integers are the host's, flags included", F, F32, F64) {
    CHECK_EQ(from_integer_mismatches<F>(), 0);
}

TEST_CASE_TEMPLATE("Rounding to integral values is the host's, flags included", F, F32, F64) {
    CHECK_EQ(integral_mismatches<F>(), 0);
}

TEST_CASE_TEMPLATE("Comparisons are the host's, and invalid for signaling or for all NaNs", F, F32, F64) {
    CHECK_EQ(compare_mismatches<F>(), 0);
}

TEST_CASE("Conversions between single and double precision are the host's, flags included") {
    Samples samples(47);
    u64 mismatches = 0;
    for (int round = 0; round < 4 * rounds; ++round) {
        const auto narrow = samples.value<F32>();
        auto wide = samples.value<F64>();
        if (round % 2 == 0) {  // near the values of the narrow format and half way between them
            Flags none = 0;
            wide = convert<F64, F32, RiscvRules>(samples.value<F32>(), Rounding::nearest_even, none);
            wide ^= (samples.bits() & 3) << samples.below(31);
        }
        for (const Rounding rounding : host_roundings) {
            float to_narrow = 0;
            double to_wide = 0;
            const auto x = std::bit_cast<double>(wide);
            const auto y = std::bit_cast<float>(narrow);
            const Flags narrow_flags =
                host_flags(rounding, [&] { asm volatile("cvtsd2ss %1, %0" : "=x"(to_narrow) : "x"(x)); });
            const Flags wide_flags =
                host_flags(rounding, [&] { asm volatile("cvtss2sd %1, %0" : "=x"(to_wide) : "x"(y)); });
            Flags flags = 0;
            mismatches += convert<F32, F64, RiscvRules>(wide, rounding, flags) != canonical<F32>(to_narrow);
            mismatches += flags != narrow_flags;
            flags = 0;
            mismatches += convert<F64, F32, RiscvRules>(narrow, rounding, flags) != canonical<F64>(to_wide);
            mismatches += flags != wide_flags;
        }
    }
    CHECK_EQ(mismatches, 0);
}

TEST_CASE("All half-precision values, and all single-precision values near them, convert as the host's F16C does") {
    if (!__builtin_cpu_supports("f16c")) {
        MESSAGE("skipped: this processor has no half-precision conversions");
        return;
    }
    using Lanes = float __attribute__((vector_size(16)));
    u64 mismatches = 0;
    for (u32 half = 0; half < 0x1'0000; ++half) {
        Lanes wide{};
        const Lanes input = std::bit_cast<Lanes>(std::array<u32, 4>{half, 0, 0, 0});
        const Flags wide_flags = host_flags(Rounding::nearest_even,
                                            [&] { asm volatile("vcvtph2ps %1, %0" : "=x"(wide) : "x"(input)); });
        Flags flags = 0;
        const u32 single = convert<F32, F16, RiscvRules>(static_cast<u16>(half), Rounding::nearest_even, flags);
        mismatches += single != canonical<F32>(wide[0]) || flags != wide_flags;

        // On the value, half way to the next one, and one bit to each side of both.
        for (const u32 step : {0U, 1U, 0xfffU, 0x1000U, 0x1001U, 0x1fffU}) {
            const u32 nearby = single + step;
            for (const Rounding rounding : host_roundings) {
                Lanes narrow{};
                const Lanes from = std::bit_cast<Lanes>(std::array<u32, 4>{nearby, 0, 0, 0});
                const Flags narrow_flags =
                    host_flags(rounding, [&] { asm volatile("vcvtps2ph $4, %1, %0" : "=x"(narrow) : "x"(from)); });
                auto expected = static_cast<u16>(std::bit_cast<std::array<u32, 4>>(narrow)[0]);
                if (is_nan<F16>(expected)) expected = F16::canonical_nan;
                flags = 0;
                const u16 actual = convert<F16, F32, RiscvRules>(nearby, rounding, flags);
                mismatches += actual != expected || flags != narrow_flags;
            }
        }
    }
    CHECK_EQ(mismatches, 0);
}
