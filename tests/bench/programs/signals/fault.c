// Loads from a page without access; the handler steps over the load. The way of a fault: host signal, guest state made
// exact, handler, sigreturn. Collectors and runtimes that find null pointers by their faults live by it.
#include "../bench.h"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static volatile uint64_t count;

// The load's length in bytes is known on every machine, so that the handler can step over it.
#if defined(__riscv)
static void faulting_load(const char* address) {
    __asm__ volatile(".option push\n.option norvc\nlb t0, 0(%0)\n.option pop" ::"r"(address) : "t0", "memory");
}
static void step(ucontext_t* context) {
    context->uc_mcontext.__gregs[REG_PC] += 4;
}
#elif defined(__aarch64__)
static void faulting_load(const char* address) {
    __asm__ volatile("ldrb w1, [%0]" ::"r"(address) : "x1", "memory");
}
static void step(ucontext_t* context) {
    context->uc_mcontext.pc += 4;
}
#elif defined(__x86_64__)
static void faulting_load(const char* address) {
    __asm__ volatile("movb (%%rdi), %%al" ::"D"(address) : "rax", "memory");
}
static void step(ucontext_t* context) {
    context->uc_mcontext.gregs[REG_RIP] += 2;
}
#endif

static void handle(int signal, siginfo_t* information, void* context) {
    count = mix(count, (uint64_t)signal + ((uintptr_t)information->si_addr & 0xfff));
    step(context);
}

int main(int argc, char** argv) {
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    char* page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(page != MAP_FAILED && sigaction(SIGSEGV, &action, NULL) == 0);
    for (long n = units(argc, argv) * 64; n > 0; --n) faulting_load(page + n % 4096);
    return report(count);
}
