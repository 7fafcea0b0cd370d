#include "runtime/engine/thread_registry.hpp"

#include <shared_mutex>

#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

void ThreadRegistry::add(Thread& thread) {
    std::lock_guard guard(lock_);
    thread.next_ = first_;
    thread.previous_ = nullptr;
    if (first_ != nullptr) first_->previous_ = &thread;
    first_ = &thread;
    ++count_;
}

void ThreadRegistry::remove(Thread& thread) {
    std::lock_guard guard(lock_);
    if (thread.previous_ != nullptr)
        thread.previous_->next_ = thread.next_;
    else
        first_ = thread.next_;
    if (thread.next_ != nullptr) thread.next_->previous_ = thread.previous_;
    --count_;
}

u64 ThreadRegistry::count() const {
    std::shared_lock guard(lock_);
    return count_;
}

void ThreadRegistry::alert(u32 bits) {
    std::shared_lock guard(lock_);
    for (Thread* thread = first_; thread != nullptr; thread = thread->next_) thread->alert(bits);
}

void ThreadRegistry::after_fork_in_child(Thread& survivor) {
    lock_.reset();
    for (Thread* thread = first_; thread != nullptr;) {
        Thread* next = thread->next_;
        if (thread != &survivor) delete thread;
        thread = next;
    }
    first_ = &survivor;
    survivor.next_ = survivor.previous_ = nullptr;
    count_ = 1;
}

}  // namespace lyrebird::engine
