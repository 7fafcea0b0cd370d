// A handful of A64 encodings by number, for test programs that must not depend on the assembler under test. Registers are 0 …
// 31; names in the functions are those of the Arm ARM.
#pragma once

#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::test::a64 {

// C6.2: offsets are in bytes, and multiples of the access's size.
constexpr u32 ldr_x(u32 t, u32 n, u32 offset) { return 0xf940'0000 | offset / 8 << 10 | n << 5 | t; }
constexpr u32 str_x(u32 t, u32 n, u32 offset) { return 0xf900'0000 | offset / 8 << 10 | n << 5 | t; }
constexpr u32 ldr_q(u32 t, u32 n, u32 offset) { return 0x3dc0'0000 | offset / 16 << 10 | n << 5 | t; }
constexpr u32 str_q(u32 t, u32 n, u32 offset) { return 0x3d80'0000 | offset / 16 << 10 | n << 5 | t; }
/// Stores and moves the base on by 8; loads likewise.
constexpr u32 str_x_post(u32 t, u32 n) { return 0xf800'8400 | n << 5 | t; }
constexpr u32 ldr_x_post(u32 t, u32 n) { return 0xf840'8400 | n << 5 | t; }

constexpr u32 movz(u32 d, u32 value, u32 half) { return 0xd280'0000 | half << 21 | value << 5 | d; }
constexpr u32 movk(u32 d, u32 value, u32 half) { return 0xf280'0000 | half << 21 | value << 5 | d; }
constexpr u32 mov_x(u32 d, u32 m) { return 0xaa00'03e0 | m << 16 | d; }  // neither is SP
/// Register 31 is SP in these three.
constexpr u32 add_imm(u32 d, u32 n, u32 value) { return 0x9100'0000 | value << 10 | n << 5 | d; }
constexpr u32 add_imm_shifted(u32 d, u32 n, u32 value) { return 0x9140'0000 | value << 10 | n << 5 | d; }
constexpr u32 sub_imm(u32 d, u32 n, u32 value) { return 0xd100'0000 | value << 10 | n << 5 | d; }
constexpr u32 sub_imm_shifted(u32 d, u32 n, u32 value) { return 0xd140'0000 | value << 10 | n << 5 | d; }
constexpr u32 subs_imm(u32 d, u32 n, u32 value) { return 0xf100'0000 | value << 10 | n << 5 | d; }
constexpr u32 add_x(u32 d, u32 n, u32 m) { return 0x8b00'0000 | m << 16 | n << 5 | d; }
constexpr u32 mul_x(u32 d, u32 n, u32 m) { return 0x9b00'7c00 | m << 16 | n << 5 | d; }
constexpr u32 subs_x(u32 d, u32 n, u32 m) { return 0xeb00'0000 | m << 16 | n << 5 | d; }
constexpr u32 eor_lsl(u32 d, u32 n, u32 m, u32 amount) { return 0xca00'0000 | m << 16 | amount << 10 | n << 5 | d; }
constexpr u32 eor_lsr(u32 d, u32 n, u32 m, u32 amount) { return 0xca40'0000 | m << 16 | amount << 10 | n << 5 | d; }

// Branches: offsets are in bytes from the instruction.
constexpr u32 b(i64 offset) { return 0x1400'0000 | (u32(offset / 4) & 0x3ff'ffff); }
constexpr u32 bl(i64 offset) { return 0x9400'0000 | (u32(offset / 4) & 0x3ff'ffff); }
constexpr u32 b_cond(u32 condition, i64 offset) { return 0x5400'0000 | (u32(offset / 4) & 0x7'ffff) << 5 | condition; }
constexpr u32 cbz(bool wide, bool non_zero, u32 t, i64 offset) {
    return 0x3400'0000 | u32(wide) << 31 | u32(non_zero) << 24 | (u32(offset / 4) & 0x7'ffff) << 5 | t;
}
constexpr u32 tbz(u32 bit, bool non_zero, u32 t, i64 offset) {
    return 0x3600'0000 | bit >> 5 << 31 | u32(non_zero) << 24 | (bit & 31) << 19 | (u32(offset / 4) & 0x3fff) << 5 | t;
}
constexpr u32 adr(u32 d, i64 offset) {
    return 0x1000'0000 | (u32(offset) & 3) << 29 | (u32(offset >> 2) & 0x7'ffff) << 5 | d;
}
constexpr u32 br(u32 n) { return 0xd61f'0000 | n << 5; }
constexpr u32 blr(u32 n) { return 0xd63f'0000 | n << 5; }
constexpr u32 ret(u32 n) { return 0xd65f'0000 | n << 5; }
constexpr u32 svc() { return 0xd400'0001; }

// System registers.
constexpr u32 nzcv = 0x4200, fpcr = 0x4400, fpsr = 0x4420, tpidr = 0xd040;
constexpr u32 msr(u32 name, u32 t) { return 0xd51b'0000 | name | t; }
constexpr u32 mrs(u32 t, u32 name) { return 0xd53b'0000 | name | t; }

/// Any number into a register, as short as can be.
inline void load_number(std::vector<u32>& words, u32 d, u64 value) {
    words.push_back(movz(d, u32(value & 0xffff), 0));
    for (u32 half = 1; half < 4; ++half) {
        if (u32 part = u32(value >> (16 * half) & 0xffff)) words.push_back(movk(d, part, half));
    }
}

/// A register (or SP) plus an offset of less than 2^24 in size, into another.
inline void add_offset(std::vector<u32>& words, u32 d, u32 n, i64 offset) {
    u32 size = u32(offset < 0 ? -offset : offset);
    words.push_back(offset < 0 ? sub_imm(d, n, size & 0xfff) : add_imm(d, n, size & 0xfff));
    if (size >> 12 != 0) words.push_back(offset < 0 ? sub_imm_shifted(d, d, size >> 12) : add_imm_shifted(d, d, size >> 12));
}

}  // namespace lyrebird::test::a64
