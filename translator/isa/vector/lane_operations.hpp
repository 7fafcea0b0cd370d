// What vector operations do to one lane. T is the lane's type; its sign is the operation's.
#pragma once

#include <bit>
#include <limits>
#include <type_traits>

#include "runtime/base/ints.hpp"
#include "translator/isa/bit_operations.hpp"

namespace lyrebird::isa::lane {

template <class T>
inline constexpr int width = int(sizeof(T) * 8);
template <class T>
constexpr T clamped(bool& saturated, i128 value) {
    constexpr i128 least = std::numeric_limits<T>::min(), greatest = std::numeric_limits<T>::max();
    if (value < least) return saturated = true, T(least);
    if (value > greatest) return saturated = true, T(greatest);
    return T(value);
}
template <class T>
constexpr T mask_of(bool truth) {
    return truth ? T(~T{0}) : T{0};
}
/// `value` shifted left, or right when `amount` is negative; to nearest, half up, when rounding. Exact: nothing is lost to the left.
/// `amount` is below 64.
template <class T>
constexpr i128 shifted(T value, int amount, bool rounding) {
    if (amount >= 0) return i128(value) << amount;
    const int down = -amount;
    if (down > 64) return !rounding && value < T{0} ? -1 : 0;
    const i128 half = rounding ? i128{1} << (down - 1) : 0;
    return (i128(value) + half) >> down;
}

// ---- wrapping ----

struct Add {
    template <class T> static constexpr T apply(T a, T b) { return T(u64(a) + u64(b)); }
};
struct Sub {
    template <class T> static constexpr T apply(T a, T b) { return T(u64(a) - u64(b)); }
};
struct Mul {
    template <class T> static constexpr T apply(T a, T b) { return T(u64(a) * u64(b)); }
};
struct MulAdd {
    template <class T> static constexpr T apply(T sum, T a, T b) { return T(u64(sum) + u64(a) * u64(b)); }
};
struct MulSub {
    template <class T> static constexpr T apply(T sum, T a, T b) { return T(u64(sum) - u64(a) * u64(b)); }
};
struct Neg {
    template <class T> static constexpr T apply(T a) { return T(0 - u64(a)); }
};
struct Abs {
    template <class T> static constexpr T apply(T a) { return a < 0 ? T(0 - u64(a)) : a; }
};
/// Without carries.
struct PolynomialMul {
    static constexpr u8 apply(u8 a, u8 b) {
        u32 product = 0;
        for (int bit = 0; bit < 8; ++bit) product ^= (b >> bit & 1) != 0 ? u32(a) << bit : 0;
        return u8(product);
    }
};
struct HalvingAdd {
    template <class T> static constexpr T apply(T a, T b) { return T((i64(a) + i64(b)) >> 1); }
};
struct RoundingHalvingAdd {
    template <class T> static constexpr T apply(T a, T b) { return T((i64(a) + i64(b) + 1) >> 1); }
};
struct HalvingSub {
    template <class T> static constexpr T apply(T a, T b) { return T((i64(a) - i64(b)) >> 1); }
};
struct Max {
    template <class T> static constexpr T apply(T a, T b) { return a > b ? a : b; }
};
struct Min {
    template <class T> static constexpr T apply(T a, T b) { return a < b ? a : b; }
};
struct AbsDifference {
    template <class T> static constexpr T apply(T a, T b) { return T(a > b ? u64(a) - u64(b) : u64(b) - u64(a)); }
};
struct AbsDifferenceAdd {
    template <class T> static constexpr T apply(T sum, T a, T b) { return T(u64(sum) + u64(AbsDifference::apply(a, b))); }
};

// ---- comparison: ones where it holds ----

struct Equal {
    template <class T> static constexpr T apply(T a, T b) { return mask_of<T>(a == b); }
};
struct Greater {
    template <class T> static constexpr T apply(T a, T b) { return mask_of<T>(a > b); }
};
struct GreaterEqual {
    template <class T> static constexpr T apply(T a, T b) { return mask_of<T>(a >= b); }
};
struct Test {
    template <class T> static constexpr T apply(T a, T b) { return mask_of<T>((a & b) != 0); }
};

// ---- bits ----

struct CountLeadingZeros {
    template <class T> static constexpr T apply(T a) { return T(std::countl_zero(std::make_unsigned_t<T>(a))); }
};
/// Bits after the first that equal it.
struct CountLeadingSigns {
    template <class T> static constexpr T apply(T a) {
        return T(std::countl_zero(std::make_unsigned_t<T>(a ^ (a >> (width<T> - 1)))) - 1);
    }
};
struct CountOnes {
    template <class T> static constexpr T apply(T a) { return T(std::popcount(std::make_unsigned_t<T>(a))); }
};
struct ReverseBits {
    static constexpr u8 apply(u8 a) {
        u32 reversed = 0;
        for (int bit = 0; bit < 8; ++bit) reversed |= u32(a >> bit & 1) << (7 - bit);
        return u8(reversed);
    }
};

// ---- shifts by a constant ----

struct ShiftLeft {
    template <class T> static constexpr T apply(u64 by, T a) { return T(u64(a) << by); }
};
/// By 1 … width.
struct ShiftRight {
    template <class T> static constexpr T apply(u64 by, T a) { return T(shifted(a, -int(by), false)); }
};
struct RoundingShiftRight {
    template <class T> static constexpr T apply(u64 by, T a) { return T(shifted(a, -int(by), true)); }
};
struct ShiftRightAdd {
    template <class T> static constexpr T apply(u64 by, T sum, T a) { return Add::apply(sum, ShiftRight::apply(by, a)); }
};
struct RoundingShiftRightAdd {
    template <class T> static constexpr T apply(u64 by, T sum, T a) { return Add::apply(sum, RoundingShiftRight::apply(by, a)); }
};
/// What the shift vacates stays as it was.
struct ShiftLeftInsert {
    template <class T> static constexpr T apply(u64 by, T old, T a) {
        const u64 kept = (u64{1} << by) - 1;
        return T((u64(a) << by) | (u64(old) & kept));
    }
};
struct ShiftRightInsert {
    template <class T> static constexpr T apply(u64 by, T old, T a) {
        const u64 value = std::make_unsigned_t<T>(a);
        const u64 ones = std::make_unsigned_t<T>(~T{0});
        const u64 moved = by >= 64 ? 0 : value >> by;
        const u64 mask = by >= 64 ? 0 : ones >> by;
        return T(moved | (u64(old) & ~mask));
    }
};
struct WideningShiftLeft {
    template <class T> static constexpr T apply(u64 by, T a) { return T(u64(a) << by); }
};

// ---- shifts by the low byte of a lane, which is signed: left, or right when negative ----

struct ShiftBy {
    template <class T> static constexpr T apply(T a, T by) {
        const int amount = i8(by);
        return amount >= width<T> ? T{0} : T(shifted(a, amount, false));
    }
};
struct RoundingShiftBy {
    template <class T> static constexpr T apply(T a, T by) {
        const int amount = i8(by);
        return amount >= width<T> ? T{0} : T(shifted(a, amount, true));
    }
};

// ---- narrowing: the constant is a shift to the right ----

struct Narrow {
    template <class T> static constexpr T apply(u64 by, T a) { return T(std::make_unsigned_t<T>(a) >> by); }
};
struct NarrowRounding {
    template <class T> static constexpr T apply(u64 by, T a) { return T(shifted(std::make_unsigned_t<T>(a), -int(by), true)); }
};
struct NarrowSum {
    template <class T> static constexpr T apply(u64 by, T a, T b) { return Narrow::apply(by, Add::apply(a, b)); }
};
struct NarrowSumRounding {
    template <class T> static constexpr T apply(u64 by, T a, T b) {
        return T(T(u64(a) + u64(b) + (u64{1} << (by - 1))) >> by);
    }
};
struct NarrowDifference {
    template <class T> static constexpr T apply(u64 by, T a, T b) { return Narrow::apply(by, Sub::apply(a, b)); }
};
struct NarrowDifferenceRounding {
    template <class T> static constexpr T apply(u64 by, T a, T b) {
        return T(T(u64(a) - u64(b) + (u64{1} << (by - 1))) >> by);
    }
};

// ---- saturating: all take where to note it, and a shift ----

struct SaturatingAdd {
    template <class T> static constexpr T apply(bool& s, u64, T a, T b) { return clamped<T>(s, i128(a) + b); }
};
struct SaturatingSub {
    template <class T> static constexpr T apply(bool& s, u64, T a, T b) { return clamped<T>(s, i128(a) - b); }
};
/// A signed sum and an unsigned number, or the other way round.
struct SaturatingAddOther {
    template <class T> static constexpr T apply(bool& s, u64, T sum, T a) {
        using Other = std::conditional_t<std::is_signed_v<T>, std::make_unsigned_t<T>, std::make_signed_t<T>>;
        return clamped<T>(s, i128(sum) + Other(a));
    }
};
struct SaturatingAbs {
    template <class T> static constexpr T apply(bool& s, u64, T a) { return clamped<T>(s, a < 0 ? -i128(a) : i128(a)); }
};
struct SaturatingNeg {
    template <class T> static constexpr T apply(bool& s, u64, T a) { return clamped<T>(s, -i128(a)); }
};
template <bool Rounding>
struct SaturatingShiftBy {
    template <class T> static constexpr T apply(bool& s, u64, T a, T by) {
        const int amount = i8(by);
        if (amount >= width<T>) return a == 0 ? T{0} : clamped<T>(s, a > 0 ? i128{1} << 100 : -(i128{1} << 100));
        return clamped<T>(s, shifted(a, amount, Rounding));
    }
};
struct SaturatingShiftLeft {
    template <class T> static constexpr T apply(bool& s, u64 by, T a) { return clamped<T>(s, i128(a) << by); }
};
/// Of a signed lane to an unsigned one.
struct SaturatingShiftLeftUnsigned {
    template <class T> static constexpr T apply(bool& s, u64 by, T a) {
        return T(clamped<std::make_unsigned_t<T>>(s, i128(a) << by));
    }
};
/// The high half of twice the product.
template <bool Rounding>
struct DoublingMulHigh {
    template <class T> static constexpr T apply(bool& s, u64, T a, T b) {
        const i128 half = Rounding ? i128{1} << (width<T> - 1) : 0;
        return clamped<T>(s, (2 * i128(a) * b + half) >> width<T>);
    }
};
template <bool Subtract>
struct RoundingDoublingMulAddHigh {
    template <class T> static constexpr T apply(bool& s, u64, T sum, T a, T b) {
        const i128 product = 2 * i128(a) * b;
        const i128 whole = (i128(sum) << width<T>) + (Subtract ? -product : product) + (i128{1} << (width<T> - 1));
        return clamped<T>(s, whole >> width<T>);
    }
};
/// Twice the product of numbers widened to T.
struct DoublingMul {
    template <class T> static constexpr T apply(bool& s, u64, T, T a, T b) { return clamped<T>(s, 2 * i128(a) * b); }
};
template <bool Subtract>
struct DoublingMulAdd {
    template <class T> static constexpr T apply(bool& s, u64, T sum, T a, T b) {
        const T product = clamped<T>(s, 2 * i128(a) * b);
        return clamped<T>(s, Subtract ? i128(sum) - product : i128(sum) + product);
    }
};
template <bool Rounding>
struct SaturatingNarrow {
    template <class Narrow, class T> static constexpr Narrow apply(bool& s, u64 by, T a) {
        return clamped<Narrow>(s, shifted(a, -int(by), Rounding && by != 0));
    }
};

}  // namespace lyrebird::isa::lane
