// Translated code across fork: the child gets a copy, or begins anew when that is cheaper.
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

bool CodeCache::before_fork() {
    std::unique_lock lock(mutex_);
    wait_while_emptying(lock);
    lock.release();  // held until after fork
    return memory_.before_fork(used() <= most_copied_on_fork ? used() : stubs_.size);
}

void CodeCache::after_fork_in_parent() {
    memory_.after_fork_in_parent();
    mutex_.unlock();
}

void CodeCache::after_fork_in_child(Reader& survivor) {
    readers_.assign(1, &survivor);
    ENSURE(memory_.after_fork_in_child(), "no memory for a child's translated code");
    if (used() > most_copied_on_fork) drop_all();
    counts_ = {};
    time_ = 0;
    mutex_.unlock();
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
