// fork while other threads allocate, lock, map memory and print: every child must work, whatever was held just then.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_int finished;

static void *allocate(void *argument) {
    unsigned seed = (unsigned)(long)argument;
    while (!atomic_load(&finished)) {
        char *blocks[16];
        for (int i = 0; i < 16; ++i) {
            seed = seed * 1664525 + 1013904223;
            size_t size = 1 + seed % 30000;
            blocks[i] = malloc(size);
            memset(blocks[i], 7, size);
        }
        for (int i = 0; i < 16; ++i) free(blocks[i]);
    }
    return 0;
}

static void *map(void *argument) {
    (void)argument;
    while (!atomic_load(&finished)) {
        char *place = mmap(0, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        place[5000] = 1;
        mprotect(place, 4096, PROT_NONE);
        munmap(place, 1 << 16);
    }
    return 0;
}

static void *print(void *argument) {
    FILE *out = argument;
    while (!atomic_load(&finished)) fprintf(out, "%d %s\n", 42, "words");
    return 0;
}

static void *empty(void *argument) { return argument; }

static int child(int number) {
    char *text = malloc(10000);
    snprintf(text, 10000, "child %d", number);
    pthread_t thread;
    void *result;
    if (pthread_create(&thread, 0, empty, text) != 0 || pthread_join(thread, &result) != 0 || result != text) return 99;
    char *place = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    place[0] = text[6];
    free(text);
    return number % 50;
}

int main(void) {
    FILE *nowhere = fopen("/dev/null", "w");
    pthread_t threads[4];
    pthread_create(&threads[0], 0, allocate, (void *)1);
    pthread_create(&threads[1], 0, allocate, (void *)2);
    pthread_create(&threads[2], 0, map, 0);
    pthread_create(&threads[3], 0, print, nowhere);
    long sum = 0, wrong = 0;
    for (int i = 0; i < 300; ++i) {
        pid_t pid = fork();
        if (pid == 0) _exit(child(i));
        int status;
        wrong += pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status);
        sum += WEXITSTATUS(status);
    }
    for (int i = 0; i < 20; ++i) {
        pid_t pid = vfork();
        if (pid == 0) {
            execl("/bin/sh", "sh", "-c", "exit 5", (char *)0);
            _exit(1);
        }
        int status;
        wrong += waitpid(pid, &status, 0) != pid;
        sum += WEXITSTATUS(status);
    }
    FILE *pipe = popen("echo from popen", "r");
    char line[100] = "";
    if (!fgets(line, sizeof line, pipe)) ++wrong;
    wrong += pclose(pipe) != 0;
    atomic_store(&finished, 1);
    for (int i = 0; i < 4; ++i) pthread_join(threads[i], 0);
    printf("sum %ld, %ld wrong, %s", sum, wrong, line);
}
