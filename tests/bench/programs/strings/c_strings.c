// The library's strlen, strcmp, strchr, memchr, memcmp and strcpy on short and long strings. A static native program
// uses vector instructions here and a guest one the C library's portable loops, as real programs do. build:
// -fno-builtin
#include "../bench.h"

#include <string.h>

enum { strings = 256, longest = 400 };

static char text[strings][longest];

static void make_strings(void) {
    uint64_t state = 1;
    for (int i = 0; i < strings; ++i) {
        // Many are short and some are long, and neighbours begin alike.
        int length = i % 8 == 0 ? 300 : (int)(random_next(&state) % 40);
        for (int k = 0; k < length; ++k) text[i][k] = (char)('a' + (k * 7 + (k > 20 ? i : 0)) % 26);
        text[i][length] = 0;
    }
}

static uint64_t unit(int turn) {
    char copy[longest];
    uint64_t sum = 0;
    for (int i = 0; i < strings; ++i) {
        const char *one = text[i], *other = text[(i + turn) % strings];
        size_t length = strlen(one);
        const char* found = strchr(one, 'z' - turn % 26);
        const char* last = memchr(one, '\0', longest);
        sum += length + (size_t)(found ? found - one : 7) + (size_t)(last - one);
        sum += strcmp(one, other) < 0 ? 1 : 2;
        strcpy(copy, other);
        sum += memcmp(copy, one, length) == 0 ? 3 : 4;
    }
    return sum;
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    make_strings();
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, unit((int)(n % strings)));
    return report(sum);
}
