// Copy, scale and add over arrays larger than a second-level cache, by loops of its own: the guest's loads and stores,
// not the library's memcpy, which is measured nowhere else either because it is other code on each machine.
#include "../bench.h"

enum { count = 1 << 17 };

static uint64_t a[count], b[count], c[count];

static void copy(void) {
    for (int i = 0; i < count; ++i) {
        c[i] = a[i];
        __asm__ volatile("" ::: "memory");  // or the compiler calls memcpy
    }
}
static void scale(void) {
    for (int i = 0; i < count; ++i) b[i] = 3 * c[i];
}
static void add(void) {
    for (int i = 0; i < count; ++i) a[i] = b[i] + c[i];
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (int i = 0; i < count; ++i) a[i] = (uint64_t)i;
    for (long n = units(argc, argv); n > 0; --n) {
        copy(), scale(), add();
        sum = mix(sum, a[n % count]);
    }
    return report(sum);
}
