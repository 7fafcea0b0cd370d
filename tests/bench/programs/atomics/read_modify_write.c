// Atomic additions, exchanges and logic on one word: the guest's AMO instructions.
#include "../bench.h"

int main(int argc, char** argv) {
    static uint64_t word;
    static uint32_t half;
    uint64_t sum = 0;
    for (long n = units(argc, argv) * 4096; n > 0; --n) {
        sum += __atomic_fetch_add(&word, 3, __ATOMIC_SEQ_CST);
        sum ^= __atomic_exchange_n(&half, (uint32_t)sum, __ATOMIC_ACQ_REL);
        sum += __atomic_fetch_or(&word, 1, __ATOMIC_RELAXED);
    }
    return report(mix(sum, word));
}
