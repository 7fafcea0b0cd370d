// The sieve of Eratosthenes on bytes: the tightest store loop there is.
#include "../bench.h"

#include <string.h>

enum { limit = 32768 };

static uint8_t composite[limit];

static int count_primes(void) {
    int count = 0;
    memset(composite, 0, sizeof composite);
    for (int i = 2; i < limit; ++i) {
        if (composite[i]) continue;
        ++count;
        for (int multiple = 2 * i; multiple < limit; multiple += i) composite[multiple] = 1;
    }
    return count;
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, (uint64_t)count_primes());
    return report(sum);
}
