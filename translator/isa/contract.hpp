// What all tiers and the runtime agree on: how guest code is entered and left, and how a waiting event is noticed.
//
// A guest's State begins with a `VmState`. Guest code runs until it leaves with an ExitReason; at that moment State holds every
// guest register exactly as of `pc`, and `pc` is the address of the instruction named by the reason (the one that faulted, the
// system call itself, the instruction to execute next for `attention`). Whoever handles the exit moves pc on where that is right.
#pragma once

#include <atomic>

#include "runtime/base/ints.hpp"

namespace lyrebird::isa {

enum class ExitReason : u32 {
    none,                 // still running
    attention,            // VmState::attention is not zero; pc is the next instruction
    system_call,          // pc is at the system call instruction
    vm_call,              // pc is at a call into the VM, legal in the vDSO only; VmState::detail is its number
    breakpoint,           // pc is at ebreak, brk
    illegal_instruction,  // pc is at a word that no instruction claims, or that may not run in this state
    misaligned,           // an atomic access to VmState::fault_address is not aligned as the instruction demands
    fetch_fault,          // no code may be fetched from VmState::fault_address; pc is the instruction that needs it
    data_fault,           // the access of the instruction at pc faulted; set by the engine's fault handler only
    instruction_fence,    // pc is at fence.i, isb: code written before must be seen after
    foreign_step,         // pc is at a later step of an operation whose registers are in another implementation's form
};

/// Bits of VmState::attention. Set by anyone, also by a signal handler or another thread; cleared by the engine.
enum Attention : u32 {
    attention_signal = 1,  // a guest signal waits for delivery
    attention_code = 2,    // translations may be stale: drop what this thread has cached
    attention_stop = 4,    // the engine wants the thread at a boundary (exit, exec)
    attention_exclusive =
        8,  // a reservation needs this thread outside guest code for a moment; handled inside the tiers
};

/// One entry of the per-thread table from guest pc to decoded or translated code. All zero is an empty entry: `tag` is pc + 1,
/// and pc is even. Who looks for an odd pc must find nothing.
struct JumpCacheEntry {
    u64 tag = 0;
    const void* code = nullptr;
};
/// A table that knows nothing. The last place of every table is never all zero: there pc would be -1.
inline constexpr JumpCacheEntry no_jumps[2]{{}, {.tag = 1}};

/// A load-reserved's reservation. It is lost when guest code is left for any reason. How a store-conditional may trust it:
/// see translator/isa/reservation.hpp.
struct Reservation {
    static constexpr u64 nowhere = 1;  // odd: no aligned address

    u64 address = nowhere;
    u64 value = 0;            // what the load read
    u64 value_high = 0;       // of 16 bytes
    u32 size = 0;             // in bytes
    bool exclusive = false;   // no other thread runs guest code until the reservation ends
    u64 load_pc = 0;
    u64 partner_pc = 0;       // the store that may succeed by comparison of values alone, or 0
    void* thread = nullptr;   // the tier's own
};

/// The part of every guest's State that belongs to the VM. 64-byte aligned, first in State.
struct alignas(64) VmState {
    VmState() = default;
    /// A copy of a thread's registers starts with a VmState of its own.
    VmState(const VmState&) noexcept {}

    std::atomic<u32> attention{0};
    std::atomic<bool> in_code{
        false};  // the host is executing guest code: a fault of its memory accesses is the guest's
    ExitReason exit = ExitReason::none;
    const JumpCacheEntry* jump_cache = no_jumps;  // tier 0's; jump_cache_mask + 1 entries, a power of two
    u64 jump_cache_mask = 1;
    u64 fault_address = 0;
    u64 detail = 0;
    Reservation reservation;
};

}  // namespace lyrebird::isa
