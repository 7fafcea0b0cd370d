// Entering guest code so that a signal handler can leave it.
//
// What must stay true: between `lyre_enter_guest` and its return no frame of the VM owns anything (a lock, memory) at a
// point where guest memory is accessed, because a fault there drops all those frames at once.
#pragma once

#include <type_traits>

#include "runtime/base/ints.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::engine {

/// Where a fault in guest code returns to.
struct RecoveryPoint {
    u64 stack = 0;   // the host's stack pointer inside lyre_enter_guest
    u64 active = 0;  // not 0 while guest code runs
};
static_assert(std::is_standard_layout_v<RecoveryPoint>);

extern "C" {
/// Calls `run(cpu)` and returns its result. While it runs, setting rsp to point->stack and rip to `lyre_guest_recovery`
/// makes lyre_enter_guest return what is in eax.
u32 lyre_enter_guest(isa::Cpu* cpu, RecoveryPoint* point, u32 (*run)(isa::Cpu*));
extern const char lyre_guest_recovery[];
/// The host's signal restorer: rt_sigreturn.
extern const char lyre_host_restorer[];
}

}  // namespace lyrebird::engine
