// What differs between the guests: registers in a signal's context, and the few instructions that programs write themselves.
// Functions that are written have their argument and result in `a0`: RISC-V's, or AArch64's x0.
#pragma once
#include "check.h"

#if defined __riscv

#define PC(context) ((context)->uc_mcontext.__gregs[0])
#define RA(context) ((context)->uc_mcontext.__gregs[1])
#define A(context, n) ((context)->uc_mcontext.__gregs[10 + (n)])
#define BREAKPOINT "ebreak"
enum { breakpoint_size = 2 };
static inline unsigned instruction_size(uintptr_t pc) {
    return (*(uint16_t*)pc & 3) == 3 ? 4 : 2;
}

static const uint32_t ret = 0x8067;
static inline uint32_t li_a0(long value) {
    return (uint32_t)value << 20 | 10 << 7 | 0x13;
}
static inline uint32_t addi_a0(long value) {
    return (uint32_t)value << 20 | 10 << 15 | 10 << 7 | 0x13;
}
/// Code in [start, start + size) was written by this thread and is run by it.
static inline void announce(char* start, long size) {
    (void)start, (void)size;
    __asm__ volatile("fence.i" ::: "memory");
}
/// The same, for all threads.
static inline void announce_to_all(char* start, long size) {
    must(syscall(259, start, start + size, 0L) == 0);
}

#elif defined __aarch64__

#define PC(context) ((context)->uc_mcontext.pc)
#define RA(context) ((context)->uc_mcontext.regs[30])
#define A(context, n) ((context)->uc_mcontext.regs[n])
#define BREAKPOINT "brk #0"
enum { breakpoint_size = 4 };
static inline unsigned instruction_size(uintptr_t pc) {
    (void)pc;
    return 4;
}

static const uint32_t ret = 0xd65f03c0;
static inline uint32_t li_a0(long value) {
    return value < 0 ? 0x92800000 | (uint32_t)~value << 5 : 0xd2800000 | (uint32_t)value << 5;
}
static inline uint32_t addi_a0(long value) {
    return value < 0 ? 0xd1000000 | (uint32_t)-value << 10 : 0x91000000 | (uint32_t)value << 10;
}
static inline void announce(char* start, long size) {
    __builtin___clear_cache(start, start + size);
}
static inline void announce_to_all(char* start, long size) {
    __builtin___clear_cache(start, start + size);
}

#endif
