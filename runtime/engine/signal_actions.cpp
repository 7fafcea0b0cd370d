#include "runtime/engine/signal_actions.hpp"

#include <immintrin.h>

#include <utility>

#include "runtime/engine/enter_guest.hpp"

namespace lyrebird::engine {

namespace {
constexpr u64 restorer_flag = 0x04000000;  // SA_RESTORER
/// The flags that the host's kernel acts on by itself.
constexpr u64 mirrored_flags = SA_RESTART | SA_NOCLDSTOP | SA_NOCLDWAIT;
}  // namespace

SignalActions::SignalActions(const SignalActions& other)
    : handler_(other.handler_), library_has_threads_(other.library_has_threads_) {
    for (int signal = 1; signal <= signal_count; ++signal) store(signal, other.get(signal));
}

void SignalActions::lock() const {
    while (locked_.exchange(true, std::memory_order_acquire)) _mm_pause();
}

void SignalActions::unlock() const {
    locked_.store(false, std::memory_order_release);
}

void SignalActions::adopt_host() {
    for (int signal = 1; signal <= signal_count; ++signal) {
        HostAction host{};
        if (host_action(signal, nullptr, &host) != 0) continue;
        GuestAction action;
        action.handler = host.handler == 1 ? 1 : 0;
        store(signal, action);
        if ((fault_signals & signal_bit(signal)) != 0) install(signal, action);
    }
}

SysResult SignalActions::install(int signal, const GuestAction& action) const {
    bool ours = (fault_signals & signal_bit(signal)) != 0 || (!action.is_default() && !action.is_ignored());
    HostAction host{};
    host.flags = action.flags & mirrored_flags;
    host.handler = action.handler;
    if (ours) {
        host.handler = reinterpret_cast<u64>(handler_);
        host.flags |= SA_SIGINFO | SA_ONSTACK | restorer_flag;
        host.restorer = as_argument(lyre_host_restorer);
        host.mask = ~SignalSet{0};
        // What the guest ignores, or what only the VM handles, must not end the guest's calls.
        if (action.is_ignored() || action.is_default()) host.flags |= SA_RESTART;
    }
    return host_call(SYS_rt_sigaction, u64(signal), as_argument(&host), 0, sizeof(SignalSet));
}

void SignalActions::store(int signal, const GuestAction& action) {
    Entry& entry = actions_[std::size_t(signal)];
    sequence_.fetch_add(1, std::memory_order_acq_rel);
    entry.handler.store(action.handler, std::memory_order_release);
    entry.flags.store(action.flags, std::memory_order_release);
    entry.mask.store(action.mask, std::memory_order_release);
    entry.restorer.store(action.restorer, std::memory_order_release);
    sequence_.fetch_add(1, std::memory_order_release);
}

GuestAction SignalActions::get(int signal) const {
    const Entry& entry = actions_[std::size_t(signal)];
    for (;; _mm_pause()) {
        u32 before = sequence_.load(std::memory_order_acquire);
        GuestAction action{entry.handler.load(std::memory_order_acquire), entry.flags.load(std::memory_order_acquire),
                           entry.mask.load(std::memory_order_acquire), entry.restorer.load(std::memory_order_acquire)};
        if (before % 2 == 0 && sequence_.load(std::memory_order_relaxed) == before) return action;
    }
}

SysResult SignalActions::set(int signal, const GuestAction& action, GuestAction& old) {
    SignalsHeld held;
    lock();
    old = get(signal);
    SysResult result = install(signal, action);
    if (result == 0) store(signal, action);
    unlock();
    return result;
}

GuestAction SignalActions::consume(int signal) {
    GuestAction action = get(signal);
    if ((action.flags & SA_RESETHAND) == 0 || action.is_default() || action.is_ignored()) return action;
    lock();
    action = get(signal);
    GuestAction afterwards = action;
    if ((action.flags & SA_RESETHAND) != 0 && !action.is_ignored()) afterwards.handler = 0;
    store(signal, afterwards);
    install(signal, afterwards);
    unlock();
    return action;
}

GuestAction SignalActions::consume_now(int signal) {
    GuestAction action = get(signal);
    if ((action.flags & SA_RESETHAND) == 0) return action;
    SignalsHeld held;
    return consume(signal);
}

void SignalActions::host_library_started_threads() {
    constexpr int claimed = 33;
    if (std::exchange(library_has_threads_, true)) return;
    lock();
    install(claimed, get(claimed));
    unlock();
}

void SignalActions::leave_to_host() const {
    for (int signal : {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV}) {
        HostAction host{};
        host.handler = 1;
        if (get(signal).is_ignored()) host_action(signal, &host, nullptr);
    }
}

void SignalActions::take_from_host() const {
    for (int signal : {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV}) {
        GuestAction action = get(signal);
        if (action.is_ignored()) install(signal, action);
    }
}

void SignalActions::clear_handlers() {
    lock();
    for (int signal = 1; signal <= signal_count; ++signal) {
        GuestAction action = get(signal);
        if (action.is_default() || action.is_ignored()) continue;
        store(signal, {});
        install(signal, {});
    }
    unlock();
}

}  // namespace lyrebird::engine
