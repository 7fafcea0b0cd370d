// Loads and stores of two registers (Arm ARM C4.1.96). General pairs, and pairs of S and D registers, are one access: they fault as
// one. A pair of Q registers is two, the lower first, as the architecture leaves it.
#pragma once

#include "translator/aarch64/load_store.hpp"
#include "translator/isa/vector/lanes.hpp"

namespace lyrebird::aarch64 {

/// rt, rt2, rn and a seven-bit offset in units of one register.
template <class Kind, bool Before, bool After>
struct PairOffset {
    using Operands = PairOffset;
    u8 rt, rt2, rn;
    i8 offset;
    constexpr bool operator==(const PairOffset&) const = default;
    static constexpr PairOffset decode(u32 word) {
        return {rd_of(word), ra_of(word), rn_of(word), i8(sign_extend(bits(word, 15, 7), 7))};
    }
    static constexpr u32 encode(PairOffset o) {
        return u32(o.rt) | u32(o.rt2) << 10 | u32(o.rn) << 5 | bits(u32(o.offset), 0, 7) << 15;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(Kind::names(), o.rt), t.comma(), t.reg(Kind::names(), o.rt2), t.literal(", ["), t.reg(x_sp_names, o.rn);
        t.literal(Before ? ", #" : "], #"), t.number(o.offset), t.literal(Before ? " * size]" : " * size");
        if (After && Before) t.literal("!");
    }
    static constexpr bool writes_back = After;
    constexpr u64 distance() const { return u64(i64(offset) * Kind::bytes); }
    template <Emitter E>
    constexpr typename E::I64 address(E& e) const {
        auto base = reg_sp<u64>(e, rn);
        return !Before || offset == 0 ? base : e.add(base, e.imm(distance()));
    }
    template <Emitter E>
    constexpr typename E::I64 moved(E& e, typename E::I64 where) const {
        return Before || offset == 0 ? where : e.add(where, e.imm(distance()));
    }
};

/// Two halves of one number in memory, lower first.
struct WordPairLoad {
    static constexpr int bytes = 4;
    static constexpr const auto& names() { return w_names; }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8, u8) {
        return e.template load<u64>(address);
    }
    template <Emitter E>
    static constexpr void finish(E& e, u8 rt, u8 rt2, typename E::I64 both) {
        auto high = e.shr(both, e.imm(32));
        set_x(e, rt, e.zext(e.trunc(both)));
        set_x(e, rt2, high);
    }
};
struct SignedWordPairLoad {
    static constexpr int bytes = 4;
    static constexpr const auto& names() { return x_names; }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8, u8) {
        return e.template load<u64>(address);
    }
    template <Emitter E>
    static constexpr void finish(E& e, u8 rt, u8 rt2, typename E::I64 both) {
        auto high = e.sar(both, e.imm(32));
        set_x(e, rt, e.sext(e.trunc(both)));
        set_x(e, rt2, high);
    }
};
struct PairLoad {
    static constexpr int bytes = 8;
    static constexpr const auto& names() { return x_names; }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8, u8) {
        return e.load_pair(address);
    }
    template <Emitter E>
    static constexpr void finish(E& e, u8 rt, u8 rt2, auto both) {
        set_x(e, rt, both.low);
        set_x(e, rt2, both.high);
    }
};
struct WordPairStore {
    static constexpr int bytes = 4;
    static constexpr const auto& names() { return w_names; }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8 rt, u8 rt2) {
        auto low = e.zext(reg<u32>(e, rt));
        auto high = e.shl(x(e, rt2), e.imm(32));
        e.template store<u64>(address, e.or_(low, high));
        return address;
    }
    template <Emitter E>
    static constexpr void finish(E&, u8, u8, auto) {}
};
struct PairStore {
    static constexpr int bytes = 8;
    static constexpr const auto& names() { return x_names; }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8 rt, u8 rt2) {
        auto low = x(e, rt);
        auto high = x(e, rt2);
        e.store_pair(address, low, high);
        return address;
    }
    template <Emitter E>
    static constexpr void finish(E&, u8, u8, auto) {}
};

template <int Bytes>
struct VectorPairLoad {
    static constexpr int bytes = Bytes;
    static constexpr const auto& names() { return scalar_names<Bytes>(); }
    template <class V>
    struct Two {
        V low, high;
    };
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8, u8) {
        using V = typename E::V128;
        if constexpr (Bytes == 4) {
            auto both = e.template load<u64>(address);
            auto low = e.vector_from(e.zext(e.trunc(both)), e.imm(0));
            return Two<V>{low, e.vector_from(e.shr(both, e.imm(32)), e.imm(0))};
        } else if constexpr (Bytes == 8) {
            auto both = e.template load_vector<16>(address);
            auto low = e.low_half(both);
            return Two<V>{low, e.template vector<isa::UpperHalf>(both)};
        } else {
            auto low = e.template load_vector<16>(address);
            return Two<V>{low, e.template load_vector<16>(e.add(address, e.imm(16)))};
        }
    }
    template <Emitter E>
    static constexpr void finish(E& e, u8 rt, u8 rt2, auto both) {
        set_v(e, rt, both.low);
        set_v(e, rt2, both.high);
    }
};
template <int Bytes>
struct VectorPairStore {
    static constexpr int bytes = Bytes;
    static constexpr const auto& names() { return scalar_names<Bytes>(); }
    template <Emitter E>
    static constexpr auto read(E& e, typename E::I64 address, u8 rt, u8 rt2) {
        auto first = v(e, rt);
        auto second = v(e, rt2);
        if constexpr (Bytes == 4) {
            auto low = e.template lane<u32>(first, 0);
            auto high = e.shl(e.template lane<u32>(second, 0), e.imm(32));
            e.template store<u64>(address, e.or_(low, high));
        } else if constexpr (Bytes == 8) {
            e.template store_vector<16>(address, e.template vector<isa::JoinLow>(first, second));
        } else {
            e.template store_vector<16>(address, first);
            e.template store_vector<16>(e.add(address, e.imm(16)), second);
        }
        return address;
    }
    template <Emitter E>
    static constexpr void finish(E&, u8, u8, auto) {}
};

template <isa::Text Name, isa::Text Bits, class Kind, bool Before, bool After>
struct PairTransfer : Instruction<Name, Bits, PairOffset<Kind, Before, After>> {
    template <Emitter E>
    static constexpr void run(E& e, PairOffset<Kind, Before, After> o, Here) {
        auto where = o.address(e);
        auto value = Kind::read(e, where, o.rt, o.rt2);
        if constexpr (After) {
            auto base = o.moved(e, where);
            Kind::finish(e, o.rt, o.rt2, value);
            e.set(x_slot(o.rn), base);
        } else {
            Kind::finish(e, o.rt, o.rt2, value);
        }
    }
};
/// `Head` is opc, 101 and V; `Direction` is L.
template <isa::Text Name, isa::Text Head, isa::Text Direction, class Kind>
using PairModes = InstructionList<
    PairTransfer<suffixed<Name, "_post">, transfer_bits<Head, "001", Direction, "....... ..... ..... .....">, Kind, false, true>,
    PairTransfer<suffixed<Name, "_offset">, transfer_bits<Head, "010", Direction, "....... ..... ..... .....">, Kind, true, false>,
    PairTransfer<suffixed<Name, "_pre">, transfer_bits<Head, "011", Direction, "....... ..... ..... .....">, Kind, true, true>>;
template <isa::Text Name, isa::Text Head, isa::Text Direction, class Kind>
using NonTemporalPair = InstructionList<
    PairTransfer<Name, transfer_bits<Head, "000", Direction, "....... ..... ..... .....">, Kind, true, false>>;

using Pairs =
    isa::Join<PairModes<"stp_w", "00 101 0", "0", WordPairStore>, PairModes<"ldp_w", "00 101 0", "1", WordPairLoad>,
              PairModes<"ldpsw", "01 101 0", "1", SignedWordPairLoad>, PairModes<"stp_x", "10 101 0", "0", PairStore>,
              PairModes<"ldp_x", "10 101 0", "1", PairLoad>, NonTemporalPair<"stnp_w", "00 101 0", "0", WordPairStore>,
              NonTemporalPair<"ldnp_w", "00 101 0", "1", WordPairLoad>, NonTemporalPair<"stnp_x", "10 101 0", "0", PairStore>,
              NonTemporalPair<"ldnp_x", "10 101 0", "1", PairLoad>>;
using VectorPairs = isa::Join<
    PairModes<"stp_s", "00 101 1", "0", VectorPairStore<4>>, PairModes<"ldp_s", "00 101 1", "1", VectorPairLoad<4>>,
    PairModes<"stp_d", "01 101 1", "0", VectorPairStore<8>>, PairModes<"ldp_d", "01 101 1", "1", VectorPairLoad<8>>,
    PairModes<"stp_q", "10 101 1", "0", VectorPairStore<16>>, PairModes<"ldp_q", "10 101 1", "1", VectorPairLoad<16>>,
    NonTemporalPair<"stnp_s", "00 101 1", "0", VectorPairStore<4>>, NonTemporalPair<"ldnp_s", "00 101 1", "1", VectorPairLoad<4>>,
    NonTemporalPair<"stnp_d", "01 101 1", "0", VectorPairStore<8>>, NonTemporalPair<"ldnp_d", "01 101 1", "1", VectorPairLoad<8>>,
    NonTemporalPair<"stnp_q", "10 101 1", "0", VectorPairStore<16>>,
    NonTemporalPair<"ldnp_q", "10 101 1", "1", VectorPairLoad<16>>>;

}  // namespace lyrebird::aarch64
