// Ordered and exclusive accesses, compare and swap, and the atomic operations of FEAT_LSE (Arm ARM C4.1.96, B2.3.12).
//
// With FEAT_LSE2 an ordered or atomic access may lie anywhere within 16 aligned bytes; an exclusive one must be aligned to its size.
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/formats.hpp"

namespace lyrebird::aarch64 {

/// rs, rt2, rn, rt; where an instruction has no rs or rt2 their bits should be ones and are ignored.
template <class T>
struct ExclusiveOperands {
    using Operands = ExclusiveOperands;
    u8 rs, rt2, rn, rt;
    constexpr bool operator==(const ExclusiveOperands&) const = default;
    static constexpr ExclusiveOperands decode(u32 word) { return {rm_of(word), ra_of(word), rn_of(word), rd_of(word)}; }
    static constexpr u32 encode(ExclusiveOperands o) {
        return u32(o.rs) << 16 | u32(o.rt2) << 10 | u32(o.rn) << 5 | u32(o.rt);
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(w_names, o.rs), t.comma(), t.reg(general_names<T>(), o.rt), t.comma(), t.reg(general_names<T>(), o.rt2);
        t.literal(", ["), t.reg(x_sp_names, o.rn), t.literal("]");
    }
};
/// A loaded value as register `number` takes it: zero-extended.
template <class T, Emitter E>
constexpr void set_loaded(E& e, u8 number, typename E::I64 value) {
    if constexpr (sizeof(T) == 8)
        set_x(e, number, value);
    else if constexpr (sizeof(T) == 4)
        set_x(e, number, e.zext(e.trunc(value)));
    else
        set_x(e, number, e.template zext_from<int(sizeof(T) * 8)>(value));
}

template <isa::Text Name, isa::Text Bits, class T, Order Ordering>
struct LoadExclusive : Instruction<Name, Bits, ExclusiveOperands<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<T> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        e.template require_aligned<T>(where);
        set_loaded<T>(e, o.rt, e.template load_exclusive<T>(where, Ordering));
    }
};
template <isa::Text Name, isa::Text Bits, class T, Order Ordering>
struct StoreExclusive : Instruction<Name, Bits, ExclusiveOperands<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<T> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto value = x(e, o.rt);
        e.template require_aligned<T>(where);
        auto stored = e.template store_exclusive<T>(where, value, Ordering);
        set_x(e, o.rs, e.zext(e.not_(stored)));
    }
};
template <isa::Text Name, isa::Text Bits, Order Ordering>
struct LoadExclusiveWords : Instruction<Name, Bits, ExclusiveOperands<u32>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<u32> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        e.template require_aligned<u64>(where);
        auto both = e.template load_exclusive<u64>(where, Ordering);
        auto high = e.shr(both, e.imm(32));
        set_x(e, o.rt, e.zext(e.trunc(both)));
        set_x(e, o.rt2, high);
    }
};
template <Emitter E>
constexpr typename E::I64 joined(E& e, u8 low, u8 high) {
    auto lower = e.zext(reg<u32>(e, low));
    return e.or_(lower, e.shl(x(e, high), e.imm(32)));
}
template <isa::Text Name, isa::Text Bits, Order Ordering>
struct StoreExclusiveWords : Instruction<Name, Bits, ExclusiveOperands<u32>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<u32> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto value = joined(e, o.rt, o.rt2);
        e.template require_aligned<u64>(where);
        auto stored = e.template store_exclusive<u64>(where, value, Ordering);
        set_x(e, o.rs, e.zext(e.not_(stored)));
    }
};
template <isa::Text Name, isa::Text Bits, Order Ordering>
struct LoadExclusivePair : Instruction<Name, Bits, ExclusiveOperands<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<u64> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        e.template require_aligned<u128>(where);
        auto both = e.load_exclusive_pair(where, Ordering);
        set_x(e, o.rt, both.low);
        set_x(e, o.rt2, both.high);
    }
};
template <isa::Text Name, isa::Text Bits, Order Ordering>
struct StoreExclusivePair : Instruction<Name, Bits, ExclusiveOperands<u64>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<u64> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto low = x(e, o.rt);
        auto high = x(e, o.rt2);
        e.template require_aligned<u128>(where);
        auto stored = e.store_exclusive_pair(where, low, high, Ordering);
        set_x(e, o.rs, e.zext(e.not_(stored)));
    }
};

struct stxrb : StoreExclusive<"stxrb", "00 001000 000 ..... 0 ..... ..... .....", u8, Order::plain> {};
struct stlxrb : StoreExclusive<"stlxrb", "00 001000 000 ..... 1 ..... ..... .....", u8, Order::release> {};
struct ldxrb : LoadExclusive<"ldxrb", "00 001000 010 ..... 0 ..... ..... .....", u8, Order::plain> {};
struct ldaxrb : LoadExclusive<"ldaxrb", "00 001000 010 ..... 1 ..... ..... .....", u8, Order::acquire> {};
struct stxrh : StoreExclusive<"stxrh", "01 001000 000 ..... 0 ..... ..... .....", u16, Order::plain> {};
struct stlxrh : StoreExclusive<"stlxrh", "01 001000 000 ..... 1 ..... ..... .....", u16, Order::release> {};
struct ldxrh : LoadExclusive<"ldxrh", "01 001000 010 ..... 0 ..... ..... .....", u16, Order::plain> {};
struct ldaxrh : LoadExclusive<"ldaxrh", "01 001000 010 ..... 1 ..... ..... .....", u16, Order::acquire> {};
struct stxr_w : StoreExclusive<"stxr_w", "10 001000 000 ..... 0 ..... ..... .....", u32, Order::plain> {};
struct stlxr_w : StoreExclusive<"stlxr_w", "10 001000 000 ..... 1 ..... ..... .....", u32, Order::release> {};
struct ldxr_w : LoadExclusive<"ldxr_w", "10 001000 010 ..... 0 ..... ..... .....", u32, Order::plain> {};
struct ldaxr_w : LoadExclusive<"ldaxr_w", "10 001000 010 ..... 1 ..... ..... .....", u32, Order::acquire> {};
struct stxr_x : StoreExclusive<"stxr_x", "11 001000 000 ..... 0 ..... ..... .....", u64, Order::plain> {};
struct stlxr_x : StoreExclusive<"stlxr_x", "11 001000 000 ..... 1 ..... ..... .....", u64, Order::release> {};
struct ldxr_x : LoadExclusive<"ldxr_x", "11 001000 010 ..... 0 ..... ..... .....", u64, Order::plain> {};
struct ldaxr_x : LoadExclusive<"ldaxr_x", "11 001000 010 ..... 1 ..... ..... .....", u64, Order::acquire> {};
struct stxp_w : StoreExclusiveWords<"stxp_w", "10 001000 001 ..... 0 ..... ..... .....", Order::plain> {};
struct stlxp_w : StoreExclusiveWords<"stlxp_w", "10 001000 001 ..... 1 ..... ..... .....", Order::release> {};
struct ldxp_w : LoadExclusiveWords<"ldxp_w", "10 001000 011 ..... 0 ..... ..... .....", Order::plain> {};
struct ldaxp_w : LoadExclusiveWords<"ldaxp_w", "10 001000 011 ..... 1 ..... ..... .....", Order::acquire> {};
struct stxp_x : StoreExclusivePair<"stxp_x", "11 001000 001 ..... 0 ..... ..... .....", Order::plain> {};
struct stlxp_x : StoreExclusivePair<"stlxp_x", "11 001000 001 ..... 1 ..... ..... .....", Order::release> {};
struct ldxp_x : LoadExclusivePair<"ldxp_x", "11 001000 011 ..... 0 ..... ..... .....", Order::plain> {};
struct ldaxp_x : LoadExclusivePair<"ldaxp_x", "11 001000 011 ..... 1 ..... ..... .....", Order::acquire> {};

// ---- load-acquire, store-release ----

template <isa::Text Name, isa::Text Bits, class T>
struct LoadOrdered : Instruction<Name, Bits, ExclusiveOperands<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<T> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        e.template require_within_granule<T>(where);
        auto value = e.template load<T>(where);
        e.fence(Order::acquire_release);
        set_x(e, o.rt, value);
    }
};
/// A later load-acquire must not pass it: the store is a swap, which nothing passes on any host.
template <isa::Text Name, isa::Text Bits, class T>
struct StoreOrdered : Instruction<Name, Bits, ExclusiveOperands<T>> {
    template <Emitter E>
    static constexpr void run(E& e, ExclusiveOperands<T> o, Here) {
        auto where = reg_sp<u64>(e, o.rn);
        auto value = x(e, o.rt);
        e.template require_within_granule<T>(where);
        [[maybe_unused]] auto old = e.template rmw<AtomicOp::swap, T>(where, value, Order::sequential);
    }
};
struct stlrb : StoreOrdered<"stlrb", "00 001000 100 ..... 1 ..... ..... .....", u8> {};
struct stllrb : StoreOrdered<"stllrb", "00 001000 100 ..... 0 ..... ..... .....", u8> {};
struct ldarb : LoadOrdered<"ldarb", "00 001000 110 ..... 1 ..... ..... .....", u8> {};
struct ldlarb : LoadOrdered<"ldlarb", "00 001000 110 ..... 0 ..... ..... .....", u8> {};
struct stlrh : StoreOrdered<"stlrh", "01 001000 100 ..... 1 ..... ..... .....", u16> {};
struct stllrh : StoreOrdered<"stllrh", "01 001000 100 ..... 0 ..... ..... .....", u16> {};
struct ldarh : LoadOrdered<"ldarh", "01 001000 110 ..... 1 ..... ..... .....", u16> {};
struct ldlarh : LoadOrdered<"ldlarh", "01 001000 110 ..... 0 ..... ..... .....", u16> {};
struct stlr_w : StoreOrdered<"stlr_w", "10 001000 100 ..... 1 ..... ..... .....", u32> {};
struct stllr_w : StoreOrdered<"stllr_w", "10 001000 100 ..... 0 ..... ..... .....", u32> {};
struct ldar_w : LoadOrdered<"ldar_w", "10 001000 110 ..... 1 ..... ..... .....", u32> {};
struct ldlar_w : LoadOrdered<"ldlar_w", "10 001000 110 ..... 0 ..... ..... .....", u32> {};
struct stlr_x : StoreOrdered<"stlr_x", "11 001000 100 ..... 1 ..... ..... .....", u64> {};
struct stllr_x : StoreOrdered<"stllr_x", "11 001000 100 ..... 0 ..... ..... .....", u64> {};
struct ldar_x : LoadOrdered<"ldar_x", "11 001000 110 ..... 1 ..... ..... .....", u64> {};
struct ldlar_x : LoadOrdered<"ldlar_x", "11 001000 110 ..... 0 ..... ..... .....", u64> {};

using Exclusives =
    InstructionList<stxrb, stlxrb, ldxrb, ldaxrb, stxrh, stlxrh, ldxrh, ldaxrh, stxr_w, stlxr_w, ldxr_w, ldaxr_w, stxr_x, stlxr_x,
                    ldxr_x, ldaxr_x, stxp_w, stlxp_w, ldxp_w, ldaxp_w, stxp_x, stlxp_x, ldxp_x, ldaxp_x, stlrb, stllrb, ldarb,
                    ldlarb, stlrh, stllrh, ldarh, ldlarh, stlr_w, stllr_w, ldar_w, ldlar_w, stlr_x, stllr_x, ldar_x, ldlar_x>;

}  // namespace lyrebird::aarch64
