// pthread_cancel in blocking calls, in computations and while masked; clean-up handlers run once each; pthread_exit.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static atomic_long cleaned, ready, asked;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ends[2];

static void clean(void *argument) { atomic_fetch_add(&cleaned, (long)argument); }

static void unlock(void *argument) { pthread_mutex_unlock(argument); }

static void *reader(void *argument) {
    char byte;
    pthread_cleanup_push(clean, (void *)1);
    ++ready;
    for (;;)
        if (read(ends[0], &byte, 1) < 0) break;
    pthread_cleanup_pop(0);
    return argument;
}

static void *sleeper(void *argument) {
    pthread_cleanup_push(clean, (void *)1);
    ++ready;
    for (;;) nanosleep(&(struct timespec){.tv_sec = 100}, 0);
    pthread_cleanup_pop(0);
    return argument;
}

static void *waiter(void *argument) {
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    pthread_cleanup_push(clean, (void *)1);
    ++ready;
    for (;;) pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return argument;
}

static void *computer(void *argument) {
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0);
    pthread_cleanup_push(clean, (void *)1);
    ++ready;
    for (volatile long i = 0;; ++i) {}
    pthread_cleanup_pop(0);
    return argument;
}

static void *masked(void *argument) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, 0);
    ++ready;
    struct timespec nap = {.tv_nsec = 100000};
    while (!atomic_load(&asked)) nanosleep(&nap, 0);
    atomic_fetch_add(&cleaned, 1);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, 0);
    pthread_testcancel();
    atomic_fetch_add(&cleaned, 1000000);
    return argument;
}

static void destroy(void *argument) { clean(argument); }

static pthread_key_t key;

static void *exiter(void *argument) {
    pthread_setspecific(key, (void *)1);
    ++ready;
    pthread_cleanup_push(clean, (void *)1);
    pthread_exit(argument);
    pthread_cleanup_pop(0);
}

int main(void) {
    if (pipe(ends) < 0) abort();
    pthread_key_create(&key, destroy);
    struct {
        const char *name;
        void *(*run)(void *);
    } kinds[] = {{"read", reader},        {"nanosleep", sleeper}, {"condition", waiter},
                 {"computing", computer}, {"masked", masked},     {"exit", exiter}};
    for (unsigned kind = 0; kind < sizeof kinds / sizeof *kinds; ++kind) {
        long canceled = 0;
        cleaned = 0;
        for (int i = 0; i < 300; ++i) {
            pthread_t thread;
            void *result;
            ready = asked = 0;
            pthread_create(&thread, 0, kinds[kind].run, 0);
            // Now as soon as the thread is ready, now when it has long been in its call.
            while (!atomic_load(&ready)) sched_yield();
            if (i % 2) usleep(300);
            if (kinds[kind].run != exiter) pthread_cancel(thread);
            asked = 1;
            pthread_join(thread, &result);
            canceled += result == PTHREAD_CANCELED;
        }
        printf("%s: %ld canceled, %ld cleaned\n", kinds[kind].name, canceled, atomic_load(&cleaned));
    }
    printf("mutex %s\n", pthread_mutex_trylock(&mutex) == 0 ? "free" : "held");
}
