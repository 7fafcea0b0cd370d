// A 3 x 3 filter over an image of single floats, clamped to 0..1: what is single stays single, and is boxed in the
// guest.
#include "../bench.h"

enum { width = 96, height = 64 };

static float image[height][width], filtered[height][width];

static const float weight[3][3] = {{0.0625f, 0.125f, 0.0625f}, {0.125f, 0.3f, 0.125f}, {0.0625f, 0.125f, 0.0625f}};

static float clamped(float x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

static float at(int y, int x) {
    float sum = -0.01f;
    for (int i = -1; i <= 1; ++i) {
        for (int j = -1; j <= 1; ++j) sum += weight[i + 1][j + 1] * image[y + i][x + j];
    }
    return clamped(sum);
}

static void filter(void) {
    for (int y = 1; y < height - 1; ++y) {
        for (int x = 1; x < width - 1; ++x) filtered[y][x] = at(y, x);
    }
    for (int y = 1; y < height - 1; ++y) {
        for (int x = 1; x < width - 1; ++x) image[y][x] = filtered[y][x];
    }
}

static void draw(uint64_t* state) {
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) image[y][x] = (float)(random_next(state) & 255) / 255;
    }
}

// The hundredths of the mean: single precision leaves no six digits after sums of different contraction.
static uint64_t brightness(void) {
    double sum = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) sum += (double)image[y][x];
    }
    return (uint64_t)(sum / (width * height) * 100 + 0.5);
}

int main(int argc, char** argv) {
    uint64_t state = 1, sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        draw(&state);
        for (int i = 0; i < 8; ++i) filter();
        sum += brightness();
    }
    return report(sum);
}
