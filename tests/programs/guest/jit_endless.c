// A program that generates code without end, each function another one, in a ring of pages: it is right every time, and
// what the VM keeps of the functions that are gone is bounded. Arguments: functions, the most memory in MiB, the ring's
// size in KiB.
#include "check.h"

#include <sys/resource.h>

enum { longest = 96 };

static uint64_t seed = 1;
static uint32_t next_random(void) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (uint32_t)(seed >> 33);
}
// A function of a0 and a1 in `to`; its length in words. `*a` and `*b` become what it makes of them, a + b what it
// returns.
static int generate(uint32_t* to, int64_t* a, int64_t* b) {
    int count = 40 + (int)(next_random() % (longest - 50)), length = 0;
    int64_t x = *a, y = *b;
    while (length < count) {
        uint32_t random = next_random();
        int32_t value = (int32_t)(random >> 8 & 0x7ff);
        switch (random & 7) {
            case 0:  // addi a0, a0, value
                to[length++] = (uint32_t)value << 20 | 0x50513, x += value;
                break;
            case 1:  // xori a1, a1, value
                to[length++] = (uint32_t)value << 20 | 0x5c593, y ^= value;
                break;
            case 2:  // add a0, a0, a1
                to[length++] = 0x00b50533, x += y;
                break;
            case 3:  // sub a1, a1, a0
                to[length++] = 0x40a585b3, y -= x;
                break;
            case 4:  // mul a0, a0, a1
                to[length++] = 0x02b50533, x *= y;
                break;
            case 5:  // srli a1, a1, 3
                to[length++] = 0x0035d593, y = (int64_t)((uint64_t)y >> 3);
                break;
            case 6:  // beq a0, a1, 8 (over the next): xor a0, a0, a1
                to[length++] = 0x00b50463, to[length++] = 0x00b54533;
                if (x != y) x ^= y;
                break;
            default:  // ori a1, a1, value
                to[length++] = (uint32_t)value << 20 | 0x5e593, y |= value;
        }
    }
    to[length++] = 0x00b50533;  // add a0, a0, a1
    to[length++] = 0x00008067;  // ret
    *a = x, *b = y;
    return length;
}

int main(int argc, char** argv) {
    long functions = argument(argc, argv, 50000);
    long most = argc > 2 ? atol(argv[2]) : 64;
    long ring_size = (argc > 3 ? atol(argv[3]) : 32) << 10;
    char* ring = mmap(NULL, (size_t)ring_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(ring != MAP_FAILED);
    long position = 0, wrong = 0, code = 0, early = 0;
    for (long i = 0; i < functions; ++i) {
        if (position + longest * 4 > ring_size) position = 0;
        int64_t a = (int64_t)i * 77, b = ~(int64_t)i, x = a, y = b;
        uint32_t* to = (uint32_t*)(ring + position);
        int length = generate(to, &x, &y);
        position += length * 4 + (next_random() & 1) * 2;  // odd halves too
        __asm__ volatile("fence.i" ::: "memory");
        for (int calls = 1 + (i % 4 == 0); calls > 0; --calls) {
            int64_t got = ((int64_t(*)(int64_t, int64_t))to)(a, b);
            if (got != (int64_t)((uint64_t)x + (uint64_t)y) && ++wrong < 4) say("FAILED: function %ld: %lx", i, got);
        }
        code += length * 4;
        struct rusage usage;
        if (i == functions / 10) getrusage(RUSAGE_SELF, &usage), early = usage.ru_maxrss;
    }
    struct rusage usage;
    must(getrusage(RUSAGE_SELF, &usage) == 0);
    say("%ld functions, %ld wrong", functions, wrong);
    if (usage.ru_maxrss <= most << 10) {
        say("memory is bounded");
    } else {
        say("FAILED: %ld KiB after %ld bytes of code, %ld KiB after a tenth", usage.ru_maxrss, code, early);
    }
    return wrong != 0;
}
