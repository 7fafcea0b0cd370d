// Fibonacci numbers by double recursion: calls and returns, and little else.
#include "../bench.h"

// The attribute keeps the compiler from unrolling the recursion, which it does to a different depth for each machine.
__attribute__((noinline, optimize("no-optimize-sibling-calls"))) static long fib(long n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) sum = mix(sum, (uint64_t)fib(hidden(20)));
    return report(sum);
}
