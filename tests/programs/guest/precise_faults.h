// What precise_faults.c and its parts for the guests share.
#pragma once
#include "guest.h"

enum { page_size = 4096, region_pages = 32, all_pages = 3 * region_pages, region = region_pages * page_size };
static char* const arena = (char*)0x40000000;

struct kernel {
    const char* name;
    char *start, *end;
    uint32_t keep;  // registers that address or count: not to be changed
    int pairs;      // accesses cross pages: pages are opened by twos
    int skippable;
    int rounds;     // as many as the regions have room for
};
static const struct kernel* kernel;

static void add(uint64_t value);  // to the hash
static uint64_t next_random(void);

#define BIT(n) (1u << (n))
#define NAMES(name) #name, name##_start, name##_end
/// Ends with a breakpoint, whose handler exchanges all registers.
#define KERNEL(name, text)                    \
    extern char name##_start[], name##_end[]; \
    __asm__(".balign 8\n.globl " #name "_start, " #name "_end\n" #name "_start:\n" text "\n" BREAKPOINT "\n" #name "_end:\n")
