// Vector operations as types (see the verbs `vector<Op>` in emitter.hpp): how a whole vector is made of lanes. What happens to one
// lane is a type of its own, in lane_operations.hpp.
//
// Lanes are numbered from the lowest up. An operation on lanes of type T treats each as a T; its sign matters where the
// operation's does.
#pragma once

#include <array>
#include <bit>
#include <type_traits>

#include "runtime/base/ints.hpp"
#include "translator/isa/slot.hpp"

namespace lyrebird::isa {

template <class T>
using LaneArray = std::array<T, 16 / sizeof(T)>;
template <class T>
constexpr LaneArray<T> lanes_of(VectorRegister v) {
    return std::bit_cast<LaneArray<T>>(v);
}
template <class T>
constexpr VectorRegister vector_of(LaneArray<T> lanes) {
    return std::bit_cast<VectorRegister>(lanes);
}

/// Twice and half as wide, of the same signedness.
template <class T>
struct Widths;
template <> struct Widths<u8> { using Double = u16; };
template <> struct Widths<i8> { using Double = i16; };
template <> struct Widths<u16> { using Double = u32; using Half = u8; };
template <> struct Widths<i16> { using Double = i32; using Half = i8; };
template <> struct Widths<u32> { using Double = u64; using Half = u16; };
template <> struct Widths<i32> { using Double = i64; using Half = i16; };
template <> struct Widths<u64> { using Half = u32; };
template <> struct Widths<i64> { using Half = i32; };
template <class T> using Doubled = typename Widths<T>::Double;
template <class T> using Halved = typename Widths<T>::Half;

// ---- whole registers ----

struct BitAnd {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) { return {a.low & b.low, a.high & b.high}; }
};
struct BitAndNot {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) { return {a.low & ~b.low, a.high & ~b.high}; }
};
struct BitOr {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) { return {a.low | b.low, a.high | b.high}; }
};
struct BitOrNot {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) { return {a.low | ~b.low, a.high | ~b.high}; }
};
struct BitXor {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) { return {a.low ^ b.low, a.high ^ b.high}; }
};
struct BitNot {
    static constexpr VectorRegister apply(VectorRegister a) { return {~a.low, ~a.high}; }
};
/// a where the mask has ones, else b.
struct BitSelect {
    static constexpr VectorRegister apply(VectorRegister mask, VectorRegister a, VectorRegister b) {
        return {(a.low & mask.low) | (b.low & ~mask.low), (a.high & mask.high) | (b.high & ~mask.high)};
    }
};
struct UpperHalf {
    static constexpr VectorRegister apply(VectorRegister a) { return {a.high, 0}; }
};
/// The low halves of both, a's below.
struct JoinLow {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) { return {a.low, b.low}; }
};
/// 16 bytes of b:a from byte `first` on.
struct ExtractBytes {
    static constexpr VectorRegister apply(u64 first, VectorRegister a, VectorRegister b) {
        auto low = lanes_of<u8>(a), high = lanes_of<u8>(b);
        LaneArray<u8> result{};
        for (std::size_t i = 0; i < 16; ++i) result[i] = i + first < 16 ? low[i + first] : high[i + first - 16];
        return vector_of<u8>(result);
    }
};

// ---- lane by lane ----

/// F::apply(lane of each operand …) in every lane.
template <class F, class T>
struct EachLane {
    template <class... V>
    static constexpr VectorRegister apply(V... operands) {
        LaneArray<T> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = T(F::apply(lanes_of<T>(operands)[i]...));
        return vector_of<T>(result);
    }
};
/// F::apply(constant, lane …) in every lane.
template <class F, class T>
struct EachLaneWith {
    template <class... V>
    static constexpr VectorRegister apply(u64 constant, V... operands) {
        LaneArray<T> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = T(F::apply(constant, lanes_of<T>(operands)[i]...));
        return vector_of<T>(result);
    }
};
/// What saturating operations are told: how many lanes count (the others become zero), and a shift.
struct SaturatingOptions {
    u8 lanes, shift = 0;
    constexpr u64 packed() const { return lanes | u64(shift) << 8; }
    static constexpr SaturatingOptions of(u64 packed) { return {u8(packed), u8(packed >> 8)}; }
};
/// F::apply(saturated, shift, lane …).
template <class F, class T>
struct EachLaneSaturating {
    template <class... V>
    static constexpr VectorRegister apply(bool& saturated, u64 options, V... operands) {
        const auto [lanes, shift] = SaturatingOptions::of(options);
        LaneArray<T> result{};
        for (std::size_t i = 0; i < lanes; ++i) result[i] = T(F::apply(saturated, shift, lanes_of<T>(operands)[i]...));
        return vector_of<T>(result);
    }
};

/// F of neighbours: first those of a, then those of b.
template <class F, class T>
struct Pairwise {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        constexpr std::size_t half = 8 / sizeof(T);
        const auto x = lanes_of<T>(a), y = lanes_of<T>(b);
        LaneArray<T> result{};
        for (std::size_t i = 0; i < half; ++i) {
            result[i] = T(F::apply(x[2 * i], x[2 * i + 1]));
            result[half + i] = T(F::apply(y[2 * i], y[2 * i + 1]));
        }
        return vector_of<T>(result);
    }
};
/// Sums of neighbours, twice as wide, added to an accumulator.
template <class T>
struct PairwiseLong {
    static constexpr VectorRegister apply(VectorRegister sum, VectorRegister a) {
        using Wide = Doubled<T>;
        auto result = lanes_of<Wide>(sum);
        const auto x = lanes_of<T>(a);
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = Wide(std::make_unsigned_t<Wide>(result[i]) + std::make_unsigned_t<Wide>(Wide(x[2 * i]) + Wide(x[2 * i + 1])));
        return vector_of<Wide>(result);
    }
};

/// The low half of lanes, widened, each as F makes it of the widened lanes of the narrow operands.
template <class F, class T>
struct Widening {
    template <class... V>
    static constexpr VectorRegister apply(V... operands) {
        using Wide = Doubled<T>;
        LaneArray<Wide> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = Wide(F::apply(Wide(lanes_of<T>(operands)[i])...));
        return vector_of<Wide>(result);
    }
};
/// As above with a first operand that is wide already.
template <class F, class T>
struct WideningOnto {
    template <class... V>
    static constexpr VectorRegister apply(VectorRegister wide, V... operands) {
        using Wide = Doubled<T>;
        auto result = lanes_of<Wide>(wide);
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = Wide(F::apply(result[i], Wide(lanes_of<T>(operands)[i])...));
        return vector_of<Wide>(result);
    }
};
/// Saturating, on the low half of lanes: F::apply(saturated, shift, wide, widened lane …); `wide` lanes come first.
template <class F, class T>
struct WideningSaturating {
    template <class... V>
    static constexpr VectorRegister apply(bool& saturated, u64 options, VectorRegister wide, V... operands) {
        using Wide = Doubled<T>;
        const auto [lanes, shift] = SaturatingOptions::of(options);
        const auto old = lanes_of<Wide>(wide);
        LaneArray<Wide> result{};
        for (std::size_t i = 0; i < lanes; ++i)
            result[i] = Wide(F::apply(saturated, shift, old[i], Wide(lanes_of<T>(operands)[i])...));
        return vector_of<Wide>(result);
    }
};
/// Lanes of T made half as wide by F, in the low half; zeros above.
template <class F, class T>
struct Narrowing {
    template <class... V>
    static constexpr VectorRegister apply(u64 constant, V... operands) {
        using Narrow = Halved<T>;
        LaneArray<Narrow> result{};
        for (std::size_t i = 0; i < 16 / sizeof(T); ++i) result[i] = Narrow(F::apply(constant, lanes_of<T>(operands)[i]...));
        return vector_of<Narrow>(result);
    }
};
/// Saturating to lanes of Narrow.
template <class F, class T, class Narrow>
struct NarrowingSaturating {
    static constexpr VectorRegister apply(bool& saturated, u64 options, VectorRegister a) {
        const auto [lanes, shift] = SaturatingOptions::of(options);
        LaneArray<Narrow> result{};
        for (std::size_t i = 0; i < lanes; ++i)
            result[i] = F::template apply<Narrow>(saturated, shift, lanes_of<T>(a)[i]);
        return vector_of<Narrow>(result);
    }
};

/// F over the lowest `lanes` lanes, as a lane of Result.
template <class F, class T, class Result>
struct Across {
    static constexpr VectorRegister apply(u64 lanes, VectorRegister a) {
        const auto x = lanes_of<T>(a);
        Result whole = Result(x[0]);
        for (std::size_t i = 1; i < lanes; ++i) whole = Result(F::apply(whole, Result(x[i])));
        LaneArray<Result> result{};
        result[0] = whole;
        return vector_of<Result>(result);
    }
};

// ---- order ----

/// Lanes in reverse order within each group of `Group` bytes.
template <class T, std::size_t Group>
struct ReverseWithin {
    static constexpr VectorRegister apply(VectorRegister a) {
        constexpr std::size_t count = Group / sizeof(T);
        const auto x = lanes_of<T>(a);
        LaneArray<T> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = x[i / count * count + (count - 1 - i % count)];
        return vector_of<T>(result);
    }
};
/// The lowest lanes (Part 0) or the highest (1), of a and b in turn.
template <class T, int Part>
struct Zip {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        constexpr std::size_t half = 8 / sizeof(T);
        const auto x = lanes_of<T>(a), y = lanes_of<T>(b);
        LaneArray<T> result{};
        for (std::size_t i = 0; i < half; ++i) result[2 * i] = x[Part * half + i], result[2 * i + 1] = y[Part * half + i];
        return vector_of<T>(result);
    }
};
/// The even lanes (Part 0) or the odd ones (1), first a's, then b's.
template <class T, int Part>
struct Unzip {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        constexpr std::size_t half = 8 / sizeof(T);
        const auto x = lanes_of<T>(a), y = lanes_of<T>(b);
        LaneArray<T> result{};
        for (std::size_t i = 0; i < half; ++i) result[i] = x[2 * i + Part], result[half + i] = y[2 * i + Part];
        return vector_of<T>(result);
    }
};
/// The even lanes (Part 0) or the odd ones (1), of a and b in turn.
template <class T, int Part>
struct Transpose {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        const auto x = lanes_of<T>(a), y = lanes_of<T>(b);
        LaneArray<T> result{};
        for (std::size_t i = 0; i < result.size(); i += 2) result[i] = x[i + Part], result[i + 1] = y[i + Part];
        return vector_of<T>(result);
    }
};
/// Bytes of the tables by index; where an index lies beyond them, zero.
struct LookUp {
    template <class... V>
    static constexpr VectorRegister apply(VectorRegister index, V... tables) {
        return vector_of<u8>(look_up(LaneArray<u8>{}, index, tables...));
    }
    template <class... V>
    static constexpr LaneArray<u8> look_up(LaneArray<u8> result, VectorRegister index, V... tables) {
        const std::array<LaneArray<u8>, sizeof...(V)> table{lanes_of<u8>(tables)...};
        const auto at = lanes_of<u8>(index);
        for (std::size_t i = 0; i < 16; ++i)
            if (at[i] < 16 * sizeof...(V)) result[i] = table[at[i] / 16][at[i] % 16];
        return result;
    }
};
/// As above; where an index lies beyond the tables, the old byte.
struct LookUpOnto {
    template <class... V>
    static constexpr VectorRegister apply(VectorRegister old, VectorRegister index, V... tables) {
        return vector_of<u8>(LookUp::look_up(lanes_of<u8>(old), index, tables...));
    }
};

// ---- sums of products of bytes (FEAT_DotProd, FEAT_I8MM) ----

template <class A, class B>
struct DotProduct {
    static constexpr VectorRegister apply(VectorRegister sum, VectorRegister a, VectorRegister b) {
        auto result = lanes_of<u32>(sum);
        const auto x = lanes_of<A>(a);
        const auto y = lanes_of<B>(b);
        for (std::size_t i = 0; i < 16; ++i) result[i / 4] += u32(i32(x[i]) * i32(y[i]));
        return vector_of<u32>(result);
    }
};
/// 2 × 8 by 8 × 2.
template <class A, class B>
struct MatrixProduct {
    static constexpr VectorRegister apply(VectorRegister sum, VectorRegister a, VectorRegister b) {
        auto result = lanes_of<u32>(sum);
        const auto x = lanes_of<A>(a);
        const auto y = lanes_of<B>(b);
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t k = 0; k < 8; ++k) result[i] += u32(i32(x[i / 2 * 8 + k]) * i32(y[i % 2 * 8 + k]));
        return vector_of<u32>(result);
    }
};

}  // namespace lyrebird::isa
