// Operand formats of the scalar floating-point encodings (Arm ARM C4.1.97: Data Processing -- Scalar Floating-Point), and how
// one description stands for several precisions.
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/formats.hpp"
#include "translator/isa/float/arm.hpp"

namespace lyrebird::aarch64 {

using ieee::F16;
using ieee::F32;
using ieee::F64;

/// `Bits` with "tt" replaced by the `ftype` field of precision F.
template <class F, isa::Text Bits>
inline constexpr auto typed = [] {
    auto text = Bits;
    bool second = false;
    for (char& c : text.characters) {
        if (c != 't') continue;
        c = F::width == 16 || (F::width == 64 && second) ? '1' : '0';
        second = true;
    }
    return text;
}();
/// `Name` with a suffix after it.
template <isa::Text Name, char Suffix>
inline constexpr auto lettered = [] {
    constexpr std::size_t size = Name.view().size();
    char text[size + 3]{};
    for (std::size_t i = 0; i < size; ++i) text[i] = Name.view()[i];
    text[size] = '_', text[size + 1] = Suffix;
    return isa::Text<size + 3>(text);
}();
template <class F>
inline constexpr char precision_letter = F::width == 16 ? 'h' : F::width == 32 ? 's' : 'd';
/// Name with "_h", "_s" or "_d".
template <class F, isa::Text Name>
inline constexpr auto of_precision = lettered<Name, precision_letter<F>>;

/// An instruction of one precision, as its name and `ftype` say.
template <class F, isa::Text Name, isa::Text Bits, class Format>
using Precise = Instruction<of_precision<F, Name>, typed<F, Bits>, Format>;

/// The list of all precisions of each; the list of the wider two.
template <template <class> class... Instructions>
using AllPrecisions = isa::Join<InstructionList<Instructions<F16>, Instructions<F32>, Instructions<F64>>...>;
template <template <class> class... Instructions>
using WiderPrecisions = isa::Join<InstructionList<Instructions<F32>, Instructions<F64>>...>;

template <class F>
constexpr const auto& float_names() {
    return scalar_names<F::width / 8>();
}

// ---- registers ----

template <class F, Emitter E>
constexpr isa::FloatValue<E, F> fp(E& e, u8 number) {
    auto vector = e.get(v_slot(number));
    return e.template scalar<isa::FloatValue<E, F>>(vector);
}
template <class F, Emitter E>
constexpr void set_fp(E& e, u8 number, isa::FloatValue<E, F> value) {
    e.set(v_slot(number), e.vector_of(value));
}
template <class F, Emitter E>
constexpr isa::FloatValue<E, F> float_constant(E& e, typename F::Bits bits) {
    return e.template float_from_bits<isa::FloatValue<E, F>>(e.imm(bits));
}

// ---- formats ----

/// rd, rn of two precisions.
template <class To, class From = To>
struct Float2 {
    using Operands = Float2;
    u8 rd, rn;
    constexpr bool operator==(const Float2&) const = default;
    static constexpr Float2 decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(Float2 o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<To>(), o.rd), t.comma(), t.reg(float_names<From>(), o.rn);
    }
};
/// rd, rn, rm.
template <class F>
struct Float3 {
    using Operands = Float3;
    u8 rd, rn, rm;
    constexpr bool operator==(const Float3&) const = default;
    static constexpr Float3 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(Float3 o) { return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<F>(), o.rd), t.comma(), t.reg(float_names<F>(), o.rn), t.comma(), t.reg(float_names<F>(), o.rm);
    }
};
/// rd, rn, rm, ra.
template <class F>
struct Float4 {
    using Operands = Float4;
    u8 rd, rn, rm, ra;
    constexpr bool operator==(const Float4&) const = default;
    static constexpr Float4 decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), ra_of(word)}; }
    static constexpr u32 encode(Float4 o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.ra) << 10;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<F>(), o.rd), t.comma(), t.reg(float_names<F>(), o.rn), t.comma();
        t.reg(float_names<F>(), o.rm), t.comma(), t.reg(float_names<F>(), o.ra);
    }
};
/// rd, rn, rm, condition.
template <class F>
struct FloatSelect {
    using Operands = FloatSelect;
    u8 rd, rn, rm, condition;
    constexpr bool operator==(const FloatSelect&) const = default;
    static constexpr FloatSelect decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 12, 4)}; }
    static constexpr u32 encode(FloatSelect o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.condition & 15) << 12;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<F>(), o.rd), t.comma(), t.reg(float_names<F>(), o.rn), t.comma();
        t.reg(float_names<F>(), o.rm), t.comma(), t.word(condition_names, o.condition);
    }
};
/// rn, rm.
template <class F>
struct FloatComparison {
    using Operands = FloatComparison;
    u8 rn, rm;
    constexpr bool operator==(const FloatComparison&) const = default;
    static constexpr FloatComparison decode(u32 word) { return {rn_of(word), rm_of(word)}; }
    static constexpr u32 encode(FloatComparison o) { return u32(o.rn) << 5 | u32(o.rm) << 16; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<F>(), o.rn), t.comma(), t.reg(float_names<F>(), o.rm);
    }
};
/// rn, compared with zero.
template <class F>
struct FloatZeroComparison {
    using Operands = FloatZeroComparison;
    u8 rn;
    constexpr bool operator==(const FloatZeroComparison&) const = default;
    static constexpr FloatZeroComparison decode(u32 word) { return {rn_of(word)}; }
    static constexpr u32 encode(FloatZeroComparison o) { return u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(float_names<F>(), o.rn), t.literal(", #0.0"); }
};
/// rn, rm, the flags otherwise, condition.
template <class F>
struct FloatConditional {
    using Operands = FloatConditional;
    u8 rn, rm, nzcv, condition;
    constexpr bool operator==(const FloatConditional&) const = default;
    static constexpr FloatConditional decode(u32 word) {
        return {rn_of(word), rm_of(word), field(word, 0, 4), field(word, 12, 4)};
    }
    static constexpr u32 encode(FloatConditional o) {
        return u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.nzcv & 15) | u32(o.condition & 15) << 12;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<F>(), o.rn), t.comma(), t.reg(float_names<F>(), o.rm), t.literal(", #"), t.number(o.nzcv);
        t.comma(), t.word(condition_names, o.condition);
    }
};

/// What the eight bits of an immediate stand for (VFPExpandImm).
template <class F>
constexpr typename F::Bits expanded_float(u8 imm) {
    const u64 high = imm >> 6 & 1;
    const u64 exponent = (high ^ 1) << (F::exponent_bits - 1) |
        (high != 0 ? ((u64{1} << (F::exponent_bits - 3)) - 1) << 2 : 0) | (imm >> 4 & 3);
    const u64 fraction = u64(imm & 15) << (F::fraction_bits - 4);
    return ieee::signed_as<F>(imm >> 7 != 0, static_cast<typename F::Bits>(exponent << F::fraction_bits | fraction));
}
/// The same as text: "#2.37500000".
struct FloatImmediateNames {
    std::array<std::array<char, 13>, 256> text{};
    std::array<u8, 256> sizes{};
    constexpr FloatImmediateNames() {
        for (std::size_t imm = 0; imm < 256; ++imm) {
            const int exponent = int(imm >> 4 & 7) ^ 4;                          // 2^-3 … 2^4
            const u64 scaled = ((16 + (imm & 15)) << exponent) * 100'000'000 / 128;  // exact: times 10^8
            std::size_t size = 0;
            text[imm][size++] = '#';
            if (imm >= 128) text[imm][size++] = '-';
            if (scaled >= 1'000'000'000) text[imm][size++] = char('0' + scaled / 1'000'000'000);
            for (u64 unit = 100'000'000; unit != 0; unit /= 10) {
                text[imm][size++] = char('0' + scaled / unit % 10);
                if (unit == 100'000'000) text[imm][size++] = '.';
            }
            sizes[imm] = u8(size);
        }
    }
    constexpr std::array<std::string_view, 256> views() const {
        std::array<std::string_view, 256> views;
        for (std::size_t imm = 0; imm < 256; ++imm) views[imm] = {text[imm].data(), sizes[imm]};
        return views;
    }
};
inline constexpr FloatImmediateNames float_immediate_names{};
inline constexpr auto float_immediates = float_immediate_names.views();

/// rd, immediate.
template <class F>
struct FloatImmediate {
    using Operands = FloatImmediate;
    u8 rd, imm;
    constexpr bool operator==(const FloatImmediate&) const = default;
    static constexpr FloatImmediate decode(u32 word) { return {rd_of(word), field(word, 13, 8)}; }
    static constexpr u32 encode(FloatImmediate o) { return u32(o.rd) | u32(o.imm) << 13; }
    static constexpr void text(auto& t, auto& o) { t.reg(float_names<F>(), o.rd), t.comma(), t.word(float_immediates, o.imm); }
};

/// A general register rd and a float rn; the other way round.
template <class T, class F>
struct FloatToGeneral {
    using Operands = FloatToGeneral;
    u8 rd, rn;
    constexpr bool operator==(const FloatToGeneral&) const = default;
    static constexpr FloatToGeneral decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(FloatToGeneral o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rd), t.comma(), t.reg(float_names<F>(), o.rn);
    }
};
template <class F, class T>
struct GeneralToFloat {
    using Operands = GeneralToFloat;
    u8 rd, rn;
    constexpr bool operator==(const GeneralToFloat&) const = default;
    static constexpr GeneralToFloat decode(u32 word) { return {rd_of(word), rn_of(word)}; }
    static constexpr u32 encode(GeneralToFloat o) { return u32(o.rd) | u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(float_names<F>(), o.rd), t.comma(), t.reg(general_names<T>(), o.rn);
    }
};
/// As these two, with the number of bits after the point: 1 … T's width.
template <class T, class Registers>
struct WithPoint : Registers {
    using Operands = WithPoint;
    u8 point;
    constexpr bool operator==(const WithPoint&) const = default;
    static constexpr bool allocated(u32 word) { return sizeof(T) == 8 || field(word, 15, 1) == 1; }
    static constexpr WithPoint decode(u32 word) { return {Registers::decode(word), u8(64 - field(word, 10, 6))}; }
    static constexpr u32 encode(WithPoint o) { return Registers::encode(o) | ((64U - o.point) & 63) << 10; }
    static constexpr void text(auto& t, auto& o) { Registers::text(t, o), t.literal(", #"), t.number(o.point); }
};

}  // namespace lyrebird::aarch64
