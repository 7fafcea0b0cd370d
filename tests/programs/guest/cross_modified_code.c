// Code that one thread runs while another rewrites it: after riscv_flush_icache or IC IVAU by the writer the runner, which makes
// no call and takes no signal, sees the new version within a bounded time. And threads that generate code at once, each
// its own, over and over in the same memory, and for each other. Arguments: rewrites, functions that each thread
// generates.
#include "guest.h"

enum { page_size = 4096, region_size = 1 << 16 };

static char* code;
static volatile long seen, stop;
static int rewrites;

static void put(char* to, uint32_t word) {
    __atomic_store_n((uint32_t*)to, word, __ATOMIC_RELEASE);
}
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Three ways to be in the code: by a pointer, by a loop around a direct call, and in a loop that is itself rewritten.
static void* run_pointer(void* data) {
    while (!stop) seen = ((long (*)(void))code)();
    return data;
}
static void* run_loop(void* data) {
    // In `code`: a function (a0 = value), at 64 a loop that calls it and stores a0 to a1 until *a2 is not 0.
    ((void (*)(long, volatile long*, volatile long*))(code + 64))(0, &seen, &stop);
    return data;
}
static void* run_inline(void* data) {
    ((void (*)(long, volatile long*, volatile long*))(code + 128))(0, &seen, &stop);
    return data;
}
static void rewrite(const char* name, void* (*runner)(void*), char* word) {
    seen = -1;
    stop = 0;
    put(word, li_a0(0));
    announce_to_all(code, page_size);
    pthread_t thread;
    must(pthread_create(&thread, NULL, runner, NULL) == 0);
    double longest = 0;
    int late = 0;
    for (int i = 1; i <= rewrites && late == 0; ++i) {
        long value = i % 2000;
        if (i % 16 == 0) sleep_ms(1);  // to let it grow hot
        double start = now();
        put(word, li_a0(value));
        announce_to_all(word, 4);
        while (seen != value && now() - start < 5) sched_yield();
        double time = now() - start;
        if (time > longest) longest = time;
        late = seen != value;
        if (late) say("FAILED: %s: rewrite %d is not seen after %.1f s; value %ld", name, i, time, seen);
    }
    stop = 1;
    if (late) _exit(99);
    pthread_join(thread, NULL);
    // A scheduler may keep the runner waiting for a while; a translator must not.
    if (longest > 2) say("FAILED: %s: one rewrite was seen after %.1f s only", name, longest);
    say("%s: %d rewrites seen", name, rewrites);
}

struct generator {
    char* region;
    long number, wrong;
};
static void* generate(void* data) {
    struct generator* mine = data;
    long position = 0;
    for (long i = 0; i < mine->number; ++i) {
        uint32_t words[6] = {li_a0(i & 1023)};
        int count = 1 + (int)(i % 5);
        for (int j = 1; j < count; ++j) words[j] = addi_a0(j + 1);
        words[count++] = ret;
        if (position + 24 > region_size) position = i % 3 * 4;
        char* to = mine->region + position;
        memcpy(to, words, (size_t)count * 4);
        announce(to, count * 4);
        long expected = i & 1023;
        for (int j = 1; j < count - 1; ++j) expected += j + 1;
        long got = ((long (*)(void))to)();
        if (got != expected && mine->wrong++ < 3) say("FAILED: function %ld gives %ld, not %ld", i, got, expected);
        position += count * 4;
    }
    return NULL;
}

static volatile long turn;
static void* run_for_other(void* data) {
    struct generator* theirs = data;
    for (long i = 1; i <= theirs->number; ++i) {
        while (turn != i * 2 - 1) sched_yield();
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
#ifdef __aarch64__
        __asm__ volatile("isb" ::: "memory");
#endif
        long got = ((long (*)(void))(theirs->region + i % 4 * 8))();
        if (got != i % 2000 && theirs->wrong++ < 3) say("FAILED: handed over %ld gives %ld", i, got);
        turn = i * 2;
    }
    return NULL;
}
static void hand_over(struct generator* mine) {
    mine->number = rewrites;
    mine->wrong = turn = 0;
    pthread_t thread;
    must(pthread_create(&thread, NULL, run_for_other, mine) == 0);
    for (long i = 1; i <= rewrites; ++i) {
        put(mine->region + i % 4 * 8, li_a0(i % 2000));
        put(mine->region + i % 4 * 8 + 4, ret);
        announce_to_all(mine->region, 64);
        turn = i * 2 - 1;
        while (turn != i * 2) sched_yield();
    }
    pthread_join(thread, NULL);
    say("handed over: %ld wrong", mine->wrong);
}

int main(int argc, char** argv) {
    rewrites = argument(argc, argv, 1000);
    long functions = argc > 2 ? atol(argv[2]) : 20000;
    code =
        mmap(NULL, page_size + 2 * region_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(code != MAP_FAILED);
    const uint32_t function[] = {li_a0(0), ret};
#ifdef __aarch64__
    const uint32_t loop[] = {0xaa1e03e5 /* mov x5, x30 */,  0x97ffffef /* bl -68 */,
                             0xf9000020 /* str x0, [x1] */, 0xf9400046 /* ldr x6, [x2] */,
                             0xb4ffffa6 /* cbz x6, -12 */,  0xd65f00a0 /* ret x5 */};
    const uint32_t rewritten[] = {li_a0(0), 0xf9000020, 0xf9400046, 0xb4ffffa6, ret};
#else
    const uint32_t loop[] = {0x00008293 /* mv t0, ra */,    0xfbdff0ef /* jal ra, -68 */,
                             0x00a5b023 /* sd a0, 0(a1) */, 0x00063303 /* ld t1, 0(a2) */,
                             0xfe030ae3 /* beqz t1, -12 */, 0x00028067 /* jr t0 */};
    const uint32_t rewritten[] = {li_a0(0), 0x00a5b023, 0x00063303, 0xfe030ae3, ret};
#endif
    memcpy(code, function, sizeof function);
    memcpy(code + 64, loop, sizeof loop);
    memcpy(code + 128, rewritten, sizeof rewritten);
    rewrite("pointer", run_pointer, code);
    rewrite("direct call", run_loop, code);
    rewrite("inside", run_inline, code + 128);

    pthread_t threads[2];
    struct generator generators[2] = {{code + page_size, functions, 0}, {code + page_size + region_size, functions, 0}};
    for (int i = 0; i < 2; ++i) must(pthread_create(&threads[i], NULL, generate, &generators[i]) == 0);
    for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
    say("generated: %ld, %ld wrong", 2 * generators[0].number, generators[0].wrong + generators[1].wrong);
    hand_over(&generators[0]);
    return 0;
}
