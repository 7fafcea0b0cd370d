// Fills two pages with functions and calls each a hundred times before they are written anew: a compiler whose code is
// used for a while, next to code that still is.
#include "compiler.h"

enum { functions = 512 };

int main(int argc, char** argv) {
    char* memory = code_memory(functions * function_size);
    uint64_t sum = 0;
    for (long n = units(argc, argv) * 16; n > 0; --n) {
        Function* function = compile(memory + n % functions * function_size, (int)(n & 1023));
        for (int i = 0; i < 100; ++i) sum += (uint64_t)function(i);
        sum = mix(sum, (uint64_t)n);
    }
    return report(sum);
}
