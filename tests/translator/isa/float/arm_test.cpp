// Arm's answers where they differ from others': NaNs, flushing, the half precision without infinities, estimates and the
// conversions that only Arm has. Values are the manual's words (Arm ARM A1.5, J1.3) or follow from exact arithmetic.
#include <doctest/doctest.h>

#include <cmath>
#include <tuple>

#include "tests/translator/isa/float/samples.hpp"
#include "translator/isa/float/arm_convert.hpp"
#include "translator/isa/float/arm_estimate.hpp"

using namespace lyrebird;
using namespace lyrebird::ieee;

namespace {

constexpr ArmMode plain{};
constexpr ArmMode flushing{.flush = true};
constexpr ArmMode half_flushing{.flush_half = true};
constexpr ArmMode default_nans{.default_nan = true};
constexpr ArmMode alternative{.alternative_half = true};

constexpr u32 one = 0x3f80'0000, two = 0x4000'0000, infinity = 0x7f80'0000, minus = 0x8000'0000;
constexpr u32 signaling = 0xff80'1234, quietened = 0xffc0'1234;
constexpr u32 other_signaling = 0x7f80'0001, other_quietened = 0x7fc0'0001;
constexpr u32 quiet = 0x7fc0'0777, other_quiet = 0xffc0'0888, default_nan = 0x7fc0'0000;
constexpr u32 subnormal = 0x0000'1000;

template <class Value>
struct Outcome {
    Value value;
    Flags flags;
    bool operator==(const Outcome&) const = default;
};
auto run(auto function) {
    Flags flags = 0;
    const auto value = function(flags);
    return Outcome<std::remove_const_t<decltype(value)>>{value, flags};
}
using Single = Outcome<u32>;
using Double = Outcome<u64>;
using Half = Outcome<u16>;

Single sum_of(u32 a, u32 b, ArmMode mode = plain) {
    return run([=](Flags& f) { return Arm::add<F32>(a, b, mode, f); });
}
Single product_of(u32 a, u32 b, ArmMode mode = plain) {
    return run([=](Flags& f) { return Arm::mul<F32>(a, b, mode, f); });
}
Single fma_of(u32 a, u32 b, u32 c, ArmMode mode = plain) {
    return run([=](Flags& f) { return Arm::fma<F32>(a, b, c, mode, f); });
}
Single maximum_number_of(u32 a, u32 b) {
    return run([=](Flags& f) { return Arm::maximum_number<F32>(a, b, plain, f); });
}
Half to_half(u32 a, ArmMode mode) {
    return run([=](Flags& f) { return Arm::convert<F16, F32>(a, mode, f); });
}
Single from_half(u16 a, ArmMode mode) {
    return run([=](Flags& f) { return Arm::convert<F32, F16>(a, mode, f); });
}
Single reciprocal_of(u32 a, ArmMode mode = plain) {
    return run([=](Flags& f) { return arm::reciprocal<F32>(a, mode, f); });
}
Single reciprocal_root_of(u32 a, ArmMode mode = plain) {
    return run([=](Flags& f) { return arm::reciprocal_root<F32>(a, mode, f); });
}
u32 bits_of(float value) { return std::bit_cast<u32>(value); }
u64 bits_of(double value) { return std::bit_cast<u64>(value); }
double value_of(u16 half) {
    Flags none = 0;
    return std::bit_cast<double>(convert<F64, F16, ArmRules>(half, Rounding::nearest_even, none));
}

}  // namespace

TEST_CASE("The first signaling NaN becomes the result, else the first NaN") {
    CHECK(sum_of(quiet, one) == Single{quiet, 0});
    CHECK(sum_of(one, other_quiet) == Single{other_quiet, 0});
    CHECK(sum_of(quiet, other_quiet) == Single{quiet, 0});
    CHECK(sum_of(quiet, signaling) == Single{quietened, flag::invalid});
    CHECK(sum_of(signaling, other_signaling) == Single{quietened, flag::invalid});
    CHECK(product_of(other_signaling, quiet) == Single{other_quietened, flag::invalid});
    CHECK(sum_of(infinity, infinity | minus) == Single{default_nan, flag::invalid});
}

TEST_CASE("Of a fused multiply-add the addend is the first operand") {
    CHECK(fma_of(quiet, one, other_quiet) == Single{other_quiet, 0});
    CHECK(fma_of(signaling, one, other_quiet) == Single{quietened, flag::invalid});
    CHECK(fma_of(signaling, one, other_signaling) == Single{other_quietened, flag::invalid});
    CHECK(fma_of(one, quiet, one) == Single{quiet, 0});
    CHECK(fma_of(infinity, 0, one) == Single{default_nan, flag::invalid});
    CHECK(fma_of(infinity, 0, quiet) == Single{default_nan, flag::invalid});
    CHECK(fma_of(0, infinity, signaling) == Single{quietened, flag::invalid});
}

TEST_CASE("maximumNumber prefers numbers to quiet NaNs only") {
    CHECK(maximum_number_of(quiet, one) == Single{one, 0});
    CHECK(maximum_number_of(one, other_quiet) == Single{one, 0});
    CHECK(maximum_number_of(one, signaling) == Single{quietened, flag::invalid});
    CHECK(maximum_number_of(quiet, signaling) == Single{quietened, flag::invalid});
    CHECK(maximum_number_of(quiet, other_quiet) == Single{quiet, 0});
    CHECK(maximum_number_of(minus, 0) == Single{0, 0});
}

TEST_CASE("DN makes every NaN result the default one and changes no flags") {
    CHECK(sum_of(quiet, one, default_nans) == Single{default_nan, 0});
    CHECK(sum_of(signaling, one, default_nans) == Single{default_nan, flag::invalid});
    CHECK(fma_of(one, one, other_quiet, default_nans) == Single{default_nan, 0});
    CHECK(to_half(quiet, default_nans) == Half{0x7e00, 0});
    CHECK(reciprocal_of(other_quiet, default_nans) == Single{default_nan, 0});
}

TEST_CASE("FZ flushes operands with IDC, and results with underflow but not inexact") {
    CHECK(sum_of(subnormal, 0, flushing) == Single{0, flag::input_denormal});
    CHECK(sum_of(subnormal | minus, minus, flushing) == Single{minus, flag::input_denormal});
    CHECK(product_of(F32::least_normal, 0x3f00'0000, flushing) == Single{0, flag::underflow});
    CHECK(product_of(F32::least_normal | minus, 0x3f7f'ffff, flushing) == Single{minus, flag::underflow});
    CHECK(sum_of(subnormal, quiet, flushing) == Single{quiet, flag::input_denormal});
    CHECK(fma_of(one, F32::least_normal, subnormal, flushing) == Single{F32::least_normal, flag::input_denormal});
    CHECK(run([](Flags& f) { return Arm::less<F32>(0, subnormal, flushing, f); }) ==
          Outcome<bool>{false, flag::input_denormal});
    CHECK(run([](Flags& f) { return Arm::to_integer<i32, F32>(subnormal, flushing.with(Rounding::upward), f); }) ==
          Outcome<i32>{0, flag::input_denormal});
    CHECK(sum_of(subnormal, 0) == Single{subnormal, 0});
}

TEST_CASE("Half precision is flushed by FZ16 alone, without IDC, and not by conversions") {
    const auto half_sum = [](ArmMode mode) { return run([=](Flags& f) { return Arm::add<F16>(0x0001, 0, mode, f); }); };
    CHECK(half_sum(flushing) == Half{0x0001, 0});
    CHECK(half_sum(half_flushing) == Half{0, 0});
    CHECK(run([](Flags& f) { return Arm::mul<F16>(0x0400, 0x3800, half_flushing, f); }) == Half{0, flag::underflow});
    CHECK(from_half(0x0001, half_flushing) == Single{0x3380'0000, 0});
    CHECK(to_half(0x3380'0000, half_flushing) == Half{0x0001, 0});
    CHECK(run([](Flags& f) { return Arm::from_fixed<F16>(u32{1}, 24, half_flushing, f); }) == Half{0, flag::underflow});
}

TEST_CASE("The alternative half precision has no infinities and NaNs") {
    CHECK(from_half(0x7c00, alternative) == Single{bits_of(65536.0F), 0});
    CHECK(from_half(0xffff, alternative) == Single{bits_of(-131008.0F), 0});
    CHECK(from_half(0x0001, alternative) == Single{0x3380'0000, 0});
    CHECK(to_half(bits_of(131008.0F), alternative) == Half{0x7fff, 0});
    CHECK(to_half(bits_of(131072.0F), alternative) == Half{0x7fff, flag::invalid});
    CHECK(to_half(infinity | minus, alternative) == Half{0xffff, flag::invalid});
    CHECK(to_half(other_quiet, alternative) == Half{0x8000, flag::invalid});
    CHECK(to_half(bits_of(65505.0F), alternative) == Half{0x7bff, flag::inexact});
    Flags flags = 0;
    for (u32 bits = 0; bits < 0x1'0000; ++bits) {
        const u32 wide = Arm::convert<F32, F16>(u16(bits), alternative, flags);
        CHECK_EQ(Arm::convert<F16, F32>(wide, alternative, flags), bits);
    }
    CHECK_EQ(flags, 0);
}

TEST_CASE("A NaN that is converted keeps its sign and the first bits of its fraction") {
    CHECK(run([](Flags& f) { return Arm::convert<F64, F32>(signaling, plain, f); }) ==
          Double{0xfff8'0246'8000'0000, flag::invalid});
    CHECK(run([](Flags& f) { return Arm::convert<F32, F64>(0xfff8'0246'8000'0000, plain, f); }) == Single{quietened, 0});
    CHECK(run([](Flags& f) { return Arm::convert<BF16, F32>(0x7f81'0000, plain, f); }) == Half{0x7fc1, flag::invalid});
    CHECK(run([](Flags& f) { return Arm::to_integer<i32, F32>(quiet, plain, f); }) == Outcome<i32>{0, flag::invalid});
}

TEST_CASE_TEMPLATE("In every mode numbers are computed as elsewhere, and hosts' NaNs do not show", F, F16, F32, F64) {
    test::Samples samples(23);
    for (int i = 0; i < 20'000; ++i) {
        const auto a = samples.value<F>(), b = samples.value<F>(), c = samples.value<F>();
        const Rounding rounding = test::all_roundings[std::size_t(samples.below(5))];
        const ArmMode mode = plain.with(rounding);
        Flags before = samples.bits() & 1 ? flag::inexact : 0;
        Flags hard = before, soft = before;
        CHECK_EQ(Arm::add<F>(a, b, mode, hard), add<F, ArmRules>(a, b, rounding, soft));
        CHECK_EQ(Arm::sub<F>(a, b, mode, hard), sub<F, ArmRules>(a, b, rounding, soft));
        CHECK_EQ(Arm::mul<F>(a, b, mode, hard), mul<F, ArmRules>(a, b, rounding, soft));
        CHECK_EQ(Arm::div<F>(a, b, mode, hard), div<F, ArmRules>(a, b, rounding, soft));
        CHECK_EQ(Arm::sqrt<F>(a, mode, hard), ieee::sqrt<F, ArmRules>(a, rounding, soft));
        CHECK_EQ(Arm::fma<F>(a, b, c, mode, hard), ieee::fma<F, ArmRules>(a, b, c, rounding, soft));
        CHECK_EQ(hard, soft);
        Flags arm = 0, riscv = 0;
        const auto result = ieee::fma<F, ArmRules>(a, b, c, rounding, arm);
        const auto elsewhere = ieee::fma<F, RiscvRules>(a, b, c, rounding, riscv);
        CHECK_EQ(is_nan<F>(result), is_nan<F>(elsewhere));
        if (!is_nan<F>(result)) CHECK_EQ(result, elsewhere);
        CHECK_EQ(arm & ~flag::underflow, riscv & ~flag::underflow);
    }
}

TEST_CASE("Estimates of reciprocals have their eight bits, the special cases their flags") {
    CHECK(reciprocal_of(one) == Single{bits_of(0.998046875F), 0});
    CHECK(reciprocal_of(two | minus) == Single{bits_of(-0.4990234375F), 0});
    CHECK(reciprocal_of(0) == Single{infinity, flag::divide_by_zero});
    CHECK(reciprocal_of(infinity | minus) == Single{minus, 0});
    CHECK(reciprocal_of(signaling) == Single{quietened, flag::invalid});
    CHECK(reciprocal_of(1) == Single{infinity, flag::overflow | flag::inexact});
    CHECK(reciprocal_of(1, plain.with(Rounding::toward_zero)) == Single{F32::greatest, flag::overflow | flag::inexact});
    CHECK(reciprocal_of(F32::greatest, flushing) == Single{0, flag::underflow});
    for (u32 bits = 0x0400; bits < 0x7400; ++bits) {  // the normal halves whose reciprocals are normal
        Flags flags = 0;
        const double estimate = value_of(arm::reciprocal<F16>(u16(bits), plain, flags));
        CHECK_LT(std::abs(estimate * value_of(u16(bits)) - 1), 1.0 / 256);
        CHECK_EQ(flags, 0);
    }
}

TEST_CASE("Estimates of reciprocal square roots have their eight bits, the special cases their flags") {
    CHECK(reciprocal_root_of(one) == Single{bits_of(0.998046875F), 0});
    CHECK(reciprocal_root_of(bits_of(4.0F)) == Single{bits_of(0.4990234375F), 0});
    CHECK(reciprocal_root_of(minus) == Single{infinity | minus, flag::divide_by_zero});
    CHECK(reciprocal_root_of(one | minus) == Single{default_nan, flag::invalid});
    CHECK(reciprocal_root_of(infinity) == Single{0, 0});
    for (u32 bits = 1; bits < 0x7c00; ++bits) {
        Flags flags = 0;
        const double estimate = value_of(arm::reciprocal_root<F16>(u16(bits), plain, flags));
        CHECK_LT(std::abs(estimate * std::sqrt(value_of(u16(bits))) - 1), 1.0 / 256);
        CHECK_EQ(flags, 0);
    }
}

TEST_CASE("Estimates of fixed-point numbers saturate below one half and one quarter") {
    CHECK_EQ(arm::reciprocal_fixed(0x7fff'ffff), 0xffff'ffff);
    CHECK_EQ(arm::reciprocal_fixed(0x8000'0000), 0xff80'0000);
    CHECK_EQ(arm::reciprocal_fixed(0xffff'ffff), 0x8000'0000);
    CHECK_EQ(arm::reciprocal_root_fixed(0x3fff'ffff), 0xffff'ffff);
    CHECK_EQ(arm::reciprocal_root_fixed(0x4000'0000), 0xff80'0000);
    CHECK_EQ(arm::reciprocal_root_fixed(0xffff'ffff), 0x8000'0000);
}

TEST_CASE("Newton steps round once and know infinity times zero") {
    const auto step = [](float a, float b) {
        return run([=](Flags& f) { return arm::reciprocal_step<F32>(bits_of(a), bits_of(b), plain, f); });
    };
    const auto root = [](u32 a, u32 b) { return run([=](Flags& f) { return arm::root_step<F32>(a, b, plain, f); }); };
    CHECK(step(3, 0.5F) == Single{bits_of(0.5F), 0});
    CHECK(step(INFINITY, 0) == Single{two, 0});
    CHECK(step(-INFINITY, 1) == Single{infinity, 0});
    CHECK(root(infinity, minus) == Single{bits_of(1.5F), 0});
    CHECK(root(one, one) == Single{one, 0});
    // Halved before it is rounded, so that it does not overflow.
    CHECK(root(bits_of(0x1.fffffep127F), two | minus) == Single{bits_of(0x1.fffffep127F), flag::inexact});
    CHECK(root(quiet, one) == Single{quiet | minus, 0});
}

TEST_CASE("FMULX answers two where infinity meets zero") {
    const auto product = [](u32 a, u32 b, ArmMode mode = plain) {
        return run([=](Flags& f) { return arm::multiply_extended<F32>(a, b, mode, f); });
    };
    CHECK(product(infinity, minus) == Single{two | minus, 0});
    CHECK(product(subnormal, infinity, flushing) == Single{two, flag::input_denormal});
    CHECK(product(two, two) == Single{bits_of(4.0F), 0});
}

TEST_CASE("A reciprocal exponent keeps the sign and turns the exponent around") {
    const auto of = [](u32 a) { return run([=](Flags& f) { return arm::reciprocal_exponent<F32>(a, plain, f); }); };
    CHECK(of(one | minus) == Single{0xc000'0000, 0});
    CHECK(of(0) == Single{0x7f00'0000, 0});
    CHECK(of(subnormal) == Single{0x7f00'0000, 0});
    CHECK(of(infinity) == Single{0, 0});
    CHECK(of(signaling) == Single{quietened, flag::invalid});
}

TEST_CASE("JavaScript's conversion says when the integer is the operand") {
    const auto exact = [](double a, ArmMode mode = plain) {
        Flags flags = 0;
        const auto [value, is_exact] = arm::to_i32_modular(bits_of(a), mode, flags);
        return std::tuple(value, is_exact, flags);
    };
    CHECK(exact(-7) == std::tuple(u32(-7), true, 0U));
    CHECK(exact(0) == std::tuple(0U, true, 0U));
    CHECK(exact(-0.0) == std::tuple(0U, false, 0U));
    CHECK(exact(1.5) == std::tuple(1U, false, flag::inexact));
    CHECK(exact(0x1p32 + 5) == std::tuple(5U, false, flag::invalid));
    CHECK(exact(0x1p-1060, flushing) == std::tuple(0U, false, flag::input_denormal));
    CHECK(exact(0x1p-1060) == std::tuple(0U, false, flag::inexact));
}

TEST_CASE("Rounding to a width answers its least integer when the result does not fit") {
    const auto rounded = [](float a, int width) {
        return run([=](Flags& f) { return arm::round_to_width<F32>(bits_of(a), width, plain, f); });
    };
    CHECK(rounded(2.5F, 32) == Single{two, flag::inexact});
    CHECK(rounded(-0x1p31F, 32) == Single{bits_of(-0x1p31F), 0});
    CHECK(rounded(0x1p31F, 32) == Single{bits_of(-0x1p31F), flag::invalid});
    CHECK(rounded(0x1p31F, 64) == Single{bits_of(0x1p31F), 0});
    CHECK(rounded(NAN, 64) == Single{bits_of(-0x1p63F), flag::invalid});
    CHECK(rounded(-0.0F, 32) == Single{minus, 0});
}

TEST_CASE("Halves are multiplied and added in single precision with one rounding") {
    test::Samples samples(5);
    for (int i = 0; i < 20'000; ++i) {
        const u16 a = samples.value<F16>(), b = samples.value<F16>();
        const u32 c = samples.value<F32>();
        Flags flags = 0;
        const u32 result = arm::fma_half(a, b, c, plain, flags);
        const float host = std::fma(float(value_of(a)), float(value_of(b)), std::bit_cast<float>(c));
        if (!std::isnan(host)) CHECK_EQ(result, bits_of(host));
        CHECK_EQ(is_nan<F32>(result), std::isnan(host));
    }
}

TEST_CASE("Dot products of brain floats round to odd, flush, and raise nothing") {
    CHECK_EQ(arm::brain_dot(one, 0x3f80'3f80, 0x4000'4000), bits_of(5.0F));
    CHECK_EQ(arm::brain_dot(one, 0x0000'3380, 0x0000'3380), one | 1);         // 1 + 2^-48, to odd
    CHECK_EQ(arm::brain_dot(0, 0x0000'7f7f, 0x0000'7f7f), infinity);          // overflow is infinite
    CHECK_EQ(arm::brain_dot(subnormal, 0, 0), 0);
    CHECK_EQ(arm::brain_dot(quiet | minus, 0, 0), default_nan);
    CHECK_EQ(arm::brain_dot(0, 0x0000'0080, 0x0000'3f00), 0);                 // a tiny product
}

TEST_CASE("Brain floats are rounded from single precision") {
    const auto brain = [](u32 a, ArmMode mode = plain) { return run([=](Flags& f) { return arm::to_brain(a, mode, f); }); };
    CHECK(brain(0x3f80'8000) == Half{0x3f80, flag::inexact});  // a tie, to even
    CHECK(brain(0x3f81'8000) == Half{0x3f82, flag::inexact});
    CHECK(brain(0x7f7f'ffff) == Half{0x7f80, flag::overflow | flag::inexact});
    CHECK(brain(0x0000'8001) == Half{0x0001, flag::underflow | flag::inexact});
    CHECK(brain(0x0001'0000) == Half{0x0001, 0});
    CHECK(brain(0x0001'0000, flushing) == Half{0, flag::input_denormal});
    CHECK(brain(signaling) == Half{0xffc0, flag::invalid});
}
