// /proc: the guest's own picture, by every name that leads there.
#include "syscall/proc.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "runtime/base/text.hpp"
#include "syscall/layouts.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
std::string read_all(Guest& guest, SysResult file) {
    REQUIRE(file >= 0);
    std::string text;
    const u64 page = guest.page();
    for (SysResult count; (count = guest("read", file, page, page_size)) > 0;) {
        text.append(GuestAddress(page).host<char>(), static_cast<std::size_t>(count));
    }
    guest("close", file);
    return text;
}
std::string read_file(Guest& guest, const std::string& path, int directory = AT_FDCWD) {
    return read_all(guest, guest("openat", directory, guest.text(path), O_RDONLY, 0));
}
bool is_guest_map(const std::string& text) {
    return !text.empty() && text.find("[vvar]") == std::string::npos && text.find(" 7f") == std::string::npos &&
           text.find("\n5") == std::string::npos && text.find("syscall_test") == std::string::npos;
}
std::string line_of(const std::string& text, const std::string& start) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(start)) return line;
    }
    return "";
}
}  // namespace

TEST_CASE("maps shows the guest's map in the kernel's format") {
    Guest guest;
    const int mapped = ::open("/etc/passwd", O_RDONLY);
    const u64 anonymous = guest.page();
    const u64 backed = static_cast<u64>(guest("mmap", 0, page_size, PROT_READ | PROT_EXEC, MAP_SHARED, mapped, 0));
    struct stat status;
    REQUIRE_EQ(::fstat(mapped, &status), 0);
    const std::string text = read_file(guest, "/proc/self/maps");
    CHECK(is_guest_map(text));
    CHECK(text.find(format("{:08x}-", anonymous)) != std::string::npos);
    const std::string line = line_of(text, format("{:08x}-{:08x} r-xs 00000000 ", backed, backed + page_size));
    CHECK(line.find(format(" {} ", status.st_ino)) != std::string::npos);
    CHECK(line.ends_with(" /etc/passwd"));
    CHECK_EQ(line.find('/'), 73);  // as the host's own lines
    std::ifstream host_maps("/proc/self/maps");
    std::string host_line;
    while (std::getline(host_maps, host_line) && !host_line.ends_with("syscall_test")) {
    }
    CHECK_EQ(host_line.find('/'), 73);
    ::close(mapped);
}

TEST_CASE("the map is reached by process and thread id, relative names, links and openat2") {
    Guest guest;
    const auto self = std::to_string(::getpid());
    for (const std::string& path : {std::string("/proc/thread-self/maps"), "/proc/" + self + "/maps",
                                    "/proc/self/task/" + self + "/maps", std::string("/proc/self/../self/maps")}) {
        CAPTURE(path);
        CHECK(is_guest_map(read_file(guest, path)));
    }
    const int proc = ::open("/proc/self", O_RDONLY | O_DIRECTORY);
    CHECK(is_guest_map(read_file(guest, "maps", proc)));
    CHECK(is_guest_map(read_file(guest, "task/" + self + "/maps", proc)));
    ::close(proc);
    test::TemporaryDirectory directory;
    std::filesystem::create_symlink("/proc/self/maps", directory / "link");
    CHECK(is_guest_map(read_file(guest, directory / "link")));
    const u64 how = guest.page();  // O_RDONLY, mode 0, resolve 0
    CHECK(is_guest_map(read_all(guest, guest("openat2", AT_FDCWD, guest.text("/proc/self/maps"), how, 24))));
}

TEST_CASE("another process's files are the host's") {
    Guest guest;
    CHECK(!is_guest_map(read_file(guest, format("/proc/{}/maps", ::getppid()))));
}

TEST_CASE("an emulated file can be read at a place, again from the start, and keeps its flags") {
    Guest guest;
    const SysResult file = guest("openat", AT_FDCWD, guest.text("/proc/self/maps"), O_RDONLY | O_CLOEXEC, 0);
    REQUIRE(file >= 0);
    CHECK_EQ(::fcntl(static_cast<int>(file), F_GETFD), FD_CLOEXEC);
    const u64 first = guest.page(), second = guest.page();
    CHECK_EQ(guest("read", file, first, 20), 20);
    CHECK_EQ(guest("lseek", file, 0, SEEK_SET), 0);
    CHECK_EQ(guest("read", file, second, 20), 20);
    CHECK_EQ(guest.read_text(first), guest.read_text(second));
    CHECK_EQ(guest("pread64", file, second, 10, 10), 10);
    CHECK_EQ(guest.read_text(second).substr(0, 10), guest.read_text(first).substr(10, 10));
    CHECK_EQ(guest("write", file, first, 1), -EBADF);
    guest("close", file);
}

TEST_CASE("cpuinfo shows the guest's processors, one for each of the host's") {
    Guest guest;
    const std::string text = read_file(guest, "/proc/cpuinfo");
    CHECK(text.starts_with("processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc"));
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find("processor\t:", at)) != std::string::npos; ++at) ++count;
    CHECK_EQ(static_cast<long>(count), ::sysconf(_SC_NPROCESSORS_ONLN));
    guest.abi = aarch64_abi;
    const std::string other = read_file(guest, "/proc/cpuinfo");
    CHECK(other.starts_with("processor\t: 0\nBogoMIPS\t: 2000.00\nFeatures\t: fp asimd aes "));
    CHECK(other.find(" wfxt cssc mops\nCPU implementer\t: 0x00\nCPU architecture: 8\nCPU variant\t: 0x0\n"
                     "CPU part\t: 0x001\nCPU revision\t: 0\n\n") != std::string::npos);
    guest.abi.cpu_info = nullptr;
    CHECK(read_file(guest, "/proc/cpuinfo").find("vendor_id") != std::string::npos);
}

TEST_CASE("/proc/self/exe is the guest's program: as a link, opened, and looked at") {
    Guest guest;
    test::TemporaryDirectory directory;
    guest.services.program = directory.write("program", "the guest's program");
    const u64 page = guest.page();
    const auto self = std::to_string(::getpid());
    for (const std::string& path : {std::string("/proc/self/exe"), "/proc/" + self + "/exe",
                                    std::string("/proc/thread-self/exe"), "/proc/self/task/" + self + "/exe"}) {
        CAPTURE(path);
        const SysResult length = guest("readlinkat", AT_FDCWD, guest.text(path), page, page_size);
        CHECK_EQ(std::string(guest.read_text(page), 0, static_cast<std::size_t>(length)), guest.services.program);
        CHECK_EQ(read_file(guest, path), "the guest's program");
        CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text(path), page, 0), 0);
        CHECK_EQ(guest.read<GuestStat>(page).size, 19);
        CHECK_EQ(guest("statx", AT_FDCWD, guest.text(path), 0, STATX_BASIC_STATS, page), 0);
        CHECK_EQ(guest.read<struct statx>(page).stx_size, 19);
    }
    CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text("/proc/self/exe"), page, AT_SYMLINK_NOFOLLOW), 0);
    CHECK(S_ISLNK(guest.read<GuestStat>(page).mode));
    CHECK_EQ(guest("readlinkat", AT_FDCWD, guest.text("/proc/self/exe"), page, 3), 3);
    std::filesystem::create_symlink("/proc/self/exe", directory / "link");
    CHECK_EQ(read_file(guest, directory / "link"), "the guest's program");
}

TEST_CASE("the VM's own file by its own name is just that file") {
    Guest guest;
    const u64 page = guest.page();
    const auto mine = std::filesystem::read_symlink("/proc/self/exe").string();
    CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text(mine), page, 0), 0);
    CHECK_EQ(guest.read<GuestStat>(page).size, static_cast<i64>(std::filesystem::file_size(mine)));
    CHECK(read_file(guest, mine)
              .starts_with("\x7f"
                           "ELF"));
}

TEST_CASE("status, stat and statm tell the size of the guest's map and the guest's signals") {
    Guest guest;
    guest.services.sets = SignalSets{0x11, 0x22, 0x33};
    guest.page();
    u64 bytes = 0;
    guest.memory->for_each([&](const memory::Region& region) { bytes += region.end - region.start; });
    const u64 buffer_bytes =
        2 * page_size;  // the pages that read_file maps before it opens: the name and … the buffer later
    const std::string status = read_file(guest, "/proc/self/status");
    CHECK_EQ(line_of(status, "SigBlk:"), "SigBlk:\t0000000000000011");
    CHECK_EQ(line_of(status, "SigIgn:"), "SigIgn:\t0000000000000022");
    CHECK_EQ(line_of(status, "SigCgt:"), "SigCgt:\t0000000000000033");
    CHECK_EQ(line_of(status, "VmSize:"), format("VmSize:\t{:8} kB", (bytes + page_size) / 1024));
    CHECK_EQ(line_of(status, "Pid:"), format("Pid:\t{}", ::getpid()));
    const std::string statm = read_file(guest, "/proc/self/statm");
    CHECK(statm.starts_with(format("{} ", (bytes + buffer_bytes) / page_size + 1)));
    const std::string stat = read_file(guest, "/proc/self/stat");
    CHECK(stat.find(format(" {} ", bytes + buffer_bytes + 3 * page_size)) != std::string::npos);
    CHECK(stat.ends_with("\n"));
}

TEST_CASE("limits shows the limits that only the guest has") {
    Guest guest;
    guest.process.set_limit(RLIMIT_AS, {1 << 30, RLIM_INFINITY});
    const std::string text = read_file(guest, "/proc/self/limits");
    CHECK_EQ(line_of(text, "Max address space"),
             "Max address space         1073741824           unlimited            bytes     ");
    CHECK(line_of(text, "Max open files") != "");
}

TEST_CASE("smaps has each region of the guest with the kernel's fields") {
    Guest guest;
    const u64 page = guest.page();
    guest.write<u64>(page, 1);
    const std::string text = read_file(guest, "/proc/self/smaps");
    CHECK(is_guest_map(line_of(text, format("{:08x}", page).substr(0, 3))));
    CHECK(line_of(text, "Size:") != "");
    CHECK(line_of(text, "Rss:") != "");
    CHECK(line_of(text, "KernelPageSize:") == "KernelPageSize:        4 kB");
    CHECK(line_of(text, "VmFlags: rd wr") != "");
    const std::string rollup = read_file(guest, "/proc/self/smaps_rollup");
    CHECK(rollup.find("[rollup]\nRss:") != std::string::npos);
}

TEST_CASE("/proc/self/mem shows the guest's part only") {
    Guest guest;
    const SysResult file = guest("openat", AT_FDCWD, guest.text("/proc/self/mem"), O_RDWR, 0);
    REQUIRE(file >= 0);
    const u64 page = guest.text("visible"), buffer = guest.page();
    static char secret[] = "secret";
    const u64 hidden = reinterpret_cast<u64>(secret);
    CHECK_EQ(guest("pread64", file, buffer, 7, page), 7);
    CHECK_EQ(guest.read_text(buffer), "visible");
    CHECK_EQ(guest("pread64", file, buffer, 6, hidden), -EIO);
    CHECK_EQ(guest("pwrite64", file, buffer, 6, hidden), -EIO);
    CHECK_EQ(guest("lseek", file, hidden, SEEK_SET), static_cast<SysResult>(hidden));
    CHECK_EQ(guest("read", file, buffer, 6), -EIO);
    CHECK_EQ(guest("write", file, buffer, 6), -EIO);
    CHECK_EQ(std::string(secret), "secret");
    guest("close", file);
}

TEST_CASE("the VM's own descriptors are not listed in /proc/self/fd, and everything is elsewhere") {
    Guest guest;
    const int mine = ::fcntl(0, F_DUPFD_CLOEXEC, 700), theirs = ::fcntl(0, F_DUPFD, 690);
    guest.services.owned = {mine};
    test::TemporaryDirectory directory;
    directory.write(std::to_string(mine), "a file with that name");
    const u64 buffer = guest.page();
    auto names = [&](const std::string& path) {
        std::string found = " ";
        const SysResult list = guest("openat", AT_FDCWD, guest.text(path), O_RDONLY | O_DIRECTORY, 0);
        for (SysResult bytes; (bytes = guest("getdents64", list, buffer, 64)) > 0;) {
            for (u64 at = 0; at < static_cast<u64>(bytes); at += guest.read<u16>(buffer + at + 16)) {
                found += guest.read_text(buffer + at + 19) + " ";
            }
        }
        guest("close", list);
        return found;
    };
    for (const char* path : {"/proc/self/fd", "/proc/self/fdinfo"}) {
        const std::string list = names(path);
        CHECK(list.find(format(" {} ", theirs)) != std::string::npos);
        CHECK(list.find(format(" {} ", mine)) == std::string::npos);
    }
    CHECK(names(directory.path()).find(format(" {} ", mine)) != std::string::npos);
    CHECK_EQ(guest("getdents64", theirs, buffer, 64), -ENOTDIR);
    ::close(mine);
    ::close(theirs);
}
