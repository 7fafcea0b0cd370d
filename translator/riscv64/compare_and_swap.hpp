// Zacas and Zawrs (RISC-V unprivileged 16, 15): compare-and-swap of 4, 8 and 16 bytes, and waiting on a reservation.
#pragma once

#include "translator/riscv64/atomic.hpp"

namespace lyrebird::riscv64 {

template <isa::Text Name, isa::Text Bits, class T>
struct CompareAndSwapOf : Instruction<Name, Bits, Amo> {
    template <Emitter E>
    static constexpr void run(E& e, Amo o, Here) {
        auto where = x(e, o.rs1);
        auto expected = x(e, o.rd);
        auto desired = x(e, o.rs2);
        e.template require_aligned<T>(where);
        auto old = e.template compare_exchange<T>(where, expected, desired, order_of(o.order));
        set_x(e, o.rd, old);
    }
};
struct amocas_w : CompareAndSwapOf<"amocas.w", "00101.. ..... ..... 010 ..... 0101111", u32> {};
struct amocas_d : CompareAndSwapOf<"amocas.d", "00101.. ..... ..... 011 ..... 0101111", u64> {};

/// As Amo, for pairs of registers that begin at an even number; odd ones are reserved. x0 stands for a pair of zeros.
struct AmoPair : Amo {
    using Operands = AmoPair;
    static constexpr bool allocated(u32 word) { return rd_of(word) % 2 == 0 && rs2_of(word) % 2 == 0; }
    static constexpr AmoPair decode(u32 word) { return {Amo::decode(word)}; }
    static constexpr u32 encode(AmoPair o) { return Amo::encode(o); }
};
constexpr u8 second_of_pair(u8 first) {
    return first == 0 ? u8(0) : u8(first + 1);
}

struct amocas_q : Instruction<"amocas.q", "00101.. ..... ..... 100 ..... 0101111", AmoPair> {
    template <Emitter E>
    static constexpr void run(E& e, AmoPair o, Here) {
        auto where = x(e, o.rs1);
        auto expected_low = x(e, o.rd);
        auto expected_high = x(e, second_of_pair(o.rd));
        auto low = x(e, o.rs2);
        auto high = x(e, second_of_pair(o.rs2));
        e.template require_aligned<u128>(where);
        auto old = e.compare_exchange_pair(where, expected_low, expected_high, low, high, order_of(o.order));
        set_x(e, o.rd, old.low);
        set_x(e, second_of_pair(o.rd), old.high);
    }
};

/// May continue at any time; the waiting itself ends the reservation, for nobody can use it afterwards.
template <isa::Text Name, isa::Text Bits>
struct WaitOnReservation : Instruction<Name, Bits, Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        e.pause();
    }
};
struct wrs_nto : WaitOnReservation<"wrs.nto", "000000001101 00000 000 00000 1110011"> {};
struct wrs_sto : WaitOnReservation<"wrs.sto", "000000011101 00000 000 00000 1110011"> {};

using CompareAndSwap = InstructionList<amocas_w, amocas_d, amocas_q, wrs_nto, wrs_sto>;

}  // namespace lyrebird::riscv64
