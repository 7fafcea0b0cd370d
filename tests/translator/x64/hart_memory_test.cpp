// The memory of a hart lies as translated code expects it to.
#include "translator/x64/hart_memory.hpp"

#include <doctest/doctest.h>

#include "tests/support/riscv64_translation.hpp"
#include "translator/riscv64/guest.hpp"

using namespace lyrebird;
using Memory = x64::HartMemory<riscv64::State>;

namespace {
riscv64::State numbered() {
    riscv64::State state;
    for (u64 i = 0; i < 32; ++i) state.x[i] = i * 3;
    state.pc = 0x12345678;
    return state;
}
u8* bytes_of(auto& object) {
    return reinterpret_cast<u8*>(&object);
}
}  // namespace

TEST_CASE("A hart begins with the registers that it is given and a VmState of its own") {
    riscv64::State initial = numbered();
    initial.vm.attention = 5;
    Memory memory(initial);
    CHECK_EQ(memory.state().x[31], 93);
    CHECK_EQ(memory.state().pc, 0x12345678);
    CHECK_EQ(memory.state().vm.attention.load(), 0);
    CHECK_EQ(memory.context().guest_mxcsr, x64::plain_mxcsr);
}

TEST_CASE("Context, State and jump table lie where the layout says, from the base register") {
    Memory memory{riscv64::State{}};
    x64::Layout layout = x64::Layout::of<riscv64::Guest>(test::all_features);
    u8* base = bytes_of(memory.state()) + layout.base;
    CHECK_EQ(base + layout.state(0), bytes_of(memory.state()));
    CHECK_EQ(base + layout.context(0), bytes_of(memory.context()));
    CHECK_EQ(base + layout.jump_table(), reinterpret_cast<u8*>(memory.table()));
    CHECK_EQ(reinterpret_cast<u64>(&memory.state()) % 64, 0);
    CHECK_EQ(reinterpret_cast<u64>(&memory.context()) % 64, 0);
}

TEST_CASE("A hart that gets another's memory finds nothing of it") {
    u8* left = nullptr;
    {
        Memory memory(numbered());
        memory.set_empty_entries(7);
        memory.context().request = x64::Request::interpret;
        memory.table()[1] = {2, &memory};
        memory.clear_table();
        left = bytes_of(memory.state());
    }
    Memory memory{riscv64::State{}};
    CHECK_EQ(bytes_of(memory.state()), left);
    for (u64 x : memory.state().x) CHECK_EQ(x, 0);
    CHECK_EQ(memory.context().request, x64::Request::none);
    for (u64 place = 1; place < x64::jump_table_size; ++place) REQUIRE_EQ(memory.table()[place].tag, 0);
    CHECK_EQ(memory.table()[0].tag, memory.nobody);
}

TEST_CASE("An empty jump table knows no pc, not even 0, also after it was filled and cleared") {
    Memory memory{riscv64::State{}};
    auto knows = [&](u64 pc) { return memory.table()[(pc >> 1) & (x64::jump_table_size - 1)].tag == pc; };
    for (int round = 0; round < 2; ++round) {
        for (u64 pc = 0; pc < 2 * x64::jump_table_size; pc += 2) REQUIRE_FALSE(knows(pc));
        for (u64 pc = 0; pc < 2 * x64::jump_table_size; pc += 2) {
            memory.table()[pc / 2] = {pc, &memory};
            REQUIRE(knows(pc));
        }
        memory.state().x[31] = 77;
        memory.clear_table();
        CHECK_EQ(memory.state().x[31], 77);
        for (u64 place = 0; place < x64::jump_table_size; ++place) REQUIRE_EQ(memory.table()[place].code, nullptr);
    }
}

TEST_CASE("Below the return stack is a guard page, and above it entries that are never taken away") {
    Memory memory{riscv64::State{}};
    memory.set_empty_entries(0xabcdef);
    u64 top = memory.return_stack_top();
    CHECK_LT(top, reinterpret_cast<u64>(&memory.context()));
    for (u64 at = top; at < reinterpret_cast<u64>(&memory.context()); at += 8) {
        REQUIRE_EQ(*reinterpret_cast<u64*>(at), 0xabcdef);
    }
    u64 start = reinterpret_cast<u64>(&memory.context()) - x64::return_stack_size;
    *reinterpret_cast<volatile u64*>(start) = 1;  // the last entry that there is room for
    CHECK_FALSE(memory.is_guard(start));
    CHECK(memory.is_guard(start - 8));
    CHECK(memory.is_guard(start - x64::guard_size));
    CHECK_FALSE(memory.is_guard(start - x64::guard_size - 1));
    CHECK_EQ(msync(reinterpret_cast<void*>(start - x64::guard_size), x64::guard_size, MS_ASYNC), 0);  // mapped
}
