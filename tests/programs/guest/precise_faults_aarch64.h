// AArch64's part of precise_faults.c: its registers, kernels that use them all, and what a context shows of them.
#pragma once
#include "precise_faults.h"

struct registers {
    uint64_t x[32], pc, nzcv, fpcr, fpsr;  // x[31]: sp
    uint64_t v[64];
};
#define PC_OF(registers) (registers)->pc
enum { sp_index = 31, pointer_index = 31 };
enum { quiet_flags = 0x9f, all_flags = 0x0800009f };  // of FPSR

static void save(struct registers* to, const ucontext_t* from) {
    const struct fpsimd_context* floats = (const struct fpsimd_context*)from->uc_mcontext.__reserved;
    must(floats->head.magic == FPSIMD_MAGIC);
    for (int i = 0; i < 31; ++i) to->x[i] = from->uc_mcontext.regs[i];
    to->x[31] = from->uc_mcontext.sp;
    to->pc = from->uc_mcontext.pc;
    to->nzcv = from->uc_mcontext.pstate & 0xf0000000;
    to->fpcr = floats->fpcr;
    to->fpsr = floats->fpsr;
    memcpy(to->v, floats->vregs, sizeof to->v);
}
static void load(ucontext_t* to, const struct registers* from) {
    struct fpsimd_context* floats = (struct fpsimd_context*)to->uc_mcontext.__reserved;
    for (int i = 0; i < 31; ++i) to->uc_mcontext.regs[i] = from->x[i];
    to->uc_mcontext.sp = from->x[31];
    to->uc_mcontext.pc = from->pc;
    to->uc_mcontext.pstate = (to->uc_mcontext.pstate & ~0xf0000000ul) | from->nzcv;
    floats->fpcr = (uint32_t)from->fpcr;
    floats->fpsr = (uint32_t)from->fpsr;
    memcpy(floats->vregs, from->v, sizeof from->v);
}
static void add_registers(const struct registers* registers) {
    add(registers->pc);
    for (int i = 0; i < 32; ++i) add(registers->x[i]);
    for (int i = 0; i < 64; ++i) add(registers->v[i]);
    add(registers->nzcv);
    add(registers->fpcr);
    add(registers->fpsr);
}
static void randomize(struct registers* registers) {
    for (int i = 0; i < 31; ++i) registers->x[i] = next_random();
    for (int i = 0; i < 64; ++i) registers->v[i] = next_random();
    registers->nzcv = next_random() & 0xf0000000;
    registers->fpcr = registers->fpsr = 0;
}
static void change(struct registers* now) {
    for (int i = 0; i < 31; ++i) {
        if ((kernel->keep >> i & 1) == 0) now->x[i] ^= next_random();
    }
    for (int i = 0; i < 64; ++i) now->v[i] ^= next_random() & next_random();
    now->nzcv ^= next_random() & 0xf0000000;
    now->fpsr ^= next_random() & quiet_flags;
}
static void prepare(void) {}
static void cross_over(void) {
    __asm__ volatile(BREAKPOINT ::: "memory");
}
#define ENTRY(name, function)                            \
    __asm__(".globl " #name "\n" #name ": b " #function); \
    void name(int, siginfo_t*, void*)

// In all: x8 and x9 walk through two regions, or sp through a third, so that neighbouring accesses lie in different pages;
// x10 counts down.
KERNEL(widths,
       "1: ldrsb x1, [x8]\n strb w1, [x9, #1]\n ldrb w2, [x8, #2]\n add x3, x3, x2\n strh w3, [x9, #4]\n"
       "ldrsh x4, [x8, #4]\n eor x5, x4, x1\n str w5, [x9, #8]\n ldrh w6, [x8, #6]\n str x6, [x9, #16]\n"
       "ldrsw x7, [x8, #8]\n lsl x11, x7, #7\n sub x12, x12, x11\n str x12, [x9, #24]\n ldr w13, [x8, #12]\n"
       "mul x14, x13, x12\n str w14, [x9, #12]\n ldr x15, [x8, #16]\n add x16, x16, x15\n strh w16, [x9, #6]\n"
       "ldr xzr, [x8, #8]\n ldrsb wzr, [x9, #24]\n ldp x17, x18, [x8, #16]\n adds x19, x18, x17\n"
       "stp x19, x17, [x9, #16]\n ldur x20, [x9, #-8]\n adcs x21, x20, x19\n stur x21, [x8, #24]\n"
       "ldrsw x22, [x8, #20]\n subs x23, x22, x21\n csel x24, x23, x22, lt\n str x24, [x9, #8]\n ldpsw x25, x26, [x9, #8]\n"
       "udiv x27, x25, x26\n str w27, [x9, #28]\n ldur x28, [x8, #-16]\n asr x29, x28, #3\n str x29, [x9, #8]\n"
       "ldursb w30, [x8, #-1]\n orr x0, x0, x30\n stp w0, w29, [x9, #-8]\n strb w0, [x8, #3]\n ccmp x0, x1, #5, ne\n"
       "cset x2, hi\n strb w2, [x8, #5]\n and x11, x0, #15\n ldrb w12, [x9, x11]\n sub w11, wzr, w11\n"
       "add x13, x9, #15\n strb w12, [x13, w11, sxtw]\n lsr x11, x20, #62\n ldr w14, [x8, w11, uxtw #2]\n"
       "str x14, [x9, x2, lsl #3]\n add x8, x8, #32\n add x9, x9, #32\n sub x10, x10, #1\n cbnz x10, 1b");
// Registers that change with the access: not when it faults. Each round 64 bytes.
KERNEL(writeback,
       "1: ldr x1, [x8], #8\n str x1, [x9], #8\n ldrsh x2, [x8, #2]!\n strb w2, [x9, #2]!\n ldr w3, [x8], #6\n"
       "str w3, [x9], #6\n ldp x4, x5, [x8], #16\n stp x5, x4, [x9], #16\n str x4, [sp, #16]!\n ldr q1, [x8], #16\n"
       "str q1, [x9], #16\n ldrb w6, [x8], #8\n strh w6, [x9], #8\n ldr d2, [x8], #8\n str d2, [x9], #8\n"
       "ldrsw x7, [sp], #16\n cmp x7, x6\n stur x7, [x9, #-8]\n ldpsw x11, x12, [x8, #-16]!\n stp w12, w11, [x9, #-16]!\n"
       "csinc x13, x11, x12, ge\n ldr x14, [x8, #8]!\n str x13, [x9, #8]!\n ldr s3, [x8, #4]!\n str h3, [x9, #4]!\n"
       "add x15, x14, x13\n str x15, [sp, #-16]!\n ldr x16, [sp], #16\n stp x16, xzr, [sp, #16]!\n ldp x17, x18, [sp], #16\n"
       "sub x19, x18, x17\n add x8, x8, #4\n add x9, x9, #4\n sub x10, x10, #1\n cbnz x10, 1b");
KERNEL(floats,
       "1: ldr d0, [x8]\n str d0, [x9]\n ldr s1, [x8, #8]\n fadd s2, s2, s1\n str s2, [x9, #8]\n ldr d3, [x8, #16]\n"
       "fmadd d4, d3, d0, d4\n str d4, [x9, #16]\n ldr s5, [x8, #12]\n fcvt d6, s5\n fdiv d7, d6, d3\n str d7, [x9, #24]\n"
       "ldr d8, [x8, #24]\n fsqrt d9, d8\n fcvtzs w11, d9\n str w11, [x9, #8]\n ldr s10, [x8, #4]\n fmul s11, s10, s1\n"
       "fcmp s11, s2\n cset x12, vs\n str s11, [x9, #12]\n ldr d12, [x8, #8]\n add x15, x15, #1\n and x15, x15, #3\n"
       "lsl x16, x15, #22\n mrs x13, fpcr\n msr fpcr, x16\n fadd d13, d12, d0\n fsub d14, d13, d3\n fcvt s15, d14\n"
       "str s15, [x9, #20]\n ldr h16, [x8, #4]\n fcvt s17, h16\n fnmsub s17, s17, s5, s11\n str s17, [x9, #4]\n"
       "ldur d18, [x8, #-8]\n fminnm d19, d18, d19\n stur d19, [x9, #-8]\n ldr d20, [x8, #16]\n scvtf d21, x11\n"
       "fmul d21, d21, d20\n str d21, [x9, #8]\n ldr s22, [x8, #20]\n fneg s23, s22\n str s23, [x9, #16]\n ldr s24, [x8]\n"
       "fcvtns x1, s24\n mrs x2, fpsr\n str x2, [x9, #24]\n ldr d25, [x8, #24]\n frintz d25, d25\n fmov x4, d25\n"
       "stur x4, [x9, #-16]\n str d21, [x8, #24]\n ldr s26, [x9, #12]\n fcvtau w5, s26\n str w5, [x8, #28]\n"
       "ldr d27, [x9, #8]\n fmov s28, w5\n fadd s29, s28, s26\n fmax s30, s29, s24\n fcsel d31, d27, d25, vc\n"
       "str d31, [x8, #16]\n ldr s31, [x9, #16]\n fccmp s31, s30, #3, mi\n add x8, x8, #32\n add x9, x9, #32\n"
       "sub x10, x10, #1\n cbnz x10, 1b");
// Each round 64 bytes.
KERNEL(vectors,
       "1: ldr q0, [x8]\n str q0, [x9]\n ldp q1, q2, [x8, #16]\n add v3.4s, v1.4s, v2.4s\n stp q3, q0, [x9, #16]\n"
       "ld1 {v4.16b}, [x8]\n sqadd v5.8h, v4.8h, v3.8h\n st1 {v5.8h}, [x9]\n ld1 {v6.s}[2], [x8]\n"
       "st1 {v6.b}[9], [x9]\n ld1r {v7.4s}, [x8]\n mul v8.4s, v7.4s, v6.4s\n str q8, [x9, #48]\n ldur q9, [x8, #-16]\n"
       "tbl v10.16b, {v8.16b, v9.16b}, v0.16b\n st1 {v10.d}[1], [x9]\n ld2 {v11.2s, v12.2s}, [x8]\n"
       "fadd v13.2s, v11.2s, v12.2s\n str d13, [x9, #8]\n fmla v14.4s, v13.4s, v0.s[1]\n zip1 v15.8h, v14.8h, v0.8h\n"
       "st2 {v14.2s, v15.2s}, [x9]\n ldr q16, [x8, #32]\n umlal v17.2d, v16.2s, v0.2s\n stur q17, [x9, #-16]\n"
       "ld4 {v18.8b, v19.8b, v20.8b, v21.8b}, [x8]\n eor v22.16b, v18.16b, v21.16b\n"
       "st3 {v19.d, v20.d, v21.d}[0], [x9]\n shl v23.2d, v22.2d, #3\n addv s24, v23.4s\n str s24, [x9, #44]\n"
       "ldr b25, [x8, #7]\n str h25, [x9, #6]\n uqxtn v26.8b, v16.8h\n ext v27.16b, v26.16b, v9.16b, #5\n"
       "ld1 {v28.2d, v29.2d}, [x8], #32\n st1 {v27.16b, v28.16b}, [x9], #32\n ld1 {v30.h}[3], [x8], #2\n"
       "st1 {v30.d}[1], [x9], #8\n cmhi v31.4s, v30.4s, v29.4s\n ushl v31.16b, v28.16b, v31.16b\n fmov x11, d31\n"
       "mrs x12, fpsr\n add x8, x8, #30\n add x9, x9, #24\n sub x10, x10, #1\n cbnz x10, 1b");
KERNEL(atomics,
       ".arch armv8.1-a\n"
       "1: ldadd w12, w11, [x8]\n swp x12, x12, [x9]\n add x8, x8, #8\n ldeor x11, x13, [x8]\n add x9, x9, #8\n"
       "ldset w13, w14, [x9]\n add x1, x1, x14\n ldclr x1, x15, [x8]\n ldsmin w15, w16, [x9]\n add x8, x8, #8\n"
       "ldsmaxal x16, x17, [x8]\n add x9, x9, #8\n ldumina w17, w18, [x9]\n ldumaxl w18, w19, [x8]\n"
       "2: ldxr x20, [x9]\n add x20, x20, x19\n stxr w21, x20, [x9]\n cbnz w21, 2b\n"
       "add x8, x8, #8\n 3: ldaxr w22, [x8]\n sub x22, x22, x20\n stlxr w23, w22, [x8]\n cbnz w23, 3b\n"
       "add x9, x9, #8\n stadd x22, [x9]\n mov x26, x22\n cas w26, w20, [x8]\n ldar x24, [x9]\n add x8, x8, #8\n"
       "stlr w24, [x8]\n and x8, x8, #~15\n and x9, x9, #~15\n mov x2, x24\n mov x3, x26\n mov x4, x1\n mov x5, x14\n"
       "casp x2, x3, x4, x5, [x8]\n 4: ldxp x6, x7, [x9]\n add x6, x6, x2\n eor x7, x7, x3\n stxp w21, x7, x6, [x9]\n"
       "cbnz w21, 4b\n swpb w7, w25, [x9]\n ldarh w27, [x8]\n add x8, x8, #16\n add x9, x9, #16\n"
       "sub x10, x10, #1\n cbnz x10, 1b");
// x12 is the pointer that each load replaces.
KERNEL(chase,
       "1: ldr x12, [x12]\n add x13, x12, #8\n ldr x12, [x12]\n add x14, x14, x12\n ldr x12, [x12]\n ldr x15, [x12, #8]\n"
       "ldursw x16, [x15]\n ldr x12, [x12]\n eor x17, x17, x16\n sub x10, x10, #1\n cbnz x10, 1b");
// x8 and x9: edges of pages; x20: their distance from x22 and x23.
KERNEL(crossing,
       "1: ldur x11, [x8, #-4]\n stur x11, [x9, #-3]\n ldur w12, [x8, #-2]\n stur w12, [x9, #-1]\n ldursh x13, [x8, #-1]\n"
       "sturh w13, [x9, #-1]\n ldur d1, [x8, #-5]\n fadd d2, d1, d2\n stur d2, [x9, #-7]\n ldur s3, [x8, #-3]\n"
       "fadd s4, s3, s4\n stur s4, [x9, #-2]\n ldur w14, [x8, #-1]\n ldurh w15, [x9, #-1]\n add x1, x14, x15\n"
       "stur x1, [x8, #-1]\n ldur xzr, [x9, #-6]\n ldur q5, [x8, #-9]\n stur q5, [x9, #-7]\n ldp x2, x3, [x8, #-8]\n"
       "stp x3, x2, [x9, #-8]\n ldp q6, q7, [x8, #-16]\n stp q7, q6, [x9, #-16]\n sub x4, x8, #5\n ld1 {v8.16b}, [x4], #16\n"
       "sub x5, x9, #8\n st2 {v7.2d, v8.2d}, [x5], #32\n add x20, x20, x21\n and x20, x20, x24\n add x8, x22, x20\n"
       "add x9, x23, x20\n sub x10, x10, #1\n cbnz x10, 1b");
// Frames of 4016 bytes.
KERNEL(calls,
       "1: mov x11, #6\n bl 3f\n sub x10, x10, #1\n cbnz x10, 1b\n b 9f\n"
       "3: sub sp, sp, #4016\n stp x30, x11, [sp, #16]\n str d1, [sp, #32]\n str x12, [sp, #2032]\n"
       "sub x11, x11, #1\n add x12, x12, x11\n scvtf d1, x12\n cbz x11, 4f\n bl 3b\n"
       "4: ldr d1, [sp, #32]\n ldp x30, x11, [sp, #16]\n sub x12, x12, x11\n add sp, sp, #4016\n ret\n 9:");

static const struct kernel kernels[] = {
    {NAMES(widths), BIT(8) | BIT(9) | BIT(10) | BIT(2) | BIT(11) | BIT(13), 0, 0, 3000},
    {NAMES(writeback), BIT(8) | BIT(9) | BIT(10), 0, 0, 1900},
    {NAMES(floats), BIT(8) | BIT(9) | BIT(10) | BIT(15) | BIT(16), 0, 1, 3000},
    {NAMES(vectors), BIT(8) | BIT(9) | BIT(10), 0, 0, 1900},
    // What its loops of exclusive accesses store must not depend on whether a signal ends a reservation.
    {NAMES(atomics), BIT(8) | BIT(9) | BIT(10) | BIT(19) | BIT(20) | BIT(22) | BIT(2) | BIT(3) | BIT(6) | BIT(7), 0, 0, 2000},
    {NAMES(chase), BIT(10) | BIT(12) | BIT(15), 0, 0, 3000},
    {NAMES(crossing),
     BIT(4) | BIT(5) | BIT(8) | BIT(9) | BIT(10) | BIT(20) | BIT(21) | BIT(22) | BIT(23) | BIT(24), 1, 1, 3000},
    {NAMES(calls), BIT(30) | BIT(10) | BIT(11), 0, 0, 3000},
};

#define OBSERVER(r, c)                                                                                               \
    KERNEL(observer_##r,                                                                                             \
           "1: ldr x" #r ", [x" #r "]\n sub x" #c ", x" #c ", #1\n cbnz x" #c                                        \
           ", 1b\n"                                                                                                  \
           ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30\n"            \
           "str x\\i, [sp, #8*\\i]\n.endr\n"                                                                         \
           ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"         \
           "str q\\i, [sp, #256+16*\\i]\n.endr\n"                                                                    \
           "mrs x1, nzcv\n str x1, [sp, #768]\n mrs x1, fpcr\n str x1, [sp, #776]\n mrs x1, fpsr\n str x1, [sp, #784]")
#define EACH_OBSERVER(o)                                                                                            \
    o(0, 5) o(1, 5) o(2, 5) o(3, 5) o(4, 5) o(5, 6) o(6, 5) o(7, 5) o(8, 5) o(9, 5) o(10, 5) o(11, 5) o(12, 5)      \
        o(13, 5) o(14, 5) o(15, 5) o(16, 5) o(17, 5) o(18, 5) o(19, 5) o(20, 5) o(21, 5) o(22, 5) o(23, 5) o(24, 5) \
            o(25, 5) o(26, 5) o(27, 5) o(28, 5) o(29, 5) o(30, 5)
#define DEFINE(r, c) OBSERVER(r, c);
EACH_OBSERVER(DEFINE)
#define ROW(r, c) {{NAMES(observer_##r), 0, 0, -1, 0}, r, c},

/// What the handler gives.
static void give(struct registers* given) {
    for (int i = 0; i < 31; ++i) given->x[i] = next_random();
    for (int i = 0; i < 64; ++i) given->v[i] = next_random();
    given->nzcv = next_random() & 0xf0000000;
    given->fpcr = next_random() & 0x07c80000;
    given->fpsr = next_random() & all_flags;
}
/// What the observing kernel stored, compared with it.
static int count_differences(const uint64_t* seen, const struct registers* given, int base) {
    int wrong = 0;
    for (int i = 0; i < 31; ++i) {
        if (seen[i] == given->x[i]) continue;
        say("base x%d: x%d is %lx, the handler gave %lx", base, i, seen[i], given->x[i]);
        wrong = 1;
    }
    for (int i = 0; i < 64; ++i) {
        if (seen[32 + i] == given->v[i]) continue;
        say("base x%d: half %d of v%d is %lx, the handler gave %lx", base, i % 2, i / 2, seen[32 + i], given->v[i]);
        wrong = 1;
    }
    if (seen[96] == given->nzcv && seen[97] == given->fpcr && seen[98] == given->fpsr) return wrong;
    say("base x%d: nzcv, fpcr, fpsr are %lx %lx %lx, not %lx %lx %lx", base, seen[96], seen[97], seen[98], given->nzcv,
        given->fpcr, given->fpsr);
    return 1;
}
