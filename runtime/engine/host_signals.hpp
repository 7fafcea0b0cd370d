// The VM's signal handler on the host: the one place where signals and faults come in.
#pragma once

#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

/// Installed for every signal that the guest handles and for every fault, on the thread's own stack for it, with all
/// signals blocked meanwhile.
void host_signal_handler(int signal, siginfo_t* info, void* context);

/// Gives the calling host thread `size` bytes at `memory` to run the handler on.
void set_host_signal_stack(void* memory, u64 size);
/// How much the handler needs: the processor's register frame and the handler's own, in bytes.
inline constexpr u64 host_signal_stack_size = 32 << 10;

/// Ends the process by `signal` as the kernel would end it, with `info` where the kernel lets us say so.
/// Async-signal-safe.
[[noreturn]] void die_by_signal(int signal, const siginfo_t* info);

}  // namespace lyrebird::engine
