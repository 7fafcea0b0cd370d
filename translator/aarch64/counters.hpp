// The generic timer's counter as EL0 sees it (D12.2): the host's monotonic clock in nanoseconds. And its random numbers.
#pragma once

#include <sys/random.h>
#include <time.h>

#include "runtime/base/ints.hpp"

namespace lyrebird::aarch64 {

/// CNTFRQ_EL0: ticks of the counter a second.
inline constexpr u64 counter_frequency = 1'000'000'000;

/// CNTVCT_EL0.
inline u64 read_counter() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return u64(now.tv_sec) * counter_frequency + u64(now.tv_nsec);
}
/// RNDR, RNDRRS.
inline u64 read_random() {
    u64 number = 0;
    while (getrandom(&number, sizeof number, 0) != ssize_t(sizeof number)) {}
    return number;
}

}  // namespace lyrebird::aarch64
