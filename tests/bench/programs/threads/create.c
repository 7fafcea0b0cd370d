// Creates a thread that does nothing much and joins it, again and again: what a thread costs to have.
#include "../bench.h"

#include <pthread.h>

static void* work(void* argument) {
    return (void*)((uintptr_t)argument * 3);
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        pthread_t thread;
        void* result;
        must(pthread_create(&thread, NULL, work, (void*)n) == 0);
        must(pthread_join(thread, &result) == 0);
        sum = mix(sum, (uintptr_t)result);
    }
    return report(sum);
}
