// C: 16-bit encodings (RISC-V unprivileged 28). Each is decode only: a format takes the halfword apart into the operands of
// the 32-bit instruction that it abbreviates, whose meaning and text it shares. Names are the manual's; reserved encodings are
// refused by `allocated`. The floating-point loads and stores stand in compressed_float.hpp, Zcb in compressed_more.hpp.
#pragma once

#include "translator/riscv64/base.hpp"

namespace lyrebird::riscv64 {

/// A three-bit register field: x8 … x15.
constexpr u8 short_register(u32 word, int low) { return u8(8 + field(word, low, 3)); }
constexpr bool is_short(u8 number) { return number >= 8 && number < 16; }
constexpr u32 put_short(u8 number, int low) { return u32((number - 8) & 7) << low; }

/// An immediate whose bits are scattered: pairs of (place in the word, place in the value), one bit each.
struct BitPlace {
    u8 word, value;
};
template <std::size_t N>
constexpr u32 gather_immediate(u32 word, const BitPlace (&places)[N]) {
    u32 value = 0;
    for (BitPlace place : places) value |= (word >> place.word & 1) << place.value;
    return value;
}
template <std::size_t N>
constexpr u32 scatter_immediate(u32 value, const BitPlace (&places)[N]) {
    u32 word = 0;
    for (BitPlace place : places) word |= (value >> place.value & 1) << place.word;
    return word;
}

// The scattered immediates of the manual's table 28.1 ff., as they stand in bits 12 … 2.
inline constexpr BitPlace immediate_6[]{{12, 5}, {6, 4}, {5, 3}, {4, 2}, {3, 1}, {2, 0}};
inline constexpr BitPlace sp_word[]{{12, 5}, {6, 4}, {5, 3}, {4, 2}, {3, 7}, {2, 6}};
inline constexpr BitPlace sp_double[]{{12, 5}, {6, 4}, {5, 3}, {4, 8}, {3, 7}, {2, 6}};
inline constexpr BitPlace sp_store_word[]{{12, 5}, {11, 4}, {10, 3}, {9, 2}, {8, 7}, {7, 6}};
inline constexpr BitPlace sp_store_double[]{{12, 5}, {11, 4}, {10, 3}, {9, 8}, {8, 7}, {7, 6}};
inline constexpr BitPlace register_word[]{{12, 5}, {11, 4}, {10, 3}, {6, 2}, {5, 6}};
inline constexpr BitPlace register_double[]{{12, 5}, {11, 4}, {10, 3}, {6, 7}, {5, 6}};
inline constexpr BitPlace jump_offset[]{{12, 11}, {11, 4}, {10, 9}, {9, 8}, {8, 10}, {7, 6},
                                        {6, 7},   {5, 3},  {4, 2},  {3, 1}, {2, 5}};
inline constexpr BitPlace branch_offset[]{{12, 8}, {11, 4}, {10, 3}, {6, 7}, {5, 6}, {4, 2}, {3, 1}, {2, 5}};
inline constexpr BitPlace sp_addend_16[]{{12, 9}, {6, 4}, {5, 6}, {4, 8}, {3, 7}, {2, 5}};
inline constexpr BitPlace sp_addend_4[]{{12, 5}, {11, 4}, {10, 9}, {9, 8}, {8, 7}, {7, 6}, {6, 2}, {5, 3}};

/// c.addi4spn rd', nzuimm  →  addi rd', x2, nzuimm
struct CIW {
    using Operands = I;
    static constexpr bool allocated(u32 word) { return gather_immediate(word, sp_addend_4) != 0; }
    static constexpr I decode(u32 word) {
        return {short_register(word, 2), 2, i32(gather_immediate(word, sp_addend_4))};
    }
    static constexpr u32 encode(I o) { return put_short(o.rd, 2) | scatter_immediate(u32(o.imm), sp_addend_4); }
};
/// c.lw rd', imm(rs1')
template <auto& Places>
struct CL {
    using Operands = Load;
    static constexpr Load decode(u32 word) {
        return {{short_register(word, 2), short_register(word, 7), i32(gather_immediate(word, Places))}};
    }
    static constexpr u32 encode(Load o) {
        return put_short(o.rd, 2) | put_short(o.rs1, 7) | scatter_immediate(u32(o.imm), Places);
    }
};
/// c.sw rs2', imm(rs1')
template <auto& Places>
struct CS {
    using Operands = S;
    static constexpr S decode(u32 word) {
        return {short_register(word, 7), short_register(word, 2), i32(gather_immediate(word, Places))};
    }
    static constexpr u32 encode(S o) {
        return put_short(o.rs2, 2) | put_short(o.rs1, 7) | scatter_immediate(u32(o.imm), Places);
    }
};
/// c.addi rd, imm  →  addi rd, rd, imm; `NonZeroRegister`: rd = x0 is reserved (c.addiw).
template <bool NonZeroRegister>
struct CI {
    using Operands = I;
    static constexpr bool allocated(u32 word) { return !NonZeroRegister || rd_of(word) != 0; }
    static constexpr I decode(u32 word) {
        return {rd_of(word), rd_of(word), i32(sign_extend(gather_immediate(word, immediate_6), 6))};
    }
    static constexpr u32 encode(I o) { return u32(o.rd) << 7 | scatter_immediate(u32(o.imm), immediate_6); }
};
/// c.li rd, imm  →  addi rd, x0, imm
struct CLoadImmediate {
    using Operands = I;
    static constexpr I decode(u32 word) {
        return {rd_of(word), 0, i32(sign_extend(gather_immediate(word, immediate_6), 6))};
    }
    static constexpr u32 encode(I o) { return u32(o.rd) << 7 | scatter_immediate(u32(o.imm), immediate_6); }
};
/// c.lui rd, imm  →  lui rd, imm; a zero immediate is reserved; rd = x2 is c.addi16sp.
struct CLoadUpper {
    using Operands = U;
    static constexpr bool allocated(u32 word) { return gather_immediate(word, immediate_6) != 0 && rd_of(word) != 2; }
    static constexpr U decode(u32 word) {
        return {rd_of(word), i32(sign_extend(gather_immediate(word, immediate_6), 6)) * 4096};
    }
    static constexpr u32 encode(U o) { return u32(o.rd) << 7 | scatter_immediate(u32(o.imm) >> 12, immediate_6); }
};
/// c.addi16sp imm  →  addi x2, x2, imm
struct CStackAdjust {
    using Operands = I;
    static constexpr bool allocated(u32 word) { return gather_immediate(word, sp_addend_16) != 0; }
    static constexpr I decode(u32 word) { return {2, 2, i32(sign_extend(gather_immediate(word, sp_addend_16), 10))}; }
    static constexpr u32 encode(I o) { return scatter_immediate(u32(o.imm), sp_addend_16); }
};
/// c.srli rd', amount  →  srli rd', rd', amount
struct CShiftShort {
    using Operands = Shift<6>;
    static constexpr Shift<6> decode(u32 word) {
        u8 rd = short_register(word, 7);
        return {rd, rd, u8(gather_immediate(word, immediate_6))};
    }
    static constexpr u32 encode(Shift<6> o) { return put_short(o.rd, 7) | scatter_immediate(o.amount, immediate_6); }
};
/// c.slli rd, amount  →  slli rd, rd, amount
struct CShift {
    using Operands = Shift<6>;
    static constexpr Shift<6> decode(u32 word) {
        return {rd_of(word), rd_of(word), u8(gather_immediate(word, immediate_6))};
    }
    static constexpr u32 encode(Shift<6> o) { return u32(o.rd) << 7 | scatter_immediate(o.amount, immediate_6); }
};
/// c.andi rd', imm  →  andi rd', rd', imm
struct CAndImmediate {
    using Operands = I;
    static constexpr I decode(u32 word) {
        u8 rd = short_register(word, 7);
        return {rd, rd, i32(sign_extend(gather_immediate(word, immediate_6), 6))};
    }
    static constexpr u32 encode(I o) { return put_short(o.rd, 7) | scatter_immediate(u32(o.imm), immediate_6); }
};
/// c.sub rd', rs2'  →  sub rd', rd', rs2'
struct CA {
    using Operands = R;
    static constexpr R decode(u32 word) {
        return {short_register(word, 7), short_register(word, 7), short_register(word, 2)};
    }
    static constexpr u32 encode(R o) { return put_short(o.rd, 7) | put_short(o.rs2, 2); }
};
/// c.j offset  →  jal x0, offset
struct CJ {
    using Operands = J;
    static constexpr J decode(u32 word) { return {0, i32(sign_extend(gather_immediate(word, jump_offset), 12))}; }
    static constexpr u32 encode(J o) { return scatter_immediate(u32(o.imm), jump_offset); }
};
/// c.beqz rs1', offset  →  beq rs1', x0, offset
struct CB {
    using Operands = B;
    static constexpr B decode(u32 word) {
        return {short_register(word, 7), 0, i32(sign_extend(gather_immediate(word, branch_offset), 9))};
    }
    static constexpr u32 encode(B o) { return put_short(o.rs1, 7) | scatter_immediate(u32(o.imm), branch_offset); }
};
/// c.lwsp rd, imm(x2); rd = x0 is reserved.
template <auto& Places>
struct CLoadStack {
    using Operands = Load;
    static constexpr bool allocated(u32 word) { return rd_of(word) != 0; }
    static constexpr Load decode(u32 word) { return {{rd_of(word), 2, i32(gather_immediate(word, Places))}}; }
    static constexpr u32 encode(Load o) { return u32(o.rd) << 7 | scatter_immediate(u32(o.imm), Places); }
};
/// c.swsp rs2, imm(x2)
template <auto& Places>
struct CStoreStack {
    using Operands = S;
    static constexpr S decode(u32 word) { return {2, field(word, 2, 5), i32(gather_immediate(word, Places))}; }
    static constexpr u32 encode(S o) { return u32(o.rs2) << 2 | scatter_immediate(u32(o.imm), Places); }
};
/// c.jr rs1  →  jalr Link, 0(rs1); rs1 = x0 is reserved (c.jr) or c.ebreak.
template <u8 Link>
struct CJumpRegister {
    using Operands = Load;
    static constexpr bool allocated(u32 word) { return rd_of(word) != 0; }
    static constexpr Load decode(u32 word) { return {{Link, rd_of(word), 0}}; }
    static constexpr u32 encode(Load o) { return u32(o.rs1) << 7; }
};
/// c.mv rd, rs2  →  add rd, x0, rs2; c.add rd, rs2  →  add rd, rd, rs2. rs2 = x0 is c.jr and c.jalr.
template <bool Adds>
struct CR {
    using Operands = R;
    static constexpr bool allocated(u32 word) { return field(word, 2, 5) != 0; }
    static constexpr R decode(u32 word) { return {rd_of(word), Adds ? rd_of(word) : u8(0), field(word, 2, 5)}; }
    static constexpr u32 encode(R o) { return u32(o.rd) << 7 | u32(o.rs2) << 2; }
};
struct CNothing {
    using Operands = Nothing;
    static constexpr Nothing decode(u32) { return {}; }
    static constexpr u32 encode(Nothing) { return 0; }
};

struct c_addi4spn : Compressed<"c.addi4spn", "000 ........ ... 00", CIW, addi> {};
struct c_lw : Compressed<"c.lw", "010 ... ... .. ... 00", CL<register_word>, lw> {};
struct c_ld : Compressed<"c.ld", "011 ... ... .. ... 00", CL<register_double>, ld> {};
struct c_sw : Compressed<"c.sw", "110 ... ... .. ... 00", CS<register_word>, sw> {};
struct c_sd : Compressed<"c.sd", "111 ... ... .. ... 00", CS<register_double>, sd> {};
struct c_addi : Compressed<"c.addi", "000 . ..... ..... 01", CI<false>, addi> {};
struct c_addiw : Compressed<"c.addiw", "001 . ..... ..... 01", CI<true>, addiw> {};
struct c_li : Compressed<"c.li", "010 . ..... ..... 01", CLoadImmediate, addi> {};
struct c_lui : Compressed<"c.lui", "011 . ..... ..... 01", CLoadUpper, lui> {};
struct c_addi16sp : Compressed<"c.addi16sp", "011 . 00010 ..... 01", CStackAdjust, addi> {};
struct c_srli : Compressed<"c.srli", "100 . 00 ... ..... 01", CShiftShort, srli> {};
struct c_srai : Compressed<"c.srai", "100 . 01 ... ..... 01", CShiftShort, srai> {};
struct c_andi : Compressed<"c.andi", "100 . 10 ... ..... 01", CAndImmediate, andi> {};
struct c_sub : Compressed<"c.sub", "100 0 11 ... 00 ... 01", CA, sub> {};
struct c_xor : Compressed<"c.xor", "100 0 11 ... 01 ... 01", CA, xor_> {};
struct c_or : Compressed<"c.or", "100 0 11 ... 10 ... 01", CA, or_> {};
struct c_and : Compressed<"c.and", "100 0 11 ... 11 ... 01", CA, and_> {};
struct c_subw : Compressed<"c.subw", "100 1 11 ... 00 ... 01", CA, subw> {};
struct c_addw : Compressed<"c.addw", "100 1 11 ... 01 ... 01", CA, addw> {};
struct c_j : Compressed<"c.j", "101 ........... 01", CJ, jal> {};
struct c_beqz : Compressed<"c.beqz", "110 ... ... ..... 01", CB, beq> {};
struct c_bnez : Compressed<"c.bnez", "111 ... ... ..... 01", CB, bne> {};
struct c_slli : Compressed<"c.slli", "000 . ..... ..... 10", CShift, slli> {};
struct c_lwsp : Compressed<"c.lwsp", "010 . ..... ..... 10", CLoadStack<sp_word>, lw> {};
struct c_ldsp : Compressed<"c.ldsp", "011 . ..... ..... 10", CLoadStack<sp_double>, ld> {};
struct c_jr : Compressed<"c.jr", "100 0 ..... 00000 10", CJumpRegister<0>, jalr> {};
struct c_mv : Compressed<"c.mv", "100 0 ..... ..... 10", CR<false>, add> {};
struct c_ebreak : Compressed<"c.ebreak", "100 1 00000 00000 10", CNothing, ebreak> {};
struct c_jalr : Compressed<"c.jalr", "100 1 ..... 00000 10", CJumpRegister<1>, jalr> {};
struct c_add : Compressed<"c.add", "100 1 ..... ..... 10", CR<true>, add> {};
struct c_swsp : Compressed<"c.swsp", "110 ...... ..... 10", CStoreStack<sp_store_word>, sw> {};
struct c_sdsp : Compressed<"c.sdsp", "111 ...... ..... 10", CStoreStack<sp_store_double>, sd> {};

using CompressedBase =
    InstructionList<c_addi4spn, c_lw, c_ld, c_sw, c_sd, c_addi, c_addiw, c_li, c_lui, c_addi16sp, c_srli, c_srai,
                    c_andi, c_sub, c_xor, c_or, c_and, c_subw, c_addw, c_j, c_beqz, c_bnez, c_slli, c_lwsp, c_ldsp,
                    c_jr, c_mv, c_ebreak, c_jalr, c_add, c_swsp, c_sdsp>;

}  // namespace lyrebird::riscv64
