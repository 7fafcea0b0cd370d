// The host's signals without the C library between: the kernel's own structures and calls.
//
// Why not the library's wrappers: they keep signals 32 and 33 for themselves, which belong to the guest here, and they
// may be called neither from a signal handler that interrupted the library nor in a child that shares its parent's
// memory.
#pragma once

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"
#include "syscall/host_call.hpp"

namespace lyrebird::engine {

using syscall::host_call;

inline u64 as_argument(const void* pointer) {
    return reinterpret_cast<u64>(pointer);
}

/// A set of signals as kernels have it: bit n − 1 stands for signal n.
using SignalSet = u64;
inline constexpr int signal_count = 64;
constexpr SignalSet signal_bit(int signal) {
    return SignalSet{1} << (signal - 1);
}
/// Signals that a fault can raise. The VM always has a handler for them and never blocks them on the host.
inline constexpr SignalSet fault_signals =
    signal_bit(SIGSEGV) | signal_bit(SIGBUS) | signal_bit(SIGILL) | signal_bit(SIGFPE) | signal_bit(SIGTRAP);
inline constexpr SignalSet unblockable_signals = signal_bit(SIGKILL) | signal_bit(SIGSTOP);

/// The kernel's struct sigaction on x86-64.
struct HostAction {
    u64 handler;
    u64 flags;
    u64 restorer;
    SignalSet mask;
};

inline SysResult host_action(int signal, const HostAction* action, HostAction* old) {
    return host_call(SYS_rt_sigaction, u64(signal), as_argument(action), as_argument(old), sizeof(SignalSet));
}
inline SysResult host_mask(int how, const SignalSet* set, SignalSet* old) {
    return host_call(SYS_rt_sigprocmask, u64(how), as_argument(set), as_argument(old), sizeof(SignalSet));
}

/// Keeps all of the host's signals away from the calling thread for a scope, but for faults of the VM itself.
class SignalsHeld {
  public:
    SignalsHeld() {
        SignalSet all = ~fault_signals;
        host_mask(SIG_SETMASK, &all, &saved_);
    }
    ~SignalsHeld() { host_mask(SIG_SETMASK, &saved_, nullptr); }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

    /// The host's mask as it was, and as it will be.
    SignalSet saved() const { return saved_; }
    void set_saved(SignalSet set) { saved_ = set; }

  private:
    SignalSet saved_ = 0;
};

inline pid_t thread_id() {
    return pid_t(host_call(SYS_gettid));
}
inline pid_t process_id() {
    return pid_t(host_call(SYS_getpid));
}

}  // namespace lyrebird::engine
