// Answers that the manuals give in words: NaNs, zeros' signs, minimum and maximum, classes, saturation, overflow. All are
// evaluated at compile time as well, which also proves that no case is undefined.
#include <doctest/doctest.h>

#include "translator/isa/float.hpp"

using namespace lyrebird;
using namespace lyrebird::ieee;

namespace {

using R = RiscvRules;
constexpr u32 signaling_nan = 0x7f80'0001;
constexpr u32 other_nan = 0xffc1'2345;
constexpr u32 minus_zero = 0x8000'0000;
constexpr u32 one = 0x3f80'0000;
constexpr u32 minus_one = 0xbf80'0000;
constexpr u32 infinity = 0x7f80'0000;
constexpr u32 minus_infinity = 0xff80'0000;
constexpr u32 canonical = 0x7fc0'0000;

template <class Value>
struct Outcome {
    Value value;
    Flags flags;
    bool operator==(const Outcome&) const = default;
};

template <class Function>
constexpr auto run(Function function) {
    Flags flags = 0;
    const auto value = function(flags);
    return Outcome<std::remove_const_t<decltype(value)>>{value, flags};
}

constexpr auto minimum_number_of(u32 a, u32 b) {
    return run([=](Flags& f) { return minimum_number<F32, R>(a, b, f); });
}
constexpr auto maximum_number_of(u32 a, u32 b) {
    return run([=](Flags& f) { return maximum_number<F32, R>(a, b, f); });
}
constexpr auto minimum_of(u32 a, u32 b) {
    return run([=](Flags& f) { return minimum<F32, R>(a, b, f); });
}
constexpr auto maximum_of(u32 a, u32 b) {
    return run([=](Flags& f) { return maximum<F32, R>(a, b, f); });
}
constexpr auto sum_of(u32 a, u32 b, Rounding rounding = Rounding::nearest_even) {
    return run([=](Flags& f) { return add<F32, R>(a, b, rounding, f); });
}
constexpr auto product_of(u32 a, u32 b, Rounding rounding = Rounding::nearest_even) {
    return run([=](Flags& f) { return mul<F32, R>(a, b, rounding, f); });
}
constexpr auto modular_of(u64 a) {
    return run([=](Flags& f) { return to_i32_modular(a, f); });
}
template <class Integer>
constexpr auto integer_of(u32 a) {
    return run([=](Flags& f) { return to_integer<Integer, F32, R>(a, Rounding::toward_zero, f); });
}

using Single = Outcome<u32>;

struct EarlyTiny : RiscvRules {
    static constexpr bool tiny_before_rounding = true;
};

}  // namespace

TEST_CASE("minimumNumber and maximumNumber prefer numbers to NaNs and order the zeros") {
    static_assert(minimum_number_of(other_nan, one) == Single{one, 0});
    CHECK(minimum_number_of(other_nan, one) == Single{one, 0});
    CHECK(minimum_number_of(one, other_nan) == Single{one, 0});
    CHECK(minimum_number_of(signaling_nan, one) == Single{one, flag::invalid});
    CHECK(maximum_number_of(one, signaling_nan) == Single{one, flag::invalid});
    CHECK(minimum_number_of(other_nan, other_nan) == Single{canonical, 0});
    CHECK(maximum_number_of(signaling_nan, other_nan) == Single{canonical, flag::invalid});
    CHECK(minimum_number_of(0, minus_zero) == Single{minus_zero, 0});
    CHECK(minimum_number_of(minus_zero, 0) == Single{minus_zero, 0});
    CHECK(maximum_number_of(minus_zero, 0) == Single{0, 0});
    CHECK(minimum_number_of(minus_one, minus_infinity) == Single{minus_infinity, 0});
    CHECK(maximum_number_of(minus_one, minus_infinity) == Single{minus_one, 0});
    CHECK(maximum_number_of(one, infinity) == Single{infinity, 0});
}

TEST_CASE("minimum and maximum prefer NaNs to numbers and order the zeros") {
    static_assert(minimum_of(other_nan, one) == Single{canonical, 0});
    CHECK(minimum_of(other_nan, one) == Single{canonical, 0});
    CHECK(maximum_of(one, other_nan) == Single{canonical, 0});
    CHECK(minimum_of(one, signaling_nan) == Single{canonical, flag::invalid});
    CHECK(minimum_of(0, minus_zero) == Single{minus_zero, 0});
    CHECK(maximum_of(0, minus_zero) == Single{0, 0});
    CHECK(minimum_of(one, minus_one) == Single{minus_one, 0});
    CHECK(maximum_of(one, minus_one) == Single{one, 0});
}

TEST_CASE("Every NaN result is the canonical NaN") {
    CHECK(sum_of(other_nan, one) == Single{canonical, 0});
    CHECK(sum_of(one, signaling_nan) == Single{canonical, flag::invalid});
    CHECK(sum_of(infinity, minus_infinity) == Single{canonical, flag::invalid});
    CHECK(product_of(0, minus_infinity) == Single{canonical, flag::invalid});
    CHECK(run([](Flags& f) { return ieee::sqrt<F32, R>(minus_one, Rounding::nearest_even, f); }) ==
          Single{canonical, flag::invalid});
    CHECK(run([](Flags& f) { return convert<F64, F32, R>(signaling_nan, Rounding::nearest_even, f); }) ==
          Outcome<u64>{0x7ff8'0000'0000'0000, flag::invalid});
    CHECK(run([](Flags& f) { return round_to_integral<F32, R>(other_nan, Rounding::odd, Report::inexact, f); }) ==
          Single{canonical, 0});
}

TEST_CASE("Infinity times zero plus a quiet NaN is invalid") {
    CHECK(run([](Flags& f) { return ieee::fma<F32, R>(infinity, 0, other_nan, Rounding::nearest_even, f); }) ==
          Single{canonical, flag::invalid});
}

TEST_CASE("An exact difference of zero is negative only when rounding downward") {
    static_assert(sum_of(one, minus_one, Rounding::downward) == Single{minus_zero, 0});
    CHECK(sum_of(one, minus_one, Rounding::downward) == Single{minus_zero, 0});
    CHECK(sum_of(one, minus_one, Rounding::nearest_away) == Single{0, 0});
    CHECK(sum_of(0, minus_zero, Rounding::downward) == Single{minus_zero, 0});
    CHECK(sum_of(0, minus_zero, Rounding::odd) == Single{0, 0});
    CHECK(sum_of(minus_zero, minus_zero, Rounding::upward) == Single{minus_zero, 0});
}

TEST_CASE("A finite number divided by zero is infinite") {
    CHECK(run([](Flags& f) { return div<F32, R>(minus_one, 0, Rounding::nearest_even, f); }) ==
          Single{minus_infinity, flag::divide_by_zero});
    CHECK(run([](Flags& f) { return div<F32, R>(0, minus_zero, Rounding::nearest_even, f); }) ==
          Single{canonical, flag::invalid});
}

TEST_CASE("Overflow gives infinity or the greatest number, as the rounding direction says") {
    constexpr Flags raised = flag::overflow | flag::inexact;
    constexpr u32 greatest = F32::greatest;
    CHECK(product_of(greatest, greatest, Rounding::nearest_even) == Single{infinity, raised});
    CHECK(product_of(greatest, greatest, Rounding::nearest_away) == Single{infinity, raised});
    CHECK(product_of(greatest, greatest, Rounding::toward_zero) == Single{greatest, raised});
    CHECK(product_of(greatest, greatest, Rounding::odd) == Single{greatest, raised});
    CHECK(product_of(greatest, greatest, Rounding::downward) == Single{greatest, raised});
    CHECK(product_of(greatest, greatest | minus_zero, Rounding::upward) == Single{greatest | minus_zero, raised});
    CHECK(product_of(greatest, greatest | minus_zero, Rounding::downward) == Single{minus_infinity, raised});
}

TEST_CASE("Tininess is judged after or before rounding as the rules say") {
    // (2^-126) × (1 - 2^-24) lies half a unit below the least normal number and rounds to it.
    constexpr u32 below_one = 0x3f7f'ffff;
    CHECK(product_of(F32::least_normal, below_one) == Single{F32::least_normal, flag::inexact | flag::underflow});
    // (1 + 2^-23) × (1 - 2^-23) × 2^-126 = (1 - 2^-46) × 2^-126 is not tiny once it is rounded to 24 bits.
    const auto nearer = [](auto rules, Flags& f) {
        return mul<F32, decltype(rules)>(0x3f80'0001, 0x007f'ffff, Rounding::nearest_even, f);
    };
    CHECK(run([&](Flags& f) { return nearer(RiscvRules{}, f); }) == Single{F32::least_normal, flag::inexact});
    CHECK(run([&](Flags& f) { return nearer(EarlyTiny{}, f); }) ==
          Single{F32::least_normal, flag::inexact | flag::underflow});
}

TEST_CASE("classify sets the bit of each class") {
    static_assert(classify<F32>(minus_infinity) == 1U << 0);
    CHECK_EQ(classify<F32>(minus_one), 1U << 1);
    CHECK_EQ(classify<F32>(0x8000'0001), 1U << 2);
    CHECK_EQ(classify<F32>(minus_zero), 1U << 3);
    CHECK_EQ(classify<F32>(0), 1U << 4);
    CHECK_EQ(classify<F32>(0x007f'ffff), 1U << 5);
    CHECK_EQ(classify<F32>(F32::least_normal), 1U << 6);
    CHECK_EQ(classify<F32>(infinity), 1U << 7);
    CHECK_EQ(classify<F32>(signaling_nan), 1U << 8);
    CHECK_EQ(classify<F32>(other_nan), 1U << 9);
    CHECK_EQ(classify<F16>(0xfc00), 1U << 0);
    CHECK_EQ(classify<F64>(0x7ff0'0000'0000'0001), 1U << 8);
}

TEST_CASE("What no integer can hold saturates and is invalid, never inexact") {
    static_assert(integer_of<i32>(other_nan) == Outcome<i32>{INT32_MAX, flag::invalid});
    CHECK(integer_of<i32>(other_nan) == Outcome<i32>{INT32_MAX, flag::invalid});
    CHECK(integer_of<u64>(other_nan) == Outcome<u64>{UINT64_MAX, flag::invalid});
    CHECK(integer_of<i64>(minus_infinity) == Outcome<i64>{INT64_MIN, flag::invalid});
    Flags flags = 0;
    CHECK_EQ((to_integer<i32, F16, R>(F16::infinity, Rounding::toward_zero, flags)), INT32_MAX);
    CHECK_EQ((to_integer<u64, F16, R>(0xfc00, Rounding::toward_zero, flags)), 0);
    CHECK_EQ(flags, flag::invalid);
    CHECK(integer_of<u32>(minus_one) == Outcome<u32>{0, flag::invalid});
    CHECK(integer_of<u32>(0xbf7f'ffff) == Outcome<u32>{0, flag::inexact});
    CHECK(integer_of<i32>(0xcf00'0000) == Outcome<i32>{INT32_MIN, 0});
    CHECK(integer_of<i32>(0xcf00'0001) == Outcome<i32>{INT32_MIN, flag::invalid});
    CHECK(integer_of<i32>(0x4f00'0000) == Outcome<i32>{INT32_MAX, flag::invalid});
    CHECK(integer_of<u64>(0x5f7f'ffff) == Outcome<u64>{0xffff'ff00'0000'0000, 0});
    CHECK(integer_of<u64>(0x5f80'0000) == Outcome<u64>{UINT64_MAX, flag::invalid});
    CHECK(integer_of<i64>(0xdf00'0000) == Outcome<i64>{INT64_MIN, 0});
}

TEST_CASE("The modular conversion keeps the low 32 bits, as JavaScript's ToInt32") {
    CHECK(modular_of(std::bit_cast<u64>(4294967296.0 + 7)) == Outcome<i32>{7, flag::invalid});
    CHECK(modular_of(std::bit_cast<u64>(-4294967296.0 - 7)) == Outcome<i32>{-7, flag::invalid});
    CHECK(modular_of(std::bit_cast<u64>(2147483648.0)) == Outcome<i32>{INT32_MIN, flag::invalid});
    CHECK(modular_of(std::bit_cast<u64>(2147483647.5)) == Outcome<i32>{INT32_MAX, flag::inexact});
    CHECK(modular_of(std::bit_cast<u64>(-1.75)) == Outcome<i32>{-1, flag::inexact});
    CHECK(modular_of(std::bit_cast<u64>(0x1.0000000000001p52)) == Outcome<i32>{1, flag::invalid});
    CHECK(modular_of(std::bit_cast<u64>(0x1.0000000000001p83)) == Outcome<i32>{INT32_MIN, flag::invalid});
    CHECK(modular_of(std::bit_cast<u64>(0x1.0000000000001p84)) == Outcome<i32>{0, flag::invalid});
    CHECK(modular_of(std::bit_cast<u64>(0x1p1023)) == Outcome<i32>{0, flag::invalid});
    CHECK(modular_of(F64::infinity) == Outcome<i32>{0, flag::invalid});
    CHECK(modular_of(F64::canonical_nan) == Outcome<i32>{0, flag::invalid});
    CHECK(modular_of(F64::sign_mask) == Outcome<i32>{0, 0});
}
