// Guest memory accesses of tier 0. Each is one host access (volatile, any alignment), so that it is as atomic as on the
// guest's own machine and faults as one; the fault handler finds State untouched and pc at the instruction.
#pragma once

#include <immintrin.h>

#include <type_traits>

#include "runtime/base/ints.hpp"
#include "translator/isa/emitter.hpp"

namespace lyrebird::interpreter::access {

template <class T>
struct [[gnu::packed]] Unaligned {
    T value;
} __attribute__((may_alias));

/// The host pointer of a guest address (guest base 0).
template <class T>
T* pointer(u64 address) {
    return reinterpret_cast<T*>(address);  // NOLINT(performance-no-int-to-ptr)
}

template <class T>
T load(u64 address) {
    return pointer<volatile Unaligned<T>>(address)->value;
}
template <class T>
void store(u64 address, T value) {
    pointer<volatile Unaligned<T>>(address)->value = value;
}

/// A store that changes nothing but faults where a store to the aligned word at `address` would. In assembly because a
/// compiler may see that nothing changes, and leave it out.
inline void require_writable(u64 address) {
    asm volatile("lock orb $0, %0" : "+m"(*pointer<u8>(address)) : : "cc");
}

/// 16 bytes in one access, which is atomic when `address` is a multiple of 16.
inline isa::VectorRegister load_wide(u64 address) {
    __m128i value;
    asm volatile("movups %1, %0" : "=x"(value) : "m"(*pointer<const isa::VectorRegister>(address)));
    return {u64(_mm_cvtsi128_si64(value)), u64(_mm_extract_epi64(value, 1))};
}
inline void store_wide(u64 address, isa::VectorRegister value) {
    const __m128i whole = _mm_set_epi64x(i64(value.high), i64(value.low));
    asm volatile("movups %1, %0" : "=m"(*pointer<isa::VectorRegister>(address)) : "x"(whole) : "memory");
}

template <int Bytes>
void clear(u64 address) {
    for (int at = 0; at < Bytes; at += 8) store<u64>(address + u64(at), 0);
}

/// The old value, as a signed number of T's width.
template <isa::AtomicOp Op, class T>
std::make_signed_t<T> read_modify_write(u64 address, T operand) {
    using Signed = std::make_signed_t<T>;
    T* where = pointer<T>(address);
    using enum isa::AtomicOp;
    if constexpr (Op == swap) return Signed(__atomic_exchange_n(where, operand, __ATOMIC_SEQ_CST));
    if constexpr (Op == add) return Signed(__atomic_fetch_add(where, operand, __ATOMIC_SEQ_CST));
    if constexpr (Op == and_) return Signed(__atomic_fetch_and(where, operand, __ATOMIC_SEQ_CST));
    if constexpr (Op == or_) return Signed(__atomic_fetch_or(where, operand, __ATOMIC_SEQ_CST));
    if constexpr (Op == xor_) return Signed(__atomic_fetch_xor(where, operand, __ATOMIC_SEQ_CST));
    T old = __atomic_load_n(where, __ATOMIC_RELAXED);
    T chosen;
    do {
        if constexpr (Op == min_s) chosen = Signed(old) < Signed(operand) ? old : operand;
        if constexpr (Op == max_s) chosen = Signed(old) > Signed(operand) ? old : operand;
        if constexpr (Op == min_u) chosen = old < operand ? old : operand;
        if constexpr (Op == max_u) chosen = old > operand ? old : operand;
    } while (!__atomic_compare_exchange_n(where, &old, chosen, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    return Signed(old);
}

template <class T>
std::make_signed_t<T> compare_exchange(u64 address, T expected, T desired) {
    __atomic_compare_exchange_n(pointer<T>(address), &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return std::make_signed_t<T>(expected);
}

/// cmpxchg16b; `address` is a multiple of 16. The old value.
inline u128 compare_exchange_wide(u64 address, u128 expected, u128 desired) {
    u64 low = u64(expected);
    u64 high = u64(expected >> 64);
    asm volatile("lock cmpxchg16b %0"
                 : "+m"(*pointer<u128>(address)), "+a"(low), "+d"(high)
                 : "b"(u64(desired)), "c"(u64(desired >> 64))
                 : "cc", "memory");
    return u128(high) << 64 | low;
}

}  // namespace lyrebird::interpreter::access
