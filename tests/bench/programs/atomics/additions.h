// Atomic additions, exchanges and logic on two words: the guest's AMO instructions.
#pragma once

#include "../bench.h"

static inline uint64_t run_additions(long turns) {
    static uint64_t word;
    static uint32_t half;
    uint64_t sum = 0;
    for (; turns > 0; --turns) {
        sum += __atomic_fetch_add(&word, 3, __ATOMIC_SEQ_CST);
        sum ^= __atomic_exchange_n(&half, (uint32_t)sum, __ATOMIC_ACQ_REL);
        sum += __atomic_fetch_or(&word, 1, __ATOMIC_RELAXED);
    }
    return mix(sum, word);
}
