// AArch64's floating point under every mode that FPCR has: rounding, flushing to zero, default NaNs, the alternative half, one by
// one and together. Each operation on pairs (or triples) of special values, hot enough to be translated; results and the sticky
// flags are hashed. The hashes are those of qemu and of the interpreter.
#include "check.h"

static uint64_t hash;
static void add(uint64_t value) {
    hash = (hash ^ value) * 0x9fb21c651e98df25;
    hash ^= hash >> 29;
}
static void set_mode(uint64_t fpcr) {
    __asm__ volatile("msr fpcr, %0" : : "r"(fpcr));
}
static void add_flags(void) {
    uint64_t fpsr;
    __asm__ volatile("mrs %0, fpsr\n\tmsr fpsr, xzr" : "=r"(fpsr));
    add(fpsr);
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
// Each value with both signs.
static const uint64_t doubles[] = {
    0x0000000000000000, 0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x0010000000000001, 0x001fffffffffffff,
    0x3fd5555555555555, 0x3fe0000000000000, 0x3ff0000000000000, 0x3ff0000000000001, 0x3ff8000000000000, 0x4004000000000000,
    0x41dfffffffc00000, 0x41e0000000000000, 0x43e0000000000000, 0x43f0000000000000, 0x7fefffffffffffff, 0x7ff0000000000000,
    0x7ff0000000000001, 0x7ff8000000000123, 0x380fffffe0000000, 0x3690000000000000, 0x1ff0000000000001, 0x5fe0000000000000,
};
static const uint32_t singles[] = {
    0x00000000, 0x00000001, 0x007fffff, 0x00800000, 0x00800001, 0x00ffffff, 0x3eaaaaab, 0x3f000000, 0x3f800000, 0x3f800001,
    0x3fc00000, 0x40200000, 0x4effffff, 0x4f000000, 0x5f000000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00123, 0x477fefff,
    0x33000001, 0x387fc000, 0x1f800001, 0x5f7fffff,
};
static const uint16_t halves[] = {
    0x0000, 0x0001, 0x03ff, 0x0400, 0x0401, 0x07ff, 0x3555, 0x3800, 0x3c00, 0x3c01, 0x3e00, 0x4100, 0x7800, 0x7bff, 0x7c00, 0x7c01,
    0x7e11, 0x77ff, 0x1401, 0x6bff,
};

// Modes that leave the host's arithmetic in use come first.
static const uint64_t roundings[] = {0, 1 << 22, 2 << 22, 3 << 22};
static const uint64_t flushings[] = {1 << 24,           1 << 25,           1 << 24 | 3 << 22, 1 << 25 | 2 << 22,
                                     1 << 24 | 1 << 25, 1 << 19,           1 << 19 | 1 << 25, 1 << 26,
                                     1 << 26 | 1 << 22, 1 << 26 | 1 << 24, 1 << 26 | 1 << 25};
static const uint64_t* modes;
static unsigned mode_count;

#define DOUBLE_AT(i) (doubles[(i) / 2] | (uint64_t)((i) & 1) << 63)
#define SINGLE_AT(i) (singles[(i) / 2] | (uint32_t)((i) & 1) << 31)
#define HALF_AT(i) ((uint16_t)(halves[(i) / 2] | ((i) & 1) << 15))

#define FOR_PAIRS(list)                                   \
    for (unsigned i = 0; i < 2 * COUNT(list); ++i)        \
        for (unsigned j = i % 7; j < 2 * COUNT(list); j += 7)
#define UNDER_EACH_MODE(title, ...)                       \
    do {                                                  \
        hash = 0;                                         \
        for (unsigned m = 0; m < mode_count; ++m) {       \
            set_mode(modes[m]);                           \
            __VA_ARGS__                                   \
            set_mode(0);                                  \
        }                                                 \
        say("%-20s %016lx", title, hash);                 \
    } while (0)

// Two operands and a result in the lowest lane; `r`, `a`, `b` as the assembler writes them.
#define TWO(list, at, text)                                                                 \
    UNDER_EACH_MODE(text, FOR_PAIRS(list) {                                                 \
        uint64_t a = at(i), b = at(j), r, h;                                                \
        __asm__ volatile("fmov d1, %2\n\tfmov d2, %3\n\t" text "\n\tfmov %0, d0\n\tmov %1, v0.d[1]" \
                         : "=r"(r), "=r"(h) : "r"(a), "r"(b) : "v0", "v1", "v2");           \
        add(r), add(h), add_flags();                                                        \
    })
// Each value repeated in all lanes, with another in the odd ones.
#define VECTORS(list, at, width, bits, text)                                                \
    UNDER_EACH_MODE(text, FOR_PAIRS(list) {                                                 \
        uint64_t a = at(i), b = at(j), low, high;                                           \
        __asm__ volatile("dup v1." bits ", %" width "2\n\tdup v2." bits ", %" width "3\n\tzip1 v1." bits ", v1." bits ", v2." bits "\n\t" \
                         "movi v0.2d, #0\n\tfmov d0, %2\n\t" text "\n\tfmov %0, d0\n\tmov %1, v0.d[1]" \
                         : "=r"(low), "=r"(high) : "r"(a), "r"(b) : "v0", "v1", "v2");      \
        add(low), add(high), add_flags();                                                   \
    })
#define THREE(list, at, text)                                                               \
    UNDER_EACH_MODE(text, FOR_PAIRS(list) {                                                 \
        for (unsigned k = 0; k < 2 * COUNT(list); k += 9) {                                 \
            uint64_t a = at(i), b = at(j), c = at(k), r;                                    \
            __asm__ volatile("fmov d1, %1\n\tfmov d2, %2\n\tfmov d3, %3\n\t" text "\n\tfmov %0, d0" \
                             : "=r"(r) : "r"(a), "r"(b), "r"(c) : "v0", "v1", "v2", "v3");  \
            add(r), add_flags();                                                            \
        }                                                                                   \
    })
#define ONE(list, at, text)                                                                 \
    UNDER_EACH_MODE(text, for (unsigned times = 0; times < 20; ++times) for (unsigned i = 0; i < 2 * COUNT(list); ++i) { \
        uint64_t a = at(i), r;                                                              \
        __asm__ volatile("fmov d1, %1\n\t" text "\n\tfmov %0, d0" : "=r"(r) : "r"(a) : "v0", "v1"); \
        add(r), add_flags();                                                                \
    })
#define TO_INTEGER(list, at, text)                                                          \
    UNDER_EACH_MODE(text, for (unsigned times = 0; times < 20; ++times) for (unsigned i = 0; i < 2 * COUNT(list); ++i) { \
        uint64_t a = at(i), r;                                                              \
        __asm__ volatile("fmov d1, %1\n\t" text : "=r"(r) : "r"(a) : "v1");                 \
        add(r), add_flags();                                                                \
    })
#define FROM_INTEGER(text)                                                                  \
    UNDER_EACH_MODE(text, for (unsigned times = 0; times < 20; ++times) for (unsigned i = 0; i < 2 * COUNT(doubles); ++i) { \
        uint64_t a = DOUBLE_AT(i), r;                                                       \
        __asm__ volatile(text "\n\tfmov %0, d0" : "=r"(r) : "r"(a) : "v0");                 \
        add(r), add_flags();                                                                \
    })
#define COMPARE(list, at, text)                                                             \
    UNDER_EACH_MODE(text, FOR_PAIRS(list) {                                                 \
        uint64_t a = at(i), b = at(j), r;                                                   \
        __asm__ volatile("fmov d1, %1\n\tfmov d2, %2\n\t" text "\n\tmrs %0, nzcv" : "=r"(r) : "r"(a), "r"(b) : "v1", "v2", "cc"); \
        add(r), add_flags();                                                                \
    })

#define EACH_BINARY(kind, list, at, p)                                                                                        \
    kind(list, at, "fadd " p "0, " p "1, " p "2"); kind(list, at, "fsub " p "0, " p "1, " p "2");                             \
    kind(list, at, "fmul " p "0, " p "1, " p "2"); kind(list, at, "fdiv " p "0, " p "1, " p "2");                             \
    kind(list, at, "fnmul " p "0, " p "1, " p "2"); kind(list, at, "fmulx " p "0, " p "1, " p "2");                           \
    kind(list, at, "fmax " p "0, " p "1, " p "2"); kind(list, at, "fmin " p "0, " p "1, " p "2");                             \
    kind(list, at, "fmaxnm " p "0, " p "1, " p "2"); kind(list, at, "fminnm " p "0, " p "1, " p "2");                         \
    kind(list, at, "fabd " p "0, " p "1, " p "2"); kind(list, at, "facgt " p "0, " p "1, " p "2");                            \
    kind(list, at, "fcmeq " p "0, " p "1, " p "2"); kind(list, at, "fcmge " p "0, " p "1, " p "2");                           \
    kind(list, at, "frecps " p "0, " p "1, " p "2"); kind(list, at, "frsqrts " p "0, " p "1, " p "2")
#define EACH_UNARY(list, at, p)                                                                                               \
    ONE(list, at, "fsqrt " p "0, " p "1"); ONE(list, at, "fabs " p "0, " p "1"); ONE(list, at, "fneg " p "0, " p "1");        \
    ONE(list, at, "frecpe " p "0, " p "1"); ONE(list, at, "frsqrte " p "0, " p "1"); ONE(list, at, "frecpx " p "0, " p "1");  \
    ONE(list, at, "frintn " p "0, " p "1"); ONE(list, at, "frinta " p "0, " p "1"); ONE(list, at, "frintp " p "0, " p "1");   \
    ONE(list, at, "frintm " p "0, " p "1"); ONE(list, at, "frintz " p "0, " p "1"); ONE(list, at, "frintx " p "0, " p "1");   \
    ONE(list, at, "frinti " p "0, " p "1"); ONE(list, at, "fcmlt " p "0, " p "1, #0.0")
#define EACH_FUSED(list, at, p)                                                                                               \
    THREE(list, at, "fmadd " p "0, " p "1, " p "2, " p "3"); THREE(list, at, "fmsub " p "0, " p "1, " p "2, " p "3");         \
    THREE(list, at, "fnmadd " p "0, " p "1, " p "2, " p "3"); THREE(list, at, "fnmsub " p "0, " p "1, " p "2, " p "3")
#define EACH_TO_INTEGER(list, at, p)                                                                                          \
    TO_INTEGER(list, at, "fcvtzs %x0, " p "1"); TO_INTEGER(list, at, "fcvtzu %w0, " p "1");                                   \
    TO_INTEGER(list, at, "fcvtns %w0, " p "1"); TO_INTEGER(list, at, "fcvtau %x0, " p "1");                                   \
    TO_INTEGER(list, at, "fcvtps %x0, " p "1"); TO_INTEGER(list, at, "fcvtmu %w0, " p "1");                                   \
    TO_INTEGER(list, at, "fcvtzs %w0, " p "1, #7"); TO_INTEGER(list, at, "fcvtzu %x0, " p "1, #33")
#define EACH_VECTOR(list, at, width, t)                                                           \
    VECTORS(list, at, width, t, "fadd v0." t ", v1." t ", v2." t);                                \
    VECTORS(list, at, width, t, "fmul v0." t ", v1." t ", v2." t);                                \
    VECTORS(list, at, width, t, "fdiv v0." t ", v1." t ", v2." t);                                \
    VECTORS(list, at, width, t, "fmla v0." t ", v1." t ", v2." t);                                \
    VECTORS(list, at, width, t, "fmls v0." t ", v1." t ", v2." t);                                \
    VECTORS(list, at, width, t, "faddp v0." t ", v1." t ", v2." t);                               \
    VECTORS(list, at, width, t, "fmaxp v0." t ", v1." t ", v2." t);                               \
    VECTORS(list, at, width, t, "fminnmp v0." t ", v1." t ", v2." t);                             \
    VECTORS(list, at, width, t, "fsqrt v0." t ", v1." t);                                         \
    VECTORS(list, at, width, t, "frinta v0." t ", v1." t);                                        \
    VECTORS(list, at, width, t, "fcvtzs v0." t ", v1." t);                                        \
    VECTORS(list, at, width, t, "ucvtf v0." t ", v1." t);                                         \
    VECTORS(list, at, width, t, "fcmgt v0." t ", v1." t ", v2." t);                               \
    VECTORS(list, at, width, t, "facge v0." t ", v1." t ", v2." t);                               \
    VECTORS(list, at, width, t, "frecpe v0." t ", v1." t);                                        \
    VECTORS(list, at, width, t, "frsqrts v0." t ", v1." t ", v2." t)

static void all(const char* title, const uint64_t* list, unsigned count) {
    modes = list;
    mode_count = count;
    say("%s", title);
    EACH_BINARY(TWO, doubles, DOUBLE_AT, "d");
    EACH_BINARY(TWO, singles, SINGLE_AT, "s");
    EACH_UNARY(doubles, DOUBLE_AT, "d");
    EACH_UNARY(singles, SINGLE_AT, "s");
    EACH_FUSED(doubles, DOUBLE_AT, "d");
    EACH_FUSED(singles, SINGLE_AT, "s");
    EACH_TO_INTEGER(doubles, DOUBLE_AT, "d");
    EACH_TO_INTEGER(singles, SINGLE_AT, "s");
    COMPARE(doubles, DOUBLE_AT, "fcmp d1, d2");
    COMPARE(doubles, DOUBLE_AT, "fcmpe d1, d2");
    COMPARE(singles, SINGLE_AT, "fcmp s1, s2");
    COMPARE(singles, SINGLE_AT, "fcmpe s1, #0.0");
    ONE(doubles, DOUBLE_AT, "fcvt s0, d1");
    ONE(doubles, DOUBLE_AT, "fcvt h0, d1");
    ONE(doubles, DOUBLE_AT, "fcvtxn s0, d1");
    ONE(singles, SINGLE_AT, "fcvt d0, s1");
    ONE(singles, SINGLE_AT, "fcvt h0, s1");
    ONE(halves, HALF_AT, "fcvt d0, h1");
    ONE(halves, HALF_AT, "fcvt s0, h1");
    FROM_INTEGER("scvtf d0, %x1");
    FROM_INTEGER("ucvtf d0, %x1");
    FROM_INTEGER("scvtf s0, %x1");
    FROM_INTEGER("ucvtf s0, %w1");
    FROM_INTEGER("scvtf d0, %x1, #11");
    EACH_VECTOR(doubles, DOUBLE_AT, "x", "2d");
    EACH_VECTOR(singles, SINGLE_AT, "w", "4s");
    EACH_VECTOR(halves, HALF_AT, "w", "8h");
    EACH_BINARY(TWO, halves, HALF_AT, "h");
}

int main(void) {
    all("rounding", roundings, COUNT(roundings));
    all("flushing, default NaNs, the alternative half", flushings, COUNT(flushings));
    return 0;
}
