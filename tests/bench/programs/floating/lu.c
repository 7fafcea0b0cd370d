// Solves linear equations by LU factors with a choice of pivot, as LINPACK does; rows are added to rows.
#include "../bench.h"

#include <math.h>

enum { size = 64 };

static double a[size][size], b[size];

static void make_equations(uint64_t* state) {
    for (int i = 0; i < size; ++i) {
        b[i] = 0;
        for (int j = 0; j < size; ++j) {
            a[i][j] = (double)(random_next(state) & 0xffff) / 65536 - 0.5 + (i == j ? 8 : 0);
            b[i] += a[i][j];
        }
    }
}

static int pivot_row(int column) {
    int best = column;
    for (int i = column + 1; i < size; ++i) {
        if (fabs(a[i][column]) > fabs(a[best][column])) best = i;
    }
    return best;
}

static void swap_rows(int i, int k) {
    double old = b[i];
    b[i] = b[k], b[k] = old;
    for (int j = 0; j < size; ++j) old = a[i][j], a[i][j] = a[k][j], a[k][j] = old;
}

static void eliminate(int column) {
    for (int i = column + 1; i < size; ++i) {
        double factor = a[i][column] / a[column][column];
        for (int j = column; j < size; ++j) a[i][j] -= factor * a[column][j];
        b[i] -= factor * b[column];
    }
}

static double solve(void) {
    for (int column = 0; column < size; ++column) {
        swap_rows(column, pivot_row(column));
        eliminate(column);
    }
    double sum = 0;
    for (int i = size - 1; i >= 0; --i) {
        for (int j = i + 1; j < size; ++j) b[i] -= a[i][j] * b[j];
        b[i] /= a[i][i];
        sum += b[i];
    }
    return sum;
}

int main(int argc, char** argv) {
    uint64_t state = 1;
    double sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        make_equations(&state);
        sum += solve();
    }
    return report_real(sum);
}
