// Faults as siginfo and context show them, repaired by the handler. (Not run natively: the numbers are
// Linux's for the guest.)
#include "guest.h"

#include <setjmp.h>

static sigjmp_buf back;
static volatile uintptr_t base;

static void escape(int signal, siginfo_t* info, void* context) {
    ucontext_t* interrupted = context;
    uintptr_t address = (uintptr_t)info->si_addr;
    const char* what = address == PC(interrupted) ? "pc"
                       : address - base < 0x10000                     ? "base"
                                                                      : "elsewhere";
    say("signal %d code %d at %s+%lx", signal, info->si_code, what, address - base < 0x10000 ? address - base : 0ul);
    siglongjmp(back, 1);
}
static void step_over(int signal, siginfo_t* info, void* context) {
    (void)info;
    ucontext_t* interrupted = context;
    say("signal %d, stepping over", signal);
    PC(interrupted) += instruction_size(PC(interrupted));
    A(interrupted, 0) = 1234;
}
static void repair(int signal, siginfo_t* info, void* context) {
    (void)context;
    (void)signal;
    uintptr_t page = (uintptr_t)info->si_addr & ~4095ul;
    must(mprotect((void*)page, 4096, PROT_READ | PROT_WRITE) == 0);
}

#define try(statement)             \
    if (sigsetjmp(back, 1) == 0) { \
        statement;                 \
        say("no fault");           \
    }

int main(void) {
    int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP};
    for (int i = 0; i < 4; ++i) on_signal(signals[i], escape, 0);

    char* page = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    base = (uintptr_t)page;
    munmap(page + 4096, 4096);
    mprotect(page + 8192, 4096, PROT_NONE);
    try(*(volatile char*)(page + 4096 + 5) = 1);
    try((void)*(volatile long*)(page + 8192 + 16));
    try((void)*(volatile long*)(page + 4096 - 3));  // crosses into the hole
    mprotect(page, 4096, PROT_READ);
    try((void)*(volatile long*)page);
    try(*(volatile long*)(page + 64) = 1);
    try(*(volatile int*)0 = 1);
    base = 0x7000000000000000;
    try((void)*(volatile char*)0x7000000000000010);  // no user address
    base = 0x4000000000000;
    try((void)*(volatile char*)0x4000000000010);
    base = 0x7ffff0000000;  // where the VM itself may lie
    try((void)*(volatile char*)0x7ffff0000000);
    try(*(volatile char*)0x7ffff0000008 = 1);

    // Behind the end of a file.
    char name[] = "/tmp/lyre-test-XXXXXX";
    int file = mkstemp(name);
    unlink(name);
    must(ftruncate(file, 100) == 0);
    char* mapped = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    base = (uintptr_t)mapped;
    try((void)*(volatile char*)(mapped + 200));
    try((void)*(volatile char*)(mapped + 4096));
    try(((void (*)(void))(mapped + 4096))());

    // Fetching.
    base = (uintptr_t)page;
    mprotect(page, 4096, PROT_READ | PROT_WRITE);
    try(((void (*)(void))page)());
    try(((void (*)(void))(page + 4096))());
    base = 0;
    try(((void (*)(void))0)());

    try(__asm__ volatile(".word 0"));
    try(__asm__ volatile(BREAKPOINT));
#ifdef __aarch64__
    try(__asm__ volatile(".arch armv8.1-a\nldadd w1, w2, [%0]" : : "r"(page + 14) : "x2", "memory"));
#else
    try(__asm__ volatile("amoadd.w zero, zero, (%0)" : : "r"(page + 2) : "memory"));
#endif

    // Signals may be nested and unwound many times without running out of anything.
    for (int i = 0; i < 20000; ++i) {
        on_signal(SIGSEGV, step_over, SA_RESETHAND);
        if (i > 0) on_signal(SIGSEGV, repair, 0);
        mprotect(page, 4096, i == 0 ? PROT_NONE : PROT_READ);
        if (i == 0) {
#ifdef __aarch64__
            register long a0 __asm__("x0") = (long)page;
            __asm__ volatile("ldr x0, [x0]" : "+r"(a0) : : "memory");
#else
            register long a0 __asm__("a0") = (long)page;
            __asm__ volatile("ld a0, 0(a0)" : "+r"(a0) : : "memory");
#endif
            say("loaded %ld", a0);
        } else {
            *(volatile long*)page = i;
        }
    }
    say("last %ld", *(long*)page);
    on_signal(SIGTRAP, step_over, 0);
#ifdef __aarch64__
    __asm__ volatile("brk #0" ::: "x0");
    __asm__ volatile("brk #0xffff" ::: "x0");
#else
    __asm__ volatile("ebreak" ::: "a0");
    __asm__ volatile("c.ebreak" ::: "a0");
#endif
    return 0;
}
