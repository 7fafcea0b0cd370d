// Blocking calls and signals: which return EINTR, which go on, and that a signal just before a call is not lost.
#include "check.h"

#include <poll.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/time.h>

static volatile sig_atomic_t count;
static int pipe_ends[2];
static void tick(int signal, siginfo_t* info, void* context) {
    (void)signal;
    (void)info;
    (void)context;
    if (++count == 3) must(write(pipe_ends[1], "x", 1) == 1);
}
static void start_timer(long first_us, long every_us) {
    struct itimerval timer = {{0, every_us}, {0, first_us}};
    must(setitimer(ITIMER_REAL, &timer, NULL) == 0);
}
static void report(const char* name, long result) {
    int error = errno;
    start_timer(0, 0);
    say("%s: %ld %s", name, result, result < 0 ? strerror(error) : "");
    count = 0;
}
static void* wait_forever(void* data) {
    return data;
}

int main(void) {
    must(pipe(pipe_ends) == 0);
    char byte;
    on_signal(SIGALRM, tick, SA_RESTART);
    start_timer(20000, 20000);
    report("read, restarted", read(pipe_ends[0], &byte, 1));

    on_signal(SIGALRM, tick, 0);
    start_timer(20000, 0);
    report("read", read(pipe_ends[0], &byte, 1));
    struct timespec second = {5, 0}, left = {0, 0};
    start_timer(20000, 0);
    report("nanosleep", nanosleep(&second, &left));
    say("left: %s", left.tv_sec == 4 && left.tv_nsec > 0 ? "most" : "wrong");
    start_timer(20000, 0);
    report("clock_nanosleep", -clock_nanosleep(CLOCK_MONOTONIC, 0, &second, NULL) == -EINTR);

    on_signal(SIGALRM, tick, SA_RESTART);
    struct pollfd waited = {pipe_ends[0], POLLIN, 0};
    start_timer(20000, 0);
    report("poll is never restarted", poll(&waited, 1, 5000));
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pipe_ends[0], &set);
    struct timeval five = {5, 0};
    start_timer(20000, 0);
    report("select", select(pipe_ends[0] + 1, &set, NULL, NULL, &five));
    int epoll = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {0}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, pipe_ends[0], &event);
    start_timer(20000, 0);
    report("epoll_wait", epoll_wait(epoll, &event, 1, 5000));
    start_timer(20000, 0);
    report("pause", pause());

    // Masks that hold during a call only: the signal is pending before, and must end the call at once.
    sigset_t alarm_only, none;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    sigemptyset(&none);
    sigprocmask(SIG_BLOCK, &alarm_only, NULL);
    for (int i = 0; i < 4; ++i) {
        raise(SIGALRM);
        long result = 0;
        if (i == 0) result = sigsuspend(&none);
        if (i == 1) result = ppoll(&waited, 1, &second, &none);
        if (i == 2) result = pselect(pipe_ends[0] + 1, &set, NULL, NULL, &second, &none);
        if (i == 3) result = epoll_pwait(epoll, &event, 1, 5000, &none);
        say("call %d: %ld errno %d handlers %d", i, result, errno, (int)count);
        count = 0;
    }
    sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);

    // The classic race: test a flag, then wait. With sigsuspend nothing is lost, however the timer falls.
    sigprocmask(SIG_BLOCK, &alarm_only, NULL);
    start_timer(500, 500);
    count = -100000;
    int waits = 0;
    for (; waits < 400; ++waits) sigsuspend(&none);
    start_timer(0, 0);
    sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
    say("%d waits ended", waits);

    // A futex (semaphore, thread join) goes on after a handler that asked for restart.
    on_signal(SIGALRM, tick, SA_RESTART);
    count = -100000;
    start_timer(1000, 1000);
    sem_t never;
    sem_init(&never, 0, 0);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 50000000;
    if (until.tv_nsec >= 1000000000) until.tv_nsec -= 1000000000, ++until.tv_sec;
    int result;
    while ((result = sem_timedwait(&never, &until)) != 0 && errno == EINTR) {
    }
    say("sem_timedwait: %d %s", result, strerror(errno));
    pthread_t thread;
    must(pthread_create(&thread, NULL, wait_forever, NULL) == 0);
    must(pthread_join(thread, NULL) == 0);
    pid_t child = fork();
    if (child == 0) {
        sleep_ms(50);
        _exit(5);
    }
    int status = 0;
    say("waitpid %d", waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 5);
    return 0;
}
