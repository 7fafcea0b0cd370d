// A loop whose first instruction uses the condition flags that its last ones leave, in registers that have no home outside of it.
#include <stdio.h>

/// Of the numbers from `start` on, in an order of their own and up to 16, how many are 16 or more.
static long count(long start) {
#ifdef __aarch64__
    long found;
    __asm__("mov x25, %[start]\n"
            "mov x26, xzr\n"
            "cmp x25, #16\n"
            "1: cinc x26, x26, hs\n"
            "add x25, x25, x25, lsl #2\n"
            "add x25, x25, #1\n"
            "and x25, x25, #31\n"
            "cmp x25, #16\n"
            "b.ne 1b\n"
            "b.lo 2f\n"  // these keep the flags as they are to the end of the block
            "b.lo 2f\n"
            "2:\n"
            "mov %[found], x26\n"
            : [found] "=r"(found)
            : [start] "r"(start)
            : "x25", "x26", "cc");
#else
    long found = 0;
    do {
        found += start >= 16;
        start = (start * 5 + 1) & 31;
    } while (start != 16);
#endif
    return found;
}

int main(void) {
    for (long start = 0; start < 32; ++start) printf("%ld: %ld\n", start, count(start));
}
