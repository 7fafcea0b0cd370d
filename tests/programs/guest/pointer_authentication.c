// Pointer authentication, with it (LYRE_CPU=max) and without: codes that fit and codes that do not, keys that are inherited, renewed and
// switched off. This program's own functions sign their return addresses, which does nothing where there is nothing to do it.
#include <setjmp.h>
#include <sys/auxv.h>
#include <sys/prctl.h>

#include "guest.h"

#define EXTENSION ".arch_extension pauth\n"
#define TWO(name)                                                                       \
    static uint64_t name(uint64_t pointer, uint64_t modifier) {                         \
        __asm__ volatile(EXTENSION #name " %0, %1" : "+r"(pointer) : "r"(modifier));    \
        return pointer;                                                                 \
    }
#define ONE(name)                                                         \
    static uint64_t name(uint64_t pointer, uint64_t unused) {             \
        (void)unused;                                                     \
        __asm__ volatile(EXTENSION #name " %0" : "+r"(pointer));          \
        return pointer;                                                   \
    }
TWO(pacia) TWO(pacib) TWO(pacda) TWO(pacdb) TWO(autia) TWO(autib) TWO(autda) TWO(autdb)
ONE(paciza) ONE(pacizb) ONE(pacdza) ONE(pacdzb) ONE(autiza) ONE(autizb) ONE(autdza) ONE(autdzb) ONE(xpaci) ONE(xpacd)
static uint64_t pacga(uint64_t value, uint64_t modifier) {
    __asm__ volatile(EXTENSION "pacga %0, %0, %1" : "+r"(value) : "r"(modifier));
    return value;
}
static uint64_t braa(uint64_t pointer, uint64_t modifier) {
    uint64_t way;
    __asm__ volatile(EXTENSION "adr x16, 1f\n pacia x16, %1\n mov %0, #1\n braa x16, %1\n mov %0, #2\n 1: add %0, %0, #4"
                     : "=&r"(way) : "r"(modifier) : "x16");
    return pointer * 0 + way;
}
static uint64_t blraaz(uint64_t pointer, uint64_t modifier) {
    uint64_t way;
    __asm__ volatile(EXTENSION "adr x16, 1f\n paciza x16\n mov %0, #1\n blraaz x16\n add %0, %0, #2\n b 2f\n"
                     "1: add %0, %0, #4\n pacib x30, sp\n retab\n 2:" : "=&r"(way) : : "x16", "x30");
    return pointer * modifier * 0 + way;
}
static uint64_t ldraa(uint64_t pointer, uint64_t modifier) {
    uint64_t words[3] = {1, 2, 3}, value;
    uint64_t place = (uint64_t)words;
    __asm__ volatile(EXTENSION "pacdza %0\n ldraa %1, [%0, #8]!\n xpacd %0" : "+r"(place), "=&r"(value) : : "memory");
    return pointer * modifier * 0 + (place == (uint64_t)(words + 1)) + value;
}

typedef uint64_t (*Function)(uint64_t, uint64_t);
static const struct {
    const char* name;
    Function sign, authenticate;
} keys[] = {{"ia", pacia, autia},     {"ib", pacib, autib},     {"da", pacda, autda},     {"db", pacdb, autdb},
            {"iza", paciza, autiza}, {"izb", pacizb, autizb}, {"dza", pacdza, autdza}, {"dzb", pacdzb, autdzb}};
enum { key_count = sizeof keys / sizeof keys[0] };

/// All that the keys say, of many pointers: the same when they are the same.
static uint64_t fingerprint(Function function) {
    uint64_t hash = 0;
    for (uint64_t i = 0; i < 24; ++i) hash = (hash ^ function(i << 40 | 0x1000 * i, i)) * 0x9fb21c651e98df25;
    return hash;
}
static uint64_t all_keys(void) {
    return fingerprint(pacia) ^ fingerprint(pacib) * 3 ^ fingerprint(pacda) * 5 ^ fingerprint(pacdb) * 7 ^ fingerprint(pacga) * 9;
}

static int depth(int n) {
    volatile int below = n == 0 ? 0 : depth(n - 1);
    return below + 1;
}

static void codes(void) {
    int place;
    const uint64_t pointer = (uint64_t)&place | 0x5aull << 56;
    for (int i = 0; i < key_count; ++i) {
        int changed = 0, wrong = 0;
        for (uint64_t modifier = 0; modifier < 64; ++modifier) {
            const uint64_t code = keys[i].sign(pointer, modifier);
            must(((code ^ pointer) & ~(0x7full << 48)) == 0);
            must(keys[i].authenticate(code, modifier) == pointer && xpaci(code, 0) == pointer && xpacd(code, 0) == pointer);
            changed += code != pointer;
            const uint64_t other = keys[i].authenticate(code ^ 1ull << 50, modifier);
            must((other & ~(3ull << 53)) == pointer);
            wrong |= (int)(other >> 53 & 3);
        }
        say("%s: signs, and marks what is wrong with %d", keys[i].name, wrong);
        must(changed > (i < 4 ? 48 : -1));
    }
    must((pacga(1, 2) & 0xffffffff) == 0 && pacga(1, 2) == pacga(1, 2) && fingerprint(pacga) != 0);
    say("braa %ld, blraaz and retab %ld, ldraa %ld", (long)braa(0, 5), (long)blraaz(0, 0), (long)ldraa(0, 0));
    must(fingerprint(pacia) != fingerprint(pacib) && fingerprint(pacda) != fingerprint(pacdb));
    must(fingerprint(pacia) != fingerprint(pacda));
    say("%s", "each key is another");
}

static sigjmp_buf back;
static void leave(int signal, siginfo_t* info, void* context) {
    (void)context;
    const uint64_t place = (uint64_t)info->si_addr;
    (void)signal;
    say("SIGSEGV, bits %ld of the address", (long)(place >> 53 & 3));
    siglongjmp(back, 1);
}
static void faults(void) {
    on_signal(SIGSEGV, leave, 0);
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile(EXTENSION "adr x30, 1f\n paciasp\n eor x30, x30, #1 << 52\n retaa\n 1:" : : : "x30", "memory");
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile(EXTENSION "mov x16, sp\n pacdzb x16\n eor x16, x16, #1 << 49\n ldrab x16, [x16]" : : : "x16", "memory");
    signal(SIGSEGV, SIG_DFL);
}

/// Functions that change the key that their return address would be signed with.
#define UNSIGNED __attribute__((target("branch-protection=none")))

UNSIGNED static void* in_thread(void* own) {
    uint64_t* answers = own;
    answers[0] = all_keys();
    must(prctl(54, 0, 0, 0, 0) == 0);
    answers[1] = all_keys();
    return NULL;
}
static void inheritance(char** argv) {
    const uint64_t mine = all_keys();
    const pid_t child = fork();
    if (child == 0) _exit(all_keys() == mine ? 0 : 1);
    int status;
    must(waitpid(child, &status, 0) == child);
    say("a child's keys are %s", status == 0 ? "its parent's" : "others");
    pthread_t thread;
    uint64_t answers[2];
    must(pthread_create(&thread, NULL, in_thread, answers) == 0 && pthread_join(thread, NULL) == 0);
    say("a thread's are %s; it renews its own %s", answers[0] == mine ? "those of who made it" : "others",
        answers[1] != mine && all_keys() == mine ? "alone" : "and others");
    char text[32];
    snprintf(text, sizeof text, "%llx", (unsigned long long)mine);
    if (fork() == 0) execl("/proc/self/exe", argv[0], text, NULL), _exit(9);
    must(wait(&status) > 0);
    say("a new program's are %s", status == 0 ? "new" : "the same");
}

UNSIGNED static void control(void) {
    for (int number = 0; number < 5; ++number) {
        static const Function function[] = {pacia, pacib, pacda, pacdb, pacga};
        uint64_t before[5];
        for (int i = 0; i < 5; ++i) before[i] = fingerprint(function[i]);
        must(prctl(54, 1 << number, 0, 0, 0) == 0);
        for (int i = 0; i < 5; ++i) must((fingerprint(function[i]) == before[i]) == (i != number));
    }
    result_of(prctl(54, 32, 0, 0, 0));
    result_of(prctl(54, 1, 1, 0, 0));
    result_of(prctl(61, 0, 0, 0, 0));
    result_of(prctl(60, 5, 1, 0, 0));
    result_of(prctl(61, 0, 0, 0, 0));
    say("%d %d", pacda(0x1234, 5) == 0x1234, autda(0x7f000000001234, 5) == 0x7f000000001234);
    result_of(prctl(60, 16, 0, 0, 0));
    result_of(prctl(60, 1, 2, 0, 0));
    result_of(prctl(60, 1, 1, 1, 0));
    result_of(prctl(61, 1, 0, 0, 0));
    result_of(prctl(60, 15, 15, 0, 0));
}

static void leave_quietly(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info, (void)context;
    siglongjmp(back, 1);
}
static void without(void) {
    on_signal(SIGILL, leave_quietly, 0);
    int undefined = 0;
    static const Function all[] = {pacia,  pacib,  pacda,  pacdb,  autia,  autib,  autda,  autdb,  paciza, pacizb, pacdza, pacdzb,
                                   autiza, autizb, autdza, autdzb, xpaci,  xpacd,  pacga,  braa,   blraaz, ldraa};
    for (unsigned i = 0; i < sizeof all / sizeof all[0]; ++i) {
        if (sigsetjmp(back, 1) == 0) all[i](0x1234, 5);
        else ++undefined;
    }
    say("%d", undefined);
    result_of(prctl(54, 0, 0, 0, 0));
    result_of(prctl(60, 1, 1, 0, 0));
    result_of(prctl(61, 0, 0, 0, 0));
}

static int in_cpuinfo(void) {
    FILE* file = fopen("/proc/cpuinfo", "r");
    char line[2000];
    int named = 0;
    while (fgets(line, sizeof line, file) != NULL) named |= strncmp(line, "Features", 8) == 0 && strstr(line, " paca pacg") != NULL;
    fclose(file);
    return named;
}

UNSIGNED int main(int argc, char** argv) {
    uint64_t features;
    __asm__("mrs %0, s3_0_c0_c6_1" : "=r"(features));
    const int there = (int)(getauxval(AT_HWCAP) >> 30 & 3);
    if (argc > 1) return !(there == 3 && all_keys() != strtoull(argv[1], NULL, 16));
    say("HWCAP_PACA, HWCAP_PACG %d, ID_AA64ISAR1_EL1 %d %d, cpuinfo %d", there, (int)(features >> 4 & 255), (int)(features >> 24 & 255),
        in_cpuinfo());
    say("%d calls deep", depth(1000));
    uint64_t x30;
    __asm__ volatile("mov x30, #0x1234\n hint #24\n hint #7\n mov %0, x30" : "=r"(x30) : : "x30");
    say("%#lx", (long)x30);
    if (there == 0) return without(), 0;
    codes();
    faults();
    inheritance(argv);
    control();
}
