// Zfa: additional floating-point instructions (RISC-V unprivileged 25), for single, half and double precision. (fmvh.x.d and
// fmvp.d.x exist on RV32 only.)
#pragma once

#include "translator/isa/float/convert.hpp"
#include "translator/riscv64/float_meanings.hpp"

namespace lyrebird::riscv64 {

inline constexpr std::array<std::string_view, 32> constant_names{
    "-1.0",   "min", "1.52587890625e-05", "3.0517578125e-05", "0.00390625", "0.0078125", "0.0625", "0.125",
    "0.25",   "0.3125", "0.375", "0.4375", "0.5",   "0.625", "0.75",    "0.875",
    "1.0",    "1.25",   "1.5",   "1.75",   "2.0",   "2.5",   "3.0",     "4.0",
    "8.0",    "16.0",   "128.0", "256.0",  "32768.0", "65536.0", "inf", "nan"};

/// The value of a constant's number in a format (25.1); where 65536 does not fit it is infinity.
template <class F>
constexpr typename F::Bits constant(u8 number) {
    constexpr std::array<double, 32> values{-1.0, 0.0,    0x1p-16, 0x1p-15, 0x1p-8, 0x1p-7, 0.0625,  0.125,  //
                                            0.25, 0.3125, 0.375,   0.4375,  0.5,    0.625,  0.75,    0.875,  //
                                            1.0,  1.25,   1.5,     1.75,    2.0,    2.5,    3.0,     4.0,    //
                                            8.0,  16.0,   128.0,   256.0,   0x1p15, 0x1p16, 0.0,     0.0};
    switch (number) {
        case 1: return F::least_normal;
        case 30: return F::infinity;
        case 31: return F::canonical_nan;
        default: break;
    }
    ieee::Flags none = 0;
    return ieee::convert<F, ieee::F64, ieee::RiscvRules>(std::bit_cast<u64>(values[number]),
                                                         ieee::Rounding::nearest_even, none);
}

/// rd and the number of a constant, in rs1's place.
struct ConstantNumber {
    using Operands = ConstantNumber;
    u8 rd, number;
    constexpr bool operator==(const ConstantNumber&) const = default;
    static constexpr ConstantNumber decode(u32 word) { return {rd_of(word), rs1_of(word)}; }
    static constexpr u32 encode(ConstantNumber o) { return u32(o.rd) << 7 | u32(o.number) << 15; }
    static constexpr void text(auto& t, auto& o) { t.reg(f_names, o.rd), t.comma(), t.word(constant_names, o.number); }
};

template <isa::Text Name, isa::Text Bits, class F>
struct FloatConstant : Instruction<Name, Bits, ConstantNumber> {
    template <Emitter E>
    static constexpr void run(E& e, ConstantNumber o, Here) {
        auto bits = e.imm(constant<F>(o.number));
        set_f(e, o.rd, e.template float_from_bits<isa::FloatValue<E, F>>(bits));
    }
};
template <isa::Text Name, isa::Text Bits, class F, bool Inexact>
struct FloatRound : Instruction<Name, Bits, RoundedUnary<f_names, f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedUnary<f_names, f_names> o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = f<F>(e, o.rs1);
        set_f(e, o.rd, e.float_round(a, mode, Inexact));
    }
};

struct fli_s : FloatConstant<"fli.s", "1111000 00001 ..... 000 ..... 1010011", ieee::F32> {};
struct fminm_s : FloatSelect<"fminm.s", "0010100 ..... ..... 010 ..... 1010011", ieee::F32, operation::float_minimum> {
};
struct fmaxm_s : FloatSelect<"fmaxm.s", "0010100 ..... ..... 011 ..... 1010011", ieee::F32, operation::float_maximum> {
};
struct fround_s : FloatRound<"fround.s", "0100000 00100 ..... ... ..... 1010011", ieee::F32, false> {};
struct froundnx_s : FloatRound<"froundnx.s", "0100000 00101 ..... ... ..... 1010011", ieee::F32, true> {};
struct fleq_s : FloatCompare<"fleq.s", "1010000 ..... ..... 100 ..... 1010011", ieee::F32, operation::float_le_quiet> {
};
struct fltq_s : FloatCompare<"fltq.s", "1010000 ..... ..... 101 ..... 1010011", ieee::F32, operation::float_lt_quiet> {
};

struct fli_h : FloatConstant<"fli.h", "1111010 00001 ..... 000 ..... 1010011", ieee::F16> {};
struct fminm_h : FloatSelect<"fminm.h", "0010110 ..... ..... 010 ..... 1010011", ieee::F16, operation::float_minimum> {
};
struct fmaxm_h : FloatSelect<"fmaxm.h", "0010110 ..... ..... 011 ..... 1010011", ieee::F16, operation::float_maximum> {
};
struct fround_h : FloatRound<"fround.h", "0100010 00100 ..... ... ..... 1010011", ieee::F16, false> {};
struct froundnx_h : FloatRound<"froundnx.h", "0100010 00101 ..... ... ..... 1010011", ieee::F16, true> {};
struct fleq_h : FloatCompare<"fleq.h", "1010010 ..... ..... 100 ..... 1010011", ieee::F16, operation::float_le_quiet> {
};
struct fltq_h : FloatCompare<"fltq.h", "1010010 ..... ..... 101 ..... 1010011", ieee::F16, operation::float_lt_quiet> {
};

struct fli_d : FloatConstant<"fli.d", "1111001 00001 ..... 000 ..... 1010011", ieee::F64> {};
struct fminm_d : FloatSelect<"fminm.d", "0010101 ..... ..... 010 ..... 1010011", ieee::F64, operation::float_minimum> {
};
struct fmaxm_d : FloatSelect<"fmaxm.d", "0010101 ..... ..... 011 ..... 1010011", ieee::F64, operation::float_maximum> {
};
struct fround_d : FloatRound<"fround.d", "0100001 00100 ..... ... ..... 1010011", ieee::F64, false> {};
struct froundnx_d : FloatRound<"froundnx.d", "0100001 00101 ..... ... ..... 1010011", ieee::F64, true> {};
struct fleq_d : FloatCompare<"fleq.d", "1010001 ..... ..... 100 ..... 1010011", ieee::F64, operation::float_le_quiet> {
};
struct fltq_d : FloatCompare<"fltq.d", "1010001 ..... ..... 101 ..... 1010011", ieee::F64, operation::float_lt_quiet> {
};

/// As fcvt.w.d toward zero, but modulo 2^32 (25.4); the mode is part of the encoding and written out.
struct ModularConversion : FloatUnary<x_names, f_names> {
    using Operands = ModularConversion;
    static constexpr ModularConversion decode(u32 word) { return {FloatUnary::decode(word)}; }
    static constexpr u32 encode(ModularConversion o) { return FloatUnary::encode(o); }
    static constexpr void text(auto& t, auto& o) { FloatUnary::text(t, o), t.comma(), t.literal("rtz"); }
};
struct fcvtmod_w_d : Instruction<"fcvtmod.w.d", "1100001 01000 ..... 001 ..... 1010011", ModularConversion> {
    template <Emitter E>
    static constexpr void run(E& e, ModularConversion o, Here) {
        auto a = f<ieee::F64>(e, o.rs1);
        set_x(e, o.rd, e.float_to_int_modular(a));
    }
};

using FloatAdditional = InstructionList<fli_s, fminm_s, fmaxm_s, fround_s, froundnx_s, fleq_s, fltq_s, fli_h, fminm_h,
                 fmaxm_h, fround_h, froundnx_h, fleq_h, fltq_h, fli_d, fminm_d, fmaxm_d, fround_d, froundnx_d, fleq_d,
                 fltq_d, fcvtmod_w_d>;

}  // namespace lyrebird::riscv64
