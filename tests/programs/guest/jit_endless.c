// A program that generates code without end, each function another one, in a ring of pages: it is right every time, and
// what the VM keeps of the functions that are gone is bounded. Arguments: functions, the most memory in MiB, the ring's
// size in KiB.
#include "guest.h"

#include <sys/resource.h>

enum { longest = 96 };

#ifdef __riscv
static const uint32_t add_a0_a1 = 0x00b50533, sub_a1_a0 = 0x40a585b3, mul_a0_a1 = 0x02b50533, shift_a1 = 0x0035d593,
                      skip_one = 0x00b50463 /* beq a0, a1, 8 */, xor_a0_a1 = 0x00b54533;
#define SKIPS(x, y) ((x) == (y))
enum { gap = 2 };  // between functions: odd halves too
static uint32_t xor_a1(int32_t* value) {
    return (uint32_t)*value << 20 | 0x5c593;
}
static uint32_t or_a1(int32_t* value) {
    return (uint32_t)*value << 20 | 0x5e593;
}
#else
static const uint32_t add_a0_a1 = 0x8b010000, sub_a1_a0 = 0xcb000021, mul_a0_a1 = 0x9b017c00, shift_a1 = 0xd343fc21,
                      skip_one = 0x36000040 /* tbz w0, #0, 8 */, xor_a0_a1 = 0xca010000;
#define SKIPS(x, y) (((x) & 1) == 0)
enum { gap = 4 };
/// Immediates of logical instructions are runs of ones: value becomes as many as its lowest bits say.
static uint32_t ones(int32_t* value) {
    uint32_t count = *value & 15;
    *value = (int32_t)((2u << count) - 1);
    return count << 10;
}
static uint32_t xor_a1(int32_t* value) {
    return 0xd2400021 | ones(value);
}
static uint32_t or_a1(int32_t* value) {
    return 0xb2400021 | ones(value);
}
#endif

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
            case 0:  // a0 += value
                to[length++] = addi_a0(value), x += value;
                break;
            case 1:
                to[length++] = xor_a1(&value), y ^= value;
                break;
            case 2:
                to[length++] = add_a0_a1, x += y;
                break;
            case 3:
                to[length++] = sub_a1_a0, y -= x;
                break;
            case 4:
                to[length++] = mul_a0_a1, x *= y;
                break;
            case 5:  // a1 >>= 3
                to[length++] = shift_a1, y = (int64_t)((uint64_t)y >> 3);
                break;
            case 6:  // a0 ^= a1, with a branch over it that is taken when a0 is a1, or bit 0 of a0 is clear
                to[length++] = skip_one, to[length++] = xor_a0_a1;
                if (!SKIPS(x, y)) x ^= y;
                break;
            default:
                to[length++] = or_a1(&value), y |= value;
        }
    }
    to[length++] = add_a0_a1;
    to[length++] = ret;
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
        position += length * 4 + (next_random() & 1) * gap;
        announce((char*)to, length * 4);
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
