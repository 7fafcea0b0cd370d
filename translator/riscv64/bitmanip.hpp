// Zba, Zbb, Zbc, Zbs: address generation, basic bit manipulation, carry-less multiplication, single bits
// (RISC-V unprivileged 30).
#pragma once

#include "translator/riscv64/base.hpp"

namespace lyrebird::riscv64 {

namespace operation {
template <int Amount>
inline constexpr auto shift_and_add = [](auto& e, auto a, auto b) { return e.add(b, e.shl(a, e.imm(Amount))); };
template <int Amount>
inline constexpr auto shift_low_and_add = [](auto& e, auto a, auto b) {
    auto low = e.template zext_from<32>(a);
    return e.add(b, Amount == 0 ? low : e.shl(low, e.imm(Amount)));
};
inline constexpr auto and_not = [](auto& e, auto a, auto b) { return e.and_(a, e.not_(b)); };
inline constexpr auto or_not = [](auto& e, auto a, auto b) { return e.or_(a, e.not_(b)); };
inline constexpr auto xor_not = [](auto& e, auto a, auto b) { return e.not_(e.xor_(a, b)); };
inline constexpr auto rol = [](auto& e, auto a, auto b) { return e.ror(a, e.neg(b)); };
inline constexpr auto min_s = [](auto& e, auto a, auto b) { return e.select(e.lt_s(a, b), a, b); };
inline constexpr auto min_u = [](auto& e, auto a, auto b) { return e.select(e.lt_u(a, b), a, b); };
inline constexpr auto max_s = [](auto& e, auto a, auto b) { return e.select(e.lt_s(a, b), b, a); };
inline constexpr auto max_u = [](auto& e, auto a, auto b) { return e.select(e.lt_u(a, b), b, a); };
inline constexpr auto clmul = [](auto& e, auto a, auto b) { return e.carryless_mul(a, b); };
inline constexpr auto clmulh = [](auto& e, auto a, auto b) { return e.carryless_mul_high(a, b); };
/// Bits 126 … 63 of the product.
inline constexpr auto clmulr = [](auto& e, auto a, auto b) {
    auto low = e.carryless_mul(a, b);
    auto high = e.carryless_mul_high(a, b);
    auto upper = e.shl(high, e.imm(1));
    return e.or_(upper, e.shr(low, e.imm(63)));
};
inline constexpr auto bit_clear = [](auto& e, auto a, auto b) { return e.and_(a, e.not_(e.shl(e.imm(1), b))); };
inline constexpr auto bit_set = [](auto& e, auto a, auto b) { return e.or_(a, e.shl(e.imm(1), b)); };
inline constexpr auto bit_invert = [](auto& e, auto a, auto b) { return e.xor_(a, e.shl(e.imm(1), b)); };
inline constexpr auto bit_extract = [](auto& e, auto a, auto b) {
    auto shifted = e.shr(a, b);
    return e.and_(shifted, e.imm(1));
};

inline constexpr auto clz = [](auto& e, auto a) { return e.clz(a); };
inline constexpr auto ctz = [](auto& e, auto a) { return e.ctz(a); };
inline constexpr auto popcount = [](auto& e, auto a) { return e.popcount(a); };
inline constexpr auto reverse_bytes = [](auto& e, auto a) { return e.reverse_bytes(a); };
inline constexpr auto sext_byte = [](auto& e, auto a) { return e.template sext_from<8>(a); };
inline constexpr auto sext_half = [](auto& e, auto a) { return e.template sext_from<16>(a); };
inline constexpr auto zext_half = [](auto& e, auto a) { return e.template zext_from<16>(a); };
/// Each byte that is not zero becomes 0xff: its top bit is found by a carry that cannot leave the byte, then spread.
inline constexpr auto or_combine_bytes = [](auto& e, auto a) {
    auto low_bits = e.imm(0x7f7f'7f7f'7f7f'7f7f);
    auto found = e.or_(e.add(e.and_(a, low_bits), low_bits), a);
    auto top = e.and_(found, e.imm(0x8080'8080'8080'8080));
    return e.or_(top, e.sub(top, e.shr(top, e.imm(7))));
};
}  // namespace operation

template <isa::Text Name, isa::Text Bits, auto Operation>
struct Unary : Instruction<Name, Bits, R1> {
    template <Emitter E>
    static constexpr void run(E& e, R1 o, Here) {
        auto a = x(e, o.rs1);
        set_x(e, o.rd, Operation(e, a));
    }
};
template <isa::Text Name, isa::Text Bits, auto Operation>
struct UnaryW : Instruction<Name, Bits, R1> {
    template <Emitter E>
    static constexpr void run(E& e, R1 o, Here) {
        auto a = w(e, o.rs1);
        set_w(e, o.rd, Operation(e, a));
    }
};

// Zba (30.4.1)
struct add_uw : Combine<"add.uw", "0000100 ..... ..... 000 ..... 0111011", operation::shift_low_and_add<0>> {};
struct sh1add : Combine<"sh1add", "0010000 ..... ..... 010 ..... 0110011", operation::shift_and_add<1>> {};
struct sh2add : Combine<"sh2add", "0010000 ..... ..... 100 ..... 0110011", operation::shift_and_add<2>> {};
struct sh3add : Combine<"sh3add", "0010000 ..... ..... 110 ..... 0110011", operation::shift_and_add<3>> {};
struct sh1add_uw : Combine<"sh1add.uw", "0010000 ..... ..... 010 ..... 0111011", operation::shift_low_and_add<1>> {};
struct sh2add_uw : Combine<"sh2add.uw", "0010000 ..... ..... 100 ..... 0111011", operation::shift_low_and_add<2>> {};
struct sh3add_uw : Combine<"sh3add.uw", "0010000 ..... ..... 110 ..... 0111011", operation::shift_low_and_add<3>> {};
struct slli_uw : Instruction<"slli.uw", "000010 ...... ..... 001 ..... 0011011", Shift<6>> {
    template <Emitter E>
    static constexpr void run(E& e, Shift<6> o, Here) {
        auto a = x(e, o.rs1);
        auto low = e.template zext_from<32>(a);
        set_x(e, o.rd, e.shl(low, e.imm(o.amount)));
    }
};
using AddressGeneration = InstructionList<add_uw, sh1add, sh2add, sh3add, sh1add_uw, sh2add_uw, sh3add_uw, slli_uw>;

// Zbb (30.4.2)
struct andn : Combine<"andn", "0100000 ..... ..... 111 ..... 0110011", operation::and_not> {};
struct orn : Combine<"orn", "0100000 ..... ..... 110 ..... 0110011", operation::or_not> {};
struct xnor : Combine<"xnor", "0100000 ..... ..... 100 ..... 0110011", operation::xor_not> {};
struct clz : Unary<"clz", "0110000 00000 ..... 001 ..... 0010011", operation::clz> {};
struct ctz : Unary<"ctz", "0110000 00001 ..... 001 ..... 0010011", operation::ctz> {};
struct cpop : Unary<"cpop", "0110000 00010 ..... 001 ..... 0010011", operation::popcount> {};
struct clzw : UnaryW<"clzw", "0110000 00000 ..... 001 ..... 0011011", operation::clz> {};
struct ctzw : UnaryW<"ctzw", "0110000 00001 ..... 001 ..... 0011011", operation::ctz> {};
struct cpopw : UnaryW<"cpopw", "0110000 00010 ..... 001 ..... 0011011", operation::popcount> {};
struct max : Combine<"max", "0000101 ..... ..... 110 ..... 0110011", operation::max_s> {};
struct maxu : Combine<"maxu", "0000101 ..... ..... 111 ..... 0110011", operation::max_u> {};
struct min : Combine<"min", "0000101 ..... ..... 100 ..... 0110011", operation::min_s> {};
struct minu : Combine<"minu", "0000101 ..... ..... 101 ..... 0110011", operation::min_u> {};
struct sext_b : Unary<"sext.b", "0110000 00100 ..... 001 ..... 0010011", operation::sext_byte> {};
struct sext_h : Unary<"sext.h", "0110000 00101 ..... 001 ..... 0010011", operation::sext_half> {};
struct zext_h : Unary<"zext.h", "0000100 00000 ..... 100 ..... 0111011", operation::zext_half> {};
struct rol : Combine<"rol", "0110000 ..... ..... 001 ..... 0110011", operation::rol> {};
struct rolw : CombineW<"rolw", "0110000 ..... ..... 001 ..... 0111011", operation::rol> {};
struct ror : Combine<"ror", "0110000 ..... ..... 101 ..... 0110011", operation::ror> {};
struct rorw : CombineW<"rorw", "0110000 ..... ..... 101 ..... 0111011", operation::ror> {};
struct rori : ShiftBy<"rori", "011000 ...... ..... 101 ..... 0010011", operation::ror> {};
struct roriw : ShiftByW<"roriw", "0110000 ..... ..... 101 ..... 0011011", operation::ror> {};
struct orc_b : Unary<"orc.b", "0010100 00111 ..... 101 ..... 0010011", operation::or_combine_bytes> {};
struct rev8 : Unary<"rev8", "0110101 11000 ..... 101 ..... 0010011", operation::reverse_bytes> {};
using BasicBits = InstructionList<andn, orn, xnor, clz, ctz, cpop, clzw, ctzw, cpopw, max, maxu, min, minu, sext_b,
                                  sext_h, zext_h, rol, rolw, ror, rorw, rori, roriw, orc_b, rev8>;

// Zbc (30.4.3)
struct clmul : Combine<"clmul", "0000101 ..... ..... 001 ..... 0110011", operation::clmul> {};
struct clmulr : Combine<"clmulr", "0000101 ..... ..... 010 ..... 0110011", operation::clmulr> {};
struct clmulh : Combine<"clmulh", "0000101 ..... ..... 011 ..... 0110011", operation::clmulh> {};
using CarrylessMultiply = InstructionList<clmul, clmulr, clmulh>;

// Zbs (30.4.4)
struct bclr : Combine<"bclr", "0100100 ..... ..... 001 ..... 0110011", operation::bit_clear> {};
struct bclri : ShiftBy<"bclri", "010010 ...... ..... 001 ..... 0010011", operation::bit_clear> {};
struct bext : Combine<"bext", "0100100 ..... ..... 101 ..... 0110011", operation::bit_extract> {};
struct bexti : ShiftBy<"bexti", "010010 ...... ..... 101 ..... 0010011", operation::bit_extract> {};
struct binv : Combine<"binv", "0110100 ..... ..... 001 ..... 0110011", operation::bit_invert> {};
struct binvi : ShiftBy<"binvi", "011010 ...... ..... 001 ..... 0010011", operation::bit_invert> {};
struct bset : Combine<"bset", "0010100 ..... ..... 001 ..... 0110011", operation::bit_set> {};
struct bseti : ShiftBy<"bseti", "001010 ...... ..... 001 ..... 0010011", operation::bit_set> {};
using SingleBits = InstructionList<bclr, bclri, bext, bexti, binv, binvi, bset, bseti>;

using BitManipulation = isa::Join<AddressGeneration, BasicBits, CarrylessMultiply, SingleBits>;

}  // namespace lyrebird::riscv64
