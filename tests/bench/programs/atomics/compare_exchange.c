// Compare and exchange in a loop, as lock-free code does: the guest's load-reserved and store-conditional pairs.
#include "company.h"

static uint64_t add_clamped(uint64_t* word, uint64_t amount) {
    uint64_t old = __atomic_load_n(word, __ATOMIC_RELAXED), next;
    do {
        next = (old + amount) & 0xffffffffffff;
    } while (!__atomic_compare_exchange_n(word, &old, next, 1, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    return next;
}

int main(int argc, char** argv) {
    static uint64_t word;
    struct Company company;
    uint64_t sum = 0;
    begin_company(&company);
    for (long n = units(argc, argv) * 4096; n > 0; --n) sum ^= add_clamped(&word, (uint64_t)n);
    end_company(&company);
    return report(mix(sum, word));
}
