// Memory for translated code: two views of one object, never writable and executable; a forked child shares it until it asks for its own.
#include "runtime/memory/code_memory.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

using namespace lyrebird;
using memory::CodeMemory;

namespace {

constexpr std::size_t size = 1 << 20;

CodeMemory new_memory() {
    auto memory = CodeMemory::create(size);
    REQUIRE(memory.has_value());
    return std::move(*memory);
}

/// The rights that /proc/self/maps shows for a place ("r-xs"), or "" where there is nothing.
std::string rights_at(const void* place) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        u64 start = std::stoull(line, nullptr, 16);
        u64 end = std::stoull(line.substr(line.find('-') + 1), nullptr, 16);
        if (reinterpret_cast<u64>(place) - start < end - start) return line.substr(line.find(' ') + 1, 4);
    }
    return "";
}

/// Runs `check` in a forked child; true when it came out true there.
template <class Check> bool in_child(Check check) {
    pid_t child = fork();
    if (child == 0) _exit(check() ? 0 : 1);
    int status = -1;
    REQUIRE_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("What is written in one view is seen in the other") {
    CodeMemory memory = new_memory();
    CHECK_EQ(memory.size(), size);
    for (std::size_t at = 0; at < size; at += 4099) memory.write()[at] = u8(at * 7 + 1);
    bool same = true;
    for (std::size_t at = 0; at < size; at += 4099) same = same && memory.execute()[at] == u8(at * 7 + 1);
    CHECK(same);
    CHECK_EQ(std::memcmp(memory.write(), memory.execute(), size), 0);
}

TEST_CASE("Code that was written runs") {
    CodeMemory memory = new_memory();
    const u8 code[]{0xb8, 42, 0, 0, 0, 0xc3};  // mov eax, 42; ret
    std::memcpy(memory.write() + 64, code, sizeof code);
    auto function = reinterpret_cast<int (*)()>(reinterpret_cast<u64>(memory.execute() + 64));
    CHECK_EQ(function(), 42);
}

TEST_CASE("No page of the process is writable and executable") {
    CodeMemory memory = new_memory();
    CHECK_EQ(rights_at(memory.execute()).substr(0, 3), "r-x");
    CHECK_EQ(rights_at(memory.execute() + size - 1).substr(0, 3), "r-x");
    CHECK_EQ(rights_at(memory.write()).substr(0, 3), "rw-");
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::string rights = line.substr(line.find(' ') + 1, 4);
        CHECK_MESSAGE(!(rights[1] == 'w' && rights[2] == 'x'), line);
    }
}

TEST_CASE("It knows its own executable addresses, and no others") {
    CodeMemory memory = new_memory();
    u64 start = reinterpret_cast<u64>(memory.execute());
    CHECK(memory.contains(start));
    CHECK(memory.contains(start + size - 1));
    CHECK_FALSE(memory.contains(start - 1));
    CHECK_FALSE(memory.contains(start + size));
    CHECK_FALSE(memory.contains(reinterpret_cast<u64>(memory.write())));
}

TEST_CASE("Pages that were released are zero in both views") {
    CodeMemory memory = new_memory();
    std::memset(memory.write(), 0x90, size);
    memory.release(4096, 12288);
    CHECK_EQ(memory.execute()[4095], 0x90);
    CHECK_EQ(memory.execute()[4096], 0);
    CHECK_EQ(memory.write()[12287], 0);
    CHECK_EQ(memory.execute()[12288], 0x90);
}

TEST_CASE("A forked child has its parent's code, until it gets its own at the same addresses") {
    CodeMemory memory = new_memory();
    std::strcpy(reinterpret_cast<char*>(memory.write()), "before");
    const u8* place = memory.execute();
    CHECK(in_child([&] {
        bool same = std::strcmp(reinterpret_cast<const char*>(memory.execute()), "before") == 0;
        if (!memory.become_own(64)) return false;
        bool still = std::strcmp(reinterpret_cast<const char*>(memory.execute()), "before") == 0;
        std::strcpy(reinterpret_cast<char*>(memory.write()), "child's");
        bool own = std::strcmp(reinterpret_cast<const char*>(memory.execute()), "child's") == 0;
        return same && still && own && memory.execute() == place && rights_at(memory.execute()).starts_with("r-x") &&
               rights_at(memory.write()).starts_with("rw-");
    }));
    CHECK_EQ(std::strcmp(reinterpret_cast<const char*>(memory.execute()), "before"), 0);
}

TEST_CASE("A copy of one's own has what was to be copied and nothing else, and so have later ones") {
    CodeMemory memory = new_memory();
    memory.write()[0] = 1;
    memory.write()[4096] = 2;
    CHECK(in_child([&] {
        if (!memory.become_own(4096)) return false;
        bool cut = memory.execute()[0] == 1 && memory.execute()[4096] == 0;
        memory.write()[4096] = 3;
        return cut && in_child([&] {
                   return memory.become_own(8192) && memory.execute()[0] == 1 && memory.execute()[4096] == 3;
               });
    }));
    CHECK_EQ(memory.execute()[4096], 2);
}

TEST_CASE("A thread runs the code while the process gets a copy of its own") {
    CodeMemory memory = new_memory();
    const u8 code[]{0xb8, 42, 0, 0, 0, 0xc3};  // mov eax, 42; ret
    std::memcpy(memory.write() + 64, code, sizeof code);
    auto function = reinterpret_cast<int (*)()>(reinterpret_cast<u64>(memory.execute() + 64));
    std::atomic<bool> done{false};
    std::atomic<long> wrong{0}, right{0};
    std::thread runner([&] {
        while (!done) ++(function() == 42 ? right : wrong);
    });
    while (right == 0) std::this_thread::yield();
    bool copied = true;
    for (int round = 0; round < 500; ++round) copied = copied && memory.become_own(4096);
    done = true;
    runner.join();
    CHECK(copied);
    CHECK_EQ(wrong, 0);
}

TEST_CASE("Copies leave no mapping behind") {
    auto count = [] {
        std::ifstream maps("/proc/self/maps");
        int shared = 0;
        for (std::string line; std::getline(maps, line);) shared += line.find("/dev/zero") != std::string::npos;
        return shared;
    };
    int before = count();
    {
        CodeMemory memory = new_memory();
        CodeMemory moved = std::move(memory);
        int with_memory = count();
        CHECK(in_child([&] { return moved.become_own(4096) && count() == with_memory; }));
        CHECK_EQ(count(), with_memory);
        CHECK(moved.become_own(4096));
        CHECK_EQ(count(), with_memory);
    }
    CHECK_EQ(count(), before);
}

TEST_CASE("Without memory for a copy nothing changes") {
    CodeMemory memory = new_memory();
    memory.write()[0] = 1;
    CHECK(in_child([&] {
        rlimit limit{1 << 20, 1 << 20};
        if (setrlimit(RLIMIT_AS, &limit) != 0 || memory.become_own(4096)) return false;
        memory.write()[0] = 2;
        return memory.execute()[0] == 2;
    }));
    CHECK_EQ(memory.execute()[0], 2);  // it was the same memory
}
