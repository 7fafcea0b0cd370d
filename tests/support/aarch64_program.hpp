// The memory of the programs that run AArch64 sequences (aarch64_sequence.hpp), and what the other machine is able to run.
#pragma once

#include "runtime/base/ints.hpp"

namespace lyrebird::test::program {

inline constexpr u64 code_base = 0x100'0000;
inline constexpr u64 scratch_base = 0x400'0000;
inline constexpr u64 scratch_size = 4160;
inline constexpr u64 middle = scratch_base + 2048;  // sp and x28
inline constexpr u64 spill = scratch_base + scratch_size;
inline constexpr u64 records_base = scratch_base + 0x2000;

/// True for instructions that qemu 7.2 does not have, FEAT_CSSC and FEAT_MOPS; and for those of FEAT_PAuth, which the processor that it
/// shows has and ours has not.
constexpr bool lacks(u32 word) {
    bool one_source = (word & 0x7fff'e000) == 0x5ac0'2000 || (word & 0x7fff'f800) == 0x5ac0'1800;
    bool cssc = one_source || (word & 0x7fe0'f000) == 0x1ac0'6000 || (word & 0x7ff0'0000) == 0x11c0'0000;
    bool pauth = (word & 0xffff'0000) == 0xdac1'0000 || (word & 0xffe0'fc00) == 0x9ac0'3000 || (word & 0xff20'0400) == 0xf820'0400;
    bool mops = (word & 0xfb00'0c00) == 0x1900'0400;
    return cssc || mops || pauth;
}

}  // namespace lyrebird::test::program
