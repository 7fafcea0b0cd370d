// The codes of pointer authentication: FEAT_PAuth with the architected algorithm QARMA5 (Arm ARM D8.10; R. Avanzi, The QARMA Block
// Cipher Family, ToSC 2017), as a process of Linux has it: addresses of 48 bits, the top byte of data and code ignored. So a code
// stands in bits 54 … 48, beside bit 55, which says the half. A code that is wrong leaves an address that cannot be used
// (FEAT_FPAC, by which the instruction itself would fault, is not there).
#pragma once

#include <sys/random.h>

#include <array>

#include "translator/aarch64/state.hpp"

namespace lyrebird::aarch64 {

// ---- QARMA-64 ----

namespace qarma {

/// Cells are half-bytes, the first one the most significant. The cell that comes to each place:
using Order = std::array<u8, 16>;
inline constexpr Order tau{0, 11, 6, 13, 10, 1, 12, 7, 5, 14, 3, 8, 15, 4, 9, 2};
inline constexpr Order tweak_order{6, 5, 14, 15, 0, 1, 2, 3, 7, 12, 13, 4, 8, 9, 10, 11};

/// The three S-boxes that the cipher is defined with; Arm's is the last.
using Box = std::array<u8, 16>;
inline constexpr std::array<Box, 3> boxes{{{0, 14, 2, 10, 9, 15, 8, 11, 6, 4, 3, 7, 13, 12, 1, 5},
                                           {10, 13, 14, 6, 15, 7, 3, 5, 9, 8, 0, 12, 11, 1, 2, 4},
                                           {11, 6, 8, 15, 12, 0, 9, 14, 3, 7, 4, 5, 13, 2, 1, 10}}};
inline constexpr std::array<u64, 5> round_constants{0, 0x1319'8a2e'0370'7344, 0xa409'3822'299f'31d0, 0x082e'fa98'ec4e'6c89,
                                                    0x4528'21e6'38d0'1377};
inline constexpr u64 alpha = 0xc0ac'29b7'c97c'50dd;

template <Order From>
constexpr u64 permuted(u64 cells) {
    u64 result = 0;
    for (int place = 0; place < 16; ++place) result |= (cells >> (60 - 4 * From[std::size_t(place)]) & 15) << (60 - 4 * place);
    return result;
}
constexpr Order inverse(const Order& order) {
    Order result{};
    for (u8 place = 0; place < 16; ++place) result[order[place]] = place;
    return result;
}
constexpr Box inverse_box(const Box& box) { return inverse(box); }

/// Two cells at a time.
template <Box Of>
inline constexpr auto pairs = [] {
    std::array<u8, 256> table{};
    for (std::size_t pair = 0; pair < 256; ++pair) table[pair] = u8(Of[pair >> 4] << 4 | Of[pair & 15]);
    return table;
}();
template <Box Of>
constexpr u64 substituted(u64 cells) {
    u64 result = 0;
    for (int byte = 0; byte < 64; byte += 8) result |= u64{pairs<Of>[cells >> byte & 255]} << byte;
    return result;
}

/// Every column times the matrix circ(0, r, r², r), where r rotates a cell to the left; its own inverse.
constexpr u64 mixed(u64 cells) {
    auto rotated = [](u64 x) { return (x << 1 & 0xeeee'eeee'eeee'eeee) | (x >> 3 & 0x1111'1111'1111'1111); };
    auto row = [cells](int by) { return cells << 16 * by | cells >> (64 - 16 * by); };
    return rotated(row(1) ^ rotated(row(2)) ^ row(3));
}

/// The tweak of the next round: some of its cells go on in a register with feedback.
constexpr u64 next_tweak(u64 tweak) {
    const u64 cells = permuted<tweak_order>(tweak);
    u64 mask = 0;
    for (int cell : {0, 1, 3, 4, 8, 11, 13}) mask |= u64{15} << (60 - 4 * cell);
    const u64 feedback = (cells ^ cells >> 1) & 0x1111'1111'1111'1111;
    const u64 stepped = (cells >> 1 & 0x7777'7777'7777'7777) | feedback << 3;
    return (cells & ~mask) | (stepped & mask);
}

/// The cipher with five rounds on either side of the reflector: `whitening` and `core` are the halves of its key.
template <int Which = 2>
constexpr u64 encrypt(u64 text, u64 tweak, u64 whitening, u64 core) {
    constexpr Box box = boxes[Which], back = inverse_box(box);
    constexpr Order tau_back = inverse(tau);
    const u64 second_whitening = (whitening >> 1 | whitening << 63) ^ whitening >> 63;
    std::array<u64, 6> tweaks{tweak};
    for (std::size_t round = 0; round < 5; ++round) tweaks[round + 1] = next_tweak(tweaks[round]);
    u64 cells = text ^ whitening;
    for (std::size_t round = 0; round < 5; ++round) {
        cells ^= core ^ tweaks[round] ^ round_constants[round];
        if (round > 0) cells = mixed(permuted<tau>(cells));
        cells = substituted<box>(cells);
    }
    cells = substituted<box>(mixed(permuted<tau>(cells ^ second_whitening ^ tweaks[5])));
    cells = core ^ mixed(permuted<tau>(cells));
    cells = mixed(substituted<back>(permuted<tau_back>(cells)));
    cells = permuted<tau_back>(cells) ^ whitening ^ tweaks[5];
    for (std::size_t round = 5; round-- > 0;) {
        cells = substituted<back>(cells);
        if (round > 0) cells = permuted<tau_back>(mixed(cells));
        cells ^= core ^ tweaks[round] ^ round_constants[round] ^ alpha;
    }
    return cells ^ second_whitening;
}

}  // namespace qarma

// ---- codes ----

constexpr u64 authentication_code(u64 pointer, u64 modifier, const PointerKey& key) {
    return qarma::encrypt(pointer, modifier, key.high, key.low);
}

inline constexpr int lowest_code_bit = 48;
inline constexpr u64 code_bits = u64{0x7f} << lowest_code_bit;
inline constexpr u64 extension_bits = u64{0xff} << lowest_code_bit;  // with bit 55

/// `pointer` without a code (Strip).
constexpr u64 stripped(u64 pointer) {
    return (pointer >> 55 & 1) != 0 ? pointer | extension_bits : pointer & ~extension_bits;
}
constexpr u64 with_code(u64 pointer, u64 modifier, const PointerKey& key) {
    const u64 plain = stripped(pointer), extension = pointer & extension_bits;
    u64 code = authentication_code(plain, modifier, key);
    if (extension != 0 && extension != extension_bits) code ^= u64{1} << 54;  // it was no address: neither is what comes of it
    return (plain & ~code_bits) | (code & code_bits);
}
/// A wrong code leaves 01 (an A key) or 10 (a B key) in bits 54 and 53.
constexpr u64 without_code(u64 pointer, u64 modifier, const PointerKey& key, bool is_b) {
    const u64 plain = stripped(pointer);
    if (((authentication_code(plain, modifier, key) ^ pointer) & code_bits) == 0) return plain;
    constexpr u64 error = u64{3} << 53;
    return (plain & ~error) | u64{is_b ? 2U : 1U} << 53;
}

// What meanings call. `key` is a KeyNumber; one that the thread has switched off changes nothing.
inline u64 sign_pointer(State& s, u64 pointer, u64 modifier, u64 key) {
    if ((s.enabled_keys >> key & 1) == 0) return pointer;
    return with_code(pointer, modifier, s.keys[key]);
}
inline u64 authenticate_pointer(State& s, u64 pointer, u64 modifier, u64 key) {
    if ((s.enabled_keys >> key & 1) == 0) return pointer;
    return without_code(pointer, modifier, s.keys[key], key == instruction_b || key == data_b);
}
inline u64 generic_code(State& s, u64 value, u64 modifier) {
    return authentication_code(value, modifier, s.keys[generic]) & 0xffff'ffff'0000'0000;
}

/// New random keys: those whose bits are set in `which`.
inline void renew_keys(State& s, u32 which) {
    for (std::size_t number = 0; number < key_count; ++number) {
        if ((which >> number & 1) == 0) continue;
        while (getrandom(&s.keys[number], sizeof s.keys[number], 0) != ssize_t(sizeof s.keys[number])) {}
    }
}

}  // namespace lyrebird::aarch64
