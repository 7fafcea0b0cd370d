// A: load-reserved/store-conditional and atomic memory operations (RISC-V unprivileged 14). Addresses must be aligned; aq and rl
// are two bits of every instruction here.
#pragma once

#include <array>
#include <string_view>

#include "translator/riscv64/access.hpp"
#include "translator/riscv64/formats.hpp"

namespace lyrebird::riscv64 {

constexpr Order order_of(u8 aq_rl) {
    constexpr Order orders[]{Order::plain, Order::release, Order::acquire, Order::sequential};
    return orders[aq_rl & 3];
}
inline constexpr std::array<std::string_view, 4> order_names{"", "rl", "aq", "aqrl"};

/// rd, rs2, (rs1) and the order, which assembly joins to the name: "amoadd.w.aqrl x1, x2, (x3)". Here it follows the operands.
struct Amo {
    using Operands = Amo;
    u8 rd, rs1, rs2, order;  // order: bit 1 aq, bit 0 rl
    constexpr bool operator==(const Amo&) const = default;
    static constexpr Amo decode(u32 word) { return {rd_of(word), rs1_of(word), rs2_of(word), field(word, 25, 2)}; }
    static constexpr u32 encode(Amo o) {
        return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.rs2) << 20 | u32(o.order) << 25;
    }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.reg(x_names, o.rs2), t.comma();
        t.literal("("), t.reg(x_names, o.rs1), t.literal(")"), t.optional_word(order_names, o.order, 0);
    }
};
/// rd, (rs1) and the order.
struct LoadReserved {
    using Operands = LoadReserved;
    u8 rd, rs1, order;
    constexpr bool operator==(const LoadReserved&) const = default;
    static constexpr LoadReserved decode(u32 word) { return {rd_of(word), rs1_of(word), field(word, 25, 2)}; }
    static constexpr u32 encode(LoadReserved o) { return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.order) << 25; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.literal("("), t.reg(x_names, o.rs1), t.literal(")");
        t.optional_word(order_names, o.order, 0);
    }
};

template <isa::Text Name, isa::Text Bits, class T>
struct LoadReservedOf : Instruction<Name, Bits, LoadReserved> {
    template <Emitter E>
    static constexpr void run(E& e, LoadReserved o, Here) {
        auto where = x(e, o.rs1);
        e.template require_aligned<T>(where);
        auto value = e.template load_exclusive<T>(where, order_of(o.order));
        set_x(e, o.rd, value);
    }
};
template <isa::Text Name, isa::Text Bits, class T>
struct StoreConditionalOf : Instruction<Name, Bits, Amo> {
    template <Emitter E>
    static constexpr void run(E& e, Amo o, Here) {
        auto where = x(e, o.rs1);
        auto value = x(e, o.rs2);
        e.template require_aligned<T>(where);
        auto stored = e.template store_exclusive<T>(where, value, order_of(o.order));
        set_x(e, o.rd, e.zext(e.not_(stored)));
    }
};
struct lr_w : LoadReservedOf<"lr.w", "00010.. 00000 ..... 010 ..... 0101111", u32> {};
struct lr_d : LoadReservedOf<"lr.d", "00010.. 00000 ..... 011 ..... 0101111", u64> {};
struct sc_w : StoreConditionalOf<"sc.w", "00011.. ..... ..... 010 ..... 0101111", u32> {};
struct sc_d : StoreConditionalOf<"sc.d", "00011.. ..... ..... 011 ..... 0101111", u64> {};

template <isa::Text Name, isa::Text Bits, class T, AtomicOp Op>
struct AmoOf : Instruction<Name, Bits, Amo> {
    template <Emitter E>
    static constexpr void run(E& e, Amo o, Here) {
        auto where = x(e, o.rs1);
        auto value = x(e, o.rs2);
        e.template require_aligned<T>(where);
        auto old = e.template rmw<Op, T>(where, value, order_of(o.order));
        set_x(e, o.rd, old);
    }
};
struct amoadd_w : AmoOf<"amoadd.w", "00000.. ..... ..... 010 ..... 0101111", u32, AtomicOp::add> {};
struct amoadd_d : AmoOf<"amoadd.d", "00000.. ..... ..... 011 ..... 0101111", u64, AtomicOp::add> {};
struct amoswap_w : AmoOf<"amoswap.w", "00001.. ..... ..... 010 ..... 0101111", u32, AtomicOp::swap> {};
struct amoswap_d : AmoOf<"amoswap.d", "00001.. ..... ..... 011 ..... 0101111", u64, AtomicOp::swap> {};
struct amoxor_w : AmoOf<"amoxor.w", "00100.. ..... ..... 010 ..... 0101111", u32, AtomicOp::xor_> {};
struct amoxor_d : AmoOf<"amoxor.d", "00100.. ..... ..... 011 ..... 0101111", u64, AtomicOp::xor_> {};
struct amoor_w : AmoOf<"amoor.w", "01000.. ..... ..... 010 ..... 0101111", u32, AtomicOp::or_> {};
struct amoor_d : AmoOf<"amoor.d", "01000.. ..... ..... 011 ..... 0101111", u64, AtomicOp::or_> {};
struct amoand_w : AmoOf<"amoand.w", "01100.. ..... ..... 010 ..... 0101111", u32, AtomicOp::and_> {};
struct amoand_d : AmoOf<"amoand.d", "01100.. ..... ..... 011 ..... 0101111", u64, AtomicOp::and_> {};
struct amomin_w : AmoOf<"amomin.w", "10000.. ..... ..... 010 ..... 0101111", u32, AtomicOp::min_s> {};
struct amomin_d : AmoOf<"amomin.d", "10000.. ..... ..... 011 ..... 0101111", u64, AtomicOp::min_s> {};
struct amomax_w : AmoOf<"amomax.w", "10100.. ..... ..... 010 ..... 0101111", u32, AtomicOp::max_s> {};
struct amomax_d : AmoOf<"amomax.d", "10100.. ..... ..... 011 ..... 0101111", u64, AtomicOp::max_s> {};
struct amominu_w : AmoOf<"amominu.w", "11000.. ..... ..... 010 ..... 0101111", u32, AtomicOp::min_u> {};
struct amominu_d : AmoOf<"amominu.d", "11000.. ..... ..... 011 ..... 0101111", u64, AtomicOp::min_u> {};
struct amomaxu_w : AmoOf<"amomaxu.w", "11100.. ..... ..... 010 ..... 0101111", u32, AtomicOp::max_u> {};
struct amomaxu_d : AmoOf<"amomaxu.d", "11100.. ..... ..... 011 ..... 0101111", u64, AtomicOp::max_u> {};

using Atomic = InstructionList<lr_w, lr_d, sc_w, sc_d, amoadd_w, amoadd_d, amoswap_w, amoswap_d, amoxor_w, amoxor_d,
                               amoor_w, amoor_d, amoand_w, amoand_d, amomin_w, amomin_d, amomax_w, amomax_d, amominu_w,
                               amominu_d, amomaxu_w, amomaxu_d>;

}  // namespace lyrebird::riscv64
