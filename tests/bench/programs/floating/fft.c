// A fast Fourier transform there and back, on complex doubles in two arrays: strides of all powers of two.
#include "../bench.h"

#include <math.h>

enum { bits = 10, size = 1 << bits };

static double re[size], im[size], cosine[size / 2], sine[size / 2];

static void swap(double* a, double* b) {
    double old = *a;
    *a = *b;
    *b = old;
}

static void reverse_order(void) {
    for (int i = 0, j = 0; i < size; ++i) {
        if (i < j) swap(&re[i], &re[j]), swap(&im[i], &im[j]);
        int bit = size >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j |= bit;
    }
}

static void butterfly(int a, int b, double c, double s) {
    double x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;
    re[b] = re[a] - x, im[b] = im[a] - y;
    re[a] += x, im[a] += y;
}

static void transform(double direction) {
    reverse_order();
    for (int half = 1; half < size; half *= 2) {
        int stride = size / 2 / half;
        for (int start = 0; start < size; start += 2 * half) {
            for (int k = 0; k < half; ++k) {
                butterfly(start + k, start + k + half, cosine[k * stride], direction * sine[k * stride]);
            }
        }
    }
}

int main(int argc, char** argv) {
    double sum = 0;
    for (int i = 0; i < size / 2; ++i) {
        cosine[i] = cos(2 * 3.141592653589793 * i / size);
        sine[i] = sin(2 * 3.141592653589793 * i / size);
    }
    for (int i = 0; i < size; ++i) re[i] = i % 37, im[i] = i % 11;
    for (long n = units(argc, argv); n > 0; --n) {
        transform(1);
        sum += re[n % size] * re[n % size];
        transform(-1);
        for (int i = 0; i < size; ++i) re[i] /= size, im[i] /= size;
    }
    return report_real(sum + re[size / 3]);
}
