// A fault shows every register as it was before the instruction that faulted, and what the handler leaves in them is
// what the program goes on with. Kernels in assembly use all registers (gp, tp and sp among them) and are hot long
// before their pages are closed. The handler hashes everything it is shown; the hashes are those of the interpreter and
// of qemu.
//
// A kernel is entered and left by a breakpoint: the handler of SIGTRAP exchanges all registers. So no register serves as
// a scratch. Memory lies at fixed addresses; addresses of code are
// hashed as offsets into the kernel.
#include "precise_faults.h"
#ifdef __riscv
#include "precise_faults_riscv64.h"
#else
#include "precise_faults_aarch64.h"
#endif

enum { none, readable, writable };

#define FILL 0x9e3779b97f4a7c15ul

// What the handler does at a fault.
enum policy {
    open_all,   // nothing: no page is closed
    alternate,  // opens the page (first for reading) and closes the one opened before
    perturb,    // the same, and changes every register that the kernel can spare
    sweep,      // opens the page for good
    skip,       // steps over the instruction
};
static const char* const policy_names[] = {"open", "alternate", "perturb", "sweep", "skip"};
static struct registers outside, inside;
static int entered;
static enum policy policy;
static unsigned char rights[all_pages];
static int opened = -1;
static uint64_t hash, faults, seed;

static uint64_t mix(uint64_t value) {
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
    value = (value ^ value >> 27) * 0x94d049bb133111eb;
    return value ^ value >> 31;
}
static uint64_t next_random(void) {
    return mix(seed += FILL);
}
static void add(uint64_t value) {
    uint64_t offset = value - (uintptr_t)kernel->start;
    if (offset < (uint64_t)(kernel->end - kernel->start)) value = offset + 0xc0de;
    hash = (hash ^ value) * 0x9fb21c651e98df25;
    hash ^= hash >> 29;
}
static void set_rights(int first, int count, int right) {
    static const int protections[] = {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
    must(mprotect(arena + first * page_size, (size_t)count * page_size, protections[right]) == 0);
    memset(rights + first, right, (size_t)count);
}

__attribute__((used)) void on_trap(int signal, siginfo_t* info, void* context) {
    (void)signal, (void)info;
    if (!entered) {
        save(&outside, context);
        PC_OF(&outside) += 4;
        load(context, &inside);
    } else {
        save(&inside, context);
        load(context, &outside);
    }
    entered = !entered;
}

static void open_page(int page) {
    if (kernel->pairs) {
        int pair = page / 2;
        if (policy != sweep && opened >= 0 && opened != pair) set_rights(opened * 2, 2, none);
        opened = pair;
        return set_rights(pair * 2, 2, writable);
    }
    if (policy != sweep && opened >= 0 && opened != page) set_rights(opened, 1, none);
    opened = page;
    set_rights(page, 1, rights[page] + 1);
}
static void observe_fault(ucontext_t* context);

__attribute__((used)) void on_fault(int signal, siginfo_t* info, void* context) {
    if (!entered || info->si_addr < (void*)arena || (char*)info->si_addr >= arena + 3 * region) {
        say("FAILED: a fault at %p, pc %lx", info->si_addr, (long)PC((ucontext_t*)context));
        _exit(99);
    }
    if (kernel->skippable < 0) return observe_fault(context);
    struct registers now;
    save(&now, context);
    int page = (int)(((char*)info->si_addr - arena) / page_size);
    ++faults;
    add_registers(&now);
    // Which of two pages is named first is nobody's promise.
    add(kernel->pairs ? (uint64_t)page / 2 : (uintptr_t)info->si_addr);
    add((uint64_t)info->si_code);
    add((uint64_t)signal);
    if (policy == perturb) change(&now);
    if (policy == skip) {
        PC_OF(&now) += instruction_size(PC_OF(&now));
    } else {
        open_page(page);
    }
    load(context, &now);
}

ENTRY(trap_entry, on_trap);
ENTRY(fault_entry, on_fault);

static void fill(void) {
    set_rights(0, all_pages, writable);
    for (size_t i = 0; i < 3 * region / 8; ++i) ((uint64_t*)arena)[i] = mix(i * FILL);
    if (strcmp(kernel->name, "chase") != 0) return;
    // A ring through all pages, each node in another page than its neighbours: next, and a word elsewhere.
    enum { nodes = all_pages * 5 };
    uint64_t* ring[nodes];
    for (int i = 0; i < nodes; ++i) ring[i] = (uint64_t*)(arena + i * 35 % all_pages * page_size + i / all_pages * 768);
    for (int i = 0; i < nodes; ++i) {
        ring[i][0] = (uintptr_t)ring[(i + 1) % nodes];
        ring[i][1] = (uintptr_t)(ring[(i + 7) % nodes] + 3);
    }
}
static void start_values(uint64_t count) {
    seed = count;
    randomize(&inside);
    PC_OF(&inside) = (uintptr_t)kernel->start;
    inside.x[sp_index] = (uintptr_t)arena + 2 * region;
    if (strcmp(kernel->name, "calls") == 0) inside.x[sp_index] += region;
    inside.x[8] = (uintptr_t)arena + 64;
    inside.x[9] = (uintptr_t)arena + region + 64;
    inside.x[10] = count;
    if (strcmp(kernel->name, "chase") == 0) inside.x[12] = (uintptr_t)arena;
    inside.x[15] = 0;
    if (!kernel->pairs) return;
    inside.x[8] = inside.x[22] = (uintptr_t)arena + page_size;
    inside.x[9] = inside.x[23] = (uintptr_t)arena + region + page_size;
    inside.x[20] = 0;
    inside.x[21] = 2 * page_size;
    inside.x[24] = 16 * page_size - 1;
}
static void run(enum policy wanted, uint64_t count) {
    policy = wanted;
    fill();
    start_values(count);
    hash = faults = 0;
    opened = -1;
    if (policy != open_all) set_rights(0, all_pages, none);
    cross_over();
    set_rights(0, all_pages, writable);
    uint64_t events = hash;
    add_registers(&inside);
    for (size_t i = 0; i < 3 * region / 8; ++i) add(((uint64_t*)arena)[i]);
    say("%s %s: %ld faults %016lx, end %016lx", kernel->name, policy_names[policy], faults, events, hash);
}

// The handler gives every register a new value; the kernel, a hot loop, stores what it then has. One kernel for each
// register that can address the load.
static const struct observer {
    struct kernel kernel;
    int base, counter;
} observers[] = {EACH_OBSERVER(ROW)};
static const struct observer* observer;
static struct registers given;

static void observe_fault(ucontext_t* context) {
    ++faults;
    give(&given);
    PC_OF(&given) = PC(context);
    given.x[observer->base] = (uintptr_t)arena + 8;  // what it loads is 0x1234
    given.x[observer->counter] = 1;
    given.x[pointer_index] = (uintptr_t)arena + region;
    load(context, &given);
    given.x[observer->base] = 0x1234;
    given.x[observer->counter] = 0;
}
static int observe(int after) {
    kernel = &observer->kernel;
    fill();
    ((uint64_t*)arena)[1] = 0x1234;
    start_values((uint64_t)after * 1000 + (uint64_t)observer->base);
    uint64_t* chain = (uint64_t*)arena + 16;
    for (int i = 0; i < after; ++i) chain[i] = (uintptr_t)&chain[i + 1];
    chain[after - 1] = (uintptr_t)arena + 2 * region;
    inside.x[observer->base] = (uintptr_t)chain;
    inside.x[observer->counter] = 1000000;
    set_rights(2 * region_pages, 1, none);
    faults = 0;
    cross_over();
    return faults != 1 || count_differences((uint64_t*)(arena + region), &given, observer->base);
}

int main(void) {
    prepare();
    must(mmap(arena, 3 * region, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) ==
         arena);
    stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
    must(sigaltstack(&stack, NULL) == 0);
    on_signal(SIGTRAP, trap_entry, SA_ONSTACK);
    on_signal(SIGSEGV, fault_entry, SA_ONSTACK);

    for (size_t i = 0; i < sizeof kernels / sizeof kernels[0]; ++i) {
        kernel = &kernels[i];
        run(open_all, (uint64_t)kernel->rounds);
        run(alternate, 80);
        run(perturb, 80);
        run(sweep, (uint64_t)kernel->rounds);
        if (kernel->skippable) run(skip, 80);
    }
    int wrong = 0;
    for (size_t i = 0; i < sizeof observers / sizeof observers[0]; ++i) {
        observer = &observers[i];
        for (int after = 1; after < 2000; after = after * 5 + 3) wrong += observe(after);
    }
    say("registers that the handler gave and the kernel did not have: %d", wrong);
    return 0;
}
