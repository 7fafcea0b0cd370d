// Counts for --stats. Threads count for themselves and add up when they end, so that counting costs no shared cache
// line.
#pragma once

#include <atomic>

#include "runtime/base/ints.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::engine {

/// What one thread has seen.
struct Counts {
    u64 system_calls = 0;
    u64 vm_calls = 0;
    u64 signals = 0;     // handlers entered
    u64 faults = 0;      // of guest code, whether handled or not
    u64 boundaries = 0;  // returns of guest code to the engine
};

class Statistics {
  public:
    void add(const Counts& counts);
    /// A forked child counts for itself.
    void reset();
    void thread_started() { threads_.fetch_add(1, std::memory_order_relaxed); }
    void process_started() { processes_.fetch_add(1, std::memory_order_relaxed); }

    /// A few lines of text on `descriptor`, all in one write.
    void print(int descriptor, const isa::Cpu::Statistics& code) const;

  private:
    std::atomic<u64> system_calls_{0};
    std::atomic<u64> vm_calls_{0};
    std::atomic<u64> signals_{0};
    std::atomic<u64> faults_{0};
    std::atomic<u64> boundaries_{0};
    std::atomic<u64> threads_{0};
    std::atomic<u64> processes_{0};
};

}  // namespace lyrebird::engine
