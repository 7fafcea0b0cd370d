// Arguments, environment, exit status.
#include "check.h"
int main(int argc, char** argv) {
    say("hello, %d arguments", argc - 1);
    for (int i = 1; i < argc; ++i) say("[%s]", argv[i]);
    say("%s", getenv("LYRE_HAND_OVER") == NULL ? "clean environment" : "environment is not clean");
    return 7;
}
