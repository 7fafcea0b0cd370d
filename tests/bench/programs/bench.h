// What every benchmark program shares. The contract: argv[1] is the number of work units (1 without it), a unit is the
// same work each time, and the one line printed depends on all of it, so that a run which is fast because it is wrong
// is seen, and no compiler can leave work out.
#pragma once

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static inline long units(int argc, char** argv) {
    return argc > 1 ? atol(argv[1]) : 1;
}

static inline uint64_t mix(uint64_t sum, uint64_t value) {
    return (sum ^ value) * 0x9e3779b97f4a7c15 + (sum >> 29);
}

static inline int report(uint64_t sum) {
    printf("%016" PRIx64 "\n", sum);
    return 0;
}

// Six digits: a guest's compiler contracts a * b + c to one rounding where the host's does not, so last bits may
// differ.
static inline int report_real(double sum) {
    printf("%.6e\n", sum);
    return 0;
}

// xorshift64: the same numbers everywhere. The state must not be zero.
static inline uint64_t random_next(uint64_t* state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

// The compiler forgets what it knows of `value`: a pure function called with it is called every time.
static inline long hidden(long value) {
    __asm__ volatile("" : "+r"(value));
    return value;
}

static inline void must(int condition) {
    if (!condition) {
        perror("a benchmark's assumption does not hold");
        abort();
    }
}
