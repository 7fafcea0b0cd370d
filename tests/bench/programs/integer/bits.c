// Population counts, reversals, leading zeros and Gray codes without a bit instruction: shifts and masks with long
// constants, of which a riscv64 compiler makes several instructions each.
#include "../bench.h"

static int population(uint64_t x) {
    x -= x >> 1 & 0x5555555555555555;
    x = (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return (int)(x * 0x0101010101010101 >> 56);
}

static uint64_t reversed(uint64_t x) {
    x = (x >> 1 & 0x5555555555555555) | (x & 0x5555555555555555) << 1;
    x = (x >> 2 & 0x3333333333333333) | (x & 0x3333333333333333) << 2;
    x = (x >> 4 & 0x0f0f0f0f0f0f0f0f) | (x & 0x0f0f0f0f0f0f0f0f) << 4;
    x = (x >> 8 & 0x00ff00ff00ff00ff) | (x & 0x00ff00ff00ff00ff) << 8;
    x = (x >> 16 & 0x0000ffff0000ffff) | (x & 0x0000ffff0000ffff) << 16;
    return x >> 32 | x << 32;
}

static int leading_zeros(uint64_t x) {
    int count = 0;
    for (int width = 32; width > 0; width /= 2) {
        if (x >> (64 - width)) continue;
        count += width;
        x <<= width;
    }
    return count;
}

static uint64_t from_gray(uint64_t x) {
    for (int shift = 1; shift < 64; shift *= 2) x ^= x >> shift;
    return x;
}

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    for (long n = units(argc, argv) * 4096; n > 0; --n) {
        uint64_t x = random_next(&state);
        sum += (uint64_t)(population(x) * leading_zeros(x >> (n & 63)));
        sum ^= reversed(x) + from_gray(sum);
    }
    return report(sum);
}
