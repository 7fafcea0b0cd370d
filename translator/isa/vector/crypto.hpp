// Vector operations of cryptography: rounds of AES (FIPS 197), of the secure hashes (FIPS 180-4), of SM3 (GB/T 32905) and SM4
// (GB/T 32907), and carry-less products. Tables are computed from their definitions.
#pragma once

#include <bit>

#include "translator/isa/bit_operations.hpp"
#include "translator/isa/vector/lanes.hpp"

namespace lyrebird::isa {

// ---- fields of 256 elements ----

using ByteTable = std::array<u8, 256>;

/// The product in the field whose polynomial is x^8 + `Reduction`.
template <u8 Reduction>
constexpr u8 field_product(u8 a, u8 b) {
    u8 product = 0;
    for (; b != 0; b >>= 1) {
        if ((b & 1) != 0) product ^= a;
        a = u8(a << 1 ^ (a >> 7 != 0 ? Reduction : 0));
    }
    return product;
}
/// a^254: the inverse, and 0 for 0.
template <u8 Reduction>
constexpr u8 field_inverse(u8 a) {
    const u8 a3 = field_product<Reduction>(field_product<Reduction>(a, a), a);
    u8 result = a3;  // a^(2^2 - 1), then a^(2^3 - 1) … a^(2^7 - 1)
    for (int i = 0; i < 5; ++i) result = field_product<Reduction>(field_product<Reduction>(result, result), a);
    return field_product<Reduction>(result, result);
}
/// Bit i of the result is the parity of `a` and `Row` rotated left by i.
template <u8 Row>
constexpr u8 circulant(u8 a) {
    u8 result = 0;
    for (int i = 0; i < 8; ++i) result |= u8((std::popcount(u8(std::rotl(Row, i) & a)) & 1) << i);
    return result;
}
constexpr ByteTable inverse_of(const ByteTable& table) {
    ByteTable inverse{};
    for (std::size_t i = 0; i < 256; ++i) inverse[table[i]] = u8(i);
    return inverse;
}

// ---- AES ----

inline constexpr u8 aes_polynomial = 0x1b;
inline constexpr ByteTable aes_substitution = [] {
    ByteTable table{};
    for (std::size_t i = 0; i < 256; ++i) table[i] = u8(circulant<0xf1>(field_inverse<aes_polynomial>(u8(i))) ^ 0x63);
    return table;
}();
inline constexpr ByteTable aes_inverse_substitution = inverse_of(aes_substitution);

/// Bytes of a ^ b substituted, with row r of the state (bytes r, r + 4, …) rotated by `Turn` times r.
template <const ByteTable& Table, std::size_t Turn>
struct AesSubstitute {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        const auto state = lanes_of<u8>({a.low ^ b.low, a.high ^ b.high});
        LaneArray<u8> result{};
        for (std::size_t i = 0; i < 16; ++i) result[i] = Table[state[(i + 4 * Turn * (i % 4)) % 16]];
        return vector_of<u8>(result);
    }
};
using AesEncrypt = AesSubstitute<aes_substitution, 1>;
using AesDecrypt = AesSubstitute<aes_inverse_substitution, 3>;

/// Columns multiplied by the circulant matrix whose first row is the Factors.
template <u8... Factors>
struct AesMix {
    static constexpr VectorRegister apply(VectorRegister a) {
        constexpr std::array<std::array<u8, 256>, 4> products{multiples(Factors)...};
        const auto state = lanes_of<u8>(a);
        LaneArray<u8> result{};
        for (std::size_t i = 0; i < 16; ++i)
            for (std::size_t k = 0; k < 4; ++k) result[i] ^= products[k][state[i / 4 * 4 + (i + k) % 4]];
        return vector_of<u8>(result);
    }
    static consteval ByteTable multiples(u8 factor) {
        ByteTable table{};
        for (std::size_t i = 0; i < 256; ++i) table[i] = field_product<aes_polynomial>(u8(i), factor);
        return table;
    }
};
using AesMixColumns = AesMix<2, 3, 1, 1>;
using AesInverseMixColumns = AesMix<14, 11, 13, 9>;

// ---- carry-less products ----

/// Of the low halves.
struct CarrylessProduct {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        VectorRegister product;
        for (int i = 0; i < 64; ++i) {
            const u64 mask = 0 - (b.low >> i & 1);
            product.low ^= (a.low << i) & mask;
            product.high ^= (i == 0 ? 0 : a.low >> (64 - i)) & mask;
        }
        return product;
    }
};
/// Of the bytes of the low halves, each 16 bits.
struct CarrylessProductBytes {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        const auto x = lanes_of<u8>(a), y = lanes_of<u8>(b);
        LaneArray<u16> result{};
        for (std::size_t i = 0; i < 8; ++i)
            for (int bit = 0; bit < 8; ++bit) result[i] ^= u16((y[i] >> bit & 1) != 0 ? x[i] << bit : 0);
        return vector_of<u16>(result);
    }
};

// ---- what the hashes share ----

template <class T>
constexpr T choose(T mask, T a, T b) {
    return (mask & a) | (~mask & b);
}
template <class T>
constexpr T majority(T a, T b, T c) {
    return (a & b) | ((a | b) & c);
}
template <class T>
constexpr T parity(T a, T b, T c) {
    return a ^ b ^ c;
}
/// The sum without carries of `a` rotated right by each.
template <class T, class... Amounts>
constexpr T rotations(T a, Amounts... amounts) {
    return (std::rotr(a, amounts) ^ ...);
}

// ---- SHA-1 ----

/// Four rounds on a, b, c, d (`abcd`) and e, with schedule words that have their constant added.
template <u32 (*Mix)(u32, u32, u32)>
struct Sha1Rounds {
    static constexpr VectorRegister apply(VectorRegister abcd, VectorRegister e_register, VectorRegister words) {
        auto [a, b, c, d] = lanes_of<u32>(abcd);
        u32 e = u32(e_register.low);
        for (u32 word : lanes_of<u32>(words)) {
            const u32 next = e + std::rotl(a, 5) + Mix(b, c, d) + word;
            e = d, d = c, c = std::rotl(b, 30), b = a, a = next;
        }
        return vector_of<u32>({a, b, c, d});
    }
};
using Sha1Choose = Sha1Rounds<choose<u32>>;
using Sha1Parity = Sha1Rounds<parity<u32>>;
using Sha1Majority = Sha1Rounds<majority<u32>>;

struct Sha1Rotate {
    static constexpr VectorRegister apply(VectorRegister a) { return {std::rotl(u32(a.low), 30), 0}; }
};
struct Sha1Schedule0 {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        return {a.low ^ a.high ^ c.low, a.high ^ b.low ^ c.high};
    }
};
struct Sha1Schedule1 {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        auto x = lanes_of<u32>(a);
        const auto y = lanes_of<u32>(b);
        for (std::size_t i = 0; i < 4; ++i) x[i] = std::rotl(x[i] ^ (i < 3 ? y[i + 1] : 0), 1);
        x[3] ^= std::rotl(x[0], 1);
        return vector_of<u32>(x);
    }
};

// ---- SHA-256 ----

/// Four rounds on a … h; the result is a … d, or e … h (Part 1).
template <int Part>
struct Sha256Rounds {
    static constexpr VectorRegister apply(VectorRegister first, VectorRegister second, VectorRegister words) {
        auto [a, b, c, d] = lanes_of<u32>(first);
        auto [e, f, g, h] = lanes_of<u32>(second);
        for (u32 word : lanes_of<u32>(words)) {
            const u32 sum = h + rotations(e, 6, 11, 25) + choose(e, f, g) + word;
            const u32 next = sum + rotations(a, 2, 13, 22) + majority(a, b, c);
            h = g, g = f, f = e, e = d + sum, d = c, c = b, b = a, a = next;
        }
        return Part == 0 ? vector_of<u32>({a, b, c, d}) : vector_of<u32>({e, f, g, h});
    }
};
struct Sha256Schedule0 {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        auto x = lanes_of<u32>(a);
        const std::array<u32, 4> next{x[1], x[2], x[3], u32(b.low)};
        for (std::size_t i = 0; i < 4; ++i) x[i] += rotations(next[i], 7, 18) ^ next[i] >> 3;
        return vector_of<u32>(x);
    }
};
struct Sha256Schedule1 {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        auto x = lanes_of<u32>(a);
        const auto y = lanes_of<u32>(b), z = lanes_of<u32>(c);
        const std::array<u32, 4> nine_later{y[1], y[2], y[3], z[0]};
        for (std::size_t i = 0; i < 4; ++i) {
            const u32 two_before = i < 2 ? z[i + 2] : x[i - 2];
            x[i] += nine_later[i] + (rotations(two_before, 17, 19) ^ two_before >> 10);
        }
        return vector_of<u32>(x);
    }
};

// ---- SHA-512 ----

/// Two rounds' sums for the second half of the state; `sum` has the schedule words, constants and the eighth word added.
struct Sha512Hash {
    static constexpr VectorRegister apply(VectorRegister sum, VectorRegister x, VectorRegister y) {
        const u64 high = sum.high + rotations(y.high, 14, 18, 41) + choose(y.high, x.low, x.high);
        const u64 e = high + y.low;
        const u64 low = sum.low + rotations(e, 14, 18, 41) + choose(e, y.high, x.low);
        return {low, high};
    }
};
/// And for the first half.
struct Sha512Hash2 {
    static constexpr VectorRegister apply(VectorRegister sum, VectorRegister x, VectorRegister y) {
        const u64 high = sum.high + rotations(y.low, 28, 34, 39) + majority(x.low, y.high, y.low);
        const u64 low = sum.low + rotations(high, 28, 34, 39) + majority(high, y.low, y.high);
        return {low, high};
    }
};
struct Sha512Schedule0 {
    static constexpr u64 sigma(u64 a) { return rotations(a, 1, 8) ^ a >> 7; }
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        return {a.low + sigma(a.high), a.high + sigma(b.low)};
    }
};
struct Sha512Schedule1 {
    static constexpr u64 sigma(u64 a) { return rotations(a, 19, 61) ^ a >> 6; }
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        return {a.low + sigma(b.low) + c.low, a.high + sigma(b.high) + c.high};
    }
};

// ---- SHA-3 ----

struct XorThree {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        return {a.low ^ b.low ^ c.low, a.high ^ b.high ^ c.high};
    }
};
struct XorAndNot {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        return {a.low ^ (b.low & ~c.low), a.high ^ (b.high & ~c.high)};
    }
};
struct XorRotatedByOne {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b) {
        return {a.low ^ std::rotl(b.low, 1), a.high ^ std::rotl(b.high, 1)};
    }
};
struct XorThenRotate {
    static constexpr VectorRegister apply(u64 right, VectorRegister a, VectorRegister b) {
        return {std::rotr(a.low ^ b.low, int(right)), std::rotr(a.high ^ b.high, int(right))};
    }
};

// ---- SM3 ----

/// The permutation P1, and P0 below in Sm3Round2.
constexpr u32 sm3_permutation(u32 a) {
    return a ^ std::rotl(a, 15) ^ std::rotl(a, 23);
}
struct Sm3Schedule1 {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        auto x = lanes_of<u32>(a);
        const auto y = lanes_of<u32>(b), z = lanes_of<u32>(c);
        for (std::size_t i = 0; i < 4; ++i)
            x[i] = sm3_permutation(x[i] ^ y[i] ^ std::rotl(i < 3 ? z[i + 1] : x[0], 15));
        return vector_of<u32>(x);
    }
};
struct Sm3Schedule2 {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        auto x = lanes_of<u32>(a);
        auto y = lanes_of<u32>(b);
        const auto z = lanes_of<u32>(c);
        for (std::size_t i = 0; i < 4; ++i) y[i] ^= std::rotl(z[i], 7), x[i] ^= y[i];
        x[3] ^= sm3_permutation(std::rotl(y[0], 15));
        return vector_of<u32>(x);
    }
};
struct Sm3Sum {
    static constexpr VectorRegister apply(VectorRegister a, VectorRegister b, VectorRegister c) {
        const u32 sum = std::rotl(u32(a.high >> 32), 12) + u32(b.high >> 32) + u32(c.high >> 32);
        return {0, u64{std::rotl(sum, 7)} << 32};
    }
};
/// Half of a round on a (lane 3), b, c, d (lane 0). `lane` is the schedule word's.
template <u32 (*Mix)(u32, u32, u32)>
struct Sm3Round1 {
    static constexpr VectorRegister apply(u64 lane, VectorRegister state, VectorRegister sum, VectorRegister words) {
        const auto [d, c, b, a] = lanes_of<u32>(state);
        const u32 second_sum = u32(sum.high >> 32) ^ std::rotl(a, 12);
        const u32 next = d + Mix(a, b, c) + second_sum + lanes_of<u32>(words)[lane];
        return vector_of<u32>({c, std::rotl(b, 9), a, next});
    }
};
/// The other half, on e (lane 3), f, g, h (lane 0).
template <u32 (*Mix)(u32, u32, u32)>
struct Sm3Round2 {
    static constexpr VectorRegister apply(u64 lane, VectorRegister state, VectorRegister sum, VectorRegister words) {
        const auto [h, g, f, e] = lanes_of<u32>(state);
        const u32 next = h + Mix(e, f, g) + u32(sum.high >> 32) + lanes_of<u32>(words)[lane];
        return vector_of<u32>({g, std::rotl(f, 19), e, next ^ std::rotl(next, 9) ^ std::rotl(next, 17)});
    }
};

// ---- SM4 ----

inline constexpr ByteTable sm4_substitution = [] {
    auto affine = [](u8 a) { return u8(circulant<0xa7>(a) ^ 0xd3); };
    ByteTable table{};
    for (std::size_t i = 0; i < 256; ++i) table[i] = affine(field_inverse<0xf5>(affine(u8(i))));
    return table;
}();
static_assert(sm4_substitution[0] == 0xd6 && sm4_substitution[1] == 0x90 && sm4_substitution[15] == 0x05);

/// Four rounds; each adds a linear function of the substituted bytes: their word and its rotations to the left by the Amounts.
template <int... Amounts>
struct Sm4Rounds {
    static constexpr VectorRegister apply(VectorRegister state, VectorRegister keys) {
        auto [a, b, c, d] = lanes_of<u32>(state);
        for (u32 key : lanes_of<u32>(keys)) {
            const u32 mixed = b ^ c ^ d ^ key;
            u32 word = 0;
            for (int at = 0; at < 32; at += 8) word |= u32{sm4_substitution[mixed >> at & 255]} << at;
            const u32 next = a ^ word ^ (std::rotl(word, Amounts) ^ ...);
            a = b, b = c, c = d, d = next;
        }
        return vector_of<u32>({a, b, c, d});
    }
};
using Sm4Encrypt = Sm4Rounds<2, 10, 18, 24>;
using Sm4Key = Sm4Rounds<13, 23>;

}  // namespace lyrebird::isa
