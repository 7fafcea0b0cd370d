// Rounding modes, flags and NaNs in hot loops: every operation on pairs (and triples) of special values, with each
// static rounding mode and with each dynamic one, its result and the sticky flags hashed; conversions at their edges;
// floats that are boxed badly. The hashes are those of qemu and of the interpreter.
#include "check.h"

static uint64_t hash;
static void add(uint64_t value) {
    hash = (hash ^ value) * 0x9fb21c651e98df25;
    hash ^= hash >> 29;
}
static void start(void) {
    hash = 0;
}
static void finish(const char* what) {
    uint64_t fcsr;
    __asm__ volatile("fscsr %0, x0" : "=r"(fcsr));
    say("%-12s %016lx fcsr %lx", what, hash, fcsr);
}
static void set_mode(uint64_t mode) {
    __asm__ volatile("fsrm %0" : : "r"(mode));
}
static uint64_t take_flags(void) {
    uint64_t flags;
    __asm__ volatile("fsflags %0, x0" : "=r"(flags));
    return flags;
}

#define BOX 0xffffffff00000000
static const uint64_t doubles[] = {
    0,
    0x8000000000000000,
    0x3ff0000000000000,
    0xbff0000000000000,
    0x3ff8000000000000,
    0x4004000000000000,
    0xc004000000000000,
    0x3ff0000000000001,
    0x3fefffffffffffff,
    0x0000000000000001,
    0x8000000000000001,
    0x000fffffffffffff,
    0x0010000000000000,
    0x8010000000000000,
    0x0010000000000001,
    0x7fefffffffffffff,
    0xffefffffffffffff,
    0x7ff0000000000000,
    0xfff0000000000000,
    0x7ff8000000000000,
    0xfff8000000000000,
    0x7ff8000000000123,
    0xfffc0000dead0000,
    0x7ff0000000000001,
    0xfff4000000001234,
    0x3fd5555555555555,
    0x4340000000000001,
    0x43e0000000000000,
    0xc3e0000000000000,
    0x41dfffffffc00000,
    0x41e0000000000000,
    0xc1e0000000200000,
    0x36a0000000000000,
    0x47efffffefffffff,
    0x47effffff0000000,
    0x380fffffffffffff,
    0x1ff0000000000000,
    0x5ff0000000000000,
    0x3ca0000000000000,
    0x3ff7fffffffffffe,
};
static const uint64_t singles[] = {
    BOX | 0,
    BOX | 0x80000000,
    BOX | 0x3f800000,
    BOX | 0xbf800000,
    BOX | 0x3fc00000,
    BOX | 0x40200000,
    BOX | 0xc0200000,
    BOX | 0x3f800001,
    BOX | 0x3f7fffff,
    BOX | 0x00000001,
    BOX | 0x80000001,
    BOX | 0x007fffff,
    BOX | 0x00800000,
    BOX | 0x80800000,
    BOX | 0x00800001,
    BOX | 0x7f7fffff,
    BOX | 0xff7fffff,
    BOX | 0x7f800000,
    BOX | 0xff800000,
    BOX | 0x7fc00000,
    BOX | 0xffc00000,
    BOX | 0x7fc00123,
    BOX | 0xffe0dead,
    BOX | 0x7f800001,
    BOX | 0xffa01234,
    BOX | 0x3eaaaaab,
    BOX | 0x4b800001,
    BOX | 0x4f000000,
    BOX | 0xcf000000,
    BOX | 0x5f000000,
    BOX | 0xdf000000,
    BOX | 0x4effffff,
    BOX | 0x20000000,
    BOX | 0x5fffffff,
    BOX | 0x33000000,
    BOX | 0x3fbfffff,
    // Boxed badly: a canonical NaN to arithmetic, 32 bits to moves and stores.
    0x3f800000,
    0x00000000bf800000,
    0xfffffffe3f800000,
    0x7ff0000040000000,
};
enum { values = 40, triples = 20 };
_Static_assert(sizeof doubles == values * 8 && sizeof singles == values * 8, "as many of each");
// Those that go into triples.
static const unsigned char chosen[triples] = {0, 1, 2, 3, 4, 7, 8, 9, 12, 14, 15, 16, 17, 18, 21, 23, 25, 26, 36, 38};

// `text` makes %0 of ft0, ft1 and ft2 (%2, %3 and %4 as 64 bits).
#define DO(text, a, b, c)                                                                             \
    do {                                                                                              \
        uint64_t result, flags;                                                                       \
        __asm__ volatile("fmv.d.x ft0, %2\n fmv.d.x ft1, %3\n fmv.d.x ft2, %4\n" text "\n frflags %1" \
                         : "=&r"(result), "=&r"(flags)                                                \
                         : "r"(a), "r"(b), "r"(c)                                                     \
                         : "ft0", "ft1", "ft2", "ft3");                                               \
        add(result);                                                                                  \
        add(flags);                                                                                   \
    } while (0)
#define ONE(text, set)                       \
    for (int i = 0; i < values * 40; ++i) {  \
        DO(text, set[i % values], 0ul, 0ul); \
        if (i & 1) take_flags();             \
    }
#define TWO(text, set)                     \
    for (int i = 0; i < values; ++i) {     \
        for (int j = 0; j < values; ++j) { \
            DO(text, set[i], set[j], 0ul); \
            if (j & 1) take_flags();       \
        }                                  \
    }
#define THREE(text, set)                                                  \
    for (int i = 0; i < triples; ++i) {                                   \
        for (int j = 0; j < triples; ++j) {                               \
            for (int k = 0; k < triples; ++k) {                           \
                DO(text, set[chosen[i]], set[chosen[j]], set[chosen[k]]); \
                if (k & 1) take_flags();                                  \
            }                                                             \
        }                                                                 \
    }
#define MODES(loops, name, before, after, set)  \
    start();                                    \
    loops(before ", rne" after, set);           \
    loops(before ", rtz" after, set);           \
    loops(before ", rdn" after, set);           \
    loops(before ", rup" after, set);           \
    loops(before ", rmm" after, set);           \
    for (uint64_t mode = 0; mode < 5; ++mode) { \
        set_mode(mode);                         \
        loops(before after, set);               \
    }                                           \
    finish(name)
#define PLAIN(loops, name, text, set) \
    start();                          \
    loops(text, set);                 \
    finish(name)
#define MOVE "\n fmv.x.d %0, ft3"
#define ARITHMETIC(loops, name, operands, set)    \
    static void name(void) {                      \
        MODES(loops, #name, operands, MOVE, set); \
    }
#define F2(op) op " ft3, ft0, ft1"
#define F3(op) op " ft3, ft0, ft1, ft2"

ARITHMETIC(TWO, fadd_d, F2("fadd.d"), doubles)
ARITHMETIC(TWO, fadd_s, F2("fadd.s"), singles)
ARITHMETIC(TWO, fsub_d, F2("fsub.d"), doubles)
ARITHMETIC(TWO, fsub_s, F2("fsub.s"), singles)
ARITHMETIC(TWO, fmul_d, F2("fmul.d"), doubles)
ARITHMETIC(TWO, fmul_s, F2("fmul.s"), singles)
ARITHMETIC(TWO, fdiv_d, F2("fdiv.d"), doubles)
ARITHMETIC(TWO, fdiv_s, F2("fdiv.s"), singles)
ARITHMETIC(ONE, fsqrt_d, "fsqrt.d ft3, ft0", doubles)
ARITHMETIC(ONE, fsqrt_s, "fsqrt.s ft3, ft0", singles)
ARITHMETIC(THREE, fmadd_d, F3("fmadd.d"), doubles)
ARITHMETIC(THREE, fmadd_s, F3("fmadd.s"), singles)
ARITHMETIC(THREE, fmsub_d, F3("fmsub.d"), doubles)
ARITHMETIC(THREE, fmsub_s, F3("fmsub.s"), singles)
ARITHMETIC(THREE, fnmadd_d, F3("fnmadd.d"), doubles)
ARITHMETIC(THREE, fnmadd_s, F3("fnmadd.s"), singles)
ARITHMETIC(THREE, fnmsub_d, F3("fnmsub.d"), doubles)
ARITHMETIC(THREE, fnmsub_s, F3("fnmsub.s"), singles)
ARITHMETIC(ONE, fcvt_s_d, "fcvt.s.d ft3, ft0", doubles)

static void simple(void) {
    PLAIN(ONE, "fcvt_d_s", "fcvt.d.s ft3, ft0" MOVE, singles);
    PLAIN(TWO, "fmin_d", "fmin.d ft3, ft0, ft1" MOVE, doubles);
    PLAIN(TWO, "fmin_s", "fmin.s ft3, ft0, ft1" MOVE, singles);
    PLAIN(TWO, "fmax_d", "fmax.d ft3, ft0, ft1" MOVE, doubles);
    PLAIN(TWO, "fmax_s", "fmax.s ft3, ft0, ft1" MOVE, singles);
    PLAIN(TWO, "fsgnj_d", "fsgnj.d ft3, ft0, ft1" MOVE, doubles);
    PLAIN(TWO, "fsgnj_s", "fsgnj.s ft3, ft0, ft1" MOVE, singles);
    PLAIN(TWO, "fsgnjn_d", "fsgnjn.d ft3, ft0, ft1" MOVE, doubles);
    PLAIN(TWO, "fsgnjn_s", "fsgnjn.s ft3, ft0, ft1" MOVE, singles);
    PLAIN(TWO, "fsgnjx_d", "fsgnjx.d ft3, ft0, ft1" MOVE, doubles);
    PLAIN(TWO, "fsgnjx_s", "fsgnjx.s ft3, ft0, ft1" MOVE, singles);
    PLAIN(TWO, "feq_d", "feq.d %0, ft0, ft1", doubles);
    PLAIN(TWO, "feq_s", "feq.s %0, ft0, ft1", singles);
    PLAIN(TWO, "flt_d", "flt.d %0, ft0, ft1", doubles);
    PLAIN(TWO, "flt_s", "flt.s %0, ft0, ft1", singles);
    PLAIN(TWO, "fle_d", "fle.d %0, ft0, ft1", doubles);
    PLAIN(TWO, "fle_s", "fle.s %0, ft0, ft1", singles);
    PLAIN(ONE, "fclass_d", "fclass.d %0, ft0", doubles);
    PLAIN(ONE, "fclass_s", "fclass.s %0, ft0", singles);
    PLAIN(ONE, "fmv_x_w", "fmv.x.w %0, ft0", singles);
    PLAIN(ONE, "fmv_w_x", "fmv.x.d %0, ft0\n fmv.w.x ft3, %0" MOVE, doubles);
    PLAIN(TWO, "select_s", "feq.s %0, ft0, ft1\n bnez %0, 1f\n fmv.s ft0, ft1\n 1: fmv.x.d %0, ft0", singles);
}

#define CONVERSION(to, from, set)                                                     \
    static void fcvt_##to##_##from(void) {                                            \
        MODES(ONE, "fcvt_" #to "_" #from, "fcvt." #to "." #from " %0, ft0", "", set); \
    }
#define CONVERSION_BACK(to, from, set)                                                                    \
    static void fcvt_##to##_##from(void) {                                                                \
        MODES(ONE, "fcvt_" #to "_" #from, "fmv.x.d %0, ft0\n fcvt." #to "." #from " ft3, %0", MOVE, set); \
    }
CONVERSION(w, d, doubles)
CONVERSION(wu, d, doubles)
CONVERSION(l, d, doubles)
CONVERSION(lu, d, doubles)
CONVERSION(w, s, singles)
CONVERSION(wu, s, singles)
CONVERSION(l, s, singles)
CONVERSION(lu, s, singles)
CONVERSION_BACK(s, w, doubles)
CONVERSION_BACK(s, wu, doubles)
CONVERSION_BACK(s, l, doubles)
CONVERSION_BACK(s, lu, doubles)
CONVERSION_BACK(d, l, doubles)
CONVERSION_BACK(d, lu, doubles)
static void fcvt_d_w(void) {
    PLAIN(ONE, "fcvt_d_w", "fmv.x.d %0, ft0\n fcvt.d.w ft3, %0" MOVE, doubles);
    PLAIN(ONE, "fcvt_d_wu", "fmv.x.d %0, ft0\n fcvt.d.wu ft3, %0" MOVE, doubles);
}

// Around the limits of each integer, in steps of halves, towards zero and to even.
#define EDGE(to, centre, bits_of_step)                                                        \
    start();                                                                                  \
    for (int round = 0; round < 200; ++round) {                                               \
        for (int step = -6; step <= 6; ++step) {                                              \
            double value = centre + step * bits_of_step;                                      \
            int64_t result[2];                                                                \
            __asm__ volatile("fcvt." to ".d %0, %1, rtz" : "=r"(result[0]) : "f"(value));     \
            __asm__ volatile("fcvt." to ".d %0, %1, rne" : "=r"(result[1]) : "f"(value));     \
            uint64_t flags = take_flags();                                                    \
            add((uint64_t)result[0]);                                                         \
            add((uint64_t)result[1]);                                                         \
            add(flags);                                                                       \
            if (round == 199 && step % 2 == 0) {                                              \
                say("%s of %.1f: %ld %ld flags %lx", to, value, result[0], result[1], flags); \
            }                                                                                 \
        }                                                                                     \
    }                                                                                         \
    finish(to)
static void edges(void) {
    EDGE("w", 2147483648.0, 0.25);
    EDGE("w", -2147483648.0, 0.25);
    EDGE("wu", 4294967296.0, 0.25);
    EDGE("wu", 0.0, 0.25);
    EDGE("l", 9223372036854775808.0, 1024);
    EDGE("l", -9223372036854775808.0, 1024);
    EDGE("lu", 18446744073709551616.0, 2048);
    EDGE("lu", -1.0, 0.25);
}

// The mode changes in the loop, by all the ways there are to change it.
static void switch_modes(void) {
    start();
    uint64_t mode = 0, old = 0;
    for (int i = 0; i < 20000; ++i) {
        double third, whole;
        float rounded;
        int64_t integer;
        uint64_t status;
        __asm__ volatile("fsrm %0, %1" : "=r"(old) : "r"(mode));
        __asm__ volatile("fdiv.d %0, %1, %2" : "=f"(third) : "f"((double)i), "f"(3.0));
        __asm__ volatile("fcvt.s.d %0, %1" : "=f"(rounded) : "f"(third));
        __asm__ volatile("fcvt.l.d %0, %1" : "=r"(integer) : "f"(third));
        if (i % 3 == 0) __asm__ volatile("fsrmi 3");
        if (i % 7 == 0) __asm__ volatile("csrrci x0, frm, 1");
        if (i % 11 == 0) __asm__ volatile("csrrsi x0, fcsr, 4");
        if (i % 13 == 0) __asm__ volatile("fscsr x0");
        __asm__ volatile("fadd.d %0, %1, %2" : "=f"(whole) : "f"(third), "f"(1e16));
        __asm__ volatile("frcsr %0" : "=r"(status));
        uint64_t bits[2] = {0, 0};
        memcpy(bits, &third, 8);
        add(bits[0]);
        memcpy(bits, &whole, 8);
        add(bits[0]);
        memcpy(bits + 1, &rounded, 4);
        add(bits[1]);
        add((uint64_t)integer);
        add(status);
        add(old);
        mode = mode == 4 ? 0 : mode + 1;
    }
    finish("switched");
}

// Flags stick: of thousands of rounds, one raises them.
static void stick(void) {
    static const double causes[][2] = {{1, 3}, {1, 0}, {0, 0}, {1e300, 1e-300}, {1e-300, 1e300}, {6, 3}};
    for (int cause = 0; cause < 6; ++cause) {
        uint64_t before, after;
        double sum = 0;
        __asm__ volatile(
            "fsflagsi 0\n fmv.d.x ft0, x0\n li t0, 5000\n"
            "1: fadd.d ft0, ft0, %3\n li t1, 3777\n bne t0, t1, 2f\n frflags %0\n fdiv.d ft1, %4, %5\n"
            "2: fmul.d ft2, %3, %3\n addi t0, t0, -1\n bnez t0, 1b\n frflags %1\n fmv.d %2, ft0"
            : "=&r"(before), "=&r"(after), "=&f"(sum)
            : "f"(1.0), "f"(causes[cause][0]), "f"(causes[cause][1])
            : "ft0", "ft1", "ft2", "t0", "t1");
        say("%g / %g: flags %lx, then %lx; sum %g", causes[cause][0], causes[cause][1], before, after, sum);
    }
}

// Modes 5 to 7 are none: whatever rounds by them is illegal, whatever does not goes on.
static volatile int illegal;
static void count_illegal(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    ((ucontext_t*)context)->uc_mcontext.__gregs[0] += 4;
    ++illegal;
}
static void invalid_modes(void) {
    on_signal(SIGILL, count_illegal, 0);
    for (uint64_t mode = 5; mode < 8; ++mode) {
        illegal = 0;
        for (int i = 0; i < 1500; ++i) {
            if (i % 500 == 0) set_mode(mode);
            if (i % 500 == 10) set_mode(0);
            __asm__ volatile("fadd.d ft0, ft0, ft0\n fadd.d ft1, ft1, ft1, rtz\n fmin.d ft2, ft0, ft1" ::
                                 : "ft0", "ft1", "ft2");
        }
        say("mode %lu: %d illegal", mode, illegal);
    }
}

int main(void) {
    take_flags();
    void (*tests[])(void) = {
        fadd_d,   fadd_s,    fsub_d,    fsub_s,    fmul_d,       fmul_s,   fdiv_d,        fdiv_s,
        fsqrt_d,  fsqrt_s,   fmadd_d,   fmadd_s,   fmsub_d,      fmsub_s,  fnmadd_d,      fnmadd_s,
        fnmsub_d, fnmsub_s,  fcvt_s_d,  simple,    fcvt_w_d,     fcvt_l_d, fcvt_wu_d,     fcvt_lu_d,
        fcvt_w_s, fcvt_l_s,  fcvt_wu_s, fcvt_lu_s, fcvt_s_w,     fcvt_s_l, fcvt_s_wu,     fcvt_s_lu,
        fcvt_d_l, fcvt_d_lu, fcvt_d_w,  edges,     switch_modes, stick,    invalid_modes,
    };
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; ++i) tests[i]();
    return 0;
}
