// Translated code across fork: parent and child have the same until one of them changes it; or the child begins anew, when there is
// very much of it.
#include <algorithm>

#include "runtime/base/check.hpp"
#include "translator/x64/code_cache.hpp"

namespace lyrebird::x64 {

namespace {
/// More translated code than this is better translated anew in a forked child.
constexpr std::size_t most_copied_on_fork = 8 << 20;
}  // namespace

/// Everything that is in use lies below.
std::size_t CodeCache::used() const {
    std::size_t used = 0;
    for (const Segment& segment : segments_) {
        if (segment.age != 0) used = std::max<std::size_t>(used, segment.used);
    }
    return used;
}

void CodeCache::before_fork() {
    std::unique_lock lock(mutex_);
    wait_while_emptying(lock);
    lock.release();  // held until after fork
}

void CodeCache::after_fork_in_parent() {
    if (used() <= most_copied_on_fork) share();
    mutex_.unlock();
}

void CodeCache::after_fork_in_child(Reader& survivor) {
    readers_.assign(1, &survivor);
    if (used() <= most_copied_on_fork) {
        share();
    } else if (memory_.become_own(stubs_.size)) {
        shared_ = false;
        drop_all();
    } else {
        lose();
    }
    counts_ = {};
    time_ = 0;
    mutex_.unlock();
}

void CodeCache::share() {
    constexpr u32 patience = 100;  // blocks
    shared_ = true;
    patience_ = patience;
}

bool CodeCache::asks_for_patience() {
    u32 left = patience_.load(std::memory_order_relaxed);
    if (left == 0) return false;
    patience_.store(left - 1, std::memory_order_relaxed);
    return true;
}

/// Before anything in code memory changes. False when that cannot be, and all code is lost.
bool CodeCache::own() {
    if (!shared_) return !lost();
    shared_ = false;
    patience_ = 0;
    if (memory_.become_own(used())) return true;
    lose();
    return false;
}

/// Nobody finds any code any more. Threads that run some leave it soon; it stays as it is.
void CodeCache::lose() {
    lost_ = true;
    shared_ = false;
    places_.clear();
    aside_.clear();
    pages_.clear();
    last_page_ = nullptr;
    changeable_.clear();
    generation_.fetch_add(1, std::memory_order_seq_cst);
    alert();
}

void CodeCache::drop_all() {
    places_.clear();
    aside_.clear();
    pages_.clear();
    last_page_ = nullptr;
    changeable_.clear();
    for (Segment& segment : segments_) {
        reset(segment);
        segment.age = 0;
    }
    current_ = 0;
    begin(segments_[0]);
    generation_.fetch_add(1, std::memory_order_seq_cst);
}

}  // namespace lyrebird::x64
