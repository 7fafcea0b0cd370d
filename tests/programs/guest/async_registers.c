// Signals at any moment in hot loops without calls: whatever pc a handler is shown, all registers are those of that pc,
// and what it writes into them is what the loop goes on with. Each loop has a function that says what holds at each of
// its instructions (all of 4 bytes, so that they have numbers); registers that the loop does not use get new values
// from every handler and must still have them at the next. Arguments: signals a loop.
//
// A loop is entered and left by a breakpoint, whose handler exchanges all registers but those that handlers need.
#include "async_registers.h"
#ifdef __riscv
#include "async_registers_riscv64.h"
#else
#include "async_registers_aarch64.h"
#endif

static struct registers outside, inside;
static volatile int entered, wrong;
static volatile long taken;
static long wanted = 100;
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
static void on_trap(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    if (!entered) {
        save(&outside, context);
        PC_OF(&outside) += 4;
        keep_environment(&inside, &outside);
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
    for (int i = first_free; i < 32; ++i) {
        if (loop->used >> i & 1) say("  x%d %lx (%lx)", i, now->x[i], last.x[i]);
    }
    for (int i = 0; i < 32; ++i) {
        if (loop->used_floats >> i & 1) say("  f%d %lx (%lx)", i, F(now, i), F(&last, i));
    }
}
static void compare_unused(int at, const struct registers* now) {
    for (int i = first_register; i < 32; ++i) {
        if ((loop->used >> i & 1) == 0 && now->x[i] != last.x[i]) complain("x", i, at, now);
    }
    for (int i = 0; i < 32; ++i) {
        if ((loop->used_floats >> i & 1) == 0 && F(now, i) != F(&last, i)) complain("f", i, at, now);
    }
}
static void on_time(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    if (!entered) return;
    struct registers now;
    save(&now, context);
    uint64_t offset = PC_OF(&now) - (uintptr_t)loop->start;
    int at = (int)(offset / 4);
    if (offset % 4 != 0 || offset >= (uint64_t)(loop->end - loop->start)) {
        say("FAILED: %s: pc %lx is outside", loop->name, PC_OF(&now));
        _exit(99);
    }
    compare_unused(at, &now);
    if (!loop->holds(at, &now)) complain("what should hold does not,", 0, at, &now);
    for (int i = first_free; i < 32; ++i) {
        if ((loop->used >> i & 1) == 0) now.x[i] = next_random();
    }
    for (int i = 0; i < 32; ++i) {
        if ((loop->used_floats >> i & 1) == 0) F(&now, i) = next_random();
    }
    if (++taken >= wanted) {
        now.x[stop] = 1;
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
        (long)(PC((ucontext_t*)context) - (uintptr_t)loop->start));
    _exit(99);
}

// x5 rises by steps of one; x6 is what handlers added to it.
static int two_holds(int at, const struct registers* now) {
    (void)at;
    return now->x[5] >= last.x[5];
}
static void two_change(int at, struct registers* now) {
    (void)at;
    now->x[5] += 1ul << 40;
}

static int opposite_holds(int at, const struct registers* now) {
    return now->x[5] + now->x[6] == 1000 + (uint64_t)(at == 1);
}
static void opposite_change(int at, struct registers* now) {
    (void)at;
    now->x[5] += 77;
    now->x[6] -= 77;
}

// 200 instructions in one line; x7 is x5 at the head.
static int straight_holds(int at, const struct registers* now) {
    if (at == 0) return now->x[5] + now->x[6] == 0;
    uint64_t ups = at == 202 ? 100 : (uint64_t)at / 2, downs = at >= 201 ? 100 : (uint64_t)(at - 1) / 2;
    return now->x[5] - now->x[7] == ups && now->x[7] + now->x[6] + downs == 0;
}

// Writes that nobody reads but a handler, and pairs that translators like to join.
static int dead_holds(int at, const struct registers* now) {
    if (at >= 20) at = 19;
    uint64_t start = (uintptr_t)loop->start + 40;
    uint64_t x5 = at == 0 || at > 12 ? 0 : at < 3 ? (uint64_t)at : 3;
    uint64_t x6 = at <= 3 || at > 13 ? 0 : at == 4 ? dead_first : 0x12345678;
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

static void nested_change(int at, struct registers* now) {
    (void)at;
    now->x[5] += 3;
    now->x[7] += 24;
}

// f1 counts in doubles what x5 counts, f2 in singles modulo 1024; f3 is what handlers put in.
static int floats_holds(int at, const struct registers* now) {
    double count = (double)now->x[5], f1 = number(F(now, 1)), f3 = number(F(now, 3)), f4 = number(F(now, 4));
    if (f1 != count + (at == 1)) return 0;
    if (at >= 3 && f4 != f1 - f3) return 0;
    if (at == 4 && now->x[7] != F(now, 31) && F(&last, 31) == F(now, 31) && PC_OF(&last) != PC_OF(now)) return 0;
    if (at >= 5 && number(F(now, 5)) != f4) return 0;
    if (at >= 6 && number(F(now, 6)) != f1) return 0;
    if (at >= 7 && now->x[6] != now->x[5]) return 0;
    return at < 8 || number(F(now, 7)) == 1;
}
static void floats_change(int at, struct registers* now) {
    F(now, 1) = bits(number(F(now, 1)) + 1024);
    now->x[5] += 1024;
    double f3 = (double)(next_random() % 1000);
    F(now, 3) = bits(f3);
    F(now, 4) = bits(number(F(now, 1)) - f3);
    F(now, 5) = F(now, 4);
    F(now, 6) = F(now, 1);
    if (at >= 7) now->x[6] += 1024;
    F(now, 31) = next_random();
}

// Memory follows x5 by one instruction, x6 by two; x8 addresses it.
static int stores_holds(int at, const struct registers* now) {
    uint64_t first = memory[0], second = memory[1];
    uint64_t x5 = now->x[5], old = x5 - 1;
    if (at == 0 || at >= 5) return first == x5 && now->x[6] == x5 && second == (uint32_t)x5 && now->x[7] == second;
    return first == (at >= 2 ? x5 : old) && now->x[6] == (at >= 3 ? x5 : old) &&
           second == (uint32_t)(at >= 4 ? x5 : old) && now->x[7] == (uint32_t)old;
}

static int calls_holds(int at, const struct registers* now) {
    if (now->x[5] == 0 && at == 0) return 1;
    return now->x[return_register] == (uintptr_t)loop->start + 4 && now->x[6] == now->x[5] + (at == 1 || at == 5);
}

// x10, x11 and x12 address the parts; a handler may leave for another part at once.
static int indirect_holds(int at, const struct registers* now) {
    uint64_t between = at == 1 ? 1 : at == 4 ? 2 : at == 7 ? 3 : 0;
    return now->x[5] == now->x[6] + between;
}
static void indirect_change(int at, struct registers* now) {
    static const int heads[] = {0, 3, 6};
    if (at == 0 || at == 3 || at == 6) PC_OF(now) = (uintptr_t)loop->start + 4u * (unsigned)heads[next_random() % 3];
}

// A jump to itself: only the handler leaves it, for the next instruction, which jumps back.
static void itself_change(int at, struct registers* now) {
    if (now->x[stop] != 0) PC_OF(now) = (uintptr_t)loop->end - 4;  // no further signal comes
    else if (at == 0) PC_OF(now) += 4;
    else if (at == 2) now->x[6] = now->x[7] + 1;
}

static int atomics_holds(int at, const struct registers* now) {
    uint64_t count = now->x[5] + (at == 1), done = at == 0 || at > 5 ? count : count - 1;
    if (memory[0] != count) return 0;
    if (at == 5) return memory[1] == count - (now->x[10] != 0);
    return memory[1] == done && (at == 3 ? now->x[7] == done : at != 4 || now->x[7] == done + 1);
}

// Multiplications and branches that go either way.
static int branches_holds(int at, const struct registers* now) {
    uint64_t ways = now->x[7] + now->x[12], count = now->x[13];
    if (at == 4 || at == 5 || at == 6) {
        if ((now->x[6] != 0) != (at != 6)) return 0;
    }
    return ways == count + (at == 5 || at == 7);
}

static const struct loop loops[] = {
    {NAMES(two), ALWAYS | BIT(5), 0, two_holds, two_change},
    {NAMES(opposite), ALWAYS | BIT(5) | BIT(6), 0, opposite_holds, opposite_change},
    {NAMES(straight), ALWAYS | BIT(5) | BIT(6) | BIT(7), 0, straight_holds, NULL},
    {NAMES(dead), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(10) | BIT(11) | BIT(12), 0, dead_holds, NULL},
    {NAMES(nested), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(10), 0, nested_holds, nested_change},
    {NAMES(floats), ALWAYS | BIT(5) | BIT(6) | BIT(7), 0xfb | BIT(31), floats_holds, floats_change},
    {NAMES(stores), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(8), 0, stores_holds, NULL},
    {NAMES(calls), ALWAYS | BIT(return_register) | BIT(5) | BIT(6), 0, calls_holds, NULL},
    {NAMES(indirect), ALWAYS | BIT(5) | BIT(6) | BIT(10) | BIT(11) | BIT(12), 0, indirect_holds, indirect_change},
    {NAMES(itself), ALWAYS | BIT(5) | BIT(6) | BIT(7), 0, itself_holds, itself_change},
    {NAMES(atomics), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(9) | BIT(10) | BIT(11), 0, atomics_holds, NULL},
    {NAMES(branches), ALWAYS | BIT(5) | BIT(6) | BIT(7) | BIT(11) | BIT(12) | BIT(13), 0, branches_holds, NULL},
    MORE_LOOPS
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
    PC_OF(&inside) = (uintptr_t)which->start;
    int indirect = strcmp(which->name, "indirect") == 0, addressed = (which->used & BIT(8)) != 0;
    inside.x[8] = addressed ? (uintptr_t)memory : 0;
    inside.x[9] = addressed && (which->used & BIT(9)) ? (uintptr_t)(memory + 1) : 0;
    inside.x[10] = indirect ? (uintptr_t)which->start : strcmp(which->name, "nested") == 0 ? 8 : 0;
    inside.x[11] = indirect ? PC_OF(&inside) + 12 : strcmp(which->name, "branches") == 0 ? 6364136223846793005 : 0;
    if (strcmp(which->name, "atomics") == 0) inside.x[11] = 1;
    inside.x[12] = indirect ? PC_OF(&inside) + 24 : 0;
    if (strcmp(which->name, "opposite") == 0) inside.x[6] = 1000;
    if (which->used_floats) F(&inside, 0) = bits(1);
    start_values(&inside);
    last = inside;
    take_environment(&last);
    alarm(40);
    cross_over();
    alarm(0);
    compare_unused((int)((PC_OF(&inside) - (uintptr_t)which->start) / 4), &inside);
    say("%s: %s", which->name, wrong ? "wrong" : inside.x[stop] == 1 && taken >= wanted ? "OK" : "ended early");
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
