// Advanced SIMD, floating point: products of halves and of brain floats that are summed in single precision, and complex
// numbers (Arm ARM C4.1.97; FEAT_FHM, FEAT_BF16, FEAT_FCMA).
#pragma once

#include "translator/aarch64/vector_float_convert.hpp"

namespace lyrebird::aarch64 {

// ---- halves (FMLAL and its like) ----

/// rd of words, and rn, rm of which half as many halves count: those of the lower half or, in the second forms, the upper one.
struct WideningFloat3 {
    using Operands = WideningFloat3;
    u8 rd, rn, rm, full;
    constexpr bool operator==(const WideningFloat3&) const = default;
    static constexpr WideningFloat3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 30, 1)}; }
    static constexpr u32 encode(WideningFloat3 o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.full & 1) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 2> words{"2s", "4s"}, halves{"2h", "4h"};
        t.reg(v_names, o.rd), t.literal("."), t.word(words, o.full), t.comma();
        t.reg(v_names, o.rn), t.literal("."), t.word(halves, o.full), t.comma();
        t.reg(v_names, o.rm), t.literal("."), t.word(halves, o.full);
    }
};
struct WideningFloatElement {
    using Operands = WideningFloatElement;
    u8 rd, rn, rm, index, full;
    constexpr bool operator==(const WideningFloatElement&) const = default;
    static constexpr WideningFloatElement decode(u32 word) {
        return {rd_of(word), rn_of(word), element_register(word, 1), element_index(word, 1), field(word, 30, 1)};
    }
    static constexpr u32 encode(WideningFloatElement o) {
        return u32(o.rd) | u32(o.rn) << 5 | element_bits(o.rm, o.index, 1) | u32(o.full & 1) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 2> words{"2s", "4s"}, halves{"2h", "4h"};
        t.reg(v_names, o.rd), t.literal("."), t.word(words, o.full), t.comma();
        t.reg(v_names, o.rn), t.literal("."), t.word(halves, o.full), t.comma(), element_text(t, o, 1);
    }
};
/// The halves of `a` that count, lowest first.
template <bool Second, Emitter E>
constexpr typename E::V128 counting_halves(E& e, typename E::V128 a, bool full) {
    if (full) return chosen_half(e, a, Second);
    if (!Second) return a;
    auto word = e.template lane<u32>(a, 1);
    return e.vector_from(word, e.imm(0));
}
template <isa::Text Name, isa::Text Bits, bool Negated, bool Second>
struct FloatWideningMultiply : Instruction<Name, Bits, WideningFloat3> {
    template <Emitter E>
    static constexpr void run(E& e, WideningFloat3 o, Here) {
        auto a = counting_halves<Second>(e, v(e, o.rn), o.full != 0);
        auto b = counting_halves<Second>(e, v(e, o.rm), o.full != 0);
        auto c = v(e, o.rd);
        const u64 options = lane_options(o.full ? 4 : 2).packed();
        set_v(e, o.rd, e.template vector_float_with<WideningMultiplyAdd<Negated>>(options, a, b, c));
    }
};
struct fmlal : FloatWideningMultiply<"fmlal", "0 . 0 01110 001 ..... 111011 ..... .....", false, false> {};
struct fmlsl : FloatWideningMultiply<"fmlsl", "0 . 0 01110 101 ..... 111011 ..... .....", true, false> {};
struct fmlal2 : FloatWideningMultiply<"fmlal2", "0 . 1 01110 001 ..... 110011 ..... .....", false, true> {};
struct fmlsl2 : FloatWideningMultiply<"fmlsl2", "0 . 1 01110 101 ..... 110011 ..... .....", true, true> {};

template <isa::Text Name, isa::Text Bits, bool Negated, bool Second>
struct FloatWideningByElement : Instruction<Name, Bits, WideningFloatElement> {
    template <Emitter E>
    static constexpr void run(E& e, WideningFloatElement o, Here) {
        auto a = counting_halves<Second>(e, v(e, o.rn), o.full != 0);
        auto lanes = v(e, o.rm);
        auto b = e.template splat<u16>(e.template lane<u16>(lanes, o.index));
        auto c = v(e, o.rd);
        const u64 options = lane_options(o.full ? 4 : 2).packed();
        set_v(e, o.rd, e.template vector_float_with<WideningMultiplyAdd<Negated>>(options, a, b, c));
    }
};
struct fmlal_elem : FloatWideningByElement<"fmlal_elem", "0 . 0 01111 10 . . .... 0000 . 0 ..... .....", false, false> {};
struct fmlsl_elem : FloatWideningByElement<"fmlsl_elem", "0 . 0 01111 10 . . .... 0100 . 0 ..... .....", true, false> {};
struct fmlal2_elem : FloatWideningByElement<"fmlal2_elem", "0 . 1 01111 10 . . .... 1000 . 0 ..... .....", false, true> {};
struct fmlsl2_elem : FloatWideningByElement<"fmlsl2_elem", "0 . 1 01111 10 . . .... 1100 . 0 ..... .....", true, true> {};

// ---- complex numbers ----

/// rd, rn, rm and a turn in quarters. Values of size 0 are reserved, and pairs of doubles need the whole register.
template <bool AnyQuarter>
struct ComplexFloat3 {
    using Operands = ComplexFloat3;
    u8 rd, rn, rm, quarter, arrangement;
    constexpr bool operator==(const ComplexFloat3&) const = default;
    static constexpr bool allocated(u32 word) {
        const u32 size = bits(word, 22, 2);
        return size != 0 && !(size == 3 && bits(word, 30, 1) == 0);
    }
    static constexpr ComplexFloat3 decode(u32 word) {
        const u8 quarter = AnyQuarter ? field(word, 11, 2) : u8(field(word, 12, 1) * 2 + 1);
        return {rd_of(word), rn_of(word), rm_of(word), quarter, u8(bits(word, 22, 2) << 1 | bits(word, 30, 1))};
    }
    static constexpr u32 encode(ComplexFloat3 o) {
        const u32 turn = AnyQuarter ? u32(o.quarter & 3) << 11 : u32(o.quarter >> 1 & 1) << 12;
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | turn |
            u32(o.arrangement >> 1 & 3) << 22 | u32(o.arrangement & 1) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<false>(t, o.rd, o.arrangement), t.comma(), arranged_reg<false>(t, o.rn, o.arrangement), t.comma();
        arranged_reg<false>(t, o.rm, o.arrangement), t.literal(", "), t.word(turn_names, o.quarter);
    }
    static constexpr std::array<std::string_view, 4> turn_names{"#0", "#90", "#180", "#270"};
};
/// rd, rn, a pair of lanes of rm, and a turn: two pairs of halves in the lower half of a register, or pairs of singles in a
/// whole one.
struct ComplexFloatElement {
    using Operands = ComplexFloatElement;
    u8 rd, rn, rm, index, quarter, arrangement;
    constexpr bool operator==(const ComplexFloatElement&) const = default;
    static constexpr bool allocated(u32 word) {
        const u32 full = bits(word, 30, 1), h = bits(word, 11, 1), l = bits(word, 21, 1);
        return bits(word, 22, 1) == 1 ? full == 1 || h == 0 : full == 1 && l == 0;
    }
    static constexpr ComplexFloatElement decode(u32 word) {
        const u8 size = bits(word, 22, 1) == 1 ? 1 : 2;
        return {rd_of(word), rn_of(word), field(word, 16, 5), element_index(word, size + 1), field(word, 13, 2),
                u8(size << 1 | bits(word, 30, 1))};
    }
    static constexpr u32 encode(ComplexFloatElement o) {
        const int size = o.arrangement >> 1;
        return u32(o.rd) | u32(o.rn) << 5 | element_bits(o.rm, o.index, size + 1) | u32(o.quarter & 3) << 13 |
            u32(size == 1) << 22 | u32(size == 2) << 23 | u32(o.arrangement & 1) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<false>(t, o.rd, o.arrangement), t.comma(), arranged_reg<false>(t, o.rn, o.arrangement), t.comma();
        element_text(t, o, o.arrangement >> 1), t.literal(", "), t.word(ComplexFloat3<true>::turn_names, o.quarter);
    }
};
/// Calls `f` with the precision and, as a constant, the turn.
constexpr void with_complex(u8 arrangement, u8 quarter, auto f) {
    const auto turned = [&]<class F>(F precision) {
        switch (quarter) {
            case 0: return f(precision, std::integral_constant<int, 0>{});
            case 1: return f(precision, std::integral_constant<int, 1>{});
            case 2: return f(precision, std::integral_constant<int, 2>{});
            default: return f(precision, std::integral_constant<int, 3>{});
        }
    };
    switch (arrangement >> 1) {
        case 1: return turned(F16{});
        case 2: return turned(F32{});
        default: return turned(F64{});
    }
}
struct fcadd : Instruction<"fcadd", "0 . 1 01110 .. 0 ..... 111 . 01 ..... .....", ComplexFloat3<false>> {
    template <Emitter E>
    static constexpr void run(E& e, ComplexFloat3<false> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        const u64 options = lane_options(lanes_in<Shape::vector>(o.arrangement)).packed();
        with_complex(o.arrangement, o.quarter, [&]<class F, int Quarter>(F, std::integral_constant<int, Quarter>) {
            set_v(e, o.rd, e.template vector_float_with<ComplexAdd<F, Quarter == 1 ? 1 : 3>>(options, a, b));
        });
    }
};
struct fcmla : Instruction<"fcmla", "0 . 1 01110 .. 0 ..... 110 .. 1 ..... .....", ComplexFloat3<true>> {
    template <Emitter E>
    static constexpr void run(E& e, ComplexFloat3<true> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto c = v(e, o.rd);
        const u64 options = lane_options(lanes_in<Shape::vector>(o.arrangement)).packed();
        with_complex(o.arrangement, o.quarter, [&]<class F, int Quarter>(F, std::integral_constant<int, Quarter>) {
            set_v(e, o.rd, e.template vector_float_with<ComplexMultiplyAdd<F, Quarter>>(options, a, b, c));
        });
    }
};
template <isa::Text Name, isa::Text Bits>
struct ComplexByElement : Instruction<Name, Bits, ComplexFloatElement> {
    template <Emitter E>
    static constexpr void run(E& e, ComplexFloatElement o, Here) {
        auto a = v(e, o.rn);
        auto pairs = v(e, o.rm);
        auto c = v(e, o.rd);
        const bool half = o.arrangement >> 1 == 1;
        auto b = half ? e.template splat<u32>(e.template lane<u32>(pairs, o.index))
                      : e.template splat<u64>(e.template lane<u64>(pairs, o.index));
        const u64 options = lane_options(lanes_in<Shape::vector>(o.arrangement)).packed();
        with_complex(o.arrangement, o.quarter, [&]<class F, int Quarter>(F, std::integral_constant<int, Quarter>) {
            if constexpr (F::width != 64)
                set_v(e, o.rd, e.template vector_float_with<ComplexMultiplyAdd<F, Quarter>>(options, a, b, c));
        });
    }
};
struct fcmla_elem_h : ComplexByElement<"fcmla_elem_h", "0 . 1 01111 01 . ..... 0 .. 1 . 0 ..... ....."> {};
struct fcmla_elem_s : ComplexByElement<"fcmla_elem_s", "0 . 1 01111 10 . ..... 0 .. 1 . 0 ..... ....."> {};

// ---- brain floats ----

/// rd of singles; rn, rm of pairs of brain floats.
struct BrainFloat3 {
    using Operands = BrainFloat3;
    u8 rd, rn, rm, full;
    constexpr bool operator==(const BrainFloat3&) const = default;
    static constexpr BrainFloat3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 30, 1)}; }
    static constexpr u32 encode(BrainFloat3 o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.full & 1) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 2> words{"2s", "4s"}, halves{"4h", "8h"};
        t.reg(v_names, o.rd), t.literal("."), t.word(words, o.full), t.comma();
        t.reg(v_names, o.rn), t.literal("."), t.word(halves, o.full), t.comma();
        t.reg(v_names, o.rm), t.literal("."), t.word(halves, o.full);
    }
};
struct BrainFloatElement {
    using Operands = BrainFloatElement;
    u8 rd, rn, rm, index, full;
    constexpr bool operator==(const BrainFloatElement&) const = default;
    static constexpr BrainFloatElement decode(u32 word) {
        return {rd_of(word), rn_of(word), element_register(word, 2), element_index(word, 2), field(word, 30, 1)};
    }
    static constexpr u32 encode(BrainFloatElement o) {
        return u32(o.rd) | u32(o.rn) << 5 | element_bits(o.rm, o.index, 2) | u32(o.full & 1) << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 2> words{"2s", "4s"}, halves{"4h", "8h"};
        t.reg(v_names, o.rd), t.literal("."), t.word(words, o.full), t.comma();
        t.reg(v_names, o.rn), t.literal("."), t.word(halves, o.full), t.comma();
        t.reg(v_names, o.rm), t.literal(".2h["), t.number(o.index), t.literal("]");
    }
};
struct bfdot : Instruction<"bfdot", "0 . 1 01110 01 0 ..... 111111 ..... .....", BrainFloat3> {
    template <Emitter E>
    static constexpr void run(E& e, BrainFloat3 o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto c = v(e, o.rd);
        set_v(e, o.rd, o.full != 0, e.template vector<BrainDot>(a, b, c));
    }
};
struct bfdot_elem : Instruction<"bfdot_elem", "0 . 0 01111 01 . ..... 1111 . 0 ..... .....", BrainFloatElement> {
    template <Emitter E>
    static constexpr void run(E& e, BrainFloatElement o, Here) {
        auto a = v(e, o.rn);
        auto pairs = v(e, o.rm);
        auto b = e.template splat<u32>(e.template lane<u32>(pairs, o.index));
        auto c = v(e, o.rd);
        set_v(e, o.rd, o.full != 0, e.template vector<BrainDot>(a, b, c));
    }
};
/// rd, rn, rm of 16 bytes; all lanes of rm or one.
struct BrainFloatWhole {
    using Operands = BrainFloatWhole;
    u8 rd, rn, rm;
    constexpr bool operator==(const BrainFloatWhole&) const = default;
    static constexpr BrainFloatWhole decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(BrainFloatWhole o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.literal(".4s, "), t.reg(v_names, o.rn), t.literal(".8h, ");
        t.reg(v_names, o.rm), t.literal(".8h");
    }
};
struct BrainFloatWholeElement {
    using Operands = BrainFloatWholeElement;
    u8 rd, rn, rm, index;
    constexpr bool operator==(const BrainFloatWholeElement&) const = default;
    static constexpr BrainFloatWholeElement decode(u32 word) {
        return {rd_of(word), rn_of(word), element_register(word, 1), element_index(word, 1)};
    }
    static constexpr u32 encode(BrainFloatWholeElement o) {
        return u32(o.rd) | u32(o.rn) << 5 | element_bits(o.rm, o.index, 1);
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.literal(".4s, "), t.reg(v_names, o.rn), t.literal(".8h, "), element_text(t, o, 1);
    }
};
struct bfmmla : Instruction<"bfmmla", "01 1 01110 01 0 ..... 111011 ..... .....", BrainFloatWhole> {
    template <Emitter E>
    static constexpr void run(E& e, BrainFloatWhole o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto c = v(e, o.rd);
        set_v(e, o.rd, e.template vector<BrainMatrix>(a, b, c));
    }
};
template <isa::Text Name, isa::Text Bits, bool Upper>
struct BrainMultiply : Instruction<Name, Bits, BrainFloatWhole> {
    template <Emitter E>
    static constexpr void run(E& e, BrainFloatWhole o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        auto c = v(e, o.rd);
        set_v(e, o.rd, e.template vector_float<BrainMultiplyAdd<Upper>>(a, b, c));
    }
};
struct bfmlalb : BrainMultiply<"bfmlalb", "00 1 01110 11 0 ..... 111111 ..... .....", false> {};
struct bfmlalt : BrainMultiply<"bfmlalt", "01 1 01110 11 0 ..... 111111 ..... .....", true> {};
template <isa::Text Name, isa::Text Bits, bool Upper>
struct BrainMultiplyByElement : Instruction<Name, Bits, BrainFloatWholeElement> {
    template <Emitter E>
    static constexpr void run(E& e, BrainFloatWholeElement o, Here) {
        auto a = v(e, o.rn);
        auto lanes = v(e, o.rm);
        auto b = e.template splat<u16>(e.template lane<u16>(lanes, o.index));
        auto c = v(e, o.rd);
        set_v(e, o.rd, e.template vector_float<BrainMultiplyAdd<Upper>>(a, b, c));
    }
};
struct bfmlalb_elem : BrainMultiplyByElement<"bfmlalb_elem", "00 0 01111 11 . ..... 1111 . 0 ..... .....", false> {};
struct bfmlalt_elem : BrainMultiplyByElement<"bfmlalt_elem", "01 0 01111 11 . ..... 1111 . 0 ..... .....", true> {};

using VectorFloatProducts =
    InstructionList<fmlal, fmlsl, fmlal2, fmlsl2, fmlal_elem, fmlsl_elem, fmlal2_elem, fmlsl2_elem, fcadd, fcmla, fcmla_elem_h,
                    fcmla_elem_s, bfdot, bfdot_elem, bfmmla, bfmlalb, bfmlalt, bfmlalb_elem, bfmlalt_elem>;

}  // namespace lyrebird::aarch64
