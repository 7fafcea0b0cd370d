// Bit operations that the host's language has no word for.
#pragma once

#include <bit>

#include "runtime/base/ints.hpp"

namespace lyrebird::isa {

template <class T>
constexpr T reverse_bits(T value) {
    u64 v = std::byteswap(u64(value));
    v = (v >> 4 & 0x0f0f'0f0f'0f0f'0f0f) | (v & 0x0f0f'0f0f'0f0f'0f0f) << 4;
    v = (v >> 2 & 0x3333'3333'3333'3333) | (v & 0x3333'3333'3333'3333) << 2;
    v = (v >> 1 & 0x5555'5555'5555'5555) | (v & 0x5555'5555'5555'5555) << 1;
    return T(v >> (64 - 8 * sizeof(T)));
}

struct Product {
    u64 low, high;
};

/// The 128-bit carry-less product, without needing the host's PCLMULQDQ (not part of x86-64-v2).
constexpr Product carryless_multiply(u64 a, u64 b) {
    u128 product = 0;
    u128 shifted = a;
    for (; b != 0; b >>= 1, shifted <<= 1) {
        if ((b & 1) != 0) product ^= shifted;
    }
    return {u64(product), u64(product >> 64)};
}

}  // namespace lyrebird::isa
