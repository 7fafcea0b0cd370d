// Code that counts atomically while nobody else sees its memory, and then goes on where others do: threads, a process with the
// same shared mapping, one with the same segment. What was made for the first case must not be used in the second.
#include "check.h"

#include <sys/ipc.h>
#include <sys/shm.h>

enum { turns = 200000, workers = 3 };

struct counters {
    uint64_t added, exchanged, swapped, bits;
    uint32_t lock, half;
    uint64_t guarded;
};

__attribute__((noinline)) static void count(struct counters* counters, long n, uint64_t bit) {
    for (; n > 0; --n) {
        __atomic_fetch_add(&counters->added, 3, __ATOMIC_RELAXED);
        __atomic_fetch_add(&counters->half, 1, __ATOMIC_SEQ_CST);
        uint64_t old = __atomic_load_n(&counters->exchanged, __ATOMIC_RELAXED);
        while (!__atomic_compare_exchange_n(&counters->exchanged, &old, old + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
        }
        // Each worker's bit is set and cleared by that worker alone.
        must((__atomic_fetch_or(&counters->bits, bit, __ATOMIC_ACQ_REL) & bit) == 0);
        must((__atomic_fetch_and(&counters->bits, ~bit, __ATOMIC_ACQ_REL) & bit) != 0);
        while (__atomic_exchange_n(&counters->lock, 1, __ATOMIC_ACQUIRE) != 0) sched_yield();
        ++counters->guarded;
        __atomic_store_n(&counters->lock, 0, __ATOMIC_RELEASE);
    }
}
static void warm_up(void) {
    struct counters own = {0};
    count(&own, 1000, 1);
    must(own.added == 3000 && own.half == 1000 && own.exchanged == 1000 && own.guarded == 1000 && own.bits == 0);
}
static void show(const char* what, const struct counters* counters) {
    say("%s: %ld %d %ld %ld %lx", what, (long)counters->added, (int)counters->half, (long)counters->exchanged,
        (long)counters->guarded, (long)counters->bits);
}

static struct counters of_threads;

static void* run_thread(void* number) {
    count(&of_threads, turns, 1ul << (uintptr_t)number);
    return NULL;
}
static void with_threads(void) {
    pthread_t threads[workers];
    for (uintptr_t i = 0; i < workers; ++i) must(pthread_create(&threads[i], NULL, run_thread, (void*)i) == 0);
    for (int i = 0; i < workers; ++i) must(pthread_join(threads[i], NULL) == 0);
    show("threads", &of_threads);
}
static void with_processes(const char* what, struct counters* shared) {
    pid_t children[workers];
    for (int i = 0; i < workers; ++i) {
        children[i] = fork();
        must(children[i] >= 0);
        if (children[i] != 0) continue;
        count(shared, turns, 1ul << i);
        _exit(0);
    }
    for (int i = 0; i < workers; ++i) {
        int status;
        must(waitpid(children[i], &status, 0) == children[i] && status == 0);
    }
    show(what, shared);
}
static void with_mapping(void) {
    struct counters* shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared != MAP_FAILED);
    with_processes("a mapping", shared);
}
static void with_segment(void) {
    int segment = shmget(IPC_PRIVATE, sizeof(struct counters), 0600);
    must(segment >= 0);
    struct counters* shared = shmat(segment, NULL, 0);
    must(shared != (void*)-1);
    must(shmctl(segment, IPC_RMID, NULL) == 0);
    with_processes("a segment", shared);
}

int main(void) {
    static void (*const companies[])(void) = {with_threads, with_mapping, with_segment};
    for (size_t i = 0; i < sizeof companies / sizeof companies[0]; ++i) {
        warm_up();
        pid_t child = fork();  // which is alone again
        must(child >= 0);
        if (child == 0) {
            warm_up();
            companies[i]();
            exit(0);
        }
        int status;
        must(waitpid(child, &status, 0) == child && status == 0);
    }
    return 0;
}
