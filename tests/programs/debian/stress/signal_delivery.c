// A million signals between threads: queued ones are all delivered, in order, with their values; none is lost on the
// way into a blocking call.
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_long handled, out_of_order, pings, waited;
static atomic_int finished;
static _Thread_local long expected;

static void on_queued(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    long value = (long)info->si_value.sival_ptr;
    if (info->si_code != SI_QUEUE || value != expected++) atomic_fetch_add(&out_of_order, 1);
    atomic_fetch_add(&handled, 1);
}

static void *compute(void *argument) {
    volatile double x = 1;
    while (!atomic_load(&finished)) x = x * 1.0000001 + 0.5;
    (void)argument;
    return x > 0 ? (void *)1 : 0;
}

static void queue_many(int total, int burst) {
    pthread_t thread;
    pthread_create(&thread, 0, compute, 0);
    for (int i = 0; i < total; ++i) {
        union sigval value = {.sival_ptr = (void *)(long)i};
        while (pthread_sigqueue(thread, SIGRTMIN, value) == EAGAIN) sched_yield();
        if (i % burst == burst - 1)
            while (atomic_load(&handled) <= i) sched_yield();
    }
    atomic_store(&finished, 1);
    pthread_join(thread, 0);
}

static void on_ping(int number) {
    (void)number;
    atomic_fetch_add(&pings, 1);
}

// Sleeps in a system call that only the signal ends: a signal lost just before the call would hang here.
static void *sleep_often(void *argument) {
    sigset_t none;
    sigemptyset(&none);
    sigdelset(&none, SIGUSR1);
    long rounds = (long)argument;
    while (atomic_load(&pings) < rounds) sigsuspend(&none);
    return 0;
}

static void ping_sleeper(long rounds) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &blocked, 0);
    pthread_t thread;
    pthread_create(&thread, 0, sleep_often, (void *)rounds);
    for (long i = 0; i < rounds; ++i) {
        pthread_kill(thread, SIGUSR1);
        while (atomic_load(&pings) <= i) sched_yield();
    }
    pthread_join(thread, 0);
}

static void *wait_for_signals(void *argument) {
    sigset_t set = *(sigset_t *)argument;
    siginfo_t info;
    while (sigwaitinfo(&set, &info) > 0 && info.si_value.sival_int >= 0) waited += info.si_value.sival_int;
    return 0;
}

static void wait_many(int total) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    pthread_sigmask(SIG_BLOCK, &set, 0);
    pthread_t thread;
    pthread_create(&thread, 0, wait_for_signals, &set);
    for (int i = 0; i <= total; ++i)
        while (sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i < total ? i : -1}) < 0 && errno == EAGAIN)
            sched_yield();
    pthread_join(thread, 0);
}

static void interrupt_reads(int total) {
    int ends[2], interrupted = 0;
    if (pipe(ends) < 0) abort();
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &blocked, 0);
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    for (int i = 0; i < total; ++i) {
        char byte;
        // The timer may end before the call begins; then its second time must end the call.
        struct itimerspec soon = {{.tv_nsec = 5000000}, {.tv_nsec = 1 + i * 997 % 300000}};
        timer_settime(timer, 0, &soon, 0);
        interrupted += read(ends[0], &byte, 1) < 0 && errno == EINTR;
    }
    timer_delete(timer);
    printf("%d reads interrupted\n", interrupted);
}

int main(void) {
    struct sigaction queued = {.sa_sigaction = on_queued, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGRTMIN, &queued, 0);
    struct sigaction ping = {.sa_handler = on_ping};
    sigaction(SIGUSR1, &ping, 0);
    queue_many(1000000, 500);
    printf("%ld handled, %ld out of order\n", atomic_load(&handled), atomic_load(&out_of_order));
    ping_sleeper(50000);
    printf("%ld pings\n", atomic_load(&pings));
    wait_many(50000);
    printf("waited for %ld\n", atomic_load(&waited));
    interrupt_reads(500);
}
