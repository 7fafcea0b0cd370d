// Where code may not be, or is at the edge of where it may be: each fetch that fails raises the right signal at the
// right pc with all registers as they were, from hot code too; illegal instructions inside hot loops are stepped over.
// Argument: how often each.
#include "guest.h"

enum { page_size = 4096 };

static int repeats;
static struct seen {
    int count, signal, code, differs;
    uint64_t address, pc, a1;
} seen;
static char* base;  // addresses are told as distances from here, when they are near

static void note(int signal, siginfo_t* info, ucontext_t* context) {
    struct seen now = {seen.count + 1,
                       signal,
                       info->si_code,
                       seen.differs,
                       (uintptr_t)info->si_addr,
                       PC(context),
                       A(context, 1)};
    if (seen.count > 0 && (signal != seen.signal || now.code != seen.code || now.address != seen.address ||
                           now.pc != seen.pc || now.a1 != seen.a1)) {
        ++now.differs;
    }
    seen = now;
}
static void return_at_once(int signal, siginfo_t* info, void* data) {
    ucontext_t* context = data;
    note(signal, info, context);
    PC(context) = RA(context);
    A(context, 0) = 0xbad;
}
static uint64_t distance(uint64_t address) {
    return address + (4 << 20) - (uintptr_t)base < 8 << 20 ? address - (uintptr_t)base : address;
}
static const char* sign(uint64_t address) {
    return distance(address) == address && address >= 4096 ? "" : "+";
}
static void tell(const char* what) {
    say("%s: %d times signal %d code %d at %s%lx pc %s%lx a1 %lx, %d differ", what, seen.count, seen.signal, seen.code,
        sign(seen.address), distance(seen.address), sign(seen.pc), distance(seen.pc), seen.a1, seen.differs);
    memset(&seen, 0, sizeof seen);
}
static long jump(uint64_t address, long argument) {
#ifdef __aarch64__
    register long a0 __asm__("x0") = argument;
    register long a1 __asm__("x1") = 0;
    __asm__ volatile("blr %2"
                     : "+r"(a0), "+r"(a1)
                     : "r"(address)
                     : "x30", "x2", "x3", "x4", "x5", "x6", "x7", "x9", "x10", "v0", "cc", "memory");
#else
    register long a0 __asm__("a0") = argument;
    register long a1 __asm__("a1") = 0;
    __asm__ volatile("jalr ra, 0(%2)"
                     : "+r"(a0), "+r"(a1)
                     : "r"(address)
                     : "ra", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "a2", "a3", "a4", "a5", "a6", "a7", "memory");
#endif
    return a0;
}
static void try(const char* what, uint64_t address) {
    long sum = 0;
    for (int i = 0; i < repeats; ++i) sum += jump(address, 5);
    if (seen.count > 0) {
        tell(what);
    } else {
        say("%s: returned %ld", what, sum);
    }
}
static void put(char* to, const uint32_t* words, int count) {
    memcpy(to, words, (size_t)count * 4);
    announce(to, count * 4);
}
#ifdef __aarch64__
static const uint32_t add_a0 = 0x91000400, add_a1 = 0x91000421;  // add x0, x0, #1; add x1, x1, #1
#else
static const uint32_t add_a0 = 0x150513, add_a1 = 0x158593;
#endif

static void edges(void) {
    // [0] code, [1] no mapping, [2] no right to execute, [3] code, [4] PROT_NONE
    base =
        mmap((void*)0x50000000, 6 * page_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(base == (char*)0x50000000);
    must(munmap(base + page_size, page_size) == 0);
    must(mprotect(base + 2 * page_size, page_size, PROT_READ | PROT_WRITE) == 0);
    must(mprotect(base + 4 * page_size, page_size, PROT_NONE) == 0);
    put(base, (uint32_t[]){add_a0, ret}, 2);
    put(base + 2 * page_size, (uint32_t[]){add_a0, ret}, 2);

    try("zero", 0);
    try("one", 1);
    try("the first page", 0x800);
    try("code", (uintptr_t)base);
    try("an odd address", (uintptr_t)base + 1);
    try("no mapping", (uintptr_t)base + page_size);
    try("an odd address without a mapping", (uintptr_t)base + page_size + 7);
    try("no right to execute", (uintptr_t)base + 2 * page_size);
    try("no right to anything", (uintptr_t)base + 4 * page_size + 2);
    try("not canonical", 0x8000000000000000);
    try("not canonical, low", 0x0000800000000000);
    try("no user's address", 0x00007ffffffff000);
    try("the last address", 0xfffffffffffffffe);
    try("minus one", 0xffffffffffffffff);
    try("high bits over code", (uintptr_t)base | 1ul << 56);

    static const uint32_t line[] = {add_a1, add_a1, add_a1};
#ifdef __riscv
    // The last instruction's second half lies in the next page.
    put(base + page_size - 10, line, 2);
    memcpy(base + page_size - 2, line, 2);
    try("half without a mapping, entered", (uintptr_t)base + page_size - 2);
    try("half without a mapping, run into", (uintptr_t)base + page_size - 10);
#endif
    must(mprotect(base + 3 * page_size, page_size, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
#ifdef __riscv
    put(base + 4 * page_size - 10, line, 2);
    memcpy(base + 4 * page_size - 2, line, 2);
    try("half without a right", (uintptr_t)base + 4 * page_size - 10);
#endif
    // A line of code ends with the page.
    put(base + page_size - 12, line, 3);
    try("over the edge", (uintptr_t)base + page_size - 12);
    put(base + 4 * page_size - 12, line, 3);
    try("over the edge without a right", (uintptr_t)base + 4 * page_size - 12);
#ifdef __riscv
    // The half is there again, then the right.
    must(mmap(base + page_size, page_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
              -1, 0) == base + page_size);
    put(base + page_size - 10, (uint32_t[]){add_a0, add_a0, add_a0, ret}, 4);
    try("whole", (uintptr_t)base + page_size - 10);
    must(mprotect(base + page_size, page_size, PROT_READ) == 0);
    try("half without a right again", (uintptr_t)base + page_size - 10);
    must(mprotect(base + page_size, page_size, PROT_EXEC) == 0);
    try("whole, for execution only", (uintptr_t)base + page_size - 10);
#endif
}

// A branch whose target cannot be fetched, in a loop that takes it only at last; and jumps there with links.
static void branches(void) {
#ifdef __aarch64__
    const uint32_t taken[] = {
        0xd2801909,  // mov x9, #200
        0xd1000529,  // sub x9, x9, #1
        add_a1,      //
        0xb40001a9,  // cbz x9, +52: the next page
        0x17fffffd,  // b -12
    };
    const uint32_t first[] = {
        0xd2801909,  // mov x9, #200
        0xb40001e9,  // cbz x9, +60: the next page
        0xd1000529,  // sub x9, x9, #1
        add_a1,      //
        0xb5ffffa9,  // cbnz x9, -12
        0x17fffffc,  // b -16
    };
    const uint32_t direct[] = {0xaa1e03e9 /* mov x9, x30 */, 0xd28000e1 /* mov x1, #7 */, 0x1400000e /* b +56 */};
    const uint32_t linked[] = {
        0xaa1e03ea,  // mov x10, x30
        0x100001e9,  // adr x9, +60: the next page
        0xd503201f,  // nop
        0xd63f0120,  // blr x9
        add_a0,      // the handler returns here
        0xd61f0140,  // br x10
    };
#else
    const uint32_t taken[] = {
        0x0c800293,  // li t0, 200
        0xfff28293,  // addi t0, t0, -1
        0x00158593,  // addi a1, a1, 1
        0x02028a63,  // beqz t0, +52: the next page
        0xff5ff06f,  // j -12
    };
    const uint32_t first[] = {
        0x0c800293,  // li t0, 200
        0x02028e63,  // beqz t0, +60: the next page
        0xfff28293,  // addi t0, t0, -1
        0x00158593,  // addi a1, a1, 1
        0xfe029ae3,  // bnez t0, -12
        0xff1ff06f,  // j -16
    };
    const uint32_t direct[] = {0x00008293 /* mv t0, ra */, 0x00700593 /* li a1, 7 */, 0x0380006f /* j +56 */};
    const uint32_t linked[] = {
        0x00008313,  // mv t1, ra
        0x00000297,  // auipc t0, 0
        0x03f28293,  // addi t0, t0, 63
        0xffd280e7,  // jalr ra, -3(t0): odd, the next page
        0x00150513,  // addi a0, a0, 1: the handler returns here
        0x00030067,  // jr t1
    };
#endif
    must(munmap(base + page_size, page_size) == 0);
    char* code = base + page_size - 64;
    put(code, taken, 5);
    try("a branch at last", (uintptr_t)code);
    put(code, first, 6);
    try("a branch at first", (uintptr_t)code);
    put(code, direct, 3);
    try("a jump", (uintptr_t)code);
    put(code, linked, 6);
    try("a call", (uintptr_t)code);
}

static void step_over(int signal, siginfo_t* info, void* data) {
    ucontext_t* context = data;
    note(signal, info, context);
    PC(context) += instruction_size(PC(context));
    A(context, 2) += 3;
#ifdef __aarch64__
    ((struct fpsimd_context*)context->uc_mcontext.__reserved)->vregs[0] += 1;
#else
    context->uc_mcontext.__fpregs.__d.__f[0] += 1;
#endif
}
// A loop of 300 rounds with `word` in its middle: a1 is 9 there, a2 what the handler made of it, ft0 as well.
static void step(const char* what, uint32_t word) {
    uint64_t pc = (uintptr_t)base + 20;
#ifdef __aarch64__
    const uint32_t loop[] = {
        0xd2802589,  // mov x9, #300
        0xd2800002,  // mov x2, #0
        0x9e6703e0,  // fmov d0, xzr
        0xd2800121,  // mov x1, #9
        0x91000442,  // add x2, x2, #1
        word,        //
        0xd28000e1,  // mov x1, #7
        0x91000442,  // add x2, x2, #1
        0xd1000529,  // sub x9, x9, #1
        0xb5ffff49,  // cbnz x9, -24
        0x9e660000,  // fmov x0, d0
        0x9b027c00,  // mul x0, x0, x2
        ret,
    };
#else
    const uint32_t loop[] = {
        0x12c00293,  // li t0, 300
        0x00000613,  // li a2, 0
        0xf2000053,  // fmv.d.x ft0, zero
        0x00900593,  // li a1, 9
        0x00160613,  // addi a2, a2, 1
        word,        //
        0x00700593,  // li a1, 7
        0x00160613,  // addi a2, a2, 1
        0xfff28293,  // addi t0, t0, -1
        0xfe0294e3,  // bnez t0, -24
        0xe2000553,  // fmv.x.d a0, ft0
        0x02c50533,  // mul a0, a0, a2
        ret,
    };
#endif
    put(base, loop, 13);
    long result = jump((uintptr_t)base, 0);
    must(seen.pc == pc);
    say("%s: result %ld", what, result);
    tell("  in the loop");
}
static void illegal(void) {
    on_signal(SIGILL, step_over, 0);
    on_signal(SIGTRAP, step_over, 0);
    on_signal(SIGSEGV, step_over, 0);
#ifdef __aarch64__
    step("zeros", 0);
    step("ones", 0xffffffff);
    step("a hole in the opcodes", 0x02000000);
    step("a register of no user's", 0xd5381000);  // mrs x0, sctlr_el1
    step("a write to a register for reading", 0xd51b0020);  // msr ctr_el0, x0
    step("eret", 0xd69f03e0);
    step("hvc", 0xd4000002);
    step("a cache of no user's", 0xd508751f);  // ic iallu
    step("pointer authentication", 0xdac10000);  // pacia x0, x0
    step("a vector of unknown length", 0x2518e3e0);  // ptrue p0.b
    step("brk", 0xd4200000);
    step("a load from nowhere", 0xf8412003);  // ldur x3, [x0, #18]: x0 is 0
    step("a store to nowhere", 0xf8012001);  // stur x1, [x0, #18]
#else
    step("zeros", 0x00010000);  // and c.nop
    step("ones", 0xffffffff);
    step("a hole in the opcodes", 0x0000000b);
    step("a register of no user's", 0x30002573);  // csrr a0, mstatus
    step("a write to a counter", 0xc0001073);     // csrw cycle, zero
    step("mret", 0x30200073);
    step("sfence.vma", 0x12000073);
    step("a reserved float operation", 0xc6000053);  // of the extension Q
    step("a reserved rounding mode", 0x02005053);    // fadd.d with mode 5
    step("ebreak", 0x00100073);
    step("c.ebreak", 0x00019002);          // and c.nop
    step("a load from zero", 0x00003503);  // ld a0, 0(zero)
    step("a store to zero", 0x00b03023);   // sd a1, 0(zero)
#endif
}

// Code on both sides of 2^31 and 2^32, and at the end of what Sv39 gives: jumps and auipc across.
static void far_places(void) {
    static const uint64_t places[] = {0x7ffff000, 0xfffff000, 0x3ffffd0000};
    for (int i = 0; i < 3; ++i) {
        char* page = (char*)places[i];
        must(mmap(page, 2 * page_size, PROT_READ | PROT_WRITE | PROT_EXEC,
                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == page);
#ifdef __aarch64__
        const uint32_t before[] = {
            0x10000000,  // adr x0, 0
            0xb0000001,  // adrp x1, 1
            0xcb000020,  // sub x0, x1, x0
            0x707fffe2,  // adr x2, +1048575
            0xca020000,  // eor x0, x0, x2
            0x90800002,  // adrp x2, -0x100000
            0xca020000,  // eor x0, x0, x2
            0x140001f9,  // b +2020: the next page, 0
        };
        const uint32_t after[] = {add_a0, 0x10000002 /* adr x2, 0 */, 0x8b020000 /* add x0, x0, x2 */, ret};
#else
        const uint32_t before[] = {
            0x00000517,  // auipc a0, 0
            0x00001597,  // auipc a1, 1
            0x40a58533,  // sub a0, a1, a0
            0x7fffe617,  // auipc a2, 0x7fffe
            0x00c54533,  // xor a0, a0, a2
            0x80000617,  // auipc a2, 0x80000
            0x00c54533,  // xor a0, a0, a2
            0x7e40006f,  // j +2020: the next page, 0
        };
        const uint32_t after[] = {add_a0, 0x00000617 /* auipc a2, 0 */, 0x00c50533 /* add a0, a0, a2 */, ret};
#endif
        put(page + page_size - 2048, before, 8);
        put(page + page_size, after, 4);
        long result = 0;
        for (int round = 0; round < 500; ++round) result = jump((uintptr_t)page + page_size - 2048, 0);
        say("at %lx: %lx", places[i], result);
    }
}

int main(int argc, char** argv) {
    repeats = argument(argc, argv, 300);
    on_signal(SIGSEGV, return_at_once, 0);
    on_signal(SIGBUS, return_at_once, 0);
    on_signal(SIGILL, return_at_once, 0);
    edges();
    branches();
    far_places();
    illegal();
    return 0;
}
