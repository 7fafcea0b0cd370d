// The constitution: the verbs in which every instruction's meaning is written, and which every tier implements.
//
// A meaning is a template over an Emitter `E`. Values are of E's types: I1 (a truth), I32, I64, F16, F32, F64, Nzcv (condition
// flags), V128 (a vector register's 16 bytes, or what a scalar leaves of them). What they are is
// the emitter's business: numbers in the interpreter, owned host registers in a translator, names in a listing. A value is
// known only when running, so it does not convert to bool; what is known when translating is an ordinary C++ number.
//
// Rules for meanings: reads first, each in its own `auto` (C++ does not order the evaluation of arguments); then computation;
// then writes; after the first `set` nothing may fault or exit. So state is exact at every fault for nothing.
//
// Every verb is total: it has one defined result for every input. Unless noted, the widths of operands and result are equal,
// and arithmetic wraps.
//
//   constants, slots
//     imm(u64) imm32(u32)            a constant
//     here(i64 offset)               the address of this instruction plus `offset`, in a form that can be relocated
//     get(Slot<T>) set(Slot<T>, v)   T = u64 ↔ I64, u32 ↔ I32, FloatRegister ↔ F64, Flags ↔ Nzcv,
//                                           VectorRegister ↔ V128
//   integer (I32 and I64)
//     add sub mul neg
//     mul_high_u mul_high_s mul_high_su   I64: the high half of the 128-bit product; su: first signed, second unsigned
//     div_u div_s                    quotient towards zero; x / 0 = 0; MIN / -1 = MIN
//     rem_u rem_s                    remainder with the dividend's sign; x % 0 = x; MIN % -1 = 0
//   logic, shifts, bits (I32 and I64; and_ or_ xor_ not_ on I1 too)
//     and_ or_ xor_ not_  shl shr sar ror    the shift amount is taken modulo the width
//     clz ctz popcount               of zero: the width, the width, 0
//     reverse_bytes reverse_bits
//     carryless_mul carryless_mul_high       I64: low and high half of the 128-bit carry-less product
//   width, decisions
//     sext(I32) zext(I32) zext(I1) -> I64    trunc(I64) -> I32
//     sext_from<N>(I64) zext_from<N>(I64)    the low N bits, extended
//     eq ne lt_u lt_s ge_u ge_s -> I1        select(I1, a, b): a where true
//   condition flags (I32 and I64; Arm's: the carry of a subtraction is the absence of a borrow)
//     add_flagged sub_flagged and_flagged (a, b) -> Flagged<T>{value, flags}     and: carry and overflow clear
//     add_carry_flagged sub_carry_flagged (a, b, Nzcv) -> Flagged<T>             a + b + C; a + ~b + C
//     condition(Condition, Nzcv) -> I1       select(I1, Nzcv, Nzcv)
//     add_flagged_if sub_flagged_if(I1, a, b, u32 otherwise) -> Nzcv             the flags of the sum or difference where true,
//                                            else the constant NZCV in bits 31 … 28
//     flags_imm(u32) flags_from_bits(I64) -> Nzcv    flags_to_bits(Nzcv) -> I64  NZCV in bits 31 … 28, all others zero
//   memory (addresses are I64; a tag that the guest's memory ignores is dropped; any alignment unless noted; a fault leaves all slots as they were)
//     load<T>(address) -> I64                T = u8 … u64, i8 … i32: one access, zero- or sign-extended
//     store<T>(address, I64)                 the low bits of the value
//     load_pair(address) -> Pair   store_pair(address, low, high)    16 bytes in one access, atomic when aligned to 16
//     load_float<F>(address) store_float(address, F)
//     load_vector<Bytes>(address) -> V128, zero-extended   store_vector<Bytes>(address, V128)    Bytes = 1, 2, 4, 8, 16: one access
//     require_aligned<T>(address)            exits with ExitReason::misaligned unless address is a multiple of T's size
//     require_within_granule<T>(address)     likewise unless T's bytes lie in one aligned block of 16
//     rmw<op, T>(address, I64, Order) -> I64           atomically; the old value, sign-extended; aligned
//     compare_exchange<T>(address, expected, desired, Order) -> I64    the old value, sign-extended; aligned
//     compare_exchange_pair(address, expected_low, expected_high, low, high, Order) -> Pair    16 bytes, 16-aligned
//     load_exclusive<T>(address, Order) -> I64, sign-extended; makes a reservation; aligned
//     store_exclusive<T>(address, I64, Order) -> I1    true when stored; the reservation is gone either way; aligned
//     load_exclusive_pair(address, Order) -> Pair   store_exclusive_pair(address, low, high, Order) -> I1    16 bytes, 16-aligned
//     fence(Order)                           orders all accesses before against all after, at least as `Order` says
//     prefetch(address)                      never faults
//     zero_block<Bytes>(address)             clears the aligned block of `Bytes` bytes that holds address; may fault
//     pause()                                a hint that this thread waits for another; a reservation may be lost
//   control (ends the instruction)
//     jump(u64 target, Hint)   branch(I1, u64 target): else falls through   indirect(I64 target, Hint): bit 0 must be clear
//     exit(ExitReason)         leaves guest code at this instruction
//     exit_unless(I1, ExitReason)            leaves at this instruction unless true; before any write
//     vm_call(u32 number)                    leaves with ExitReason::vm_call and the number
//   float (F = F16, F32, F64; rules and flags are the guest's; `Rounding` may be dynamic: the guest's mode, which the meaning
//   has checked; a verb that raises flags is a write to the guest's state, so nothing may fault or exit after it)
//     float_add float_sub float_mul float_div (a, b, Rounding)   float_sqrt(a, Rounding)
//     float_fma(a, b, c, Rounding)           a * b + c, rounded once
//     float_min float_max                    a number wins over a NaN; -0 < +0
//     float_minimum float_maximum            a NaN wins; -0 < +0
//     float_eq (quiet) float_lt float_le (signalling) float_lt_quiet float_le_quiet -> I1
//     float_compare(a, b, bool signalling) -> Nzcv    less 1000, equal 0110, greater 0010, unordered 0011; quiet unless asked
//     float_convert<To>(f, Rounding)         between formats
//     float_to_int<T>(f, Rounding) -> I64    T = i32 u32 i64 u64; saturating as the guest's; sign-extended
//     float_to_int_modular(F64) -> I64       modulo 2^32, sign-extended, towards zero (fcvtmod.w.d)
//     float_from_int<F, T>(I64, Rounding)
//     float_round(f, Rounding, bool inexact) to an integral value; raises inexact only when asked to
//     float_classify(f) -> I64               the one-hot mask of RISC-V unprivileged 20.9
//     float_neg float_abs float_copy_sign(magnitude, sign) float_xor_sign(a, b)     bits only: no flags, NaNs unchanged
//     float_bits(f) -> I64 (zero-extended)   float_from_bits<F>(I64)
//     box(f) -> F64                          the narrower value in a 64-bit register, high bits one; F64: itself
//     unbox<F>(F64) -> F                     the guest's canonical NaN unless properly boxed
//     low<F>(F64) -> F                       the low bits, boxed or not
//   vectors (`Op` is a type with a name and a static, constexpr `apply` on isa::VectorRegister values: it says once what the
//   verb computes; a tier either knows Op or calls it)
//     vector_imm(u64 low, u64 high)   vector_from(I64 low, I64 high)   splat<T>(I64)   low_half(V128): the high half cleared
//     lane<T>(V128, int) -> I64 (zero- or sign-extended)   with_lane<T>(V128, int, I64)
//     scalar<F>(V128) -> F, the lowest lane   vector_of(F) -> V128, zero above
//     vector<Op>(V128 …) vector_with<Op>(u64 constant, V128 …)     Op::apply([constant,] vectors …): pure
//     vector_saturating<Op>(…) vector_saturating_with<Op>(…)       Op::apply(bool& saturated, …): true notes the guest's sticky
//                                            flag: a write to its state
//     vector_float<Op>(…) vector_float_with<Op>(…)                 Op::apply(FloatContext&, …) with the guest's context (mode and
//                                            sticky flags): reads the dynamic mode, a write to the guest's state
//   the processor
//     has(u64 option) -> bool                known when translating: the guest's processor has what may be chosen (bits that the
//                                            guest's State names)
//   escape
//     helper<function>(I64 …) -> I64         a pure or VM-only C++ function u64(u64 …) with exact behaviour, in every tier
//     helper_with_state<function>(I64 …)     as above with the guest's State first, of which it only reads what no slot names
//     work_in_memory<function>(I64 …)        an ExitReason function(State&, u64 …) that reads and writes guest memory at length. It
//                                            notes in State what is left before it does more, and in VmState::fault_address where:
//                                            so a fault finds State exact. It does something each time, then looks at attention:
//                                            ExitReason::attention when it is to be called again, none when all is done. Stands
//                                            last, for all accesses and writes of its instruction
#pragma once

#include <concepts>
#include <type_traits>

#include "runtime/base/ints.hpp"
#include "translator/isa/condition.hpp"
#include "translator/isa/contract.hpp"
#include "translator/isa/float/format.hpp"
#include "translator/isa/slot.hpp"

namespace lyrebird::isa {

/// How a float verb rounds: in a direction that is known when translating, or as the guest's own mode says when running.
struct Rounding {
    ieee::Rounding direction = ieee::Rounding::nearest_even;  // unless dynamic
    bool dynamic = false;
};
inline constexpr Rounding dynamic_rounding{.dynamic = true};

/// The emitter's value type for a format: E::F16, E::F32 or E::F64.
template <class E, class Format>
using FloatValue =
    std::conditional_t<std::is_same_v<Format, ieee::F16>, typename E::F16,
                       std::conditional_t<std::is_same_v<Format, ieee::F32>, typename E::F32, typename E::F64>>;

/// Memory order of an access, the guest's demand. Back ends give at least this.
enum class Order : u8 { plain, acquire, release, acquire_release, sequential };

enum class AtomicOp : u8 { swap, add, and_, or_, xor_, min_s, max_s, min_u, max_u };

/// What a jump is for, where the guest's manual says so: for return prediction.
enum class Hint : u8 { none, call, return_, call_and_return };

template <class E, class Int>
concept IntegerVerbs = requires(E& e, Int a, typename E::I1 c) {
    { e.add(a, a) } -> std::same_as<Int>;
    { e.sub(a, a) } -> std::same_as<Int>;
    { e.mul(a, a) } -> std::same_as<Int>;
    { e.neg(a) } -> std::same_as<Int>;
    { e.div_u(a, a) } -> std::same_as<Int>;
    { e.div_s(a, a) } -> std::same_as<Int>;
    { e.rem_u(a, a) } -> std::same_as<Int>;
    { e.rem_s(a, a) } -> std::same_as<Int>;
    { e.and_(a, a) } -> std::same_as<Int>;
    { e.or_(a, a) } -> std::same_as<Int>;
    { e.xor_(a, a) } -> std::same_as<Int>;
    { e.not_(a) } -> std::same_as<Int>;
    { e.shl(a, a) } -> std::same_as<Int>;
    { e.shr(a, a) } -> std::same_as<Int>;
    { e.sar(a, a) } -> std::same_as<Int>;
    { e.ror(a, a) } -> std::same_as<Int>;
    { e.clz(a) } -> std::same_as<Int>;
    { e.ctz(a) } -> std::same_as<Int>;
    { e.popcount(a) } -> std::same_as<Int>;
    { e.reverse_bytes(a) } -> std::same_as<Int>;
    { e.reverse_bits(a) } -> std::same_as<Int>;
    { e.eq(a, a) } -> std::same_as<typename E::I1>;
    { e.ne(a, a) } -> std::same_as<typename E::I1>;
    { e.lt_u(a, a) } -> std::same_as<typename E::I1>;
    { e.lt_s(a, a) } -> std::same_as<typename E::I1>;
    { e.ge_u(a, a) } -> std::same_as<typename E::I1>;
    { e.ge_s(a, a) } -> std::same_as<typename E::I1>;
    { e.select(c, a, a) } -> std::same_as<Int>;
};

template <class E>
concept BaseVerbs = requires(E& e, typename E::I64 a, typename E::I32 w, typename E::I1 c, u64 k, Slot<u64> s,
                             Slot<u32> s32) {
    { e.imm(k) } -> std::same_as<typename E::I64>;
    { e.imm32(u32(k)) } -> std::same_as<typename E::I32>;
    { e.here(i64(k)) } -> std::same_as<typename E::I64>;
    { e.get(s) } -> std::same_as<typename E::I64>;
    { e.get(s32) } -> std::same_as<typename E::I32>;
    { e.set(s, a) };
    { e.set(s32, w) };
    { e.mul_high_u(a, a) } -> std::same_as<typename E::I64>;
    { e.mul_high_s(a, a) } -> std::same_as<typename E::I64>;
    { e.mul_high_su(a, a) } -> std::same_as<typename E::I64>;
    { e.carryless_mul(a, a) } -> std::same_as<typename E::I64>;
    { e.carryless_mul_high(a, a) } -> std::same_as<typename E::I64>;
    { e.sext(w) } -> std::same_as<typename E::I64>;
    { e.zext(w) } -> std::same_as<typename E::I64>;
    { e.zext(c) } -> std::same_as<typename E::I64>;
    { e.trunc(a) } -> std::same_as<typename E::I32>;
    { e.template sext_from<8>(a) } -> std::same_as<typename E::I64>;
    { e.template zext_from<16>(a) } -> std::same_as<typename E::I64>;
    { e.and_(c, c) } -> std::same_as<typename E::I1>;
    { e.or_(c, c) } -> std::same_as<typename E::I1>;
    { e.xor_(c, c) } -> std::same_as<typename E::I1>;
    { e.not_(c) } -> std::same_as<typename E::I1>;
};

template <class E>
concept MemoryVerbs = requires(E& e, typename E::I64 a) {
    { e.template load<u8>(a) } -> std::same_as<typename E::I64>;
    { e.template load<i32>(a) } -> std::same_as<typename E::I64>;
    { e.template store<u16>(a, a) };
    { e.template require_aligned<u32>(a) };
    { e.template rmw<AtomicOp::add, u32>(a, a, Order::plain) } -> std::same_as<typename E::I64>;
    { e.template compare_exchange<u64>(a, a, a, Order::plain) } -> std::same_as<typename E::I64>;
    { e.compare_exchange_pair(a, a, a, a, a, Order::plain).low } -> std::convertible_to<typename E::I64>;
    { e.template load_exclusive<u64>(a, Order::plain) } -> std::same_as<typename E::I64>;
    { e.template store_exclusive<u64>(a, a, Order::plain) } -> std::same_as<typename E::I1>;
    { e.fence(Order::sequential) };
    { e.prefetch(a) };
    { e.template zero_block<64>(a) };
    { e.pause() };
};

template <class E>
concept ControlVerbs = requires(E& e, typename E::I64 a, typename E::I1 c, u64 target) {
    { e.jump(target, Hint::none) };
    { e.branch(c, target) };
    { e.indirect(a, Hint::none) };
    { e.exit(ExitReason::system_call) };
    { e.exit_unless(c, ExitReason::illegal_instruction) };
    { e.vm_call(1U) };
};

template <class E, class F>
concept FloatVerbs = requires(E& e, F f, typename E::F64 wide, typename E::I64 a, Rounding rounding) {
    { e.template load_float<F>(a) } -> std::same_as<F>;
    { e.store_float(a, f) };
    { e.float_add(f, f, rounding) } -> std::same_as<F>;
    { e.float_sub(f, f, rounding) } -> std::same_as<F>;
    { e.float_mul(f, f, rounding) } -> std::same_as<F>;
    { e.float_div(f, f, rounding) } -> std::same_as<F>;
    { e.float_sqrt(f, rounding) } -> std::same_as<F>;
    { e.float_fma(f, f, f, rounding) } -> std::same_as<F>;
    { e.float_min(f, f) } -> std::same_as<F>;
    { e.float_max(f, f) } -> std::same_as<F>;
    { e.float_minimum(f, f) } -> std::same_as<F>;
    { e.float_maximum(f, f) } -> std::same_as<F>;
    { e.float_eq(f, f) } -> std::same_as<typename E::I1>;
    { e.float_lt(f, f) } -> std::same_as<typename E::I1>;
    { e.float_le(f, f) } -> std::same_as<typename E::I1>;
    { e.float_lt_quiet(f, f) } -> std::same_as<typename E::I1>;
    { e.float_le_quiet(f, f) } -> std::same_as<typename E::I1>;
    { e.template float_convert<F>(wide, rounding) } -> std::same_as<F>;
    { e.template float_convert<typename E::F64>(f, rounding) } -> std::same_as<typename E::F64>;
    { e.template float_to_int<u32>(f, rounding) } -> std::same_as<typename E::I64>;
    { e.template float_from_int<F, i64>(a, rounding) } -> std::same_as<F>;
    { e.float_to_int_modular(wide) } -> std::same_as<typename E::I64>;
    { e.float_round(f, rounding, true) } -> std::same_as<F>;
    { e.float_classify(f) } -> std::same_as<typename E::I64>;
    { e.float_neg(f) } -> std::same_as<F>;
    { e.float_abs(f) } -> std::same_as<F>;
    { e.float_copy_sign(f, f) } -> std::same_as<F>;
    { e.float_xor_sign(f, f) } -> std::same_as<F>;
    { e.float_bits(f) } -> std::same_as<typename E::I64>;
    { e.template float_from_bits<F>(a) } -> std::same_as<F>;
    { e.box(f) } -> std::same_as<typename E::F64>;
    { e.template unbox<F>(wide) } -> std::same_as<F>;
    { e.template low<F>(wide) } -> std::same_as<F>;
};

template <class E, class Int>
concept FlagVerbs = requires(E& e, Int a, typename E::Nzcv flags, typename E::I1 c, typename E::I64 bits, Slot<Flags> slot) {
    { e.get(slot) } -> std::same_as<typename E::Nzcv>;
    { e.set(slot, flags) };
    { e.add_flagged(a, a).value } -> std::convertible_to<Int>;
    { e.sub_flagged(a, a).value } -> std::convertible_to<Int>;
    { e.and_flagged(a, a).flags } -> std::convertible_to<typename E::Nzcv>;
    { e.add_carry_flagged(a, a, flags).flags } -> std::convertible_to<typename E::Nzcv>;
    { e.sub_carry_flagged(a, a, flags).flags } -> std::convertible_to<typename E::Nzcv>;
    { e.condition(Condition::eq, flags) } -> std::same_as<typename E::I1>;
    { e.select(c, flags, flags) } -> std::same_as<typename E::Nzcv>;
    { e.add_flagged_if(c, a, a, 0U) } -> std::same_as<typename E::Nzcv>;
    { e.sub_flagged_if(c, a, a, 0U) } -> std::same_as<typename E::Nzcv>;
    { e.flags_imm(0U) } -> std::same_as<typename E::Nzcv>;
    { e.flags_from_bits(bits) } -> std::same_as<typename E::Nzcv>;
    { e.flags_to_bits(flags) } -> std::same_as<typename E::I64>;
};

/// The simplest vector operation, for the concept.
struct CopyVector {
    static constexpr VectorRegister apply(VectorRegister a) { return a; }
};

template <class E>
concept VectorVerbs = requires(E& e, typename E::V128 v, typename E::I64 a, typename E::F32 f, typename E::I1 c,
                               Slot<VectorRegister> slot) {
    { e.get(slot) } -> std::same_as<typename E::V128>;
    { e.set(slot, v) };
    { e.vector_imm(u64{1}, u64{2}) } -> std::same_as<typename E::V128>;
    { e.vector_from(a, a) } -> std::same_as<typename E::V128>;
    { e.template splat<u16>(a) } -> std::same_as<typename E::V128>;
    { e.low_half(v) } -> std::same_as<typename E::V128>;
    { e.template lane<i8>(v, 3) } -> std::same_as<typename E::I64>;
    { e.template with_lane<u32>(v, 1, a) } -> std::same_as<typename E::V128>;
    { e.template scalar<typename E::F32>(v) } -> std::same_as<typename E::F32>;
    { e.vector_of(f) } -> std::same_as<typename E::V128>;
    { e.template vector<CopyVector>(v) } -> std::same_as<typename E::V128>;
    { e.template load_vector<16>(a) } -> std::same_as<typename E::V128>;
    { e.template store_vector<8>(a, v) };
    { e.load_pair(a).low } -> std::convertible_to<typename E::I64>;
    { e.store_pair(a, a, a) };
    { e.load_exclusive_pair(a, Order::plain).high } -> std::convertible_to<typename E::I64>;
    { e.store_exclusive_pair(a, a, a, Order::plain) } -> std::same_as<typename E::I1>;
    { e.template require_within_granule<u32>(a) };
    { e.float_compare(f, f, true) } -> std::same_as<typename E::Nzcv>;
};

template <class E>
concept Emitter = BaseVerbs<E> && IntegerVerbs<E, typename E::I64> && IntegerVerbs<E, typename E::I32> &&
    MemoryVerbs<E> && ControlVerbs<E> && FloatVerbs<E, typename E::F16> && FloatVerbs<E, typename E::F32> &&
    FloatVerbs<E, typename E::F64>;

/// With the verbs that guests with condition flags and vector registers use besides.
template <class E>
concept VectorEmitter = Emitter<E> && FlagVerbs<E, typename E::I32> && FlagVerbs<E, typename E::I64> && VectorVerbs<E>;

}  // namespace lyrebird::isa
