// Load-reserved and store-conditional, exactly.
//
// A store-conditional must fail when another hart wrote the reserved word in between, even when it wrote the old value back.
// The host has compare-and-exchange only, which cannot tell. Two cases:
//
// * Between load and store stand nothing but computation and branches (every idiom that compilers emit). Then the store's
//   success depends on the loaded value alone, an execution in which all the foreign writes came first is possible, and
//   comparing values is exact. `partner_pc` is the store that was found so, when looking ahead from the load.
//   Likewise when the thread waits (wrs.sto) instead of storing: the reservation is lost then.
// * No store is in sight: most of these are loads and nothing else (Go's atomic loads). A store that comes all the same fails, as
//   the manual allows, and from then on that load is one of the following kind.
// * Anything else (a list head is loaded, then its successor, then the head replaced) is run with every other guest thread
//   outside guest code, from the load to the store: nobody can write in between. This ends after a bounded number of blocks, and
//   whenever guest code is left; the store then fails, as the manual allows.
//
// What threads outside guest code make the kernel write, and other processes that share the memory, are judged by value only.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <vector>

#include "runtime/base/ints.hpp"
#include "translator/isa/contract.hpp"

namespace lyrebird::isa {

class ThreadReservations;

/// In the place of a partner's pc: no store is in sight. Odd: no instruction's pc.
inline constexpr u64 no_partner = 1;

/// Keeps one thread alone in guest code; shared by all threads of a process.
class ExclusiveMonitor {
  public:
    void add(ThreadReservations& thread);
    void remove(ThreadReservations& thread);

    /// Waits until every other thread is outside guest code, and keeps them there.
    void begin(ThreadReservations& self);
    void end();

    /// A load-reserved whose store-conditional was found at another place than expected: comparing values is not exact for it.
    void distrust(u64 load_pc);
    bool trusts(u64 load_pc) const;
    /// How many there are; the newest one.
    u64 distrusted() const { return distrusted_count_.load(std::memory_order_acquire); }
    u64 last_distrusted() const;

    std::size_t threads() const;

    bool active() const { return active_.load(std::memory_order_seq_cst); }
    /// Sleeps until no thread is alone in guest code.
    void wait();

    void before_fork() { turn_.lock(); }
    void after_fork_in_parent() { turn_.unlock(); }
    void after_fork_in_child(ThreadReservations& survivor);

  private:
    std::mutex turn_;  // held from begin to end
    mutable std::mutex threads_mutex_;
    std::vector<ThreadReservations*> threads_;
    std::vector<u64> distrusted_;
    std::atomic<u64> distrusted_count_{0};
    std::atomic<bool> active_{false};
};

/// One thread's part. `Partner` looks ahead from a load-reserved: the pc of its harmless store-conditional, or 0.
class ThreadReservations {
  public:
    using Partner = u64 (*)(u64 load_pc);

    ThreadReservations(ExclusiveMonitor& monitor, VmState& vm, Partner partner)
        : monitor_(&monitor), vm_(&vm), partner_(partner) {
        vm.reservation.thread = this;
        monitor.add(*this);
    }
    ~ThreadReservations() { monitor_->remove(*this); }
    ThreadReservations(const ThreadReservations&) = delete;
    ThreadReservations& operator=(const ThreadReservations&) = delete;

    /// Around guest code. `enter` waits while another thread is alone in it.
    void enter();
    void leave();
    /// At a block boundary with attention_exclusive: counts the boundaries of this thread's own reservation (true: go on with
    /// the next block), or lets another thread be alone (false: look at attention again).
    bool attend();
    void forget_code() { known_.fill({}); }

    void begin(Reservation& reservation, u64 load_pc);
    void end(Reservation& reservation);
    /// The store at a pc other than the partner met this reservation: its load will be exclusive from now on.
    void distrust(u64 load_pc);

  private:
    friend class ExclusiveMonitor;
    struct Known {
        u64 load_pc = 1;
        u64 partner_pc = 0;
    };
    u64 partner_of(u64 load_pc);

    ExclusiveMonitor* monitor_;
    VmState* vm_;
    Partner partner_;
    std::atomic<bool> inside_{false};
    int boundaries_ = 0;
    std::array<Known, 64> known_{};
};

// For the emitter; out of line so that handlers stay small.
[[gnu::noinline]] void begin_reservation(Reservation& reservation, u64 load_pc);
[[gnu::noinline]] void end_reservation(Reservation& reservation);
/// True when the store-conditional at `store_pc` may succeed by comparing values.
[[gnu::noinline]] bool may_trust(Reservation& reservation, u64 store_pc);

}  // namespace lyrebird::isa
