// sigaltstack: where handlers run, what is reported, refusals, SS_AUTODISARM, surviving the overflow of the main stack.
#include "check.h"

#include <setjmp.h>
#include <sys/resource.h>

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

enum { size = 64 << 10 };
static char first[size], second[size];
static sigjmp_buf back;

static const char* where(void* address) {
    char* at = address;
    if (at >= first && at < first + size) return "first";
    if (at >= second && at < second + size) return "second";
    return "main";
}
static void show(const char* when) {
    stack_t now;
    must(sigaltstack(NULL, &now) == 0);
    say("%s: on %s, stack %s size %zu flags %x", when, where(&now), now.ss_sp == NULL ? "none" : where(now.ss_sp),
        now.ss_size, (unsigned)now.ss_flags);
}
static void handler(int signal, siginfo_t* info, void* context) {
    (void)info;
    ucontext_t* interrupted = context;
    show(signal == SIGUSR1 ? "in usr1" : "in usr2");
    say("interrupted: stack %s flags %x",
        interrupted->uc_stack.ss_sp == NULL ? "none" : where(interrupted->uc_stack.ss_sp),
        (unsigned)interrupted->uc_stack.ss_flags);
    stack_t other = {.ss_sp = second, .ss_size = size};
    int result = sigaltstack(&other, NULL);
    say("change while running on it: %d %d", result, result == 0 ? 0 : errno);
    if (signal == SIGUSR1) raise(SIGUSR2);
}
static void overflowed(int signal, siginfo_t* info, void* context) {
    (void)context;
    say("overflow: signal %d code %d on %s", signal, info->si_code, where(&info));
    siglongjmp(back, 1);
}
#pragma GCC diagnostic ignored "-Winfinite-recursion"
static int __attribute__((noinline)) recurse(int depth) {
    volatile char page[4096];
    page[0] = (char)depth;
    page[4095] = page[0];
    return recurse(depth + 1) + page[4095];
}

int main(void) {
    show("start");
    stack_t stack = {.ss_sp = first, .ss_size = 100};
    int result = sigaltstack(&stack, NULL);
    say("too small: %d %d", result, errno);
    stack.ss_size = size;
    stack.ss_flags = 77;
    result = sigaltstack(&stack, NULL);
    say("bad flags: %d %d", result, errno);
    stack.ss_flags = 0;
    must(sigaltstack(&stack, NULL) == 0);
    show("set");
    on_signal(SIGUSR1, handler, SA_ONSTACK);
    on_signal(SIGUSR2, handler, SA_ONSTACK);
    raise(SIGUSR1);
    show("after");
    on_signal(SIGUSR1, handler, 0);
    raise(SIGUSR2);

    must(sigaltstack(&stack, NULL) == 0);
    stack.ss_flags = (int)SS_AUTODISARM;
    must(sigaltstack(&stack, NULL) == 0);
    show("autodisarm");
    raise(SIGUSR2);
    show("rearmed");
    stack.ss_flags = SS_DISABLE;
    must(sigaltstack(&stack, NULL) == 0);
    show("disabled");

    stack.ss_flags = 0;
    must(sigaltstack(&stack, NULL) == 0);
    struct rlimit limit = {1 << 20, RLIM_INFINITY};
    setrlimit(RLIMIT_STACK, &limit);
    on_signal(SIGSEGV, overflowed, SA_ONSTACK);
    for (int i = 0; i < 3; ++i) {
        if (sigsetjmp(back, 1) == 0) say("%d", recurse(0));
    }

    // Without room for a frame, a child dies by SIGSEGV.
    for (int kind = 0; kind < 2; ++kind) {
        pid_t child = fork();
        if (child == 0) {
            signal(SIGSEGV, SIG_DFL);
            if (kind == 0) recurse(0);
            static char tiny[8192];
            mprotect((char*)(((uintptr_t)tiny + 4095) & ~4095ul), 4096, PROT_NONE);
            stack_t bad = {.ss_sp = tiny, .ss_size = 8192 - ((uintptr_t)tiny & 4095)};
            must(sigaltstack(&bad, NULL) == 0);
            on_signal(SIGUSR2, handler, SA_ONSTACK);
            raise(SIGUSR2);
            _exit(0);
        }
        int status = 0;
        waitpid(child, &status, 0);
        say("child died by %d", WTERMSIG(status));
    }
    return 0;
}
