// The generic timer's counter as EL0 sees it (D12.2): the host's monotonic clock in nanoseconds.
#pragma once

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

}  // namespace lyrebird::aarch64
