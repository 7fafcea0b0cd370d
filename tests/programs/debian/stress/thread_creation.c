// A hundred thousand threads, some joined, some detached; no descriptor and no mapping may be left behind.
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { total = 100000, batch = 10 };
static atomic_long started, detached_ended;
static _Thread_local long private_number = 41;

static int count_descriptors(void) {
    int count = 0;
    DIR *directory = opendir("/proc/self/fd");
    while (readdir(directory)) ++count;
    closedir(directory);
    return count;
}

static int count_threads(void) {
    int count = 0;
    DIR *directory = opendir("/proc/self/task");
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

static void *joined(void *argument) {
    ++private_number;
    atomic_fetch_add(&started, 1);
    return (void *)((long)argument + private_number);
}

static void *detached(void *argument) {
    (void)argument;
    atomic_fetch_add(&detached_ended, 1);
    return 0;
}

int main(void) {
    int descriptors = count_descriptors();
    long sum = 0, failures = 0;
    for (int round = 0; round < total / batch; ++round) {
        pthread_t threads[batch];
        for (int i = 0; i < batch; ++i) {
            if (i == batch - 1) {
                failures += pthread_create(&threads[i], 0, detached, 0) != 0;
                pthread_detach(threads[i]);
            } else {
                failures += pthread_create(&threads[i], 0, joined, (void *)(long)i) != 0;
            }
        }
        for (int i = 0; i < batch - 1; ++i) {
            void *result;
            failures += pthread_join(threads[i], &result) != 0;
            sum += (long)result;
        }
    }
    while (atomic_load(&detached_ended) < total / batch) sched_yield();
    while (count_threads() > 1) usleep(1000);
    printf("%ld started, sum %ld, %ld failures, private %ld\n", atomic_load(&started), sum, failures, private_number);
    printf("%d descriptors more, %d thread left\n", count_descriptors() - descriptors, count_threads());
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 1 << 20);
    pthread_t many[200];
    for (int i = 0; i < 200; ++i) failures += pthread_create(&many[i], &attributes, joined, 0) != 0;
    for (int i = 0; i < 200; ++i) failures += pthread_join(many[i], 0) != 0;
    printf("%ld at once, %ld failures\n", atomic_load(&started) - total / batch * (batch - 1), failures);
}
