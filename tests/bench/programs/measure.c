// measure FD COUNT PROGRAM [ARGUMENTS...]: runs PROGRAM COUNT times, one after the other, and writes one line to FD:
// user and system time and wall time of all together, in microseconds, the greatest resident set of one, in kilobytes,
// and the first status that is not 0 as wait(2) gives it.
//
// It is a program of its own because a child's peak memory starts with its parent's size, so the parent must be small;
// and because what starts in a millisecond must be started many times for one reading.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long microseconds(struct timeval time) {
    return time.tv_sec * 1000000L + time.tv_usec;
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000L + time.tv_nsec / 1000;
}

static int run(char** words, struct rusage* usage) {
    int status = 0;
    pid_t child = vfork();
    if (child == 0) {
        execv(words[0], words);
        _exit(127);
    }
    if (child < 0) return 127 << 8;
    while (wait4(child, &status, 0, usage) < 0 && errno == EINTR) {
    }
    return status;
}

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    int file = atoi(argv[1]), status = 0;
    long user = 0, system = 0, memory = 0, start = now();
    for (long count = atol(argv[2]); count > 0 && status == 0; --count) {
        struct rusage usage = {0};
        status = run(argv + 3, &usage);
        user += microseconds(usage.ru_utime);
        system += microseconds(usage.ru_stime);
        if (usage.ru_maxrss > memory) memory = usage.ru_maxrss;
    }
    dprintf(file, "%ld %ld %ld %ld %d\n", user, system, now() - start, memory, status);
    return 0;
}
