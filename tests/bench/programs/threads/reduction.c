// Two threads share out an array, sum their halves and meet at a barrier, again and again: scaling and futex waits.
#include "../bench.h"

#include <pthread.h>

enum { threads = 2, count = 1 << 16 };

static uint32_t values[count];
static uint64_t part[threads][8];  // a cache line each
static pthread_barrier_t barrier;
static long rounds;
static uint64_t sum;

static uint64_t sum_of(int thread, long round) {
    uint64_t result = 0;
    for (int i = thread * (count / threads); i < (thread + 1) * (count / threads); ++i) {
        result += (values[i] ^ (uint64_t)round) % 251;
    }
    return result;
}

static void* work(void* number) {
    int thread = (int)(intptr_t)number;
    for (long round = 0; round < rounds; ++round) {
        part[thread][0] = sum_of(thread, round);
        pthread_barrier_wait(&barrier);
        if (thread == 0) {
            for (int i = 0; i < threads; ++i) sum = mix(sum, part[i][0]);
        }
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

int main(int argc, char** argv) {
    pthread_t thread[threads];
    uint64_t state = 1;
    rounds = units(argc, argv);
    for (int i = 0; i < count; ++i) values[i] = (uint32_t)random_next(&state);
    must(pthread_barrier_init(&barrier, NULL, threads) == 0);
    for (intptr_t i = 0; i < threads; ++i) must(pthread_create(&thread[i], NULL, work, (void*)i) == 0);
    for (int i = 0; i < threads; ++i) must(pthread_join(thread[i], NULL) == 0);
    return report(sum);
}
