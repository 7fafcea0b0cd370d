// All ways to place eight queens, by backtracking with bit masks: a small recursive function of dependent logic.
#include "../bench.h"

static int solutions(unsigned full, unsigned columns, unsigned left, unsigned right) {
    if (columns == full) return 1;
    int count = 0;
    for (unsigned free = full & ~(columns | left | right); free != 0; free &= free - 1) {
        unsigned place = free & -free;
        count += solutions(full, columns | place, (left | place) << 1, (right | place) >> 1);
    }
    return count;
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, (uint64_t)solutions((1u << hidden(8)) - 1, 0, 0, 0));
    return report(sum);
}
