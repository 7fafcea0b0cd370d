// An emitter that emits nothing: it remembers which slots an instruction reads and writes, whether it touches memory, and how
// it passes control on. Block building asks it where blocks end; translators ask it which writes are dead; the house's tests
// ask it whether every meaning keeps the rules (no read after the first write, no fault after a write).
#pragma once

#include <array>

#include "translator/isa/emitter.hpp"
#include "translator/isa/instruction.hpp"

namespace lyrebird::emitters {

/// Slots as a set: one bit for each 4 bytes of a State of at most 2 KiB.
class SlotSet {
  public:
    constexpr void add(std::size_t word) { words_[word / 64] |= 1ULL << (word % 64); }
    constexpr bool has(std::size_t word) const { return (words_[word / 64] >> (word % 64) & 1) != 0; }
    template <class T>
    constexpr bool has(isa::Slot<T> slot) const { return has(slot.offset / 4U); }
    constexpr bool any() const { return *this != SlotSet{}; }
    constexpr bool operator==(const SlotSet&) const = default;

  private:
    std::array<u64, 8> words_{};
};

class Effects {
  public:
    struct I1 {};
    struct I32 {};
    struct I64 {};
    struct F16 {};
    struct F32 {};
    struct F64 {};
    struct Nzcv {};
    struct V128 {};
    struct Pair {
        I64 low, high;
    };
    template <class T>
    struct Flagged {
        T value;
        Nzcv flags;
    };

    enum class Flow {
        falls_through,  // always on to the next instruction
        may_leave,      // may exit or branch, otherwise falls through
        ends,           // never falls through
    };

    SlotSet reads, writes;
    Flow flow = Flow::falls_through;
    bool reads_memory = false;
    bool writes_memory = false;
    bool stores_exclusive = false;  // ends a reservation
    bool pauses = false;            // as does waiting
    bool loads_exclusive = false;   // begins one
    bool calls_helper = false;      // whose answer may not be the same again
    bool late_read = false;   // a slot is read after a slot was written
    bool late_fault = false;  // something may fault or exit after a slot was written or float flags were raised
    bool reads_rounding = false;  // the guest's dynamic rounding mode
    bool raises_flags = false;    // the guest's float exception flags
    bool touches_floats = false;  // reads or writes a floating-point or vector register
    bool works_in_memory = false;  // a helper makes all accesses and writes: tier 0 has to carry the instruction out

    // ---- constants, slots ----
    constexpr I64 imm(u64) { return {}; }
    constexpr I32 imm32(u32) { return {}; }
    constexpr I64 here(i64) { return {}; }
    constexpr I64 get(isa::Slot<u64> slot) { return read(slot.offset, 8), I64{}; }
    constexpr I32 get(isa::Slot<u32> slot) { return read(slot.offset, 4), I32{}; }
    constexpr F64 get(isa::Slot<isa::FloatRegister> slot) {
        touches_floats = true;
        return read(slot.offset, 8), F64{};
    }
    constexpr Nzcv get(isa::Slot<isa::Flags> slot) { return read(slot.offset, 4), Nzcv{}; }
    constexpr V128 get(isa::Slot<isa::VectorRegister> slot) {
        touches_floats = true;
        return read(slot.offset, 16), V128{};
    }
    constexpr void set(isa::Slot<isa::Flags> slot, Nzcv) { write(slot.offset, 4); }
    constexpr void set(isa::Slot<isa::VectorRegister> slot, V128) {
        touches_floats = true;
        write(slot.offset, 16);
    }
    constexpr void set(isa::Slot<u64> slot, I64) { write(slot.offset, 8); }
    constexpr void set(isa::Slot<u32> slot, I32) { write(slot.offset, 4); }
    constexpr void set(isa::Slot<isa::FloatRegister> slot, F64) {
        touches_floats = true;
        write(slot.offset, 8);
    }

    // ---- pure integer verbs ----
    template <class T> constexpr T add(T, T) { return {}; }
    template <class T> constexpr T sub(T, T) { return {}; }
    template <class T> constexpr T mul(T, T) { return {}; }
    template <class T> constexpr T neg(T) { return {}; }
    template <class T> constexpr T div_u(T, T) { return {}; }
    template <class T> constexpr T div_s(T, T) { return {}; }
    template <class T> constexpr T rem_u(T, T) { return {}; }
    template <class T> constexpr T rem_s(T, T) { return {}; }
    constexpr I64 mul_high_u(I64, I64) { return {}; }
    constexpr I64 mul_high_s(I64, I64) { return {}; }
    constexpr I64 mul_high_su(I64, I64) { return {}; }
    template <class T> constexpr T and_(T, T) { return {}; }
    template <class T> constexpr T or_(T, T) { return {}; }
    template <class T> constexpr T xor_(T, T) { return {}; }
    template <class T> constexpr T not_(T) { return {}; }
    template <class T> constexpr T shl(T, T) { return {}; }
    template <class T> constexpr T shr(T, T) { return {}; }
    template <class T> constexpr T sar(T, T) { return {}; }
    template <class T> constexpr T ror(T, T) { return {}; }
    template <class T> constexpr T clz(T) { return {}; }
    template <class T> constexpr T ctz(T) { return {}; }
    template <class T> constexpr T popcount(T) { return {}; }
    template <class T> constexpr T reverse_bytes(T) { return {}; }
    template <class T> constexpr T reverse_bits(T) { return {}; }
    constexpr I64 carryless_mul(I64, I64) { return {}; }
    constexpr I64 carryless_mul_high(I64, I64) { return {}; }
    constexpr I64 sext(I32) { return {}; }
    constexpr I64 zext(I32) { return {}; }
    constexpr I64 zext(I1) { return {}; }
    constexpr I32 trunc(I64) { return {}; }
    template <int Bits> constexpr I64 sext_from(I64) { return {}; }
    template <int Bits> constexpr I64 zext_from(I64) { return {}; }
    template <class T> constexpr I1 eq(T, T) { return {}; }
    template <class T> constexpr I1 ne(T, T) { return {}; }
    template <class T> constexpr I1 lt_u(T, T) { return {}; }
    template <class T> constexpr I1 lt_s(T, T) { return {}; }
    template <class T> constexpr I1 ge_u(T, T) { return {}; }
    template <class T> constexpr I1 ge_s(T, T) { return {}; }
    template <class T> constexpr T select(I1, T, T) { return {}; }

    // ---- condition flags ----
    template <class T> constexpr Flagged<T> add_flagged(T, T) { return {}; }
    template <class T> constexpr Flagged<T> sub_flagged(T, T) { return {}; }
    template <class T> constexpr Flagged<T> and_flagged(T, T) { return {}; }
    template <class T> constexpr Flagged<T> add_carry_flagged(T, T, Nzcv) { return {}; }
    template <class T> constexpr Flagged<T> sub_carry_flagged(T, T, Nzcv) { return {}; }
    constexpr I1 condition(isa::Condition, Nzcv) { return {}; }
    template <class T> constexpr Nzcv add_flagged_if(I1, T, T, u32) { return {}; }
    template <class T> constexpr Nzcv sub_flagged_if(I1, T, T, u32) { return {}; }
    constexpr Nzcv flags_imm(u32) { return {}; }
    constexpr Nzcv flags_from_bits(I64) { return {}; }
    constexpr I64 flags_to_bits(Nzcv) { return {}; }

    // ---- vectors ----
    constexpr V128 vector_imm(u64, u64) { return {}; }
    constexpr V128 vector_from(I64, I64) { return {}; }
    template <class T> constexpr V128 splat(I64) { return {}; }
    constexpr V128 low_half(V128) { return {}; }
    template <class T> constexpr I64 lane(V128, int) { return {}; }
    template <class T> constexpr V128 with_lane(V128, int, I64) { return {}; }
    template <class F> constexpr F scalar(V128) { return {}; }
    template <class F> constexpr V128 vector_of(F) { return {}; }
    template <class Op, class... V> constexpr V128 vector(V...) { return {}; }
    template <class Op, class... V> constexpr V128 vector_with(u64, V...) { return {}; }
    template <class Op, class... V> constexpr V128 vector_saturating(V...) { return raises_flags = true, V128{}; }
    template <class Op, class... V> constexpr V128 vector_saturating_with(u64, V...) { return raises_flags = true, V128{}; }
    template <class Op, class... V> constexpr V128 vector_float(V...) { return compute(isa::dynamic_rounding), V128{}; }
    template <class Op, class... V> constexpr V128 vector_float_with(u64, V...) {
        return compute(isa::dynamic_rounding), V128{};
    }

    // ---- memory ----
    template <class T> constexpr I64 load(I64) { return access(true, false), I64{}; }
    template <class T> constexpr void store(I64, I64) { access(false, true); }
    constexpr Pair load_pair(I64) { return access(true, false), Pair{}; }
    constexpr void store_pair(I64, I64, I64) { access(false, true); }
    template <int Bytes> constexpr V128 load_vector(I64) { return access(true, false), V128{}; }
    template <int Bytes> constexpr void store_vector(I64, V128) { access(false, true); }
    template <class T> constexpr void require_aligned(I64) { may_leave(); }
    template <class T> constexpr void require_within_granule(I64) { may_leave(); }
    template <isa::AtomicOp Op, class T> constexpr I64 rmw(I64, I64, isa::Order) { return access(true, true), I64{}; }
    template <class T> constexpr I64 compare_exchange(I64, I64, I64, isa::Order) { return access(true, true), I64{}; }
    constexpr Pair compare_exchange_pair(I64, I64, I64, I64, I64, isa::Order) { return access(true, true), Pair{}; }
    template <class T> constexpr I64 load_exclusive(I64, isa::Order) {
        loads_exclusive = true;
        return access(true, false), I64{};
    }
    template <class T> constexpr I1 store_exclusive(I64, I64, isa::Order) {
        stores_exclusive = true;
        return access(true, true), I1{};
    }
    constexpr Pair load_exclusive_pair(I64, isa::Order) {
        loads_exclusive = true;
        return access(true, false), Pair{};
    }
    constexpr I1 store_exclusive_pair(I64, I64, I64, isa::Order) {
        stores_exclusive = true;
        return access(true, true), I1{};
    }
    constexpr void fence(isa::Order) {}
    constexpr void prefetch(I64) {}
    template <int Bytes> constexpr void zero_block(I64) { access(false, true); }
    constexpr void pause() { pauses = true; }

    // ---- float ----
    template <class F> constexpr F load_float(I64) { return access(true, false), F{}; }
    template <class F> constexpr void store_float(I64, F) { access(false, true); }
    template <class F> constexpr F float_add(F, F, isa::Rounding rounding) { return compute(rounding), F{}; }
    template <class F> constexpr F float_sub(F, F, isa::Rounding rounding) { return compute(rounding), F{}; }
    template <class F> constexpr F float_mul(F, F, isa::Rounding rounding) { return compute(rounding), F{}; }
    template <class F> constexpr F float_div(F, F, isa::Rounding rounding) { return compute(rounding), F{}; }
    template <class F> constexpr F float_sqrt(F, isa::Rounding rounding) { return compute(rounding), F{}; }
    template <class F> constexpr F float_fma(F, F, F, isa::Rounding rounding) { return compute(rounding), F{}; }
    template <class F> constexpr F float_min(F, F) { return compute(), F{}; }
    template <class F> constexpr F float_max(F, F) { return compute(), F{}; }
    template <class F> constexpr F float_minimum(F, F) { return compute(), F{}; }
    template <class F> constexpr F float_maximum(F, F) { return compute(), F{}; }
    template <class F> constexpr I1 float_eq(F, F) { return compute(), I1{}; }
    template <class F> constexpr I1 float_lt(F, F) { return compute(), I1{}; }
    template <class F> constexpr I1 float_le(F, F) { return compute(), I1{}; }
    template <class F> constexpr I1 float_lt_quiet(F, F) { return compute(), I1{}; }
    template <class F> constexpr I1 float_le_quiet(F, F) { return compute(), I1{}; }
    template <class F> constexpr Nzcv float_compare(F, F, bool) { return compute(), Nzcv{}; }
    template <class To, class F> constexpr To float_convert(F, isa::Rounding rounding) {
        return compute(rounding), To{};
    }
    template <class T, class F> constexpr I64 float_to_int(F, isa::Rounding rounding) {
        return compute(rounding), I64{};
    }
    constexpr I64 float_to_int_modular(F64) { return compute(), I64{}; }
    template <class F, class T> constexpr F float_from_int(I64, isa::Rounding rounding) {
        return compute(rounding), F{};
    }
    template <class F> constexpr F float_round(F, isa::Rounding rounding, bool) { return compute(rounding), F{}; }
    template <class F> constexpr I64 float_classify(F) { return {}; }
    template <class F> constexpr F float_neg(F) { return {}; }
    template <class F> constexpr F float_abs(F) { return {}; }
    template <class F> constexpr F float_copy_sign(F, F) { return {}; }
    template <class F> constexpr F float_xor_sign(F, F) { return {}; }
    template <class F> constexpr I64 float_bits(F) { return {}; }
    template <class F> constexpr F float_from_bits(I64) { return {}; }
    template <class F> constexpr F64 box(F) { return {}; }
    template <class F> constexpr F unbox(F64) { return {}; }
    template <class F> constexpr F low(F64) { return {}; }

    // ---- control ----
    constexpr void jump(u64, isa::Hint) { flow = Flow::ends; }
    constexpr void indirect(I64, isa::Hint) { flow = Flow::ends; }
    constexpr void branch(I1, u64) { flow = Flow::may_leave; }
    constexpr void exit(isa::ExitReason) { flow = Flow::ends; }
    constexpr void exit_unless(I1, isa::ExitReason) { may_leave(); }
    constexpr void vm_call(u32) { flow = Flow::ends; }

    // ---- the processor ----
    /// As if all were there: what is left out is known when running.
    constexpr bool has(u64) { return true; }

    // ---- escape ----
    template <auto Function, class... Values> constexpr I64 helper(Values...) { return calls_helper = true, I64{}; }
    template <auto Function, class... Values> constexpr I64 helper_with_state(Values...) {
        return calls_helper = true, I64{};
    }
    template <auto Function, class... Values> constexpr void work_in_memory(Values...) {
        calls_helper = works_in_memory = true;
        access(true, true);
        may_leave();
    }

  private:
    constexpr void read(u16 offset, int size) {
        mark(reads, offset, size);
        late_read |= writes.any();
    }
    constexpr void write(u16 offset, int size) { mark(writes, offset, size); }
    constexpr void access(bool reading, bool writing) {
        reads_memory |= reading;
        writes_memory |= writing;
        late_fault |= writes.any() || raises_flags;
    }
    constexpr void compute(isa::Rounding rounding = {}) {
        reads_rounding |= rounding.dynamic;
        raises_flags = true;
    }
    constexpr void may_leave() {
        late_fault |= writes.any() || raises_flags;
        if (flow == Flow::falls_through) flow = Flow::may_leave;
    }
    static constexpr void mark(SlotSet& set, u16 offset, int size) {
        for (int byte = 0; byte < size; byte += 4) set.add(std::size_t(offset + byte) / 4);
    }
};

/// The effects of `Ins` with the operands that `word` holds.
template <class Ins>
constexpr Effects effects_of(u32 word, isa::Here here) {
    Effects effects;
    Ins::run(effects, Ins::Format::decode(word), here);
    return effects;
}

}  // namespace lyrebird::emitters
