// Code whose bytes change in every way a program can change them: through another mapping of the same memory, by
// pwrite, by mappings and rights that change under it, and by itself, just ahead. What runs is what memory holds since
// the last fence.i (or riscv_flush_icache, or IC IVAU). qemu does not see the writes through other mappings. Argument: how
// many rewrites.
#include "guest.h"

#include <setjmp.h>

enum { page_size = 4096 };
typedef long function(void);

static sigjmp_buf back;
static char *writable, *runnable;
static int file;

/// What was written to `code`, a few functions there, is to run.
static void fence(char* code) {
    announce(code, 64);
}
static long call(char* code) {
    return ((function*)code)();
}
static void escape(int signal, siginfo_t* info, void* context) {
    uintptr_t pc = PC((ucontext_t*)context);
    say("signal %d code %d at %lx, pc %lx", signal, info->si_code, (char*)info->si_addr - runnable,
        pc - (uintptr_t)runnable);
    siglongjmp(back, 1);
}
static void try(char* code) {
    if (sigsetjmp(back, 1) == 0) say("returned %ld", call(code));
}
static void write_words(char* to, const uint32_t* words, int count) {
    memcpy(to, words, (size_t)count * 4);
}
static void write_function(char* to, int value) {
    write_words(to, (uint32_t[]){li_a0(value), ret}, 2);
}

static void rewrite(const char* how, int count, int flushing, int way) {
    int wrong = 0;
    for (int i = 0; i < count; ++i) {
        int value = i % 2000 - 1000;
        uint32_t words[] = {li_a0(value), addi_a0(i % 7), ret};
        if (way == 0) {
            write_words(writable + 64, words, 3);
        } else {
            must(pwrite(file, words, sizeof words, 64) == sizeof words);
        }
        flushing ? announce_to_all(runnable + 64, 12) : announce(runnable + 64, 12);
        long got = call(runnable + 64);
        if (got == value + i % 7) continue;
        if (++wrong < 4) say("FAILED: %s: rewrite %d: %ld, not %d", how, i, got, value + i % 7);
    }
    say("%s: %d rewrites, %d wrong", how, count, wrong);
}

// Hot code whose other half changes: a loop calls two functions, one of them rewritten now and then.
static void rewrite_hot(void) {
    write_function(writable + 128, 3);
    long sum = 0, expected = 0;
    for (int i = 0; i < 200; ++i) {
        write_function(writable + 256, i);
        fence(runnable + 256);
        for (int j = 0; j < 50; ++j) sum += call(runnable + 128) + call(runnable + 256);
        expected += 50 * (3 + i);
    }
    say("hot: %s", sum == expected ? "OK" : "FAILED");
}

#ifdef __riscv
static void cross_page(void) {
    // The word straddles two pages, then the line of code does; each page is rewritten alone.
    char* edge = writable + 2 * page_size;
    char* code = runnable + 2 * page_size;
    long sum = 0, expected = 0;
    for (int i = 0; i < 500; ++i) {
        write_words(edge - 6, (uint32_t[]){addi_a0(0), addi_a0(i), ret}, 3);
        uint16_t zero = 0x4501;  // c.li a0, 0
        memcpy(edge - 8, &zero, 2);
        fence(code);
        sum += call(code - 8);
        expected += i;
        uint32_t word = addi_a0(2 * i);
        memcpy(edge, (char*)&word + 2, 2);  // only the half behind the edge
        fence(code);
        sum += call(code - 8);
        expected += 2 * i;
        write_words(edge + 2, (uint32_t[]){addi_a0(-1), ret}, 2);
        fence(code);
        sum += call(code - 8);
        expected += 2 * i - 1;
    }
    say("across pages: %s", sum == expected ? "OK" : "FAILED");
}

static const uint32_t fence_i = 0x100f;
// a0: where to write the word a1, which stands just ahead in the same line of code.
static const uint32_t ahead[] = {0x00b52023 /* sw a1, 0(a0) */, fence_i, 0, 0x00150513 /* addi a0, a0, 1 */, ret};
enum { ahead_words = 5, ahead_place = 8, loop_words = 9, loop_place = 4 };
// A loop that changes its own addition: x += 1, then 2, then 3 …
static const uint32_t loop[] = {
    0x00000693,  // li a3, 0
    0x00168693,  // addi a3, a3, 1      <- rewritten
    0x00b52023,  // sw a1, 0(a0)
    fence_i,     //
    0x00c585b3,  // add a1, a1, a2: the next immediate
    0xfff70713,  // addi a4, a4, -1
    0xfe0716e3,  // bnez a4, -20
    0x00068513,  // mv a0, a3
    ret,
};
static const long second_addition = 0x00268693, next_addition = 1 << 20;
#else
// x0: where to write the word x1, x5: where that word runs.
#define ANNOUNCE                                                                                         \
    0xd50b7b20 /* dc cvau, x0 */, 0xd5033b9f /* dsb ish */, 0xd50b7525 /* ic ivau, x5 */, 0xd5033b9f, \
        0xd5033fdf /* isb */
static const uint32_t ahead[] = {0xb9000001 /* str w1, [x0] */, ANNOUNCE, 0, 0x91000400 /* add x0, x0, #1 */, ret};
enum { ahead_words = 9, ahead_place = 24, loop_words = 13, loop_place = 4 };
static const uint32_t loop[] = {
    0xd2800003,  // mov x3, #0
    0x91000463,  // add x3, x3, #1      <- rewritten
    0xb9000001,  // str w1, [x0]
    ANNOUNCE,    //
    0x8b020021,  // add x1, x1, x2: the next immediate
    0xd1000484,  // sub x4, x4, #1
    0xb5fffee4,  // cbnz x4, -36
    0xaa0303e0,  // mov x0, x3
    ret,
};
static const long second_addition = 0x91000863, next_addition = 1 << 10;
#endif

typedef long rewriter(char* to, long word, long more, long none, long count, char* runs);
static void rewrite_ahead(void) {
    int wrong = 0;
    for (int i = 0; i < 2000; ++i) {
        write_words(writable + 512, ahead, ahead_words);
        write_words(writable + 512 + ahead_place, (uint32_t[]){li_a0(1)}, 1);
        fence(runnable + 512);
        char* runs = runnable + 512;
        long got = ((rewriter*)runs)(writable + 512 + ahead_place, (int32_t)li_a0(i), 0, 0, 0, runs + ahead_place);
        wrong += got != i + 1;
    }
    say("ahead: %d wrong", wrong);
    write_words(writable + 768, loop, loop_words);
    fence(runnable + 768);
    char* runs = runnable + 768;
    say("loop: %ld", ((rewriter*)runs)(writable + 768 + loop_place, second_addition, next_addition, 0, 1000, runs + loop_place));
}

static void change_mappings(void) {
    char* page = runnable + 4 * page_size;
    int other = memfd_create("other", 0);
    must(ftruncate(other, 2 * page_size) == 0);
    uint32_t words[] = {li_a0(77), ret};
    must(pwrite(other, words, 8, 0) == 8);
    words[0] = li_a0(78);
    must(pwrite(other, words, 8, page_size) == 8);
    write_function(writable + 4 * page_size, 5);
    fence(page);
    int wrong = 0;
    for (int i = 0; i < 300; ++i) {
        // No fence: a new mapping is new code, as after dlclose and dlopen.
        wrong += call(page) != 5;
        must(mmap(page, page_size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, other, 0) == page);
        wrong += call(page) != 77;
        must(munmap(page, page_size) == 0);
        must(mmap(page, page_size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, other, page_size) == page);
        wrong += call(page) != 78;
        must(mmap(page, page_size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, file, 4 * page_size) == page);
    }
    say("mappings: %d wrong", wrong);
    must(munmap(page, page_size) == 0);
    try(page);
    must(mmap(page, page_size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, file, 4 * page_size) == page);
    for (int i = 0; i < 3; ++i) {
        try(page);
        must(mprotect(page, page_size, i == 1 ? PROT_NONE : PROT_READ) == 0);
        try(page);
        must(mprotect(page, page_size, PROT_READ | PROT_EXEC) == 0);
    }
    // A page of code moves away and back; another takes its place.
    char* elsewhere = mmap(NULL, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    wrong = 0;
    for (int i = 0; i < 100; ++i) {
        wrong += call(page) != 5;
        must(mremap(page, page_size, page_size, MREMAP_MAYMOVE | MREMAP_FIXED, elsewhere) == elsewhere);
        wrong += call(elsewhere) != 5;
        if (i == 0) try(page);
        must(mmap(page, page_size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, other, 0) == page);
        wrong += call(page) != 77;
        must(mremap(elsewhere, page_size, page_size, MREMAP_MAYMOVE | MREMAP_FIXED, page) == page);
    }
    say("moves: %d wrong", wrong);
    // Private: written by copy, the file's change is not seen; then forgotten by MADV_DONTNEED.
    char* copy = mmap(NULL, page_size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE, other, 0);
    long first = call(copy);
    write_function(copy, 90);
    fence(copy);
    long second = call(copy);
    must(madvise(copy, page_size, MADV_DONTNEED) == 0);
    fence(copy);
    say("private: %ld %ld %ld", first, second, call(copy));
    // The file ends before the code.
    must(mmap(page, page_size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, other, page_size) == page);
    try(page);
    must(ftruncate(other, page_size) == 0);
#ifdef __riscv
    fence(runnable);  // of all code: at the page itself there is nothing to announce
#else
    // IC IVAU there would fault, and speaks of nothing else.
    must(mprotect(page, page_size, PROT_READ) == 0 && mprotect(page, page_size, PROT_READ | PROT_EXEC) == 0);
#endif
    try(page);
    close(other);
}

int main(int argc, char** argv) {
    int count = argument(argc, argv, 10000);
    int signals[] = {SIGSEGV, SIGBUS, SIGILL};
    for (int i = 0; i < 3; ++i) on_signal(signals[i], escape, 0);
    file = memfd_create("code", 0);
    must(file >= 0 && ftruncate(file, 8 * page_size) == 0);
    writable = mmap(NULL, 8 * page_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    runnable = mmap(NULL, 8 * page_size, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    must(writable != MAP_FAILED && runnable != MAP_FAILED);

#ifdef __riscv
    rewrite("other mapping, fence.i", count, 0, 0);
    rewrite("other mapping, riscv_flush_icache", count, 1, 0);
    rewrite("pwrite, fence.i", count / 4, 0, 1);
    rewrite("pwrite, riscv_flush_icache", count / 4, 1, 1);
#else
    rewrite("other mapping", count, 0, 0);
    rewrite("pwrite", count / 4, 0, 1);
#endif
    rewrite_hot();
#ifdef __riscv
    cross_page();
#endif
    rewrite_ahead();
    change_mappings();
    return 0;
}
