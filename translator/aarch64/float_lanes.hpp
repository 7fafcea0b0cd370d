// Vector operations of floating point: what happens to one lane, and how a whole vector is made of lanes. They compute for
// the scalar forms as well, with one lane.
//
// They are kept out of line, for handlers of tier 0 inline all that they can.
//
// What must stay true: lanes are computed from the lowest up; beyond the last one the result is zero, and nothing is raised.
#pragma once

#include <array>
#include <bit>
#include <type_traits>

#include "translator/aarch64/float_context.hpp"
#include "translator/isa/float/arm_convert.hpp"
#include "translator/isa/float/arm_estimate.hpp"
#include "translator/isa/vector/lanes.hpp"

namespace lyrebird::aarch64 {

using ieee::Arm;
using ieee::ArmMode;
using ieee::F16;
using ieee::F32;
using ieee::F64;
using isa::VectorRegister;

using isa::lanes_of;
template <class T>
using Lanes = isa::LaneArray<T>;
template <class T>
constexpr VectorRegister register_of(Lanes<T> lanes) {
    return isa::vector_of<T>(lanes);
}
/// An unsigned integer of F's width.
template <class F>
using BitsOf = typename F::Bits;

/// What an operation is told when translating.
struct LaneOptions {
    u8 lanes = 1;  // of the wider of operand and result
    bool dynamic = true;
    ieee::Rounding rounding = ieee::Rounding::nearest_even;  // unless dynamic
    u8 point = 0;                                            // bits after the point of fixed-point numbers

    constexpr u64 packed() const { return u64(lanes) | u64(dynamic) << 8 | u64(rounding) << 16 | u64(point) << 24; }
    static constexpr LaneOptions of(u64 packed) {
        return {u8(packed), (packed >> 8 & 1) != 0, ieee::Rounding(packed >> 16 & 255), u8(packed >> 24)};
    }
    ArmMode mode(const FloatContext& context) const {
        const ArmMode mode = context.mode();
        return dynamic ? mode : mode.with(rounding);
    }
};

/// Operation::apply<F>(bits …, mode, flags) on each lane of the operands; `options` is a packed LaneOptions.
template <class Operation, class F>
struct EachLane {
    using Bits = BitsOf<F>;
    template <class... V>
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, V... operands) {
        const LaneOptions o = LaneOptions::of(options);
        const ArmMode mode = o.mode(context);
        Lanes<Bits> result{};
        for (std::size_t i = 0; i < o.lanes; ++i)
            result[i] = Operation::template apply<F>(lanes_of<Bits>(operands)[i]..., mode, context.fpsr);
        return register_of<Bits>(result);
    }
};
/// Operation::apply<F>(bits, bits, mode, flags) on neighbours: those of `a` give the lower half of the result, those of `b`
/// the upper one. With one lane, the two lowest of `a` give one.
template <class Operation, class F>
struct Pairwise {
    using Bits = BitsOf<F>;
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a, VectorRegister b) {
        const LaneOptions o = LaneOptions::of(options);
        const ArmMode mode = context.mode();
        const auto x = lanes_of<Bits>(a), y = lanes_of<Bits>(b);
        const std::size_t half = o.lanes == 1 ? 1 : o.lanes / 2;
        Lanes<Bits> result{};
        for (std::size_t i = 0; i < o.lanes; ++i) {
            const auto& from = i < half ? x : y;
            const std::size_t at = i < half ? 2 * i : 2 * (i - half);
            result[i] = Operation::template apply<F>(from[at], from[at + 1], mode, context.fpsr);
        }
        return register_of<Bits>(result);
    }
};
/// All lanes as one: the lower half's answer with the upper half's, and so on down (Reduce).
template <class Operation, class F>
struct AcrossLanes {
    using Bits = BitsOf<F>;
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a) {
        const ArmMode mode = context.mode();
        auto lanes = lanes_of<Bits>(a);
        for (std::size_t count = LaneOptions::of(options).lanes; count > 1; count /= 2) {
            for (std::size_t i = 0; i < count / 2; ++i)
                lanes[i] = Operation::template apply<F>(lanes[2 * i], lanes[2 * i + 1], mode, context.fpsr);
        }
        Lanes<Bits> result{};
        result[0] = lanes[0];
        return register_of<Bits>(result);
    }
};

// ---- what happens to a lane ----

namespace float_lane {
using ieee::Flags;

struct add {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::add<F>(a, b, m, f);
    }
};
struct sub {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::sub<F>(a, b, m, f);
    }
};
struct mul {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::mul<F>(a, b, m, f);
    }
};
struct div {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::div<F>(a, b, m, f);
    }
};
struct multiply_extended {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return ieee::arm::multiply_extended<F>(a, b, m, f);
    }
};
/// c + a × b, and with a negated; the accumulator stands last.
struct multiply_add {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, BitsOf<F> c, ArmMode m, Flags& f) {
        return Arm::fma<F>(a, b, c, m, f);
    }
};
struct multiply_subtract {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, BitsOf<F> c, ArmMode m, Flags& f) {
        return Arm::fma<F>(ieee::negated<F>(a), b, c, m, f);
    }
};
struct difference {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return ieee::magnitude<F>(Arm::sub<F>(a, b, m, f));
    }
};
struct minimum {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::minimum<F>(a, b, m, f);
    }
};
struct maximum {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::maximum<F>(a, b, m, f);
    }
};
struct minimum_number {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::minimum_number<F>(a, b, m, f);
    }
};
struct maximum_number {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return Arm::maximum_number<F>(a, b, m, f);
    }
};
struct reciprocal_step {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return ieee::arm::reciprocal_step<F>(a, b, m, f);
    }
};
struct root_step {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return ieee::arm::root_step<F>(a, b, m, f);
    }
};

// Comparisons: all ones or zero.
template <class F>
constexpr BitsOf<F> mask(bool truth) {
    return truth ? BitsOf<F>(~u64{0}) : BitsOf<F>{0};
}
struct equal {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return mask<F>(Arm::equal<F>(a, b, m, f));
    }
};
struct greater {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return mask<F>(Arm::less<F>(b, a, m, f));
    }
};
struct greater_or_equal {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return mask<F>(Arm::less_equal<F>(b, a, m, f));
    }
};
struct absolute_greater {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return greater::apply<F>(ieee::magnitude<F>(a), ieee::magnitude<F>(b), m, f);
    }
};
struct absolute_greater_or_equal {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, BitsOf<F> b, ArmMode m, Flags& f) {
        return greater_or_equal::apply<F>(ieee::magnitude<F>(a), ieee::magnitude<F>(b), m, f);
    }
};
struct equal_zero {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) { return equal::apply<F>(a, 0, m, f); }
};
struct greater_zero {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return greater::apply<F>(a, 0, m, f);
    }
};
struct greater_or_equal_zero {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return greater_or_equal::apply<F>(a, 0, m, f);
    }
};
struct less_zero {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return greater::apply<F>(0, a, m, f);
    }
};
struct less_or_equal_zero {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return greater_or_equal::apply<F>(0, a, m, f);
    }
};

struct sqrt {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) { return Arm::sqrt<F>(a, m, f); }
};
struct reciprocal {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return ieee::arm::reciprocal<F>(a, m, f);
    }
};
struct reciprocal_root {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return ieee::arm::reciprocal_root<F>(a, m, f);
    }
};
struct reciprocal_exponent {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return ieee::arm::reciprocal_exponent<F>(a, m, f);
    }
};
template <ieee::Report Report>
struct round_to_integral {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return Arm::round_to_integral<F>(a, Report, m, f);
    }
};
template <int Width>
struct round_to_width {
    template <class F> static BitsOf<F> apply(BitsOf<F> a, ArmMode m, Flags& f) {
        return ieee::arm::round_to_width<F>(a, Width, m, f);
    }
};
}  // namespace float_lane

// ---- signs ----

template <class F>
struct ClearSigns {
    static constexpr VectorRegister apply(VectorRegister a) {
        auto lanes = lanes_of<BitsOf<F>>(a);
        for (auto& lane : lanes) lane = ieee::magnitude<F>(lane);
        return register_of<BitsOf<F>>(lanes);
    }
};
template <class F>
struct FlipSigns {
    static constexpr VectorRegister apply(VectorRegister a) {
        auto lanes = lanes_of<BitsOf<F>>(a);
        for (auto& lane : lanes) lane = ieee::negated<F>(lane);
        return register_of<BitsOf<F>>(lanes);
    }
};

// ---- conversions ----

/// Fixed-point numbers of type T to F; with different widths, of one lane.
template <class F, class T>
struct FixedToFloat {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a) {
        const LaneOptions o = LaneOptions::of(options);
        Lanes<BitsOf<F>> result{};
        for (std::size_t i = 0; i < o.lanes; ++i)
            result[i] = o.point == 0 ? Arm::from_integer<F>(lanes_of<T>(a)[i], o.mode(context), context.fpsr)
                                     : Arm::from_fixed<F>(lanes_of<T>(a)[i], o.point, o.mode(context), context.fpsr);
        return register_of<BitsOf<F>>(result);
    }
};
template <class T, class F>
struct FloatToFixed {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a) {
        const LaneOptions o = LaneOptions::of(options);
        Lanes<T> result{};
        for (std::size_t i = 0; i < o.lanes; ++i)
            result[i] = o.point == 0 ? Arm::to_integer<T, F>(lanes_of<BitsOf<F>>(a)[i], o.mode(context), context.fpsr)
                                     : Arm::to_fixed<T, F>(lanes_of<BitsOf<F>>(a)[i], o.point, o.mode(context), context.fpsr);
        return register_of<T>(result);
    }
};
/// Narrower floats in the low half to wider ones; wider ones to narrower in the low half.
template <class To, class From>
struct ConvertLanes {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a) {
        const LaneOptions o = LaneOptions::of(options);
        Lanes<BitsOf<To>> result{};
        for (std::size_t i = 0; i < o.lanes; ++i)
            result[i] = Arm::convert<To, From>(lanes_of<BitsOf<From>>(a)[i], o.mode(context), context.fpsr);
        return register_of<BitsOf<To>>(result);
    }
};
/// An integer as JavaScript has it in the low half, 1 in the upper when it is the operand.
struct JavascriptToInteger {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, VectorRegister a) {
        const auto [value, exact] = ieee::arm::to_i32_modular(a.low, context.mode(), context.fpsr);
        return {value, exact};
    }
};

// ---- estimates of fixed-point numbers ----

template <u32 (*Function)(u32)>
struct EstimateFixed {
    static constexpr VectorRegister apply(VectorRegister a) {
        auto lanes = lanes_of<u32>(a);
        for (u32& lane : lanes) lane = Function(lane);
        return register_of<u32>(lanes);
    }
};

// ---- products of narrower formats, complex numbers ----

/// c + a × b of halves in the low half of a and b, and singles in c.
template <bool Negated>
struct WideningMultiplyAdd {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a, VectorRegister b,
                                                  VectorRegister c) {
        const LaneOptions o = LaneOptions::of(options);
        const auto x = lanes_of<u16>(a), y = lanes_of<u16>(b);
        Lanes<u32> result{};
        for (std::size_t i = 0; i < o.lanes; ++i) {
            const u16 factor = Negated ? ieee::negated<F16>(x[i]) : x[i];
            result[i] = ieee::arm::fma_half(factor, y[i], lanes_of<u32>(c)[i], context.mode(), context.fpsr);
        }
        return register_of<u32>(result);
    }
};
/// c + a × b of brain floats: the lower or upper of each pair.
template <bool Upper>
struct BrainMultiplyAdd {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, VectorRegister a, VectorRegister b, VectorRegister c) {
        const auto x = lanes_of<u16>(a), y = lanes_of<u16>(b);
        auto result = lanes_of<u32>(c);
        for (std::size_t i = 0; i < 4; ++i) {
            const u32 first = ieee::arm::from_brain(x[2 * i + Upper]), second = ieee::arm::from_brain(y[2 * i + Upper]);
            result[i] = Arm::fma<F32>(first, second, result[i], context.mode(), context.fpsr);
        }
        return register_of<u32>(result);
    }
};
/// c + the dot product of pairs of brain floats. Raises nothing and knows no mode.
struct BrainDot {
    [[gnu::noinline]] static VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        auto result = lanes_of<u32>(c);
        for (std::size_t i = 0; i < 4; ++i)
            result[i] = ieee::arm::brain_dot(result[i], lanes_of<u32>(a)[i], lanes_of<u32>(b)[i]);
        return register_of<u32>(result);
    }
};
/// c + a × b, where a is a matrix of 2 rows of 4 brain floats, b of 2 columns, c of 2 × 2 singles.
struct BrainMatrix {
    [[gnu::noinline]] static VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        const auto x = lanes_of<u32>(a), y = lanes_of<u32>(b);
        auto result = lanes_of<u32>(c);
        for (std::size_t i = 0; i < 4; ++i) {
            const std::size_t row = i / 2 * 2, column = i % 2 * 2;
            for (std::size_t k = 0; k < 2; ++k) result[i] = ieee::arm::brain_dot(result[i], x[row + k], y[column + k]);
        }
        return register_of<u32>(result);
    }
};
/// a + b of complex numbers, b turned by 90 (Quarter: 1) or 270 (3) degrees.
template <class F, int Quarter>
struct ComplexAdd {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a, VectorRegister b) {
        const LaneOptions o = LaneOptions::of(options);
        const auto x = lanes_of<BitsOf<F>>(a), y = lanes_of<BitsOf<F>>(b);
        const ArmMode mode = context.mode();
        Lanes<BitsOf<F>> result{};
        for (std::size_t i = 0; i < o.lanes; i += 2) {
            const auto real = Quarter == 1 ? ieee::negated<F>(y[i + 1]) : y[i + 1];
            const auto imaginary = Quarter == 3 ? ieee::negated<F>(y[i]) : y[i];
            result[i] = Arm::add<F>(x[i], real, mode, context.fpsr);
            result[i + 1] = Arm::add<F>(x[i + 1], imaginary, mode, context.fpsr);
        }
        return register_of<BitsOf<F>>(result);
    }
};
/// c + the part of a × b that belongs to a turn of b by Quarter × 90 degrees.
template <class F, int Quarter>
struct ComplexMultiplyAdd {
    [[gnu::noinline]] static VectorRegister apply(FloatContext& context, u64 options, VectorRegister a, VectorRegister b,
                                                  VectorRegister c) {
        const LaneOptions o = LaneOptions::of(options);
        const auto x = lanes_of<BitsOf<F>>(a), y = lanes_of<BitsOf<F>>(b), z = lanes_of<BitsOf<F>>(c);
        const ArmMode mode = context.mode();
        Lanes<BitsOf<F>> result{};
        for (std::size_t i = 0; i < o.lanes; i += 2) {
            const auto factor = x[i + Quarter % 2];
            const auto first = y[i + Quarter % 2], second = y[i + (Quarter + 1) % 2];
            const auto real = Quarter == 1 || Quarter == 2 ? ieee::negated<F>(first) : first;
            const auto imaginary = Quarter == 2 || Quarter == 3 ? ieee::negated<F>(second) : second;
            result[i] = Arm::fma<F>(factor, real, z[i], mode, context.fpsr);
            result[i + 1] = Arm::fma<F>(factor, imaginary, z[i + 1], mode, context.fpsr);
        }
        return register_of<BitsOf<F>>(result);
    }
};

}  // namespace lyrebird::aarch64
