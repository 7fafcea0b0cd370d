// vfork, posix_spawn, clone with other flags, wait statuses, orphans, exec of guest and host programs and its errors.
#include "check.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>

extern char** environ;

static int wait_for(pid_t child) {
    int status = -1;
    must(waitpid(child, &status, 0) == child);
    return status;
}
static void exec_error(const char* path) {
    char* arguments[] = {(char*)path, NULL};
    errno = 0;
    execve(path, arguments, environ);
    say("execve %s: %s", path, strerror(errno));
}
static void write_file(const char* path, const char* text, mode_t mode) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    must(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
    must(fchmod(file, mode) == 0 && close(file) == 0);
}

static int as_child(int argc, char** argv) {
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    struct sigaction one, two;
    sigaction(SIGUSR1, NULL, &one);
    sigaction(SIGUSR2, NULL, &two);
    say("child: %d arguments, last [%s], VARIABLE=%s", argc, argv[argc - 1],
        getenv("VARIABLE") ? getenv("VARIABLE") : "");
    say("child: usr1 %s, usr2 %s, blocked term %d segv %d", one.sa_handler == SIG_IGN ? "ignored" : "default",
        two.sa_handler == SIG_DFL ? "default" : "wrong", sigismember(&blocked, SIGTERM),
        sigismember(&blocked, SIGSEGV));
    say("child: descriptor 10 %s, 11 %s", fcntl(10, F_GETFD) < 0 ? "closed" : "open",
        fcntl(11, F_GETFD) < 0 ? "closed" : "open");
    int open_ones = 0;
    for (int i = 3; i < 1024; ++i) open_ones += fcntl(i, F_GETFD) >= 0;
    say("child: %d descriptors above 2", open_ones);
    return 9;
}
static void handler(int signal) {
    (void)signal;
}

int main(int argc, char** argv) {
    if (argc > 1 && strcmp(argv[1], "child") == 0) return as_child(argc, argv);
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    must(length > 0);
    self[length] = 0;

    volatile int shared = 1;
    pid_t child = vfork();
    if (child == 0) {
        shared = 2;
        _exit(11);
    }
    say("vfork: status %d, memory is shared: %d", WEXITSTATUS(wait_for(child)), shared == 2);
    child = vfork();
    if (child == 0) {
        signal(SIGUSR1, SIG_IGN);
        kill(getpid(), SIGKILL);
    }
    say("vfork: signal %d", WTERMSIG(wait_for(child)));
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    say("its dispositions are its own: %d", action.sa_handler == SIG_DFL);

    char* arguments[] = {self, "child", "two words", "", "last\n\"'", NULL};
    char* environment[] = {"VARIABLE=value with = and spaces", NULL};
    must(posix_spawn(&child, self, NULL, NULL, arguments, environment) == 0);
    say("spawned: %d", WEXITSTATUS(wait_for(child)));
    say("spawn of nothing: %s", strerror(posix_spawn(&child, "/nothing/there", NULL, NULL, arguments, environ)));
    char* echo[] = {"echo", "by", "the", "host", NULL};
    must(posix_spawnp(&child, "echo", NULL, NULL, echo, environ) == 0);
    wait_for(child);

    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, handler);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    sigaddset(&blocked, SIGSEGV);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    must(dup2(1, 10) == 10 && dup2(1, 11) == 11);
    fcntl(10, F_SETFD, FD_CLOEXEC);
    fflush(stdout);
    child = fork();
    if (child == 0) execv(self, arguments);
    say("exec: %d", WEXITSTATUS(wait_for(child)));
    close(10);
    close(11);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);

    // By descriptor.
    child = fork();
    if (child == 0) {
        int file = open(self, O_PATH | O_CLOEXEC);
        fexecve(file, arguments, environ);
        _exit(1);
    }
    say("fexecve: %d", WEXITSTATUS(wait_for(child)));

    char directory[] = "/tmp/lyre-test-XXXXXX";
    must(mkdtemp(directory) != NULL && chdir(directory) == 0);
    char line[5000];
    snprintf(line, sizeof line, "#!%s child\n", self);
    write_file("script", line, 0755);
    write_file("plain", "text\n", 0755);
    write_file("locked", line, 0644);
    write_file("empty", "", 0755);
    write_file("nowhere", "#!/nothing/there\n", 0755);
    write_file("shell", "#!/bin/sh\necho script by $0 with $*\n", 0755);
    fflush(stdout);
    child = fork();
    if (child == 0) execl("./script", "given name", "one", NULL);
    say("script: %d", WEXITSTATUS(wait_for(child)));
    child = fork();
    if (child == 0) execl("./shell", "given name", "one", NULL);
    wait_for(child);
    exec_error("./missing");
    exec_error("./plain");
    exec_error("./locked");
    exec_error("./empty");
    exec_error("./nowhere");
    exec_error(".");
    exec_error("./plain/more");
    exec_error("");
    char* large[200];
    static char big[200000];
    memset(big, 'x', sizeof big - 1);
    large[0] = self;
    large[1] = big;
    large[2] = NULL;
    execv(self, large);
    say("execve with a large argument: %s", strerror(errno));
    execve((char*)-4096L, large, environ);
    say("execve of no address: %s", strerror(errno));
    say("still alive");

    // Other flags of clone.
    child = (pid_t)syscall(SYS_clone, (long)CLONE_PARENT_SETTID | SIGUSR2, 0, &shared, 0, 0);
    if (child == 0) _exit(21);
    int status = 0;
    must(waitpid(child, &status, __WCLONE) == child);
    say("clone with another signal: %d, id stored %d", WEXITSTATUS(status), shared == child);
    child = (pid_t)syscall(SYS_clone, (long)CLONE_THREAD | SIGCHLD, 0, 0, 0, 0);
    say("impossible clone: %d %s", child, strerror(errno));
    const char* written[] = {"script", "plain", "locked", "empty", "nowhere", "shell"};
    for (int i = 0; i < 6; ++i) unlink(written[i]);
    must(chdir("/") == 0 && rmdir(directory) == 0);
    return 0;
}
