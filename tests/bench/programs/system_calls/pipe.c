// Two processes send a number back and forth through pipes: calls that sleep and are woken.
#include "../bench.h"

#include <sys/wait.h>
#include <unistd.h>

static int send_number(int file, uint64_t number) {
    return write(file, &number, sizeof number) == sizeof number;
}

static int receive_number(int file, uint64_t* number) {
    return read(file, number, sizeof *number) == sizeof *number;
}

static void answer(int in, int out) {
    uint64_t number;
    while (receive_number(in, &number)) must(send_number(out, number * 3 + 1));
    _exit(0);
}

int main(int argc, char** argv) {
    int there[2], back[2];
    uint64_t number = 1;
    must(pipe(there) == 0 && pipe(back) == 0);
    pid_t child = fork();
    must(child >= 0);
    if (child == 0) {
        close(there[1]);
        answer(there[0], back[1]);
    }
    for (long n = units(argc, argv) * 16; n > 0; --n) {
        must(send_number(there[1], number) && receive_number(back[0], &number));
    }
    close(there[1]);
    must(waitpid(child, NULL, 0) == child);
    return report(number);
}
