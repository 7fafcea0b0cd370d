// The guest's signal dispositions, and their mirror on the host.
//
// Why a mirror: queues, sigpending, sigtimedwait, signalfd, default actions and ignored signals then work natively,
// because the host's kernel knows of each signal whether the guest ignores it, leaves it to its default, or handles it.
//
// What must stay true: a signal that a fault can raise always has the VM's handler on the host; any other signal has
// the VM's handler exactly when the guest has one. `get` and `consume` are async-signal-safe: reading takes no lock (a
// sequence number tells of a change meanwhile), and whoever changes something has all signals held, so a handler can
// wait only for another thread's change.
#pragma once

#include <array>
#include <atomic>

#include "runtime/engine/guest.hpp"
#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

/// The VM's handler on the host.
using HostHandler = void (*)(int, siginfo_t*, void*);

class SignalActions {
  public:
    explicit SignalActions(HostHandler handler) : handler_(handler) {}
    /// A child that shares memory (vfork) has dispositions of its own. The caller must have all signals held.
    SignalActions(const SignalActions& other);

    /// Takes over what the host process was started with (a default or ignored action for each signal) and installs the
    /// VM's handler for faults.
    void adopt_host();
    /// The action of `signal`, 1 … 64.
    GuestAction get(int signal) const;
    /// sigaction: 0, or −errno of the host. `signal` is neither SIGKILL nor SIGSTOP.
    SysResult set(int signal, const GuestAction& action, GuestAction& old);
    /// What a signal that has just arrived does; SA_RESETHAND takes effect. The caller has all signals held, as the
    /// host's handler has.
    GuestAction consume(int signal);
    /// The same for a caller that has not.
    GuestAction consume_now(int signal);
    /// CLONE_CLEAR_SIGHAND: every handler becomes the default. The host's kernel has done, or will do, the same.
    void clear_handlers();

    /// Around exec: signals that a fault can raise and the guest ignores are ignored by the host, as exec passes them
    /// on.
    void leave_to_host() const;
    void take_from_host() const;

    /// The C library claims signal 33 when it makes its first thread; this gives it back to the guest.
    void host_library_started_threads();

    /// Held across fork, so that the child's copy is consistent. The caller must have all signals held.
    void lock() const;
    void unlock() const;

  private:
    /// A GuestAction that may be read while it changes.
    struct Entry {
        std::atomic<u64> handler{0};
        std::atomic<u64> flags{0};
        std::atomic<u64> mask{0};
        std::atomic<u64> restorer{0};
    };

    SysResult install(int signal, const GuestAction& action) const;
    /// The caller holds the lock.
    void store(int signal, const GuestAction& action);

    HostHandler handler_;
    std::array<Entry, signal_count + 1> actions_;
    std::atomic<u32> sequence_{0};  // odd while an entry changes
    mutable std::atomic<bool> locked_{false};
    bool library_has_threads_ = false;
};

}  // namespace lyrebird::engine
