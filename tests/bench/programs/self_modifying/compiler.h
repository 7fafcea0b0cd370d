// A compiler of one function, x + constant, for all machines: what a just-in-time compiler in the guest does, without
// the compiler.
#pragma once

#include "../bench.h"

#include <string.h>
#include <sys/mman.h>

enum { function_size = 16 };

typedef int Function(int);

static inline char* code_memory(size_t size) {
    void* memory = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED);
    return (char*)memory;
}

// The constant lies in 0..2047, so that it fits an immediate of the guest.
static inline Function* compile(char* place, int constant) {
#if defined(__riscv)
    uint32_t code[2] = {0x0005051b | (uint32_t)constant << 20,  // addiw a0, a0, constant
                        0x00008067};                            // ret
#elif defined(__aarch64__)
    uint32_t code[2] = {0x11000000 | (uint32_t)constant << 10,  // add w0, w0, #constant
                        0xd65f03c0};                            // ret
#elif defined(__x86_64__)
    uint8_t code[7] = {0x8d, 0x87, (uint8_t)constant, (uint8_t)(constant >> 8), 0, 0,  // lea eax, [rdi + constant]
                       0xc3};                                                          // ret
#endif
    memcpy(place, code, sizeof code);
    __builtin___clear_cache(place, place + sizeof code);
    Function* function;
    memcpy(&function, &place, sizeof function);
    return function;
}
