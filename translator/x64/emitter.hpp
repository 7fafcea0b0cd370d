// Tier 1's emitter: one pass over a block's instructions, no intermediate program. See value.hpp for what verbs leave behind,
// registers.hpp for where guest registers live.
//
// What must stay true:
//  1. State is exact before every host instruction that can fault and at every way out: an instruction's writes come after
//     its last access, and nothing of it is left undone at its end.
//  2. Nothing is silently approximated: what this tier does not do inline ends in `interpret`, which leaves to tier 0 before
//     the instruction has changed anything.
//  3. No host address stands in a block.
//
// The verbs are grouped as in isa/emitter.hpp, a file a family: emit_integer, emit_decisions, emit_flags, emit_memory,
// emit_atomic, emit_control, emit_float, emit_vector.
#pragma once

#include <array>
#include <vector>

#include "translator/isa/emitter.hpp"
#include "translator/isa/float.hpp"
#include "translator/isa/instruction.hpp"
#include "translator/x64/assembly.hpp"
#include "translator/x64/helpers.hpp"
#include "translator/x64/rare.hpp"
#include "translator/x64/surroundings.hpp"
#include "translator/x64/translation.hpp"
#include "translator/x64/value.hpp"
#include "translator/x64/vector_operations.hpp"

namespace lyrebird::x64 {

class Emitter {
  public:
    using I1 = x64::I1;
    using I32 = x64::I32;
    using I64 = x64::I64;
    using F16 = x64::F16;
    using F32 = x64::F32;
    using F64 = x64::F64;
    using Nzcv = x64::Nzcv;
    using V128 = x64::V128;
    struct Pair {
        I64 low, high;
    };
    template <class T>
    struct Flagged {
        T value;
        Nzcv flags;
    };

    explicit Emitter(const Surroundings& surroundings);

    // ---- for the block builder ----
    void begin_block(Translation& translation);
    void begin_instruction(isa::Here here);
    /// Afterwards `ended()` tells whether control goes on behind the instruction, in this block. `in_place`: where tier 0 has to
    /// carry `instruction` out (its row above its word), it can be called from the block.
    void end_instruction(bool in_place, u64 instruction);
    bool refused() const { return refused_; }
    u32 code_size() const { return code_.offset(); }  // so far, in bytes
    bool ended() const { return ended_; }
    /// Set when the block can go on at a place that is not behind the instruction: a direct jump.
    bool jumped() const { return jumped_; }
    u64 jump_target() const { return jump_target_; }
    /// A conditional jump stands before: the block may go on or end.
    bool branched() const { return branched_; }
    /// True when the builder wants to go on at a direct jump's target itself; asked while the jump is emitted.
    bool (*follow)(void* builder, u64 target) = nullptr;
    void* builder = nullptr;
    /// The slot that the last instruction set to a value which can as well be a part of the next one, if it did nothing else;
    /// or 0.
    u16 postponable() const { return simple_.offset; }
    /// Takes that instruction's code out again: the next one overwrites the slot before anybody can look.
    void postpone();
    /// The block goes on elsewhere, at `pc`.
    void leave_to(u64 pc);
    /// A word that no instruction claims, at `pc`.
    void refuse(u64 pc);
    /// What stands behind the block: the rare paths.
    void end_block();

    // Behind a block that jumps back to its beginning: the same instructions again, to stay in for the loop's further rounds.
    /// False when there is no such jump, or nothing to be gained. Else the builder repeats `loop_length()` instructions.
    bool begin_loop();
    u32 loop_length() const { return loop_length_; }
    /// `pc`: behind the last of them.
    void end_loop(u64 pc);

    // ---- constants, slots ----
    I64 imm(u64 value) { return I64(constant(value, 64)); }
    I32 imm32(u32 value) { return I32(constant(value, 32)); }
    I64 here(i64 offset) { return I64(constant(here_.pc + u64(offset), 64)); }
    I64 get(isa::Slot<u64> slot);
    I32 get(isa::Slot<u32> slot);
    F64 get(isa::Slot<isa::FloatRegister> slot);
    Nzcv get(isa::Slot<isa::Flags> slot);
    V128 get(isa::Slot<isa::VectorRegister> slot);
    void set(isa::Slot<u64> slot, const I64& value);
    void set(isa::Slot<u32> slot, const I32& value);
    void set(isa::Slot<isa::FloatRegister> slot, const F64& value);
    void set(isa::Slot<isa::Flags> slot, const Nzcv& value);
    void set(isa::Slot<isa::VectorRegister> slot, const V128& value);

    // ---- integer ----
    template <class T> T add(const T& a, const T& b) { return T(binary(Op::add, a, b, T::bits)); }
    template <class T> T sub(const T& a, const T& b) { return T(binary(Op::sub, a, b, T::bits)); }
    template <class T> T mul(const T& a, const T& b) { return T(binary(Op::mul, a, b, T::bits)); }
    template <class T> T neg(const T& a) { return T(unary(Op::neg, a, T::bits)); }
    template <class T> T div_u(const T& a, const T& b) { return T(divide(a, b, T::bits, false, false)); }
    template <class T> T div_s(const T& a, const T& b) { return T(divide(a, b, T::bits, true, false)); }
    template <class T> T rem_u(const T& a, const T& b) { return T(divide(a, b, T::bits, false, true)); }
    template <class T> T rem_s(const T& a, const T& b) { return T(divide(a, b, T::bits, true, true)); }
    I64 mul_high_u(const I64& a, const I64& b) { return I64(multiply_high(a, b, false)); }
    I64 mul_high_s(const I64& a, const I64& b) { return I64(multiply_high(a, b, true)); }
    I64 mul_high_su(const I64& a, const I64& b);

    // ---- logic, shifts, bits ----
    template <class T> T and_(const T& a, const T& b) { return T(binary(Op::and_, a, b, T::bits)); }
    template <class T> T or_(const T& a, const T& b) { return T(binary(Op::or_, a, b, T::bits)); }
    template <class T> T xor_(const T& a, const T& b) { return T(binary(Op::xor_, a, b, T::bits)); }
    template <class T> T not_(const T& a) { return T(unary(Op::not_, a, T::bits)); }
    I1 and_(const I1& a, const I1& b) { return both_truths(Op::and_, a, b); }
    I1 or_(const I1& a, const I1& b) { return both_truths(Op::or_, a, b); }
    I1 xor_(const I1& a, const I1& b) { return both_truths(Op::xor_, a, b); }
    I1 not_(const I1& a);
    template <class T> T shl(const T& a, const T& amount) { return T(binary(Op::shl, a, amount, T::bits)); }
    template <class T> T shr(const T& a, const T& amount) { return T(binary(Op::shr, a, amount, T::bits)); }
    template <class T> T sar(const T& a, const T& amount) { return T(binary(Op::sar, a, amount, T::bits)); }
    template <class T> T ror(const T& a, const T& amount) { return T(binary(Op::ror, a, amount, T::bits)); }
    template <class T> T clz(const T& a) { return T(count_leading(a, T::bits)); }
    template <class T> T ctz(const T& a) { return T(count_trailing(a, T::bits)); }
    template <class T> T popcount(const T& a) { return T(count_ones(a, T::bits)); }
    template <class T> T reverse_bytes(const T& a) { return T(swap_bytes(a, T::bits)); }
    template <class T> T reverse_bits(const T& a) { return T(turn_bits(a, T::bits)); }
    I64 carryless_mul(const I64& a, const I64& b) { return I64(carryless(a, b, false)); }
    I64 carryless_mul_high(const I64& a, const I64& b) { return I64(carryless(a, b, true)); }

    // ---- width, decisions ----
    I64 sext(const I32& a) { return I64(unary(Op::sext32, a, 64)); }
    I64 zext(const I32& a) { return I64(unary(Op::zext32, a, 64)); }
    I64 zext(const I1& a);
    I32 trunc(const I64& a);
    template <int Bits> I64 sext_from(const I64& a) {
        static_assert(Bits == 8 || Bits == 16 || Bits == 32);
        return I64(unary(Bits == 8 ? Op::sext8 : Bits == 16 ? Op::sext16 : Op::sext32, a, 64));
    }
    template <int Bits> I64 zext_from(const I64& a) {
        static_assert(Bits == 8 || Bits == 16 || Bits == 32);
        return I64(unary(Bits == 8 ? Op::zext8 : Bits == 16 ? Op::zext16 : Op::zext32, a, 64));
    }
    template <class T> I1 eq(const T& a, const T& b) { return relation(Op::eq, a, b, T::bits); }
    template <class T> I1 ne(const T& a, const T& b) { return relation(Op::ne, a, b, T::bits); }
    template <class T> I1 lt_u(const T& a, const T& b) { return relation(Op::lt_u, a, b, T::bits); }
    template <class T> I1 lt_s(const T& a, const T& b) { return relation(Op::lt_s, a, b, T::bits); }
    template <class T> I1 ge_u(const T& a, const T& b) { return relation(Op::ge_u, a, b, T::bits); }
    template <class T> I1 ge_s(const T& a, const T& b) { return relation(Op::ge_s, a, b, T::bits); }
    template <class T> T select(const I1& condition, const T& a, const T& b) {
        return T(choose(condition, a, b, T::bits));
    }

    // ---- condition flags ----
    template <class T> Flagged<T> add_flagged(const T& a, const T& b) { return flagged<T>(Op::add, a, b, FlagForm::carry); }
    template <class T> Flagged<T> sub_flagged(const T& a, const T& b) { return flagged<T>(Op::sub, a, b, FlagForm::borrow); }
    template <class T> Flagged<T> and_flagged(const T& a, const T& b) { return flagged<T>(Op::and_, a, b, FlagForm::none); }
    template <class T> Flagged<T> add_carry_flagged(const T& a, const T& b, const Nzcv& flags) {
        return with_flags<T>(with_carry(a, b, flags, T::bits, false), FlagForm::carry);
    }
    template <class T> Flagged<T> sub_carry_flagged(const T& a, const T& b, const Nzcv& flags) {
        return with_flags<T>(with_carry(a, b, flags, T::bits, true), FlagForm::borrow);
    }
    I1 condition(isa::Condition condition, const Nzcv& flags);
    Nzcv select(const I1& condition, const Nzcv& a, const Nzcv& b) { return Nzcv(choose(condition, a, b, 32)); }
    template <class T> Nzcv add_flagged_if(const I1& condition, const T& a, const T& b, u32 otherwise) {
        return flags_if(Op::add, condition, a, b, T::bits, otherwise);
    }
    template <class T> Nzcv sub_flagged_if(const I1& condition, const T& a, const T& b, u32 otherwise) {
        return flags_if(Op::sub, condition, a, b, T::bits, otherwise);
    }
    Nzcv flags_imm(u32 nzcv) { return Nzcv(constant(isa::flags_of(nzcv).bits, 32)); }
    Nzcv flags_from_bits(const I64& bits);
    I64 flags_to_bits(const Nzcv& flags);

    // ---- vectors ----
    V128 vector_imm(u64 low, u64 high) { return V128(vector_constant(low, high)); }
    V128 vector_from(const I64& low, const I64& high) { return V128(vector_of_halves(low, high)); }
    template <class T> V128 splat(const I64& a) { return V128(broadcast(a, lane_code<T>)); }
    V128 low_half(const V128& a) { return V128(lowest(a, 64)); }
    template <class T> I64 lane(const V128& a, int index) { return I64(lane_of(a, index, lane_code<T>)); }
    template <class T> V128 with_lane(const V128& a, int index, const I64& b) {
        return V128(insert_lane(a, index, b, lane_code<T>));
    }
    template <class F> F scalar(const V128& a) { return F(scalar_of(a, F::Format::width)); }
    template <class F> V128 vector_of(const F& a) { return V128(lowest(a, F::Format::width)); }
    template <class Op, class... V> V128 vector(const V128& a, const V&... more) {
        return V128(vector_value(vector_code<Op>, 0, {a.get(), more.get()...}));
    }
    template <class Op, class... V> V128 vector_with(u64 number, const V128& a, const V&... more) {
        return V128(vector_value(vector_code<Op>, number, {a.get(), more.get()...}));
    }
    template <class Op, class... V> V128 vector_saturating(const V128& a, const V&...) { return left_to_tier_0(a); }
    template <class Op, class... V> V128 vector_saturating_with(u64, const V128& a, const V&...) { return left_to_tier_0(a); }
    template <class Op, class... V> V128 vector_float(const V128& a, const V&...) { return left_to_tier_0(a); }
    template <class Op, class... V> V128 vector_float_with(u64 options, const V128& a, const V&... more) {
        return V128(vector_float_value(vector_float_code<Op>, options, {a.get(), more.get()...}));
    }
    template <int Bytes> V128 load_vector(const I64& address) { return V128(load_wide(address, Bytes)); }
    template <int Bytes> void store_vector(const I64& address, const V128& value) { store_wide(address, value, Bytes); }

    // ---- memory ----
    template <class T> I64 load(const I64& address) { return I64(load_value(address, size_code<T>)); }
    template <class T> void store(const I64& address, const I64& value) { store_value(address, value, sizeof(T)); }
    Pair load_pair(const I64& address);
    void store_pair(const I64& address, const I64& low, const I64& high);
    template <class T> void require_aligned(const I64& address) { require_alignment(address, sizeof(T)); }
    /// Tier 0 looks closer at what is not aligned to its size.
    template <class T> void require_within_granule(const I64& address) {
        if (sizeof(T) != 1) require_alignment(address, sizeof(T));
    }
    template <isa::AtomicOp Operation, class T> I64 rmw(const I64& address, const I64& value, isa::Order) {
        return I64(read_modify_write(Operation, address, value, sizeof(T)));
    }
    template <class T>
    I64 compare_exchange(const I64& address, const I64& expected, const I64& desired, isa::Order) {
        return I64(exchange_if_equal(address, expected, desired, sizeof(T)));
    }
    Pair compare_exchange_pair(const I64& address, const I64& expected_low, const I64& expected_high, const I64& low,
                               const I64& high, isa::Order);
    template <class T> I64 load_exclusive(const I64& address, isa::Order order) {
        return I64(load_reserved(address, sizeof(T), order));
    }
    template <class T> I1 store_exclusive(const I64& address, const I64& value, isa::Order) {
        return store_conditional(address, value, sizeof(T));
    }
    Pair load_exclusive_pair(const I64& address, isa::Order);
    I1 store_exclusive_pair(const I64& address, const I64& low, const I64& high, isa::Order);
    void fence(isa::Order order);
    void prefetch(const I64&) {}
    template <int Bytes> void zero_block(const I64& address) { clear_block(address, Bytes); }
    void pause() { code_->pause(); }

    // ---- float ----
    template <class F> F load_float(const I64& address) { return F(load_vector(address, F::Format::width)); }
    template <class F> void store_float(const I64& address, const F& value) {
        store_vector(address, value, F::Format::width);
    }
    template <class F> F float_add(const F& a, const F& b, isa::Rounding r) { return F(arithmetic<F>(Op::float_add, a, b, r)); }
    template <class F> F float_sub(const F& a, const F& b, isa::Rounding r) { return F(arithmetic<F>(Op::float_sub, a, b, r)); }
    template <class F> F float_mul(const F& a, const F& b, isa::Rounding r) { return F(arithmetic<F>(Op::float_mul, a, b, r)); }
    template <class F> F float_div(const F& a, const F& b, isa::Rounding r) { return F(arithmetic<F>(Op::float_div, a, b, r)); }
    template <class F> F float_sqrt(const F& a, isa::Rounding r) { return F(arithmetic<F>(Op::float_sqrt, a, a, r)); }
    template <class F> F float_fma(const F& a, const F& b, const F& c, isa::Rounding r) {
        return F(multiply_add(a, b, c, F::Format::width, r));
    }
    template <class F> F float_min(const F& a, const F& b) { return F(extreme(a, b, F::Format::width, false)); }
    template <class F> F float_max(const F& a, const F& b) { return F(extreme(a, b, F::Format::width, true)); }
    template <class F> F float_minimum(const F& a, const F& b) { return F(extreme(a, b, F::Format::width, false)); }
    template <class F> F float_maximum(const F& a, const F& b) { return F(extreme(a, b, F::Format::width, true)); }
    template <class F> I1 float_eq(const F& a, const F& b) { return compare_equal(a, b, F::Format::width); }
    template <class F> I1 float_lt(const F& a, const F& b) { return compare_less(a, b, F::Format::width, false, false); }
    template <class F> I1 float_le(const F& a, const F& b) { return compare_less(a, b, F::Format::width, true, false); }
    template <class F> I1 float_lt_quiet(const F& a, const F& b) { return compare_less(a, b, F::Format::width, false, true); }
    template <class F> I1 float_le_quiet(const F& a, const F& b) { return compare_less(a, b, F::Format::width, true, true); }
    template <class F> Nzcv float_compare(const F& a, const F& b, bool signalling) {
        return Nzcv(compare_flags(a, b, F::Format::width, signalling));
    }
    template <class To, class F> To float_convert(const F& a, isa::Rounding r) {
        return To(convert(a, F::Format::width, To::Format::width, r));
    }
    template <class T, class F> I64 float_to_int(const F& a, isa::Rounding r) {
        return I64(to_integer(a, F::Format::width, size_code<T>, r));
    }
    I64 float_to_int_modular(const F64& a) { return I64(to_modular(a)); }
    template <class F, class T> F float_from_int(const I64& a, isa::Rounding r) {
        return F(from_integer(a, size_code<T>, F::Format::width, r));
    }
    template <class F> F float_round(const F& a, isa::Rounding r, bool inexact) {
        return F(to_integral(a, F::Format::width, r, inexact));
    }
    template <class F> I64 float_classify(const F& a) {
        I64 bits(float_bits_of(a, F::Format::width));
        return I64(call(&classify<typename F::Format>, {bits.get()}));
    }
    template <class F> F float_neg(const F& a) { return F(sign_operation(Op::flip_sign, a, a, F::Format::width)); }
    template <class F> F float_abs(const F& a) { return F(sign_operation(Op::take_magnitude, a, a, F::Format::width)); }
    template <class F> F float_copy_sign(const F& magnitude, const F& sign) {
        return F(sign_operation(Op::copy_sign, magnitude, sign, F::Format::width));
    }
    template <class F> F float_xor_sign(const F& a, const F& b) {
        return F(sign_operation(Op::multiply_sign, a, b, F::Format::width));
    }
    template <class F> I64 float_bits(const F& a) { return I64(float_bits_of(a, F::Format::width)); }
    template <class F> F float_from_bits(const I64& a) { return F(bits_to_float(a, F::Format::width)); }
    template <class F> F64 box(const F& a) { return F64(boxed_value(a, F::Format::width)); }
    template <class F> F unbox(const F64& a) { return F(unboxed_value(a, F::Format::width)); }
    template <class F> F low(const F64& a) { return F(a.get()); }

    // ---- control ----
    void jump(u64 target, isa::Hint hint);
    void branch(const I1& condition, u64 target);
    void indirect(const I64& target, isa::Hint hint);
    void exit(isa::ExitReason reason);
    void exit_unless(const I1& condition, isa::ExitReason reason);
    void vm_call(u32 number);

    // ---- the processor, escape ----
    bool has(u64 option) const { return (surroundings_->options & option) != 0; }
    template <auto Function, class... Values> I64 helper(const Values&... values) {
        return I64(call(&call_plain<Function, sizeof...(Values)>, {values.get()...}));
    }
    template <auto Function, class... Values> I64 helper_with_state(const Values&... values) {
        return I64(call(&call_with_state<Function, sizeof...(Values)>, {nullptr, values.get()...}));
    }
    template <auto Function, class... Values> void work_in_memory(const Values&...) { interpret(); }

  private:
    using Gp = asmjit::x86::Gp;
    using Xmm = asmjit::x86::Xmm;
    using Mem = asmjit::x86::Mem;
    using Operand = asmjit::Operand;
    using Kind = Value::Kind;

    /// log2 of an access's bytes, and 8 when it is sign-extended.
    template <class T> static constexpr u8 size_code =
        u8((sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3) | (std::is_signed_v<T> ? 8 : 0));

    template <class F> static u64 classify(u64 bits, u64, u64, u64) { return ieee::classify<F>(typename F::Bits(bits)); }

    // ---- values (emitter.cpp) ----
    Value* new_value(Kind kind, u8 bits);
    Value* constant(u64 value, u8 bits);
    Value* slot_value(u16 offset, u8 bits);
    Value* operation(Op op, Value* a, Value* b, Value* c, u8 bits);
    bool is_constant(const Value* value) const { return value->kind == Kind::constant; }
    bool depends_on(const Value* value, u16 offset) const;
    void before_write(u16 offset, Value* written);
    void settle_effects(const Value* except);
    /// A value in a free temporary register (or in this one: what is in it moves away), pinned until the caller lets it go.
    Value* fresh(u8 bits);
    Value* fresh_in(u8 reg, u8 bits);
    Value* fresh_vector(u8 bits);
    Value* temporary(u8 reg, u8 bits);
    void spill(u8 reg);
    void spill_vector(u8 reg);
    void spill_all();
    void adopt(Value* value, Value* from);
    void release_operands(Value* value);

    // ---- operands ----
    static Gp gp(u8 reg, unsigned bits = 64) { return bits == 64 ? Gp(asmjit::x86::gpq(reg)) : Gp(asmjit::x86::gpd(reg)); }
    static Gp gp8(u8 reg) { return asmjit::x86::gpb(reg); }
    static Gp gp16(u8 reg) { return asmjit::x86::gpw(reg); }
    static Gp part(u8 reg, unsigned bits) { return bits == 8 ? gp8(reg) : bits == 16 ? gp16(reg) : gp(reg, bits); }
    static Xmm xmm(u8 reg) { return asmjit::x86::xmm(reg); }
    Mem state(std::size_t offset, u32 size = 8) const;
    Mem context(std::size_t offset, u32 size = 8) const;
    u8 to_register(Value* value);
    void prepare(Value* value);
    void into(Value* value, u8 target);
    Operand source(Value* value, u8 bits);          // register, memory, or an immediate of 32 bits
    Operand register_or_memory(Value* value, u8 bits);
    Mem address(Value* value, u32 size, i32 more = 0);
    static bool lies_in(const Operand& operand, u8 reg);
    void move(u8 to, u8 from, u8 bits = 64);
    void copy_to(u8 reg, Value* value, u8 bits);
    void load_constant(u8 to, u64 value);
    void op_into(Value* value, u8 target);
    void binary_into(Value* value, u8 target);
    void shift_into(Value* value, u8 target);
    void shift_by_cl(Op op, Value* a, Value* b, u8 target, u8 bits);
    void unary_into(Value* value, u8 target);
    void select_into(Value* value, u8 target);
    void truth_into(Value* value, u8 target);
    void load_into(Value* value, u8 target);
    CondCode compare(Value* truth);
    void emit_binary(Op op, const Operand& target, const Operand& source);
    bool update_memory(u16 offset, Value* value);

    // ---- integer verbs ----
    Value* binary(Op op, const Handle& a, const Handle& b, u8 bits);
    Value* unary(Op op, const Handle& a, u8 bits);
    Value* shifted_back(Op op, Value* left, unsigned amount);
    void settle(std::initializer_list<Value*> values);
    Value* divide(const Handle& a, const Handle& b, u8 bits, bool is_signed, bool remainder);
    Value* multiply_high(const Handle& a, const Handle& b, bool is_signed);
    I1 both_truths(Op op, const I1& a, const I1& b);
    I1 relation(Op op, const Handle& a, const Handle& b, u8 bits);
    Value* choose(const I1& condition, const Handle& a, const Handle& b, u8 bits);
    Value* count_leading(const Handle& a, u8 bits);
    Value* count_trailing(const Handle& a, u8 bits);
    Value* count_ones(const Handle& a, u8 bits);
    Value* swap_bytes(const Handle& a, u8 bits);
    Value* turn_bits(const Handle& a, u8 bits);
    Value* carryless(const Handle& a, const Handle& b, bool high);
    Value* call(Function function, std::initializer_list<Value*> values);

    // ---- flag verbs ----
    template <class T> Flagged<T> flagged(Op op, const T& a, const T& b, FlagForm form) {
        Value* value = operation(op, a.get(), b.get(), nullptr, T::bits);
        value->flagged = true;
        return with_flags<T>(value, form);
    }
    template <class T> Flagged<T> with_flags(Value* value, FlagForm form) {
        T result(value);
        return {result, Nzcv(flags_of(value, form))};
    }
    Value* flags_of(Value* value, FlagForm form);
    Value* with_carry(const Handle& a, const Handle& b, const Handle& flags, u8 bits, bool subtract);
    Nzcv flags_if(Op op, const I1& condition, const Handle& a, const Handle& b, u8 bits, u32 otherwise);
    void capture_flags(Value* flags);
    void compute_for_flags(Value* value);
    void take_flags(FlagForm form);
    CondCode test_flags(isa::Condition condition, Value* flags);
    bool flags_are_in_host(const Value* flags) const;
    /// Assembly::flags_owner when the host's flags are those that State has.
    static constexpr char flags_in_state = 0;

    // ---- vector verbs ----
    V128 left_to_tier_0(const V128& a) {
        interpret();
        return a;
    }
    Value* vector_constant(u64 low, u64 high);
    Value* vector_of_halves(const Handle& low, const Handle& high);
    Value* broadcast(const Handle& a, u8 lanes);
    Value* lowest(const Handle& a, u8 bits);
    Value* scalar_of(const Handle& a, u8 bits);
    Value* lane_of(const Handle& a, int index, u8 lanes);
    void lane_into(Value* value, u8 target);
    Value* insert_lane(const Handle& a, int index, const Handle& b, u8 lanes);
    Value* vector_value(VectorCode code, u64 number, std::initializer_list<Value*> operands);
    Value* vector_node(VectorOp op, u8 lanes, Value* a, Value* b = nullptr, u64 number = 0);
    Value* vector_shift(VectorOp op, u8 lanes, Value* a, u64 number);
    Value* vector_rounding_shift(u8 lanes, Value* a, u64 number);
    Value* vector_every_other(u8 lanes, Value* a, bool odd);
    Value* vector_across_extreme(VectorOp op, u8 lanes, Value* a, u64 count);
    Value* vector_look_up(std::initializer_list<Value*> operands);
    Value* vector_across_add(u8 lanes, Value* a, u64 count);
    Value* vector_float_value(VectorFloatCode code, u64 options, std::initializer_list<Value*> operands);
    void vector_node_into(Value* value, u8 target);
    void lowest_into(Value* value, u8 target);
    void load_wide_into(Value* value, u8 target);
    Value* load_wide(const Handle& address, u32 bytes);
    void store_wide(const Handle& address, const Handle& value, u32 bytes);
    void whole_vector(u8 to, const Operand& from);
    u8 low_whole(Value* value);

    // ---- memory verbs ----
    void note_access();
    Value* load_value(const Handle& address, u8 size);
    void store_value(const Handle& address, const Handle& value, u32 bytes);
    void require_alignment(const Handle& address, u32 bytes);
    Value* read_modify_write(isa::AtomicOp operation, const Handle& address, const Handle& value, u32 bytes);
    Value* exchange_if_equal(const Handle& address, const Handle& expected, const Handle& desired, u32 bytes);
    Value* load_reserved(const Handle& address, u32 bytes, isa::Order order);
    I1 store_conditional(const Handle& address, const Handle& value, u32 bytes);
    void clear_block(const Handle& address, u32 bytes);
    Value* old_value(Value* held, u32 bytes);
    bool alone();
    void lock_unless_alone();
    static CondCode replacing(isa::AtomicOp op);

    // ---- float verbs ----
    template <class F> Value* arithmetic(Op op, const F& a, const F& b, isa::Rounding r) {
        return float_operation(op, a, b, F::Format::width, r);
    }
    Value* float_operation(Op op, const Handle& a, const Handle& b, u8 bits, isa::Rounding r);
    Value* multiply_add(const Handle& a, const Handle& b, const Handle& c, u8 bits, isa::Rounding r);
    Value* extreme(const Handle& a, const Handle& b, u8 bits, bool greater);
    I1 compare_equal(const Handle& a, const Handle& b, u8 bits);
    I1 compare_less(const Handle& a, const Handle& b, u8 bits, bool or_equal, bool quiet);
    Value* compare_flags(const Handle& a, const Handle& b, u8 bits, bool signalling);
    Value* convert(const Handle& a, u8 from, u8 to, isa::Rounding r);
    Value* to_integer(const Handle& a, u8 from, u8 size, isa::Rounding r);
    Value* to_modular(const Handle& a);
    Value* from_integer(const Handle& a, u8 size, u8 to, isa::Rounding r);
    Value* to_integral(const Handle& a, u8 bits, isa::Rounding r, bool inexact);
    Value* sign_operation(Op op, const Handle& a, const Handle& b, u8 bits);
    Value* float_bits_of(const Handle& a, u8 bits);
    Value* bits_to_float(const Handle& a, u8 bits);
    Value* boxed_value(const Handle& a, u8 bits);
    Value* unboxed_value(const Handle& a, u8 bits);
    Value* load_vector(const Handle& address, u8 bits);
    void store_vector(const Handle& address, const Handle& value, u8 bits);
    Value* vector_operation(Op op, Value* a, Value* b, u8 bits);
    u8 to_vector(Value* value);
    u8 low_register(Value* value);
    void vector_into(Value* value, u8 target);
    void vector_into_copy(Value* value, u8 target);
    Operand vector_source(Value* value, u8 bits);
    void move_vector(u8 to, u8 from);
    void move_vector_from(u8 to, std::size_t context_offset);
    void load_vector_into(Value* value, u8 target);
    void float_operation_into(Value* value, u8 target);
    void convert_into(Value* value, u8 target);
    void from_integer_into(Value* value, u8 target);
    void bits_into(Value* value, u8 target);
    void sign_into(Value* value, u8 target);
    void round_to_integral(u8 target, u8 from, u8 bits, u8 control);
    void to_host_integer(u8 target, u8 from, u8 float_bits, u8 bits, bool truncate);
    void canonical_nan(u8 reg, u8 bits);
    void settle_nan(u8 reg, u8 bits, bool may_underflow);
    bool boxes() const { return !layout_->vectors_are_wide; }
    bool left_out(u8 bits) const { return bits == 16 || floats_left_; }  // of what tier 1 computes with floats
    void logic(asmjit::x86::Inst::Id with_three, asmjit::x86::Inst::Id with_two, u8 target, u8 a, const Operand& b);
    void unordered_compare(u8 a, const Operand& b, u8 bits, bool quiet);
    void require_rounding(isa::Rounding r);
    bool three() const { return features_.avx; }  // instructions with three operands
    I32 float_flags();

    // ---- control ----
    void add_rare(Rare::What what, u32 at, u64 pc, Stub stub = Stub::resume, u8 reg = no_register, u32 back = 0) {
        rare_.push_back({what, stub, reg, in_loop_, at, back, pc});
    }
    void direct_branch(CondCode condition, u64 target);
    void direct_jump(u64 target);
    bool goes_round(u64 target) const;
    void note_back_edge(u32 at);
    void forget_first_round();
    void choose_exchanges();
    void change_places();
    std::size_t place_in_loop(std::size_t offset) const;
    void rare_leave(CondCode condition, Stub stub, u64 pc);
    void leave(Stub stub, u64 pc);
    void to_stub(u32 at, Stub stub) { translation_->stubs.push_back({at, stub}); }
    void interpret();
    void take_back(bool in_place, u64 instruction);
    void carry_out(u64 instruction);
    void interpret_if(CondCode condition);
    void poll(u64 pc);
    void direct_exit(u32 at, u64 target);
    void landing(u64 return_pc);

    const Surroundings* surroundings_;
    const Layout* layout_;
    Layout loop_layout_;
    Features features_;
    Assembly assembly_;
    Assembly& code_ = assembly_;
    Translation* translation_ = nullptr;
    isa::Here here_;

    std::array<Value, 256> values_;
    std::size_t value_count_ = 0;
    u64 read_ = 0, effects_ = 0;  // slots that were read (bit_of); how many loads and float operations there are
    // Of temporary registers, by the host's numbers, which are the lowest.
    std::array<Value*, 4> integer_owner_{}, vector_owner_{};
    std::array<Value*, std::size(Context{}.spilled)> spilled_{};  // who was put where
    std::array<Value*, std::size(Context{}.spilled_vectors)> spilled_vectors_{};

    std::vector<Rare> rare_;
    struct Pending { u32 at; u64 target; };
    std::vector<Pending> exits_;
    /// What guest registers were set to, while it is known.
    struct Known {
        u16 offset;
        u64 value;
    };
    std::vector<Known> known_;
    u64 known_bits_ = 0;  // their slots (bit_of)
    void note_known(u16 offset, const Value* value);
    const Known* known(u16 offset) const;
    /// A register's value: a constant, or another register, extended and shifted to the left.
    struct Simple {
        u16 offset = 0;  // of the register; 0: none
        bool is_constant = false;
        u16 source = 0;
        Op extension = Op::add;  // Op::sext32, Op::zext32, or none
        u8 amount = 0;
    };
    Simple simple_value(u16 offset, const Value* value) const;
    Simple simple_;     // the instruction has done nothing but this
    Simple postponed_;  // State does not have it yet

    /// How often the block reads and writes each integer register, by its place in State.
    std::array<u8, 256> uses_{};
    // The last jump back to the block's beginning: what has been used up to it, and how many instructions that is. 0: none.
    std::array<u8, 256> loop_uses_{};
    u32 loop_length_ = 0, loop_head_ = 0;
    std::vector<u32> back_edges_;  // their displacements
    bool in_loop_ = false;

    /// Registers of the guest, by their place in State, that hold a boxed single: known since the block's beginning.
    std::array<u64, 4> boxed_{};
    struct Start {
        u32 code, rare, exits, accesses, stubs;
        u16 postponed;
        std::array<u64, 4> boxed;
    };
    Start start_{};
    bool ended_ = false, jumped_ = false, branched_ = false;
    bool floats_left_ = false, alone_ = false;  // as the surroundings were at the block's beginning
    bool has_spilled_ = false;    // somebody was put aside
    bool refused_ = false;        // the instruction is left to tier 0: nothing more is emitted of it
    bool mode_changed_ = false;   // the dynamic rounding mode was written
    u64 jump_target_ = 0;
};

}  // namespace lyrebird::x64
