// The operand formats of the floating-point encodings (RISC-V unprivileged 20 – 24). A format's template arguments are the
// registers' names, so that one format serves moves and conversions between the two register files.
//
// Every format with an `rm` field reserves the rounding modes 5 and 6; assembly leaves the mode out when it is dynamic.
#pragma once

#include "translator/riscv64/formats.hpp"

namespace lyrebird::riscv64 {

inline constexpr u8 dynamic_mode = 7;
inline constexpr std::array<std::string_view, 8> mode_names{"rne", "rtz", "rdn", "rup", "rmm", "", "", "dyn"};

constexpr u8 mode_of(u32 word) { return field(word, 12, 3); }
constexpr bool mode_allocated(u32 word) { return mode_of(word) != 5 && mode_of(word) != 6; }

/// rd, imm(rs1) with a floating-point rd.
struct FloatLoad : I {
    using Operands = FloatLoad;
    static constexpr FloatLoad decode(u32 word) { return {I::decode(word)}; }
    static constexpr u32 encode(FloatLoad o) { return I::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(f_names, o.rd), t.comma(), t.number(o.imm), t.literal("("), t.reg(x_names, o.rs1), t.literal(")");
    }
};

/// rs2, imm(rs1) with a floating-point rs2.
struct FloatStore : S {
    using Operands = FloatStore;
    static constexpr FloatStore decode(u32 word) { return {S::decode(word)}; }
    static constexpr u32 encode(FloatStore o) { return S::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(f_names, o.rs2), t.comma(), t.number(o.imm), t.literal("("), t.reg(x_names, o.rs1), t.literal(")");
    }
};

/// rd, rs1 without a rounding mode.
template <auto& RdNames, auto& RsNames>
struct FloatUnary : R1 {
    using Operands = FloatUnary;
    static constexpr FloatUnary decode(u32 word) { return {R1::decode(word)}; }
    static constexpr u32 encode(FloatUnary o) { return R1::encode(o); }
    static constexpr void text(auto& t, auto& o) { t.reg(RdNames, o.rd), t.comma(), t.reg(RsNames, o.rs1); }
};

/// rd, rs1, rs2 without a rounding mode; sources are floating-point registers.
template <auto& RdNames>
struct FloatBinary : R {
    using Operands = FloatBinary;
    static constexpr FloatBinary decode(u32 word) { return {R::decode(word)}; }
    static constexpr u32 encode(FloatBinary o) { return R::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(RdNames, o.rd), t.comma(), t.reg(f_names, o.rs1), t.comma(), t.reg(f_names, o.rs2);
    }
};

/// rd, rs1 and a rounding mode.
template <auto& RdNames, auto& RsNames>
struct RoundedUnary {
    using Operands = RoundedUnary;
    u8 rd, rs1, mode;
    constexpr bool operator==(const RoundedUnary&) const = default;
    static constexpr bool allocated(u32 word) { return mode_allocated(word); }
    static constexpr RoundedUnary decode(u32 word) { return {rd_of(word), rs1_of(word), mode_of(word)}; }
    static constexpr u32 encode(RoundedUnary o) { return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.mode) << 12; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(RdNames, o.rd), t.comma(), t.reg(RsNames, o.rs1), t.optional_word(mode_names, o.mode, dynamic_mode);
    }
};

/// rd, rs1, rs2 and a rounding mode.
struct RoundedBinary {
    using Operands = RoundedBinary;
    u8 rd, rs1, rs2, mode;
    constexpr bool operator==(const RoundedBinary&) const = default;
    static constexpr bool allocated(u32 word) { return mode_allocated(word); }
    static constexpr RoundedBinary decode(u32 word) { return {rd_of(word), rs1_of(word), rs2_of(word), mode_of(word)}; }
    static constexpr u32 encode(RoundedBinary o) {
        return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.rs2) << 20 | u32(o.mode) << 12;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(f_names, o.rd), t.comma(), t.reg(f_names, o.rs1), t.comma(), t.reg(f_names, o.rs2);
        t.optional_word(mode_names, o.mode, dynamic_mode);
    }
};

/// R4: rd, rs1, rs2, rs3 and a rounding mode.
struct RoundedTernary {
    using Operands = RoundedTernary;
    u8 rd, rs1, rs2, rs3, mode;
    constexpr bool operator==(const RoundedTernary&) const = default;
    static constexpr bool allocated(u32 word) { return mode_allocated(word); }
    static constexpr RoundedTernary decode(u32 word) {
        return {rd_of(word), rs1_of(word), rs2_of(word), field(word, 27, 5), mode_of(word)};
    }
    static constexpr u32 encode(RoundedTernary o) {
        return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.rs2) << 20 | u32(o.rs3) << 27 | u32(o.mode) << 12;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(f_names, o.rd), t.comma(), t.reg(f_names, o.rs1), t.comma(), t.reg(f_names, o.rs2), t.comma();
        t.reg(f_names, o.rs3), t.optional_word(mode_names, o.mode, dynamic_mode);
    }
};

}  // namespace lyrebird::riscv64
