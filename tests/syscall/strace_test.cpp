// The lines of --strace, in the form that strace has made familiar.
#include "syscall/strace.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "runtime/base/text.hpp"
#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

TEST_CASE("names, flags and errors are spelled out") {
    Guest guest;
    CHECK_EQ(guest.traced("openat", AT_FDCWD, guest.text("/no/such"), O_RDONLY | O_CLOEXEC, 0),
             "openat(AT_FDCWD, \"/no/such\", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)\n");
    CHECK_EQ(guest.traced("openat", 9, guest.text("x"), O_WRONLY | O_CREAT | O_TRUNC, 0644),
             "openat(9, \"x\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 EBADF (Bad file descriptor)\n");
    CHECK_EQ(guest.traced("getpid"), format("getpid() = {}\n", ::getpid()));
    CHECK_EQ(guest.traced("mprotect", 0x1000, 4096, PROT_READ | PROT_EXEC),
             "mprotect(0x1000, 4096, PROT_READ|PROT_EXEC) = -1 ENOMEM (Cannot allocate memory)\n");
    CHECK_EQ(guest.traced("kill", -1, 65), "kill(-1, 65) = -1 EINVAL (Invalid argument)\n");
    CHECK_EQ(guest.traced("faccessat", AT_FDCWD, guest.text("/"), F_OK), "faccessat(AT_FDCWD, \"/\", F_OK) = 0\n");
    CHECK_EQ(guest.traced("futex", 0, FUTEX_WAKE_PRIVATE, 1, 0, 0, 0),
             "futex(NULL, FUTEX_WAKE_PRIVATE, 1, 0, NULL, 0) = 0\n");
}

TEST_CASE("bytes that are written show before the call, bytes that are read after it") {
    Guest guest;
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    const u64 text = guest.text("tab\tquote\"\n"), page = guest.page();
    CHECK_EQ(guest.traced("write", ends[1], text, 11), format("write({}, \"tab\\tquote\\\"\\n\", 11) = 11\n", ends[1]));
    CHECK_EQ(guest.traced("read", ends[0], page, 100), format("read({}, \"tab\\tquote\\\"\\n\", 100) = 11\n", ends[0]));
    const u64 longer = guest.text("0123456789012345678901234567890123456789");
    CHECK_EQ(guest.traced("write", ends[1], longer, 40),
             format("write({}, \"01234567890123456789012345678901\"..., 40) = 40\n", ends[1]));
    CHECK_EQ(guest.traced("read", -1, page, 100),
             format("read(-1, {:#x}, 100) = -1 EBADF (Bad file descriptor)\n", page));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("bytes without a letter are octal, of three digits where a digit follows") {
    Guest guest;
    const u64 page = guest.page();
    guest.write(page, std::array<u8, 4>{1, '2', 0xff, 'x'});
    CHECK_EQ(guest.traced("write", -1, page, 4), "write(-1, \"\\0012\\377x\", 4) = -1 EBADF (Bad file descriptor)\n");
}

TEST_CASE("what cannot be read is shown as its address") {
    Guest guest;
    CHECK_EQ(guest.traced("unlinkat", AT_FDCWD, guest.hole(), 0),
             "unlinkat(AT_FDCWD, 0x40000, 0) = -1 EFAULT (Bad address)\n");
    CHECK_EQ(guest.traced("write", -1, u64{1} << 46, 4),
             "write(-1, 0x400000000000, 4) = -1 EBADF (Bad file descriptor)\n");
}

TEST_CASE("structures show their fields, results only when there are any") {
    Guest guest;
    const u64 page = guest.put(rlimit{0, RLIM_INFINITY});
    CHECK_EQ(guest.traced("prlimit64", 0, RLIMIT_CORE, page, 0),
             "prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=RLIM64_INFINITY}, NULL) = 0\n");
    CHECK_EQ(guest.traced("nanosleep", guest.put(timespec{0, 1}), 0), "nanosleep({tv_sec=0, tv_nsec=1}, NULL) = 0\n");
    CHECK_EQ(guest.traced("pipe2", guest.hole(), O_CLOEXEC), "pipe2(0x40000, O_CLOEXEC) = -1 EFAULT (Bad address)\n");
    guest.write<u64>(page, 1 << 16 | 1);
    CHECK_EQ(guest.traced("rt_sigprocmask", SIG_BLOCK, page, 0, 8),
             "rt_sigprocmask(SIG_BLOCK, [HUP CHLD], NULL, 8) = 0\n");
}

TEST_CASE("addresses of sockets are readable") {
    Guest guest;
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(80);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(
        guest.traced("connect", -1, guest.put(in), 16),
        "connect(-1, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"127.0.0.1\")}, 16) = -1 EBADF (Bad "
        "file descriptor)\n");
    const sockaddr_un un{AF_UNIX, "/run/x"};
    CHECK_EQ(guest.traced("bind", -1, guest.put(un), 9),
             "bind(-1, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 9) = -1 EBADF (Bad file descriptor)\n");
}

TEST_CASE("scattered buffers show their bytes, as many as were moved") {
    Guest guest;
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    const u64 vectors = guest.page(), text = guest.text("abcdef");
    guest.write(vectors, std::array<u64, 4>{text, 3, text + 3, 3});
    CHECK_EQ(
        guest.traced("writev", ends[1], vectors, 2),
        format("writev({}, [{{iov_base=\"abc\", iov_len=3}}, {{iov_base=\"def\", iov_len=3}}], 2) = 6\n", ends[1]));
    guest.write(vectors, std::array<u64, 4>{text, 4, text + 8, 50});
    CHECK_EQ(
        guest.traced("readv", ends[0], vectors, 2),
        format("readv({}, [{{iov_base=\"abcd\", iov_len=4}}, {{iov_base=\"ef\", iov_len=50}}], 2) = 6\n", ends[0]));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("an address that is the result is hexadecimal") {
    Guest guest;
    const std::string line = guest.traced("mmap", 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(line.starts_with("mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x"));
}

TEST_CASE("calls that do not exist or are not supported say so") {
    Guest guest;
    CHECK_EQ(guest.trace([&] {
        guest.call(300, {1, 2});
    }),
             "syscall_300(0x1, 0x2, 0, 0, 0, 0) = -1 ENOSYS (Function not implemented) [lyre: no such call]\n");
    const std::string refused = guest.traced("rseq", 0x1000);
    CHECK(
        refused.starts_with("rseq(0x1000, 0, 0, 0, 0, 0) = -1 ENOSYS (Function not implemented) [lyre: unsupported: "));
}

TEST_CASE("exec is shown before it is made, and again when it fails") {
    Guest guest;
    const u64 vector = guest.page();
    guest.write(vector, guest.text("ls"));
    guest.write(vector + 8, guest.text("-l"));
    const std::string text = guest.traced("execve", guest.text("/bin/ls"), vector, 0);
    CHECK_EQ(text,
             "execve(\"/bin/ls\", [\"ls\", \"-l\"], NULL <unfinished ...>\n"
             "<... execve resumed>) = -1 ENOEXEC (Exec format error)\n");
}

TEST_CASE("exit has no result") {
    Guest guest;
    CHECK_EQ(guest.traced("exit_group", 3), "exit_group(3) = ?\n");
}

TEST_CASE("a call that a signal turned back is not shown: it will be made anew") {
    Guest guest;
    guest.cpu.vm().attention = 1;
    CHECK_EQ(guest.traced("getpid"), "");
}

TEST_CASE("lines begin with the thread's id once there are several") {
    Guest guest;
    CHECK_EQ(guest.traced("clone", SIGCHLD, 0, 0, 0, 0), "clone(SIGCHLD, NULL, NULL, NULL, NULL) = 0\n");
    CHECK_EQ(guest.traced("clone", CLONE_VM | CLONE_VFORK | SIGCHLD, 0x1000, 0, 0, 0),
             format("[pid {:5}] clone(CLONE_VM|CLONE_VFORK|SIGCHLD, 0x1000, NULL, NULL, NULL) = 0\n", ::getpid()));
    CHECK_EQ(guest.traced("getppid"), format("[pid {:5}] getppid() = {}\n", ::getpid(), ::getppid()));
}

TEST_CASE("a signal's action and a child's end are readable") {
    Guest guest;
    const u64 action = guest.put(std::array<u64, 3>{0x1234, 0x10000004, 0});
    CHECK_EQ(guest.traced("rt_sigaction", SIGINT, action, 0, 8),
             "rt_sigaction(SIGINT, {sa_handler=0x1234, sa_flags=SA_SIGINFO|SA_RESTART}, NULL, 8) = 0\n");
    const pid_t child = ::fork();
    if (child == 0) ::_exit(3);
    CHECK_EQ(guest.traced("wait4", child, guest.page(), 0, 0),
             format("wait4({}, [{{WIFEXITED(s) && WEXITSTATUS(s) == 3}}], 0, NULL) = {}\n", child, child));
}

TEST_CASE("the environment is only counted") {
    Guest guest;
    const u64 vector = guest.page();
    guest.write(vector, guest.text("A=1"));
    guest.write(vector + 8, guest.text("B=2"));
    CHECK(guest.traced("execve", guest.text("/bin/ls"), 0, vector)
              .starts_with(format("execve(\"/bin/ls\", NULL, {:#x} /* 2 vars */ <unfinished ...>\n", vector)));
}

TEST_CASE("signals are shown when they are delivered") {
    Guest guest;
    siginfo_t information{};
    information.si_signo = SIGSEGV;
    information.si_code = SEGV_MAPERR;
    information.si_addr = GuestAddress(0x1234).host();
    const std::string line = guest.trace([&] { trace_signal(guest.process, SIGSEGV, information); });
    CHECK_EQ(line, "--- SIGSEGV {si_signo=SIGSEGV, si_code=1, si_addr=0x1234} ---\n");
    trace_signal(guest.process, SIGSEGV, information);  // no trace, no line
}
