// Timers at one kilohertz while the program computes: the results must not notice, and the ticks must come.
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t ticks, alarms;
static volatile double scratch = 3;

static void on_tick(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)context;
    // Spoils every caller-saved floating-point register, which the frame must bring back.
    double x = scratch;
    for (int i = 0; i < 5; ++i) x = sqrt(x * 1.5 + i) / 0.7;
    scratch = x;
    ticks += info->si_code == SI_TIMER || info->si_code == SI_KERNEL;
}

static void on_alarm(int number) {
    (void)number;
    ++alarms;
}

static uint64_t compute(void) {
    uint64_t hash = 1469598103934665603u;
    double a = 0.1, b = 1.7, c = -2.3;
    float f = 0.3f;
    for (int i = 0; i < 600000; ++i) {
        a = a * 0.999 + b * 0.001;
        b = fma(c, 0.01, b) - a * 0.01;
        c = c + a - b * 0.5;
        f = f * 0.99f + (float)a;
        uint64_t bits;
        uint32_t single;
        memcpy(&bits, &c, 8);
        memcpy(&single, &f, 4);
        hash = (hash ^ bits ^ single) * 1099511628211u;
        hash = hash << 7 | hash >> 57;
        hash -= hash / 1000003;
    }
    return hash;
}

static sigjmp_buf escape;

static void on_fault(int number, siginfo_t *info, void *context) {
    (void)context;
    siglongjmp(escape, number == SIGSEGV && info->si_addr == (void *)0x123450 ? 1 : 2);
}

int main(void) {
    uint64_t undisturbed = compute();
    printf("%016llx\n", (unsigned long long)undisturbed);
    struct sigaction tick = {.sa_sigaction = on_tick, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(SIGALRM, &tick, 0);
    sigaction(SIGRTMIN + 3, &tick, 0);
    struct itimerval kilohertz = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &kilohertz, 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3};
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    struct itimerspec often = {{0, 1000000}, {0, 1000000}};
    timer_settime(timer, 0, &often, 0);
    int same = 0, runs = 0;
    do {
        same += compute() == undisturbed;
        ++runs;
    } while (runs < 3 || ticks < 300);
    printf("%s, %s\n", same == runs ? "same" : "changed", ticks >= 300 ? "ticking" : "silent");

    // Faults taken and left by a jump, while the timers go on.
    int faults = 0;
    struct sigaction fault = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &fault, 0);
    volatile int *volatile nowhere = (int *)0x123450;
    for (int i = 0; i < 20000; ++i) {
        if (sigsetjmp(escape, 1) == 0) *nowhere = 1;
        else ++faults;
    }
    printf("%d faults\n", faults);

    setitimer(ITIMER_REAL, &(struct itimerval){0}, 0);
    timer_delete(timer);
    struct sigaction plain = {.sa_handler = on_alarm};
    sigaction(SIGVTALRM, &plain, 0);
    setitimer(ITIMER_VIRTUAL, &(struct itimerval){{0, 2000}, {0, 2000}}, 0);
    while (alarms < 20) same += compute() != undisturbed;
    setitimer(ITIMER_VIRTUAL, &(struct itimerval){0}, 0);
    printf("%s in virtual time\n", same == runs ? "same" : "changed");
    struct timespec before, after, nap = {.tv_nsec = 20000000};
    clock_gettime(CLOCK_MONOTONIC, &before);
    clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long slept = (after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec;
    printf("slept %s\n", slept >= nap.tv_nsec ? "enough" : "too little");
}
