// Queued signals as fast as they go (argument: how many) from two threads to one that computes and to one that waits;
// none may be lost, none may come twice.
#include "check.h"

static volatile long received[2], sums[2];
static volatile int stop;
static pthread_t receivers[2];
static __thread int number = -1;
static int count;

static void receive(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)context;
    ++received[number];
    sums[number] += info->si_value.sival_int;
}
static void* compute(void* data) {
    number = (int)(intptr_t)data;
    volatile double value = 1;
    while (!stop) {
        if (number == 1) {
            struct timespec time = {10, 0};
            nanosleep(&time, NULL);
        } else {
            for (int i = 0; i < 100; ++i) value = value * 1.0001 + i;
        }
    }
    return NULL;
}
static void* send_all(void* data) {
    int target = (int)(intptr_t)data;
    for (int i = 0; i < count; ++i) {
        union sigval value = {.sival_int = i};
        while (pthread_sigqueue(receivers[target], SIGRTMIN + 1, value) != 0) sched_yield();
    }
    return NULL;
}

int main(int argc, char** argv) {
    count = argument(argc, argv, 5000);
    on_signal(SIGRTMIN + 1, receive, SA_RESTART);
    pthread_t senders[2];
    for (intptr_t i = 0; i < 2; ++i) must(pthread_create(&receivers[i], NULL, compute, (void*)i) == 0);
    sleep_ms(20);
    for (intptr_t i = 0; i < 2; ++i) must(pthread_create(&senders[i], NULL, send_all, (void*)i) == 0);
    for (int i = 0; i < 2; ++i) pthread_join(senders[i], NULL);
    for (int i = 0; i < 2; ++i) {
        while (received[i] < count) sched_yield();
    }
    long expected = (long)count * (count - 1) / 2;
    say("all arrived: %d %d, sums right: %d %d", received[0] == count, received[1] == count, sums[0] == expected,
        sums[1] == expected);
    stop = 1;
    union sigval value = {0};
    for (int i = 0; i < 2; ++i) {
        pthread_sigqueue(receivers[i], SIGRTMIN + 1, value);
        pthread_join(receivers[i], NULL);
    }
    return 0;
}
