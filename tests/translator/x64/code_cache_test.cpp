// Blocks in the code cache: how they are found, linked, taken back, kept aside and thrown away. Real translations, but
// nobody runs them; that is crowded_code_test's.
#include "translator/x64/code_cache.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>

#include "runtime/base/bits.hpp"
#include "tests/support/riscv64_translation.hpp"
#include "translator/riscv64/state.hpp"

using namespace lyrebird;
using test::Riscv64Translation;
using x64::CodeCache;
using x64::Stub;
using x64::Translation;

namespace {

constexpr u64 pc = Riscv64Translation::start;
constexpr u64 page = 4096;

struct Cache {
    explicit Cache(std::size_t size = 1 << 20) : machine(test::no_features) {
        code = std::move(*CodeCache::create(machine.space(), machine.layout(), {.size = size, .features = {}}));
        reader.vm = &state.vm;
        code->add(reader);
    }
    ~Cache() { code->remove(reader); }

    const u8* publish(u64 at, u32 most = Riscv64Translation::longest) {
        u64 announced = code->announcements();
        translation = machine.translate(at, most);
        return code->publish(translation, announced);
    }
    /// Where the exit with this number of the block at `host` leads to now.
    static const u8* target(const u8* host, const x64::DirectExit& exit) {
        i32 displacement;
        std::memcpy(&displacement, host + exit.at, sizeof displacement);
        return host + exit.at + 4 + displacement;
    }
    u64 site(const u8* host, const x64::DirectExit& exit) const {
        return reinterpret_cast<u64>(host) + exit.unlinked + 5;
    }

    Riscv64Translation machine;
    riscv64::State state;
    x64::Reader reader;
    std::unique_ptr<CodeCache> code;
    Translation translation;  // the last one
};

}  // namespace

TEST_CASE("A published block is found at its pc, and nothing anywhere else") {
    Cache cache;
    cache.machine.write(pc, {"addi x5, x5, 1", "ecall"});
    CHECK_EQ(cache.code->find(pc), nullptr);
    const u8* block = cache.publish(pc);
    REQUIRE_NE(block, nullptr);
    CHECK_EQ(cache.code->find(pc), block);
    CHECK_EQ(cache.code->find(pc + 4), nullptr);
    CHECK(cache.code->contains(reinterpret_cast<u64>(block)));
    CHECK_EQ(cache.publish(pc), block);
    CHECK_EQ(cache.code->counts().blocks, 1);
    CHECK_EQ(cache.code->counts().instructions, 2);
    CHECK_EQ(cache.code->counts().guest_bytes, 8);
}

TEST_CASE("An exit waits for its target and is linked as soon as there is a block; a later one is linked at once") {
    Cache cache;
    cache.machine.write(pc, {"bne x5, x6, 0x100080", "ecall"});
    cache.machine.write(pc + 0x80, {"jal x1, 0x100000"});
    const u8* first = cache.publish(pc, 1);
    Translation from_first = cache.translation;
    REQUIRE_EQ(from_first.exits.size(), 2);
    CHECK_EQ(from_first.exits[0].target, pc + 0x80);
    CHECK_EQ(cache.target(first, from_first.exits[0]), first + from_first.exits[0].unlinked);
    const u8* second = cache.publish(pc + 0x80);
    CHECK_EQ(cache.target(first, from_first.exits[0]), second);
    CHECK_EQ(cache.target(second, cache.translation.exits[0]), first);
    CHECK_EQ(cache.target(first, from_first.exits[1]), first + from_first.exits[1].unlinked);
}

TEST_CASE("What an exit that is not linked leads to is known by its place") {
    Cache cache;
    cache.machine.write(pc, {"beq x5, x6, 0x100080", "ecall"});
    const u8* block = cache.publish(pc, 1);
    Translation made = cache.translation;
    for (const x64::DirectExit& exit : made.exits) {
        CHECK_EQ(cache.code->link(cache.site(block, exit)).target, exit.target);
        CHECK_EQ(cache.code->link(cache.site(block, exit)).code, nullptr);
    }
    const u8* next = cache.publish(pc + 4);
    for (const x64::DirectExit& exit : made.exits) {
        if (exit.target == pc + 4) CHECK_EQ(cache.code->link(cache.site(block, exit)).code, next);
    }
}

TEST_CASE("An exit may lead anywhere in the address space: a register that is known to hold a far address is a direct jump") {
    Cache cache;
    cache.machine.write(pc, {"lui x5, 0x12345", "slli x5, x5, 16", "jalr x0, 0(x5)"});
    const u8* block = cache.publish(pc);
    REQUIRE_EQ(cache.translation.exits.size(), 1);
    const x64::DirectExit& exit = cache.translation.exits[0];
    CHECK_EQ(exit.target, 0x1234'5000'0000);
    CHECK_EQ(cache.code->link(cache.site(block, exit)).target, 0x1234'5000'0000);
}

TEST_CASE("The instruction of a memory access is known by its place in the host code") {
    Cache cache;
    cache.machine.write(pc, {"addi x5, x5, 1", "ld x6, 0(x10)", "addi x5, x5, 1", "sd x6, 8(x10)", "ecall"});
    const u8* block = cache.publish(pc);
    const Translation& made = cache.translation;
    REQUIRE_EQ(made.accesses.size(), 2);
    u8* state = reinterpret_cast<u8*>(&cache.state);
    CHECK_EQ(cache.code->access_at(reinterpret_cast<u64>(block) + made.accesses[0].host, state), pc + 4);
    CHECK_EQ(cache.code->access_at(reinterpret_cast<u64>(block) + made.accesses[1].host, state), pc + 12);
    CHECK_EQ(cache.code->access_at(reinterpret_cast<u64>(block) + made.accesses[1].host - 1, state), pc + 4);
}

TEST_CASE("A fault in a loop finds the registers that have changed places there, and puts them back") {
    Cache cache;
    cache.machine.write(pc, {"ld x31, 0(x10)", "add x30, x30, x31", "addi x30, x30, 1", "bne x30, x31, 0x100000", "ecall"});
    const u8* block = cache.publish(pc);
    const Translation made = cache.translation;
    REQUIRE_EQ(made.exchanges.size(), 2);
    CHECK_EQ(made.exchanges[0].homeless, riscv64::x_slot(30).offset);
    CHECK_EQ(made.exchanges[1].homeless, riscv64::x_slot(31).offset);
    CHECK_NE(made.exchanges[0].homed, riscv64::x_slot(10).offset);
    for (int number = 0; number < 32; ++number) cache.state.x[number] = u64(number);
    u8* state = reinterpret_cast<u8*>(&cache.state);
    auto has_exchanged = [&] { return cache.state.x[30] != 30 && cache.state.x[31] != 31; };
    CHECK_EQ(cache.code->access_at(reinterpret_cast<u64>(block) + made.accesses[0].host, state), pc);
    CHECK(!has_exchanged());
    CHECK_EQ(cache.code->access_at(reinterpret_cast<u64>(block) + made.loop, state), pc);
    CHECK(has_exchanged());
    CHECK_EQ(cache.code->access_at(reinterpret_cast<u64>(block) + made.loop, state), pc);
    for (int number = 0; number < 32; ++number) CHECK_EQ(cache.state.x[number], u64(number));
}

TEST_CASE("A loop that has all its registers in the host's stands in memory once") {
    Cache cache;
    cache.machine.write(pc, {"ld x11, 0(x10)", "add x12, x12, x11", "bne x12, x11, 0x100000", "ecall"});
    cache.publish(pc);
    CHECK(cache.translation.exchanges.empty());
    CHECK_EQ(cache.translation.loop, 0);
}

TEST_CASE("A block whose bytes changed is taken back when writes are announced; exits to it wait again") {
    Cache cache;
    cache.machine.write(pc, {"jal x1, 0x100080"});
    cache.machine.write(pc + 0x80, {"addi x5, x5, 1", "ecall"});
    const u8* call = cache.publish(pc);
    Translation caller = cache.translation;
    const u8* callee = cache.publish(pc + 0x80);
    REQUIRE_EQ(cache.target(call, caller.exits[0]), callee);
    u64 generation = cache.code->generation();
    cache.machine.write(pc + 0x80, {"addi x5, x5, 2"});
    cache.code->announce_writes();
    CHECK_EQ(cache.code->find(pc + 0x80), nullptr);
    CHECK_EQ(cache.code->find(pc), call);
    CHECK_EQ(cache.target(call, caller.exits[0]), call + caller.exits[0].unlinked);
    CHECK_GT(cache.code->generation(), generation);
    CHECK_EQ(cache.state.vm.attention.load(), isa::attention_code);
    CHECK_EQ(cache.code->counts().taken_back, 1);
    const u8* anew = cache.publish(pc + 0x80);
    CHECK_EQ(cache.target(call, caller.exits[0]), anew);
}

TEST_CASE("An announcement that finds nothing changed takes nothing back and alerts nobody") {
    Cache cache;
    cache.machine.write(pc, {"addi x5, x5, 1", "ecall"});
    const u8* block = cache.publish(pc);
    u64 generation = cache.code->generation();
    cache.code->announce_writes();
    cache.code->announce_change(pc, pc + page);
    CHECK_EQ(cache.code->find(pc), block);
    CHECK_EQ(cache.code->generation(), generation);
    CHECK_EQ(cache.state.vm.attention.load(), 0);
}

TEST_CASE("A translation of bytes that changed before it was published is refused") {
    Cache cache;
    cache.machine.write(pc, {"addi x5, x5, 1", "ecall"});
    u64 announced = cache.code->announcements();
    cache.translation = cache.machine.translate(pc);
    cache.machine.write(pc, {"addi x5, x5, 2"});
    cache.code->announce_writes();
    CHECK_EQ(cache.code->publish(cache.translation, announced), nullptr);
    CHECK_EQ(cache.code->find(pc), nullptr);
    CHECK_NE(cache.publish(pc), nullptr);
}

TEST_CASE("A block whose page loses the right to execute comes back with its links if nothing changed") {
    for (bool changed : {false, true}) {
        Cache cache;
        cache.machine.write(pc, {"jal x1, 0x101000"});
        cache.machine.write(pc + page, {"jal x1, 0x100000"});
        const u8* first = cache.publish(pc);
        Translation from_first = cache.translation;
        const u8* second = cache.publish(pc + page);
        Translation from_second = cache.translation;
        REQUIRE_EQ(cache.machine.space().protect(pc + page, page, PROT_READ | PROT_WRITE), 0);
        cache.code->announce_change(pc + page, pc + 2 * page);
        CHECK_EQ(cache.target(first, from_first.exits[0]), first + from_first.exits[0].unlinked);
        if (changed) cache.machine.write(pc + page, {"ecall"});
        REQUIRE_EQ(cache.machine.space().protect(pc + page, page, PROT_READ | PROT_EXEC), 0);
        cache.code->announce_change(pc + page, pc + 2 * page);
        CHECK_EQ(cache.code->find(pc + page), changed ? nullptr : second);
        CHECK_EQ(cache.code->counts().revived, changed ? 0 : 1);
        if (!changed) CHECK_EQ(cache.target(second, from_second.exits[0]), first);
    }
}

TEST_CASE("A block that is kept aside is not found before its page may be executed again") {
    Cache cache;
    cache.machine.write(pc, {"ecall"});
    cache.publish(pc);
    REQUIRE_EQ(cache.machine.space().protect(pc, page, PROT_READ), 0);
    cache.code->announce_change(pc, pc + page);
    CHECK_EQ(cache.code->find(pc), nullptr);
}

TEST_CASE("Forgetting a pc takes back every block that holds it, and no other") {
    Cache cache;
    cache.machine.write(pc, {"addi x5, x5, 1", "addi x5, x5, 1", "addi x5, x5, 1", "ecall"});
    for (u64 at = pc; at < pc + 16; at += 4) cache.publish(at);
    cache.code->forget(pc + 4);
    CHECK_EQ(cache.code->find(pc), nullptr);
    CHECK_EQ(cache.code->find(pc + 4), nullptr);
    CHECK_NE(cache.code->find(pc + 8), nullptr);
    CHECK_NE(cache.code->find(pc + 12), nullptr);
}

TEST_CASE("Taking back a block that leads to itself leaves others waiting for it") {
    Cache cache;
    cache.machine.write(pc, {"jal x1, 0x100080"});
    cache.machine.write(pc + 0x80, {"bne x5, x6, 0x100080", "ecall"});
    const u8* loop = cache.publish(pc + 0x80, 1);
    REQUIRE_EQ(cache.target(loop, cache.translation.exits[0]), loop);
    const u8* call = cache.publish(pc);
    Translation caller = cache.translation;
    REQUIRE_EQ(cache.target(call, caller.exits[0]), loop);
    cache.machine.write(pc + 0x84, {"addi x5, x5, 1"});
    cache.code->forget(pc + 0x80);
    CHECK_EQ(cache.target(call, caller.exits[0]), call + caller.exits[0].unlinked);
    const u8* anew = cache.publish(pc + 0x80, 1);
    CHECK_EQ(cache.target(call, caller.exits[0]), anew);
}

TEST_CASE("When code memory is full the oldest code makes room, and what is found is always right") {
    constexpr std::size_t size = 512 << 10;  // a page for each segment
    Cache cache(size);
    std::vector<u32> word(1);
    for (u32 round = 0; round < 20'000; ++round) {
        // addi x10, x10, n: its number is found again in the host code.
        u64 at = pc + (round % 5000) * 16;
        cache.machine.write(at, std::vector<u32>{(round % 2000 + 3) << 20 | 0x50513, 0x73});
        const u8* known = cache.code->find(at);
        if (known == nullptr) known = cache.publish(at);
        REQUIRE_NE(known, nullptr);
        u32 number = round % 2000 + 3;
        if (round < 5000) {
            REQUIRE_EQ(std::memcmp(known, cache.translation.code.data(), 4), 0);
            REQUIRE_NE(memmem(known, 16, &number, number < 128 ? 1 : 4), nullptr);
        }
        if (round % 100 == 0) cache.code->announce_writes();
        // This thread has seen everything: it is outside of code.
        CHECK_EQ(cache.reader.inside.load(), x64::Reader::outside);
    }
    CHECK_GT(cache.code->counts().evictions, 0);
    CHECK_LE(cache.code->counts().blocks, 20'000);
}

/// The exit status of a forked child that runs `check`: 0 when it came out true. `meanwhile` is what the parent does first.
template <class Check, class Meanwhile>
int status_of_child(Cache& cache, Check check, Meanwhile meanwhile) {
    int gate[2];
    REQUIRE_EQ(pipe(gate), 0);
    cache.code->before_fork();
    pid_t child = fork();
    if (child == 0) {
        cache.code->after_fork_in_child(cache.reader);
        char byte;
        close(gate[1]);
        _exit(read(gate[0], &byte, 1) == 0 && check() ? 0 : 1);
    }
    cache.code->after_fork_in_parent();
    meanwhile();
    close(gate[1]);
    int status = -1;
    REQUIRE_EQ(waitpid(child, &status, 0), child);
    close(gate[0]);
    return status;
}

TEST_CASE("A forked child keeps the code that its parent changes, and changes its own") {
    Cache cache;
    cache.machine.write(pc, {"jal x1, 0x100080"});
    cache.machine.write(pc + 0x80, {"ecall"});
    const u8* block = cache.publish(pc);
    const x64::DirectExit call = cache.translation.exits[0];
    REQUIRE_EQ(call.target, pc + 0x80);
    const u8* unlinked = Cache::target(block, call);
    auto link = [&] {
        const u8* next = cache.publish(pc + 0x80);
        return next != nullptr && Cache::target(block, call) == next;
    };
    bool linked = false;
    CHECK_EQ(status_of_child(cache, [&] { return Cache::target(block, call) == unlinked && link(); }, [&] { linked = link(); }), 0);
    CHECK(linked);
}

TEST_CASE("New code waits for a while after a fork, and not at other times") {
    Cache cache;
    CHECK(!cache.code->asks_for_patience());
    auto waits = [&] {
        int times = 0;
        while (cache.code->asks_for_patience()) ++times;
        return times > 10 && times < 1000;
    };
    bool parent_waits = false;
    CHECK_EQ(status_of_child(cache, waits, [&] { parent_waits = waits(); }), 0);
    CHECK(parent_waits);
}

TEST_CASE("Without memory for a child's copy its code is lost, and nothing else") {
    Cache cache;
    cache.machine.write(pc, {"ecall"});
    cache.machine.write(pc + 0x80, {"ecall"});
    cache.publish(pc);
    auto loses = [&] {
        u64 generation = cache.code->generation();
        rlimit limit{1 << 20, 1 << 20};
        bool found = cache.code->find(pc) != nullptr && !cache.code->lost();
        if (!found || setrlimit(RLIMIT_AS, &limit) != 0 || cache.publish(pc + 0x80) != nullptr) return false;
        return cache.code->lost() && cache.code->find(pc) == nullptr && cache.code->generation() > generation &&
               (cache.state.vm.attention & isa::attention_code) != 0;
    };
    CHECK_EQ(status_of_child(cache, loses, [] {}), 0);
    CHECK_NE(cache.publish(pc + 0x80), nullptr);
}

TEST_CASE("The stubs stand where nothing else does") {
    Cache cache;
    for (std::size_t number = 0; number < std::size_t(Stub::count); ++number) {
        u64 place = reinterpret_cast<u64>(cache.code->stub(Stub(number)));
        CHECK(cache.code->contains(place));
        CHECK_EQ(cache.code->access_at(place, nullptr), 0);
    }
    cache.machine.write(pc, {"ecall"});
    const u8* block = cache.publish(pc);
    CHECK_GT(block, cache.code->stub(Stub::helper));
    CHECK_EQ(reinterpret_cast<u64>(block) % 16, 0);
}
