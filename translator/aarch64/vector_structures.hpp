// Loads and stores of structures: one to four registers that follow each other (0 follows 31), whose lanes lie in memory one after
// the other or in turn (Arm ARM C4.1.96, "Advanced SIMD load/store multiple structures" and "… single structure").
//
// What must stay true: a load sets nothing before the last byte is read; a store writes upwards; the base moves last.
#pragma once

#include <utility>

#include "translator/aarch64/load_store.hpp"
#include "translator/aarch64/vector_formats.hpp"
#include "translator/isa/vector/threes.hpp"

namespace lyrebird::aarch64 {

// ---- encodings ----

/// `Bits` with each `Letter` replaced, the first with the highest bit of `Value`.
template <isa::Text Bits, char Letter, u32 Value>
inline constexpr auto with_field = [] {
    auto text = Bits;
    u32 left = 0;
    for (char c : text.characters) left += c == Letter;
    for (char& c : text.characters)
        if (c == Letter) c = (Value >> --left & 1) != 0 ? '1' : '0';
    return text;
}();
/// `Bits` with 'L' set for a load, and 'P' and "mmmmm" (Rm) as the base moves or not.
template <isa::Text Bits, bool Load, bool Moves>
inline constexpr auto structure_bits = [] {
    auto text = with_field<with_field<Bits, 'L', Load>, 'P', Moves>;
    for (char& c : text.characters)
        if (c == 'm') c = Moves ? '.' : '0';
    return text;
}();
template <isa::Text Name, bool Moves>
inline constexpr auto structure_name = [] {
    if constexpr (Moves)
        return suffixed<Name, "_post">;
    else
        return Name;
}();

// ---- operands ----

/// By how much the base moves: a register, or (31) the size of what is loaded or stored.
inline constexpr auto step_names = NumberedNames<'x'>::with_last("size");
/// How many registers, after the first.
inline constexpr std::array<std::string_view, 5> register_counts{"", " x1 ", " x2 ", " x3 ", " x4 "};

constexpr void structure_address_text(auto& t, auto& o, bool moves) {
    t.literal(", ["), t.reg(x_sp_names, o.rn), t.literal("]");
    if (moves) t.comma(), t.reg(step_names, o.rm);
}

/// rt, Q, rn and rm; structures of lanes of T that fill registers, or one that is `Replicated` through them.
template <class T, int Count, bool Moves, bool Replicated = false>
struct Structures {
    using Operands = Structures;
    u8 rt, rn, rm, full;
    constexpr bool operator==(const Structures&) const = default;
    static constexpr Structures decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 30, 1)}; }
    static constexpr u32 encode(Structures o) {
        return u32(o.rt) | u32(o.rn) << 5 | u32(o.rm) << 16 | u32(o.full) << 30;
    }
    static constexpr bool allocated(u32 word) { return Replicated || sizeof(T) != 8 || bits(word, 30, 1) != 0; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rt), t.literal(register_counts[Count]), t.word(Vector2<T>::whole_names, o.full);
        structure_address_text(t, o, Moves);
    }
    constexpr u64 bytes() const { return Count * (Replicated ? sizeof(T) : full != 0 ? 16 : 8); }
};
/// As above for whole registers, where the size of lanes is nothing but a word in assembly.
template <int Count, bool Moves>
struct WholeRegisters {
    using Operands = WholeRegisters;
    u8 rt, rn, rm, arrangement;  // twice the size, and Q
    constexpr bool operator==(const WholeRegisters&) const = default;
    static constexpr WholeRegisters decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), u8(bits(word, 10, 2) << 1 | bits(word, 30, 1))};
    }
    static constexpr u32 encode(WholeRegisters o) {
        const u32 size = o.arrangement >> 1 & 3, q = o.arrangement & 1;
        return u32(o.rt) | u32(o.rn) << 5 | u32(o.rm) << 16 | size << 10 | q << 30;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rt), t.literal(register_counts[Count]), t.word(arrangement_names, o.arrangement);
        structure_address_text(t, o, Moves);
    }
    constexpr bool full() const { return (arrangement & 1) != 0; }
    constexpr u64 bytes() const { return Count * (full() ? 16 : 8); }
};
/// rt, the number of a lane of T (its bits are Q, S and the size field's upper ones), rn and rm.
template <class T, int Count, bool Moves>
struct StructureLane {
    using Operands = StructureLane;
    u8 rt, rn, rm, lane;
    static constexpr int unused = std::countr_zero(sizeof(T));
    constexpr bool operator==(const StructureLane&) const = default;
    static constexpr StructureLane decode(u32 word) {
        return {rd_of(word), rn_of(word), rm_of(word), u8((bits(word, 30, 1) << 3 | bits(word, 10, 3)) >> unused)};
    }
    static constexpr u32 encode(StructureLane o) {
        const u32 number = u32(o.lane) << unused;
        return u32(o.rt) | u32(o.rn) << 5 | u32(o.rm) << 16 | bits(number, 0, 3) << 10 | number >> 3 << 30;
    }
    static constexpr std::array<std::string_view, 4> letters{".b [", ".h [", ".s [", ".d ["};
    static constexpr void text(auto& t, auto& o) {
        t.reg(v_names, o.rt), t.literal(register_counts[Count]), t.literal(letters[unused]), t.number(o.lane);
        t.literal("]"), structure_address_text(t, o, Moves);
    }
    static constexpr u64 bytes() { return Count * sizeof(T); }
};

// ---- meanings ----

/// transfer(address), and the base moved.
template <bool Moves, Emitter E, class Operands>
constexpr void transfer_structures(E& e, Operands o, auto transfer) {
    auto base = reg_sp<u64>(e, o.rn);
    if constexpr (Moves) {
        auto step = o.rm == 31 ? e.imm(o.bytes()) : x(e, o.rm);
        auto moved = e.add(base, step);
        transfer(base);
        e.set(x_slot(o.rn), moved);
    } else {
        transfer(base);
    }
}

constexpr u8 register_after(u8 first, int steps) { return u8((first + steps) % 32); }

template <Emitter E>
constexpr typename E::I64 at_offset(E& e, typename E::I64 address, int offset) {
    return offset == 0 ? address : e.add(address, e.imm(u64(offset)));
}
template <int Bytes, Emitter E>
constexpr typename E::V128 load_piece(E& e, typename E::I64 address, int offset) {
    return e.template load_vector<Bytes>(at_offset(e, address, offset));
}
template <int Bytes, Emitter E>
constexpr void store_piece(E& e, typename E::I64 address, int offset, typename E::V128 value) {
    e.template store_vector<Bytes>(at_offset(e, address, offset), value);
}
/// Whole registers, one after the other.
template <int Bytes, Emitter E, int... I>
constexpr void load_registers(E& e, typename E::I64 address, u8 first, std::integer_sequence<int, I...>) {
    const std::array<typename E::V128, sizeof...(I)> values{load_piece<Bytes>(e, address, I * Bytes)...};
    (set_v(e, register_after(first, I), values[I]), ...);
}
template <int Bytes, Emitter E, int... I>
constexpr void store_registers(E& e, typename E::I64 address, u8 first, std::integer_sequence<int, I...>) {
    (store_piece<Bytes>(e, address, I * Bytes, v(e, register_after(first, I))), ...);
}

/// Lanes in turn: half a register of each is as much memory as whole registers of half as many.
template <class T, int Count>
struct InTurn;
template <class T>
struct InTurn<T, 2> {
    template <Emitter E>
    static constexpr void load(E& e, typename E::I64 address, u8 first, bool full) {
        auto a = load_piece<16>(e, address, 0);
        auto b = full ? load_piece<16>(e, address, 16) : a;
        set_v(e, first, full, e.template vector<isa::Unzip<T, 0>>(a, b));
        set_v(e, register_after(first, 1), full, e.template vector<isa::Unzip<T, 1>>(a, b));
    }
    template <Emitter E>
    static constexpr void store(E& e, typename E::I64 address, u8 first, bool full) {
        auto a = v(e, first);
        auto b = v(e, register_after(first, 1));
        store_piece<16>(e, address, 0, e.template vector<isa::Zip<T, 0>>(a, b));
        if (full) store_piece<16>(e, address, 16, e.template vector<isa::Zip<T, 1>>(a, b));
    }
};
template <class T>
struct InTurn<T, 3> {
    template <Emitter E>
    static constexpr void load(E& e, typename E::I64 address, u8 first, bool full) {
        auto a = load_piece<16>(e, address, 0);
        auto b = full ? load_piece<16>(e, address, 16) : load_piece<8>(e, address, 16);
        auto c = full ? load_piece<16>(e, address, 32) : b;
        set_v(e, first, full, e.template vector<isa::EveryThird<T, 0>>(a, b, c));
        set_v(e, register_after(first, 1), full, e.template vector<isa::EveryThird<T, 1>>(a, b, c));
        set_v(e, register_after(first, 2), full, e.template vector<isa::EveryThird<T, 2>>(a, b, c));
    }
    template <Emitter E>
    static constexpr void store(E& e, typename E::I64 address, u8 first, bool full) {
        auto a = v(e, first);
        auto b = v(e, register_after(first, 1));
        auto c = v(e, register_after(first, 2));
        store_piece<16>(e, address, 0, e.template vector<isa::ThreeInTurn<T, 0>>(a, b, c));
        auto second = e.template vector<isa::ThreeInTurn<T, 1>>(a, b, c);
        if (!full) return store_piece<8>(e, address, 16, second);
        store_piece<16>(e, address, 16, second);
        store_piece<16>(e, address, 32, e.template vector<isa::ThreeInTurn<T, 2>>(a, b, c));
    }
};
template <class T>
struct InTurn<T, 4> {
    template <int Part, Emitter E>
    static constexpr auto unzip(E& e, typename E::V128 a, typename E::V128 b) {
        return e.template vector<isa::Unzip<T, Part>>(a, b);
    }
    template <Emitter E>
    static constexpr void load(E& e, typename E::I64 address, u8 first, bool full) {
        auto a = load_piece<16>(e, address, 0);
        auto b = load_piece<16>(e, address, 16);
        auto c = full ? load_piece<16>(e, address, 32) : a;
        auto d = full ? load_piece<16>(e, address, 48) : b;
        auto even_low = unzip<0>(e, a, b), even_high = unzip<0>(e, c, d);
        auto odd_low = unzip<1>(e, a, b), odd_high = unzip<1>(e, c, d);
        set_v(e, first, full, unzip<0>(e, even_low, even_high));
        set_v(e, register_after(first, 1), full, unzip<0>(e, odd_low, odd_high));
        set_v(e, register_after(first, 2), full, unzip<1>(e, even_low, even_high));
        set_v(e, register_after(first, 3), full, unzip<1>(e, odd_low, odd_high));
    }
    /// The half of the structures that lies lower (Part 0) or higher in the registers.
    template <int Part, Emitter E>
    static constexpr void store_half(E& e, typename E::I64 address, u8 first) {
        auto a = v(e, first);
        auto b = v(e, register_after(first, 1));
        auto c = v(e, register_after(first, 2));
        auto d = v(e, register_after(first, 3));
        auto even = e.template vector<isa::Zip<T, Part>>(a, c);
        auto odd = e.template vector<isa::Zip<T, Part>>(b, d);
        store_piece<16>(e, address, Part * 32, e.template vector<isa::Zip<T, 0>>(even, odd));
        store_piece<16>(e, address, Part * 32 + 16, e.template vector<isa::Zip<T, 1>>(even, odd));
    }
    template <Emitter E>
    static constexpr void store(E& e, typename E::I64 address, u8 first, bool full) {
        store_half<0>(e, address, first);
        if (full) store_half<1>(e, address, first);
    }
};

// ---- instructions ----

/// `Code` is the opcode field, which says how many registers.
template <isa::Text Name, u32 Code, int Count, bool Load, bool Moves>
struct Registers
    : Instruction<structure_name<Name, Moves>,
                  with_field<structure_bits<"0 . 001100 P L 0 mmmmm cccc .. ..... .....", Load, Moves>, 'c', Code>,
                  WholeRegisters<Count, Moves>> {
    template <Emitter E>
    static constexpr void run(E& e, WholeRegisters<Count, Moves> o, Here) {
        constexpr std::make_integer_sequence<int, Count> all;
        transfer_structures<Moves>(e, o, [&](auto base) {
            if constexpr (Load)
                o.full() ? load_registers<16>(e, base, o.rt, all) : load_registers<8>(e, base, o.rt, all);
            else
                o.full() ? store_registers<16>(e, base, o.rt, all) : store_registers<8>(e, base, o.rt, all);
        });
    }
};
template <class T, isa::Text Name, u32 Code, int Count, bool Load, bool Moves>
struct Interleaved
    : Laned<T, structure_name<Name, Moves>,
            with_field<structure_bits<"0 . 001100 P L 0 mmmmm cccc ss ..... .....", Load, Moves>, 'c', Code>,
            Structures<T, Count, Moves>> {
    template <Emitter E>
    static constexpr void run(E& e, Structures<T, Count, Moves> o, Here) {
        transfer_structures<Moves>(e, o, [&](auto base) {
            if constexpr (Load)
                InTurn<T, Count>::load(e, base, o.rt, o.full != 0);
            else
                InTurn<T, Count>::store(e, base, o.rt, o.full != 0);
        });
    }
};

/// A single structure: lanes of T leave of bits 12 to 10 what numbers them.
template <class T>
inline constexpr auto lane_bits = [] {
    if constexpr (sizeof(T) == 1) return isa::Text("0 . 001101 P L R mmmmm 00 C . .. ..... .....");
    if constexpr (sizeof(T) == 2) return isa::Text("0 . 001101 P L R mmmmm 01 C . .0 ..... .....");
    if constexpr (sizeof(T) == 4) return isa::Text("0 . 001101 P L R mmmmm 10 C . 00 ..... .....");
    if constexpr (sizeof(T) == 8) return isa::Text("0 . 001101 P L R mmmmm 10 C 0 01 ..... .....");
}();
/// The number of registers, less one, is C and R.
template <isa::Text Bits, int Count>
inline constexpr auto counted = with_field<with_field<Bits, 'C', (Count - 1) / 2>, 'R', (Count - 1) % 2>;

template <class T, isa::Text Name, int Count, bool Load, bool Moves>
struct OneLane : Laned<T, structure_name<Name, Moves>, counted<structure_bits<lane_bits<T>, Load, Moves>, Count>,
                       StructureLane<T, Count, Moves>> {
    template <Emitter E, int... I>
    static constexpr void load(E& e, StructureLane<T, Count, Moves> o, typename E::I64 base, std::integer_sequence<int, I...>) {
        const std::array<typename E::I64, Count> lanes{e.template load<T>(at_offset(e, base, I * int(sizeof(T))))...};
        const std::array<typename E::V128, Count> values{
            e.template with_lane<T>(v(e, register_after(o.rt, I)), o.lane, lanes[I])...};
        (set_v(e, register_after(o.rt, I), values[I]), ...);
    }
    template <Emitter E>
    static constexpr void run(E& e, StructureLane<T, Count, Moves> o, Here) {
        transfer_structures<Moves>(e, o, [&](auto base) {
            if constexpr (Load) {
                load(e, o, base, std::make_integer_sequence<int, Count>{});
            } else {
                for (int i = 0; i < Count; ++i) {
                    auto lane = e.template lane<T>(v(e, register_after(o.rt, i)), o.lane);
                    e.template store<T>(at_offset(e, base, i * int(sizeof(T))), lane);
                }
            }
        });
    }
};

/// Each register filled with one lane.
template <class T, isa::Text Name, int Count, bool Moves>
struct Replicate
    : Laned<T, structure_name<Name, Moves>,
            counted<structure_bits<"0 . 001101 P 1 R mmmmm 11 C 0 ss ..... .....", true, Moves>, Count>,
            Structures<T, Count, Moves, true>> {
    template <Emitter E, int... I>
    static constexpr void load(E& e, Structures<T, Count, Moves, true> o, typename E::I64 base, std::integer_sequence<int, I...>) {
        const std::array<typename E::I64, Count> lanes{e.template load<T>(at_offset(e, base, I * int(sizeof(T))))...};
        (set_v(e, register_after(o.rt, I), o.full != 0, e.template splat<T>(lanes[I])), ...);
    }
    template <Emitter E>
    static constexpr void run(E& e, Structures<T, Count, Moves, true> o, Here) {
        transfer_structures<Moves>(
            e, o, [&](auto base) { load(e, o, base, std::make_integer_sequence<int, Count>{}); });
    }
};

// ---- lists ----

template <isa::Text Name, u32 Code, int Count, bool Load>
using RegisterRows = InstructionList<Registers<Name, Code, Count, Load, false>, Registers<Name, Code, Count, Load, true>>;
template <isa::Text Name, u32 Code, int Count, bool Load, class... T>
using InterleavedRows = InstructionList<Interleaved<T, Name, Code, Count, Load, false>...,
                                        Interleaved<T, Name, Code, Count, Load, true>...>;
template <isa::Text Name, int Count, bool Load, class... T>
using LaneRows = InstructionList<OneLane<T, Name, Count, Load, false>..., OneLane<T, Name, Count, Load, true>...>;
template <isa::Text Name, int Count, class... T>
using ReplicateRows = InstructionList<Replicate<T, Name, Count, false>..., Replicate<T, Name, Count, true>...>;

using VectorStructures = isa::Join<
    RegisterRows<"ld1_1", 0b0111, 1, true>, RegisterRows<"ld1_2", 0b1010, 2, true>, RegisterRows<"ld1_3", 0b0110, 3, true>,
    RegisterRows<"ld1_4", 0b0010, 4, true>, RegisterRows<"st1_1", 0b0111, 1, false>, RegisterRows<"st1_2", 0b1010, 2, false>,
    RegisterRows<"st1_3", 0b0110, 3, false>, RegisterRows<"st1_4", 0b0010, 4, false>,
    InterleavedRows<"ld2", 0b1000, 2, true, u8, u16, u32, u64>, InterleavedRows<"ld3", 0b0100, 3, true, u8, u16, u32, u64>,
    InterleavedRows<"ld4", 0b0000, 4, true, u8, u16, u32, u64>, InterleavedRows<"st2", 0b1000, 2, false, u8, u16, u32, u64>,
    InterleavedRows<"st3", 0b0100, 3, false, u8, u16, u32, u64>, InterleavedRows<"st4", 0b0000, 4, false, u8, u16, u32, u64>>;
using VectorStructureLanes = isa::Join<
    LaneRows<"ld1_lane", 1, true, u8, u16, u32, u64>, LaneRows<"ld2_lane", 2, true, u8, u16, u32, u64>,
    LaneRows<"ld3_lane", 3, true, u8, u16, u32, u64>, LaneRows<"ld4_lane", 4, true, u8, u16, u32, u64>,
    LaneRows<"st1_lane", 1, false, u8, u16, u32, u64>, LaneRows<"st2_lane", 2, false, u8, u16, u32, u64>,
    LaneRows<"st3_lane", 3, false, u8, u16, u32, u64>, LaneRows<"st4_lane", 4, false, u8, u16, u32, u64>,
    ReplicateRows<"ld1r", 1, u8, u16, u32, u64>, ReplicateRows<"ld2r", 2, u8, u16, u32, u64>,
    ReplicateRows<"ld3r", 3, u8, u16, u32, u64>, ReplicateRows<"ld4r", 4, u8, u16, u32, u64>>;

}  // namespace lyrebird::aarch64
