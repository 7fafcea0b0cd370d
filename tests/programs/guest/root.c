// Changes its root directory to the one that it is given, where there is no /proc, and executes itself there.
#include "check.h"

int main(int argc, char** argv) {
    if (argc > 2) {
        say("executed in the new root: %s %s", argv[1], argv[2]);
        return 5;
    }
    must(argc == 2 && chroot(argv[1]) == 0 && chdir("/") == 0);
    must(access("/proc", F_OK) != 0);
    execl("/program", "program", "two", "words", NULL);
    say("execl: %s", strerror(errno));
    return 1;
}
