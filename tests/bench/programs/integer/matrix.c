// Multiplies matrices of 32-bit integers, row by column as it is first written: strided loads, one multiplication each.
#include "../bench.h"

enum { size = 64 };

static int32_t a[size][size], b[size][size], c[size][size];

static int32_t cell(int row, int column) {
    int32_t sum = 0;
    for (int k = 0; k < size; ++k) sum += a[row][k] * b[k][column];
    return sum & 0xffff;
}

static void multiply(void) {
    for (int row = 0; row < size; ++row) {
        for (int column = 0; column < size; ++column) c[row][column] = cell(row, column);
    }
}

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    for (int i = 0; i < size * size; ++i) {
        a[i / size][i % size] = (int32_t)(random_next(&state) & 0xff);
        b[i / size][i % size] = (int32_t)(random_next(&state) & 0xff);
    }
    for (long n = units(argc, argv); n > 0; --n) {
        multiply();
        sum = mix(sum, (uint64_t)c[n % size][n % 7]);
        a[n % size][n % 13] = c[n % 17][n % size];
    }
    return report(sum);
}
