// The sun and four planets (data of the Computer Language Benchmarks Game): multiplications, additions, one square root
// and one division for each pair.
#include "../bench.h"

#include <math.h>

enum { bodies = 5 };

static const double pi = 3.141592653589793, days = 365.24;

struct Body {
    double x[3], v[3], mass;
};

static struct Body body[bodies] = {{{0, 0, 0}, {0, 0, 0}, 1},
                                   {{4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01},
                                    {1.66007664274403694e-03, 7.69901118419740425e-03, -6.90460016972063023e-05},
                                    9.54791938424326609e-04},
                                   {{8.34336671824457987e+00, 4.12479856412430479e+00, -4.03523417114321381e-01},
                                    {-2.76742510726411899e-03, 4.99852801234917238e-03, 2.30417297573763929e-05},
                                    2.85885980666130812e-04},
                                   {{1.28943695621391310e+01, -1.51111514016986312e+01, -2.23307578892655734e-01},
                                    {2.96460137564761618e-03, 2.37847173959480950e-03, -2.96589568540237556e-05},
                                    4.36624404335156298e-05},
                                   {{1.53796971148509165e+01, -2.59193146099879641e+01, 1.79258772950371181e-01},
                                    {2.68067772490389322e-03, 1.62824170038242295e-03, -9.51592254519715870e-05},
                                    5.15138902046611451e-05}};

static void prepare(void) {
    for (int i = 0; i < bodies; ++i) {
        body[i].mass *= 4 * pi * pi;
        for (int k = 0; k < 3; ++k) {
            body[i].v[k] *= days;
            body[0].v[k] -= body[i].v[k] * body[i].mass / (4 * pi * pi);
        }
    }
}

static void attract(struct Body* a, struct Body* b, double step) {
    double dx = a->x[0] - b->x[0], dy = a->x[1] - b->x[1], dz = a->x[2] - b->x[2];
    double square = dx * dx + dy * dy + dz * dz;
    double force = step / (square * sqrt(square));
    a->v[0] -= dx * b->mass * force;
    a->v[1] -= dy * b->mass * force;
    a->v[2] -= dz * b->mass * force;
    b->v[0] += dx * a->mass * force;
    b->v[1] += dy * a->mass * force;
    b->v[2] += dz * a->mass * force;
}

static void advance(double step) {
    for (int i = 0; i < bodies; ++i) {
        for (int j = i + 1; j < bodies; ++j) attract(&body[i], &body[j], step);
    }
    for (int i = 0; i < bodies; ++i) {
        for (int k = 0; k < 3; ++k) body[i].x[k] += step * body[i].v[k];
    }
}

static double energy(void) {
    double sum = 0;
    for (int i = 0; i < bodies; ++i) {
        const struct Body* a = &body[i];
        sum += a->mass * (a->v[0] * a->v[0] + a->v[1] * a->v[1] + a->v[2] * a->v[2]) / 2;
        for (int j = i + 1; j < bodies; ++j) {
            double dx = a->x[0] - body[j].x[0], dy = a->x[1] - body[j].x[1], dz = a->x[2] - body[j].x[2];
            sum -= a->mass * body[j].mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return sum;
}

int main(int argc, char** argv) {
    prepare();
    for (long n = units(argc, argv) * 500; n > 0; --n) advance(0.001);
    return report_real(energy());
}
