// All guest threads of one process.
//
// What must stay true: a Thread is in the registry from before its guest code can run until after it ran last; the lock
// is held for moments only, and never while something else of the VM is waited for.
#pragma once

#include <mutex>

#include "runtime/base/ints.hpp"
#include "runtime/memory/lock.hpp"

namespace lyrebird::engine {

class Thread;

class ThreadRegistry {
  public:
    void add(Thread& thread);
    void remove(Thread& thread);
    u64 count() const;

    /// Sets attention bits (isa::Attention) of every thread.
    void alert(u32 bits);

    void before_fork() { lock_.lock(); }
    void after_fork_in_parent() { lock_.unlock(); }
    /// Only `survivor` is left; the others' objects are freed.
    void after_fork_in_child(Thread& survivor);

  private:
    mutable memory::SharedLock lock_;
    Thread* first_ = nullptr;
    u64 count_ = 0;
};

}  // namespace lyrebird::engine
