// What A64's operand formats are made of: fields of a word, and register names. The formats stand with the instructions that
// they belong to (Arm ARM C4.1).
#pragma once

#include <array>
#include <string_view>
#include <type_traits>

#include "runtime/base/bits.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::aarch64 {

/// "x0" … "x30" and the name of number 31.
template <char Prefix>
struct NumberedNames {
    static constexpr auto text = [] {
        std::array<std::array<char, 3>, 32> all{};
        for (std::size_t n = 0; n < 32; ++n)
            all[n] = {Prefix, char('0' + (n < 10 ? n : n / 10)), char('0' + n % 10)};
        return all;
    }();
    static constexpr std::array<std::string_view, 32> with_last(std::string_view last) {
        std::array<std::string_view, 32> names;
        for (std::size_t n = 0; n < 32; ++n) names[n] = {text[n].data(), n < 10 ? 2U : 3U};
        if (!last.empty()) names[31] = last;
        return names;
    }
};
inline constexpr auto w_names = NumberedNames<'w'>::with_last("wzr");
inline constexpr auto x_names = NumberedNames<'x'>::with_last("xzr");
inline constexpr auto w_sp_names = NumberedNames<'w'>::with_last("wsp");
inline constexpr auto x_sp_names = NumberedNames<'x'>::with_last("sp");
inline constexpr auto b_names = NumberedNames<'b'>::with_last("");
inline constexpr auto h_names = NumberedNames<'h'>::with_last("");
inline constexpr auto s_names = NumberedNames<'s'>::with_last("");
inline constexpr auto d_names = NumberedNames<'d'>::with_last("");
inline constexpr auto q_names = NumberedNames<'q'>::with_last("");
inline constexpr auto v_names = NumberedNames<'v'>::with_last("");

/// Names of general registers of T's width (u32: w, u64: x); number 31 is the stack pointer or the zero register.
template <class T, bool StackPointer = false>
constexpr const auto& general_names() {
    if constexpr (sizeof(T) == 8)
        return StackPointer ? x_sp_names : x_names;
    else
        return StackPointer ? w_sp_names : w_names;
}
/// Names of the scalar view of a vector register, by its bytes.
template <int Bytes>
constexpr const auto& scalar_names() {
    if constexpr (Bytes == 1) return b_names;
    if constexpr (Bytes == 2) return h_names;
    if constexpr (Bytes == 4) return s_names;
    if constexpr (Bytes == 8) return d_names;
    if constexpr (Bytes == 16) return q_names;
}
inline constexpr std::array<std::string_view, 16> condition_names{"eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc",
                                                                  "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"};
inline constexpr std::array<std::string_view, 4> shift_names{"lsl", "lsr", "asr", "ror"};
inline constexpr std::array<std::string_view, 8> extend_names{"uxtb", "uxth", "uxtw", "uxtx",
                                                              "sxtb", "sxth", "sxtw", "sxtx"};

constexpr u8 field(u32 word, int low, int count) {
    return u8(bits(word, low, count));
}
constexpr u8 rd_of(u32 word) { return field(word, 0, 5); }
constexpr u8 rn_of(u32 word) { return field(word, 5, 5); }
constexpr u8 ra_of(u32 word) { return field(word, 10, 5); }
constexpr u8 rm_of(u32 word) { return field(word, 16, 5); }
constexpr bool is_wide(u32 word) { return word >> 31 != 0; }

/// No operands at all.
struct Nothing {
    using Operands = Nothing;
    constexpr bool operator==(const Nothing&) const = default;
    static constexpr Nothing decode(u32) { return {}; }
    static constexpr u32 encode(Nothing) { return 0; }
    static constexpr void text(auto&, auto&) {}
};
/// rd, rn.
template <class T>
struct R2 {
    using Operands = R2;
    u8 rd, rn;
    constexpr bool operator==(const R2&) const = default;
    static constexpr R2 decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(R2 o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn);
    }
};
/// rd, rn, rm. `Wide` is the width of rm where it differs.
template <class T, class Wide = T>
struct R3 {
    using Operands = R3;
    u8 rd, rn, rm;
    constexpr bool operator==(const R3&) const = default;
    static constexpr R3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(R3 o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn), t.comma();
        t.reg(general_names<Wide>(), o.rm);
    }
};
/// rd, rn, rm, ra; rn and rm of width `Source`.
template <class T, class Source = T>
struct R4 {
    using Operands = R4;
    u8 rd, rn, rm, ra;
    constexpr bool operator==(const R4&) const = default;
    static constexpr R4 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), ra_of(word)}; }
    static constexpr u32 encode(R4 o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.ra) << 10;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(general_names<Source>(), o.rn), t.comma();
        t.reg(general_names<Source>(), o.rm), t.comma(), t.reg(general_names<T>(), o.ra);
    }
};

}  // namespace lyrebird::aarch64
