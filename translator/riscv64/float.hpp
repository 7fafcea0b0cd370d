// F and D: single and double precision (RISC-V unprivileged 20 and 21). fcsr is in csr.hpp.
#pragma once

#include "translator/riscv64/float_meanings.hpp"

namespace lyrebird::riscv64 {

// ---- F ----
struct flw : FloatLoadOf<"flw", "............ ..... 010 ..... 0000111", ieee::F32> {};
struct fsw : FloatStoreOf<"fsw", "....... ..... ..... 010 ..... 0100111", ieee::F32> {};

struct fmadd_s : FloatMultiplyAdd<"fmadd.s", "..... 00 ..... ..... ... ..... 1000011", ieee::F32, false, false> {};
struct fmsub_s : FloatMultiplyAdd<"fmsub.s", "..... 00 ..... ..... ... ..... 1000111", ieee::F32, false, true> {};
struct fnmsub_s : FloatMultiplyAdd<"fnmsub.s", "..... 00 ..... ..... ... ..... 1001011", ieee::F32, true, false> {};
struct fnmadd_s : FloatMultiplyAdd<"fnmadd.s", "..... 00 ..... ..... ... ..... 1001111", ieee::F32, true, true> {};
struct fadd_s : FloatArithmetic<"fadd.s", "0000000 ..... ..... ... ..... 1010011", ieee::F32, operation::float_add> {};
struct fsub_s : FloatArithmetic<"fsub.s", "0000100 ..... ..... ... ..... 1010011", ieee::F32, operation::float_sub> {};
struct fmul_s : FloatArithmetic<"fmul.s", "0001000 ..... ..... ... ..... 1010011", ieee::F32, operation::float_mul> {};
struct fdiv_s : FloatArithmetic<"fdiv.s", "0001100 ..... ..... ... ..... 1010011", ieee::F32, operation::float_div> {};
struct fsqrt_s : FloatSquareRoot<"fsqrt.s", "0101100 00000 ..... ... ..... 1010011", ieee::F32> {};

struct fsgnj_s
    : FloatSelect<"fsgnj.s", "0010000 ..... ..... 000 ..... 1010011", ieee::F32, operation::float_copy_sign> {};
struct fsgnjn_s
    : FloatSelect<"fsgnjn.s", "0010000 ..... ..... 001 ..... 1010011", ieee::F32, operation::float_copy_opposite> {};
struct fsgnjx_s
    : FloatSelect<"fsgnjx.s", "0010000 ..... ..... 010 ..... 1010011", ieee::F32, operation::float_xor_sign> {};
struct fmin_s : FloatSelect<"fmin.s", "0010100 ..... ..... 000 ..... 1010011", ieee::F32, operation::float_min> {};
struct fmax_s : FloatSelect<"fmax.s", "0010100 ..... ..... 001 ..... 1010011", ieee::F32, operation::float_max> {};
struct feq_s : FloatCompare<"feq.s", "1010000 ..... ..... 010 ..... 1010011", ieee::F32, operation::float_eq> {};
struct flt_s : FloatCompare<"flt.s", "1010000 ..... ..... 001 ..... 1010011", ieee::F32, operation::float_lt> {};
struct fle_s : FloatCompare<"fle.s", "1010000 ..... ..... 000 ..... 1010011", ieee::F32, operation::float_le> {};
struct fclass_s : FloatClass<"fclass.s", "1110000 00000 ..... 001 ..... 1010011", ieee::F32> {};

struct fmv_x_w : FloatToBits<"fmv.x.w", "1110000 00000 ..... 000 ..... 1010011", ieee::F32> {};
struct fmv_w_x : FloatFromBits<"fmv.w.x", "1111000 00000 ..... 000 ..... 1010011", ieee::F32> {};
struct fcvt_w_s : FloatToInteger<"fcvt.w.s", "1100000 00000 ..... ... ..... 1010011", i32, ieee::F32> {};
struct fcvt_wu_s : FloatToInteger<"fcvt.wu.s", "1100000 00001 ..... ... ..... 1010011", u32, ieee::F32> {};
struct fcvt_l_s : FloatToInteger<"fcvt.l.s", "1100000 00010 ..... ... ..... 1010011", i64, ieee::F32> {};
struct fcvt_lu_s : FloatToInteger<"fcvt.lu.s", "1100000 00011 ..... ... ..... 1010011", u64, ieee::F32> {};
struct fcvt_s_w : FloatFromInteger<"fcvt.s.w", "1101000 00000 ..... ... ..... 1010011", ieee::F32, i32> {};
struct fcvt_s_wu : FloatFromInteger<"fcvt.s.wu", "1101000 00001 ..... ... ..... 1010011", ieee::F32, u32> {};
struct fcvt_s_l : FloatFromInteger<"fcvt.s.l", "1101000 00010 ..... ... ..... 1010011", ieee::F32, i64> {};
struct fcvt_s_lu : FloatFromInteger<"fcvt.s.lu", "1101000 00011 ..... ... ..... 1010011", ieee::F32, u64> {};

// ---- D ----
struct fld : FloatLoadOf<"fld", "............ ..... 011 ..... 0000111", ieee::F64> {};
struct fsd : FloatStoreOf<"fsd", "....... ..... ..... 011 ..... 0100111", ieee::F64> {};

struct fmadd_d : FloatMultiplyAdd<"fmadd.d", "..... 01 ..... ..... ... ..... 1000011", ieee::F64, false, false> {};
struct fmsub_d : FloatMultiplyAdd<"fmsub.d", "..... 01 ..... ..... ... ..... 1000111", ieee::F64, false, true> {};
struct fnmsub_d : FloatMultiplyAdd<"fnmsub.d", "..... 01 ..... ..... ... ..... 1001011", ieee::F64, true, false> {};
struct fnmadd_d : FloatMultiplyAdd<"fnmadd.d", "..... 01 ..... ..... ... ..... 1001111", ieee::F64, true, true> {};
struct fadd_d : FloatArithmetic<"fadd.d", "0000001 ..... ..... ... ..... 1010011", ieee::F64, operation::float_add> {};
struct fsub_d : FloatArithmetic<"fsub.d", "0000101 ..... ..... ... ..... 1010011", ieee::F64, operation::float_sub> {};
struct fmul_d : FloatArithmetic<"fmul.d", "0001001 ..... ..... ... ..... 1010011", ieee::F64, operation::float_mul> {};
struct fdiv_d : FloatArithmetic<"fdiv.d", "0001101 ..... ..... ... ..... 1010011", ieee::F64, operation::float_div> {};
struct fsqrt_d : FloatSquareRoot<"fsqrt.d", "0101101 00000 ..... ... ..... 1010011", ieee::F64> {};

struct fsgnj_d
    : FloatSelect<"fsgnj.d", "0010001 ..... ..... 000 ..... 1010011", ieee::F64, operation::float_copy_sign> {};
struct fsgnjn_d
    : FloatSelect<"fsgnjn.d", "0010001 ..... ..... 001 ..... 1010011", ieee::F64, operation::float_copy_opposite> {};
struct fsgnjx_d
    : FloatSelect<"fsgnjx.d", "0010001 ..... ..... 010 ..... 1010011", ieee::F64, operation::float_xor_sign> {};
struct fmin_d : FloatSelect<"fmin.d", "0010101 ..... ..... 000 ..... 1010011", ieee::F64, operation::float_min> {};
struct fmax_d : FloatSelect<"fmax.d", "0010101 ..... ..... 001 ..... 1010011", ieee::F64, operation::float_max> {};
struct feq_d : FloatCompare<"feq.d", "1010001 ..... ..... 010 ..... 1010011", ieee::F64, operation::float_eq> {};
struct flt_d : FloatCompare<"flt.d", "1010001 ..... ..... 001 ..... 1010011", ieee::F64, operation::float_lt> {};
struct fle_d : FloatCompare<"fle.d", "1010001 ..... ..... 000 ..... 1010011", ieee::F64, operation::float_le> {};
struct fclass_d : FloatClass<"fclass.d", "1110001 00000 ..... 001 ..... 1010011", ieee::F64> {};

struct fmv_x_d : FloatToBits<"fmv.x.d", "1110001 00000 ..... 000 ..... 1010011", ieee::F64> {};
struct fmv_d_x : FloatFromBits<"fmv.d.x", "1111001 00000 ..... 000 ..... 1010011", ieee::F64> {};
struct fcvt_w_d : FloatToInteger<"fcvt.w.d", "1100001 00000 ..... ... ..... 1010011", i32, ieee::F64> {};
struct fcvt_wu_d : FloatToInteger<"fcvt.wu.d", "1100001 00001 ..... ... ..... 1010011", u32, ieee::F64> {};
struct fcvt_l_d : FloatToInteger<"fcvt.l.d", "1100001 00010 ..... ... ..... 1010011", i64, ieee::F64> {};
struct fcvt_lu_d : FloatToInteger<"fcvt.lu.d", "1100001 00011 ..... ... ..... 1010011", u64, ieee::F64> {};
struct fcvt_d_w : FloatFromInteger<"fcvt.d.w", "1101001 00000 ..... ... ..... 1010011", ieee::F64, i32> {};
struct fcvt_d_wu : FloatFromInteger<"fcvt.d.wu", "1101001 00001 ..... ... ..... 1010011", ieee::F64, u32> {};
struct fcvt_d_l : FloatFromInteger<"fcvt.d.l", "1101001 00010 ..... ... ..... 1010011", ieee::F64, i64> {};
struct fcvt_d_lu : FloatFromInteger<"fcvt.d.lu", "1101001 00011 ..... ... ..... 1010011", ieee::F64, u64> {};
struct fcvt_s_d : FloatConvert<"fcvt.s.d", "0100000 00001 ..... ... ..... 1010011", ieee::F32, ieee::F64> {};
struct fcvt_d_s : FloatConvert<"fcvt.d.s", "0100001 00000 ..... ... ..... 1010011", ieee::F64, ieee::F32> {};

using Single = InstructionList<flw, fsw, fmadd_s, fmsub_s, fnmsub_s, fnmadd_s, fadd_s, fsub_s, fmul_s, fdiv_s,
                 fsqrt_s, fsgnj_s, fsgnjn_s, fsgnjx_s, fmin_s, fmax_s, feq_s, flt_s, fle_s, fclass_s, fmv_x_w,
                 fmv_w_x, fcvt_w_s, fcvt_wu_s, fcvt_l_s, fcvt_lu_s, fcvt_s_w, fcvt_s_wu, fcvt_s_l, fcvt_s_lu>;
using Double = InstructionList<fld, fsd, fmadd_d, fmsub_d, fnmsub_d, fnmadd_d, fadd_d, fsub_d, fmul_d, fdiv_d,
                 fsqrt_d, fsgnj_d, fsgnjn_d, fsgnjx_d, fmin_d, fmax_d, feq_d, flt_d, fle_d, fclass_d, fmv_x_d,
                 fmv_d_x, fcvt_w_d, fcvt_wu_d, fcvt_l_d, fcvt_lu_d, fcvt_d_w, fcvt_d_wu, fcvt_d_l, fcvt_d_lu,
                 fcvt_s_d, fcvt_d_s>;

}  // namespace lyrebird::riscv64
