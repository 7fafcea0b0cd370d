// Advanced SIMD, floating point: arithmetic, comparison and estimates of vectors, of their scalars, by element, pairwise and
// across lanes (Arm ARM C4.1.97). Conversions are in vector_float_convert.hpp.
#pragma once

#include "translator/aarch64/float_convert.hpp"
#include "translator/aarch64/vector_access.hpp"
#include "translator/aarch64/vector_float_formats.hpp"

namespace lyrebird::aarch64 {

// Kinds of vector operation, of which the precision is still open.
template <class Operation>
struct Each {
    template <class F> using On = EachLane<Operation, F>;
};
template <class Operation>
struct Pairs2 {
    template <class F> using On = Pairwise<Operation, F>;
};
template <class Operation>
struct Across {
    template <class F> using On = AcrossLanes<Operation, F>;
};

// ---- two and three registers ----

template <Shape S, isa::Text Name, isa::Text Values, class Kind>
struct VectorFloatBinary : Instruction<shaped_name<S, Name>, three_same<S, Values>, VectorFloat3<S>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloat3<S> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        const u64 options = lane_options(lanes_in<S>(o.arrangement)).packed();
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            set_v(e, o.rd, e.template vector_float_with<typename Kind::template On<F>>(options, a, b));
        });
    }
};
template <Shape S> struct fadd_v : VectorFloatBinary<S, "fadd", "0 0 11010", Each<float_lane::add>> {};
template <Shape S> struct fsub_v : VectorFloatBinary<S, "fsub", "0 1 11010", Each<float_lane::sub>> {};
template <Shape S> struct fmul_v : VectorFloatBinary<S, "fmul", "1 0 11011", Each<float_lane::mul>> {};
template <Shape S> struct fdiv_v : VectorFloatBinary<S, "fdiv", "1 0 11111", Each<float_lane::div>> {};
template <Shape S> struct fmulx_v : VectorFloatBinary<S, "fmulx", "0 0 11011", Each<float_lane::multiply_extended>> {};
template <Shape S> struct fabd_v : VectorFloatBinary<S, "fabd", "1 1 11010", Each<float_lane::difference>> {};
template <Shape S> struct fmax_v : VectorFloatBinary<S, "fmax", "0 0 11110", Each<float_lane::maximum>> {};
template <Shape S> struct fmin_v : VectorFloatBinary<S, "fmin", "0 1 11110", Each<float_lane::minimum>> {};
template <Shape S> struct fmaxnm_v : VectorFloatBinary<S, "fmaxnm", "0 0 11000", Each<float_lane::maximum_number>> {};
template <Shape S> struct fminnm_v : VectorFloatBinary<S, "fminnm", "0 1 11000", Each<float_lane::minimum_number>> {};
template <Shape S> struct frecps_v : VectorFloatBinary<S, "frecps", "0 0 11111", Each<float_lane::reciprocal_step>> {};
template <Shape S> struct frsqrts_v : VectorFloatBinary<S, "frsqrts", "0 1 11111", Each<float_lane::root_step>> {};

template <Shape S> struct fcmeq_v : VectorFloatBinary<S, "fcmeq", "0 0 11100", Each<float_lane::equal>> {};
template <Shape S> struct fcmge_v : VectorFloatBinary<S, "fcmge", "1 0 11100", Each<float_lane::greater_or_equal>> {};
template <Shape S> struct fcmgt_v : VectorFloatBinary<S, "fcmgt", "1 1 11100", Each<float_lane::greater>> {};
template <Shape S>
struct facge_v : VectorFloatBinary<S, "facge", "1 0 11101", Each<float_lane::absolute_greater_or_equal>> {};
template <Shape S> struct facgt_v : VectorFloatBinary<S, "facgt", "1 1 11101", Each<float_lane::absolute_greater>> {};

template <Shape S> struct faddp_v : VectorFloatBinary<S, "faddp", "1 0 11010", Pairs2<float_lane::add>> {};
template <Shape S> struct fmaxp_v : VectorFloatBinary<S, "fmaxp", "1 0 11110", Pairs2<float_lane::maximum>> {};
template <Shape S> struct fminp_v : VectorFloatBinary<S, "fminp", "1 1 11110", Pairs2<float_lane::minimum>> {};
template <Shape S>
struct fmaxnmp_v : VectorFloatBinary<S, "fmaxnmp", "1 0 11000", Pairs2<float_lane::maximum_number>> {};
template <Shape S>
struct fminnmp_v : VectorFloatBinary<S, "fminnmp", "1 1 11000", Pairs2<float_lane::minimum_number>> {};

/// rd takes part as the accumulator.
template <Shape S, isa::Text Name, isa::Text Values, class Kind>
struct VectorFloatTernary : Instruction<shaped_name<S, Name>, three_same<S, Values>, VectorFloat3<S>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloat3<S> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto c = v(e, o.rd);
        const u64 options = lane_options(lanes_in<S>(o.arrangement)).packed();
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            set_v(e, o.rd, e.template vector_float_with<typename Kind::template On<F>>(options, a, b, c));
        });
    }
};
template <Shape S> struct fmla_v : VectorFloatTernary<S, "fmla", "0 0 11001", Each<float_lane::multiply_add>> {};
template <Shape S> struct fmls_v : VectorFloatTernary<S, "fmls", "0 1 11001", Each<float_lane::multiply_subtract>> {};

// ---- by element ----

template <Shape S, isa::Text Name, isa::Text Values, class Kind, bool Accumulates>
struct VectorFloatByElement : Instruction<shaped_name<S, Name>, by_element<S, Values>, VectorFloatElement<S>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloatElement<S> o, Here) {
        const u64 options = lane_options(lanes_in<S>(o.arrangement)).packed();
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            using Operation = typename Kind::template On<F>;
            auto a = v(e, o.rn);
            auto lanes = v(e, o.rm);
            auto b = e.template splat<BitsOf<F>>(e.template lane<BitsOf<F>>(lanes, o.index));
            if constexpr (Accumulates) {
                auto c = v(e, o.rd);
                set_v(e, o.rd, e.template vector_float_with<Operation>(options, a, b, c));
            } else {
                set_v(e, o.rd, e.template vector_float_with<Operation>(options, a, b));
            }
        });
    }
};
template <Shape S> struct fmul_elem : VectorFloatByElement<S, "fmul_elem", "0 0 1001", Each<float_lane::mul>, false> {};
template <Shape S>
struct fmulx_elem : VectorFloatByElement<S, "fmulx_elem", "1 0 1001", Each<float_lane::multiply_extended>, false> {};
template <Shape S>
struct fmla_elem : VectorFloatByElement<S, "fmla_elem", "0 0 0001", Each<float_lane::multiply_add>, true> {};
template <Shape S>
struct fmls_elem : VectorFloatByElement<S, "fmls_elem", "0 0 0101", Each<float_lane::multiply_subtract>, true> {};

// ---- one register ----

template <Shape S, isa::Text Name, isa::Text Values, class Kind, isa::Rounding Rounding = isa::dynamic_rounding,
          class Format = VectorFloat2<S>>
struct VectorFloatUnary : Instruction<shaped_name<S, Name>, two_misc<S, Values>, Format> {
    template <Emitter E>
    static constexpr void run(E& e, Format o, Here) {
        auto a = v(e, o.rn);
        const u64 options = lane_options(lanes_in<S>(o.arrangement), Rounding).packed();
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            set_v(e, o.rd, e.template vector_float_with<typename Kind::template On<F>>(options, a));
        });
    }
};
template <Shape S> struct fsqrt_v : VectorFloatUnary<S, "fsqrt", "1 1 11111", Each<float_lane::sqrt>> {};
template <Shape S> struct frecpe_v : VectorFloatUnary<S, "frecpe", "0 1 11101", Each<float_lane::reciprocal>> {};
template <Shape S> struct frsqrte_v : VectorFloatUnary<S, "frsqrte", "1 1 11101", Each<float_lane::reciprocal_root>> {};
template <Shape S>
struct frecpx_v : VectorFloatUnary<S, "frecpx", "0 1 11111", Each<float_lane::reciprocal_exponent>> {};

template <Shape S, isa::Text Name, isa::Text Values, class Operation>
using VectorFloatCompareZero = VectorFloatUnary<S, Name, Values, Each<Operation>, isa::dynamic_rounding, VectorFloatZero<S>>;
template <Shape S>
struct fcmgt_zero : VectorFloatCompareZero<S, "fcmgt_zero", "0 1 01100", float_lane::greater_zero> {};
template <Shape S> struct fcmeq_zero : VectorFloatCompareZero<S, "fcmeq_zero", "0 1 01101", float_lane::equal_zero> {};
template <Shape S> struct fcmlt_zero : VectorFloatCompareZero<S, "fcmlt_zero", "0 1 01110", float_lane::less_zero> {};
template <Shape S>
struct fcmge_zero : VectorFloatCompareZero<S, "fcmge_zero", "1 1 01100", float_lane::greater_or_equal_zero> {};
template <Shape S>
struct fcmle_zero : VectorFloatCompareZero<S, "fcmle_zero", "1 1 01101", float_lane::less_or_equal_zero> {};

/// Signs only: nothing is raised, NaNs change like numbers.
template <Shape S, isa::Text Name, isa::Text Values, template <class> class Operation>
struct VectorFloatSign : Instruction<shaped_name<S, Name>, two_misc<S, Values>, VectorFloat2<S>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloat2<S> o, Here) {
        auto a = v(e, o.rn);
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            set_v(e, o.rd, o.arrangement & 1, e.template vector<Operation<F>>(a));
        });
    }
};
template <Shape S> struct fabs_v : VectorFloatSign<S, "fabs", "0 1 01111", ClearSigns> {};
template <Shape S> struct fneg_v : VectorFloatSign<S, "fneg", "1 1 01111", FlipSigns> {};

template <Shape S, isa::Text Name, isa::Text Values, isa::Rounding Rounding, ieee::Report Report = ieee::Report::nothing>
using VectorFloatRound = VectorFloatUnary<S, Name, Values, Each<float_lane::round_to_integral<Report>>, Rounding>;
template <Shape S> struct frintn_v : VectorFloatRound<S, "frintn", "0 0 11000", rounding::nearest> {};
template <Shape S> struct frintm_v : VectorFloatRound<S, "frintm", "0 0 11001", rounding::downward> {};
template <Shape S> struct frintp_v : VectorFloatRound<S, "frintp", "0 1 11000", rounding::upward> {};
template <Shape S> struct frintz_v : VectorFloatRound<S, "frintz", "0 1 11001", rounding::zero> {};
template <Shape S> struct frinta_v : VectorFloatRound<S, "frinta", "1 0 11000", rounding::away> {};
template <Shape S>
struct frintx_v : VectorFloatRound<S, "frintx", "1 0 11001", rounding::dynamic, ieee::Report::inexact> {};
template <Shape S> struct frinti_v : VectorFloatRound<S, "frinti", "1 1 11001", rounding::dynamic> {};

template <Shape S, isa::Text Name, isa::Text Values, int Width, isa::Rounding Rounding>
using VectorRoundToWidth = VectorFloatUnary<S, Name, Values, Each<float_lane::round_to_width<Width>>, Rounding>;
template <Shape S> struct frint32z_v : VectorRoundToWidth<S, "frint32z", "0 0 11110", 32, rounding::zero> {};
template <Shape S> struct frint32x_v : VectorRoundToWidth<S, "frint32x", "1 0 11110", 32, rounding::dynamic> {};
template <Shape S> struct frint64z_v : VectorRoundToWidth<S, "frint64z", "0 0 11111", 64, rounding::zero> {};
template <Shape S> struct frint64x_v : VectorRoundToWidth<S, "frint64x", "1 0 11111", 64, rounding::dynamic> {};

// ---- estimates of fixed-point numbers: vectors of words ----

template <isa::Text Name, isa::Text Bits, class Operation>
struct FixedEstimate : Instruction<Name, Bits, VectorFloat2<Shape::vector>> {
    using Operands = VectorFloat2<Shape::vector>;
    template <Emitter E>
    static constexpr void run(E& e, Operands o, Here) {
        auto a = v(e, o.rn);
        set_v(e, o.rd, o.arrangement & 1, e.template vector<Operation>(a));
    }
};
struct urecpe : FixedEstimate<"urecpe", "0 . 0 01110 10 10000 11100 10 ..... .....", EstimateFixed<ieee::arm::reciprocal_fixed>> {};
struct ursqrte
    : FixedEstimate<"ursqrte", "0 . 1 01110 10 10000 11100 10 ..... .....",
                    EstimateFixed<ieee::arm::reciprocal_root_fixed>> {};

// ---- across lanes, pairs as scalars ----

/// A scalar rd, and all lanes of rn. Of single precision there must be four.
template <bool Half>
struct VectorFloatAcross {
    using Operands = VectorFloatAcross;
    u8 rd, rn, arrangement;
    constexpr bool operator==(const VectorFloatAcross&) const = default;
    static constexpr VectorFloatAcross decode(u32 word) {
        return {rd_of(word), rn_of(word), u8((Half ? 1 : 2) << 1 | bits(word, 30, 1))};
    }
    static constexpr u32 encode(VectorFloatAcross o) {
        return u32(o.rd) | u32(o.rn) << 5 | (Half ? u32(o.arrangement & 1) << 30 : 0);
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(Half ? h_names : s_names, o.rd), t.comma(), arranged_reg<false>(t, o.rn, o.arrangement);
    }
};
template <bool Half, isa::Text Name, isa::Text Bits, class Operation>
struct VectorFloatReduce : Instruction<Name, Bits, VectorFloatAcross<Half>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloatAcross<Half> o, Here) {
        using F = std::conditional_t<Half, F16, F32>;
        auto a = v(e, o.rn);
        const u64 options = lane_options(lanes_in<Shape::vector>(o.arrangement)).packed();
        set_v(e, o.rd, e.template vector_float_with<AcrossLanes<Operation, F>>(options, a));
    }
};
struct fmaxnmv : VectorFloatReduce<false, "fmaxnmv", "01 1 01110 00 11000 01100 10 ..... .....", float_lane::maximum_number> {};
struct fminnmv : VectorFloatReduce<false, "fminnmv", "01 1 01110 10 11000 01100 10 ..... .....", float_lane::minimum_number> {};
struct fmaxv : VectorFloatReduce<false, "fmaxv", "01 1 01110 00 11000 01111 10 ..... .....", float_lane::maximum> {};
struct fminv : VectorFloatReduce<false, "fminv", "01 1 01110 10 11000 01111 10 ..... .....", float_lane::minimum> {};
struct fmaxnmv_h : VectorFloatReduce<true, "fmaxnmv_h", "0 . 0 01110 00 11000 01100 10 ..... .....", float_lane::maximum_number> {};
struct fminnmv_h : VectorFloatReduce<true, "fminnmv_h", "0 . 0 01110 10 11000 01100 10 ..... .....", float_lane::minimum_number> {};
struct fmaxv_h : VectorFloatReduce<true, "fmaxv_h", "0 . 0 01110 00 11000 01111 10 ..... .....", float_lane::maximum> {};
struct fminv_h : VectorFloatReduce<true, "fminv_h", "0 . 0 01110 10 11000 01111 10 ..... .....", float_lane::minimum> {};

/// A scalar rd, and the two lowest lanes of rn.
template <Shape S>
struct FloatPair {
    using Operands = FloatPair;
    u8 rd, rn, arrangement;
    constexpr bool operator==(const FloatPair&) const = default;
    static constexpr FloatPair decode(u32 word) { return {rd_of(word), rn_of(word), arrangement_of<S>(word)}; }
    static constexpr u32 encode(FloatPair o) { return u32(o.rd) | u32(o.rn) << 5 | arrangement_bits<S>(o.arrangement); }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 8> pairs{"", "", "2h", "", "2s", "", "2d", ""};
        arranged_reg<true>(t, o.rd, o.arrangement), t.comma();
        t.reg(v_names, o.rn), t.literal("."), t.word(pairs, o.arrangement);
    }
};
template <Shape S, isa::Text Values>
inline constexpr auto pairwise = shaped<S, "", "", "01 1 11110 a . 11000 ooooo 10 ..... .....",
                                        "01 0 11110 a 0 11000 ooooo 10 ..... .....", Values>();
template <Shape S, isa::Text Name, isa::Text Values, class Operation>
struct FloatPairAcross : Instruction<shaped_name<S, Name>, pairwise<S, Values>, FloatPair<S>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatPair<S> o, Here) {
        auto a = v(e, o.rn);
        const u64 options = lane_options(1).packed();
        with_precision<S>(o.arrangement, [&]<class F>(F) {
            set_v(e, o.rd, e.template vector_float_with<Pairwise<Operation, F>>(options, a, a));
        });
    }
};
template <Shape S> struct faddp_pair : FloatPairAcross<S, "faddp_pair", "1 0 01101", float_lane::add> {};
template <Shape S> struct fmaxp_pair : FloatPairAcross<S, "fmaxp_pair", "1 0 01111", float_lane::maximum> {};
template <Shape S> struct fminp_pair : FloatPairAcross<S, "fminp_pair", "1 1 01111", float_lane::minimum> {};
template <Shape S> struct fmaxnmp_pair : FloatPairAcross<S, "fmaxnmp_pair", "1 0 01100", float_lane::maximum_number> {};
template <Shape S> struct fminnmp_pair : FloatPairAcross<S, "fminnmp_pair", "1 1 01100", float_lane::minimum_number> {};

// ---- constants ----

/// rd, the immediate of which all lanes are.
template <Shape S, class F>
struct VectorFloatImmediate {
    using Operands = VectorFloatImmediate;
    u8 rd, imm, arrangement;
    constexpr bool operator==(const VectorFloatImmediate&) const = default;
    static constexpr VectorFloatImmediate decode(u32 word) {
        const u32 size = F::width == 16 ? 1 : F::width == 32 ? 2 : 3;
        return {rd_of(word), u8(bits(word, 16, 3) << 5 | bits(word, 5, 5)), u8(size << 1 | bits(word, 30, 1))};
    }
    static constexpr u32 encode(VectorFloatImmediate o) {
        const bool full = F::width != 64 && (o.arrangement & 1) != 0;  // of doubles the pattern says it
        return u32(o.rd) | u32(o.imm >> 5) << 16 | u32(o.imm & 31) << 5 | u32(full) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<false>(t, o.rd, o.arrangement), t.comma(), t.word(float_immediates, o.imm);
    }
};
template <class F, isa::Text Name, isa::Text Bits>
struct VectorFloatConstant : Instruction<Name, Bits, VectorFloatImmediate<Shape::vector, F>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorFloatImmediate<Shape::vector, F> o, Here) {
        constexpr u64 ones = ~u64{0} / u64{BitsOf<F>(~u64{0})};
        const u64 half = u64{expanded_float<F>(o.imm)} * ones;
        set_v(e, o.rd, e.vector_imm(half, (o.arrangement & 1) != 0 ? half : 0));
    }
};
struct fmov_vh : VectorFloatConstant<F16, "fmov_vh", "0 . 0 0111100000 ... 1111 11 ..... ....."> {};
struct fmov_vs : VectorFloatConstant<F32, "fmov_vs", "0 . 0 0111100000 ... 1111 01 ..... ....."> {};
struct fmov_vd : VectorFloatConstant<F64, "fmov_vd", "01 1 0111100000 ... 1111 01 ..... ....."> {};

using VectorFloats =
    isa::Join<VectorShapes<fadd_v, fsub_v, fmul_v, fdiv_v, fmax_v, fmin_v, fmaxnm_v, fminnm_v, faddp_v, fmaxp_v, fminp_v,
                           fmaxnmp_v, fminnmp_v, fmla_v, fmls_v>,
              AllShapes<fmulx_v, fabd_v, frecps_v, frsqrts_v, fcmeq_v, fcmge_v, fcmgt_v, facge_v, facgt_v>,
              AllShapes<fmul_elem, fmulx_elem, fmla_elem, fmls_elem>>;
using VectorFloatsOne =
    isa::Join<VectorShapes<fsqrt_v, fabs_v, fneg_v, frintn_v, frintm_v, frintp_v, frintz_v, frinta_v, frintx_v, frinti_v>,
              AllShapes<frecpe_v, frsqrte_v, fcmgt_zero, fcmeq_zero, fcmlt_zero, fcmge_zero, fcmle_zero>,
              ScalarShapes<frecpx_v, faddp_pair, fmaxp_pair, fminp_pair, fmaxnmp_pair, fminnmp_pair>,
              InstructionList<frint32z_v<Shape::vector>, frint32x_v<Shape::vector>, frint64z_v<Shape::vector>,
                              frint64x_v<Shape::vector>, urecpe, ursqrte, fmaxnmv, fminnmv, fmaxv, fminv, fmaxnmv_h, fminnmv_h,
                              fmaxv_h, fminv_h, fmov_vh, fmov_vs, fmov_vd>>;

}  // namespace lyrebird::aarch64
