// exec from a thread that is not the first, while others run: one thread is left, with the process's id.
#include "check.h"

static char** arguments;
static void* spin(void* data) {
    for (volatile long i = 0;; ++i) {
    }
    return data;
}
static void* replace(void* data) {
    execv("/proc/self/exe", arguments);
    return data;
}

int main(int argc, char** argv) {
    if (argc > 2) {
        say("same id %d, one thread %d", atoi(argv[2]) == getpid(), gettid() == getpid());
        return 3;
    }
    char id[20];
    snprintf(id, sizeof id, "%d", getpid());
    char* list[] = {argv[0], "again", id, NULL};
    arguments = list;
    pthread_t thread;
    for (int i = 0; i < 3; ++i) pthread_create(&thread, NULL, spin, NULL);
    pthread_create(&thread, NULL, replace, NULL);
    for (;;) pause();
}
