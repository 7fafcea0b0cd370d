// Tier 0's emitter: values are numbers, verbs compute. One Emitter lives for one instruction, on the stack of its handler, and
// disappears when the compiler inlines; so a meaning becomes a handful of host instructions.
//
// With `Probe`, nothing is read or written: the address of the first memory access is noted, for the fault handler.
#pragma once

#include <immintrin.h>

#include <atomic>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "runtime/base/bits.hpp"
#include "runtime/base/ints.hpp"
#include "translator/isa/bit_operations.hpp"
#include "translator/interpreter/flag_verbs.hpp"
#include "translator/interpreter/float_verbs.hpp"
#include "translator/interpreter/memory_operations.hpp"
#include "translator/interpreter/values.hpp"
#include "translator/interpreter/vector_verbs.hpp"
#include "translator/isa/reservation.hpp"
#include "translator/isa/emitter.hpp"
#include "translator/isa/instruction.hpp"

namespace lyrebird::interpreter {

template <class GuestType, bool Probe = false>
class Emitter : public FloatVerbs<Emitter<GuestType, Probe>, GuestType, Probe>,
                public VectorVerbs<Emitter<GuestType, Probe>, GuestType, Probe>,
                public FlagVerbs {
    friend FloatVerbs<Emitter, GuestType, Probe>;
    friend VectorVerbs<Emitter, GuestType, Probe>;

  public:
    using Guest = GuestType;
    using State = typename Guest::State;
    using I1 = interpreter::I1;
    using I32 = interpreter::I32;
    using I64 = interpreter::I64;
    using F16 = interpreter::F16;
    using F32 = interpreter::F32;
    using F64 = interpreter::F64;
    using Nzcv = interpreter::Nzcv;
    using V128 = interpreter::V128;
    struct Pair {
        I64 low, high;
    };

    Emitter(State& state, isa::Here here) : state_(state), here_(here) {}

    // How the instruction ended; constants to the compiler for most instructions.
    bool left() const { return left_; }      // an exit: back to the run loop
    bool jumped() const { return jumped_; }  // pc is set: on to another block
    bool probed() const { return probed_; }

    // ---- constants, slots (after an exit, what the meaning still writes is dropped) ----
    I64 imm(u64 value) { return {value}; }
    I32 imm32(u32 value) { return {value}; }
    I64 here(i64 offset) { return {here_.pc + u64(offset)}; }
    I64 get(isa::Slot<u64> slot) { return {*place<u64>(slot.offset)}; }
    I32 get(isa::Slot<u32> slot) { return {*place<u32>(slot.offset)}; }
    F64 get(isa::Slot<isa::FloatRegister> slot) { return {*place<u64>(slot.offset)}; }
    Nzcv get(isa::Slot<isa::Flags> slot) { return {*place<isa::Flags>(slot.offset)}; }
    V128 get(isa::Slot<isa::VectorRegister> slot) { return {*place<isa::VectorRegister>(slot.offset)}; }
    void set(isa::Slot<u64> slot, I64 value) {
        if (!Probe && !left_) *place<u64>(slot.offset) = value.v;
    }
    void set(isa::Slot<u32> slot, I32 value) {
        if (!Probe && !left_) *place<u32>(slot.offset) = value.v;
    }
    void set(isa::Slot<isa::FloatRegister> slot, F64 value) {
        if (!Probe && !left_) *place<u64>(slot.offset) = value.bits;
    }
    void set(isa::Slot<isa::Flags> slot, Nzcv value) {
        if (!Probe && !left_) *place<isa::Flags>(slot.offset) = value.flags;
    }
    void set(isa::Slot<isa::VectorRegister> slot, V128 value) {
        if (!Probe && !left_) *place<isa::VectorRegister>(slot.offset) = value.v;
    }

    // ---- integer ----
    template <Integer T> T add(T a, T b) { return {a.v + b.v}; }
    template <Integer T> T sub(T a, T b) { return {a.v - b.v}; }
    template <Integer T> T mul(T a, T b) { return {a.v * b.v}; }
    template <Integer T> T neg(T a) { return {0 - a.v}; }
    template <Integer T> T div_u(T a, T b) { return {b.v == 0 ? 0 : a.v / b.v}; }
    template <Integer T> T rem_u(T a, T b) { return {b.v == 0 ? a.v : a.v % b.v}; }
    template <Integer T> T div_s(T a, T b) {
        if (b.v == 0) return {0};
        if (signed_(b) == -1) return neg(a);
        return unsigned_<T>(signed_(a) / signed_(b));
    }
    template <Integer T> T rem_s(T a, T b) {
        if (b.v == 0) return a;
        if (signed_(b) == -1) return {0};
        return unsigned_<T>(signed_(a) % signed_(b));
    }
    I64 mul_high_u(I64 a, I64 b) { return {u64((u128(a.v) * b.v) >> 64)}; }
    I64 mul_high_s(I64 a, I64 b) { return {u64((i128(i64(a.v)) * i64(b.v)) >> 64)}; }
    I64 mul_high_su(I64 a, I64 b) { return {u64((i128(i64(a.v)) * i128(b.v)) >> 64)}; }

    // ---- logic, shifts, bits ----
    template <Integer T> T and_(T a, T b) { return {a.v & b.v}; }
    template <Integer T> T or_(T a, T b) { return {a.v | b.v}; }
    template <Integer T> T xor_(T a, T b) { return {a.v ^ b.v}; }
    template <Integer T> T not_(T a) { return {~a.v}; }
    I1 and_(I1 a, I1 b) { return {a.v && b.v}; }
    I1 or_(I1 a, I1 b) { return {a.v || b.v}; }
    I1 xor_(I1 a, I1 b) { return {a.v != b.v}; }
    I1 not_(I1 a) { return {!a.v}; }
    template <Integer T> T shl(T a, T amount) { return {a.v << (amount.v & mask<T>)}; }
    template <Integer T> T shr(T a, T amount) { return {a.v >> (amount.v & mask<T>)}; }
    template <Integer T> T sar(T a, T amount) { return unsigned_<T>(signed_(a) >> (amount.v & mask<T>)); }
    template <Integer T> T ror(T a, T amount) { return {std::rotr(a.v, int(amount.v & mask<T>))}; }
    template <Integer T> T clz(T a) { return {typename T::Number(std::countl_zero(a.v))}; }
    template <Integer T> T ctz(T a) { return {typename T::Number(std::countr_zero(a.v))}; }
    template <Integer T> T popcount(T a) { return {typename T::Number(std::popcount(a.v))}; }
    template <Integer T> T reverse_bytes(T a) { return {std::byteswap(a.v)}; }
    template <Integer T> T reverse_bits(T a) { return {isa::reverse_bits(a.v)}; }
    I64 carryless_mul(I64 a, I64 b) { return {isa::carryless_multiply(a.v, b.v).low}; }
    I64 carryless_mul_high(I64 a, I64 b) { return {isa::carryless_multiply(a.v, b.v).high}; }

    // ---- width, decisions ----
    I64 sext(I32 a) { return {u64(i64(i32(a.v)))}; }
    I64 zext(I32 a) { return {a.v}; }
    I64 zext(I1 a) { return {u64(a.v)}; }
    I32 trunc(I64 a) { return {u32(a.v)}; }
    template <int Bits> I64 sext_from(I64 a) { return {u64(sign_extend(a.v, Bits))}; }
    template <int Bits> I64 zext_from(I64 a) { return {a.v & ((1ULL << Bits) - 1)}; }
    template <Integer T> I1 eq(T a, T b) { return {a.v == b.v}; }
    template <Integer T> I1 ne(T a, T b) { return {a.v != b.v}; }
    template <Integer T> I1 lt_u(T a, T b) { return {a.v < b.v}; }
    template <Integer T> I1 ge_u(T a, T b) { return {a.v >= b.v}; }
    template <Integer T> I1 lt_s(T a, T b) { return {signed_(a) < signed_(b)}; }
    template <Integer T> I1 ge_s(T a, T b) { return {signed_(a) >= signed_(b)}; }
    template <class T> T select(I1 condition, T a, T b) { return condition.v ? a : b; }

    // ---- memory ----
    template <class T> I64 load(I64 address) {
        if (!touch(address)) return {0};
        return {u64(i64(access::load<T>(where(address))))};
    }
    template <class T> void store(I64 address, I64 value) {
        if (touch(address)) access::store<T>(where(address), T(value.v));
    }
    Pair load_pair(I64 address) {
        if (!touch(address)) return {{0}, {0}};
        const isa::VectorRegister both = access::load_wide(where(address));
        return {{both.low}, {both.high}};
    }
    void store_pair(I64 address, I64 low, I64 high) {
        if (touch(address)) access::store_wide(where(address), {low.v, high.v});
    }
    template <class T> void require_aligned(I64 address) { require(address, address.v % sizeof(T) == 0); }
    template <class T> void require_within_granule(I64 address) { require(address, address.v % 16 + sizeof(T) <= 16); }
    template <isa::AtomicOp Op, class T> I64 rmw(I64 address, I64 value, isa::Order) {
        if (!touch(address)) return {0};
        return {u64(i64(access::read_modify_write<Op, T>(where(address), T(value.v))))};
    }
    template <class T> I64 compare_exchange(I64 address, I64 expected, I64 desired, isa::Order) {
        if (!touch(address)) return {0};
        return {u64(i64(access::compare_exchange<T>(where(address), T(expected.v), T(desired.v))))};
    }
    Pair compare_exchange_pair(I64 address, I64 expected_low, I64 expected_high, I64 low, I64 high, isa::Order) {
        if (!touch(address)) return {{0}, {0}};
        u128 old = access::compare_exchange_wide(where(address), u128(expected_high.v) << 64 | expected_low.v,
                                                 u128(high.v) << 64 | low.v);
        return {{u64(old)}, {u64(old >> 64)}};
    }
    template <class T> I64 load_exclusive(I64 address, isa::Order order) {
        if (!touch(address)) return {0};
        if (order == isa::Order::sequential) fence(order);  // after earlier stores, too
        isa::Reservation& reservation = state_.vm.reservation;
        isa::begin_reservation(reservation, here_.pc);
        T value = access::load<T>(where(address));
        reserve(address, sizeof(T), value, 0);
        return {u64(i64(std::make_signed_t<T>(value)))};
    }
    template <class T> I1 store_exclusive(I64 address, I64 value, isa::Order) {
        if (!touch(address)) return {false};
        const T expected = T(state_.vm.reservation.value);
        const bool reserved = is_reserved(address, sizeof(T));
        bool stored = reserved && access::compare_exchange<T>(where(address), expected, T(value.v)) ==
                          std::make_signed_t<T>(expected);
        if (!reserved) access::require_writable(where(address));
        isa::end_reservation(state_.vm.reservation);
        return {stored};
    }
    Pair load_exclusive_pair(I64 address, isa::Order order) {
        if (!touch(address)) return {{0}, {0}};
        if (order == isa::Order::sequential) fence(order);
        isa::begin_reservation(state_.vm.reservation, here_.pc);
        const isa::VectorRegister value = access::load_wide(where(address));
        reserve(address, 16, value.low, value.high);
        return {{value.low}, {value.high}};
    }
    I1 store_exclusive_pair(I64 address, I64 low, I64 high, isa::Order) {
        if (!touch(address)) return {false};
        const isa::Reservation& reservation = state_.vm.reservation;
        const u128 expected = u128(reservation.value_high) << 64 | reservation.value;
        const bool reserved = is_reserved(address, 16);
        bool stored = reserved &&
            access::compare_exchange_wide(where(address), expected, u128(high.v) << 64 | low.v) == expected;
        if (!reserved) access::require_writable(where(address));
        isa::end_reservation(state_.vm.reservation);
        return {stored};
    }
    void fence(isa::Order order) {
        if (order == isa::Order::sequential) __atomic_thread_fence(__ATOMIC_SEQ_CST);
        else __atomic_thread_fence(__ATOMIC_ACQ_REL);
    }
    void prefetch(I64) {}
    template <int Bytes> void zero_block(I64 address) {
        const I64 start{where(address) & ~u64(Bytes - 1)};
        if (touch(start)) access::clear<Bytes>(start.v);
    }
    void pause() {
        if (!Probe && state_.vm.reservation.exclusive) isa::end_reservation(state_.vm.reservation);
        _mm_pause();
    }

    // ---- control ----
    void jump(u64 target, isa::Hint) { go(target); }
    void indirect(I64 target, isa::Hint) { go(target.v); }
    void branch(I1 condition, u64 target) {
        if (condition.v) go(target);
    }
    void exit(isa::ExitReason reason) { leave(reason); }
    void exit_unless(I1 condition, isa::ExitReason reason) {
        if (!condition.v) leave(reason);
    }
    void vm_call(u32 number) {
        if constexpr (!Probe) state_.vm.detail = number;
        leave(isa::ExitReason::vm_call);
    }

    // ---- the processor ----
    bool has(u64 option) const { return (state_.options & option) != 0; }

    // ---- escape ----
    template <auto Function, class... Values> I64 helper(Values... values) { return {Function(values.v...)}; }
    template <auto Function, class... Values> I64 helper_with_state(Values... values) {
        return {Function(state_, values.v...)};
    }
    /// Probing, VmState::fault_address is what the function noted when it faulted.
    template <auto Function, class... Values> void work_in_memory(Values... values) {
        if (Probe || left_) return;
        state_.pc = here_.pc;
        std::atomic_signal_fence(std::memory_order_seq_cst);
        const isa::ExitReason reason = Function(state_, values.v...);
        if (reason != isa::ExitReason::none) leave(reason);
    }

  private:
    template <Integer T> static constexpr typename T::Number mask = sizeof(typename T::Number) * 8 - 1;
    template <Integer T> static auto signed_(T a) { return std::make_signed_t<typename T::Number>(a.v); }
    template <Integer T, class S> static T unsigned_(S value) { return {typename T::Number(value)}; }

    template <class T> T* place(u16 offset) { return reinterpret_cast<T*>(reinterpret_cast<char*>(&state_) + offset); }

    /// Before every access: pc in State is this instruction's, as the fault handler expects. False when nothing may be
    /// accessed: when probing, or after an exit.
    bool touch(I64 address) {
        if constexpr (Probe) {
            if (!probed_) state_.vm.fault_address = where(address);
            probed_ = true;
            return false;
        } else {
            state_.pc = here_.pc;
            std::atomic_signal_fence(std::memory_order_seq_cst);  // the compiler keeps the order of pc and access
            return !left_;
        }
    }
    static u64 where(I64 address) { return Guest::untagged(address.v); }
    void require(I64 address, bool aligned) {
        if (aligned || Probe) return;
        state_.vm.fault_address = where(address);
        leave(isa::ExitReason::misaligned);
    }
    void reserve(I64 address, u32 size, u64 value, u64 value_high) {
        isa::Reservation& reservation = state_.vm.reservation;
        reservation.address = where(address);
        reservation.value = value;
        reservation.value_high = value_high;
        reservation.size = size;
    }
    bool is_reserved(I64 address, u32 size) {
        isa::Reservation& reservation = state_.vm.reservation;
        return reservation.address == where(address) && reservation.size == size &&
            isa::may_trust(reservation, here_.pc);
    }
    void go(u64 target) {
        if (!Probe && !left_) state_.pc = target;
        jumped_ = true;
    }
    void leave(isa::ExitReason reason) {
        if (left_) return;
        left_ = true;
        if constexpr (Probe) return;
        state_.pc = here_.pc;
        state_.vm.exit = reason;
    }

    State& state_;
    isa::Here here_;
    bool left_ = false;
    bool jumped_ = false;
    bool probed_ = false;
};

}  // namespace lyrebird::interpreter
