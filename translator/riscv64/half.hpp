// Zfh: half precision (RISC-V unprivileged 24); Zfhmin is the part of it that loads, stores, moves and converts.
#pragma once

#include "translator/riscv64/float_meanings.hpp"

namespace lyrebird::riscv64 {

struct flh : FloatLoadOf<"flh", "............ ..... 001 ..... 0000111", ieee::F16> {};
struct fsh : FloatStoreOf<"fsh", "....... ..... ..... 001 ..... 0100111", ieee::F16> {};

struct fmadd_h : FloatMultiplyAdd<"fmadd.h", "..... 10 ..... ..... ... ..... 1000011", ieee::F16, false, false> {};
struct fmsub_h : FloatMultiplyAdd<"fmsub.h", "..... 10 ..... ..... ... ..... 1000111", ieee::F16, false, true> {};
struct fnmsub_h : FloatMultiplyAdd<"fnmsub.h", "..... 10 ..... ..... ... ..... 1001011", ieee::F16, true, false> {};
struct fnmadd_h : FloatMultiplyAdd<"fnmadd.h", "..... 10 ..... ..... ... ..... 1001111", ieee::F16, true, true> {};
struct fadd_h : FloatArithmetic<"fadd.h", "0000010 ..... ..... ... ..... 1010011", ieee::F16, operation::float_add> {};
struct fsub_h : FloatArithmetic<"fsub.h", "0000110 ..... ..... ... ..... 1010011", ieee::F16, operation::float_sub> {};
struct fmul_h : FloatArithmetic<"fmul.h", "0001010 ..... ..... ... ..... 1010011", ieee::F16, operation::float_mul> {};
struct fdiv_h : FloatArithmetic<"fdiv.h", "0001110 ..... ..... ... ..... 1010011", ieee::F16, operation::float_div> {};
struct fsqrt_h : FloatSquareRoot<"fsqrt.h", "0101110 00000 ..... ... ..... 1010011", ieee::F16> {};

struct fsgnj_h
    : FloatSelect<"fsgnj.h", "0010010 ..... ..... 000 ..... 1010011", ieee::F16, operation::float_copy_sign> {};
struct fsgnjn_h
    : FloatSelect<"fsgnjn.h", "0010010 ..... ..... 001 ..... 1010011", ieee::F16, operation::float_copy_opposite> {};
struct fsgnjx_h
    : FloatSelect<"fsgnjx.h", "0010010 ..... ..... 010 ..... 1010011", ieee::F16, operation::float_xor_sign> {};
struct fmin_h : FloatSelect<"fmin.h", "0010110 ..... ..... 000 ..... 1010011", ieee::F16, operation::float_min> {};
struct fmax_h : FloatSelect<"fmax.h", "0010110 ..... ..... 001 ..... 1010011", ieee::F16, operation::float_max> {};
struct feq_h : FloatCompare<"feq.h", "1010010 ..... ..... 010 ..... 1010011", ieee::F16, operation::float_eq> {};
struct flt_h : FloatCompare<"flt.h", "1010010 ..... ..... 001 ..... 1010011", ieee::F16, operation::float_lt> {};
struct fle_h : FloatCompare<"fle.h", "1010010 ..... ..... 000 ..... 1010011", ieee::F16, operation::float_le> {};
struct fclass_h : FloatClass<"fclass.h", "1110010 00000 ..... 001 ..... 1010011", ieee::F16> {};

struct fmv_x_h : FloatToBits<"fmv.x.h", "1110010 00000 ..... 000 ..... 1010011", ieee::F16> {};
struct fmv_h_x : FloatFromBits<"fmv.h.x", "1111010 00000 ..... 000 ..... 1010011", ieee::F16> {};
struct fcvt_w_h : FloatToInteger<"fcvt.w.h", "1100010 00000 ..... ... ..... 1010011", i32, ieee::F16> {};
struct fcvt_wu_h : FloatToInteger<"fcvt.wu.h", "1100010 00001 ..... ... ..... 1010011", u32, ieee::F16> {};
struct fcvt_l_h : FloatToInteger<"fcvt.l.h", "1100010 00010 ..... ... ..... 1010011", i64, ieee::F16> {};
struct fcvt_lu_h : FloatToInteger<"fcvt.lu.h", "1100010 00011 ..... ... ..... 1010011", u64, ieee::F16> {};
struct fcvt_h_w : FloatFromInteger<"fcvt.h.w", "1101010 00000 ..... ... ..... 1010011", ieee::F16, i32> {};
struct fcvt_h_wu : FloatFromInteger<"fcvt.h.wu", "1101010 00001 ..... ... ..... 1010011", ieee::F16, u32> {};
struct fcvt_h_l : FloatFromInteger<"fcvt.h.l", "1101010 00010 ..... ... ..... 1010011", ieee::F16, i64> {};
struct fcvt_h_lu : FloatFromInteger<"fcvt.h.lu", "1101010 00011 ..... ... ..... 1010011", ieee::F16, u64> {};
struct fcvt_s_h : FloatConvert<"fcvt.s.h", "0100000 00010 ..... ... ..... 1010011", ieee::F32, ieee::F16> {};
struct fcvt_h_s : FloatConvert<"fcvt.h.s", "0100010 00000 ..... ... ..... 1010011", ieee::F16, ieee::F32> {};
struct fcvt_d_h : FloatConvert<"fcvt.d.h", "0100001 00010 ..... ... ..... 1010011", ieee::F64, ieee::F16> {};
struct fcvt_h_d : FloatConvert<"fcvt.h.d", "0100010 00001 ..... ... ..... 1010011", ieee::F16, ieee::F64> {};

using Half = InstructionList<flh, fsh, fmadd_h, fmsub_h, fnmsub_h, fnmadd_h, fadd_h, fsub_h, fmul_h, fdiv_h, fsqrt_h,
                 fsgnj_h, fsgnjn_h, fsgnjx_h, fmin_h, fmax_h, feq_h, flt_h, fle_h, fclass_h, fmv_x_h, fmv_h_x,
                 fcvt_w_h, fcvt_wu_h, fcvt_l_h, fcvt_lu_h, fcvt_h_w, fcvt_h_wu, fcvt_h_l, fcvt_h_lu, fcvt_s_h,
                 fcvt_h_s, fcvt_d_h, fcvt_h_d>;

}  // namespace lyrebird::riscv64
