// How a program ends, by the word that it is given.
#include "check.h"

#include <sys/resource.h>

static void* thread_exits(void* data) {
    exit(*(int*)data);
}
static void handler(int signal) {
    (void)signal;
}

int main(int argc, char** argv) {
    must(argc > 1);
    const char* word = argv[1];
    if (strcmp(word, "name") == 0) {
        say("%s", argv[0]);
        return 0;
    }
    if (strcmp(word, "exit") == 0) return atoi(argv[2]);
    if (strcmp(word, "raise") == 0) return raise(atoi(argv[2]));
    if (strcmp(word, "abort") == 0) abort();
    if (strcmp(word, "load") == 0) return *(volatile char*)16;
    if (strcmp(word, "illegal") == 0) __asm__ volatile(".word 0xffffffff");
#ifdef __aarch64__
    if (strcmp(word, "vector") == 0) __asm__ volatile(".word 0x2518e3e0");  // ptrue, of SVE
#else
    if (strcmp(word, "vector") == 0) __asm__ volatile(".word 0x0d0572d7");  // vsetvli
#endif
    if (strcmp(word, "probe") == 0) {
        signal(SIGILL, handler);
        if (fork() == 0) {
            __asm__ volatile("nop");
            _exit(0);
        }
        return 0;
    }
    if (strcmp(word, "blocked") == 0) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        return *(volatile char*)16;
    }
    if (strcmp(word, "ignored") == 0) {
        signal(SIGSEGV, SIG_IGN);
        raise(SIGSEGV);
        return *(volatile char*)16;
    }
    if (strcmp(word, "thread") == 0) {
        int status = 33;
        pthread_t thread;
        pthread_create(&thread, NULL, thread_exits, &status);
        for (;;) pause();
    }
    if (strcmp(word, "frame") == 0) {
        // sigreturn with a frame that is none.
        signal(SIGUSR1, handler);
#ifdef __aarch64__
        __asm__ volatile("mov x0, #64\nmov sp, x0\nmov x8, #139\nsvc #0" : : : "x0", "x8");
#else
        register long a7 __asm__("a7") = 139;
        __asm__ volatile("li sp, 64\necall" : : "r"(a7));
#endif
    }
    if (strcmp(word, "stop") == 0) {
        raise(SIGSTOP);
        return 44;
    }
    if (strcmp(word, "limit") == 0) {
        struct rlimit limit;
        getrlimit(RLIMIT_STACK, &limit);
        if (limit.rlim_cur == RLIM_INFINITY)
            say("unlimited");
        else
            say("%lu", (unsigned long)limit.rlim_cur);
        if (argc > 2) execv("/proc/self/exe", (char*[]){argv[0], "limit", NULL});
        return 0;
    }
    return 98;
}
