// What one guest thread keeps about signals, shared between the thread and the host's signal handler that interrupts
// it.
//
// Where the truth is: the set of blocked signals is the host kernel's mask of the thread, plus `blocked_faults`
// (signals that a fault can raise are never blocked on the host). A signal that has arrived changes the mask at once,
// as if its handler had been entered, and waits in `arrived` with the mask it found, until the thread reaches an
// instruction boundary and its frame can be built. So further signals nest exactly as they do on Linux, without a
// system call of ours.
//
// What must stay true: only the handler writes `arrived`'s head and only the thread its tail, and both are the same
// host thread: ordering needs compiler barriers only.
#pragma once

#include <signal.h>

#include <array>
#include <atomic>

#include "runtime/engine/alternate_stack.hpp"
#include "runtime/engine/guest.hpp"
#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

/// A signal whose handler is to be entered.
struct ArrivedSignal {
    siginfo_t info;
    SignalSet saved_mask;  // the guest's, in force before; what sigreturn brings back
    GuestAction action;    // as it was on arrival
};

class ArrivedSignals {
  public:
    static constexpr u32 capacity = 32;

    bool empty() const { return head_.load(std::memory_order_relaxed) == tail_; }
    bool full() const { return head_.load(std::memory_order_relaxed) - tail_ == capacity; }
    /// For the handler; there must be room.
    ArrivedSignal& next_free() { return entries_[head_.load(std::memory_order_relaxed) % capacity]; }
    void push() {
        std::atomic_signal_fence(std::memory_order_release);
        head_.store(head_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    /// For the thread: the oldest; not empty.
    const ArrivedSignal& front() const { return entries_[tail_ % capacity]; }
    void pop() {
        std::atomic_signal_fence(std::memory_order_release);
        ++tail_;
    }
    void clear() { tail_ = head_.load(std::memory_order_relaxed); }

  private:
    std::array<ArrivedSignal, capacity> entries_;
    std::atomic<u32> head_{0};
    u32 tail_ = 0;
};

/// Signals of the kinds a fault can raise that were sent by somebody while the guest blocks them. The host cannot keep
/// them, because it must not block them.
class DeferredSignals {
  public:
    SignalSet set() const { return set_.load(std::memory_order_relaxed); }
    /// For the handler. Such signals do not queue: a second one of a kind is lost, as on Linux.
    void add(int signal, const siginfo_t& info) {
        if ((set() & signal_bit(signal)) != 0) return;
        infos_[slot(signal)] = info;
        std::atomic_signal_fence(std::memory_order_release);
        set_.fetch_or(signal_bit(signal), std::memory_order_relaxed);
    }
    /// For the thread; `signal` is in the set.
    siginfo_t take(int signal) {
        siginfo_t info = infos_[slot(signal)];
        set_.fetch_and(~signal_bit(signal), std::memory_order_relaxed);
        return info;
    }
    void clear() { set_.store(0, std::memory_order_relaxed); }

  private:
    static std::size_t slot(int signal) {
        switch (signal) {
            case SIGSEGV:
                return 0;
            case SIGBUS:
                return 1;
            case SIGILL:
                return 2;
            case SIGFPE:
                return 3;
            default:
                return 4;
        }
    }
    std::array<siginfo_t, 5> infos_;
    std::atomic<SignalSet> set_{0};
};

struct SignalState {
    ArrivedSignals arrived;
    std::atomic<SignalSet> blocked_faults{0};  // fault signals that the guest blocks
    DeferredSignals deferred;
    std::atomic<bool> temporary{false};  // a host call with `temporary_mask` is being made (ppoll, sigsuspend …)
    SignalSet temporary_mask = 0;        // the guest's
    bool closed = false;  // `arrived` is full: the host blocks everything, `closed_mask` is what the guest has
    SignalSet closed_mask = 0;
    AlternateStack alternate;
};

}  // namespace lyrebird::engine
