// Copying and setting memory by instructions (FEAT_MOPS): any sizes, places and overlaps, faults in the middle that go on where they
// were, signals in the middle of something long, and registers in the form of another implementation.
#include <sys/auxv.h>
#include <sys/time.h>

#include "guest.h"

#define CPYF ".inst 0x19010440, 0x19410440, 0x19810440\n"  // [x0]!, [x1]!, x2!
#define CPY ".inst 0x1d010440, 0x1d410440, 0x1d810440\n"
#define SET ".inst 0x19c20420, 0x19c24420, 0x19c28420\n"  // [x0]!, x1!, x2

#define COPY(form)                                                                                             \
    register char* x0 __asm__("x0") = to;                                                                      \
    register const char* x1 __asm__("x1") = from;                                                              \
    register uint64_t x2 __asm__("x2") = size;                                                                 \
    __asm__ volatile(form : "+r"(x0), "+r"(x1), "+r"(x2) : : "memory", "cc");                                  \
    must(x2 == 0 && x0 - to == x1 - from && (x0 == to || x0 == to + size))
static void copy_upwards(char* to, const char* from, uint64_t size) {
    COPY(CPYF);
    must(x0 == to + size);
}
static void copy(char* to, const char* from, uint64_t size) {
    COPY(CPY);
}
static void set(char* to, uint64_t size, uint64_t byte) {
    register char* x0 __asm__("x0") = to;
    register uint64_t x1 __asm__("x1") = size;
    register uint64_t x2 __asm__("x2") = byte;
    __asm__ volatile(SET : "+r"(x0), "+r"(x1) : "r"(x2) : "memory", "cc");
    must(x1 == 0 && x0 == to + size);
}

enum { page = 4096, pages = 8 };
static char* arena;
static uint64_t seed = 1;
static uint64_t any(uint64_t below) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return (seed >> 33) % below;
}

static void everywhere(int rounds) {
    static char expected[pages * page];
    for (int round = 0; round < rounds; ++round) {
        for (int i = 0; i < 64; ++i) arena[any(sizeof expected)] = (char)any(256);
        uint64_t size = any(4) == 0 ? any(3 * page) : any(200);
        uint64_t to = any(sizeof expected - size);
        uint64_t from = any(2) == 0 ? any(sizeof expected - size) : to + any(80) - 40;
        if (from > sizeof expected - size) from = to;
        memcpy(expected, arena, sizeof expected);
        const int kind = (int)any(3);
        if (kind == 0) {
            memset(expected + to, (int)from, size);
            set(arena + to, size, from | 0x7700);
        } else {
            memmove(expected + to, expected + from, size);
            // A tag, now and then.
            char* target = (char*)((uintptr_t)(arena + to) | any(2) << 59);
            if (kind == 1 || to > from) copy(target, arena + from, size);
            else copy_upwards(target, arena + from, size);
        }
        must(memcmp(expected, arena, sizeof expected) == 0);
    }
    say("%s", "copied and set as the library does");
}

// ---- faults ----

static int faults;
static uint64_t syndrome_of(ucontext_t* context) {
    char* record = (char*)context->uc_mcontext.__reserved;
    for (;;) {
        struct _aarch64_ctx* head = (struct _aarch64_ctx*)record;
        if (head->magic == 0) return 0;
        if (head->magic == ESR_MAGIC) return ((struct esr_context*)head)->esr;
        record += head->size;
    }
}
static void open_page(int signal, siginfo_t* info, void* data) {
    ucontext_t* context = data;
    (void)signal;
    char* place = info->si_addr;
    const long size_register = (*(uint32_t*)PC(context) >> 5) & 31;
    say("fault at %#lx, left %ld, %s", (long)(place - arena), (long)A(context, size_register),
        (syndrome_of(context) >> 6 & 1) != 0 ? "a write" : "a read");
    must(++faults < 20);
    must(mprotect((char*)((uintptr_t)place & -(uintptr_t)page), page, PROT_READ | PROT_WRITE) == 0);
}
static void close_page(int number, int protection) {
    must(mprotect(arena + number * page, page, protection) == 0);
}
static void with_faults(void) {
    on_signal(SIGSEGV, open_page, 0);
    for (int i = 0; i < pages * page; ++i) arena[i] = (char)(i * 7 + i / 256);
    char* copied = malloc(pages * page);
    memcpy(copied, arena, pages * page);
    close_page(1, PROT_NONE), close_page(5, PROT_READ);
    copy_upwards(arena + 4 * page + 100, arena + 100, 2 * page);
    must(memcmp(arena + 4 * page + 100, copied + 100, 2 * page) == 0);

    memcpy(copied, arena, pages * page);
    memmove(copied + 500, copied + 10, 3 * page);
    close_page(1, PROT_NONE), close_page(2, PROT_READ);
    copy(arena + 500, arena + 10, 3 * page);  // downwards
    must(memcmp(arena, copied, pages * page) == 0);

    memmove(copied + 10, copied + 13, 3 * page);
    close_page(1, PROT_READ), close_page(2, PROT_NONE);
    copy(arena + 10, arena + 13, 3 * page);
    must(memcmp(arena, copied, pages * page) == 0);

    memset(copied + 1, 5, 2 * page);
    close_page(1, PROT_NONE);
    set(arena + 1, 2 * page, 5);
    must(memcmp(arena, copied, pages * page) == 0);
    say("%d faults, and everything in its place", faults);
    free(copied);
    signal(SIGSEGV, SIG_DFL);
}

// ---- signals ----

static volatile int alarms, alarms_inside;
static void note_alarm(int signal, siginfo_t* info, void* data) {
    ucontext_t* context = data;
    (void)signal, (void)info;
    ++alarms;
    const uint32_t word = *(uint32_t*)PC(context);
    if ((word & 0x3b200c00) == 0x19000400) ++alarms_inside;
}
static void with_signals(void) {
    enum { much = 32 << 20 };
    char* large = mmap(NULL, much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    must(large != MAP_FAILED);
    on_signal(SIGALRM, note_alarm, SA_RESTART);
    struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    must(setitimer(ITIMER_REAL, &often, NULL) == 0);
    set(large, much, 0x5a);
    while (alarms_inside < 3) copy(large + 1000, large, much - 1000);
    must(setitimer(ITIMER_REAL, &never, NULL) == 0);
    for (long i = 0; i < much; i += 4099) must(large[i] == 0x5a);
    say("%s", "signals come in the middle");
    munmap(large, much);
}

// ---- another implementation's form ----

static void with_foreign_registers(void) {
    memset(arena, 1, page);
    // Option B of a set: the next byte, and what is left. The kernel begins again with the prologue.
    register char* to __asm__("x0") = arena + 16;
    register const char* from __asm__("x1") = (char*)32;
    register uint64_t size __asm__("x2") = 3;
    const uint64_t carry = 1u << 29, carry_and_negative = 5ul << 29;
    __asm__ volatile("msr nzcv, %[flags]\n b 1f\n .inst 0x19c20420\n 1: .inst 0x19c24420, 0x19c28420"
                     : "+r"(to), "+r"(from), "+r"(size) : [flags] "r"(carry) : "memory", "cc");
    must(to == arena + 48 && from == NULL);
    must(arena[15] == 1 && arena[16] == 3 && arena[47] == 3 && arena[48] == 1);
    // Of a copy downwards: the ends.
    for (int i = 0; i < 64; ++i) arena[i] = (char)i;
    to = arena + 40, from = arena + 32, size = 32;
    __asm__ volatile("msr nzcv, %[flags]\n b 1f\n .inst 0x1d010440, 0x1d410440\n 1: .inst 0x1d810440\n"
                     "b 2f\n .inst 0x1d410440\n 2:"
                     : "+r"(to), "+r"(from), "+r"(size) : [flags] "r"(carry_and_negative) : "memory", "cc");
    must(size == 0);
    must(arena[7] == 7 && arena[8] == 0 && arena[39] == 31 && arena[40] == 40);
    say("%s", "registers of another form are put right");
}

static void what_is_said(void) {
    uint64_t features;
    __asm__("mrs %0, s3_0_c0_c6_2" : "=r"(features));
    FILE* file = fopen("/proc/cpuinfo", "r");
    char line[2000];
    int named = 0;
    while (fgets(line, sizeof line, file) != NULL) named |= strncmp(line, "Features", 8) == 0 && strstr(line, " mops") != NULL;
    fclose(file);
    say("HWCAP2_MOPS %d, ID_AA64ISAR2_EL1.MOPS %d, cpuinfo %d", (int)(getauxval(AT_HWCAP2) >> 43 & 1), (int)(features >> 16 & 15), named);
}

int main(int argc, char** argv) {
    arena = mmap(NULL, pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(arena != MAP_FAILED);
    what_is_said();
    everywhere(argument(argc, argv, 20000));
    with_faults();
    with_signals();
    with_foreign_registers();
}
