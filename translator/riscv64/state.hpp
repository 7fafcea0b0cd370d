// All registers of one RV64GC hart, and the slots by which instructions name them.
#pragma once

#include <cstddef>

#include "translator/isa/contract.hpp"
#include "translator/isa/slot.hpp"

namespace lyrebird::riscv64 {

/// Ordered by use: the VM's words and the integer registers lie within the first 128-byte reach of short displacements.
struct State {
    isa::VmState vm;
    u64 x[32]{};  // x[0] is always zero and never written
    u64 pc = 0;
    u32 fflags = 0;  // accrued exceptions: NX=1 UF=2 OF=4 DZ=8 NV=16
    u32 frm = 0;     // dynamic rounding mode, 0 … 7; 5 … 7 are reserved
    isa::FloatRegister f[32]{};
};

constexpr isa::Slot<u64> x_slot(int number) {
    return {u16(offsetof(State, x) + 8 * std::size_t(number))};
}
constexpr isa::Slot<isa::FloatRegister> f_slot(int number) {
    return {u16(offsetof(State, f) + 8 * std::size_t(number))};
}
inline constexpr isa::Slot<u32> fflags_slot{offsetof(State, fflags)};
inline constexpr isa::Slot<u32> frm_slot{offsetof(State, frm)};

}  // namespace lyrebird::riscv64
