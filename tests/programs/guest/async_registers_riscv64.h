// RISC-V's part of async_registers.c: its registers and the loops.
#pragma once
#include "async_registers.h"

struct registers {
    uint64_t x[32], f[32], fcsr;  // x[0]: pc
};
static struct registers last;
#define PC_OF(registers) (registers)->x[0]
#define F(registers, n) (registers)->f[n]
enum { first_register = 1, first_free = 5, stop = 30, return_register = 1 };
static const uint64_t dead_first = 0x12345000;

static void save(struct registers* to, const ucontext_t* from) {
    for (int i = 0; i < 32; ++i) to->x[i] = from->uc_mcontext.__gregs[i];
    for (int i = 0; i < 32; ++i) to->f[i] = from->uc_mcontext.__fpregs.__d.__f[i];
    to->fcsr = from->uc_mcontext.__fpregs.__d.__fcsr;
}
static void load(ucontext_t* to, const struct registers* from) {
    for (int i = 0; i < 32; ++i) to->uc_mcontext.__gregs[i] = from->x[i];
    for (int i = 0; i < 32; ++i) to->uc_mcontext.__fpregs.__d.__f[i] = from->f[i];
    to->uc_mcontext.__fpregs.__d.__fcsr = (uint32_t)from->fcsr;
}
/// Handlers need sp, gp and tp.
static void keep_environment(struct registers* inside, const struct registers* outside) {
    memcpy(inside->x + 2, outside->x + 2, 3 * 8);
}
/// The same of the registers as they are now.
static void take_environment(struct registers* now) {
    uint64_t stack_pointer;
    __asm__("mv %0, sp\n sd gp, 24(%1)\n sd tp, 32(%1)" : "=&r"(stack_pointer) : "r"(now->x) : "memory");
    now->x[2] = stack_pointer;
}
static void cross_over(void) {
    __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" ::: "memory");
}
static void start_values(struct registers* inside) {
    (void)inside;
}

#define LOOP(name, text)                                                                                             \
    extern char name##_start[], name##_end[];                                                                        \
    __asm__(".option push\n.option norvc\n.balign 8\n.globl " #name "_start, " #name "_end\n" #name "_start:\n" text \
            "\nebreak\n" #name "_end:\n.option pop\n")

LOOP(two, "1: addi x5, x5, 1\n beqz x30, 1b");
LOOP(opposite, "1: addi x5, x5, 1\n addi x6, x6, -1\n beqz x30, 1b");
LOOP(straight, "1: mv x7, x5\n .rept 100\n addi x5, x5, 1\n addi x6, x6, -1\n .endr\n beqz x30, 1b");
LOOP(dead,
     "1: li x5, 1\n li x5, 2\n li x5, 3\n lui x6, 0x12345\n addi x6, x6, 0x678\n addi x7, x5, 4\n slli x10, x6, 32\n"
     "srli x10, x10, 32\n slli x10, x10, 3\n add x10, x10, x5\n auipc x11, 0x12\n addi x11, x11, 0x34\n mv x5, x0\n"
     "mv x6, x0\n mv x7, x0\n sltu x12, x5, x11\n xori x12, x12, 1\n mv x10, x0\n mv x11, x0\n beqz x30, 1b");
LOOP(nested, "1: li x6, 0\n 2: addi x7, x7, 1\n addi x6, x6, 1\n bne x6, x10, 2b\n addi x5, x5, 1\n beqz x30, 1b");
LOOP(floats,
     "1: fadd.d f1, f1, f0\n addi x5, x5, 1\n fsub.d f4, f1, f3\n fmv.x.d x7, f31\n fmul.d f5, f4, f0\n"
     "fmadd.d f6, f5, f0, f3\n fcvt.l.d x6, f6\n fdiv.d f7, f1, f1\n beqz x30, 1b");
LOOP(stores, "1: addi x5, x5, 1\n sd x5, 0(x8)\n ld x6, 0(x8)\n sw x6, 8(x8)\n lwu x7, 8(x8)\n beqz x30, 1b");
LOOP(calls, "1: jal x1, 2f\n addi x5, x5, 1\n beqz x30, 1b\n j 3f\n 2: addi x6, x6, 1\n jalr x0, 0(x1)\n 3:");
LOOP(indirect,
     "addi x5, x5, 1\n addi x6, x6, 1\n jr x11\n addi x5, x5, 2\n addi x6, x6, 2\n jr x12\n addi x5, x5, 3\n"
     "addi x6, x6, 3\n bnez x30, 1f\n jr x10\n 1:");
LOOP(itself, "1: j 1b\n addi x5, x5, 1\n 2: beq x6, x7, 2b\n addi x6, x6, -1\n beqz x30, 1b");
LOOP(atomics,
     "1: amoadd.d x6, x11, (x8)\n addi x5, x5, 1\n 2: lr.d x7, (x9)\n addi x7, x7, 1\n sc.d x10, x7, (x9)\n bnez x10, "
     "2b\n"
     "beqz x30, 1b");
LOOP(branches,
     "1: mul x5, x5, x11\n addi x5, x5, 1\n andi x6, x5, 64\n beqz x6, 2f\n addi x7, x7, 1\n j 3f\n 2: addi x12, x12, "
     "1\n"
     "3: addi x13, x13, 1\n blt x13, x0, 1b\n bltu x0, x30, 4f\n bgeu x13, x0, 1b\n 4:");

static int nested_holds(int at, const struct registers* now) {
    uint64_t inner = at == 0 || at >= 4 ? 8 : now->x[6], outer = now->x[5] - (at == 0 || at >= 5);
    if (at == 0 && now->x[5] == 0) return 1;
    return now->x[10] == 8 && now->x[6] <= 8 && now->x[7] == 8 * outer + inner + (at == 2);
}
static int itself_holds(int at, const struct registers* now) {
    uint64_t between = now->x[6] - now->x[7];
    return at == 2 ? between <= 1 : between == (at == 3);
}

#define ALWAYS (BIT(2) | BIT(3) | BIT(4) | BIT(30))
#define MORE_LOOPS
