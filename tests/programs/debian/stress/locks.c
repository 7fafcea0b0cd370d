// Everything futexes carry: mutexes of all kinds, a robust one whose owner died, conditions, read-write locks,
// barriers, semaphores, a lock shared between processes, timeouts.
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { workers = 4, rounds = 20000 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, inherited;
static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_spinlock_t spin;
static sem_t semaphore;
static long plain, by_priority, written, turns, spun, passed, serial;

static void *work(void *argument) {
    long me = (long)argument;
    for (int i = 0; i < rounds; ++i) {
        pthread_mutex_lock(&mutex);
        ++plain;
        pthread_mutex_unlock(&mutex);
        if (i % 10 == 0) {
            pthread_mutex_lock(&inherited);
            ++by_priority;
            pthread_mutex_unlock(&inherited);
            pthread_rwlock_wrlock(&shared);
            ++written;
            pthread_rwlock_unlock(&shared);
            pthread_spin_lock(&spin);
            ++spun;
            pthread_spin_unlock(&spin);
        }
        pthread_rwlock_rdlock(&shared);
        if (written < 0) abort();
        pthread_rwlock_unlock(&shared);
    }
    for (int i = 0; i < 300; ++i) {
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) ++serial;
        pthread_mutex_lock(&mutex);
        while (turns % workers != me) pthread_cond_wait(&condition, &mutex);
        ++turns;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
        sem_wait(&semaphore);
        __atomic_add_fetch(&passed, 1, __ATOMIC_RELAXED);
        sem_post(&semaphore);
    }
    return 0;
}

static void *die_holding(void *argument) {
    pthread_mutex_lock(argument);
    return 0;
}

static struct timespec soon(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    time.tv_nsec += 20000000;
    if (time.tv_nsec >= 1000000000) ++time.tv_sec, time.tv_nsec -= 1000000000;
    return time;
}

static void *expect_timeouts(void *argument) {
    (void)argument;
    struct timespec limit = soon(CLOCK_REALTIME);
    int lock = pthread_mutex_timedlock(&mutex, &limit);
    limit = soon(CLOCK_REALTIME);
    int wait = sem_timedwait(&semaphore, &limit) < 0 ? errno : 0;
    limit = soon(CLOCK_MONOTONIC);
    int read = pthread_rwlock_clockrdlock(&shared, CLOCK_MONOTONIC, &limit);
    printf("%s, %s, %s\n", strerror(lock), strerror(wait), strerror(read));
    return 0;
}

static void robust(pthread_mutex_t *lock) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(lock, &attributes);
    pthread_t thread;
    pthread_create(&thread, 0, die_holding, lock);
    pthread_join(thread, 0);
    int first = pthread_mutex_lock(lock);
    pthread_mutex_consistent(lock);
    pthread_mutex_unlock(lock);
    pid_t pid = fork();
    if (pid == 0) {
        pthread_mutex_lock(lock);
        _exit(0);
    }
    waitpid(pid, 0, 0);
    int second = pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    int third = pthread_mutex_lock(lock);
    printf("robust: %s; %s; %s\n", strerror(first), strerror(second), strerror(third));
}

static void across_processes(void) {
    struct { pthread_mutex_t mutex; sem_t done; long count; } *area =
        mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&area->mutex, &attributes);
    sem_init(&area->done, 1, 0);
    for (int i = 0; i < 3; ++i) {
        if (fork() == 0) {
            for (int j = 0; j < 10000; ++j) {
                pthread_mutex_lock(&area->mutex);
                ++area->count;
                pthread_mutex_unlock(&area->mutex);
            }
            sem_post(&area->done);
            _exit(0);
        }
    }
    for (int i = 0; i < 3; ++i) sem_wait(&area->done);
    while (wait(0) > 0) {}
    printf("across processes: %ld\n", area->count);
}

int main(void) {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&inherited, &attributes);
    pthread_barrier_init(&barrier, 0, workers);
    pthread_spin_init(&spin, 0);
    sem_init(&semaphore, 0, 2);
    pthread_t threads[workers];
    for (long i = 0; i < workers; ++i) pthread_create(&threads[i], 0, work, (void *)i);
    for (int i = 0; i < workers; ++i) pthread_join(threads[i], 0);
    printf("%ld %ld %ld %ld %ld %ld %ld\n", plain, by_priority, written, spun, turns, passed, serial);
    pthread_mutex_lock(&mutex);
    pthread_rwlock_wrlock(&shared);
    sem_wait(&semaphore);
    sem_wait(&semaphore);
    pthread_create(&threads[0], 0, expect_timeouts, 0);
    pthread_join(threads[0], 0);
    pthread_mutex_t *lock = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    robust(lock);
    across_processes();
}
