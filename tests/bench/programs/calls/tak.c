// Takeuchi's function: calls with three arguments that live across calls, so registers are saved and restored.
#include "../bench.h"

__attribute__((noinline)) static long tak(long x, long y, long z) {
    return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, (uint64_t)tak(hidden(14), 9, 4));
    return report(sum);
}
