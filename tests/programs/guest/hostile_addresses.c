// Addresses beyond the program's address space, in the calls that lyre answers itself: natively they belong to the kernel, in
// lyre to the VM. Both must give the same errors, and nobody's memory may change.
#include <linux/sched.h>

#include "check.h"

#if defined __riscv || defined __aarch64__
#define BEYOND (1UL << 46)
#else
#define BEYOND (1UL << 47)
#endif

static const unsigned long addresses[] = {BEYOND,    BEYOND + 0x1000, (1UL << 47) + 0x123000,
                                          (1UL << 63) | (1UL << 55), ~0UL - 0xfff,    ~0UL & ~7UL};

static void answer(const char* name, long result) {
    say("%s: %s", name, result < 0 ? strerror(errno) : "accepted");
}

static void signal_calls(unsigned long address) {
    answer("rt_sigaction new", syscall(SYS_rt_sigaction, SIGUSR1, address, 0L, 8L));
    answer("rt_sigaction old", syscall(SYS_rt_sigaction, SIGUSR1, 0L, address, 8L));
    answer("rt_sigprocmask new", syscall(SYS_rt_sigprocmask, SIG_BLOCK, address, 0L, 8L));
    answer("rt_sigprocmask old", syscall(SYS_rt_sigprocmask, SIG_BLOCK, 0L, address, 8L));
    answer("rt_sigpending", syscall(SYS_rt_sigpending, address, 8L));
    answer("rt_sigsuspend", syscall(SYS_rt_sigsuspend, address, 8L));
    answer("sigaltstack new", syscall(SYS_sigaltstack, address, 0L));
    answer("sigaltstack old", syscall(SYS_sigaltstack, 0L, address));
}

static void memory_calls(unsigned long address) {
    unsigned long page = address & ~0xfffUL;
    answer("mmap fixed", (long)mmap((void*)page, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    answer("munmap", munmap((void*)page, 4096));
    answer("mprotect", mprotect((void*)page, 4096, PROT_READ));
    answer("madvise", madvise((void*)page, 4096, MADV_DONTNEED));
    answer("mremap", (long)mremap((void*)page, 4096, 8192, MREMAP_MAYMOVE));
    answer("msync", msync((void*)page, 4096, MS_ASYNC));
    answer("mincore", syscall(SYS_mincore, page, 4096L, page));
    answer("mlock", mlock((void*)page, 4096));
}

static void process_calls(unsigned long address) {
    answer("execve path", syscall(SYS_execve, address, 0L, 0L));
    answer("execve arguments", syscall(SYS_execve, "/bin/true", address, 0L));
    answer("clone3", syscall(SYS_clone3, address, sizeof(struct clone_args)));
    answer("wait4", syscall(SYS_wait4, -1L, address, WNOHANG, 0L));
}

/// A child with hostile addresses for its thread identifier and its robust list: it must end as usual.
static void child_with_hostile_addresses(unsigned long address) {
    pid_t child = fork();
    if (child == 0) {
        syscall(SYS_set_tid_address, address);
        syscall(SYS_set_robust_list, address, 24L);
        syscall(SYS_exit, 5);
    }
    int status = 0;
    waitpid(child, &status, 0);
    say("child ended with %d", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
}

/// A signal whose frame cannot be written: the process is killed by SIGSEGV, whatever its handlers are.
static void child_with_hostile_stack(unsigned long address) {
    pid_t child = fork();
    if (child == 0) {
#ifdef __riscv
        __asm__ volatile("mv sp, %0\n li a7, 172\n ecall\n li a1, 10\n li a7, 129\n ecall" : : "r"(address & ~15UL) : "a0", "a1", "a7");
#elif defined __aarch64__
        __asm__ volatile("mov sp, %0\n mov x8, #172\n svc #0\n mov x1, #10\n mov x8, #129\n svc #0"
                         : : "r"(address & ~15UL) : "x0", "x1", "x8");
#else
        __asm__ volatile("mov %0, %%rsp\n mov $39, %%eax\n syscall\n mov %%eax, %%edi\n mov $10, %%esi\n mov $62, %%eax\n syscall"
                         : : "r"(address & ~15UL) : "rax", "rdi", "rsi", "rcx", "r11");
#endif
    }
    int status = 0;
    waitpid(child, &status, 0);
    say("child with a hostile stack: signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void handler(int signal) { (void)signal; }

int main(void) {
    signal(SIGUSR1, handler);
    for (unsigned i = 0; i < sizeof addresses / sizeof addresses[0]; ++i) {
        say("address %u", i);
        signal_calls(addresses[i]);
        memory_calls(addresses[i]);
        process_calls(addresses[i]);
        child_with_hostile_addresses(addresses[i]);
        child_with_hostile_stack(addresses[i]);
    }
    return 0;
}
