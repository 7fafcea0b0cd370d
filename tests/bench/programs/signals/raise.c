// Sends itself a signal and counts in the handler: delivery, the guest's signal frame, and the return from it.
#include "../bench.h"

#include <signal.h>

static volatile uint64_t count;

static void handle(int signal) {
    count = mix(count, (uint64_t)signal);
}

int main(int argc, char** argv) {
    signal(SIGUSR1, handle);
    for (long n = units(argc, argv) * 64; n > 0; --n) must(raise(SIGUSR1) == 0);
    return report(count);
}
