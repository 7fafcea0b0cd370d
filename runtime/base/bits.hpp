// Bit fields of instruction words and addresses. All functions are total within the stated ranges and usable at compile time.
#pragma once

#include "runtime/base/ints.hpp"

namespace lyrebird {

/// Bits [low, low + count) of `word`, right-aligned. 0 <= low < 32, 1 <= count <= 32 - low.
constexpr u32 bits(u32 word, int low, int count) {
    return (word >> low) & (count == 32 ? ~0U : (1U << count) - 1);
}

/// The low `count` bits of `value` as a two's-complement number. 1 <= count <= 64.
constexpr i64 sign_extend(u64 value, int count) {
    return static_cast<i64>(value << (64 - count)) >> (64 - count);
}

/// True when `value` is representable in `count` bits, two's complement. 1 <= count <= 64.
constexpr bool fits_signed(i64 value, int count) {
    return sign_extend(static_cast<u64>(value), count) == value;
}

/// `value` rounded down or up to a multiple of `alignment`, a power of two. Rounding up wraps at 2^64.
constexpr u64 align_down(u64 value, u64 alignment) {
    return value & ~(alignment - 1);
}
constexpr u64 align_up(u64 value, u64 alignment) {
    return align_down(value + alignment - 1, alignment);
}

}  // namespace lyrebird
