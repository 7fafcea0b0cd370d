// For the guest programs of this folder: each prints what it sees, line by line, and must print the same natively and
// in lyre.
#pragma once
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define say(...) (printf(__VA_ARGS__), printf("\n"), fflush(stdout))
// Ends the program with a line that no expected output contains.
#define must(condition)                                                        \
    do {                                                                       \
        if (!(condition)) {                                                    \
            say("FAILED: %s, line %d, errno %d", #condition, __LINE__, errno); \
            _exit(99);                                                         \
        }                                                                      \
    } while (0)

static inline void on_signal(int signal, void (*handler)(int, siginfo_t*, void*), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | flags;
    must(sigaction(signal, &action, NULL) == 0);
}
static inline void result_of(long result) {
    int error = errno;
    say("%ld errno %d", result, result < 0 ? error : 0);
}
static inline void sleep_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}
static inline int argument(int argc, char** argv, int fallback) {
    return argc > 1 ? atoi(argv[1]) : fallback;
}
