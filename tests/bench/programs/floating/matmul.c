// Multiplies matrices of doubles with the loops in the order that reads rows: the kernel of numeric programs.
#include "../bench.h"

enum { size = 64 };

static double a[size][size], b[size][size], c[size][size];

static void add_row(double* restrict out, const double* restrict row, double factor) {
    for (int j = 0; j < size; ++j) out[j] += factor * row[j];
}

static void multiply(void) {
    for (int i = 0; i < size; ++i) {
        for (int j = 0; j < size; ++j) c[i][j] = 0;
        for (int k = 0; k < size; ++k) add_row(c[i], b[k], a[i][k]);
    }
}

int main(int argc, char** argv) {
    double sum = 0;
    for (int i = 0; i < size * size; ++i) {
        a[i / size][i % size] = (i % 19) / 7.0;
        b[i / size][i % size] = (i % 23) / 9.0;
    }
    for (long n = units(argc, argv); n > 0; --n) {
        multiply();
        sum += c[n % size][n % 3];
        a[n % size][n % 5] = (double)(n % 7) / 3;
    }
    return report_real(sum);
}
