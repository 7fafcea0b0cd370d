// What a thread of an AArch64 guest can see (Arm ARM, A-profile, B1.2: Registers in AArch64 Execution state).
#pragma once

#include <cstddef>

#include "translator/isa/condition.hpp"
#include "translator/isa/contract.hpp"
#include "translator/isa/slot.hpp"

namespace lyrebird::aarch64 {

/// A key of pointer authentication, 128 bits; the order is that of PR_PAC_* bits.
struct PointerKey {
    u64 low = 0, high = 0;
};
enum KeyNumber : u64 { instruction_a, instruction_b, data_a, data_b, generic };
inline constexpr std::size_t key_count = 5;
inline constexpr u32 address_keys = 15, all_keys = 31;  // as bits

/// What a processor may have or lack, by the user's choice: bits of State::options, the same in all threads of a process.
inline constexpr u64 option_pointer_authentication = 1;

struct State {
    isa::VmState vm;
    u64 x[32]{};  // x[31] is SP; as XZR, number 31 is never read or written here
    u64 pc = 0;
    isa::Flags flags = {isa::Flags::borrow};  // PSTATE.NZCV
    u32 pstate = 0;           // its other bits: DIT and SSBS
    u32 fpcr = 0;
    u32 fpsr = 0;             // in the form of `stored_fpsr`
    u64 thread_pointer = 0;   // TPIDR_EL0
    u64 thread_pointer2 = 0;  // TPIDR2_EL0
    u64 options = 0;
    isa::VectorRegister v[32]{};
    PointerKey keys[key_count]{};
    u64 enabled_keys = address_keys;  // the generic one always is
};

constexpr isa::Slot<u64> x_slot(int number) {
    return {u16(offsetof(State, x) + 8 * std::size_t(number))};
}
inline constexpr isa::Slot<u64> sp_slot = x_slot(31);
constexpr isa::Slot<isa::VectorRegister> v_slot(int number) {
    return {u16(offsetof(State, v) + 16 * std::size_t(number))};
}
/// Where the exclusive monitor's address is.
inline constexpr isa::Slot<u64> reservation_slot{offsetof(State, vm) + offsetof(isa::VmState, reservation) +
                                                 offsetof(isa::Reservation, address)};
inline constexpr isa::Slot<isa::Flags> flags_slot{offsetof(State, flags)};
inline constexpr isa::Slot<u32> pstate_slot{offsetof(State, pstate)};
inline constexpr u32 pstate_ssbs = 1U << 12, pstate_dit = 1U << 24;
inline constexpr isa::Slot<u32> fpcr_slot{offsetof(State, fpcr)};
inline constexpr u32 fpcr_rounding = 3U << 22;  // RMode
inline constexpr isa::Slot<u32> fpsr_slot{offsetof(State, fpsr)};
inline constexpr isa::Slot<u64> thread_pointer_slot{offsetof(State, thread_pointer)};
inline constexpr isa::Slot<u64> thread_pointer2_slot{offsetof(State, thread_pointer2)};

using isa::flags_of;
using isa::nzcv_of;

// FPSR (C5.2.9) is kept with its cumulative flags in the order of ieee::Flags, which float verbs raise: inexact, underflow,
// overflow, divide by zero, invalid from bit 0 up, where the architecture has them the other way round. IDC and QC stand where
// the architecture has them.
inline constexpr u32 fpsr_input_denormal = 1U << 7, fpsr_saturated = 1U << 27;
/// The architecture's FPSR of the stored one.
constexpr u32 fpsr_of(u32 stored) {
    const u32 reversed = (stored & 1) << 4 | (stored & 2) << 2 | (stored & 4) | (stored & 8) >> 2 | (stored & 16) >> 4;
    return reversed | (stored & (fpsr_input_denormal | fpsr_saturated));
}
/// The stored form of the architecture's FPSR; bits that it reserves are dropped.
constexpr u32 stored_fpsr(u32 architectural) { return fpsr_of(architectural); }

}  // namespace lyrebird::aarch64
