// What an AArch64 kernel tells of faults: signal, si_code, si_addr, the frame's fault_address and its syndrome record, each as
// Linux has them (arch/arm64/mm/fault.c, kernel/traps.c, kernel/signal.c). It needs no C library and no vector instruction.
// Exit status 0 when all is as expected; otherwise it prints the cases that are not.
#include <asm/signal.h>
#include <asm/sigcontext.h>
#include <asm/ucontext.h>
#include <asm/unistd.h>
#include <stddef.h>

typedef unsigned long u64;
typedef unsigned int u32;

static long call(long number, u64 a, u64 b, u64 c, u64 d) {
    register u64 x8 asm("x8") = (u64)number;
    register u64 x0 asm("x0") = a;
    register u64 x1 asm("x1") = b;
    register u64 x2 asm("x2") = c;
    register u64 x3 asm("x3") = d;
    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return (long)x0;
}

static int failures = 0;

static void print(const char* text) {
    u64 size = 0;
    while (text[size] != 0) ++size;
    call(__NR_write, 1, (u64)text, size, 0);
}

static void print_number(u64 number) {
    char text[20] = " 0x";
    for (int digit = 0; digit < 16; ++digit) text[3 + digit] = "0123456789abcdef"[number >> (60 - 4 * digit) & 15];
    print(text);
}

static void expect(const char* name, const char* what, u64 found, u64 expected) {
    if (found == expected) return;
    ++failures;
    print(name);
    print(": ");
    print(what);
    print_number(found);
    print(" instead of");
    print_number(expected);
    print("\n");
}

// ---- the handler notes what it was told and lets the program go on at `resume` ----

struct seen {
    u64 signal, code, address, fault_address, pc, syndrome, record, caller[2];
};
static volatile struct seen seen;
static volatile u64 provoked_at, resume;

static void handle(int signal, u32* information, struct ucontext* context) {
    struct sigcontext* registers = &context->uc_mcontext;
    u64* own = __builtin_frame_address(0);
    u64* record = (u64*)own[0];
    seen.signal = (u64)signal;
    seen.code = information[2];
    seen.address = ((u64*)information)[2];
    seen.fault_address = registers->fault_address;
    seen.pc = registers->pc;
    seen.syndrome = 0;
    seen.record = (u64)record - (u64)information;
    seen.caller[0] = record[0] - registers->regs[29];
    seen.caller[1] = record[1] - registers->regs[30];
    struct _aarch64_ctx* second = (void*)(registers->__reserved + sizeof(struct fpsimd_context));
    if (second->magic == ESR_MAGIC) seen.syndrome = ((struct esr_context*)second)->esr;
    if (resume != 0) registers->pc = resume;
}

static void check(const char* name, u64 signal, u64 code, u64 pc, u64 address, u64 fault_address, u64 syndrome) {
    expect(name, "signal", seen.signal, signal);
    expect(name, "si_code", seen.code, code);
    expect(name, "si_addr", seen.address, address);
    expect(name, "fault_address", seen.fault_address, fault_address);
    expect(name, "pc", seen.pc, pc);
    expect(name, "syndrome", seen.syndrome, syndrome);
    expect(name, "place of the frame record", seen.record, 128 + sizeof(struct ucontext));
    expect(name, "x29 in the frame record", seen.caller[0], 0);
    expect(name, "x30 in the frame record", seen.caller[1], 0);
    seen.signal = 0;
}

/// Runs `instructions`, the first of which faults, with `operand` in x0.
#define PROVOKE(instructions, operand)                                                                          \
    do {                                                                                                        \
        u64 here, next;                                                                                         \
        asm volatile("adr %0, 1f\n adr %1, 2f\n str %0, [%2]\n str %1, [%3]\n mov x0, %4\n 1: " instructions    \
                     "\n 2:"                                                                                    \
                     : "=&r"(here), "=&r"(next)                                                                 \
                     : "r"(&provoked_at), "r"(&resume), "r"((u64)(operand))                                     \
                     : "x0", "x1", "x2", "x3", "x4", "x5", "memory");                                           \
    } while (0)

enum { sigill = 4, sigtrap = 5, sigbus = 7, sigusr1 = 10, sigsegv = 11 };
enum { maperr = 1, accerr = 2, adraln = 1, illopc = 1, brkpt = 1 };

static u64 words[512] __attribute__((aligned(4096)));
static u64 frames[4096] __attribute__((aligned(16)));
static const u64 constant = 1;

static void faults_of_data(void) {
    PROVOKE("ldr x1, [x0]", 0x10);
    check("load from nowhere", sigsegv, maperr, provoked_at, 0x10, 0x10, 0x92000007);
    PROVOKE("str x1, [x0]", 0x18);
    check("store to nowhere", sigsegv, maperr, provoked_at, 0x18, 0x18, 0x92000047);
    PROVOKE("str x1, [x0]", &constant);
    check("store to a constant", sigsegv, accerr, provoked_at, (u64)&constant, (u64)&constant, 0x9200004f);
    PROVOKE("ldadd x1, x1, [x0]", 0x20);
    check("atomic operation on nothing", sigsegv, maperr, provoked_at, 0x20, 0x20, 0x92000007);
    PROVOKE("ldadd x1, x1, [x0]", &constant);
    check("atomic operation on a constant", sigsegv, accerr, provoked_at, (u64)&constant, (u64)&constant, 0x9200004f);
    const u64 tagged = 0x5a00000000000028, upper_half = 0xffff800000001000, beyond = 0x0000800000001000;
    PROVOKE("ldr x1, [x0]", tagged);
    check("tagged load from nowhere", sigsegv, maperr, provoked_at, 0x28, 0x28, 0x92000007);
    PROVOKE("str x1, [x0]", upper_half);
    check("store to the kernel", sigsegv, maperr, provoked_at, upper_half, upper_half, 0x92000044);
    PROVOKE("str x1, [x0]", beyond);
    check("store beyond the address space", sigsegv, maperr, provoked_at, beyond, beyond, 0x92000047);
    PROVOKE("ldxr x1, [x0]", (u64)words + 1);
    check("misaligned exclusive load", sigbus, adraln, provoked_at, (u64)words + 1, (u64)words + 1, 0x92000021);
    PROVOKE("casp x2, x3, x4, x5, [x0]", (u64)words + 8);
    check("misaligned pair", sigbus, adraln, provoked_at, (u64)words + 8, (u64)words + 8, 0x92000061);
}

static void faults_of_instructions(void) {
    const u64 last = (u64)words + 8;
    PROVOKE("brk #7", 0);
    check("brk", sigtrap, brkpt, provoked_at, provoked_at, last, 0x92000061);  // the last fault's, still
    resume = 0;
    call(__NR_tgkill, (u64)call(__NR_getpid, 0, 0, 0, 0), (u64)call(__NR_gettid, 0, 0, 0, 0), sigusr1, 0);
    expect("signal that somebody sent", "signal", seen.signal, sigusr1);
    expect("signal that somebody sent", "syndrome", seen.syndrome, 0x92000061);
    PROVOKE("udf #1", 0);
    check("udf", sigill, illopc, provoked_at, provoked_at, 0, 0);
    const u64 between = provoked_at + 2;
    PROVOKE("br x0", between);
    check("jump between instructions", sigbus, adraln, between, between, 0, 0x8a000000);
    PROVOKE("br x0", 0x40);
    check("jump to nowhere", sigsegv, maperr, 0x40, 0x40, 0x40, 0x82000007);
    PROVOKE("br x0", words);
    check("jump to data", sigsegv, accerr, (u64)words, (u64)words, (u64)words, 0x8200000f);
}

struct action {
    void* handler;
    u64 flags;
    void* restorer;
    u64 mask;
};

static void handle_all(void) {
    const u64 with_information = 4;
    const struct action action = {&handle, with_information, 0, 0};
    const int signals[] = {sigill, sigtrap, sigbus, sigusr1, sigsegv};
    for (int i = 0; i < 5; ++i) call(__NR_rt_sigaction, (u64)signals[i], (u64)&action, 0, 8);
}

/// sigreturn from where no frame is. The stack pointer is wrong then; what was above it is written over.
static void bad_frame(void) {
    static u64 saved_stack;
    asm volatile(
        "mov x0, sp\n str x0, [%0]\n adr x0, 1f\n str x0, [%1]\n mov sp, %2\n mov x8, #139\n svc #0\n"
        "1: ldr x0, [%0]\n mov sp, x0"
        :
        : "r"(&saved_stack), "r"(&resume), "r"((u64)frames + sizeof frames / 2)
        : "x0", "x8", "memory");
    expect("bad frame", "signal", seen.signal, sigsegv);
    expect("bad frame", "si_code", seen.code, accerr);
    expect("bad frame", "si_addr", seen.address, (u64)frames + sizeof frames / 2);
    expect("bad frame", "syndrome", seen.syndrome, 0);
}

void begin(void) {
    handle_all();
    faults_of_data();
    faults_of_instructions();
    bad_frame();
    call(__NR_exit_group, failures != 0, 0, 0, 0);
}
asm(".globl _start\n_start:\n    bl begin\n");
