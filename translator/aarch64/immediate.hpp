// Data processing with an immediate (Arm ARM C4.1.93).
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/formats.hpp"

namespace lyrebird::aarch64 {

// ---- addresses ----

/// rd, 21-bit signed immediate, counted in bytes (adr) or pages (adrp).
template <int Shift>
struct PcRelative {
    using Operands = PcRelative;
    u8 rd;
    i32 imm;
    constexpr bool operator==(const PcRelative&) const = default;
    static constexpr PcRelative decode(u32 word) {
        return {rd_of(word), i32(sign_extend(bits(word, 5, 19) << 2 | bits(word, 29, 2), 21))};
    }
    static constexpr u32 encode(PcRelative o) {
        return u32(o.rd) | bits(u32(o.imm), 0, 2) << 29 | bits(u32(o.imm), 2, 19) << 5;
    }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rd), t.literal(", #"), t.number(o.imm); }
};
struct adr : Instruction<"adr", "0 .. 10000 ................... .....", PcRelative<0>> {
    template <Emitter E>
    static constexpr void run(E& e, PcRelative<0> o, Here) {
        set_x(e, o.rd, e.here(o.imm));
    }
};
struct adrp : Instruction<"adrp", "1 .. 10000 ................... .....", PcRelative<12>> {
    template <Emitter E>
    static constexpr void run(E& e, PcRelative<12> o, Here here) {
        set_x(e, o.rd, e.here(i64(o.imm) * 4096 - i64(here.pc & 4095)));
    }
};

// ---- sums ----

/// rd, rn, 12-bit immediate, shifted left by 12 when `high`. rd is a stack pointer unless flags are set.
template <class T, bool SetsFlags>
struct AddImmediate {
    using Operands = AddImmediate;
    u8 rd, rn, high;
    u16 imm;
    constexpr bool operator==(const AddImmediate&) const = default;
    static constexpr AddImmediate decode(u32 word) {
        return {rd_of(word), rn_of(word), field(word, 22, 1), u16(bits(word, 10, 12))};
    }
    static constexpr u32 encode(AddImmediate o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.imm & 4095) << 10 | u32(o.high) << 22;
    }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 2> shifts{"", "lsl #12"};
        t.reg(general_names<T, !SetsFlags>(), o.rd), t.comma(), t.reg(general_names<T, true>(), o.rn);
        t.literal(", #"), t.number(o.imm), t.optional_word(shifts, o.high, 0);
    }
    constexpr u64 value() const { return high != 0 ? u64(imm) << 12 : imm; }
};

template <class T, isa::Text Name, isa::Text Bits, bool Subtract>
struct AddImmediateOf : Sized<T, Name, Bits, AddImmediate<T, false>> {
    template <Emitter E>
    static constexpr void run(E& e, AddImmediate<T, false> o, Here) {
        auto a = reg_sp<T>(e, o.rn);
        auto b = constant<T>(e, Subtract ? 0 - o.value() : o.value());
        set_reg_sp<T>(e, o.rd, o.value() == 0 ? a : e.add(a, b));
    }
};
template <class T> struct add_imm : AddImmediateOf<T, "add_imm", ".0010001 0. ............ ..... .....", false> {};
template <class T> struct sub_imm : AddImmediateOf<T, "sub_imm", ".1010001 0. ............ ..... .....", true> {};

template <class T, isa::Text Name, isa::Text Bits, bool Subtract>
struct AddImmediateFlagged : Sized<T, Name, Bits, AddImmediate<T, true>> {
    template <Emitter E>
    static constexpr void run(E& e, AddImmediate<T, true> o, Here) {
        auto a = reg_sp<T>(e, o.rn);
        auto b = constant<T>(e, o.value());
        auto result = Subtract ? e.sub_flagged(a, b) : e.add_flagged(a, b);
        set_reg<T>(e, o.rd, result.value);
        e.set(flags_slot, result.flags);
    }
};
template <class T> struct adds_imm : AddImmediateFlagged<T, "adds_imm", ".0110001 0. ............ ..... .....", false> {};
template <class T> struct subs_imm : AddImmediateFlagged<T, "subs_imm", ".1110001 0. ............ ..... .....", true> {};

// FEAT_CSSC: minimum and maximum with an 8-bit immediate, which is signed in the signed forms.
template <class T, bool Signed>
struct MinimumImmediate {
    using Operands = MinimumImmediate;
    u8 rd, rn;
    std::conditional_t<Signed, i8, u8> imm;
    constexpr bool operator==(const MinimumImmediate&) const = default;
    static constexpr MinimumImmediate decode(u32 word) { return {rd_of(word), rn_of(word), decltype(imm)(field(word, 10, 8))}; }
    static constexpr u32 encode(MinimumImmediate o) { return u32(o.rd) | u32(o.rn) << 5 | u32(u8(o.imm)) << 10; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn), t.literal(", #"), t.number(o.imm);
    }
};
template <class T, isa::Text Name, isa::Text Bits, auto Operation, bool Signed>
struct MinimumImmediateOf : Sized<T, Name, Bits, MinimumImmediate<T, Signed>> {
    template <Emitter E>
    static constexpr void run(E& e, MinimumImmediate<T, Signed> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto b = constant<T>(e, u64(i64(o.imm)));
        set_reg<T>(e, o.rd, Operation(e, a, b));
    }
};
template <class T>
struct smax_imm : MinimumImmediateOf<T, "smax_imm", ".0010001 11 0000 ........ ..... .....", operation::max_s, true> {};
template <class T>
struct umax_imm : MinimumImmediateOf<T, "umax_imm", ".0010001 11 0001 ........ ..... .....", operation::max_u, false> {};
template <class T>
struct smin_imm : MinimumImmediateOf<T, "smin_imm", ".0010001 11 0010 ........ ..... .....", operation::min_s, true> {};
template <class T>
struct umin_imm : MinimumImmediateOf<T, "umin_imm", ".0010001 11 0011 ........ ..... .....", operation::min_u, false> {};

// ---- logic ----

/// The mask that N:immr:imms stand for (DecodeBitMasks, C3.4.2), replicated to 64 bits; `valid` is false for reserved ones.
struct BitMask {
    u64 value = 0;
    bool valid = false;

    static constexpr BitMask of(u32 n, u32 immr, u32 imms) {
        const int length = 31 - std::countl_zero(n << 6 | (~imms & 63) | 0U);
        if (length < 1) return {};
        const u32 levels = (1U << length) - 1;
        const u32 ones = imms & levels;
        const u32 rotation = immr & levels;
        if (ones == levels) return {};
        const u32 size = 1U << length;
        const u64 element = size == 64 ? ~u64{0} : (u64{1} << size) - 1;
        u64 mask = (u64{1} << (ones + 1)) - 1;
        if (rotation != 0) mask = (mask >> rotation | mask << (size - rotation)) & element;
        for (u32 width = size; width < 64; width *= 2) mask |= mask << width;
        return {mask, true};
    }
};
/// rd, rn, bit mask, kept as its 13 bits of the encoding. rd is a stack pointer unless flags are set.
template <class T, bool SetsFlags>
struct LogicalImmediate {
    using Operands = LogicalImmediate;
    u8 rd, rn;
    u16 mask;  // N:immr:imms
    constexpr bool operator==(const LogicalImmediate&) const = default;
    static constexpr LogicalImmediate decode(u32 word) { return {rd_of(word), rn_of(word), u16(bits(word, 10, 13))}; }
    static constexpr u32 encode(LogicalImmediate o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.mask & 0x1fff) << 10; }
    static constexpr bool allocated(u32 word) {
        return (sizeof(T) == 8 || bits(word, 22, 1) == 0) && decode(word).bit_mask().valid;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T, !SetsFlags>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn);
        t.literal(", mask "), t.hex(o.mask);
    }
    constexpr BitMask bit_mask() const { return BitMask::of(mask >> 12 & 1, mask >> 6 & 63, mask & 63); }
    constexpr u64 value() const { return bit_mask().value; }
};
template <class T, isa::Text Name, isa::Text Bits, auto Operation>
struct LogicalImmediateOf : Sized<T, Name, Bits, LogicalImmediate<T, false>> {
    template <Emitter E>
    static constexpr void run(E& e, LogicalImmediate<T, false> o, Here) {
        auto a = reg<T>(e, o.rn);
        set_reg_sp<T>(e, o.rd, Operation(e, a, constant<T>(e, o.value())));
    }
};
template <class T> struct and_imm : LogicalImmediateOf<T, "and_imm", ".00 100100 . ...... ...... ..... .....", operation::and_> {};
template <class T> struct orr_imm : LogicalImmediateOf<T, "orr_imm", ".01 100100 . ...... ...... ..... .....", operation::or_> {};
template <class T> struct eor_imm : LogicalImmediateOf<T, "eor_imm", ".10 100100 . ...... ...... ..... .....", operation::xor_> {};
template <class T> struct ands_imm : Sized<T, "ands_imm", ".11 100100 . ...... ...... ..... .....", LogicalImmediate<T, true>> {
    template <Emitter E>
    static constexpr void run(E& e, LogicalImmediate<T, true> o, Here) {
        auto a = reg<T>(e, o.rn);
        auto result = e.and_flagged(a, constant<T>(e, o.value()));
        set_reg<T>(e, o.rd, result.value);
        e.set(flags_slot, result.flags);
    }
};

// ---- wide moves ----

/// rd, 16-bit immediate, and the quarter of the register that it stands in.
template <class T>
struct WideImmediate {
    using Operands = WideImmediate;
    u8 rd, quarter;
    u16 imm;
    constexpr bool operator==(const WideImmediate&) const = default;
    static constexpr WideImmediate decode(u32 word) { return {rd_of(word), field(word, 21, 2), u16(bits(word, 5, 16))}; }
    static constexpr u32 encode(WideImmediate o) { return u32(o.rd) | u32(o.imm) << 5 | u32(o.quarter) << 21; }
    static constexpr bool allocated(u32 word) { return sizeof(T) == 8 || bits(word, 22, 1) == 0; }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 4> shifts{"", "lsl #16", "lsl #32", "lsl #48"};
        t.reg(general_names<T>(), o.rd), t.literal(", #"), t.number(o.imm), t.optional_word(shifts, o.quarter, 0);
    }
    constexpr u64 value() const { return u64(imm) << (16 * quarter); }
};
template <class T> struct movn : Sized<T, "movn", ".00 100101 .. ................ .....", WideImmediate<T>> {
    template <Emitter E>
    static constexpr void run(E& e, WideImmediate<T> o, Here) {
        set_reg<T>(e, o.rd, constant<T>(e, ~o.value()));
    }
};
template <class T> struct movz : Sized<T, "movz", ".10 100101 .. ................ .....", WideImmediate<T>> {
    template <Emitter E>
    static constexpr void run(E& e, WideImmediate<T> o, Here) {
        set_reg<T>(e, o.rd, constant<T>(e, o.value()));
    }
};
template <class T> struct movk : Sized<T, "movk", ".11 100101 .. ................ .....", WideImmediate<T>> {
    template <Emitter E>
    static constexpr void run(E& e, WideImmediate<T> o, Here) {
        auto old = reg<T>(e, o.rd);
        auto kept = e.and_(old, constant<T>(e, ~(u64{0xffff} << (16 * o.quarter))));
        set_reg<T>(e, o.rd, e.or_(kept, constant<T>(e, o.value())));
    }
};

// ---- bit fields ----

/// rd, rn, immr, imms.
template <class T>
struct BitField {
    using Operands = BitField;
    u8 rd, rn, immr, imms;
    static constexpr u8 width = sizeof(T) * 8;
    constexpr bool operator==(const BitField&) const = default;
    static constexpr BitField decode(u32 word) {
        return {rd_of(word), rn_of(word), field(word, 16, 6), field(word, 10, 6)};
    }
    static constexpr u32 encode(BitField o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.immr) << 16 | u32(o.imms) << 10 | u32(sizeof(T) == 8) << 22;
    }
    static constexpr bool allocated(u32 word) {
        return bits(word, 22, 1) == bits(word, 31, 1) && decode(word).immr < width && decode(word).imms < width;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn);
        t.literal(", #"), t.number(o.immr), t.literal(", #"), t.number(o.imms);
    }
    /// The field is taken out from immr up to imms; else the imms + 1 lowest bits are put at width - immr.
    constexpr bool extracts() const { return imms >= immr; }
};
constexpr u64 low_ones(int count) {
    return count >= 64 ? ~u64{0} : (u64{1} << count) - 1;
}
/// The field at the top, then moved down with the bits that `down` shifts in.
template <class T, Emitter E>
constexpr Int<E, T> moved_field(E& e, Int<E, T> a, BitField<T> o, auto down) {
    const int up_by = BitField<T>::width - 1 - o.imms;
    const int down_by = o.extracts() ? up_by + o.immr : o.immr - o.imms - 1;
    auto top = up_by == 0 ? a : e.shl(a, constant<T>(e, u64(up_by)));
    return down_by == 0 ? top : down(e, top, constant<T>(e, u64(down_by)));
}
template <class T> struct sbfm : Sized<T, "sbfm", ".00 100110 . ...... ...... ..... .....", BitField<T>> {
    template <Emitter E>
    static constexpr void run(E& e, BitField<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        if constexpr (sizeof(T) == 8) {
            if (o.immr == 0 && o.imms == 31) return set_x(e, o.rd, e.sext(e.trunc(a)));
            if (o.immr == 0 && o.imms == 15) return set_x(e, o.rd, e.template sext_from<16>(a));
            if (o.immr == 0 && o.imms == 7) return set_x(e, o.rd, e.template sext_from<8>(a));
        }
        set_reg<T>(e, o.rd, moved_field<T>(e, a, o, operation::sar));
    }
};
template <class T> struct ubfm : Sized<T, "ubfm", ".10 100110 . ...... ...... ..... .....", BitField<T>> {
    template <Emitter E>
    static constexpr void run(E& e, BitField<T> o, Here) {
        auto a = reg<T>(e, o.rn);
        if (!o.extracts() || o.imms == BitField<T>::width - 1)
            return set_reg<T>(e, o.rd, moved_field<T>(e, a, o, operation::shr));
        auto low = o.immr == 0 ? a : e.shr(a, constant<T>(e, o.immr));
        set_reg<T>(e, o.rd, e.and_(low, constant<T>(e, low_ones(o.imms - o.immr + 1))));
    }
};
template <class T> struct bfm : Sized<T, "bfm", ".01 100110 . ...... ...... ..... .....", BitField<T>> {
    template <Emitter E>
    static constexpr void run(E& e, BitField<T> o, Here) {
        auto old = reg<T>(e, o.rd);
        auto a = reg<T>(e, o.rn);
        const int lowest = o.extracts() ? 0 : BitField<T>::width - o.immr;
        const u64 mask = low_ones(o.extracts() ? o.imms - o.immr + 1 : o.imms + 1) << lowest;
        if (o.extracts() && o.immr != 0) a = e.shr(a, constant<T>(e, o.immr));
        if (lowest != 0) a = e.shl(a, constant<T>(e, u64(lowest)));
        auto kept = e.and_(old, constant<T>(e, ~mask));
        auto put = e.and_(a, constant<T>(e, mask));
        set_reg<T>(e, o.rd, e.or_(kept, put));
    }
};

/// rd, rn, rm, lowest bit.
template <class T>
struct Extract {
    using Operands = Extract;
    u8 rd, rn, rm, lowest;
    constexpr bool operator==(const Extract&) const = default;
    static constexpr Extract decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 10, 6)}; }
    static constexpr u32 encode(Extract o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.lowest) << 10 | u32(sizeof(T) == 8) << 22;
    }
    static constexpr bool allocated(u32 word) {
        return bits(word, 22, 1) == bits(word, 31, 1) && (sizeof(T) == 8 || bits(word, 15, 1) == 0);
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn), t.comma();
        t.reg(general_names<T>(), o.rm), t.literal(", #"), t.number(o.lowest);
    }
};
template <class T> struct extr : Sized<T, "extr", ".00 100111 . 0 ..... ...... ..... .....", Extract<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Extract<T> o, Here) {
        auto high = reg<T>(e, o.rn);
        auto low = reg<T>(e, o.rm);
        if (o.lowest == 0) return set_reg<T>(e, o.rd, low);
        if (o.rn == o.rm) return set_reg<T>(e, o.rd, e.ror(low, constant<T>(e, o.lowest)));
        auto upper = e.shl(high, constant<T>(e, sizeof(T) * 8 - o.lowest));
        auto lower = e.shr(low, constant<T>(e, o.lowest));
        set_reg<T>(e, o.rd, e.or_(upper, lower));
    }
};

using Immediate = isa::Join<InstructionList<adr, adrp>,
                            BothWidths<add_imm, sub_imm, adds_imm, subs_imm, smax_imm, umax_imm, smin_imm, umin_imm, and_imm,
                                       orr_imm, eor_imm, ands_imm, movn, movz, movk, sbfm, ubfm, bfm, extr>>;

}  // namespace lyrebird::aarch64
