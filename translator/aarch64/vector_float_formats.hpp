// Operand formats of the Advanced SIMD floating-point encodings, vector and scalar (Arm ARM C4.1.97). Most instructions come in
// four shapes: vectors of single and double precision, of half precision, and both with one lane only; one description makes
// the patterns of all.
#pragma once

#include "translator/aarch64/float_lanes.hpp"
#include "translator/aarch64/formats_float.hpp"

namespace lyrebird::aarch64 {

enum class Shape : u8 { vector, vector_half, scalar, scalar_half };
constexpr bool is_scalar(Shape shape) { return shape >= Shape::scalar; }
constexpr bool is_half(Shape shape) { return shape == Shape::vector_half || shape == Shape::scalar_half; }

/// Arrangements of a register: the size of a lane as a power of two in bytes, and below it 1 for all 16 bytes. For scalars
/// that bit is 0.
inline constexpr std::array<std::string_view, 8> arrangement_suffixes{".8b", ".16b", ".4h", ".8h", ".2s", ".4s", ".1d", ".2d"};
/// "v0.8b" … : a register's number, and its arrangement from bit 5 up. As scalars: "b0" … "d31".
struct ArrangedNames {
    std::array<std::array<char, 7>, 256> text{};
    std::array<std::array<char, 3>, 256> scalar_text{};
    std::array<u8, 256> sizes{};
    constexpr ArrangedNames() {
        for (std::size_t i = 0; i < 256; ++i) {
            std::size_t size = 0;
            text[i][size++] = 'v';
            if (i % 32 >= 10) text[i][size++] = char('0' + i % 32 / 10);
            text[i][size++] = char('0' + i % 32 % 10);
            scalar_text[i] = {"bbhhssdd"[i / 32], text[i][1], text[i][2]};
            for (char c : arrangement_suffixes[i / 32]) text[i][size++] = c;
            sizes[i] = u8(size);
        }
    }
    template <bool Scalar>
    constexpr std::array<std::string_view, 256> views() const {
        std::array<std::string_view, 256> views;
        for (std::size_t i = 0; i < 256; ++i)
            views[i] = Scalar ? std::string_view(scalar_text[i].data(), i % 32 < 10 ? 2 : 3)
                              : std::string_view(text[i].data(), sizes[i]);
        return views;
    }
};
inline constexpr ArrangedNames arranged{};
inline constexpr auto arranged_names = arranged.views<false>();
inline constexpr auto arranged_scalar_names = arranged.views<true>();

/// A register and its arrangement, printed or read as one word.
template <bool Scalar>
constexpr void arranged_reg(auto& t, auto& number, auto& arrangement) {
    u16 both = u16(number | arrangement << 5);
    t.reg(Scalar ? arranged_scalar_names : arranged_names, both);
    if constexpr (!std::is_const_v<std::remove_reference_t<decltype(number)>>) {
        number = u8(both & 31);
        arrangement = u8(both >> 5);
    }
}

template <Shape S>
constexpr u8 arrangement_of(u32 word) {
    const u32 size = is_half(S) ? 1 : 2 + bits(word, 22, 1);
    return u8(size << 1 | (is_scalar(S) ? 0 : bits(word, 30, 1)));
}
template <Shape S>
constexpr u32 arrangement_bits(u8 arrangement) {
    const u32 size = is_half(S) ? 0 : u32(arrangement >> 1 & 1) << 22;
    return size | (is_scalar(S) ? 0 : u32(arrangement & 1) << 30);
}
/// One double alone is no vector.
template <Shape S>
constexpr bool arrangement_allocated(u32 word) {
    return S != Shape::vector || bits(word, 22, 1) == 0 || bits(word, 30, 1) == 1;
}
template <Shape S>
constexpr int lanes_in(u8 arrangement) {
    return is_scalar(S) ? 1 : (arrangement & 1 ? 16 : 8) >> (arrangement >> 1);
}
/// Calls `f` with the precision of the lanes.
template <Shape S>
constexpr void with_precision(u8 arrangement, auto f) {
    if constexpr (is_half(S)) {
        f(F16{});
    } else {
        if (arrangement >> 1 == 3)
            f(F64{});
        else
            f(F32{});
    }
}

/// `Form` with U, a and the o's replaced by the digits of `Values`: U, a and the opcode, of which a form may have the end
/// only.
template <isa::Text Form, isa::Text Values>
inline constexpr auto filled = [] {
    auto text = Form;
    char digits[32]{};
    int count = 0, opcode = 0, used = 0;
    for (char c : Values.view())
        if (c != ' ') digits[count++] = c;
    for (char c : Form.view()) opcode += c == 'o';
    for (char& c : text.characters) {
        if (c == 'U') c = digits[0];
        if (c == 'a') c = digits[1];
        if (c == 'o') c = digits[count - opcode + used++];
    }
    return text;
}();
template <Shape S, isa::Text Name>
inline constexpr auto shaped_name = [] {
    constexpr std::array<std::string_view, 4> suffixes{"_v", "_vh", "_sd", "_h"};
    constexpr std::string_view name = Name.view(), suffix = suffixes[std::size_t(S)];
    char text[name.size() + suffix.size() + 1]{};
    for (std::size_t i = 0; i < name.size(); ++i) text[i] = name[i];
    for (std::size_t i = 0; i < suffix.size(); ++i) text[name.size() + i] = suffix[i];
    return isa::Text<name.size() + suffix.size() + 1>(text);
}();
template <Shape S, isa::Text Vector, isa::Text VectorHalf, isa::Text Scalar, isa::Text ScalarHalf, isa::Text Values>
constexpr auto shaped() {
    if constexpr (S == Shape::vector) return filled<Vector, Values>;
    if constexpr (S == Shape::vector_half) return filled<VectorHalf, Values>;
    if constexpr (S == Shape::scalar) return filled<Scalar, Values>;
    if constexpr (S == Shape::scalar_half) return filled<ScalarHalf, Values>;
}
template <Shape S, isa::Text Values>
inline constexpr auto three_same =
    shaped<S, "0 . U 01110 a . 1 ..... ooooo 1 ..... .....", "0 . U 01110 a 10 ..... 00 ooo 1 ..... .....",
           "01 U 11110 a . 1 ..... ooooo 1 ..... .....", "01 U 11110 a 10 ..... 00 ooo 1 ..... .....", Values>();
template <Shape S, isa::Text Values>
inline constexpr auto two_misc =
    shaped<S, "0 . U 01110 a . 10000 ooooo 10 ..... .....", "0 . U 01110 a 111100 ooooo 10 ..... .....",
           "01 U 11110 a . 10000 ooooo 10 ..... .....", "01 U 11110 a 111100 ooooo 10 ..... .....", Values>();
/// Values: U, a zero, opcode.
template <Shape S, isa::Text Values>
inline constexpr auto by_element =
    shaped<S, "0 . U 01111 1 . . . .... oooo . 0 ..... .....", "0 . U 01111 00 . . .... oooo . 0 ..... .....",
           "01 U 11111 1 . . . .... oooo . 0 ..... .....", "01 U 11111 00 . . .... oooo . 0 ..... .....", Values>();
/// Values: U, a zero, opcode. The first ones of the free field (immh:immb) say the size.
template <Shape S, isa::Text Values>
inline constexpr auto by_shift =
    shaped<S, "0 . U 011110 ....... ooooo 1 ..... .....", "0 . U 011110 001 .... ooooo 1 ..... .....",
           "01 U 111110 ....... ooooo 1 ..... .....", "01 U 111110 001 .... ooooo 1 ..... .....", Values>();

template <template <Shape> class... Instructions>
using VectorShapes = isa::Join<InstructionList<Instructions<Shape::vector>, Instructions<Shape::vector_half>>...>;
template <template <Shape> class... Instructions>
using ScalarShapes = isa::Join<InstructionList<Instructions<Shape::scalar>, Instructions<Shape::scalar_half>>...>;
template <template <Shape> class... Instructions>
using AllShapes = isa::Join<VectorShapes<Instructions...>, ScalarShapes<Instructions...>>;

// ---- formats ----

/// rd, rn.
template <Shape S>
struct VectorFloat2 {
    using Operands = VectorFloat2;
    u8 rd, rn, arrangement;
    constexpr bool operator==(const VectorFloat2&) const = default;
    static constexpr bool allocated(u32 word) { return arrangement_allocated<S>(word); }
    static constexpr VectorFloat2 decode(u32 word) { return {rd_of(word), rn_of(word), arrangement_of<S>(word)}; }
    static constexpr u32 encode(VectorFloat2 o) {
        return u32(o.rd) | u32(o.rn) << 5 | arrangement_bits<S>(o.arrangement);
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<is_scalar(S)>(t, o.rd, o.arrangement), t.comma();
        arranged_reg<is_scalar(S)>(t, o.rn, o.arrangement);
    }
};
/// rd, rn, compared with zero.
template <Shape S>
struct VectorFloatZero : VectorFloat2<S> {
    using Operands = VectorFloatZero;
    static constexpr VectorFloatZero decode(u32 word) { return {VectorFloat2<S>::decode(word)}; }
    static constexpr u32 encode(VectorFloatZero o) { return VectorFloat2<S>::encode(o); }
    static constexpr void text(auto& t, auto& o) { VectorFloat2<S>::text(t, o), t.literal(", #0.0"); }
};
/// rd, rn, rm.
template <Shape S>
struct VectorFloat3 {
    using Operands = VectorFloat3;
    u8 rd, rn, rm, arrangement;
    constexpr bool operator==(const VectorFloat3&) const = default;
    static constexpr bool allocated(u32 word) { return arrangement_allocated<S>(word); }
    static constexpr VectorFloat3 decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), arrangement_of<S>(word)};
    }
    static constexpr u32 encode(VectorFloat3 o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | arrangement_bits<S>(o.arrangement);
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<is_scalar(S)>(t, o.rd, o.arrangement), t.comma();
        arranged_reg<is_scalar(S)>(t, o.rn, o.arrangement), t.comma();
        arranged_reg<is_scalar(S)>(t, o.rm, o.arrangement);
    }
};

/// Where bits H (11), L (21) and M (20) stand for a lane's index, and M possibly for the register's highest bit.
constexpr u8 element_index(u32 word, int size) {
    const u32 h = bits(word, 11, 1), l = bits(word, 21, 1), m = bits(word, 20, 1);
    return u8(size == 1 ? h << 2 | l << 1 | m : size == 2 ? h << 1 | l : h);
}
constexpr u8 element_register(u32 word, int size) { return field(word, 16, size == 1 ? 4 : 5); }
constexpr u32 element_bits(u8 rm, u8 index, int size) {
    const u32 i = index;
    if (size == 1) return u32(rm & 15) << 16 | (i >> 2 & 1) << 11 | (i >> 1 & 1) << 21 | (i & 1) << 20;
    if (size == 2) return u32(rm & 31) << 16 | (i >> 1 & 1) << 11 | (i & 1) << 21;
    return u32(rm & 31) << 16 | (i & 1) << 11;
}
/// A lane of rm: its name without the count of lanes, then the index.
constexpr void element_text(auto& t, auto& o, int size) {
    constexpr std::array<std::string_view, 4> lanes{".b[", ".h[", ".s[", ".d["};
    t.reg(v_names, o.rm), t.literal(lanes[std::size_t(size)]), t.number(o.index), t.literal("]");
}
/// rd, rn, a lane of rm.
template <Shape S>
struct VectorFloatElement {
    using Operands = VectorFloatElement;
    u8 rd, rn, rm, index, arrangement;
    constexpr bool operator==(const VectorFloatElement&) const = default;
    static constexpr bool allocated(u32 word) {
        const bool wide = !is_half(S) && bits(word, 22, 1) == 1;
        return arrangement_allocated<S>(word) && !(wide && bits(word, 21, 1) == 1);
    }
    static constexpr VectorFloatElement decode(u32 word) {
        const u8 arrangement = arrangement_of<S>(word);
        return {rd_of(word), rn_of(word), element_register(word, arrangement >> 1), element_index(word, arrangement >> 1),
                arrangement};
    }
    static constexpr u32 encode(VectorFloatElement o) {
        return u32(o.rd) | u32(o.rn) << 5 | element_bits(o.rm, o.index, o.arrangement >> 1) |
            arrangement_bits<S>(o.arrangement);
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<is_scalar(S)>(t, o.rd, o.arrangement), t.comma();
        arranged_reg<is_scalar(S)>(t, o.rn, o.arrangement), t.comma(), element_text(t, o, o.arrangement >> 1);
    }
};

/// rd, rn, the number of bits after the point, which says the size too (immh:immb). Half precision is the shape's.
template <Shape S>
struct VectorFloatPoint {
    using Operands = VectorFloatPoint;
    u8 rd, rn, point, arrangement;
    constexpr bool operator==(const VectorFloatPoint&) const = default;
    static constexpr int size_of(u32 word) { return is_half(S) ? 1 : 2 + int(bits(word, 22, 1)); }
    static constexpr bool allocated(u32 word) {
        if (is_half(S)) return true;
        return bits(word, 21, 2) != 0 && arrangement_allocated<S>(word);
    }
    static constexpr VectorFloatPoint decode(u32 word) {
        const int size = size_of(word);
        const u32 full = is_scalar(S) ? 0 : bits(word, 30, 1);
        return {rd_of(word), rn_of(word), u8((16U << size) - bits(word, 16, 7)), u8(u32(size) << 1 | full)};
    }
    static constexpr u32 encode(VectorFloatPoint o) {
        const u32 full = is_scalar(S) ? 0 : o.arrangement & 1U;
        return u32(o.rd) | u32(o.rn) << 5 | full << 30 | bits((16U << (o.arrangement >> 1)) - o.point, 0, 7) << 16;
    }
    static constexpr void text(auto& t, auto& o) {
        arranged_reg<is_scalar(S)>(t, o.rd, o.arrangement), t.comma();
        arranged_reg<is_scalar(S)>(t, o.rn, o.arrangement), t.literal(", #"), t.number(o.point);
    }
};

}  // namespace lyrebird::aarch64
