// The lock of the guest's memory map: many readers or one writer.
//
// Why not std::shared_mutex: a guest's fork copies the lock in whatever state it is, and the child must be able to
// start afresh (`reset`), which the standard's types do not promise. A waiting writer keeps new readers out, so that a
// thread that looks things up all the time cannot starve one that maps.
//
// What must stay true: it is one futex word; nothing is allocated; holding it is never observable by the guest; a
// thread that holds it in either way must not take it again. It must not be taken in a signal handler that may have
// interrupted a holder.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>

#include "runtime/base/ints.hpp"

namespace lyrebird::memory {

class SharedLock {
  public:
    void lock() {
        u32 seen = 0;
        if (word_.compare_exchange_strong(seen, writer, std::memory_order_acquire)) return;
        for (;;) {
            seen = word_.load(std::memory_order_relaxed);
            if ((seen & ~sleepers) == 0) {
                if (word_.compare_exchange_weak(seen, writer | seen, std::memory_order_acquire)) return;
            } else {
                sleep(seen);
            }
        }
    }

    void unlock() {
        if ((word_.exchange(0, std::memory_order_release) & sleepers) != 0) wake_all();
    }

    void lock_shared() {
        for (;;) {
            u32 seen = word_.load(std::memory_order_relaxed);
            if ((seen & (writer | sleepers)) == 0) {
                if (word_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire)) return;
            } else {
                sleep(seen);
            }
        }
    }

    void unlock_shared() {
        u32 left = word_.fetch_sub(1, std::memory_order_release) - 1;
        while (left == sleepers) {
            if (word_.compare_exchange_weak(left, 0, std::memory_order_relaxed)) return wake_all();
        }
    }

    /// Free again, whoever held it: for the only thread of a process that has just been forked.
    void reset() { word_.store(0, std::memory_order_release); }

  private:
    static constexpr u32 writer = 1U << 31;
    static constexpr u32 sleepers = 1U << 30;  // somebody sleeps, or is about to; the rest counts readers

    void sleep(u32 seen) {
        if ((seen & sleepers) == 0 && !word_.compare_exchange_strong(seen, seen | sleepers)) return;
        ::syscall(SYS_futex, &word_, FUTEX_WAIT_PRIVATE, seen | sleepers, nullptr, nullptr, 0);
    }
    void wake_all() { ::syscall(SYS_futex, &word_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0); }

    std::atomic<u32> word_{0};
};

}  // namespace lyrebird::memory
