// Writes one small function over and over in the same place and calls it each time: code that is new at every call.
#include "compiler.h"

int main(int argc, char** argv) {
    char* place = code_memory(4096);
    uint64_t sum = 0;
    for (long n = units(argc, argv) * 16; n > 0; --n) sum = mix(sum, (uint64_t)compile(place, (int)(n & 1023))((int)n));
    return report(sum);
}
