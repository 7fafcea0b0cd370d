// perf-PID.map: each line, and that the guest is never disturbed by it.
#include "runtime/engine/perf_map.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "tests/runtime/engine/observed_code.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;
using namespace lyrebird::engine::test;
using lyrebird::test::TemporaryDirectory;

namespace {
const std::vector<u8> code{0x90, 0x90, 0xc3};

std::string line_for(u64 guest_pc) {
    return format("{:x} 3 {}\n", u64(code.data()), name_by_pc(guest_pc));
}
std::string map_name(pid_t process) {
    return format("perf-{}.map", process);
}
std::unique_ptr<PerfMap> make(const TemporaryDirectory& directory, PerfMap::Names names = &name_by_pc) {
    auto made = PerfMap::create(std::move(names), directory.path());
    REQUIRE(made.has_value());
    return std::move(*made);
}
}  // namespace

TEST_CASE("a perf map has a line for each block: start and size in hexadecimal, and the name") {
    TemporaryDirectory directory;
    auto map = make(directory);
    map->translated(block_at(0x10, code));
    map->translated(block_at(0x20, code));
    CHECK_EQ(contents(directory / map_name(::getpid())), line_for(0x10) + line_for(0x20));
}

TEST_CASE("a line is in the perf map at once, and stays when the process dies") {
    TemporaryDirectory directory;
    pid_t child = in_child([&] { make(directory).release()->translated(block_at(0x10, code)); });
    CHECK_EQ(contents(directory / map_name(child)), line_for(0x10));
}

TEST_CASE("a name with control characters does not break the perf map's lines") {
    TemporaryDirectory directory;
    auto map = make(directory, [](u64) { return std::string("a\nb\tc"); });
    map->translated(block_at(0x10, code));
    CHECK_EQ(contents(map->file().path()), format("{:x} 3 a?b?c\n", u64(code.data())));
}

TEST_CASE("a forked child's perf map begins with its parent's and goes on alone") {
    TemporaryDirectory directory;
    auto map = make(directory);
    map->translated(block_at(0x10, code));
    pid_t child = in_child([&] {
        map->after_fork_in_child();
        map->translated(block_at(0x20, code));
    });
    map->translated(block_at(0x30, code));
    CHECK_EQ(contents(directory / map_name(child)), line_for(0x10) + line_for(0x20));
    CHECK_EQ(contents(directory / map_name(::getpid())), line_for(0x10) + line_for(0x30));
}

TEST_CASE("a forked child's perf map lies beside its parent's although the working directory has changed") {
    TemporaryDirectory directory;
    pid_t outer = 0;
    pid_t inner = 0;
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    outer = in_child([&] {
        if (::chdir(directory.path().c_str()) != 0) ::_exit(1);
        auto map = PerfMap::create(&name_by_pc, ".");
        if (!map || ::chdir("/") != 0) ::_exit(2);
        pid_t child = in_child([&] { (*map)->after_fork_in_child(); });
        if (::write(ends[1], &child, sizeof child) != sizeof child) ::_exit(3);
    });
    REQUIRE_EQ(::read(ends[0], &inner, sizeof inner), ssize_t(sizeof inner));
    for (int end : ends) ::close(end);
    CHECK_EQ(::access((directory / map_name(outer)).c_str(), F_OK), 0);
    CHECK_EQ(::access((directory / map_name(inner)).c_str(), F_OK), 0);
}

TEST_CASE("an observer's descriptors are high, closed on exec, listed, and the same in a forked child") {
    TemporaryDirectory directory;
    auto map = make(directory);
    auto check = [&] {
        int count = 0;
        for (int at = 0; (at = map->file().next_descriptor(at)) >= 0; ++at, ++count) {
            if (at < 900 || ::fcntl(at, F_GETFD) != FD_CLOEXEC) return 0;
        }
        return count;
    };
    CHECK_EQ(check(), 2);
    CHECK_GE(map->file().descriptor(), 900);
    in_child([&] {
        int before = map->file().descriptor();
        map->after_fork_in_child();
        ::_exit(check() == 2 && map->file().descriptor() == before ? 0 : 1);
    });
}

TEST_CASE("a file left by an earlier process of the same id, or a link in its place, is replaced and not written to") {
    TemporaryDirectory directory;
    std::string precious = directory.write("precious", "kept");
    directory.link(map_name(::getpid()), precious);
    auto map = make(directory);
    map->translated(block_at(0x10, code));
    CHECK_EQ(contents(precious), "kept");
    CHECK_EQ(contents(map->file().path()), line_for(0x10));
}

TEST_CASE("a perf map that cannot be created is one clear error") {
    auto made = PerfMap::create(&name_by_pc, "/no/such/directory");
    REQUIRE_FALSE(made.has_value());
    CHECK_EQ(made.error().code, ENOENT);
    CHECK_EQ(made.error().message, format("the perf map /no/such/directory/perf-{}.map cannot be created: {}",
                                          ::getpid(), std::strerror(ENOENT)));
}

TEST_CASE("at the guest's limit of file sizes the perf map ends with a whole line, and no signal comes") {
    TemporaryDirectory directory;
    pid_t child = in_child([&] {
        rlimit limit{100, 100};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto map = make(directory);
        for (u64 pc = 0; pc < 1000; ++pc) map->translated(block_at(pc, code));
    });
    std::string text = contents(directory / map_name(child));
    CHECK_LE(text.size(), 100U);
    CHECK(text.starts_with(line_for(0)));
    CHECK(text.ends_with("+0x4 [module]\n"));
}

TEST_CASE("a forked child that cannot have a perf map writes none, neither its parent's") {
    TemporaryDirectory directory;
    auto map = make(directory);
    in_child([&] {
        rlimit none{0, 0};
        ::setrlimit(RLIMIT_NOFILE, &none);
        map->after_fork_in_child();
        map->translated(block_at(0x10, code));
        ::_exit(map->file().next_descriptor(0) == -1 ? 0 : 1);
    });
    CHECK_EQ(contents(map->file().path()), "");
}
