// Threads: creation and joining in numbers (argument: how many), thread-local storage, mutexes, condition variables,
// robust mutexes, cancellation, ids, the end of the first thread.
#include "check.h"

static __thread int local = 5;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static long total, turns;
static pthread_mutex_t robust;

static void* add(void* data) {
    local += (int)(intptr_t)data;
    pthread_mutex_lock(&mutex);
    total += local;
    pthread_mutex_unlock(&mutex);
    return (void*)(intptr_t)(local * 2);
}
static void* take_turns(void* data) {
    long mine = (long)(intptr_t)data;
    for (int i = 0; i < 200; ++i) {
        pthread_mutex_lock(&mutex);
        while (turns % 4 != mine) pthread_cond_wait(&condition, &mutex);
        ++turns;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}
static void* die_with_lock(void* data) {
    pthread_mutex_lock(&robust);
    return data;
}
static void cleaned(void* data) {
    ++*(int*)data;
}
static void* wait_for_cancel(void* data) {
    pthread_cleanup_push(cleaned, data);
    for (;;) pause();
    pthread_cleanup_pop(0);
    return NULL;
}
static void* compute_until_cancelled(void* data) {
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    for (volatile long i = 0;; ++i) {
    }
    return data;
}
static void* check_ids(void* data) {
    (void)data;
    return (void*)(intptr_t)(gettid() != getpid() && syscall(SYS_tgkill, getpid(), gettid(), 0) == 0);
}
static void* outlive(void* data) {
    sleep_ms(50);
    say("the first thread has ended: %s", (char*)data);
    exit(12);
}

int main(int argc, char** argv) {
    int creations = argument(argc, argv, 300);
    long sum = 0;
    for (int round = 0; round < creations / 10; ++round) {
        pthread_t threads[10];
        for (intptr_t i = 0; i < 10; ++i) must(pthread_create(&threads[i], NULL, add, (void*)i) == 0);
        for (int i = 0; i < 10; ++i) {
            void* result;
            must(pthread_join(threads[i], &result) == 0);
            sum += (intptr_t)result;
        }
    }
    say("sums agree: %d, own %d", sum == 2 * total && total == creations / 10 * 95L, local);

    pthread_t threads[4];
    for (intptr_t i = 0; i < 4; ++i) must(pthread_create(&threads[i], NULL, take_turns, (void*)i) == 0);
    for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
    say("turns %ld", turns);

    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&robust, &attributes);
    pthread_create(&threads[0], NULL, die_with_lock, NULL);
    pthread_join(threads[0], NULL);
    say("owner died: %d", pthread_mutex_lock(&robust) == EOWNERDEAD);
    int consistent = pthread_mutex_consistent(&robust);
    say("consistent: %d %d", consistent, pthread_mutex_unlock(&robust));

    int cleanups = 0, cancelled = 0;
    for (int i = 0; i < 20; ++i) {
        void* result;
        must(pthread_create(&threads[0], NULL, i % 2 == 0 ? wait_for_cancel : compute_until_cancelled, &cleanups) == 0);
        if (i % 4 < 2) sleep_ms(2);
        pthread_cancel(threads[0]);
        pthread_join(threads[0], &result);
        cancelled += result == PTHREAD_CANCELED;
    }
    say("cancelled %d, cleanups at most 10: %d", cancelled, cleanups <= 10);

    void* result;
    pthread_create(&threads[0], NULL, check_ids, NULL);
    pthread_join(threads[0], &result);
    say("ids: %d", (int)(intptr_t)result);

    pthread_create(&threads[0], NULL, outlive, "yes");
    pthread_exit(NULL);
}
