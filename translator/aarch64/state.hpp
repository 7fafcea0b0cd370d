// What a thread of an AArch64 guest can see (Arm ARM, A-profile, B1.2: Registers in AArch64 Execution state).
#pragma once

#include <cstddef>

#include "translator/isa/contract.hpp"
#include "translator/isa/slot.hpp"

namespace lyrebird::aarch64 {

struct State {
    isa::VmState vm;
    u64 x[32]{};  // x[31] is SP; as XZR, number 31 is never read or written here
    u64 pc = 0;
    isa::Flags flags{};  // PSTATE.NZCV
    u32 fpcr = 0, fpsr = 0;
    u64 thread_pointer = 0;  // TPIDR_EL0
    isa::VectorRegister v[32]{};
};

constexpr isa::Slot<u64> x_slot(int number) {
    return {u16(offsetof(State, x) + 8 * std::size_t(number))};
}
inline constexpr isa::Slot<u64> sp_slot = x_slot(31);
constexpr isa::Slot<isa::VectorRegister> v_slot(int number) {
    return {u16(offsetof(State, v) + 16 * std::size_t(number))};
}
inline constexpr isa::Slot<isa::Flags> flags_slot{offsetof(State, flags)};
inline constexpr isa::Slot<u32> fpcr_slot{offsetof(State, fpcr)};
inline constexpr isa::Slot<u32> fpsr_slot{offsetof(State, fpsr)};
inline constexpr isa::Slot<u64> thread_pointer_slot{offsetof(State, thread_pointer)};

}  // namespace lyrebird::aarch64
