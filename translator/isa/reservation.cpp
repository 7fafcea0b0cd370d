#include "translator/isa/reservation.hpp"

#include <sched.h>

#include <algorithm>

namespace lyrebird::isa {

namespace {
/// How many blocks a thread may run alone after a load-reserved. A constrained sequence has at most 16 instructions.
constexpr int most_boundaries = 8;

ThreadReservations& thread_of(Reservation& reservation) {
    return *static_cast<ThreadReservations*>(reservation.thread);
}
}  // namespace

void ExclusiveMonitor::add(ThreadReservations& thread) {
    std::lock_guard lock(threads_mutex_);
    threads_.push_back(&thread);
}

void ExclusiveMonitor::remove(ThreadReservations& thread) {
    std::lock_guard lock(threads_mutex_);
    std::erase(threads_, &thread);
}

void ExclusiveMonitor::distrust(u64 load_pc) {
    std::lock_guard lock(threads_mutex_);
    if (std::find(distrusted_.begin(), distrusted_.end(), load_pc) != distrusted_.end()) return;
    distrusted_.push_back(load_pc);
    distrusted_count_.store(distrusted_.size(), std::memory_order_release);
}

bool ExclusiveMonitor::trusts(u64 load_pc) const {
    if (distrusted() == 0) return true;
    std::lock_guard lock(threads_mutex_);
    return std::find(distrusted_.begin(), distrusted_.end(), load_pc) == distrusted_.end();
}

std::size_t ExclusiveMonitor::threads() const {
    std::lock_guard lock(threads_mutex_);
    return threads_.size();
}

u64 ExclusiveMonitor::last_distrusted() const {
    std::lock_guard lock(threads_mutex_);
    return distrusted_.back();
}

void ExclusiveMonitor::begin(ThreadReservations& self) {
    // Whoever has the turn waits for us to be outside guest code.
    self.inside_.store(false, std::memory_order_seq_cst);
    turn_.lock();
    self.inside_.store(true, std::memory_order_seq_cst);
    active_.store(true, std::memory_order_seq_cst);
    std::lock_guard lock(threads_mutex_);
    for (ThreadReservations* other : threads_) {
        if (other == &self) continue;
        other->vm_->attention.fetch_or(attention_exclusive, std::memory_order_seq_cst);
        while (other->inside_.load(std::memory_order_seq_cst)) sched_yield();
    }
}

void ExclusiveMonitor::end() {
    active_.store(false, std::memory_order_seq_cst);
    turn_.unlock();
}

void ExclusiveMonitor::wait() {
    std::lock_guard lock(turn_);
}

void ExclusiveMonitor::after_fork_in_child(ThreadReservations& survivor) {
    threads_.assign(1, &survivor);
    turn_.unlock();
}

void ThreadReservations::enter() {
    for (;;) {
        inside_.store(true, std::memory_order_seq_cst);
        if (!monitor_->active()) return;
        inside_.store(false, std::memory_order_seq_cst);
        monitor_->wait();
    }
}

void ThreadReservations::leave() {
    end(vm_->reservation);
    inside_.store(false, std::memory_order_seq_cst);
}

bool ThreadReservations::attend() {
    if (vm_->reservation.exclusive) {
        if (++boundaries_ > most_boundaries) end(vm_->reservation);
        return true;
    }
    vm_->attention.fetch_and(~u32(attention_exclusive), std::memory_order_seq_cst);
    inside_.store(false, std::memory_order_seq_cst);
    enter();
    return false;
}

u64 ThreadReservations::partner_of(u64 load_pc) {
    Known& known = known_[(load_pc >> 1) % known_.size()];
    if (known.load_pc != load_pc) {
        u64 partner = monitor_->trusts(load_pc) ? partner_(load_pc) : 0;
        bool lone = partner == 0 && monitor_->trusts(load_pc);
        known = {load_pc, lone ? no_partner : partner};
    }
    return known.partner_pc;
}

void ThreadReservations::begin(Reservation& reservation, u64 load_pc) {
    end(reservation);
    reservation.load_pc = load_pc;
    reservation.partner_pc = partner_of(load_pc);
    if (reservation.partner_pc != 0) return;
    monitor_->begin(*this);
    reservation.exclusive = true;
    boundaries_ = 0;
    vm_->attention.fetch_or(attention_exclusive, std::memory_order_seq_cst);
}

void ThreadReservations::end(Reservation& reservation) {
    reservation.address = Reservation::nowhere;
    if (!reservation.exclusive) return;
    reservation.exclusive = false;
    vm_->attention.fetch_and(~u32(attention_exclusive), std::memory_order_seq_cst);
    monitor_->end();
}

void ThreadReservations::distrust(u64 load_pc) {
    known_[(load_pc >> 1) % known_.size()] = {load_pc, 0};
    monitor_->distrust(load_pc);
}

void begin_reservation(Reservation& reservation, u64 load_pc) {
    thread_of(reservation).begin(reservation, load_pc);
}

void end_reservation(Reservation& reservation) {
    thread_of(reservation).end(reservation);
}

bool may_trust(Reservation& reservation, u64 store_pc) {
    if (reservation.exclusive || store_pc == reservation.partner_pc) return true;
    thread_of(reservation).distrust(reservation.load_pc);
    return false;
}

}  // namespace lyrebird::isa
