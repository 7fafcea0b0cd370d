// fork while threads run (argument: how many times): the child has one thread and works, locks of the C library
// included.
#include "check.h"

static volatile int stop;
static void* churn(void* data) {
    while (!stop) {
        void* memory = malloc(1000 + (size_t)(intptr_t)data * 100000);
        memset(memory, 1, 1000);
        free(memory);
        void* page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(page, 8192);
    }
    return NULL;
}
static void* nothing(void* data) {
    return data;
}

int main(int argc, char** argv) {
    int forks = argument(argc, argv, 60);
    pthread_t threads[3];
    for (intptr_t i = 0; i < 3; ++i) must(pthread_create(&threads[i], NULL, churn, (void*)i) == 0);
    int good = 0;
    for (int i = 0; i < forks; ++i) {
        pid_t child = fork();
        must(child >= 0);
        if (child == 0) {
            alarm(60);
            must(getpid() == gettid());
            pthread_t thread;
            void* result = NULL;
            must(pthread_create(&thread, NULL, nothing, &good) == 0);
            must(pthread_join(thread, &result) == 0 && result == &good);
            pid_t grandchild = fork();
            if (grandchild == 0) _exit(4);
            int status = 0;
            must(waitpid(grandchild, &status, 0) == grandchild && WEXITSTATUS(status) == 4);
            free(malloc(100000));
            _exit(i % 100);
        }
        int status = 0;
        must(waitpid(child, &status, 0) == child);
        good += WIFEXITED(status) && WEXITSTATUS(status) == i % 100;
    }
    stop = 1;
    for (int i = 0; i < 3; ++i) pthread_join(threads[i], NULL);
    say("%s", good == forks ? "all children worked" : "some children failed");
    // From another thread than the first, too.
    pid_t child = fork();
    if (child == 0) pthread_exit(NULL);
    int status = 1;
    waitpid(child, &status, 0);
    say("exit of the last thread: %d", status);
    return 0;
}
