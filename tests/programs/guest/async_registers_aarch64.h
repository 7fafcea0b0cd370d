// AArch64's part of async_registers.c: its registers and the loops.
#pragma once
#include "async_registers.h"

struct registers {
    uint64_t x[32], pc, nzcv, fpcr, fpsr;  // x[31]: sp
    uint64_t v[64];
};
static struct registers last;
#define PC_OF(registers) (registers)->pc
#define F(registers, n) (registers)->v[2 * (n)]
enum { first_register = 0, first_free = 0, stop = 29, return_register = 30 };
static const uint64_t dead_first = 0x12340000;

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
/// Handlers need sp.
static void keep_environment(struct registers* inside, const struct registers* outside) {
    inside->x[31] = outside->x[31];
}
static void take_environment(struct registers* now) {
    __asm__("mov %0, sp" : "=r"(now->x[31]));
}
static void cross_over(void) {
    __asm__ volatile(BREAKPOINT ::: "memory");
}
static void start_values(struct registers* inside) {
    if (strcmp(loop->name, "carry") == 0) inside->x[11] = 1ul << 63;
    if (strcmp(loop->name, "vectors") == 0) inside->v[4] = 2ul << 32 | 1, inside->v[5] = 4ul << 32 | 3;
}

#define LOOP(name, text)                      \
    extern char name##_start[], name##_end[]; \
    __asm__(".balign 8\n.globl " #name "_start, " #name "_end\n" #name "_start:\n" text "\n" BREAKPOINT "\n" #name "_end:\n")

LOOP(two, "1: add x5, x5, #1\n cbz x29, 1b");
LOOP(opposite, "1: add x5, x5, #1\n sub x6, x6, #1\n cbz x29, 1b");
LOOP(straight, "1: mov x7, x5\n .rept 100\n add x5, x5, #1\n sub x6, x6, #1\n .endr\n cbz x29, 1b");
LOOP(dead,
     "1: mov x5, #1\n mov x5, #2\n mov x5, #3\n movz x6, #0x1234, lsl #16\n movk x6, #0x5678\n add x7, x5, #4\n"
     "lsl x10, x6, #32\n lsr x10, x10, #32\n lsl x10, x10, #3\n add x10, x10, x5\n adr x11, . + 0x12000\n"
     "add x11, x11, #0x34\n mov x5, xzr\n mov x6, xzr\n mov x7, xzr\n mov x12, #1\n eor x12, x12, #1\n mov x10, xzr\n"
     "mov x11, xzr\n cbz x29, 1b");
LOOP(nested,
     "1: mov x6, xzr\n 2: add x7, x7, #1\n add x6, x6, #1\n cmp x6, x10\n b.ne 2b\n add x5, x5, #1\n cbz x29, 1b");
LOOP(floats,
     "1: fadd d1, d1, d0\n add x5, x5, #1\n fsub d4, d1, d3\n fmov x7, d31\n fmul d5, d4, d0\n fmadd d6, d5, d0, d3\n"
     "fcvtzs x6, d6\n fdiv d7, d1, d1\n cbz x29, 1b");
LOOP(stores, "1: add x5, x5, #1\n str x5, [x8]\n ldr x6, [x8]\n str w6, [x8, #8]\n ldr w7, [x8, #8]\n cbz x29, 1b");
LOOP(calls, "1: bl 2f\n add x5, x5, #1\n cbz x29, 1b\n b 3f\n 2: add x6, x6, #1\n ret\n 3:");
LOOP(indirect,
     "add x5, x5, #1\n add x6, x6, #1\n br x11\n add x5, x5, #2\n add x6, x6, #2\n br x12\n add x5, x5, #3\n"
     "add x6, x6, #3\n cbnz x29, 1f\n br x10\n 1:");
LOOP(itself, "1: b 1b\n add x5, x5, #1\n 2: cmp x6, x7\n b.eq 2b\n sub x6, x6, #1\n cbz x29, 1b");
LOOP(atomics,
     ".arch armv8.1-a\n 1: ldadd x11, x6, [x8]\n add x5, x5, #1\n 2: ldxr x7, [x9]\n add x7, x7, #1\n stxr w10, x7, [x9]\n"
     "cbnz w10, 2b\n cbz x29, 1b");
LOOP(branches,
     "1: mul x5, x5, x11\n add x5, x5, #1\n and x6, x5, #64\n cbz x6, 2f\n add x7, x7, #1\n b 3f\n 2: add x12, x12, #1\n"
     "3: add x13, x13, #1\n tbnz x13, #63, 1b\n cbnz x29, 4f\n cbz xzr, 1b\n 4:");

static int nested_holds(int at, const struct registers* now) {
    uint64_t inner = at == 0 || at >= 5 ? 8 : now->x[6], outer = now->x[5] - (at == 0 || at >= 6);
    if (at == 0 && now->x[5] == 0) return 1;
    if (at == 4 && (now->nzcv >> 30 & 1) != (now->x[6] == 8)) return 0;
    return now->x[10] == 8 && now->x[6] <= 8 && now->x[7] == 8 * outer + inner + (at == 2);
}
static int itself_holds(int at, const struct registers* now) {
    uint64_t between = now->x[6] - now->x[7];
    return at == 2 || at == 3 ? between <= 1 : between == (at == 4);
}

// A sum of 128 bits in steps of 2^63, and how many: flags are what passes from one instruction to the next.
LOOP(carry, "1: adds x5, x5, x11\n adc x6, x6, xzr\n add x7, x7, #1\n cbz x29, 1b");
static int carry_holds(int at, const struct registers* now) {
    uint64_t carry = at == 1 ? now->nzcv >> 29 & 1 : 0;
    return 2 * (now->x[6] + carry) + (now->x[5] >> 63) == now->x[7] + (at == 1 || at == 2);
}
static void carry_change(int at, struct registers* now) {
    if (at != 1) now->nzcv = next_random() & 0xf0000000;
    now->x[7] += 2;
    now->x[6] += 1;
}

// Each lane of v1 is x5 times that of v2, v3 the lane times that.
LOOP(vectors, "1: add v1.4s, v1.4s, v2.4s\n add x5, x5, #1\n mul v3.4s, v1.4s, v2.4s\n cbz x29, 1b");
static int vectors_holds(int at, const struct registers* now) {
    uint32_t one[4], three[4];
    memcpy(one, now->v + 2, 16);
    memcpy(three, now->v + 6, 16);
    for (uint32_t i = 0; i < 4; ++i) {
        if (one[i] != ((uint32_t)now->x[5] + (at == 1)) * (i + 1)) return 0;
        if (at == 3 && three[i] != one[i] * (i + 1)) return 0;
    }
    return 1;
}

#define ALWAYS (BIT(31) | BIT(stop))
#define MORE_LOOPS                                                                          \
    {NAMES(carry), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(11), 0, carry_holds, carry_change}, \
    {NAMES(vectors), ALWAYS | BIT(5), BIT(1) | BIT(2) | BIT(3), vectors_holds, NULL},
