// The CRC32 checksums (Arm ARM C6.2.72 …): the polynomials 0x04c11db7 and, for the Castagnoli forms, 0x1edc6f41, reflected,
// without inversion before or after.
#pragma once

#include <array>

#include "runtime/base/ints.hpp"

namespace lyrebird::aarch64 {

template <bool Castagnoli>
inline constexpr auto crc32_table = [] {
    constexpr u32 reflected = Castagnoli ? 0x82f6'3b78 : 0xedb8'8320;
    std::array<u32, 256> table{};
    for (u32 byte = 0; byte < 256; ++byte) {
        u32 sum = byte;
        for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? reflected : 0);
        table[byte] = sum;
    }
    return table;
}();

/// The checksum `sum` after the low `Bytes` bytes of `data`, lowest first.
template <int Bytes, bool Castagnoli>
constexpr u64 crc32(u64 sum, u64 data) {
    u32 rest = u32(sum);
    for (int byte = 0; byte < Bytes; ++byte, data >>= 8)
        rest = rest >> 8 ^ crc32_table<Castagnoli>[(rest ^ data) & 255];
    return rest;
}

}  // namespace lyrebird::aarch64
