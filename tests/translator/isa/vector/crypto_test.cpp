// The vector operations of cryptography, against the examples that the standards print: each cipher and hash is put together
// as guest programs do it. Constants that standards derive from roots or a recurrence are derived here as well.
#include "translator/isa/vector/crypto.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace lyrebird;
using namespace lyrebird::isa;

namespace {

VectorRegister words_of(u32 a, u32 b, u32 c, u32 d) {
    return vector_of<u32>({a, b, c, d});
}
VectorRegister xor_of(VectorRegister a, VectorRegister b) {
    return {a.low ^ b.low, a.high ^ b.high};
}
template <class T>
VectorRegister sum_of(VectorRegister a, VectorRegister b) {
    auto x = lanes_of<T>(a);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += lanes_of<T>(b)[i];
    return vector_of<T>(x);
}
/// From byte 4 × `count` on of b above a.
VectorRegister words_from(int count, VectorRegister a, VectorRegister b) {
    return ExtractBytes::apply(u64(4 * count), a, b);
}
VectorRegister reversed_words(VectorRegister a) {
    auto [x, y, z, w] = lanes_of<u32>(a);
    return words_of(w, z, y, x);
}

/// Numbers of 320 bits, lowest word first; enough to compare cubes of numbers of 68 bits.
using Long = std::array<u64, 5>;
Long product(const Long& a, u128 b) {
    Long result{};
    for (int half = 0; half < 2; ++half) {
        const u64 factor = u64(b >> 64 * half);
        u64 carry = 0;
        for (std::size_t i = 0; i + std::size_t(half) < 5; ++i) {
            const u128 sum = u128(a[i]) * factor + result[i + std::size_t(half)] + carry;
            result[i + std::size_t(half)] = u64(sum), carry = u64(sum >> 64);
        }
    }
    return result;
}
bool exceeds(const Long& a, const Long& b) {
    for (std::size_t i = 5; i-- > 0;)
        if (a[i] != b[i]) return a[i] > b[i];
    return false;
}
/// The first 64 bits after the point of the square (2) or cube (3) root.
u64 root_fraction(u64 number, int degree) {
    Long target{};
    target[std::size_t(degree)] = number;  // number × 2^(64 × degree)
    u128 root = 0;
    for (u128 bit = u128(1) << 69; bit != 0; bit >>= 1) {
        Long power{1};
        for (int i = 0; i < degree; ++i) power = product(power, root | bit);
        if (!exceeds(power, target)) root |= bit;
    }
    return u64(root);
}
std::vector<u64> root_fractions(std::size_t count, int degree) {
    std::vector<u64> fractions;
    for (u64 number = 2; fractions.size() < count; ++number) {
        bool prime = true;
        for (u64 divisor = 2; divisor * divisor <= number; ++divisor) prime = prime && number % divisor != 0;
        if (prime) fractions.push_back(root_fraction(number, degree));
    }
    return fractions;
}

/// "abc" with its padding, as four vectors of words.
std::array<VectorRegister, 4> abc_block() {
    return {words_of(0x6162'6380, 0, 0, 0), {}, {}, words_of(0, 0, 0, 24)};
}
/// Four words further: the oldest vector makes place for the newest.
void advance(std::array<VectorRegister, 4>& block, VectorRegister newest) {
    block = {block[1], block[2], block[3], newest};
}

}  // namespace

TEST_CASE("AES enciphers and deciphers the example of FIPS 197, appendix C.1") {
    std::array<LaneArray<u8>, 11> keys{};
    for (std::size_t i = 0; i < 16; ++i) keys[0][i] = u8(i);
    u8 constant = 1;
    for (std::size_t round = 1; round < 11; ++round) {
        for (std::size_t i = 0; i < 4; ++i)
            keys[round][i] = u8(keys[round - 1][i] ^ aes_substitution[keys[round - 1][12 + (i + 1) % 4]]);
        keys[round][0] ^= constant;
        constant = u8(constant << 1 ^ (constant >> 7 != 0 ? 0x1b : 0));
        for (std::size_t i = 4; i < 16; ++i) keys[round][i] = u8(keys[round - 1][i] ^ keys[round][i - 4]);
    }
    const VectorRegister plain{0x7766'5544'3322'1100, 0xffee'ddcc'bbaa'9988};
    VectorRegister state = plain;
    for (std::size_t round = 0; round < 9; ++round)
        state = AesMixColumns::apply(AesEncrypt::apply(state, vector_of<u8>(keys[round])));
    state = xor_of(AesEncrypt::apply(state, vector_of<u8>(keys[9])), vector_of<u8>(keys[10]));
    CHECK(state.low == 0x3004'7b6a'd8e0'c469);
    CHECK(state.high == 0x5ac5'b470'80b7'cdd8);

    state = AesDecrypt::apply(state, vector_of<u8>(keys[10]));
    for (std::size_t round = 9; round > 0; --round) {
        const VectorRegister key = AesInverseMixColumns::apply(vector_of<u8>(keys[round]));
        state = AesDecrypt::apply(AesInverseMixColumns::apply(state), key);
    }
    state = xor_of(state, vector_of<u8>(keys[0]));
    CHECK(state.low == plain.low);
    CHECK(state.high == plain.high);
}

TEST_CASE("SHA-1 of abc is that of FIPS 180, appendix A.1") {
    constexpr std::array<u32, 4> constants{0x5a82'7999, 0x6ed9'eba1, 0x8f1b'bcdc, 0xca62'c1d6};
    const VectorRegister first = words_of(0x6745'2301, 0xefcd'ab89, 0x98ba'dcfe, 0x1032'5476);
    const u32 first_e = 0xc3d2'e1f0;
    VectorRegister state = first, e{first_e, 0};
    auto block = abc_block();
    for (std::size_t round = 0; round < 80; round += 4) {
        const u32 k = constants[round / 20];
        const VectorRegister words = sum_of<u32>(block[0], words_of(k, k, k, k));
        const VectorRegister next_e = Sha1Rotate::apply(state);
        if (round < 20)
            state = Sha1Choose::apply(state, e, words);
        else if (round >= 40 && round < 60)
            state = Sha1Majority::apply(state, e, words);
        else
            state = Sha1Parity::apply(state, e, words);
        e = next_e;
        advance(block, Sha1Schedule1::apply(Sha1Schedule0::apply(block[0], block[1], block[2]), block[3]));
    }
    CHECK(lanes_of<u32>(sum_of<u32>(state, first)) ==
          std::array<u32, 4>{0xa999'3e36, 0x4706'816a, 0xba3e'2571, 0x7850'c26c});
    CHECK(u32(e.low) + first_e == 0x9cd0'd89d);
}

TEST_CASE("SHA-256 of abc is that of FIPS 180, appendix B.1") {
    const auto initial = root_fractions(8, 2), constants = root_fractions(64, 3);
    auto four = [](const std::vector<u64>& of, std::size_t at) {
        return words_of(u32(of[at] >> 32), u32(of[at + 1] >> 32), u32(of[at + 2] >> 32), u32(of[at + 3] >> 32));
    };
    VectorRegister lower = four(initial, 0), upper = four(initial, 4);
    auto block = abc_block();
    for (std::size_t round = 0; round < 64; round += 4) {
        const VectorRegister words = sum_of<u32>(block[0], four(constants, round));
        const VectorRegister old = lower;
        lower = Sha256Rounds<0>::apply(old, upper, words);
        upper = Sha256Rounds<1>::apply(old, upper, words);
        advance(block, Sha256Schedule1::apply(Sha256Schedule0::apply(block[0], block[1]), block[2], block[3]));
    }
    CHECK(lanes_of<u32>(sum_of<u32>(lower, four(initial, 0))) ==
          std::array<u32, 4>{0xba78'16bf, 0x8f01'cfea, 0x4141'40de, 0x5dae'2223});
    CHECK(lanes_of<u32>(sum_of<u32>(upper, four(initial, 4))) ==
          std::array<u32, 4>{0xb003'61a3, 0x9617'7a9c, 0xb410'ff61, 0xf200'15ad});
}

TEST_CASE("SHA-512 of abc is that of FIPS 180, appendix C.1") {
    const auto initial = root_fractions(8, 2), constants = root_fractions(80, 3);
    std::array<VectorRegister, 4> state;
    for (std::size_t i = 0; i < 4; ++i) state[i] = {initial[2 * i], initial[2 * i + 1]};
    const auto first = state;
    std::vector<VectorRegister> block{{0x6162'6380'0000'0000, 0}, {}, {}, {}, {}, {}, {}, {0, 24}};
    auto across = [](VectorRegister a, VectorRegister b) { return VectorRegister{a.high, b.low}; };
    for (std::size_t round = 0; round < 80; round += 2) {
        const VectorRegister words = sum_of<u64>(block[0], {constants[round], constants[round + 1]});
        const auto [ab, cd, ef, gh] = state;
        const VectorRegister sum = sum_of<u64>(gh, {words.high, words.low});
        const VectorRegister hash = Sha512Hash::apply(sum, across(ef, gh), across(cd, ef));
        state = {Sha512Hash2::apply(hash, cd, ab), ab, sum_of<u64>(cd, hash), ef};
        const VectorRegister part = Sha512Schedule0::apply(block[0], block[1]);
        block.push_back(Sha512Schedule1::apply(part, block[7], across(block[4], block[5])));
        block.erase(block.begin());
    }
    constexpr std::array<u64, 8> expected{0xddaf'35a1'9361'7aba, 0xcc41'7349'ae20'4131, 0x12e6'fa4e'89a9'7ea2,
                                          0x0a9e'eee6'4b55'd39a, 0x2192'992a'274f'c1a8, 0x36ba'3c23'a3fe'ebbd,
                                          0x454d'4423'643c'e80e, 0x2a9a'c94f'a54c'a49f};
    for (std::size_t i = 0; i < 4; ++i) {
        const VectorRegister part = sum_of<u64>(state[i], first[i]);
        CHECK(part.low == expected[2 * i]);
        CHECK(part.high == expected[2 * i + 1]);
    }
}

TEST_CASE("SHA3-256 of nothing is that of FIPS 202's examples") {
    constexpr std::array<int, 25> turns{0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                        25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
    std::array<VectorRegister, 25> state{};  // x + 5 y, in both lanes
    state[0] = {0x06, 0x06};
    state[16] = {u64{1} << 63, u64{1} << 63};
    u32 shifter = 1;
    for (int round = 0; round < 24; ++round) {
        std::array<VectorRegister, 5> column, mask;
        for (std::size_t x = 0; x < 5; ++x)
            column[x] = XorThree::apply(xor_of(state[x], state[x + 5]), state[x + 10], xor_of(state[x + 15], state[x + 20]));
        for (std::size_t x = 0; x < 5; ++x) mask[x] = XorRotatedByOne::apply(column[(x + 4) % 5], column[(x + 1) % 5]);
        std::array<VectorRegister, 25> moved;
        for (std::size_t x = 0; x < 5; ++x)
            for (std::size_t y = 0; y < 5; ++y)
                moved[y + 5 * ((2 * x + 3 * y) % 5)] =
                    XorThenRotate::apply(u64(64 - turns[x + 5 * y]) % 64, state[x + 5 * y], mask[x]);
        for (std::size_t x = 0; x < 5; ++x)
            for (std::size_t y = 0; y < 5; ++y)
                state[x + 5 * y] =
                    XorAndNot::apply(moved[x + 5 * y], moved[(x + 2) % 5 + 5 * y], moved[(x + 1) % 5 + 5 * y]);
        u64 constant = 0;
        for (int j = 0; j < 7; ++j) {
            constant |= u64(shifter & 1) << ((1 << j) - 1);
            shifter = (shifter << 1 ^ (shifter >> 7 & 1) * 0x171) & 0xff;
        }
        state[0] = xor_of(state[0], {constant, constant});
    }
    constexpr std::array<u64, 4> expected{0x66d7'1ebf'f8c6'ffa7, 0x62d6'61a0'5647'c151, 0xfa49'3be4'4dff'80f5,
                                          0x4a43'f880'4b0a'd882};
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(state[i].low == expected[i]);
        CHECK(state[i].high == expected[i]);
    }
}

TEST_CASE("SM3 of abc is that of GB/T 32905, appendix A.1") {
    const VectorRegister first_low = words_of(0x7380'166f, 0x4914'b2b9, 0x1724'42d7, 0xda8a'0600);
    const VectorRegister first_high = words_of(0xa96f'30bc, 0x1631'38aa, 0xe38d'ee4d, 0xb0fb'0e4e);
    VectorRegister low = reversed_words(first_low), high = reversed_words(first_high);
    auto block = abc_block();
    for (int round = 0; round < 64; ++round) {
        const u64 lane = u64(round % 4);
        const bool early = round < 16;
        const u32 constant = std::rotl(early ? 0x79cc'4519U : 0x7a87'9d8aU, round % 32);
        const VectorRegister sum = Sm3Sum::apply(low, words_of(0, 0, 0, constant), high);
        const VectorRegister mixed = xor_of(block[0], block[1]);
        low = early ? Sm3Round1<parity<u32>>::apply(lane, low, sum, mixed)
                    : Sm3Round1<majority<u32>>::apply(lane, low, sum, mixed);
        high = early ? Sm3Round2<parity<u32>>::apply(lane, high, sum, block[0])
                     : Sm3Round2<choose<u32>>::apply(lane, high, sum, block[0]);
        if (lane != 3) continue;
        const VectorRegister part = Sm3Schedule1::apply(words_from(3, block[1], block[2]), block[0], block[3]);
        advance(block, Sm3Schedule2::apply(part, words_from(2, block[2], block[3]), words_from(3, block[0], block[1])));
    }
    CHECK(lanes_of<u32>(xor_of(reversed_words(low), first_low)) ==
          std::array<u32, 4>{0x66c7'f0f4, 0x62ee'edd9, 0xd1f2'd46b, 0xdc10'e4e2});
    CHECK(lanes_of<u32>(xor_of(reversed_words(high), first_high)) ==
          std::array<u32, 4>{0x4167'c487, 0x5cf2'f7a2, 0x297d'a02b, 0x8f4b'a8e0});
}

TEST_CASE("SM4 enciphers the example of GB/T 32907, appendix A.1") {
    const VectorRegister text = words_of(0x0123'4567, 0x89ab'cdef, 0xfedc'ba98, 0x7654'3210);
    VectorRegister key = xor_of(text, words_of(0xa3b1'bac6, 0x56aa'3350, 0x677d'9197, 0xb270'22dc));
    VectorRegister state = text;
    for (u32 round = 0; round < 32; round += 4) {
        std::array<u32, 4> constants{};
        for (u32 i = 0; i < 16; ++i) constants[i / 4] = constants[i / 4] << 8 | ((4 * round + i) * 7 & 0xff);
        key = Sm4Key::apply(key, vector_of<u32>(constants));
        state = Sm4Encrypt::apply(state, key);
    }
    CHECK(lanes_of<u32>(reversed_words(state)) ==
          std::array<u32, 4>{0x681e'df34, 0xd206'965e, 0x86b3'e94f, 0x536e'4246});
}

TEST_CASE("Products without carries") {
    // (x + 1)^2 = x^2 + 1; the square of any polynomial has its bits spread.
    CHECK(CarrylessProduct::apply({3, 99}, {3, 98}).low == 5);
    const VectorRegister square = CarrylessProduct::apply({~u64{0}, 1}, {~u64{0}, 2});
    CHECK(square.low == 0x5555'5555'5555'5555);
    CHECK(square.high == 0x5555'5555'5555'5555);
    const VectorRegister top = CarrylessProduct::apply({u64{1} << 63, 0}, {u64{1} << 63, 0});
    CHECK(top.low == 0);
    CHECK(top.high == u64{1} << 62);
    const VectorRegister bytes = CarrylessProductBytes::apply({0xff03'0180'57ff'0300, 7}, {0xff03'8001'83ff'0301, 7});
    CHECK(lanes_of<u16>(bytes) == LaneArray<u16>{0, 5, 0x5555, 0x2b79, 0x80, 0x80, 5, 0x5555});
}
