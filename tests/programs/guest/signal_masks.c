// The mask inside handlers, nesting, SA_NODEFER, SA_RESETHAND, what sigreturn restores, sigsuspend.
#include "check.h"

static volatile int depth;
static volatile sig_atomic_t order[64];
static volatile sig_atomic_t count;

static int blocked(int signal) {
    sigset_t now;
    sigprocmask(SIG_BLOCK, NULL, &now);
    return sigismember(&now, signal);
}
static void nested(int signal, siginfo_t* info, void* context) {
    (void)info;
    ucontext_t* interrupted = context;
    say("in %d depth %d: usr1 %d usr2 %d term %d, before: usr1 %d usr2 %d", signal, depth, blocked(SIGUSR1),
        blocked(SIGUSR2), blocked(SIGTERM), sigismember(&interrupted->uc_sigmask, SIGUSR1),
        sigismember(&interrupted->uc_sigmask, SIGUSR2));
    ++depth;
    if (signal == SIGUSR1 && depth == 1) raise(SIGUSR2);
    if (signal == SIGUSR2 && depth < 4) raise(SIGUSR2);
    --depth;
    say("out %d", signal);
}
static void block_after(int signal, siginfo_t* info, void* context) {
    (void)info;
    sigaddset(&((ucontext_t*)context)->uc_sigmask, SIGTERM);
    say("handler of %d adds SIGTERM to the mask it returns to", signal);
}
static void mark(int signal, siginfo_t* info, void* context) {
    (void)info;
    (void)context;
    order[count++] = signal;
}

int main(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = nested;
    action.sa_flags = SA_SIGINFO;
    sigaddset(&action.sa_mask, SIGTERM);
    sigaction(SIGUSR1, &action, NULL);
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR1);
    say("after: usr1 %d usr2 %d term %d", blocked(SIGUSR1), blocked(SIGUSR2), blocked(SIGTERM));

    on_signal(SIGUSR1, block_after, SA_RESETHAND);
    raise(SIGUSR1);
    say("term blocked now: %d", blocked(SIGTERM));
    sigaction(SIGUSR1, NULL, &action);
    say("handler was reset: %d, flags kept: %d", action.sa_handler == SIG_DFL, (action.sa_flags & SA_RESETHAND) != 0);
    sigset_t set, old;
    sigemptyset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);

    // Two signals released at once: the lower number's handler is entered first, so the higher one's runs first.
    on_signal(SIGUSR1, mark, 0);
    on_signal(SIGUSR2, mark, 0);
    on_signal(SIGALRM, mark, 0);
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGALRM);
    raise(SIGUSR2);
    raise(SIGUSR1);
    sigprocmask(SIG_SETMASK, &old, NULL);
    for (int i = 0; i < count; ++i) say("ran %d", order[i]);

    // sigsuspend: the handler sees the temporary mask, afterwards the old one is back.
    on_signal(SIGUSR1, nested, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    sigset_t during;
    sigemptyset(&during);
    sigaddset(&during, SIGTERM);
    depth = 1;
    int result = sigsuspend(&during);
    say("sigsuspend %d errno %d, usr1 %d term %d", result, errno, blocked(SIGUSR1), blocked(SIGTERM));

    // Unusual arguments.
    result_of(sigprocmask(77, &set, NULL));
    result_of(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4));
    result_of(syscall(SYS_rt_sigaction, SIGKILL, &action, NULL, 8));
    result_of(syscall(SYS_rt_sigaction, 65, NULL, &action, 8));
    result_of(syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void*)-4096L, NULL, 8));
    return 0;
}
