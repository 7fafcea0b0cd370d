// The Mandelbrot set on a coarse grid: dependent arithmetic and a comparison in the tightest loop. How long a point
// stays depends on its last bits, so products and sums are kept apart here, which shows the guest without fused
// instructions. build: -ffp-contract=off
#include "../bench.h"

enum { side = 48, longest = 100 };

static int steps(double cx, double cy) {
    double x = 0, y = 0;
    int count = 0;
    while (count < longest && x * x + y * y < 4) {
        double next = x * x - y * y + cx;
        y = 2 * x * y + cy;
        x = next;
        ++count;
    }
    return count;
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        double shift = (double)(n % 64) / 65536;
        for (int i = 0; i < side * side; ++i) {
            sum += (uint64_t)steps(-2 + shift + 3.0 * (i % side) / side, -1.5 + 3.0 * (i / side) / side);
        }
        sum = mix(sum, 1);
    }
    return report(sum);
}
