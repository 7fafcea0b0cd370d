// The operand formats of the 32-bit encodings (RISC-V unprivileged 2.2, 2.3): decode, encode, and assembly syntax.
// Compressed formats stand in compressed.hpp.
#pragma once

#include <array>
#include <string_view>

#include "runtime/base/bits.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::riscv64 {

inline constexpr std::array<std::string_view, 32> x_names{
    "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
    "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31"};
inline constexpr std::array<std::string_view, 32> f_names{
    "f0",  "f1",  "f2",  "f3",  "f4",  "f5",  "f6",  "f7",  "f8",  "f9",  "f10", "f11", "f12", "f13", "f14", "f15",
    "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31"};

constexpr u8 field(u32 word, int low, int count) {
    return u8(bits(word, low, count));
}
constexpr u8 rd_of(u32 word) { return field(word, 7, 5); }
constexpr u8 rs1_of(u32 word) { return field(word, 15, 5); }
constexpr u8 rs2_of(u32 word) { return field(word, 20, 5); }

/// No operands at all.
struct Nothing {
    using Operands = Nothing;
    constexpr bool operator==(const Nothing&) const = default;
    static constexpr Nothing decode(u32) { return {}; }
    static constexpr u32 encode(Nothing) { return 0; }
    static constexpr void text(auto&, auto&) {}
};

/// rd, rs1, rs2.
struct R {
    using Operands = R;
    u8 rd, rs1, rs2;
    constexpr bool operator==(const R&) const = default;
    static constexpr R decode(u32 word) { return {rd_of(word), rs1_of(word), rs2_of(word)}; }
    static constexpr u32 encode(R o) { return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.rs2) << 20; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs1), t.comma(), t.reg(x_names, o.rs2);
    }
};

/// rd, rs1.
struct R1 {
    using Operands = R1;
    u8 rd, rs1;
    constexpr bool operator==(const R1&) const = default;
    static constexpr R1 decode(u32 word) { return {rd_of(word), rs1_of(word)}; }
    static constexpr u32 encode(R1 o) { return u32(o.rd) << 7 | u32(o.rs1) << 15; }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs1); }
};

/// rd, rs1, 12-bit signed immediate.
struct I {
    using Operands = I;
    u8 rd, rs1;
    i32 imm;
    constexpr bool operator==(const I&) const = default;
    static constexpr I decode(u32 word) { return {rd_of(word), rs1_of(word), i32(word) >> 20}; }
    static constexpr u32 encode(I o) { return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.imm) << 20; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs1), t.comma(), t.number(o.imm);
    }
};

/// rd, imm(rs1): loads and jalr.
struct Load : I {
    using Operands = Load;
    static constexpr Load decode(u32 word) { return {I::decode(word)}; }
    static constexpr u32 encode(Load o) { return I::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.number(o.imm), t.literal("("), t.reg(x_names, o.rs1), t.literal(")");
    }
};

/// rs2, imm(rs1): stores.
struct S {
    using Operands = S;
    u8 rs1, rs2;
    i32 imm;
    constexpr bool operator==(const S&) const = default;
    static constexpr S decode(u32 word) {
        return {rs1_of(word), rs2_of(word), (i32(word) >> 25) * 32 + i32(bits(word, 7, 5))};
    }
    static constexpr u32 encode(S o) {
        u32 imm = u32(o.imm);
        return u32(o.rs1) << 15 | u32(o.rs2) << 20 | bits(imm, 0, 5) << 7 | bits(imm, 5, 7) << 25;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rs2), t.comma(), t.number(o.imm), t.literal("("), t.reg(x_names, o.rs1), t.literal(")");
    }
};

/// rs1, rs2, branch offset in bytes, even.
struct B {
    using Operands = B;
    u8 rs1, rs2;
    i32 imm;
    constexpr bool operator==(const B&) const = default;
    static constexpr B decode(u32 word) {
        u32 imm = bits(word, 31, 1) << 12 | bits(word, 7, 1) << 11 | bits(word, 25, 6) << 5 | bits(word, 8, 4) << 1;
        return {rs1_of(word), rs2_of(word), i32(sign_extend(imm, 13))};
    }
    static constexpr u32 encode(B o) {
        u32 imm = u32(o.imm);
        return u32(o.rs1) << 15 | u32(o.rs2) << 20 | bits(imm, 12, 1) << 31 | bits(imm, 11, 1) << 7 |
               bits(imm, 5, 6) << 25 | bits(imm, 1, 4) << 8;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rs1), t.comma(), t.reg(x_names, o.rs2), t.comma(), t.target(o.imm);
    }
};

/// rd, upper immediate: `imm` is the value added or loaded, its low 12 bits zero; written as the manual's 20-bit number.
struct U {
    using Operands = U;
    u8 rd;
    i32 imm;
    constexpr bool operator==(const U&) const = default;
    static constexpr U decode(u32 word) { return {rd_of(word), i32(word & 0xffff'f000)}; }
    static constexpr u32 encode(U o) { return u32(o.rd) << 7 | u32(o.imm); }
    static constexpr void text(auto& t, auto& o) {
        u32 upper = u32(o.imm) >> 12;
        t.reg(x_names, o.rd), t.comma(), t.hex(upper);
        if constexpr (requires { o.imm = 0; }) o.imm = i32(upper << 12);
    }
};

/// rd, jump offset in bytes, even.
struct J {
    using Operands = J;
    u8 rd;
    i32 imm;
    constexpr bool operator==(const J&) const = default;
    static constexpr J decode(u32 word) {
        u32 imm = bits(word, 31, 1) << 20 | bits(word, 12, 8) << 12 | bits(word, 20, 1) << 11 | bits(word, 21, 10) << 1;
        return {rd_of(word), i32(sign_extend(imm, 21))};
    }
    static constexpr u32 encode(J o) {
        u32 imm = u32(o.imm);
        return u32(o.rd) << 7 | bits(imm, 20, 1) << 31 | bits(imm, 12, 8) << 12 | bits(imm, 11, 1) << 20 |
               bits(imm, 1, 10) << 21;
    }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rd), t.comma(), t.target(o.imm); }
};

/// rd, rs1, shift amount of `Width` bits (5 or 6).
template <int Width>
struct Shift {
    using Operands = Shift;
    u8 rd, rs1, amount;
    constexpr bool operator==(const Shift&) const = default;
    static constexpr Shift decode(u32 word) { return {rd_of(word), rs1_of(word), field(word, 20, Width)}; }
    static constexpr u32 encode(Shift o) { return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.amount) << 20; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs1), t.comma(), t.number(o.amount);
    }
};

}  // namespace lyrebird::riscv64
