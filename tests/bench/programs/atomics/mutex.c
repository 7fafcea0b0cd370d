// Locks and unlocks a mutex that nobody else wants, while a second thread sleeps so that no library skips the atomics.
#include "../bench.h"

#include <pthread.h>
#include <unistd.h>

static void* wait_for_end(void* argument) {
    char byte;
    return read(*(int*)argument, &byte, 1) == 0 ? NULL : argument;
}

int main(int argc, char** argv) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    int ends[2];
    uint64_t sum = 0;
    must(pipe(ends) == 0 && pthread_create(&thread, NULL, wait_for_end, &ends[0]) == 0);
    for (long n = units(argc, argv) * 4096; n > 0; --n) {
        pthread_mutex_lock(&mutex);
        sum = mix(sum, (uint64_t)n);
        pthread_mutex_unlock(&mutex);
    }
    must(close(ends[1]) == 0 && pthread_join(thread, NULL) == 0);
    return report(sum);
}
