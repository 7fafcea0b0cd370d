// Two threads that share nothing: whatever they lose against one is the VM's own locks and shared cache lines.
#include "../bench.h"

#include <pthread.h>

enum { threads = 2 };

static long rounds;

static void* work(void* argument) {
    uint64_t* result = argument;
    uint64_t state = *result + 1, sum = 0;
    for (long n = rounds * 65536; n > 0; --n) sum += random_next(&state) >> 7;
    *result = sum;
    return NULL;
}

int main(int argc, char** argv) {
    pthread_t thread[threads];
    uint64_t result[threads * 8], sum = 0;
    rounds = units(argc, argv);
    for (uint64_t i = 0; i < threads; ++i) {
        result[i * 8] = i;
        must(pthread_create(&thread[i], NULL, work, &result[i * 8]) == 0);
    }
    for (int i = 0; i < threads; ++i) {
        must(pthread_join(thread[i], NULL) == 0);
        sum = mix(sum, result[i * 8]);
    }
    return report(sum);
}
