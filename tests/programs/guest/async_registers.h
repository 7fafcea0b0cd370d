// What async_registers.c and its parts for the guests share.
#pragma once
#include "guest.h"

struct registers;
static uint64_t next_random(void);
struct loop {
    const char* name;
    char *start, *end;
    uint32_t used, used_floats;
    int (*holds)(int at, const struct registers* now);  // `at`: the number of the instruction that comes next
    void (*change)(int at, struct registers* now);  // may be null; the loop ends when its stop register is not 0,
                                                         // unless it ends here
};
static const struct loop* volatile loop;

#define BIT(n) (1u << (n))
#define NAMES(name) #name, name##_start, name##_end
