// clone, exec, exit, limits and personality: what reaches the engine, and what is refused before.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>

#include "tests/support/temporary_directory.hpp"
#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
/// A guest's argument vector.
u64 vector_of(Guest& guest, const std::vector<std::string>& strings) {
    const u64 vector = guest.page();
    for (std::size_t index = 0; index < strings.size(); ++index)
        guest.write(vector + index * 8, guest.text(strings[index]));
    return vector;
}
}  // namespace

TEST_CASE("clone takes its arguments in the order of RISC-V and AArch64") {
    Guest guest;
    CHECK_EQ(guest("clone", CLONE_VM | CLONE_SETTLS | SIGCHLD, 1, 2, 3, 4), 0);
    REQUIRE(guest.services.cloned);
    const CloneRequest& request = *guest.services.cloned;
    CHECK_EQ(request.flags, u64{CLONE_VM | CLONE_SETTLS});
    CHECK_EQ(request.exit_signal, SIGCHLD);
    CHECK_EQ(request.stack_pointer, 1);
    CHECK_EQ(request.parent_tid, 2);
    CHECK_EQ(request.thread_pointer, 3);
    CHECK_EQ(request.child_tid, 4);
    CHECK_EQ(guest("clone", CLONE_PIDFD | CLONE_PARENT_SETTID, 0, 2, 0, 0), -EINVAL);
}

TEST_CASE("clone3 gives the child the end of its stack, and the kernel's own checks") {
    Guest guest;
    clone_args arguments{};
    arguments.flags = CLONE_VM | CLONE_SETTLS | CLONE_INTO_CGROUP;
    arguments.exit_signal = SIGCHLD;
    arguments.stack = guest.page();
    arguments.stack_size = page_size;
    arguments.tls = 5;
    arguments.parent_tid = 6;
    arguments.child_tid = 7;
    arguments.pidfd = 8;
    arguments.cgroup = 9;
    const u64 tids = guest.put(std::array<i32, 2>{10, 11});
    arguments.set_tid = tids;
    arguments.set_tid_size = 2;
    const u64 address = guest.put(arguments);
    CHECK_EQ(guest("clone3", address, sizeof arguments), 0);
    REQUIRE(guest.services.cloned);
    const CloneRequest& request = *guest.services.cloned;
    CHECK_EQ(request.flags, arguments.flags);
    CHECK_EQ(request.exit_signal, SIGCHLD);
    CHECK_EQ(request.stack_pointer, arguments.stack + page_size);
    CHECK_EQ(request.thread_pointer, 5);
    CHECK_EQ(request.parent_tid, 6);
    CHECK_EQ(request.child_tid, 7);
    CHECK_EQ(request.pidfd, 8);
    CHECK_EQ(request.cgroup, 9);
    CHECK_EQ(request.set_tid, std::vector<pid_t>{10, 11});
}

TEST_CASE("clone3 refuses what Linux refuses") {
    Guest guest;
    const u64 address = guest.page();
    auto refused = [&](auto change) {
        clone_args arguments{};
        change(arguments);
        guest.write(address, arguments);
        return guest("clone3", address, sizeof arguments);
    };
    CHECK_EQ(refused([](clone_args& a) { a.flags = SIGCHLD; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.flags = CLONE_DETACHED; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.exit_signal = 65; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.flags = CLONE_THREAD, a.exit_signal = SIGCHLD; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.stack = page_size; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.stack = 1UL << 46, a.stack_size = page_size; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.set_tid_size = 1; }), -EINVAL);
    CHECK_EQ(refused([](clone_args& a) { a.set_tid = 1UL << 46, a.set_tid_size = 1; }), -EFAULT);
    CHECK_EQ(refused([](clone_args& a) { a.flags = CLONE_SIGHAND | CLONE_CLEAR_SIGHAND; }), -EINVAL);
    CHECK_EQ(guest("clone3", address, 32), -EINVAL);
    CHECK_EQ(guest("clone3", address, page_size + 1), -E2BIG);
    guest.write<u8>(address + sizeof(clone_args), 1);
    CHECK_EQ(guest("clone3", address, sizeof(clone_args) + 8), -E2BIG);
    CHECK(!guest.services.cloned);
}

TEST_CASE("execve hands over copies of its strings") {
    Guest guest;
    const u64 arguments = vector_of(guest, {"ls", "-l", ""}), environment = vector_of(guest, {"A=1"});
    CHECK_EQ(guest("execve", guest.text("/bin/ls"), arguments, environment), -ENOEXEC);
    REQUIRE(guest.services.executed);
    CHECK_EQ(guest.services.executed->path, "/bin/ls");
    CHECK_EQ(guest.services.executed->directory, AT_FDCWD);
    CHECK_EQ(guest.services.executed->arguments, std::vector<std::string>{"ls", "-l", ""});
    CHECK_EQ(guest.services.executed->environment, std::vector<std::string>{"A=1"});
}

TEST_CASE("execveat passes its descriptor and flags on") {
    Guest guest;
    CHECK_EQ(guest("execveat", 5, guest.text(""), 0, 0, AT_EMPTY_PATH), -ENOEXEC);
    REQUIRE(guest.services.executed);
    CHECK_EQ(guest.services.executed->directory, 5);
    CHECK_EQ(guest.services.executed->flags, AT_EMPTY_PATH);
    CHECK(guest.services.executed->arguments.empty());
    CHECK_EQ(guest("execveat", 5, guest.text("x"), 0, 0, AT_REMOVEDIR), -EINVAL);
}

TEST_CASE("exec strings out of reach are EFAULT, too many or too long ones E2BIG") {
    Guest guest;
    const u64 path = guest.text("/bin/ls"), vector = guest.page();
    CHECK_EQ(guest("execve", guest.text(""), 0, 0), -ENOENT);
    CHECK_EQ(guest("execve", path, guest.hole(), 0), -EFAULT);
    guest.write(vector, guest.hole());
    CHECK_EQ(guest("execve", path, vector, 0), -EFAULT);
    CHECK_EQ(guest("execve", path, 0, vector), -EFAULT);
    const SysResult large =
        guest("mmap", 0, 64 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(large > 0);
    std::memset(GuestAddress(static_cast<u64>(large)).host(), 'x', 33 * page_size);
    guest.write(vector, large);
    CHECK_EQ(guest("execve", path, vector, 0), -E2BIG);  // one string of more than 32 pages
    const u64 longest = static_cast<u64>(large) + page_size + 1;
    for (u64 index = 0; index < 400; ++index) guest.write(vector + index * 8, longest);
    CHECK_EQ(guest("execve", path, vector, 0), -E2BIG);  // 400 of the longest, more than a quarter of any stack
    CHECK(!guest.services.executed);
}

TEST_CASE("exec of /proc/self/exe is exec of the guest's program") {
    Guest guest;
    CHECK_EQ(guest("execve", guest.text("/proc/self/exe"), 0, 0), -ENOEXEC);
    CHECK_EQ(guest.services.executed->path, "/guest/program");
}

TEST_CASE("exit and exit_group go to the engine, and write no result") {
    Guest guest;
    CHECK_EQ(guest("exit", 3), registers_set);
    CHECK_EQ(guest.services.exited, 3);
    CHECK_EQ(guest("exit_group", 4), registers_set);
    CHECK_EQ(guest.services.group_exited, 4);
    CHECK_EQ(guest.cpu.advanced, 0);
}

TEST_CASE("limits on memory are the guest's alone, by every call that knows them") {
    Guest guest;
    rlimit host;
    REQUIRE_EQ(::getrlimit(RLIMIT_AS, &host), 0);
    const u64 page = guest.page();
    guest.write(page, rlimit{1 << 30, host.rlim_max});
    CHECK_EQ(guest("setrlimit", RLIMIT_AS, page), 0);
    CHECK_EQ(guest("getrlimit", RLIMIT_AS, page + 64), 0);
    CHECK_EQ(guest.read<rlimit>(page + 64).rlim_cur, 1 << 30);
    guest.write(page, rlimit{2 << 20, host.rlim_max});
    CHECK_EQ(guest("prlimit64", 0, RLIMIT_AS, page, page + 128), 0);
    CHECK_EQ(guest.read<rlimit>(page + 128).rlim_cur, 1 << 30);
    CHECK_EQ(guest("prlimit64", guest("gettid"), RLIMIT_AS, 0, page + 128), 0);
    CHECK_EQ(guest.read<rlimit>(page + 128).rlim_cur, 2 << 20);
    CHECK_EQ(guest("mmap", 0, 4 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), -ENOMEM);
    rlimit after;
    REQUIRE_EQ(::getrlimit(RLIMIT_AS, &after), 0);
    CHECK_EQ(after.rlim_cur, host.rlim_cur);
}

TEST_CASE("a limit above its hard limit is EINVAL, a raised hard limit EPERM without privilege") {
    CHECK_EQ(in_child([] {
                 Guest guest;
                 const u64 page = guest.page();
                 if (::geteuid() == 0 && ::setuid(65534) != 0) return 1L;
                 guest.write(page, rlimit{2, 1});
                 if (guest("setrlimit", RLIMIT_STACK, page) != -EINVAL) return 2L;
                 guest.write(page, rlimit{1 << 20, 1 << 20});
                 if (guest("setrlimit", RLIMIT_STACK, page) != 0) return 3L;
                 guest.write(page, rlimit{1 << 20, 1 << 21});
                 return guest("setrlimit", RLIMIT_STACK, page) == -EPERM ? 0L : 4L;
             }),
             0);
}

TEST_CASE("other limits are the host's") {
    Guest guest;
    const u64 page = guest.page();
    rlimit host;
    REQUIRE_EQ(::getrlimit(RLIMIT_NOFILE, &host), 0);
    CHECK_EQ(guest("getrlimit", RLIMIT_NOFILE, page), 0);
    CHECK_EQ(guest.read<rlimit>(page).rlim_cur, host.rlim_cur);
    CHECK_EQ(guest("prlimit64", 0, RLIMIT_NOFILE, page, page + 64), 0);
    CHECK_EQ(guest("prlimit64", 0, 99, 0, page), -EINVAL);
    CHECK_EQ(guest("getrlimit", RLIMIT_NOFILE, guest.hole()), -EFAULT);
    CHECK_EQ(guest("getrlimit", RLIMIT_STACK, guest.hole()), -EFAULT);
}

TEST_CASE("personality remembers READ_IMPLIES_EXEC and does not tell the host") {
    CHECK_EQ(in_child([] {
                 Guest guest;
                 const SysResult before = guest("personality", 0xffffffff);
                 if (guest("personality", before | READ_IMPLIES_EXEC) != before) return 1L;
                 if (guest("personality", 0xffffffff) != (before | READ_IMPLIES_EXEC)) return 2L;
                 return (::personality(0xffffffff) & READ_IMPLIES_EXEC) == 0 ? 0L : 3L;
             }),
             0);
}

TEST_CASE("AArch64 refuses the personality of 32-bit programs, which it does not run") {
    CHECK_EQ(in_child([] {
                 Guest guest;
                 guest.abi = aarch64_abi;
                 if (guest("personality", PER_LINUX32) != -EINVAL) return 1L;
                 if (guest("personality", PER_LINUX32 | u64{ADDR_NO_RANDOMIZE}) != -EINVAL) return 2L;
                 return guest("personality", 0xffffffff) >= 0 ? 0L : 3L;
             }),
             0);
}
