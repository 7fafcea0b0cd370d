// Zcb: more 16-bit encodings (RISC-V unprivileged 29.4), decode only as all compressed forms are.
#pragma once

#include "translator/riscv64/bitmanip.hpp"
#include "translator/riscv64/compressed.hpp"
#include "translator/riscv64/multiply.hpp"

namespace lyrebird::riscv64 {

inline constexpr BitPlace byte_offset[]{{6, 0}, {5, 1}};
inline constexpr BitPlace half_offset[]{{5, 1}};

/// c.zext.b rd' and its like: an operation of one register on itself, `Fixed` being what the long form has besides.
template <i32 Fixed>
struct CUnaryImmediate {
    using Operands = I;
    static constexpr I decode(u32 word) {
        u8 rd = short_register(word, 7);
        return {rd, rd, Fixed};
    }
    static constexpr u32 encode(I o) { return put_short(o.rd, 7); }
};
struct CUnary {
    using Operands = R1;
    static constexpr R1 decode(u32 word) { return {short_register(word, 7), short_register(word, 7)}; }
    static constexpr u32 encode(R1 o) { return put_short(o.rd, 7); }
};
/// c.zext.w rd'  →  add.uw rd', rd', x0
struct CUnaryWithZero {
    using Operands = R;
    static constexpr R decode(u32 word) { return {short_register(word, 7), short_register(word, 7), 0}; }
    static constexpr u32 encode(R o) { return put_short(o.rd, 7); }
};

struct c_lbu : Compressed<"c.lbu", "100 000 ... .. ... 00", CL<byte_offset>, lbu> {};
struct c_lhu : Compressed<"c.lhu", "100 001 ... 0 . ... 00", CL<half_offset>, lhu> {};
struct c_lh : Compressed<"c.lh", "100 001 ... 1 . ... 00", CL<half_offset>, lh> {};
struct c_sb : Compressed<"c.sb", "100 010 ... .. ... 00", CS<byte_offset>, sb> {};
struct c_sh : Compressed<"c.sh", "100 011 ... 0 . ... 00", CS<half_offset>, sh> {};
struct c_zext_b : Compressed<"c.zext.b", "100 111 ... 11 000 01", CUnaryImmediate<255>, andi> {};
struct c_sext_b : Compressed<"c.sext.b", "100 111 ... 11 001 01", CUnary, sext_b> {};
struct c_zext_h : Compressed<"c.zext.h", "100 111 ... 11 010 01", CUnary, zext_h> {};
struct c_sext_h : Compressed<"c.sext.h", "100 111 ... 11 011 01", CUnary, sext_h> {};
struct c_zext_w : Compressed<"c.zext.w", "100 111 ... 11 100 01", CUnaryWithZero, add_uw> {};
struct c_not : Compressed<"c.not", "100 111 ... 11 101 01", CUnaryImmediate<-1>, xori> {};
struct c_mul : Compressed<"c.mul", "100 111 ... 10 ... 01", CA, mul> {};

using CompressedMore =
    InstructionList<c_lbu, c_lhu, c_lh, c_sb, c_sh, c_zext_b, c_sext_b, c_zext_h, c_sext_h, c_zext_w, c_not, c_mul>;

}  // namespace lyrebird::riscv64
