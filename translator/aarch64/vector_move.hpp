// Advanced SIMD: copies between lanes and registers, constants, permutations, tables (Arm ARM C4.1.97).
#pragma once

#include "translator/aarch64/vector_formats.hpp"

namespace lyrebird::aarch64 {

// ---- copies: imm5 is the lane's number above a one whose place is the size ----

/// rd, rn, a lane of rn or rd, Q.
enum class FullUse : u8 { either, needed, barred };
/// What else than a vector of lanes takes part.
enum class CopyKind : u8 { vectors, scalar_target, general_source, general_source_lane, general_target };
template <class T, FullUse Use, CopyKind Kind>
struct LaneCopy {
    using Operands = LaneCopy;
    u8 rd, rn, lane, full;
    static constexpr int size = std::countr_zero(sizeof(T));
    constexpr bool operator==(const LaneCopy&) const = default;
    static constexpr LaneCopy decode(u32 word) {
        return {rd_of(word), rn_of(word), field(word, 17 + size, 4 - size), field(word, 30, 1)};
    }
    static constexpr u32 encode(LaneCopy o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.lane) << (17 + size) | u32(o.full) << 30;
    }
    static constexpr bool allocated(u32 word) {
        return Use == FullUse::either || (bits(word, 30, 1) != 0) == (Use == FullUse::needed);
    }
    static constexpr void text(auto& t, auto& o) {
        using enum CopyKind;
        if constexpr (Kind == general_target)
            t.reg(x_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.literal("["), t.number(o.lane), t.literal("], ");
        if constexpr (Kind == vectors)
            t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.literal("["), t.number(o.lane), t.literal("], ");
        if constexpr (Kind == scalar_target)
            t.reg(scalar_names<int(sizeof(T))>(), o.rd), t.comma(), t.reg(v_names, o.rn), t.literal("["), t.number(o.lane), t.literal("], ");
        if constexpr (Kind == general_source || Kind == general_source_lane)
            t.reg(v_names, o.rd), t.literal("["), t.number(o.lane), t.literal("], "), t.reg(x_names, o.rn), t.comma();
        t.word(Vector2<T>::whole_names, o.full);
    }
};
template <class T>
inline constexpr FullUse full_for_doubles = sizeof(T) == 8 ? FullUse::needed : FullUse::either;
template <class T>
using FromLane = LaneCopy<T, full_for_doubles<T>, CopyKind::vectors>;
template <class T>
using ScalarFromLane = LaneCopy<T, FullUse::either, CopyKind::scalar_target>;
template <class T>
using FromGeneral = LaneCopy<T, full_for_doubles<T>, CopyKind::general_source>;
template <class T>
using LaneFromGeneral = LaneCopy<T, FullUse::either, CopyKind::general_source_lane>;
template <class T>
using ToGeneral = LaneCopy<T, sizeof(T) == 8 ? FullUse::needed : FullUse::barred, CopyKind::general_target>;
template <class T>
using ToGeneralSigned = LaneCopy<T, sizeof(T) == 4 ? FullUse::needed : FullUse::either, CopyKind::general_target>;
/// `Bits` with "iiiii" replaced by the imm5 of lanes of T.
template <class T, isa::Text Bits>
inline constexpr auto with_lane_size = [] {
    auto text = Bits;
    constexpr std::string_view patterns[]{"....1", "...10", "..100", ".1000"};
    std::size_t next = 0;
    for (char& c : text.characters)
        if (c == 'i') c = patterns[std::countr_zero(sizeof(T))][next++];
    return text;
}();
template <class T, isa::Text Name, isa::Text Bits, class Format>
using LaneLaned = Instruction<of_lanes<T, Name>, with_lane_size<T, Bits>, Format>;

template <class T>
struct dup_lane : LaneLaned<T, "dup_lane", "0 . 0 01110000 iiiii 0 0000 1 ..... .....", FromLane<T>> {
    template <Emitter E>
    static constexpr void run(E& e, FromLane<T> o, Here) {
        set_v(e, o.rd, o.full, e.template splat<T>(e.template lane<T>(v(e, o.rn), o.lane)));
    }
};
template <class T>
struct dup_scalar : LaneLaned<T, "dup_scalar", "01 0 11110000 iiiii 0 0000 1 ..... .....", ScalarFromLane<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ScalarFromLane<T> o, Here) {
        set_v(e, o.rd, e.vector_from(e.template lane<T>(v(e, o.rn), o.lane), e.imm(0)));
    }
};
template <class T>
struct dup_reg : LaneLaned<T, "dup_reg", "0 . 0 01110000 iiiii 0 0001 1 ..... .....", FromGeneral<T>> {
    template <Emitter E>
    static constexpr void run(E& e, FromGeneral<T> o, Here) {
        set_v(e, o.rd, o.full, e.template splat<T>(x(e, o.rn)));
    }
};
template <class T>
struct ins_reg : LaneLaned<T, "ins_reg", "0 1 0 01110000 iiiii 0 0011 1 ..... .....", LaneFromGeneral<T>> {
    template <Emitter E>
    static constexpr void run(E& e, LaneFromGeneral<T> o, Here) {
        auto old = v(e, o.rd);
        auto value = x(e, o.rn);
        set_v(e, o.rd, e.template with_lane<T>(old, o.lane, value));
    }
};
/// To a general register, with the sign of T. The sign-extending form to 32 bits has Q = 0.
template <class T>
struct umov : LaneLaned<T, "umov", "0 . 0 01110000 iiiii 0 0111 1 ..... .....", ToGeneral<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ToGeneral<T> o, Here) {
        set_x(e, o.rd, e.template lane<T>(v(e, o.rn), o.lane));
    }
};
template <class T>
struct smov : LaneLaned<T, "smov", "0 . 0 01110000 iiiii 0 0101 1 ..... .....", ToGeneralSigned<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ToGeneralSigned<T> o, Here) {
        auto value = e.template lane<T>(v(e, o.rn), o.lane);
        set_x(e, o.rd, o.full != 0 ? value : e.zext(e.trunc(value)));
    }
};
/// rd, its lane, rn, its lane.
template <class T>
struct TwoLanes {
    using Operands = TwoLanes;
    u8 rd, lane, rn, from, unused;
    static constexpr int size = std::countr_zero(sizeof(T));
    static constexpr std::string_view letter = std::array<std::string_view, 4>{".b[", ".h[", ".s[", ".d["}[size];
    constexpr bool operator==(const TwoLanes&) const = default;
    static constexpr TwoLanes decode(u32 word) {
        return {rd_of(word), field(word, 17 + size, 4 - size), rn_of(word), field(word, 11 + size, 4 - size),
                size == 0 ? u8(0) : field(word, 11, size)};
    }
    static constexpr u32 encode(TwoLanes o) {
        return u32(o.rd) | u32(o.lane) << (17 + size) | u32(o.rn) << 5 | u32(o.from) << (11 + size) | u32(o.unused) << 11;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.literal(letter), t.number(o.lane), t.literal("], "), t.reg(v_names, o.rn), t.literal(letter);
        t.number(o.from), t.literal("], "), t.number(o.unused);
    }
};
template <class T>
struct ins_lane : LaneLaned<T, "ins_lane", "0 1 1 01110000 iiiii 0 .... 1 ..... .....", TwoLanes<T>> {
    template <Emitter E>
    static constexpr void run(E& e, TwoLanes<T> o, Here) {
        auto old = v(e, o.rd);
        auto value = e.template lane<T>(v(e, o.rn), o.from);
        set_v(e, o.rd, e.template with_lane<T>(old, o.lane, value));
    }
};
template <template <class> class Ins, class... T>
using OfLanes = InstructionList<Ins<T>...>;

using VectorCopies =
    isa::Join<OfLanes<dup_lane, u8, u16, u32, u64>, OfLanes<dup_scalar, u8, u16, u32, u64>, OfLanes<dup_reg, u8, u16, u32, u64>,
              OfLanes<ins_reg, u8, u16, u32, u64>, OfLanes<ins_lane, u8, u16, u32, u64>, OfLanes<umov, u8, u16, u32, u64>,
              OfLanes<smov, i8, i16, i32>>;

// ---- constants: 0 Q op 0111100000 abc cmode o2 1 defgh Rd ----

/// What AdvSIMDExpandImm makes of op, cmode and imm8, for everything but floating-point constants.
constexpr u64 expanded_immediate(bool op, u32 cmode, u64 imm8) {
    const u64 words = (imm8 << (8 * (cmode >> 1 & 3))) * 0x1'0000'0001;
    const u64 halves = (imm8 << (8 * (cmode >> 1 & 1))) * 0x0001'0001'0001'0001;
    if (cmode < 8) return words;
    if (cmode < 12) return halves;
    if (cmode == 12) return (imm8 << 8 | 0xff) * 0x1'0000'0001;
    if (cmode == 13) return (imm8 << 16 | 0xffff) * 0x1'0000'0001;
    if (!op) return imm8 * 0x0101'0101'0101'0101;
    u64 bytes = 0;
    for (int bit = 0; bit < 8; ++bit) bytes |= (imm8 >> bit & 1) != 0 ? u64{0xff} << (8 * bit) : 0;
    return bytes;
}
enum class ConstantUse : u8 { move, move_inverted, set_bits, clear_bits };
constexpr ConstantUse constant_use(bool op, u32 cmode) {
    const bool combines = (cmode & 1) != 0 && cmode < 12;
    if (combines) return op ? ConstantUse::clear_bits : ConstantUse::set_bits;
    return op && cmode != 14 ? ConstantUse::move_inverted : ConstantUse::move;
}
template <ConstantUse Use>
struct VectorConstant {
    using Operands = VectorConstant;
    u8 rd, imm, cmode, op, full;
    constexpr bool operator==(const VectorConstant&) const = default;
    static constexpr VectorConstant decode(u32 word) {
        return {rd_of(word), u8(bits(word, 16, 3) << 5 | bits(word, 5, 5)), field(word, 12, 4), field(word, 29, 1),
                field(word, 30, 1)};
    }
    static constexpr u32 encode(VectorConstant o) {
        return u32(o.rd) | u32(o.imm >> 5) << 16 | u32(o.imm & 31) << 5 | u32(o.cmode) << 12 | u32(o.op) << 29 | u32(o.full) << 30;
    }
    static constexpr bool allocated(u32 word) {
        const auto o = decode(word);
        return o.cmode != 15 && constant_use(o.op != 0, o.cmode) == Use;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.literal(", #"), t.number(o.imm), t.literal(", cmode "), t.number(o.cmode), t.comma();
        t.number(o.op), t.comma(), t.number(o.full);
    }
    constexpr u64 value() const { return expanded_immediate(op != 0, cmode, imm); }
};
template <isa::Text Name, ConstantUse Use>
struct ConstantOf : Instruction<Name, "0 . . 0111100000 ... .... 01 ..... .....", VectorConstant<Use>> {
    template <Emitter E>
    static constexpr void run(E& e, VectorConstant<Use> o, Here) {
        const u64 value = Use == ConstantUse::move_inverted ? ~o.value() : o.value();
        const u64 upper = o.full != 0 ? value : 0;
        if (Use == ConstantUse::move || Use == ConstantUse::move_inverted)
            return set_v(e, o.rd, e.vector_imm(value, upper));
        auto old = v(e, o.rd);
        auto constant = e.vector_imm(value, upper);
        if (Use == ConstantUse::set_bits) return set_v(e, o.rd, o.full, e.template vector<isa::BitOr>(old, constant));
        set_v(e, o.rd, o.full, e.template vector<isa::BitAndNot>(old, constant));
    }
};
struct movi : ConstantOf<"movi", ConstantUse::move> {};
struct mvni : ConstantOf<"mvni", ConstantUse::move_inverted> {};
struct orr_vimm : ConstantOf<"orr_vimm", ConstantUse::set_bits> {};
struct bic_vimm : ConstantOf<"bic_vimm", ConstantUse::clear_bits> {};

// ---- permutations: 0 Q 001110 size 0 Rm 0 opcode 10 Rn Rd ----

/// Half a register is permuted as the whole that both lower halves make; Part is which half of that is wanted.
template <class T, isa::Text Name, isa::Text Bits, class Op, class Half>
struct Permute : Laned<T, Name, Bits, Vector3<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Vector3<T> o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        if (o.full != 0) return set_v(e, o.rd, e.template vector<Op>(a, b));
        set_v(e, o.rd, e.low_half(Half::of(e, a, b)));
    }
};
/// Of halves, the transposition is the same; unzipping takes both as one; of what zipping the lower halves gives, Part 1 is the
/// upper half.
template <class T, int Part>
struct HalfTranspose {
    static constexpr auto of(auto& e, auto a, auto b) { return e.template vector<isa::Transpose<T, Part>>(a, b); }
};
template <class T, int Part>
struct HalfUnzip {
    static constexpr auto of(auto& e, auto a, auto b) {
        auto both = e.template vector<isa::JoinLow>(a, b);
        return e.template vector<isa::Unzip<T, Part>>(both, both);
    }
};
template <class T, int Part>
struct HalfZip {
    static constexpr auto of(auto& e, auto a, auto b) {
        auto zipped = e.template vector<isa::Zip<T, 0>>(a, b);
        return Part == 0 ? zipped : e.template vector<isa::UpperHalf>(zipped);
    }
};
template <class T>
using Permutes =
    InstructionList<Permute<T, "uzp1", "0 . 001110 ss 0 ..... 0 001 10 ..... .....", isa::Unzip<T, 0>, HalfUnzip<T, 0>>,
                    Permute<T, "uzp2", "0 . 001110 ss 0 ..... 0 101 10 ..... .....", isa::Unzip<T, 1>, HalfUnzip<T, 1>>,
                    Permute<T, "trn1", "0 . 001110 ss 0 ..... 0 010 10 ..... .....", isa::Transpose<T, 0>, HalfTranspose<T, 0>>,
                    Permute<T, "trn2", "0 . 001110 ss 0 ..... 0 110 10 ..... .....", isa::Transpose<T, 1>, HalfTranspose<T, 1>>,
                    Permute<T, "zip1", "0 . 001110 ss 0 ..... 0 011 10 ..... .....", isa::Zip<T, 0>, HalfZip<T, 0>>,
                    Permute<T, "zip2", "0 . 001110 ss 0 ..... 0 111 10 ..... .....", isa::Zip<T, 1>, HalfZip<T, 1>>>;

/// rd, rn, rm, the first byte, Q.
struct VectorExtract {
    using Operands = VectorExtract;
    u8 rd, rn, rm, first, full;
    constexpr bool operator==(const VectorExtract&) const = default;
    static constexpr VectorExtract decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), field(word, 11, 4), field(word, 30, 1)};
    }
    static constexpr u32 encode(VectorExtract o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.first) << 11 | u32(o.full) << 30;
    }
    static constexpr bool allocated(u32 word) { return bits(word, 30, 1) != 0 || bits(word, 14, 1) == 0; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.reg(v_names, o.rm), t.literal(", #");
        t.number(o.first), t.comma(), t.word(Vector2<u8>::whole_names, o.full);
    }
};
struct ext : Instruction<"ext", "0 . 101110 000 ..... 0 .... 0 ..... .....", VectorExtract> {
    template <Emitter E>
    static constexpr void run(E& e, VectorExtract o, Here) {
        auto a = v(e, o.rn);
        auto b = v(e, o.rm);
        if (o.full != 0) return set_v(e, o.rd, e.template vector_with<isa::ExtractBytes>(u64{o.first}, a, b));
        auto both = e.template vector<isa::JoinLow>(a, b);
        set_v(e, o.rd, e.low_half(e.template vector_with<isa::ExtractBytes>(u64{o.first}, both, both)));
    }
};

/// Tables are up to four registers from rn on, v0 after v31.
template <int Tables>
struct TableOperands : Vector3<u8> {
    using Operands = TableOperands;
    static constexpr TableOperands decode(u32 word) { return {Vector3<u8>::decode(word)}; }
    static constexpr u32 encode(TableOperands o) { return Vector3<u8>::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 4> counts{" * 1}, ", " * 2}, ", " * 3}, ", " * 4}, "};
        t.reg(v_names, o.rd), t.literal(", {"), t.reg(v_names, o.rn), t.literal(counts[Tables - 1]), t.reg(v_names, o.rm);
        t.comma(), t.word(Vector2<u8>::whole_names, o.full);
    }
};
template <isa::Text Name, isa::Text Bits, int Tables, bool Keeps>
struct TableOf : Instruction<Name, Bits, TableOperands<Tables>> {
    template <Emitter E>
    static constexpr void run(E& e, TableOperands<Tables> o, Here) {
        auto index = v(e, o.rm);
        auto old = v(e, o.rd);
        auto table = [&](int number) { return v(e, u8((o.rn + number) & 31)); };
        auto look_up = [&](auto... tables) {
            if constexpr (Keeps)
                return e.template vector<isa::LookUpOnto>(old, index, tables...);
            else
                return e.template vector<isa::LookUp>(index, tables...);
        };
        if constexpr (Tables == 1) set_v(e, o.rd, o.full, look_up(table(0)));
        if constexpr (Tables == 2) {
            auto first = table(0);
            set_v(e, o.rd, o.full, look_up(first, table(1)));
        }
        if constexpr (Tables == 3) {
            auto first = table(0);
            auto second = table(1);
            set_v(e, o.rd, o.full, look_up(first, second, table(2)));
        }
        if constexpr (Tables == 4) {
            auto first = table(0);
            auto second = table(1);
            auto third = table(2);
            set_v(e, o.rd, o.full, look_up(first, second, third, table(3)));
        }
    }
};
struct tbl_1 : TableOf<"tbl_1", "0 . 001110 000 ..... 0 00 0 00 ..... .....", 1, false> {};
struct tbl_2 : TableOf<"tbl_2", "0 . 001110 000 ..... 0 01 0 00 ..... .....", 2, false> {};
struct tbl_3 : TableOf<"tbl_3", "0 . 001110 000 ..... 0 10 0 00 ..... .....", 3, false> {};
struct tbl_4 : TableOf<"tbl_4", "0 . 001110 000 ..... 0 11 0 00 ..... .....", 4, false> {};
struct tbx_1 : TableOf<"tbx_1", "0 . 001110 000 ..... 0 00 1 00 ..... .....", 1, true> {};
struct tbx_2 : TableOf<"tbx_2", "0 . 001110 000 ..... 0 01 1 00 ..... .....", 2, true> {};
struct tbx_3 : TableOf<"tbx_3", "0 . 001110 000 ..... 0 10 1 00 ..... .....", 3, true> {};
struct tbx_4 : TableOf<"tbx_4", "0 . 001110 000 ..... 0 11 1 00 ..... .....", 4, true> {};

using VectorMoves = isa::Join<InstructionList<movi, mvni, orr_vimm, bic_vimm, ext, tbl_1, tbl_2, tbl_3, tbl_4, tbx_1, tbx_2,
                                              tbx_3, tbx_4>,
                              Permutes<u8>, Permutes<u16>, Permutes<u32>, Permutes<u64>>;

}  // namespace lyrebird::aarch64
