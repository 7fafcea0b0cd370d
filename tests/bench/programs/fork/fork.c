// Forks a child that ends at once, and waits for it: a copy of the whole VM, with its tables and its translated code.
#include "../bench.h"

#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
    uint64_t sum = 0;
    for (long n = units(argc, argv); n > 0; --n) {
        int status = 0;
        pid_t child = fork();
        must(child >= 0);
        if (child == 0) _exit((int)(n & 0x7f));
        must(waitpid(child, &status, 0) == child);
        sum = mix(sum, (uint64_t)WEXITSTATUS(status));
    }
    return report(sum);
}
