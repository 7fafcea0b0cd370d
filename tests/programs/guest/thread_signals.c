// Signals between threads (argument: how many), to the process while threads compute, and timers at 1 kHz during
// computation.
#include "check.h"

#include <sys/time.h>

enum { workers = 4 };
static volatile int stop;
static volatile long received[workers];
static __thread int number = -1;
static volatile long ticks, process_signals;
static pthread_barrier_t ready;

static void count_own(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    (void)context;
    if (number >= 0) __atomic_add_fetch(&received[number], 1, __ATOMIC_RELAXED);
}
static void count_tick(int signal, siginfo_t* info, void* context) {
    (void)info;
    (void)context;
    __atomic_add_fetch(signal == SIGALRM ? &ticks : &process_signals, 1, __ATOMIC_RELAXED);
}
static void* work(void* data) {
    number = (int)(intptr_t)data;
    pthread_barrier_wait(&ready);
    long checksum = 0;
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        if (number == 0)
            sleep_ms(1);
        else if (number == 1)
            (void)!write(-1, "", 0);
        else
            for (int i = 0; i < 1000; ++i) checksum = checksum * 31 + i;
    }
    return (void*)checksum;
}

int main(int argc, char** argv) {
    int signals = argument(argc, argv, 200);
    on_signal(SIGUSR1, count_own, SA_RESTART);
    on_signal(SIGALRM, count_tick, SA_RESTART);
    on_signal(SIGRTMIN + 2, count_tick, SA_RESTART);
    pthread_barrier_init(&ready, NULL, workers + 1);
    pthread_t threads[workers];
    for (intptr_t i = 0; i < workers; ++i) must(pthread_create(&threads[i], NULL, work, (void*)i) == 0);
    pthread_barrier_wait(&ready);

    struct itimerval every = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &every, NULL);
    // One at a time to each thread: none may be lost.
    long expected = 0;
    for (int i = 0; i < signals; ++i) {
        int target = i % workers;
        long before = received[target];
        must(pthread_kill(threads[target], SIGUSR1) == 0);
        while (received[target] == before) sched_yield();
        ++expected;
    }
    long sum = 0;
    for (int i = 0; i < workers; ++i) sum += received[i];
    say("each signal was received once: %d", sum == expected);

    // Real-time signals to the process queue: whichever threads take them, all arrive.
    union sigval value = {0};
    for (int i = 0; i < 500; ++i) must(sigqueue(getpid(), SIGRTMIN + 2, value) == 0);
    while (process_signals < 500) sched_yield();
    while (ticks < 50) sched_yield();
    say("queued: %ld, the timer ticked", process_signals);
    stop = 1;
    for (int i = 0; i < workers; ++i) pthread_join(threads[i], NULL);
    return 0;
}
