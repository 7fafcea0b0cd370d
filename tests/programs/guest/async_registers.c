// Signals at any moment in hot loops without calls: whatever pc a handler is shown, all registers are those of that pc,
// and what it writes into them is what the loop goes on with. Each loop has a function that says what holds at each of
// its instructions (all of 4 bytes, so that they have numbers); registers that the loop does not use get new values
// from every handler and must still have them at the next. Arguments: signals a loop.
//
// A loop is entered and left by ebreak, whose handler exchanges all registers (not gp and tp, which handlers need).
#include "check.h"

struct registers {
    uint64_t x[32], f[32], fcsr;  // x[0]: pc
};
struct loop {
    const char* name;
    char *start, *end;
    uint32_t used, used_floats;
    int (*holds)(int at, const struct registers* now);  // `at`: the number of the instruction that comes next
    void (*change)(int at, struct registers* now);  // may be null; the loop ends when x30 is not 0, unless it ends here
};

static struct registers outside, inside, last;
static volatile int entered, wrong;
static volatile long taken;
static long wanted = 100;
static const struct loop* volatile loop;
static uint64_t seed, memory[8];

static uint64_t next_random(void) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    return seed ^ seed >> 29;
}
static double number(uint64_t bits) {
    double value;
    memcpy(&value, &bits, 8);
    return value;
}
static uint64_t bits(double value) {
    uint64_t result;
    memcpy(&result, &value, 8);
    return result;
}
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
static void on_trap(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    if (!entered) {
        save(&outside, context);
        outside.x[0] += 4;
        memcpy(inside.x + 2, outside.x + 2, 3 * 8);  // sp, gp, tp
        load(context, &inside);
    } else {
        save(&inside, context);
        load(context, &outside);
        sigdelset(&((ucontext_t*)context)->uc_sigmask, SIGUSR1);
    }
    entered = !entered;
}

static void complain(const char* what, int number, int at, const struct registers* now) {
    if (wrong++ > 3) return;
    say("FAILED: %s: %s %d at instruction %d, signal %ld", loop->name, what, number, at, taken);
    for (int i = 5; i < 32; ++i) {
        if (loop->used >> i & 1) say("  x%d %lx (%lx)", i, now->x[i], last.x[i]);
    }
    for (int i = 0; i < 32; ++i) {
        if (loop->used_floats >> i & 1) say("  f%d %lx (%lx)", i, now->f[i], last.f[i]);
    }
}
static void compare_unused(int at, const struct registers* now) {
    for (int i = 1; i < 32; ++i) {
        if ((loop->used >> i & 1) == 0 && now->x[i] != last.x[i]) complain("x", i, at, now);
    }
    for (int i = 0; i < 32; ++i) {
        if ((loop->used_floats >> i & 1) == 0 && now->f[i] != last.f[i]) complain("f", i, at, now);
    }
}
static void on_time(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    if (!entered) return;
    struct registers now;
    save(&now, context);
    uint64_t offset = now.x[0] - (uintptr_t)loop->start;
    int at = (int)(offset / 4);
    if (offset % 4 != 0 || offset >= (uint64_t)(loop->end - loop->start)) {
        say("FAILED: %s: pc %lx is outside", loop->name, now.x[0]);
        _exit(99);
    }
    compare_unused(at, &now);
    if (!loop->holds(at, &now)) complain("what should hold does not,", 0, at, &now);
    for (int i = 5; i < 32; ++i) {
        if ((loop->used >> i & 1) == 0) now.x[i] = next_random();
    }
    for (int i = 0; i < 32; ++i) {
        if ((loop->used_floats >> i & 1) == 0) now.f[i] = next_random();
    }
    if (++taken >= wanted) {
        now.x[30] = 1;
        // Or else the loop may never go on to its end: the next signal may be there as soon as this handler is done.
        sigaddset(&((ucontext_t*)context)->uc_sigmask, SIGUSR1);
    }
    if (loop->change != NULL) loop->change(at, &now);
    last = now;
    load(context, &now);
}
static void on_watchdog(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    say("FAILED: %s after %ld signals: did not end; pc is start + %ld", loop->name, taken,
        (long)(((ucontext_t*)context)->uc_mcontext.__gregs[0] - (uintptr_t)loop->start));
    _exit(99);
}

#define LOOP(name, text)                                                                                             \
    extern char name##_start[], name##_end[];                                                                        \
    __asm__(".option push\n.option norvc\n.balign 8\n.globl " #name "_start, " #name "_end\n" #name "_start:\n" text \
            "\nebreak\n" #name "_end:\n.option pop\n")

// x5 rises by steps of one; x6 is what handlers added to it.
LOOP(two, "1: addi x5, x5, 1\n beqz x30, 1b");
static int two_holds(int at, const struct registers* now) {
    (void)at;
    return now->x[5] >= last.x[5];
}
static void two_change(int at, struct registers* now) {
    (void)at;
    now->x[5] += 1ul << 40;
}

LOOP(opposite, "1: addi x5, x5, 1\n addi x6, x6, -1\n beqz x30, 1b");
static int opposite_holds(int at, const struct registers* now) {
    return now->x[5] + now->x[6] == 1000 + (uint64_t)(at == 1);
}
static void opposite_change(int at, struct registers* now) {
    (void)at;
    now->x[5] += 77;
    now->x[6] -= 77;
}

// 200 instructions in one line; x7 is x5 at the head.
LOOP(straight, "1: mv x7, x5\n .rept 100\n addi x5, x5, 1\n addi x6, x6, -1\n .endr\n beqz x30, 1b");
static int straight_holds(int at, const struct registers* now) {
    if (at == 0) return now->x[5] + now->x[6] == 0;
    uint64_t ups = at == 202 ? 100 : (uint64_t)at / 2, downs = at >= 201 ? 100 : (uint64_t)(at - 1) / 2;
    return now->x[5] - now->x[7] == ups && now->x[7] + now->x[6] + downs == 0;
}

// Writes that nobody reads but a handler, and pairs that translators like to join.
LOOP(dead,
     "1: li x5, 1\n li x5, 2\n li x5, 3\n lui x6, 0x12345\n addi x6, x6, 0x678\n addi x7, x5, 4\n slli x10, x6, 32\n"
     "srli x10, x10, 32\n slli x10, x10, 3\n add x10, x10, x5\n auipc x11, 0x12\n addi x11, x11, 0x34\n mv x5, x0\n"
     "mv x6, x0\n mv x7, x0\n sltu x12, x5, x11\n xori x12, x12, 1\n mv x10, x0\n mv x11, x0\n beqz x30, 1b");
static int dead_holds(int at, const struct registers* now) {
    if (at >= 20) at = 19;
    uint64_t start = (uintptr_t)loop->start + 40;
    uint64_t x5 = at == 0 || at > 12 ? 0 : at < 3 ? (uint64_t)at : 3;
    uint64_t x6 = at <= 3 || at > 13 ? 0 : at == 4 ? 0x12345000 : 0x12345678;
    uint64_t x7 = at <= 5 || at > 14 ? 0 : 7;
    uint64_t x10 = at <= 6 || at > 17 ? 0
                   : at == 7          ? 0x1234567800000000
                   : at == 8          ? 0x12345678
                                      : 0x12345678 * 8ul + (at > 9 ? 3 : 0);
    uint64_t x11 = at <= 10 || at > 18 ? 0 : start + 0x12000 + (at > 11 ? 0x34 : 0);
    uint64_t x12 = at == 16;
    return now->x[5] == x5 && now->x[6] == x6 && now->x[7] == x7 && now->x[10] == x10 && now->x[11] == x11 &&
           now->x[12] == x12;
}

LOOP(nested, "1: li x6, 0\n 2: addi x7, x7, 1\n addi x6, x6, 1\n bne x6, x10, 2b\n addi x5, x5, 1\n beqz x30, 1b");
static int nested_holds(int at, const struct registers* now) {
    uint64_t inner = at == 0 || at >= 4 ? 8 : now->x[6], outer = now->x[5] - (at == 0 || at >= 5);
    if (at == 0 && now->x[5] == 0) return 1;
    return now->x[10] == 8 && now->x[6] <= 8 && now->x[7] == 8 * outer + inner + (at == 2);
}
static void nested_change(int at, struct registers* now) {
    (void)at;
    now->x[5] += 3;
    now->x[7] += 24;
}

// f1 counts in doubles what x5 counts, f2 in singles modulo 1024; f3 is what handlers put in.
LOOP(floats,
     "1: fadd.d f1, f1, f0\n addi x5, x5, 1\n fsub.d f4, f1, f3\n fmv.x.d x7, f31\n fmul.d f5, f4, f0\n"
     "fmadd.d f6, f5, f0, f3\n fcvt.l.d x6, f6\n fdiv.d f7, f1, f1\n beqz x30, 1b");
static int floats_holds(int at, const struct registers* now) {
    double count = (double)now->x[5], f1 = number(now->f[1]), f3 = number(now->f[3]), f4 = number(now->f[4]);
    if (f1 != count + (at == 1)) return 0;
    if (at >= 3 && f4 != f1 - f3) return 0;
    if (at == 4 && now->x[7] != now->f[31] && last.f[31] == now->f[31] && last.x[0] != now->x[0]) return 0;
    if (at >= 5 && number(now->f[5]) != f4) return 0;
    if (at >= 6 && number(now->f[6]) != f1) return 0;
    if (at >= 7 && now->x[6] != now->x[5]) return 0;
    return at < 8 || number(now->f[7]) == 1;
}
static void floats_change(int at, struct registers* now) {
    now->f[1] = bits(number(now->f[1]) + 1024);
    now->x[5] += 1024;
    double f3 = (double)(next_random() % 1000);
    now->f[3] = bits(f3);
    now->f[4] = bits(number(now->f[1]) - f3);
    now->f[5] = now->f[4];
    now->f[6] = now->f[1];
    if (at >= 7) now->x[6] += 1024;
    now->f[31] = next_random();
}

// Memory follows x5 by one instruction, x6 by two; x8 addresses it.
LOOP(stores, "1: addi x5, x5, 1\n sd x5, 0(x8)\n ld x6, 0(x8)\n sw x6, 8(x8)\n lwu x7, 8(x8)\n beqz x30, 1b");
static int stores_holds(int at, const struct registers* now) {
    uint64_t first = memory[0], second = memory[1];
    uint64_t x5 = now->x[5], old = x5 - 1;
    if (at == 0 || at >= 5) return first == x5 && now->x[6] == x5 && second == (uint32_t)x5 && now->x[7] == second;
    return first == (at >= 2 ? x5 : old) && now->x[6] == (at >= 3 ? x5 : old) &&
           second == (uint32_t)(at >= 4 ? x5 : old) && now->x[7] == (uint32_t)old;
}

LOOP(calls, "1: jal x1, 2f\n addi x5, x5, 1\n beqz x30, 1b\n j 3f\n 2: addi x6, x6, 1\n jalr x0, 0(x1)\n 3:");
static int calls_holds(int at, const struct registers* now) {
    if (now->x[5] == 0 && at == 0) return 1;
    return now->x[1] == (uintptr_t)loop->start + 4 && now->x[6] == now->x[5] + (at == 1 || at == 5);
}

// x10, x11 and x12 address the parts; a handler may leave for another part at once.
LOOP(indirect,
     "addi x5, x5, 1\n addi x6, x6, 1\n jr x11\n addi x5, x5, 2\n addi x6, x6, 2\n jr x12\n addi x5, x5, 3\n"
     "addi x6, x6, 3\n bnez x30, 1f\n jr x10\n 1:");
static int indirect_holds(int at, const struct registers* now) {
    uint64_t between = at == 1 ? 1 : at == 4 ? 2 : at == 7 ? 3 : 0;
    return now->x[5] == now->x[6] + between;
}
static void indirect_change(int at, struct registers* now) {
    static const int heads[] = {0, 3, 6};
    if (at == 0 || at == 3 || at == 6) now->x[0] = (uintptr_t)loop->start + 4u * (unsigned)heads[next_random() % 3];
}

// A jump to itself: only the handler leaves it, for the next instruction, which jumps back.
LOOP(itself, "1: j 1b\n addi x5, x5, 1\n 2: beq x6, x7, 2b\n addi x6, x6, -1\n beqz x30, 1b");
static int itself_holds(int at, const struct registers* now) {
    uint64_t between = now->x[6] - now->x[7];
    return at == 2 ? between <= 1 : between == (at == 3);
}
static void itself_change(int at, struct registers* now) {
    if (now->x[30] != 0) now->x[0] = (uintptr_t)loop->end - 4;  // no further signal comes
    else if (at == 0) now->x[0] += 4;
    else if (at == 2) now->x[6] = now->x[7] + 1;
}

LOOP(atomics,
     "1: amoadd.d x6, x11, (x8)\n addi x5, x5, 1\n 2: lr.d x7, (x9)\n addi x7, x7, 1\n sc.d x10, x7, (x9)\n bnez x10, "
     "2b\n"
     "beqz x30, 1b");
static int atomics_holds(int at, const struct registers* now) {
    uint64_t count = now->x[5] + (at == 1), done = at == 0 || at > 5 ? count : count - 1;
    if (memory[0] != count) return 0;
    if (at == 5) return memory[1] == count - (now->x[10] != 0);
    return memory[1] == done && (at == 3 ? now->x[7] == done : at != 4 || now->x[7] == done + 1);
}

// Multiplications and branches that go either way.
LOOP(branches,
     "1: mul x5, x5, x11\n addi x5, x5, 1\n andi x6, x5, 64\n beqz x6, 2f\n addi x7, x7, 1\n j 3f\n 2: addi x12, x12, "
     "1\n"
     "3: addi x13, x13, 1\n blt x13, x0, 1b\n bltu x0, x30, 4f\n bgeu x13, x0, 1b\n 4:");
static int branches_holds(int at, const struct registers* now) {
    uint64_t ways = now->x[7] + now->x[12], count = now->x[13];
    if (at == 4 || at == 5 || at == 6) {
        if ((now->x[6] != 0) != (at != 6)) return 0;
    }
    return ways == count + (at == 5 || at == 7);
}

#define BIT(n) (1u << (n))
#define NAMES(name) #name, name##_start, name##_end
#define ALWAYS (BIT(2) | BIT(3) | BIT(4) | BIT(30))
static const struct loop loops[] = {
    {NAMES(two), ALWAYS | BIT(5), 0, two_holds, two_change},
    {NAMES(opposite), ALWAYS | BIT(5) | BIT(6), 0, opposite_holds, opposite_change},
    {NAMES(straight), ALWAYS | BIT(5) | BIT(6) | BIT(7), 0, straight_holds, NULL},
    {NAMES(dead), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(10) | BIT(11) | BIT(12), 0, dead_holds, NULL},
    {NAMES(nested), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(10), 0, nested_holds, nested_change},
    {NAMES(floats), ALWAYS | BIT(5) | BIT(6) | BIT(7), 0xfb | BIT(31), floats_holds, floats_change},
    {NAMES(stores), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(8), 0, stores_holds, NULL},
    {NAMES(calls), ALWAYS | BIT(1) | BIT(5) | BIT(6), 0, calls_holds, NULL},
    {NAMES(indirect), ALWAYS | BIT(5) | BIT(6) | BIT(10) | BIT(11) | BIT(12), 0, indirect_holds, indirect_change},
    {NAMES(itself), ALWAYS | BIT(5) | BIT(6) | BIT(7), 0, itself_holds, itself_change},
    {NAMES(atomics), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(9) | BIT(10) | BIT(11), 0, atomics_holds, NULL},
    {NAMES(branches), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(11) | BIT(12) | BIT(13), 0, branches_holds, NULL},
};

static volatile int finished;
static pthread_t main_thread;
static void* send(void* data) {
    while (!finished) {
        pthread_kill(main_thread, SIGUSR1);
        struct timespec pause = {0, 150000};
        nanosleep(&pause, NULL);
    }
    return data;
}
static void run(const struct loop* which) {
    loop = which;
    taken = 0;
    memset(&inside, 0, sizeof inside);
    memset(memory, 0, sizeof memory);
    inside.x[0] = (uintptr_t)which->start;
    int indirect = strcmp(which->name, "indirect") == 0, addressed = (which->used & BIT(8)) != 0;
    inside.x[8] = addressed ? (uintptr_t)memory : 0;
    inside.x[9] = addressed && (which->used & BIT(9)) ? (uintptr_t)(memory + 1) : 0;
    inside.x[10] = indirect ? (uintptr_t)which->start : strcmp(which->name, "nested") == 0 ? 8 : 0;
    inside.x[11] = indirect ? inside.x[0] + 12 : strcmp(which->name, "branches") == 0 ? 6364136223846793005 : 0;
    if (strcmp(which->name, "atomics") == 0) inside.x[11] = 1;
    inside.x[12] = indirect ? inside.x[0] + 24 : 0;
    if (strcmp(which->name, "opposite") == 0) inside.x[6] = 1000;
    if (which->used_floats) inside.f[0] = bits(1);
    last = inside;
    uint64_t stack_pointer;
    __asm__("mv %0, sp\n sd gp, 24(%1)\n sd tp, 32(%1)" : "=&r"(stack_pointer) : "r"(last.x) : "memory");
    last.x[2] = stack_pointer;
    alarm(40);
    __asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" ::: "memory");
    alarm(0);
    compare_unused((int)((inside.x[0] - (uintptr_t)which->start) / 4), &inside);
    say("%s: %s", which->name, wrong ? "wrong" : inside.x[30] == 1 && taken >= wanted ? "OK" : "ended early");
}

int main(int argc, char** argv) {
    wanted = argument(argc, argv, 1000);
    on_signal(SIGALRM, on_watchdog, 0);
    struct sigaction action = {.sa_sigaction = on_time, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigfillset(&action.sa_mask);
    must(sigaction(SIGUSR1, &action, NULL) == 0);
    action.sa_sigaction = on_trap;
    must(sigaction(SIGTRAP, &action, NULL) == 0);

    main_thread = pthread_self();
    sigset_t set, old;
    sigfillset(&set);
    must(pthread_sigmask(SIG_SETMASK, &set, &old) == 0);
    pthread_t sender;
    must(pthread_create(&sender, NULL, send, NULL) == 0);
    must(pthread_sigmask(SIG_SETMASK, &old, NULL) == 0);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    timer_t timer;
    must(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    struct itimerspec period = {{0, 900000}, {0, 900000}};
    must(timer_settime(timer, 0, &period, NULL) == 0);

    for (size_t i = 0; i < sizeof loops / sizeof loops[0] && wrong == 0; ++i) run(&loops[i]);
    finished = 1;
    pthread_join(sender, NULL);
    return wrong != 0;
}
