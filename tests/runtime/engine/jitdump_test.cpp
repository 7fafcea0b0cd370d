// jit-PID.dump, read back field by field.
#include "runtime/engine/jitdump.hpp"

#include <elf.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <cerrno>
#include <cstring>

#include "tests/runtime/engine/jitdump_reader.hpp"
#include "tests/runtime/engine/observed_code.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;
using namespace lyrebird::engine::test;
using lyrebird::test::TemporaryDirectory;

namespace {
const std::vector<u8> code{0x48, 0x31, 0xc0, 0xc3};

u64 now() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return u64(time.tv_sec) * 1'000'000'000 + u64(time.tv_nsec);
}

std::string dump_name(pid_t process) {
    return format("jit-{}.dump", process);
}
std::unique_ptr<Jitdump> make(const TemporaryDirectory& directory) {
    auto made = Jitdump::create(&name_by_pc, directory.path());
    REQUIRE(made.has_value());
    return std::move(*made);
}
/// The rights with which the calling process has mapped `path`, or "".
std::string mapped(const std::string& path) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        if (line.ends_with(" " + path)) return line.substr(line.find(' ') + 1, 4);
    }
    return "";
}
}  // namespace

TEST_CASE("a jitdump begins with the format's header") {
    TemporaryDirectory directory;
    u64 before = now();
    auto dump = make(directory);
    std::string text = contents(directory / dump_name(::getpid()));
    Fields fields{text};
    CHECK_EQ(fields.next<u32>(), 0x4a695444U);
    CHECK_EQ(fields.next<u32>(), 1U);
    CHECK_EQ(fields.next<u32>(), jitdump_header_size);
    CHECK_EQ(fields.next<u32>(), u32(EM_X86_64));
    CHECK_EQ(fields.next<u32>(), 0U);
    CHECK_EQ(fields.next<u32>(), u32(::getpid()));
    u64 time = fields.next<u64>();
    CHECK((time >= before && time <= now()));
    CHECK_EQ(fields.next<u64>(), 0U);
    CHECK(fields.left.empty());
}

TEST_CASE("each block is a load record with its name and its code") {
    TemporaryDirectory directory;
    auto dump = make(directory);
    u64 before = now();
    dump->translated(block_at(0x10, code));
    dump->translated(block_at(0x20, code));
    auto all = records(contents(dump->file().path()));
    REQUIRE_EQ(all.size(), 2U);
    for (u64 i = 0; i < 2; ++i) {
        CHECK_EQ(all[i].kind, 0U);
        CHECK((all[i].time >= (i == 0 ? before : all[0].time) && all[i].time <= now()));
        Fields fields{all[i].body};
        CHECK_EQ(fields.next<u32>(), u32(::getpid()));
        CHECK_EQ(fields.next<u32>(), u32(::gettid()));
        CHECK_EQ(fields.next<u64>(), u64(code.data()));
        CHECK_EQ(fields.next<u64>(), u64(code.data()));
        CHECK_EQ(fields.next<u64>(), code.size());
        CHECK_EQ(fields.next<u64>(), i);
        std::string name = name_by_pc(i == 0 ? 0x10 : 0x20);
        CHECK_EQ(fields.next(name.size() + 1), std::string_view(name.c_str(), name.size() + 1));
        CHECK_EQ(fields.left, std::string_view(reinterpret_cast<const char*>(code.data()), code.size()));
    }
}

TEST_CASE("a finished jitdump ends with a close record, however often it is finished") {
    TemporaryDirectory directory;
    auto dump = make(directory);
    dump->translated(block_at(0x10, code));
    dump->finish();
    dump->finish();
    dump->translated(block_at(0x20, code));
    std::string path = dump->file().path();
    dump.reset();
    auto all = records(contents(path));
    REQUIRE_EQ(all.size(), 2U);
    CHECK_EQ(all[1].kind, 3U);
    CHECK(all[1].body.empty());
}

TEST_CASE("the first page of the jitdump is mapped executable, by which perf finds it, until it is gone") {
    TemporaryDirectory directory;
    auto dump = make(directory);
    std::string path = dump->file().path();
    CHECK_EQ(mapped(path), "r-xp");
    dump.reset();
    CHECK_EQ(mapped(path), "");
}

TEST_CASE("a forked child has a jitdump of its own, and maps that instead of its parent's") {
    TemporaryDirectory directory;
    auto dump = make(directory);
    std::string path = dump->file().path();
    dump->translated(block_at(0x10, code));
    pid_t child = in_child([&] {
        dump->after_fork_in_child();
        dump->translated(block_at(0x20, code));
        dump->finish();
        ::_exit(mapped(path).empty() && mapped(dump->file().path()) == "r-xp" ? 0 : 1);
    });
    CHECK_EQ(records(contents(path)).size(), 1U);
    std::string text = contents(directory / dump_name(child));
    auto all = records(text);
    REQUIRE_EQ(all.size(), 2U);
    u32 process = 0;
    std::memcpy(&process, text.data() + 20, sizeof process);
    CHECK_EQ(process, u32(child));
    Fields fields{all[0].body};
    CHECK_EQ(fields.next<u32>(), u32(child));
    CHECK_EQ(fields.next<u32>(), u32(child));
    CHECK_EQ(all[1].kind, 3U);
}

TEST_CASE("a child that did not get a jitdump of its own does not finish its parent's") {
    TemporaryDirectory directory;
    auto dump = make(directory);
    in_child([&] { dump->finish(); });
    CHECK(records(contents(dump->file().path())).empty());
}

TEST_CASE("at the guest's limit of file sizes the jitdump ends with a whole record, and no signal comes") {
    TemporaryDirectory directory;
    pid_t child = in_child([&] {
        rlimit limit{250, 250};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        auto dump = make(directory);
        for (u64 pc = 0; pc < 100; ++pc) dump->translated(block_at(pc, code));
    });
    CHECK_EQ(records(contents(directory / dump_name(child))).size(), 2U);
}

TEST_CASE("a jitdump that cannot be created is one clear error") {
    auto made = Jitdump::create(&name_by_pc, "/no/such/directory");
    REQUIRE_FALSE(made.has_value());
    CHECK_EQ(made.error().code, ENOENT);
    CHECK(made.error().message.starts_with("the jitdump /no/such/directory/jit-"));
}

TEST_CASE("the jitdump's directory is what JITDUMPDIR says, or the current one") {
    ::setenv("JITDUMPDIR", "/some/where", 1);
    CHECK_EQ(Jitdump::default_directory(), "/some/where");
    ::unsetenv("JITDUMPDIR");
    CHECK_EQ(Jitdump::default_directory(), ".");
}
