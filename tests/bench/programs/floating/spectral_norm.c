// The spectral norm of an endless matrix, cut off: a division and a conversion from integer for each element.
#include "../bench.h"

#include <math.h>

enum { size = 48 };

static double element(int i, int j) {
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static void multiply(const double* v, double* out) {
    for (int i = 0; i < size; ++i) {
        out[i] = 0;
        for (int j = 0; j < size; ++j) out[i] += element(i, j) * v[j];
    }
}

static void multiply_transposed(const double* v, double* out) {
    for (int i = 0; i < size; ++i) {
        out[i] = 0;
        for (int j = 0; j < size; ++j) out[i] += element(j, i) * v[j];
    }
}

static double norm(double first) {
    double u[size], v[size], t[size], uv = 0, vv = 0;
    for (int i = 0; i < size; ++i) u[i] = i == 0 ? first : 1;
    for (int i = 0; i < 4; ++i) {
        multiply(u, t), multiply_transposed(t, v);
        multiply(v, t), multiply_transposed(t, u);
    }
    for (int i = 0; i < size; ++i) uv += u[i] * v[i], vv += v[i] * v[i];
    return sqrt(uv / vv);
}

int main(int argc, char** argv) {
    double sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum += norm((double)(n % 4));
    return report_real(sum);
}
