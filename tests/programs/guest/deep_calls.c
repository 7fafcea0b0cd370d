// Calls and returns that do not match as a translator's own stack of return addresses would have it: very deep
// recursion, frames left by longjmp, stacks exchanged by hand, tail calls, return addresses changed in memory,
// functions that return twice. Argument: how many rounds of each.
#include "check.h"

#include <setjmp.h>
#include <ucontext.h>

static int rounds;

// exchange(save, load): stores callee-saved registers and sp below *save, takes those of load. start_here: a new
// stack's first function (s0) with its argument (s1).
void exchange(void** save, void* load);
void start_here(void);
#ifdef __aarch64__
__asm__(
    "exchange: sub sp, sp, #208\n str x30, [sp]\n"
    "stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n stp x23, x24, [sp, #48]\n stp x25, x26, [sp, #64]\n"
    "stp x27, x28, [sp, #80]\n stp x29, x30, [sp, #96]\n stp d8, d9, [sp, #112]\n stp d10, d11, [sp, #128]\n"
    "stp d12, d13, [sp, #144]\n stp d14, d15, [sp, #160]\n"
    "mov x2, sp\n str x2, [x0]\n mov sp, x1\n ldr x3, [sp]\n"
    "ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n ldp x25, x26, [sp, #64]\n"
    "ldp x27, x28, [sp, #80]\n ldp x29, x30, [sp, #96]\n ldp d8, d9, [sp, #112]\n ldp d10, d11, [sp, #128]\n"
    "ldp d12, d13, [sp, #144]\n ldp d14, d15, [sp, #160]\n"
    "add sp, sp, #208\n ret x3\n"
    ".globl start_here\n start_here: mov x0, x20\n mov x30, xzr\n blr x19\n udf #0\n");
enum { first_slot = 2 };  // x19, behind the link register
#else
__asm__(
    "exchange:\n addi sp, sp, -208\n"
    "sd ra, 0(sp)\n sd s0, 8(sp)\n sd s1, 16(sp)\n sd s2, 24(sp)\n sd s3, 32(sp)\n sd s4, 40(sp)\n sd s5, 48(sp)\n"
    "sd s6, 56(sp)\n sd s7, 64(sp)\n sd s8, 72(sp)\n sd s9, 80(sp)\n sd s10, 88(sp)\n sd s11, 96(sp)\n fsd fs0, "
    "104(sp)\n"
    "fsd fs1, 112(sp)\n fsd fs2, 120(sp)\n fsd fs3, 128(sp)\n fsd fs4, 136(sp)\n fsd fs5, 144(sp)\n fsd fs6, 152(sp)\n"
    "fsd fs7, 160(sp)\n fsd fs8, 168(sp)\n fsd fs9, 176(sp)\n fsd fs10, 184(sp)\n fsd fs11, 192(sp)\n"
    "sd sp, 0(a0)\n mv sp, a1\n"
    "ld ra, 0(sp)\n ld s0, 8(sp)\n ld s1, 16(sp)\n ld s2, 24(sp)\n ld s3, 32(sp)\n ld s4, 40(sp)\n ld s5, 48(sp)\n"
    "ld s6, 56(sp)\n ld s7, 64(sp)\n ld s8, 72(sp)\n ld s9, 80(sp)\n ld s10, 88(sp)\n ld s11, 96(sp)\n fld fs0, "
    "104(sp)\n"
    "fld fs1, 112(sp)\n fld fs2, 120(sp)\n fld fs3, 128(sp)\n fld fs4, 136(sp)\n fld fs5, 144(sp)\n fld fs6, 152(sp)\n"
    "fld fs7, 160(sp)\n fld fs8, 168(sp)\n fld fs9, 176(sp)\n fld fs10, 184(sp)\n fld fs11, 192(sp)\n addi sp, sp, "
    "208\n"
    "ret\n"
    "start_here: mv a0, s1\n jalr s0\n unimp\n");
enum { first_slot = 1 };
#endif

static void* new_stack(size_t size, void (*function)(long), long argument) {
    char* stack = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    must(stack != MAP_FAILED);
    void** frame = (void**)(stack + size - 512);
    frame[0] = (void*)start_here;
    frame[first_slot] = (void*)function;
    frame[first_slot + 1] = (void*)argument;
    return frame;
}

static void *home, *stacks[3];
static long total;

static __attribute__((noinline)) long descend(long depth, volatile long* above) {
    volatile long here = depth + *above % 3;
    if (depth == 0) return 1;
    return descend(depth - 1, &here) + here % 5;
}
static void descend_far(long depth) {
    volatile long first = 7;
    total = descend(depth, &first);
    total += descend(depth, &first);
    exchange(&stacks[0], home);
}
static void recursion(void) {
    stacks[0] = new_stack(1ul << 28, descend_far, 200000);
    exchange(&home, stacks[0]);
    say("200000 deep: %ld", total);
    long once = total;
    volatile long first = 7;
    for (total = 0; total < rounds / 10; ++total) must(descend(total % 1000, &first) > 0);
    say("%s", once > 0 && total == rounds / 10 ? "again: OK" : "FAILED");
}

static jmp_buf back;
static volatile long reached;
static long sink_then_leap(long depth);
static long (*volatile sink)(long) = sink_then_leap;
static long sink_then_leap(long depth) {
    ++reached;
    if (depth == 0) longjmp(back, (int)(reached % 100) + 1);
    return sink(depth - 1) + 1;
}
static void leaps(void) {
    volatile long sum = 0;
    for (volatile int i = 0; i < rounds; ++i) {
        int value = setjmp(back);
        if (value == 0) sum += sink(1000 + i % 10);
        sum += value;
    }
    say("leaps: %ld frames, %ld", reached, sum);
}

static long trace, left;
static void take_turns(long me) {
    double mine = (double)me;
    for (long i = 0;; ++i) {
        trace = trace * 31 + me * 7 + i % 5;
        mine += 0.5;
        if (--left <= 0) {
            total += (long)mine;
            exchange(&stacks[me], home);
        }
        exchange(&stacks[me], stacks[(me + 1 + i % 2) % 3]);
    }
}
static void coroutines(void) {
    for (long i = 0; i < 3; ++i) stacks[i] = new_stack(65536, take_turns, i);
    left = rounds * 100L;
    total = 0;
    exchange(&home, stacks[0]);
    say("coroutines: %lx, %ld", trace, total);
}

static ucontext_t contexts[3];
static void context_turns(int me) {
    for (int i = 0;; ++i) {
        trace = trace * 31 + me + i % 3;
        if (--left <= 0) setcontext(&contexts[0]);
        swapcontext(&contexts[me], &contexts[3 - me]);
    }
}
static void context_switches(void) {
    trace = 0;
    left = rounds * 5L;
    for (int i = 1; i < 3; ++i) {
        getcontext(&contexts[i]);
        contexts[i].uc_stack.ss_sp = malloc(65536);
        contexts[i].uc_stack.ss_size = 65536;
        contexts[i].uc_link = NULL;
        makecontext(&contexts[i], (void (*)(void))context_turns, 1, i);
    }
    swapcontext(&contexts[0], &contexts[1]);
    say("swapcontext: %lx", trace);
}

// tail_calls(n): three functions that call each other last, directly, by pointer and by branch.
long tail_calls(long count);
// skips(n): a callee that returns behind the instruction it should return to, by changing ra or the word in its frame.
long skips(long count);
// swaps(n): jalr ra, ra, the coroutine call; also calls and returns by t0, and returns that are jumps by other
// registers.
long swaps(long count);
// nested_calls(n): calls whose returns skip two frames at once.
long nested_calls(long count);
#ifdef __aarch64__
__asm__(
    "tail_calls: mov x1, xzr\n adr x9, tail_second\n"
    "tail_first: sub x0, x0, #1\n add x1, x1, #1\n cmp x0, #0\n b.le 9f\n br x9\n"
    "tail_second: sub x0, x0, #1\n add x1, x1, #10\n cmp x0, #0\n b.le 9f\n b tail_third\n"
    "tail_third: sub x0, x0, #1\n add x1, x1, #100\n cmp x0, #0\n b.gt tail_first\n"
    "9: mov x0, x1\n ret\n"

    "skips: str x30, [sp, #-16]!\n mov x1, #0\n"
    "1: bl 2f\n add x1, x1, #1\n add x1, x1, #16\n bl 3f\n add x1, x1, #256\n add x1, x1, #512\n"
    "sub x0, x0, #1\n cbnz x0, 1b\n mov x0, x1\n ldr x30, [sp], #16\n ret\n"
    "2: tst x0, #3\n cset x9, eq\n add x30, x30, x9, lsl #2\n ret\n"
    "3: str x30, [sp, #-16]!\n and x9, x0, #7\n cbnz x9, 4f\n ldr x10, [sp]\n add x10, x10, #8\n str x10, [sp]\n"
    "4: and x9, x0, #15\n cmp x9, #5\n b.ne 5f\n ldr w10, [sp]\n add w10, w10, #4\n str w10, [sp]\n"
    "5: ldr x30, [sp], #16\n ret\n"

    "swaps: mov x2, x30\n mov x1, #0\n adr x30, 5f\n"
    "1: blr x30\n add x1, x1, #1\n blr x30\n add x1, x1, #3\n sub x0, x0, #1\n cbnz x0, 1b\n"
    "adr x9, 6f\n b 7f\n 6: adr x9, 8f\n adr x10, 66f\n br x9\n 66: adr x3, 9f\n br x3\n"
    "5: add x1, x1, #100\n blr x30\n add x1, x1, #1000\n blr x30\n b 5b\n"
    "7: add x1, x1, #5\n ret x9\n"
    "8: add x1, x1, #7\n ret x10\n"
    "9: mov x0, x1\n mov x30, x2\n ret\n"

    "nested_calls: mov x2, x30\n mov x1, #0\n"
    "1: bl 2f\n add x1, x1, #1\n sub x0, x0, #1\n cbnz x0, 1b\n mov x0, x1\n br x2\n"
    "2: mov x3, x30\n bl 3f\n add x1, x1, #16\n br x3\n"
    "3: mov x4, x30\n bl 4f\n add x1, x1, #256\n br x4\n"
    "4: and x9, x0, #3\n cbz x9, 5f\n cmp x9, #2\n b.eq 6f\n ret\n"
    "5: mov x30, x3\n ret\n"
    "6: mov x30, x4\n ret\n");
#else
__asm__(
    "tail_calls: mv a1, zero\n la t1, tail_second\n"
    "tail_first: addi a0, a0, -1\n addi a1, a1, 1\n blez a0, 9f\n jr t1\n"
    "tail_second: addi a0, a0, -1\n addi a1, a1, 10\n blez a0, 9f\n j tail_third\n"
    "tail_third: addi a0, a0, -1\n addi a1, a1, 100\n bgtz a0, tail_first\n"
    "9: mv a0, a1\n ret\n"

    "skips: addi sp, sp, -16\n sd ra, 8(sp)\n li a1, 0\n"
    ".option push\n.option norvc\n"
    "1: jal ra, 2f\n addi a1, a1, 1\n addi a1, a1, 16\n jal ra, 3f\n addi a1, a1, 256\n addi a1, a1, 512\n"
    "addi a0, a0, -1\n bnez a0, 1b\n mv a0, a1\n ld ra, 8(sp)\n addi sp, sp, 16\n ret\n"
    "2: andi t0, a0, 3\n seqz t0, t0\n slli t0, t0, 2\n add ra, ra, t0\n ret\n"
    "3: addi sp, sp, -16\n sd ra, 0(sp)\n andi t0, a0, 7\n bnez t0, 4f\n ld t1, 0(sp)\n addi t1, t1, 8\n sd t1, 0(sp)\n"
    "4: andi t0, a0, 15\n li t1, 5\n bne t0, t1, 5f\n lw t1, 0(sp)\n addi t1, t1, 4\n sw t1, 0(sp)\n"
    "5: ld ra, 0(sp)\n addi sp, sp, 16\n ret\n"
    ".option pop\n"

    "swaps: mv a2, ra\n li a1, 0\n la ra, 5f\n"
    "1: jalr ra, 0(ra)\n addi a1, a1, 1\n jalr ra, 0(ra)\n addi a1, a1, 3\n addi a0, a0, -1\n bnez a0, 1b\n"
    "jal t0, 7f\n la t0, 8f\n jalr t0, 0(t0)\n la a3, 9f\n jr a3\n"
    "5: addi a1, a1, 100\n jalr ra, 0(ra)\n addi a1, a1, 1000\n jalr ra, 0(ra)\n j 5b\n"
    "7: addi a1, a1, 5\n jr t0\n"
    "8: addi a1, a1, 7\n jalr zero, 0(t0)\n"
    "9: mv a0, a1\n mv ra, a2\n ret\n"

    "nested_calls: mv a2, ra\n li a1, 0\n"
    "1: jal ra, 2f\n addi a1, a1, 1\n addi a0, a0, -1\n bnez a0, 1b\n mv a0, a1\n jr a2\n"
    "2: mv a3, ra\n jal ra, 3f\n addi a1, a1, 16\n jr a3\n"
    "3: mv a4, ra\n jal ra, 4f\n addi a1, a1, 256\n jr a4\n"
    "4: andi t1, a0, 3\n beqz t1, 5f\n li t2, 2\n beq t1, t2, 6f\n ret\n"
    "5: mv ra, a3\n ret\n"
    "6: mv ra, a4\n ret\n");
#endif

// twice(): returns 0, and once more for each call of again(value).
long twice(void) __attribute__((returns_twice));
void again(long value) __attribute__((noreturn));
#ifdef __aarch64__
__asm__(
    ".bss\n.balign 8\n twice_state: .zero 112\n .text\n"
    "twice: adrp x9, twice_state\n add x9, x9, :lo12:twice_state\n mov x10, sp\n stp x30, x10, [x9]\n"
    "stp x19, x20, [x9, #16]\n stp x21, x22, [x9, #32]\n stp x23, x24, [x9, #48]\n stp x25, x26, [x9, #64]\n"
    "stp x27, x28, [x9, #80]\n str x29, [x9, #96]\n mov x0, #0\n ret\n"
    "again: adrp x9, twice_state\n add x9, x9, :lo12:twice_state\n ldp x30, x10, [x9]\n mov sp, x10\n"
    "ldp x19, x20, [x9, #16]\n ldp x21, x22, [x9, #32]\n ldp x23, x24, [x9, #48]\n ldp x25, x26, [x9, #64]\n"
    "ldp x27, x28, [x9, #80]\n ldr x29, [x9, #96]\n ret\n");
#else
__asm__(
    ".bss\n.balign 8\n twice_state: .zero 112\n .text\n"
    "twice: la t0, twice_state\n sd ra, 0(t0)\n sd sp, 8(t0)\n sd s0, 16(t0)\n sd s1, 24(t0)\n sd s2, 32(t0)\n sd s3, "
    "40(t0)\n"
    "sd s4, 48(t0)\n sd s5, 56(t0)\n sd s6, 64(t0)\n sd s7, 72(t0)\n sd s8, 80(t0)\n sd s9, 88(t0)\n sd s10, 96(t0)\n"
    "sd s11, 104(t0)\n li a0, 0\n ret\n"
    "again: la t0, twice_state\n ld ra, 0(t0)\n ld sp, 8(t0)\n ld s0, 16(t0)\n ld s1, 24(t0)\n ld s2, 32(t0)\n ld s3, "
    "40(t0)\n"
    "ld s4, 48(t0)\n ld s5, 56(t0)\n ld s6, 64(t0)\n ld s7, 72(t0)\n ld s8, 80(t0)\n ld s9, 88(t0)\n ld s10, 96(t0)\n"
    "ld s11, 104(t0)\n ret\n");
#endif
static void again_below(long depth, long value);
static void (*volatile below)(long, long) = again_below;
static void again_below(long depth, long value) {
    if (depth > 0) below(depth - 1, value);
    again(value);
}

typedef long step(long, long, void*);
static __attribute__((noinline)) long even(long value, long sum, void* other);
static __attribute__((noinline)) long odd(long value, long sum, void* other) {
    return value == 0 ? -sum : ((step*)other)(value - 1, sum + 3, (void*)odd) + 1;
}
static long even(long value, long sum, void* other) {
    return value == 0 ? sum : ((step*)other)(value - 1, sum + 2, (void*)even) + 2;
}

int main(int argc, char** argv) {
    rounds = argument(argc, argv, 1000);
    recursion();
    leaps();
    coroutines();
    context_switches();
    say("tail calls: %ld", tail_calls(rounds * 1000L));
    say("skips: %ld", skips(rounds * 100L));
    say("swaps: %ld", swaps(rounds * 100L));
    say("nested: %ld", nested_calls(rounds * 100L));

    volatile long sum = 0;
    long value = twice();
    sum += value;
    if (value < rounds * 10L) again_below(value % 20, value + 1);
    say("twice: %ld", sum);

    long mutual = 0;
    for (int i = 0; i < rounds / 50; ++i) mutual += even(20000 + i, 0, (void*)odd);
    say("mutual: %ld", mutual);
    return 0;
}
