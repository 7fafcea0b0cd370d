// openat, openat2, close, dup3, fcntl, read, write and their kin.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temporary_directory.hpp"
#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
std::string contents(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}
bool exists(const std::string& path) {
    struct stat status;
    return ::lstat(path.c_str(), &status) == 0;
}
}  // namespace

TEST_CASE("a file is made, written, read at a place and closed") {
    Guest guest;
    test::TemporaryDirectory directory;
    const std::string path = directory / "file";
    const SysResult file = guest("openat", AT_FDCWD, guest.text(path), O_CREAT | O_RDWR, 0600);
    REQUIRE(file >= 0);
    const u64 page = guest.text("hello, world");
    CHECK_EQ(guest("write", file, page, 12), 12);
    CHECK_EQ(guest("pwrite64", file, page, 5, 100), 5);
    CHECK_EQ(guest("pread64", file, page + 64, 5, 7), 5);
    CHECK_EQ(guest.read_text(page + 64), "world");
    CHECK_EQ(guest("lseek", file, 0, SEEK_SET), 0);
    CHECK_EQ(guest("read", file, page + 128, 5), 5);
    CHECK_EQ(guest.read_text(page + 128), "hello");
    CHECK_EQ(guest("close", file), 0);
    CHECK_EQ(guest("close", file), -EBADF);
    CHECK_EQ(contents(path).size(), 105);
}

TEST_CASE("what openat cannot do it says with the host's errno") {
    Guest guest;
    CHECK_EQ(guest("openat", AT_FDCWD, guest.text("/no/such/file"), O_RDONLY, 0), -ENOENT);
    CHECK_EQ(guest("openat", AT_FDCWD, guest.text(""), O_RDONLY, 0), -ENOENT);
    CHECK_EQ(guest("openat", AT_FDCWD, guest.text("/dev/null/x"), O_RDONLY, 0), -ENOTDIR);
    CHECK_EQ(guest("openat", 99, guest.text("relative"), O_RDONLY, 0), -EBADF);
    CHECK_EQ(guest("openat", AT_FDCWD, guest.hole(), O_RDONLY, 0), -EFAULT);
}

TEST_CASE("the engine is told before the root directory changes") {
    Guest guest;
    CHECK_EQ(guest("chroot", guest.text("/no/such/directory")), -ENOENT);
    CHECK_EQ(guest.services.root_changes_told, 1);
    CHECK_LT(guest("pivot_root", guest.text("/no/such/directory"), guest.text("/nor/this")), 0);
    CHECK_EQ(guest.services.root_changes_told, 2);
}

TEST_CASE("openat2 takes its structure, of the known size or larger") {
    Guest guest;
    const u64 path = guest.text("/dev/null");
    const u64 how = guest.put(open_how{.flags = O_RDWR | O_CLOEXEC, .mode = 0, .resolve = 0});
    const SysResult file = guest("openat2", AT_FDCWD, path, how, sizeof(open_how));
    REQUIRE(file >= 0);
    CHECK_EQ(::fcntl(static_cast<int>(file), F_GETFD), FD_CLOEXEC);
    ::close(static_cast<int>(file));
    const SysResult larger = guest("openat2", AT_FDCWD, path, how, sizeof(open_how) + 8);
    CHECK(larger >= 0);
    ::close(static_cast<int>(larger));
    guest.write(how + sizeof(open_how), 1);
    CHECK_EQ(guest("openat2", AT_FDCWD, path, how, sizeof(open_how) + 8), -E2BIG);
    CHECK_EQ(guest("openat2", AT_FDCWD, path, how, 8), -EINVAL);
    guest.write(how, open_how{.flags = O_RDONLY, .mode = 0, .resolve = RESOLVE_BENEATH});
    CHECK_EQ(guest("openat2", AT_FDCWD, path, how, sizeof(open_how)), -EXDEV);
}

TEST_CASE("an absolute name means the sysroot's file when there is one, else the host's") {
    test::TemporaryDirectory sysroot, outside;
    std::filesystem::create_directories(sysroot / "etc");
    std::ofstream(sysroot / "etc/guest-only") << "guest";
    std::ofstream(outside / "file") << "host";
    Guest guest(sysroot.path());
    const u64 page = guest.page();
    auto read_file = [&](const std::string& path) {
        const SysResult file = guest("openat", AT_FDCWD, guest.text(path), O_RDONLY, 0);
        if (file < 0) return errno_text(file);
        const SysResult count = guest("read", file, page, 100);
        guest("close", file);
        return std::string(guest.read_text(page), 0, static_cast<std::size_t>(count));
    };
    CHECK_EQ(read_file("/etc/guest-only"), "guest");
    CHECK_EQ(read_file(outside / "file"), "host");
    CHECK_EQ(guest("faccessat", AT_FDCWD, guest.text("/etc/guest-only"), R_OK), 0);
    CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text("/etc/guest-only"), page, 0), 0);
}

TEST_CASE("what is made or removed by an absolute name is the host's, unless its directory is the sysroot's only") {
    test::TemporaryDirectory sysroot, outside;
    std::filesystem::create_directories(sysroot / "only-there");
    Guest guest(sysroot.path());
    const u64 inside_name = guest.text("/only-there/new"), outside_name = guest.text(outside / "new");
    for (u64 name : {inside_name, outside_name}) {
        CHECK_EQ(guest("mkdirat", AT_FDCWD, name, 0700), 0);
        CHECK_EQ(guest("unlinkat", AT_FDCWD, name, AT_REMOVEDIR), 0);
        const SysResult file = guest("openat", AT_FDCWD, name, O_CREAT | O_EXCL | O_WRONLY, 0600);
        CHECK(file >= 0);
        guest("close", file);
    }
    CHECK(exists(sysroot / "only-there/new"));
    CHECK(exists(outside / "new"));
    CHECK_EQ(guest("renameat2", AT_FDCWD, outside_name, AT_FDCWD, guest.text(outside / "other"), 0), 0);
    CHECK(exists(outside / "other"));
    CHECK_EQ(guest("symlinkat", guest.text("target"), AT_FDCWD, guest.text("/only-there/link")), 0);
    CHECK_EQ(std::filesystem::read_symlink(sysroot / "only-there/link"), "target");
}

TEST_CASE("the working directory is shown by the guest's name") {
    test::TemporaryDirectory sysroot;
    std::filesystem::create_directories(sysroot / "usr/lib");
    CHECK_EQ(in_child([&] {
                 Guest guest(sysroot.path());
                 const u64 page = guest.page();
                 if (guest("chdir", guest.text("/usr/lib")) != 0) return 1L;
                 if (guest("getcwd", page, 8) != -ERANGE) return 3L;
                 if (guest("getcwd", page, 100) != 9) return 2L;
                 return guest.read_text(page) == "/usr/lib" ? 0L : 4L;
             }),
             0);
}

TEST_CASE("without a sysroot getcwd is the host's") {
    Guest guest;
    const u64 page = guest.page();
    const auto here = std::filesystem::current_path().string();
    CHECK_EQ(guest("getcwd", page, page_size), static_cast<SysResult>(here.size() + 1));
    CHECK_EQ(guest.read_text(page), here);
    CHECK_EQ(guest("getcwd", page, 1), -ERANGE);
    CHECK_EQ(guest("getcwd", guest.hole(), page_size), -EFAULT);
}

TEST_CASE("readlinkat cuts the target off at the buffer's size") {
    test::TemporaryDirectory directory;
    Guest guest;
    const u64 link = guest.text(directory / "link"), page = guest.page();
    REQUIRE_EQ(guest("symlinkat", guest.text("some/target"), AT_FDCWD, link), 0);
    CHECK_EQ(guest("readlinkat", AT_FDCWD, link, page, 4), 4);
    CHECK_EQ(guest.read_text(page), "some");
    CHECK_EQ(guest("readlinkat", AT_FDCWD, link, page, 100), 11);
    CHECK_EQ(guest("readlinkat", AT_FDCWD, link, page, 0), -EINVAL);
}

TEST_CASE("the VM's own descriptors can be neither closed nor replaced nor changed") {
    Guest guest;
    const int mine = ::fcntl(0, F_DUPFD_CLOEXEC, 700), theirs = ::fcntl(0, F_DUPFD, 690);
    guest.services.owned = {mine};
    CHECK_EQ(guest("close", mine), -EBADF);
    CHECK_EQ(guest("dup3", theirs, mine, 0), -EBADF);
    CHECK_EQ(guest("dup3", mine, theirs, 0), -EBADF);
    CHECK_EQ(guest("fcntl", mine, F_SETFD, 0), -EBADF);
    CHECK_EQ(guest("close_range", theirs, ~0U, 0), 0);
    CHECK_EQ(::fcntl(mine, F_GETFD), FD_CLOEXEC);
    CHECK_EQ(::fcntl(theirs, F_GETFD), -1);
    ::close(mine);
}

TEST_CASE("close_range closes on both sides of what the VM owns, and judges its arguments") {
    Guest guest;
    int last = 0;
    for (int descriptor = 800; descriptor < 806; ++descriptor) last = ::fcntl(0, F_DUPFD, descriptor);
    REQUIRE_EQ(last, 805);
    guest.services.owned = {802, 804};
    CHECK_EQ(guest("close_range", 801, 805, 0), 0);
    for (int descriptor = 800; descriptor < 806; ++descriptor) {
        const bool open = ::fcntl(descriptor, F_GETFD) >= 0;
        CHECK_EQ(open, descriptor == 800 || descriptor == 802 || descriptor == 804);
        ::close(descriptor);
    }
    CHECK_EQ(guest("close_range", 5, 4, 0), -EINVAL);
    CHECK_EQ(guest("close_range", 900, 901, 64), -EINVAL);
}

TEST_CASE("fcntl locks, owners and flags go to and fro") {
    Guest guest;
    const int file = ::memfd_create("file", MFD_ALLOW_SEALING);
    const u64 lock = guest.put(flock{.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10, .l_pid = 0});
    CHECK_EQ(guest("fcntl", file, F_SETLK, lock), 0);
    CHECK_EQ(guest("fcntl", file, F_GETLK, guest.hole()), -EFAULT);
    CHECK_EQ(guest("fcntl", file, F_SETFL, O_APPEND), 0);
    CHECK_EQ(guest("fcntl", file, F_GETFL, 0) & O_APPEND, O_APPEND);
    CHECK_EQ(guest("fcntl", file, 1034, 0), 0);  // F_GET_SEALS
    const SysResult copy = guest("fcntl", file, F_DUPFD_CLOEXEC, 100);
    CHECK(copy >= 100);
    CHECK_EQ(guest("fcntl", copy, F_GETFD, 0), FD_CLOEXEC);
    ::close(static_cast<int>(copy));
    ::close(file);
}

TEST_CASE("AArch64's own numbers of four open flags mean the same files") {
    Guest guest;
    guest.abi = aarch64_abi;
    constexpr int arm_directory = 040000, arm_no_follow = 0100000, arm_direct = 0200000, arm_large = 0400000;
    CHECK_EQ(guest("openat", AT_FDCWD, guest.text("/dev/null"), arm_directory, 0), -ENOTDIR);
    CHECK_EQ(guest("openat", AT_FDCWD, guest.text("/proc/self"), arm_no_follow, 0), -ELOOP);
    const u64 how = guest.put(open_how{.flags = arm_directory, .mode = 0, .resolve = 0});
    CHECK_EQ(guest("openat2", AT_FDCWD, guest.text("/dev/null"), how, sizeof(open_how)), -ENOTDIR);
    const SysResult directory = guest("openat", AT_FDCWD, guest.text("/"), arm_directory | arm_large, 0);
    REQUIRE(directory >= 0);
    const SysResult flags = guest("fcntl", directory, F_GETFL, 0);
    CHECK_EQ(flags & arm_directory, arm_directory);
    CHECK_EQ(flags & arm_direct, 0);
    ::close(static_cast<int>(directory));
}

TEST_CASE("renameat is there for the guests that have it") {
    Guest guest;
    test::TemporaryDirectory directory;
    std::ofstream(directory / "a") << "x";
    const u64 from = guest.text(directory / "a"), to = guest.text(directory / "b");
    CHECK_EQ(guest("renameat", AT_FDCWD, from, AT_FDCWD, to), -ENOSYS);
    guest.abi = aarch64_abi;
    CHECK_EQ(guest("renameat", AT_FDCWD, from, AT_FDCWD, to), 0);
    CHECK(exists(directory / "b"));
}

TEST_CASE("scattered buffers are read and written, and a bad one among them is EFAULT") {
    Guest guest;
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    const u64 page = guest.text("abcdef"), vectors = guest.page();
    auto set = [&](u64 index, u64 base, u64 size) {
        guest.write(vectors + index * 16, base);
        guest.write(vectors + index * 16 + 8, size);
    };
    for (u64 index = 0; index < 20; ++index) set(index, page + index % 6, 1);
    CHECK_EQ(guest("writev", ends[1], vectors, 20), 20);
    set(0, page + 64, 3);
    set(1, page + 80, 17);
    CHECK_EQ(guest("readv", ends[0], vectors, 2), 20);
    CHECK_EQ(guest.read_text(page + 64), "abc");
    CHECK_EQ(guest.read_text(page + 80), "defabcdefabcdefab");
    set(1, u64{1} << 46, 4);
    CHECK_EQ(guest("writev", ends[1], vectors, 2), -EFAULT);
    set(1, page, ~u64{0});
    CHECK_EQ(guest("writev", ends[1], vectors, 2), -EINVAL);
    CHECK_EQ(guest("writev", ends[1], vectors, 1025), -EINVAL);
    CHECK_EQ(guest("writev", ends[1], guest.hole(), 2), -EFAULT);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("setxattrat and getxattrat find their value through a structure") {
    Guest guest;
    test::TemporaryDirectory directory;
    std::ofstream(directory / "file") << "x";
    const u64 path = guest.text(directory / "file"), name = guest.text("user.lyrebird"), value = guest.text("value");
    struct Arguments {
        u64 value;
        u32 size, flags;
    };
    const u64 arguments = guest.put(Arguments{value, 5, 0});
    if (const SysResult set = guest("setxattrat", AT_FDCWD, path, 0, name, arguments, sizeof(Arguments)); set != 0) {
        // A host without the call or a file system without attributes says so.
        CHECK_MESSAGE((set == -ENOSYS || set == -EOPNOTSUPP), errno_text(set));
        return;
    }
    const u64 result = guest.page();
    guest.write(arguments, Arguments{result, 100, 0});
    CHECK_EQ(guest("getxattrat", AT_FDCWD, path, 0, name, arguments, sizeof(Arguments)), 5);
    CHECK_EQ(guest.read_text(result), "value");
    guest.write(arguments, Arguments{u64{1} << 46, 100, 0});
    CHECK_EQ(guest("getxattrat", AT_FDCWD, path, 0, name, arguments, sizeof(Arguments)), -EFAULT);
}

TEST_CASE("ioctl commands with addresses inside get checked copies") {
    Guest guest;
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    REQUIRE(socket >= 0);
    const u64 buffer = guest.page();
    struct Interfaces {
        i32 size, pad;
        u64 buffer;
    };
    const u64 list = guest.put(Interfaces{4096, 0, buffer});
    CHECK_EQ(guest("ioctl", socket, 0x8912, list), 0);  // SIOCGIFCONF
    CHECK_EQ(guest.read<Interfaces>(list).buffer, buffer);
    CHECK(guest.read<Interfaces>(list).size <= 4096);
    guest.write(list, Interfaces{4096, 0, u64{1} << 46});
    const SysResult hostile = guest("ioctl", socket, 0x8912, list);
    CHECK((hostile == -EFAULT || (hostile == 0 && guest.read<Interfaces>(list).size == 0)));
    CHECK_EQ(guest.read<Interfaces>(list).buffer, u64{1} << 46);
    ::close(socket);
}

TEST_CASE("ioctl passes numbers as they are") {
    Guest guest;
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    const u64 page = guest.text("x");
    CHECK_EQ(guest("write", ends[1], page, 1), 1);
    CHECK_EQ(guest("ioctl", ends[0], 0x541b, page), 0);  // FIONREAD
    CHECK_EQ(guest.read<int>(page), 1);
    CHECK_EQ(guest("ioctl", ends[0], 0x5451, 0), 0);  // FIOCLEX
    CHECK_EQ(::fcntl(ends[0], F_GETFD), FD_CLOEXEC);
    CHECK_EQ(guest("ioctl", ends[0], 0x5401, page), -ENOTTY);
    CHECK_EQ(guest("ioctl", ends[0], 0x541b, guest.hole()), -EFAULT);
    ::close(ends[0]);
    ::close(ends[1]);
}
