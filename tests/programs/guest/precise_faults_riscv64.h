// RISC-V's part of precise_faults.c: its registers, kernels that use them all, and what a context shows of them.
#pragma once
#include "precise_faults.h"

struct registers {
    uint64_t x[32], f[32], fcsr;  // x[0]: pc
};
#define PC_OF(registers) (registers)->x[0]
enum { sp_index = 2, pointer_index = 31 };
__attribute__((used)) uint64_t home_tp;

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
static void add_registers(const struct registers* registers) {
    for (int i = 0; i < 32; ++i) add(registers->x[i]);
    for (int i = 0; i < 32; ++i) add(registers->f[i]);
    add(registers->fcsr);
}
static void randomize(struct registers* registers) {
    for (int i = 1; i < 32; ++i) registers->x[i] = next_random();
    for (int i = 0; i < 32; ++i) registers->f[i] = next_random();
    for (int i = 0; i < 32; i += 3) registers->f[i] |= 0xffffffff00000000;  // boxed
    registers->fcsr = 0;
}
static void change(struct registers* now) {
    for (int i = 1; i < 32; ++i) {
        if ((kernel->keep >> i & 1) == 0) now->x[i] ^= next_random();
    }
    for (int i = 0; i < 32; ++i) now->f[i] ^= next_random() & next_random();
    now->fcsr ^= next_random() & 0x1f;
}
static void prepare(void) {
    __asm__("mv %0, tp" : "=r"(home_tp));
}
static void cross_over(void) {
    __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" ::: "memory");
}

// Handlers find their own gp and tp.
#define ENTRY(name, function)                                                   \
    __asm__(".globl " #name "\n" #name                                          \
            ":\n"                                                               \
            ".option push\n.option norelax\n"                                   \
            "lla gp, __global_pointer$\n"                                       \
            "lla t0, home_tp\nld tp, (t0)\ntail " #function "\n.option pop\n"); \
    void name(int, siginfo_t*, void*)

// In all: x8 and x9 walk through two regions, or sp through a third, so that neighbouring accesses lie in different
// pages; x10 counts down.
KERNEL(widths,
       "1: lb x1, 0(x8)\n sb x1, 1(x9)\n lbu x2, 2(x8)\n add x3, x3, x2\n sh x3, 4(x9)\n lh x4, 4(x8)\n"
       "xor x5, x4, x1\n sw x5, 8(x9)\n lhu x6, 6(x8)\n sd x6, 16(x9)\n lw x7, 8(x8)\n slli x11, x7, 7\n"
       "sub x12, x12, x11\n sd x12, 24(x9)\n lwu x13, 12(x8)\n mul x14, x13, x12\n sw x14, 12(x9)\n ld x15, 16(x8)\n"
       "add x16, x16, x15\n sh x16, 6(x9)\n lw x0, 8(x8)\n lb x0, 24(x9)\n ld x17, 32(x8)\n add x18, x18, x17\n"
       "sd x18, 32(x9)\n ld x0, 32(x8)\n ld x19, -8(x9)\n add x20, x20, x19\n sd x20, 40(x8)\n sb x0, 48(x9)\n"
       "lwu x21, 20(x8)\n sltu x22, x21, x20\n sd x22, 56(x9)\n lh x23, 26(x8)\n mulhu x24, x23, x20\n sd x24, 0(x9)\n"
       "lbu x25, 31(x8)\n div x26, x24, x25\n sw x26, 40(x9)\n ld x27, -16(x8)\n sra x28, x27, x25\n sd x28, 8(x9)\n"
       "lb x29, -1(x8)\n or x30, x30, x29\n rem x31, x30, x26\n sd x31, -16(x9)\n sb x31, 3(x8)\n lwu x30, 4(x9)\n"
       "addi x8, x8, 40\n addi x9, x9, 40\n addi x10, x10, -1\n bnez x10, 1b");
KERNEL(
    floats,
    "1: fld f0, 0(x8)\n fsd f0, 0(x9)\n flw f1, 8(x8)\n fadd.s f2, f2, f1\n fsw f2, 8(x9)\n fld f3, 16(x8)\n"
    "fmadd.d f4, f3, f0, f4\n fsd f4, 16(x9)\n flw f5, 12(x8)\n fcvt.d.s f6, f5\n fdiv.d f7, f6, f3\n fsd f7, 24(x9)\n"
    "fld f8, 24(x8)\n fsqrt.d f9, f8\n fcvt.w.d x11, f9\n sw x11, 32(x9)\n flw f10, 32(x8)\n fmul.s f11, f10, f1\n"
    "feq.s x12, f11, f2\n fsw f11, 12(x9)\n fld f12, 8(x8)\n addi x15, x15, 1\n sltiu x16, x15, 5\n neg x16, x16\n"
    "and x15, x15, x16\n fsrm x13, x15\n fadd.d f13, f12, f0\n fsub.d f14, f13, f3\n fcvt.s.d f15, f14\n"
    "fsw f15, 36(x9)\n flw f16, 4(x8)\n fnmsub.s f17, f16, f5, f17\n fsw f17, 4(x9)\n fld f18, -8(x8)\n"
    "fmin.d f19, f18, f19\n fsd f19, -8(x9)\n fld f20, 32(x8)\n fcvt.d.l f21, x11\n fmul.d f21, f21, f20\n"
    "fsd f21, 40(x9)\n flw f22, 20(x8)\n fsgnjn.s f23, f22, f2\n fsw f23, 48(x9)\n flw f24, 0(x8)\n"
    "fcvt.l.s x1, f24\n frflags x2\n sd x2, 56(x9)\n fld f25, 24(x8)\n fclass.d x3, f25\n fmv.x.d x4, f25\n"
    "sd x4, -16(x9)\n fsd f21, 40(x8)\n flw f26, 44(x9)\n fcvt.wu.s x5, f26\n sw x5, 28(x8)\n fld f27, 8(x9)\n"
    "fmv.w.x f28, x5\n fadd.s f29, f28, f26\n fmax.s f30, f29, f24\n fsgnjx.d f31, f27, f25\n fsd f31, 36+12(x8)\n"
    "flw f31, 16(x9)\n addi x8, x8, 40\n addi x9, x9, 40\n addi x10, x10, -1\n bnez x10, 1b");
KERNEL(
    compact,
    "1: c.lw x11, 0(x8)\n c.swsp x11, 0(sp)\n c.ld x12, 8(x8)\n c.sdsp x12, 8(sp)\n c.fld f8, 16(x8)\n"
    "c.fsdsp f8, 16(sp)\n c.sw x12, 24(x8)\n c.add x12, x11\n c.lwsp x1, 4(sp)\n c.sd x12, 32(x8)\n c.ldsp x3, 8(sp)\n"
    "c.add x1, x3\n c.fsd f8, 40(x8)\n c.fldsp f0, 24(sp)\n c.lw x13, 0(x9)\n c.ldsp x4, 32(sp)\n c.xor x13, x12\n"
    "c.sw x13, 4(x9)\n c.swsp x1, 36(sp)\n c.ld x14, 8(x9)\n c.fsdsp f31, 40(sp)\n c.sub x14, x13\n c.fld f15, 24(x9)\n"
    "c.sdsp x31, 48(sp)\n c.fsd f15, 32(x9)\n c.lwsp x31, 56(sp)\n c.sd x14, 40(x9)\n c.fldsp f30, 56(sp)\n"
    "fadd.d f31, f30, f15\n c.lw x15, 36(x8)\n c.slli x15, 3\n c.addw x15, x14\n c.swsp x15, 0(sp)\n"
    "c.addi x8, 24\n addi x8, x8, 16\n addi x9, x9, 40\n c.addi16sp sp, 32\n c.addi x10, -1\n c.bnez x10, 1b");
KERNEL(
    atomics,
    "1: amoadd.w x11, x12, (x8)\n amoswap.d x12, x12, (x9)\n addi x8, x8, 8\n amoxor.d x13, x11, (x8)\n addi x9, x9, "
    "8\n"
    "amoor.w x14, x13, (x9)\n add x1, x1, x14\n amoand.d x15, x1, (x8)\n amomin.w x16, x15, (x9)\n addi x8, x8, 8\n"
    "amomax.d x17, x16, (x8)\n addi x9, x9, 8\n amominu.w x18, x17, (x9)\n amomaxu.w x19, x18, (x8)\n"
    "2: lr.d x20, (x9)\n add x20, x20, x19\n sc.d x21, x20, (x9)\n bnez x21, 2b\n"
    "addi x8, x8, 8\n 3: lr.w.aq x22, (x8)\n sub x22, x22, x20\n sc.w.rl x23, x22, (x8)\n bnez x23, 3b\n"
    "addi x9, x9, 8\n amoadd.d x0, x22, (x9)\n amoswap.w x24, x0, (x8)\n amomin.d x25, x24, (x9)\n addi x8, x8, 8\n"
    "amomaxu.d.aqrl x26, x25, (x8)\n addi x9, x9, 16\n amoadd.w x26, x26, (x9)\n addi x8, x8, 8\n addi x10, x10, -1\n"
    "bnez x10, 1b");
// x12 is the pointer that each load replaces.
KERNEL(chase,
       "1: ld x12, 0(x12)\n addi x13, x12, 8\n ld x12, 0(x12)\n add x14, x14, x12\n ld x12, 0(x12)\n ld x15, 8(x12)\n"
       "lw x16, 0(x15)\n ld x12, 0(x12)\n xor x17, x17, x16\n addi x10, x10, -1\n bnez x10, 1b");
// x8 and x9: edges of pages; x20: their distance from x22 and x23.
KERNEL(crossing,
       "1: ld x11, -4(x8)\n sd x11, -3(x9)\n lw x12, -2(x8)\n sw x12, -1(x9)\n lh x13, -1(x8)\n sh x13, -1(x9)\n"
       "fld f1, -5(x8)\n fadd.d f2, f1, f2\n fsd f2, -7(x9)\n flw f3, -3(x8)\n fadd.s f4, f3, f4\n fsw f4, -2(x9)\n"
       "lwu x14, -1(x8)\n lhu x15, -1(x9)\n add x1, x14, x15\n sd x1, -1(x8)\n ld x0, -6(x9)\n add x20, x20, x21\n"
       "and x20, x20, x24\n add x8, x22, x20\n add x9, x23, x20\n addi x10, x10, -1\n bnez x10, 1b");
// Frames of 4016 bytes.
KERNEL(
    calls,
    "1: li x11, 6\n jal x1, 3f\n addi x10, x10, -1\n bnez x10, 1b\n j 9f\n"
    "3: addi sp, sp, -2008\n addi sp, sp, -2008\n sd x1, 8(sp)\n sd x11, 16(sp)\n fsd f1, 24(sp)\n sd x12, 2032(sp)\n"
    "addi x11, x11, -1\n add x12, x12, x11\n fcvt.d.l f1, x12\n beqz x11, 4f\n jal x1, 3b\n"
    "4: fld f1, 24(sp)\n ld x11, 16(sp)\n ld x1, 8(sp)\n sub x12, x12, x11\n addi sp, sp, 2008\n addi sp, sp, 2008\n"
    "ret\n 9:");

static const struct kernel kernels[] = {
    {NAMES(widths), BIT(8) | BIT(9) | BIT(10), 0, 1, 3000},
    {NAMES(floats), BIT(8) | BIT(9) | BIT(10) | BIT(15), 0, 1, 3000},
    {NAMES(compact), BIT(8) | BIT(9) | BIT(10) | BIT(2), 0, 1, 3000},
    // What its loops of lr and sc store must not depend on whether a signal ends a reservation.
    {NAMES(atomics), BIT(8) | BIT(9) | BIT(10) | BIT(19) | BIT(20) | BIT(22), 0, 0, 3000},
    {NAMES(chase), BIT(10) | BIT(12) | BIT(15), 0, 0, 3000},
    {NAMES(crossing), BIT(8) | BIT(9) | BIT(10) | BIT(20) | BIT(21) | BIT(22) | BIT(23) | BIT(24), 1, 1, 3000},
    {NAMES(calls), BIT(1) | BIT(2) | BIT(10) | BIT(11), 0, 0, 3000},
};

// The handler gives every register a new value; the kernel, a hot loop, stores what it then has. One kernel for each
// register that can address the load.
#define OBSERVER(r, c)                                                                                       \
    KERNEL(observer_##r,                                                                                     \
           "1: ld x" #r ", 0(x" #r ")\n addi x" #c ", x" #c ", -1\n bnez x" #c                               \
           ", 1b\n"                                                                                          \
           ".irp i, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"   \
           "sd x\\i, 8*\\i(x31)\n.endr\n"                                                                    \
           ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n" \
           "fsd f\\i, 256+8*\\i(x31)\n.endr\n"                                                               \
           "frcsr x1\n sd x1, 512(x31)")
#define EACH_OBSERVER(o)                                                                                            \
    o(1, 5) o(2, 5) o(3, 5) o(4, 5) o(5, 6) o(6, 5) o(7, 5) o(8, 5) o(9, 5) o(10, 5) o(11, 5) o(12, 5) o(13, 5)     \
        o(14, 5) o(15, 5) o(16, 5) o(17, 5) o(18, 5) o(19, 5) o(20, 5) o(21, 5) o(22, 5) o(23, 5) o(24, 5) o(25, 5) \
            o(26, 5) o(27, 5) o(28, 5) o(29, 5) o(30, 5)
#define DEFINE(r, c) OBSERVER(r, c);
EACH_OBSERVER(DEFINE)
#define ROW(r, c) {{NAMES(observer_##r), 0, 0, -1, 0}, r, c},

/// What the handler gives.
static void give(struct registers* given) {
    for (int i = 1; i < 32; ++i) given->x[i] = next_random();
    for (int i = 0; i < 32; ++i) given->f[i] = next_random();
    given->fcsr = next_random() % 5 << 5 | (next_random() & 31);
}
/// What the observing kernel stored, compared with it.
static int count_differences(const uint64_t* seen, const struct registers* given, int base) {
    int wrong = 0;
    for (int i = 1; i < 32; ++i) {
        if (seen[i] == given->x[i]) continue;
        say("base x%d: x%d is %lx, the handler gave %lx", base, i, seen[i], given->x[i]);
        wrong = 1;
    }
    for (int i = 0; i < 32; ++i) {
        if (seen[32 + i] == given->f[i]) continue;
        say("base x%d: f%d is %lx, the handler gave %lx", base, i, seen[32 + i], given->f[i]);
        wrong = 1;
    }
    if (seen[64] != given->fcsr) say("base x%d: fcsr is %lx, not %lx", base, seen[64], given->fcsr);
    return wrong || seen[64] != given->fcsr;
}
