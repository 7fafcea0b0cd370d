// What the counters of Zicntr show a guest. time runs at `time_frequency`, as riscv_hwprobe says; cycle and instret are the
// host's time-stamp counter: they rise with work done, as a program that compares two readings expects.
#pragma once

#include <time.h>
#include <x86intrin.h>

#include "runtime/base/ints.hpp"

namespace lyrebird::riscv64 {

/// Ticks of the time CSR a second.
inline constexpr u64 time_frequency = 1'000'000'000;

inline u64 read_time() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return u64(now.tv_sec) * time_frequency + u64(now.tv_nsec);
}
inline u64 read_cycle() {
    return __rdtsc();
}

}  // namespace lyrebird::riscv64
