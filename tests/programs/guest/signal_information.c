// What a handler is told, and how signals queue: kill, raise, sigqueue, timers, children, real-time order.
#include "check.h"

static volatile int seen[128];
static volatile int seen_count;
static pid_t self;

static void show(int signal, siginfo_t* info, void* context) {
    (void)context;
    say("signal %d code %d", signal, info->si_code);
    if (info->si_code == SI_QUEUE)
        say("  value %d pid %s", info->si_value.sival_int, info->si_pid == self ? "own" : "other");
    if (info->si_code == SI_USER || info->si_code == SI_TKILL)
        say("  pid %s uid %s", info->si_pid == self ? "own" : "other", info->si_uid == getuid() ? "own" : "other");
}
static void show_child(int signal, siginfo_t* info, void* context) {
    (void)context;
    say("child: signal %d code %d status %d", signal, info->si_code, info->si_status);
}
static void note(int signal, siginfo_t* info, void* context) {
    (void)context;
    seen[seen_count++] = signal * 1000 + info->si_value.sival_int;
}
static void queue(int signal, int value) {
    union sigval word = {.sival_int = value};
    must(sigqueue(self, signal, word) == 0);
}

int main(void) {
    self = getpid();
    on_signal(SIGUSR1, show, 0);
    on_signal(SIGUSR2, show, 0);
    on_signal(SIGSEGV, show, 0);
    on_signal(SIGTRAP, show, 0);
    kill(self, SIGUSR1);
    raise(SIGUSR2);
    queue(SIGUSR1, 42);
    kill(self, SIGSEGV);
    raise(SIGTRAP);

    // A blocked fault signal that somebody sent waits until it is unblocked.
    sigset_t faults, old, pending;
    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    must(sigprocmask(SIG_BLOCK, &faults, &old) == 0);
    kill(self, SIGSEGV);
    must(sigpending(&pending) == 0);
    say("pending SIGSEGV: %d", sigismember(&pending, SIGSEGV));
    must(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
    sigpending(&pending);
    say("pending SIGSEGV: %d", sigismember(&pending, SIGSEGV));

    // Ordinary signals do not queue, real-time ones do, lowest first, each in order.
    sigset_t all;
    sigfillset(&all);
    must(sigprocmask(SIG_BLOCK, &all, &old) == 0);
    for (int signal = SIGRTMIN; signal < SIGRTMIN + 4; ++signal) on_signal(signal, note, 0);
    on_signal(SIGUSR1, note, 0);
    for (int value = 0; value < 3; ++value) {
        queue(SIGRTMIN + 3, value);
        queue(SIGRTMIN + 1, value + 10);
        queue(SIGUSR1, value + 20);
    }
    must(sigpending(&pending) == 0);
    say("pending: %d %d %d", sigismember(&pending, SIGRTMIN + 3), sigismember(&pending, SIGRTMIN + 2),
        sigismember(&pending, SIGUSR1));
    must(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
    for (int i = 0; i < seen_count; ++i) say("arrived: %d", seen[i]);

    // Waiting for one synchronously.
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGRTMIN + 5);
    must(sigprocmask(SIG_BLOCK, &one, NULL) == 0);
    queue(SIGRTMIN + 5, 77);
    siginfo_t info;
    struct timespec soon = {0, 1000000};
    int result = sigwaitinfo(&one, &info);
    say("sigwaitinfo %d value %d", result == SIGRTMIN + 5, info.si_value.sival_int);
    result = sigtimedwait(&one, &info, &soon);
    say("sigtimedwait %d errno %d", result, errno);

    on_signal(SIGCHLD, show_child, SA_NOCLDSTOP);
    for (int kind = 0; kind < 2; ++kind) {
        pid_t child = fork();
        if (child == 0) {
            if (kind == 0) _exit(3);
            for (;;) pause();
        }
        if (kind == 1) kill(child, SIGTERM);
        int status = 0;
        while (waitpid(child, &status, 0) < 0) must(errno == EINTR);
        say("waited: %x", status);
    }

    // All 64 signals can be handled, but for two.
    int handled = 0;
    for (int signal = 1; signal <= 64; ++signal) {
        uint64_t action[4] = {(uint64_t)SIG_IGN, 0, 0, 0};
        if (syscall(SYS_rt_sigaction, signal, action, NULL, 8) == 0) ++handled;
    }
    say("%d signals can be set", handled);
    return 0;
}
