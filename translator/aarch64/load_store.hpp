// Loads and stores of one register, and literals (Arm ARM C4.1.96). What a form does to memory is one type, how it finds its
// address another.
//
// Where base and target are the same register of a form that writes the base back, which is constrained unpredictable, a load's
// target ends as the address and a store stores the old value.
#pragma once

#include "translator/aarch64/formats.hpp"
#include "translator/aarch64/vector_access.hpp"

namespace lyrebird::aarch64 {

// ---- what is loaded and stored ----

/// A general register: memory as T (its sign counts), the register as wide as Target.
template <class T, class Target = u64>
struct IntegerLoad {
    static constexpr int bytes = sizeof(T);
    static constexpr const auto& names() { return general_names<Target>(); }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8) {
        return e.template load<T>(address);
    }
    template <Emitter E>
    static constexpr void finish(E& e, u8 rt, typename E::I64 value) {
        if constexpr (std::is_signed_v<T> && sizeof(Target) == 4)
            set_x(e, rt, e.zext(e.trunc(value)));
        else
            set_x(e, rt, value);
    }
};
template <class T>
struct IntegerStore {
    static constexpr int bytes = sizeof(T);
    static constexpr const auto& names() { return general_names<std::conditional_t<sizeof(T) == 8, u64, u32>>(); }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8 rt) {
        e.template store<T>(address, x(e, rt));
        return address;
    }
    template <Emitter E>
    static constexpr void finish(E&, u8, auto) {}
};
template <int Bytes>
struct VectorLoad {
    static constexpr int bytes = Bytes;
    static constexpr const auto& names() { return scalar_names<Bytes>(); }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8) {
        return e.template load_vector<Bytes>(address);
    }
    template <Emitter E>
    static constexpr void finish(E& e, u8 rt, typename E::V128 value) {
        set_v(e, rt, value);
    }
};
template <int Bytes>
struct VectorStore {
    static constexpr int bytes = Bytes;
    static constexpr const auto& names() { return scalar_names<Bytes>(); }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8 rt) {
        e.template store_vector<Bytes>(address, v(e, rt));
        return address;
    }
    template <Emitter E>
    static constexpr void finish(E&, u8, auto) {}
};
/// The target is a number that says what for.
inline constexpr auto prefetch_names = NumberedNames<'#'>::with_last("");
struct Prefetch {
    static constexpr int bytes = 8;
    static constexpr const auto& names() { return prefetch_names; }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8) {
        e.prefetch(address);
        return address;
    }
    template <Emitter E>
    static constexpr void finish(E&, u8, auto) {}
};

// ---- where ----

/// Scale is the size of the access as a power of two.
template <class Kind>
struct UnsignedOffset {
    using Operands = UnsignedOffset;
    u8 rt, rn;
    u16 offset;  // in units of the access's size
    constexpr bool operator==(const UnsignedOffset&) const = default;
    static constexpr UnsignedOffset decode(u32 word) { return {rd_of(word), rn_of(word), u16(bits(word, 10, 12))}; }
    static constexpr u32 encode(UnsignedOffset o) { return u32(o.rt) | u32(o.rn) << 5 | u32(o.offset & 4095) << 10; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(Kind::names(), o.rt), t.literal(", ["), t.reg(x_sp_names, o.rn), t.literal(", #");
        t.number(o.offset), t.literal(" * size]");
    }
    static constexpr bool writes_back = false;
    template <Emitter E>
    constexpr typename E::I64 address(E& e) const {
        auto base = reg_sp<u64>(e, rn);
        return offset == 0 ? base : e.add(base, e.imm(u64(offset) * Kind::bytes));
    }
};
template <class Kind, bool Before, bool After>
struct SignedOffset {
    using Operands = SignedOffset;
    u8 rt, rn;
    i16 offset;  // in bytes
    constexpr bool operator==(const SignedOffset&) const = default;
    static constexpr SignedOffset decode(u32 word) {
        return {rd_of(word), rn_of(word), i16(sign_extend(bits(word, 12, 9), 9))};
    }
    static constexpr u32 encode(SignedOffset o) { return u32(o.rt) | u32(o.rn) << 5 | bits(u32(o.offset), 0, 9) << 12; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(Kind::names(), o.rt), t.literal(", ["), t.reg(x_sp_names, o.rn), t.literal(Before ? ", #" : "], #");
        t.number(o.offset), t.literal(!Before ? "" : After ? "]!" : "]");
    }
    static constexpr bool writes_back = After;
    template <Emitter E>
    constexpr typename E::I64 address(E& e) const {
        auto base = reg_sp<u64>(e, rn);
        return !Before || offset == 0 ? base : e.add(base, e.imm(u64(i64(offset))));
    }
    /// Where the base has moved to, given where the access was.
    template <Emitter E>
    constexpr typename E::I64 moved(E& e, typename E::I64 where) const {
        return Before || offset == 0 ? where : e.add(where, e.imm(u64(i64(offset))));
    }
};
template <class Kind> using Unscaled = SignedOffset<Kind, true, false>;
template <class Kind> using PreIndexed = SignedOffset<Kind, true, true>;
template <class Kind> using PostIndexed = SignedOffset<Kind, false, true>;

/// rm extended, and shifted by the size of the access or not at all.
template <class Kind>
struct RegisterOffset {
    using Operands = RegisterOffset;
    u8 rt, rn, rm, kind, scaled;
    constexpr bool operator==(const RegisterOffset&) const = default;
    static constexpr RegisterOffset decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), field(word, 13, 3), field(word, 12, 1)};
    }
    static constexpr u32 encode(RegisterOffset o) {
        return u32(o.rt) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.kind) << 13 | u32(o.scaled) << 12;
    }
    static constexpr bool allocated(u32 word) { return bits(word, 14, 1) != 0; }
    static constexpr void text(auto& t, auto& o) {
        constexpr std::array<std::string_view, 2> scales{"", "scaled"};
        t.reg(Kind::names(), o.rt), t.literal(", ["), t.reg(x_sp_names, o.rn), t.comma(), t.reg(x_names, o.rm), t.comma();
        t.word(extend_names, o.kind), t.literal("]"), t.optional_word(scales, o.scaled, 0);
    }
    static constexpr bool writes_back = false;
    template <Emitter E>
    constexpr typename E::I64 address(E& e) const {
        auto base = reg_sp<u64>(e, rn);
        auto index = x(e, rm);
        if (kind == 2) index = e.zext(e.trunc(index));
        if (kind == 6) index = e.sext(e.trunc(index));
        if (scaled != 0 && Kind::bytes > 1) index = e.shl(index, e.imm(std::countr_zero(u32(Kind::bytes))));
        return e.add(base, index);
    }
};

template <isa::Text Name, isa::Text Bits, class Kind, template <class> class Mode>
struct Transfer : Instruction<Name, Bits, Mode<Kind>> {
    template <Emitter E>
    static constexpr void run(E& e, Mode<Kind> o, Here) {
        auto where = o.address(e);
        auto value = Kind::read(e, where, o.rt);
        if constexpr (Mode<Kind>::writes_back) {
            auto base = o.moved(e, where);
            Kind::finish(e, o.rt, value);
            e.set(x_slot(o.rn), base);
        } else {
            Kind::finish(e, o.rt, value);
        }
    }
};

/// All the modes of one kind; `Head` is size, 111 and V, `Opc` the two bits after the mode's.
template <isa::Text Name, isa::Text Suffix>
inline constexpr auto suffixed = [] {
    constexpr std::size_t size = Name.view().size(), more = Suffix.view().size();
    char text[size + more + 1]{};
    for (std::size_t i = 0; i < size; ++i) text[i] = Name.view()[i];
    for (std::size_t i = 0; i < more; ++i) text[size + i] = Suffix.view()[i];
    return isa::Text<size + more + 1>(text);
}();
template <isa::Text Head, isa::Text Mode, isa::Text Opc, isa::Text Tail>
inline constexpr auto transfer_bits = suffixed<suffixed<Head, Mode>, suffixed<Opc, Tail>>;

template <isa::Text Name, isa::Text Head, isa::Text Opc, class Kind>
using PlainModes = InstructionList<
    Transfer<suffixed<Name, "_imm">, transfer_bits<Head, "01", Opc, "............ ..... .....">, Kind, UnsignedOffset>,
    Transfer<suffixed<Name, "_reg">, transfer_bits<Head, "00", Opc, "1 ..... ... . 10 ..... .....">, Kind, RegisterOffset>>;
template <isa::Text Name, isa::Text Head, isa::Text Opc, class Kind>
using IndexedModes = InstructionList<
    Transfer<suffixed<Name, "_post">, transfer_bits<Head, "00", Opc, "0 ......... 01 ..... .....">, Kind, PostIndexed>,
    Transfer<suffixed<Name, "_pre">, transfer_bits<Head, "00", Opc, "0 ......... 11 ..... .....">, Kind, PreIndexed>>;
template <isa::Text Name, isa::Text Head, isa::Text Opc, class Kind>
using UnscaledMode =
    InstructionList<Transfer<Name, transfer_bits<Head, "00", Opc, "0 ......... 00 ..... .....">, Kind, Unscaled>>;
/// What the kernel would do for EL0 is what EL0 does itself.
template <isa::Text Name, isa::Text Head, isa::Text Opc, class Kind>
using UnprivilegedMode =
    InstructionList<Transfer<Name, transfer_bits<Head, "00", Opc, "0 ......... 10 ..... .....">, Kind, Unscaled>>;

/// `Stem` is what follows "ldr", "ldur", "ldtr" in the general forms' names.
template <isa::Text Name, isa::Text Unscaled, isa::Text Unprivileged, isa::Text Head, isa::Text Opc, class Kind>
using GeneralModes = isa::Join<PlainModes<Name, Head, Opc, Kind>, IndexedModes<Name, Head, Opc, Kind>,
                               UnscaledMode<Unscaled, Head, Opc, Kind>, UnprivilegedMode<Unprivileged, Head, Opc, Kind>>;
template <isa::Text Name, isa::Text Unscaled, isa::Text Head, isa::Text Opc, class Kind>
using VectorModes = isa::Join<PlainModes<Name, Head, Opc, Kind>, IndexedModes<Name, Head, Opc, Kind>,
                              UnscaledMode<Unscaled, Head, Opc, Kind>>;

// ---- literals ----

template <class Kind>
struct Literal {
    using Operands = Literal;
    u8 rt;
    i32 offset;
    constexpr bool operator==(const Literal&) const = default;
    static constexpr Literal decode(u32 word) { return {rd_of(word), i32(sign_extend(bits(word, 5, 19), 19)) * 4}; }
    static constexpr u32 encode(Literal o) { return u32(o.rt) | bits(u32(o.offset), 2, 19) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(Kind::names(), o.rt), t.comma(), t.target(o.offset); }
    static constexpr bool writes_back = false;
};
template <isa::Text Name, isa::Text Bits, class Kind>
struct LiteralOf : Instruction<Name, Bits, Literal<Kind>> {
    template <Emitter E>
    static constexpr void run(E& e, Literal<Kind> o, Here) {
        Kind::finish(e, o.rt, Kind::read(e, e.here(o.offset), o.rt));
    }
};
struct ldr_w_literal : LiteralOf<"ldr_w_literal", "00 011 000 ................... .....", IntegerLoad<u32, u32>> {};
struct ldr_x_literal : LiteralOf<"ldr_x_literal", "01 011 000 ................... .....", IntegerLoad<u64>> {};
struct ldrsw_literal : LiteralOf<"ldrsw_literal", "10 011 000 ................... .....", IntegerLoad<i32>> {};
struct prfm_literal : LiteralOf<"prfm_literal", "11 011 000 ................... .....", Prefetch> {};
struct ldr_s_literal : LiteralOf<"ldr_s_literal", "00 011 100 ................... .....", VectorLoad<4>> {};
struct ldr_d_literal : LiteralOf<"ldr_d_literal", "01 011 100 ................... .....", VectorLoad<8>> {};
struct ldr_q_literal : LiteralOf<"ldr_q_literal", "10 011 100 ................... .....", VectorLoad<16>> {};

using Literals =
    InstructionList<ldr_w_literal, ldr_x_literal, ldrsw_literal, prfm_literal, ldr_s_literal, ldr_d_literal, ldr_q_literal>;

using IntegerLoads =
    isa::Join<GeneralModes<"ldrb", "ldurb", "ldtrb", "00 111 0", "01", IntegerLoad<u8, u32>>,
              GeneralModes<"ldrsb_x", "ldursb_x", "ldtrsb_x", "00 111 0", "10", IntegerLoad<i8>>,
              GeneralModes<"ldrsb_w", "ldursb_w", "ldtrsb_w", "00 111 0", "11", IntegerLoad<i8, u32>>,
              GeneralModes<"ldrh", "ldurh", "ldtrh", "01 111 0", "01", IntegerLoad<u16, u32>>,
              GeneralModes<"ldrsh_x", "ldursh_x", "ldtrsh_x", "01 111 0", "10", IntegerLoad<i16>>,
              GeneralModes<"ldrsh_w", "ldursh_w", "ldtrsh_w", "01 111 0", "11", IntegerLoad<i16, u32>>,
              GeneralModes<"ldr_w", "ldur_w", "ldtr_w", "10 111 0", "01", IntegerLoad<u32, u32>>,
              GeneralModes<"ldrsw", "ldursw", "ldtrsw", "10 111 0", "10", IntegerLoad<i32>>,
              GeneralModes<"ldr_x", "ldur_x", "ldtr_x", "11 111 0", "01", IntegerLoad<u64>>,
              PlainModes<"prfm", "11 111 0", "10", Prefetch>, UnscaledMode<"prfum", "11 111 0", "10", Prefetch>>;
using IntegerStores = isa::Join<GeneralModes<"strb", "sturb", "sttrb", "00 111 0", "00", IntegerStore<u8>>,
                                GeneralModes<"strh", "sturh", "sttrh", "01 111 0", "00", IntegerStore<u16>>,
                                GeneralModes<"str_w", "stur_w", "sttr_w", "10 111 0", "00", IntegerStore<u32>>,
                                GeneralModes<"str_x", "stur_x", "sttr_x", "11 111 0", "00", IntegerStore<u64>>>;
using VectorTransfers =
    isa::Join<VectorModes<"str_b", "stur_b", "00 111 1", "00", VectorStore<1>>,
              VectorModes<"ldr_b", "ldur_b", "00 111 1", "01", VectorLoad<1>>,
              VectorModes<"str_q", "stur_q", "00 111 1", "10", VectorStore<16>>,
              VectorModes<"ldr_q", "ldur_q", "00 111 1", "11", VectorLoad<16>>,
              VectorModes<"str_h", "stur_h", "01 111 1", "00", VectorStore<2>>,
              VectorModes<"ldr_h", "ldur_h", "01 111 1", "01", VectorLoad<2>>,
              VectorModes<"str_s", "stur_s", "10 111 1", "00", VectorStore<4>>,
              VectorModes<"ldr_s", "ldur_s", "10 111 1", "01", VectorLoad<4>>,
              VectorModes<"str_d", "stur_d", "11 111 1", "00", VectorStore<8>>,
              VectorModes<"ldr_d", "ldur_d", "11 111 1", "01", VectorLoad<8>>>;

}  // namespace lyrebird::aarch64
