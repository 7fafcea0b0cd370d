// What translated code keeps beside the guest's State, and where both lie from its base register.
//
// A hart's memory is one mapping: guard page, return stack, Context, State, jump table. `rbp` points into State so that the
// registers the guest uses most lie within a byte's displacement; everything else is reached from it, too. So a block
// contains no host address, and could be moved to another process.
#pragma once

#include <array>
#include <cstddef>

#include "runtime/base/ints.hpp"
#include "translator/isa/contract.hpp"

namespace lyrebird::x64 {

/// Why translated code returned to the run loop without an isa::ExitReason.
enum class Request : u32 {
    none,       // State::pc says where to go on: attention, or a target that the jump table does not know
    link,       // a direct exit was taken that is not linked yet: Context::link_site is behind its call
    interpret,  // the instruction at State::pc is to be carried out by tier 0
};

/// Sixteen bytes that vector instructions use as a memory operand.
struct alignas(16) Mask {
    u64 low;
    u64 high;
};

/// MXCSR's exception flags as RISC-V orders them: IE ZE OE UE PE are NV DZ OF UF NX; the denormal flag is nobody's.
constexpr std::array<u8, 64> flag_table() {
    std::array<u8, 64> table{};
    for (unsigned flags = 0; flags < 64; ++flags) {
        table[flags] = u8((flags & 1) << 4 | (flags >> 2 & 1) << 3 | (flags >> 3 & 1) << 2 | (flags >> 4 & 1) << 1 |
                          (flags >> 5 & 1));
    }
    return table;
}

inline constexpr u32 plain_mxcsr = 0x1f80;  // all exceptions masked, round to nearest, no flags

/// Where the VM's own executable lies.
u64 image_base();

/// Standard layout: translated code and the stubs use its offsets.
struct alignas(64) Context {
    Mask spilled_vectors[8]{};
    // In every lane.
    Mask signs64{1ULL << 63, 1ULL << 63}, signs32{0x8000'0000'8000'0000, 0x8000'0000'8000'0000};
    Mask magnitudes64{~(1ULL << 63), ~(1ULL << 63)}, magnitudes32{0x7fff'ffff'7fff'ffff, 0x7fff'ffff'7fff'ffff};
    Mask least64{1ULL << 52, 1ULL << 52}, least32{0x0080'0000'0080'0000, 0x0080'0000'0080'0000};  // least normal numbers
    Mask ones{~0ULL, ~0ULL};
    u64 host_stack = 0;    // rsp of the host code that entered
    u64 return_stack = 0;  // rsp of guest code: see return_stack.hpp
    u64 image_base = 0;    // of the VM's own executable; helpers are called by their distance from it
    u32 guest_mxcsr = plain_mxcsr;  // control bits for guest code, no flags
    u32 left_mxcsr = plain_mxcsr;   // as guest code left it
    u32 host_mxcsr = plain_mxcsr;
    Request request = Request::none;
    u64 link_site = 0;
    u64 fault_site = 0;  // the host pc of a fault in translated code; 0: none
    u64 arguments[4]{};
    u64 result = 0;
    u64 spilled[16]{};
    Mask sign64{1ULL << 63, 0}, magnitude64{~(1ULL << 63), 0};
    Mask sign32{1ULL << 31, 0}, magnitude32{~(1ULL << 31), 0};  // of a boxed value: the box stays
    Mask box{0xffff'ffff'0000'0000, 0};
    Mask nan64{0x7ff8'0000'0000'0000, 0}, nan32{0xffff'ffff'7fc0'0000, 0};  // the guest's canonical NaNs, boxed
    std::array<u8, 64> flags = flag_table();
};

/// The per-thread table of indirect jumps' targets. An entry's tag is the guest's pc.
inline constexpr u64 jump_table_size = 4096;  // entries, a power of two
inline constexpr u64 return_stack_size = 64 << 10;

}  // namespace lyrebird::x64
