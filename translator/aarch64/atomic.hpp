// FEAT_LSE: compare and swap, atomic operations (Arm ARM C4.1.96); FEAT_LRCPC and FEAT_LRCPC2: loads that are acquire for one
// processor's own order, and ordered accesses with an offset.
#pragma once

#include "translator/aarch64/exclusive.hpp"
#include "translator/aarch64/load_store.hpp"

namespace lyrebird::aarch64 {

constexpr Order order_of(u8 acquire, u8 release) {
    if (acquire != 0) return release != 0 ? Order::sequential : Order::acquire;
    return release != 0 ? Order::release : Order::plain;
}
inline constexpr std::array<std::string_view, 4> order_names{"", "l", "a", "al"};

/// rs, rt, rn, and the order, which assembly joins to the name; here it follows the operands. Its bits stand at `Acquire` and
/// `Release`.
template <class T, int Acquire, int Release>
struct Ordered {
    using Operands = Ordered;
    u8 rs, rt, rn, order;  // order: bit 1 acquire, bit 0 release
    constexpr bool operator==(const Ordered&) const = default;
    static constexpr Ordered decode(u32 word) {
        return {rm_of(word), rd_of(word), rn_of(word), u8(bits(word, Acquire, 1) << 1 | bits(word, Release, 1))};
    }
    static constexpr u32 encode(Ordered o) {
        return u32(o.rs) << 16 | u32(o.rt) | u32(o.rn) << 5 | u32(o.order >> 1 & 1) << Acquire | u32(o.order & 1) << Release;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(general_names<T>(), o.rs), t.comma(), t.reg(general_names<T>(), o.rt), t.literal(", [");
        t.reg(x_sp_names, o.rn), t.literal("]"), t.optional_word(order_names, o.order, 0);
    }
    constexpr Order ordering() const { return order_of(order >> 1, order & 1); }
};
template <class T>
using Atomic = Ordered<T, 23, 22>;
template <class T>
using Swap = Ordered<T, 22, 15>;

template <isa::Text Name, isa::Text Bits, class T, AtomicOp Op, bool Inverted>
struct AtomicOf : Instruction<Name, Bits, Atomic<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Atomic<T> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto value = x(e, o.rs);
        if (Inverted) value = e.not_(value);
        e.template require_within_granule<T>(where);
        auto old = e.template rmw<Op, T>(where, value, o.ordering());
        set_loaded<T>(e, o.rt, old);
    }
};
template <isa::Text Name, isa::Text Tail, AtomicOp Op, bool Inverted = false>
using AtomicSizes =
    InstructionList<AtomicOf<suffixed<Name, "b">, suffixed<"00 111 0 00 .. 1 .....", Tail>, u8, Op, Inverted>,
                    AtomicOf<suffixed<Name, "h">, suffixed<"01 111 0 00 .. 1 .....", Tail>, u16, Op, Inverted>,
                    AtomicOf<suffixed<Name, "_w">, suffixed<"10 111 0 00 .. 1 .....", Tail>, u32, Op, Inverted>,
                    AtomicOf<suffixed<Name, "_x">, suffixed<"11 111 0 00 .. 1 .....", Tail>, u64, Op, Inverted>>;

template <isa::Text Name, isa::Text Bits, class T>
struct CompareAndSwap : Instruction<Name, Bits, Swap<T>> {
    template <Emitter E>
    static constexpr void run(E& e, Swap<T> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto expected = x(e, o.rs);
        auto desired = x(e, o.rt);
        e.template require_within_granule<T>(where);
        auto old = e.template compare_exchange<T>(where, expected, desired, o.ordering());
        set_loaded<T>(e, o.rs, old);
    }
};
struct casb : CompareAndSwap<"casb", "00 001000 1.1 ..... . 11111 ..... .....", u8> {};
struct cash : CompareAndSwap<"cash", "01 001000 1.1 ..... . 11111 ..... .....", u16> {};
struct cas_w : CompareAndSwap<"cas_w", "10 001000 1.1 ..... . 11111 ..... .....", u32> {};
struct cas_x : CompareAndSwap<"cas_x", "11 001000 1.1 ..... . 11111 ..... .....", u64> {};

/// Pairs of registers: rs and rt are even.
template <class T>
struct SwapPair : Swap<T> {
    using Operands = SwapPair;
    static constexpr SwapPair decode(u32 word) { return {Swap<T>::decode(word)}; }
    static constexpr u32 encode(SwapPair o) { return Swap<T>::encode(o); }
    static constexpr bool allocated(u32 word) { return bits(word, 0, 1) == 0 && bits(word, 16, 1) == 0; }
};
/// The register after an even one: after x30 comes the zero register.
constexpr u8 after(u8 number) { return u8(number + 1); }
struct casp_w : Instruction<"casp_w", "00 001000 0.1 ..... . 11111 ..... .....", SwapPair<u32>> {
    template <Emitter E>
    static constexpr void run(E& e, SwapPair<u32> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto expected = joined(e, o.rs, after(o.rs));
        auto desired = joined(e, o.rt, after(o.rt));
        e.template require_aligned<u64>(where);
        auto old = e.template compare_exchange<u64>(where, expected, desired, o.ordering());
        auto high = e.shr(old, e.imm(32));
        set_x(e, o.rs, e.zext(e.trunc(old)));
        set_x(e, after(o.rs), high);
    }
};
struct casp_x : Instruction<"casp_x", "01 001000 0.1 ..... . 11111 ..... .....", SwapPair<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, SwapPair<u64> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto expected = x(e, o.rs);
        auto expected_high = x(e, after(o.rs));
        auto desired = x(e, o.rt);
        auto desired_high = x(e, after(o.rt));
        e.template require_aligned<u128>(where);
        auto old = e.compare_exchange_pair(where, expected, expected_high, desired, desired_high, o.ordering());
        set_x(e, o.rs, old.low);
        set_x(e, after(o.rs), old.high);
    }
};

// ---- FEAT_LRCPC, FEAT_LRCPC2 ----

struct ldaprb : LoadOrdered<"ldaprb", "00 111000 101 11111 110000 ..... .....", u8> {};
struct ldaprh : LoadOrdered<"ldaprh", "01 111000 101 11111 110000 ..... .....", u16> {};
struct ldapr_w : LoadOrdered<"ldapr_w", "10 111000 101 11111 110000 ..... .....", u32> {};
struct ldapr_x : LoadOrdered<"ldapr_x", "11 111000 101 11111 110000 ..... .....", u64> {};

template <isa::Text Name, isa::Text Bits, class T, class Target>
struct LoadOrderedOffset : Instruction<Name, Bits, Unscaled<IntegerLoad<T, Target>>> {
    template <Emitter E>
    static constexpr void run(E& e, Unscaled<IntegerLoad<T, Target>> o, Here) {
        auto where = o.address(e);
        e.template require_within_granule<T>(where);
        auto value = e.template load<T>(where);
        e.fence(Order::acquire_release);
        IntegerLoad<T, Target>::finish(e, o.rt, value);
    }
};
template <isa::Text Name, isa::Text Bits, class T>
struct StoreOrderedOffset : Instruction<Name, Bits, Unscaled<IntegerStore<T>>> {
    template <Emitter E>
    static constexpr void run(E& e, Unscaled<IntegerStore<T>> o, Here) {
        auto where = o.address(e);
        auto value = x(e, o.rt);
        e.template require_within_granule<T>(where);
        [[maybe_unused]] auto old = e.template rmw<AtomicOp::swap, T>(where, value, Order::sequential);
    }
};
struct stlurb : StoreOrderedOffset<"stlurb", "00 011001 00 0 ......... 00 ..... .....", u8> {};
struct ldapurb : LoadOrderedOffset<"ldapurb", "00 011001 01 0 ......... 00 ..... .....", u8, u32> {};
struct ldapursb_x : LoadOrderedOffset<"ldapursb_x", "00 011001 10 0 ......... 00 ..... .....", i8, u64> {};
struct ldapursb_w : LoadOrderedOffset<"ldapursb_w", "00 011001 11 0 ......... 00 ..... .....", i8, u32> {};
struct stlurh : StoreOrderedOffset<"stlurh", "01 011001 00 0 ......... 00 ..... .....", u16> {};
struct ldapurh : LoadOrderedOffset<"ldapurh", "01 011001 01 0 ......... 00 ..... .....", u16, u32> {};
struct ldapursh_x : LoadOrderedOffset<"ldapursh_x", "01 011001 10 0 ......... 00 ..... .....", i16, u64> {};
struct ldapursh_w : LoadOrderedOffset<"ldapursh_w", "01 011001 11 0 ......... 00 ..... .....", i16, u32> {};
struct stlur_w : StoreOrderedOffset<"stlur_w", "10 011001 00 0 ......... 00 ..... .....", u32> {};
struct ldapur_w : LoadOrderedOffset<"ldapur_w", "10 011001 01 0 ......... 00 ..... .....", u32, u32> {};
struct ldapursw : LoadOrderedOffset<"ldapursw", "10 011001 10 0 ......... 00 ..... .....", i32, u64> {};
struct stlur_x : StoreOrderedOffset<"stlur_x", "11 011001 00 0 ......... 00 ..... .....", u64> {};
struct ldapur_x : LoadOrderedOffset<"ldapur_x", "11 011001 01 0 ......... 00 ..... .....", u64, u64> {};

using Atomics =
    isa::Join<AtomicSizes<"ldadd", "0 000 00 ..... .....", AtomicOp::add>,
              AtomicSizes<"ldclr", "0 001 00 ..... .....", AtomicOp::and_, true>,
              AtomicSizes<"ldeor", "0 010 00 ..... .....", AtomicOp::xor_>,
              AtomicSizes<"ldset", "0 011 00 ..... .....", AtomicOp::or_>,
              AtomicSizes<"ldsmax", "0 100 00 ..... .....", AtomicOp::max_s>,
              AtomicSizes<"ldsmin", "0 101 00 ..... .....", AtomicOp::min_s>,
              AtomicSizes<"ldumax", "0 110 00 ..... .....", AtomicOp::max_u>,
              AtomicSizes<"ldumin", "0 111 00 ..... .....", AtomicOp::min_u>,
              AtomicSizes<"swp", "1 000 00 ..... .....", AtomicOp::swap>,
              InstructionList<casb, cash, cas_w, cas_x, casp_w, casp_x, ldaprb, ldaprh, ldapr_w, ldapr_x, stlurb, ldapurb,
                              ldapursb_x, ldapursb_w, stlurh, ldapurh, ldapursh_x, ldapursh_w, stlur_w, ldapur_w, ldapursw,
                              stlur_x, ldapur_x>>;

}  // namespace lyrebird::aarch64
