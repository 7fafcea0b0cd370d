// Operand formats of Advanced SIMD (Arm ARM C4.1.97), and how one description stands for several lane sizes.
#pragma once

#include "translator/aarch64/formats.hpp"
#include "translator/aarch64/vector_access.hpp"
#include "translator/isa/vector/lane_operations.hpp"
#include "translator/isa/vector/lanes.hpp"

namespace lyrebird::aarch64 {

namespace per_lane = isa::lane;
using isa::Doubled;
using isa::Halved;
using isa::SaturatingOptions;

/// `Bits` with "ss" replaced by the size field of lanes of T.
template <class T, isa::Text Bits>
inline constexpr auto with_size = [] {
    auto text = Bits;
    constexpr int size = std::countr_zero(sizeof(T));
    bool second = false;
    for (char& c : text.characters) {
        if (c != 's') continue;
        c = (second ? size & 1 : size >> 1) != 0 ? '1' : '0';
        second = true;
    }
    return text;
}();
/// `Bits` with "hhhh" (immh) replaced by what says that lanes are of T.
template <class T, isa::Text Bits>
inline constexpr auto with_shift_size = [] {
    auto text = Bits;
    constexpr std::string_view patterns[]{"0001", "001.", "01..", "1..."};
    std::size_t next = 0;
    for (char& c : text.characters)
        if (c == 'h') c = patterns[std::countr_zero(sizeof(T))][next++];
    return text;
}();
/// `Name` with "_" and the letter of T's size.
template <class T, isa::Text Name>
inline constexpr auto of_lanes = [] {
    constexpr std::size_t size = Name.view().size();
    char text[size + 3]{};
    for (std::size_t i = 0; i < size; ++i) text[i] = Name.view()[i];
    text[size] = '_', text[size + 1] = "bhsd"[std::countr_zero(sizeof(T))];
    return isa::Text<size + 3>(text);
}();
template <class T, isa::Text Name, isa::Text Bits, class Format>
using Laned = Instruction<of_lanes<T, Name>, with_size<T, Bits>, Format>;
template <class T, isa::Text Name, isa::Text Bits, class Format>
using ShiftLaned = Instruction<of_lanes<T, Name>, with_shift_size<T, Bits>, Format>;

/// "8b" … "2d": by lane size, then by whether the whole register is used.
inline constexpr std::array<std::string_view, 8> arrangement_names{".8b", ".16b", ".4h", ".8h", ".2s", ".4s", ".1d", ".2d"};
/// How many lanes of T are used.
template <class T>
constexpr u8 lane_count(bool full) { return u8((full ? 16 : 8) / sizeof(T)); }

/// rd, rn and Q. Lanes of 64 bits fill a register unless `Halves` says that one will do.
template <class T, bool Halves = sizeof(T) != 8>
struct Vector2 {
    using Operands = Vector2;
    u8 rd, rn, full;
    constexpr bool operator==(const Vector2&) const = default;
    static constexpr Vector2 decode(u32 word) { return {rd_of(word), rn_of(word), field(word, 30, 1)}; }
    static constexpr u32 encode(Vector2 o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.full) << 30; }
    static constexpr bool allocated(u32 word) { return Halves || bits(word, 30, 1) != 0; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.word(whole_names, o.full);
    }
    static constexpr std::array<std::string_view, 2> whole_names{arrangement_names[2 * std::countr_zero(sizeof(T))],
                                                                 arrangement_names[2 * std::countr_zero(sizeof(T)) + 1]};
};
/// rd, rn, rm and Q.
template <class T, bool Halves = sizeof(T) != 8>
struct Vector3 {
    using Operands = Vector3;
    u8 rd, rn, rm, full;
    constexpr bool operator==(const Vector3&) const = default;
    static constexpr Vector3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 30, 1)}; }
    static constexpr u32 encode(Vector3 o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.full) << 30;
    }
    static constexpr bool allocated(u32 word) { return Halves || bits(word, 30, 1) != 0; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.comma(), t.reg(v_names, o.rm), t.comma();
        t.word(Vector2<T>::whole_names, o.full);
    }
};
/// Scalars of a vector register: rd, rn.
template <class T>
struct Scalar2 {
    using Operands = Scalar2;
    u8 rd, rn;
    constexpr bool operator==(const Scalar2&) const = default;
    static constexpr Scalar2 decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(Scalar2 o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(scalar_names<sizeof(T)>(), o.rd), t.comma(), t.reg(scalar_names<sizeof(T)>(), o.rn);
    }
};
template <class T>
struct Scalar3 {
    using Operands = Scalar3;
    u8 rd, rn, rm;
    constexpr bool operator==(const Scalar3&) const = default;
    static constexpr Scalar3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(Scalar3 o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(scalar_names<sizeof(T)>(), o.rd), t.comma(), t.reg(scalar_names<sizeof(T)>(), o.rn), t.comma();
        t.reg(scalar_names<sizeof(T)>(), o.rm);
    }
};
/// rd, rn, a shift of lanes of T and Q; to the right by 1 … width, to the left by 0 … width - 1.
template <class T, bool Right, bool Halves = sizeof(T) != 8>
struct VectorShift {
    using Operands = VectorShift;
    u8 rd, rn, by, full;
    static constexpr u32 width = sizeof(T) * 8;
    constexpr bool operator==(const VectorShift&) const = default;
    static constexpr VectorShift decode(u32 word) {
        const u32 encoded = bits(word, 16, 7);
        return {rd_of(word), rn_of(word), u8(Right ? 2 * width - encoded : encoded - width), field(word, 30, 1)};
    }
    static constexpr u32 encode(VectorShift o) {
        const u32 encoded = (Right ? 2 * width - o.by : width + o.by) & 127;
        return u32(o.rd) | u32(o.rn) << 5 | encoded << 16 | u32(o.full) << 30;
    }
    static constexpr bool allocated(u32 word) { return Halves || bits(word, 30, 1) != 0; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn), t.literal(", #"), t.number(o.by), t.comma();
        t.word(Vector2<T>::whole_names, o.full);
    }
};
template <class T, bool Right>
struct ScalarShift {
    using Operands = ScalarShift;
    u8 rd, rn, by;
    constexpr bool operator==(const ScalarShift&) const = default;
    static constexpr ScalarShift decode(u32 word) {
        return {rd_of(word), rn_of(word), VectorShift<T, Right>::decode(word).by};
    }
    static constexpr u32 encode(ScalarShift o) { return VectorShift<T, Right>::encode({o.rd, o.rn, o.by, 0}); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(scalar_names<sizeof(T)>(), o.rd), t.comma(), t.reg(scalar_names<sizeof(T)>(), o.rn), t.literal(", #");
        t.number(o.by);
    }
};
/// rd, rn, one lane of rm, and Q; with ResultBytes, of scalars, whose encodings have a one for Q: the manual's L, M, H make the lane's number, and rm has 4 bits for lanes of 16 bits.
template <class T, int ResultBytes = 0>
struct VectorByLane {
    using Operands = VectorByLane;
    u8 rd, rn, rm, lane, full;
    constexpr bool operator==(const VectorByLane&) const = default;
    static constexpr VectorByLane decode(u32 word) {
        const u8 h = field(word, 11, 1), l = field(word, 21, 1), m = field(word, 20, 1);
        const bool halves = sizeof(T) == 2;
        return {rd_of(word), rn_of(word), field(word, 16, halves ? 4 : 5), u8(halves ? h << 2 | l << 1 | m : h << 1 | l),
                ResultBytes != 0 ? u8(0) : field(word, 30, 1)};
    }
    static constexpr u32 encode(VectorByLane o) {
        const u32 common = u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.full) << 30;
        const u32 lane = o.lane;
        if (sizeof(T) == 2) return common | (lane >> 2) << 11 | (lane >> 1 & 1) << 21 | (lane & 1) << 20;
        return common | (lane >> 1) << 11 | (lane & 1) << 21;
    }
    static constexpr void text(auto& t, auto& o) {
        if constexpr (ResultBytes != 0)
            t.reg(scalar_names<ResultBytes>(), o.rd), t.comma(), t.reg(scalar_names<int(sizeof(T))>(), o.rn);
        else
            t.reg(v_names, o.rd), t.comma(), t.reg(v_names, o.rn);
        t.comma(), t.reg(v_names, o.rm), t.literal("["), t.number(o.lane), t.literal("]");
        if constexpr (ResultBytes == 0) t.comma(), t.word(Vector2<T>::whole_names, o.full);
    }
};

}  // namespace lyrebird::aarch64
