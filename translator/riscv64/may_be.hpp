// Zimop and Zcmop: may-be-operations (RISC-V unprivileged 10, 11). Until another extension gives them a meaning they
// write zero to rd, or, in the compressed form, do nothing. Their number stands last among the operands ("mop.r x5, x6,
// 28").
#pragma once

#include "translator/riscv64/access.hpp"
#include "translator/riscv64/formats.hpp"

namespace lyrebird::riscv64 {

/// rd, rs1, number 0 … 31
struct MayBe1 {
    using Operands = MayBe1;
    u8 rd, rs1, number;
    constexpr bool operator==(const MayBe1&) const = default;
    static constexpr MayBe1 decode(u32 word) {
        return {rd_of(word), rs1_of(word), u8(bits(word, 30, 1) << 4 | bits(word, 26, 2) << 2 | bits(word, 20, 2))};
    }
    static constexpr u32 encode(MayBe1 o) {
        u32 number = o.number;
        return u32(o.rd) << 7 | u32(o.rs1) << 15 | bits(number, 4, 1) << 30 | bits(number, 2, 2) << 26 |
               bits(number, 0, 2) << 20;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs1), t.comma(), t.number(o.number);
    }
};
/// rd, rs1, rs2, number 0 … 7
struct MayBe2 {
    using Operands = MayBe2;
    u8 rd, rs1, rs2, number;
    constexpr bool operator==(const MayBe2&) const = default;
    static constexpr MayBe2 decode(u32 word) {
        return {rd_of(word), rs1_of(word), rs2_of(word), u8(bits(word, 30, 1) << 2 | bits(word, 26, 2))};
    }
    static constexpr u32 encode(MayBe2 o) {
        u32 number = o.number;
        return R::encode({o.rd, o.rs1, o.rs2}) | bits(number, 2, 1) << 30 | bits(number, 0, 2) << 26;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs1), t.comma(), t.reg(x_names, o.rs2), t.comma(),
            t.number(o.number);
    }
};
/// number 1, 3 … 15
struct CMayBe {
    using Operands = CMayBe;
    u8 number;
    constexpr bool operator==(const CMayBe&) const = default;
    static constexpr CMayBe decode(u32 word) { return {u8(2 * bits(word, 8, 3) + 1)}; }
    static constexpr u32 encode(CMayBe o) { return bits(o.number, 1, 3) << 8; }
    static constexpr void text(auto& t, auto& o) { t.number(o.number); }
};

struct mop_r : Instruction<"mop.r", "1.00..0111.. ..... 100 ..... 1110011", MayBe1> {
    template <Emitter E>
    static constexpr void run(E& e, MayBe1 o, Here) {
        set_x(e, o.rd, e.imm(0));
    }
};
struct mop_rr : Instruction<"mop.rr", "1.00..1 ..... ..... 100 ..... 1110011", MayBe2> {
    template <Emitter E>
    static constexpr void run(E& e, MayBe2 o, Here) {
        set_x(e, o.rd, e.imm(0));
    }
};
struct c_mop : Instruction<"c.mop", "011 0 0...1 00000 01", CMayBe> {
    template <Emitter E>
    static constexpr void run(E&, CMayBe, Here) {}
};

using MayBe = InstructionList<mop_r, mop_rr, c_mop>;

}  // namespace lyrebird::riscv64
