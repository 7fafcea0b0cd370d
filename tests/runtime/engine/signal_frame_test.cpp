// The RISC-V frame against the layout of Linux's own headers (arch/riscv/include/uapi/asm), written down here as
// offsets.
#include <doctest/doctest.h>

#include <array>

#include "runtime/engine/guest.hpp"
#include "tests/runtime/engine/guest_memory.hpp"
#include "translator/riscv64/state.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;

namespace {
// struct rt_sigframe { siginfo (128); ucontext { flags, link, stack (24), mask, unused (120), pad (8), mcontext } }
constexpr u64 stack_offset = 128 + 16;
constexpr u64 mask_offset = 128 + 40;
constexpr u64 pc_offset = 128 + 176;
constexpr u64 f_offset = pc_offset + 256;
constexpr u64 fcsr_offset = f_offset + 256;
constexpr u64 reserved_offset = f_offset + 516;
constexpr u64 frame_size = f_offset + 528;

struct Machine {
    test::Pages pages{16 * page_size};
    std::unique_ptr<isa::Cpu> cpu = riscv64_guest.create_cpu(pages.space(), {}).value();
    riscv64::State& state = *static_cast<riscv64::State*>(cpu->state());
    u64 frame = pages.address() + 8 * page_size;

    Machine() {
        for (u64 n = 1; n < 32; ++n) state.x[n] = 0x1000 + n;
        for (u64 n = 0; n < 32; ++n) state.f[n].bits = 0xffff'0000'0000'0000 + n;
        state.pc = 0x77770;
        state.frm = 3;
        state.fflags = 0x11;
    }
    template <class T = u64> T at(u64 offset) const { return *pages.memory().read<T>(GuestAddress(frame + offset)); }
    void put(u64 offset, u32 value) const { REQUIRE(pages.memory().write(GuestAddress(frame + offset), value)); }

    bool enter() {
        FrameContents contents{};
        contents.info.si_signo = SIGUSR1;
        contents.info.si_code = SI_QUEUE;
        contents.stack = {0x5000, 0, 0, 0x2000};
        contents.mask = 0xabcd;
        return riscv64_guest.enter_handler(*cpu, pages.memory(), GuestAddress(frame), contents, {0x88880, 0, 0, 0},
                                           GuestAddress(0x99990));
    }
    bool leave(FrameContents& contents) {
        std::array<u64, frame_registers> registers;
        if (!riscv64_guest.read_frame(*cpu, pages.memory(), contents, registers)) return false;
        riscv64_guest.restore_registers(*cpu, registers);
        return true;
    }
};
}  // namespace

TEST_CASE("the frame holds every register where Linux puts it") {
    Machine machine;
    REQUIRE(machine.enter());
    CHECK_EQ(riscv64_guest.frame_size, frame_size);
    CHECK_EQ(machine.at<i32>(0), SIGUSR1);
    CHECK_EQ(machine.at(stack_offset), 0x5000U);
    CHECK_EQ(machine.at(stack_offset + 16), 0x2000U);
    CHECK_EQ(machine.at(mask_offset), 0xabcdU);
    CHECK_EQ(machine.at(pc_offset), 0x77770U);
    for (u64 n = 1; n < 32; ++n) CHECK_EQ(machine.at(pc_offset + 8 * n), 0x1000 + n);
    for (u64 n = 0; n < 32; ++n) CHECK_EQ(machine.at(f_offset + 8 * n), 0xffff'0000'0000'0000 + n);
    CHECK_EQ(machine.at<u32>(fcsr_offset), 0x71U);
    for (u64 offset = reserved_offset; offset < frame_size; offset += 4) CHECK_EQ(machine.at<u32>(offset), 0U);
}

TEST_CASE("the handler is entered with its arguments, the return to the vDSO, and all else as it was") {
    Machine machine;
    REQUIRE(machine.enter());
    const riscv64::State& state = machine.state;
    CHECK_EQ(state.pc, 0x88880U);
    CHECK_EQ(state.x[1], 0x99990U);
    CHECK_EQ(state.x[2], machine.frame);
    CHECK_EQ(state.x[10], u64(SIGUSR1));
    CHECK_EQ(state.x[11], machine.frame);
    CHECK_EQ(state.x[12], machine.frame + 128);
    for (u64 n : {3, 4, 5, 9, 13, 17, 31}) CHECK_EQ(state.x[n], 0x1000 + n);
    CHECK_EQ(state.frm, 3U);
}

TEST_CASE("sigreturn brings everything back, as the handler may have changed it in the frame") {
    Machine machine;
    REQUIRE(machine.enter());
    machine.put(pc_offset + 8 * 10, 42);
    machine.put(fcsr_offset, 0x42);
    for (u64& x : machine.state.x) x = x == machine.frame ? x : 0;
    machine.state.x[2] = machine.frame;
    machine.state.f[7].bits = 0;
    FrameContents contents;
    REQUIRE(machine.leave(contents));
    CHECK_EQ(contents.mask, 0xabcdU);
    CHECK_EQ(contents.stack.pointer, 0x5000U);
    CHECK_EQ(machine.state.pc, 0x77770U);
    CHECK_EQ(machine.state.x[0], 0U);
    CHECK_EQ(machine.state.x[2], 0x1002U);
    CHECK_EQ(u32(machine.state.x[10]), 42U);
    CHECK_EQ(machine.state.f[7].bits, 0xffff'0000'0000'0007);
    CHECK_EQ(machine.state.frm, 2U);
    CHECK_EQ(machine.state.fflags, 2U);
}

TEST_CASE("a frame with something in its reserved words is refused, and so is one that is not there") {
    Machine machine;
    FrameContents contents;
    for (u64 offset : {reserved_offset, reserved_offset + 4, reserved_offset + 8}) {
        REQUIRE(machine.enter());
        machine.put(offset, 1);
        CHECK_FALSE(machine.leave(contents));
    }
    machine.state.x[2] = 64;
    CHECK_FALSE(machine.leave(contents));
    machine.state.x[2] = ~u64{0} - 100;
    CHECK_FALSE(machine.leave(contents));
}

TEST_CASE("a frame that reaches beyond the guest's part changes nothing") {
    Machine machine;
    machine.frame = machine.pages.space().top().value - 512;
    riscv64::State before(machine.state);
    CHECK_FALSE(machine.enter());
    CHECK_EQ(machine.state.pc, before.pc);
    CHECK_EQ(machine.state.x[2], before.x[2]);
}

TEST_CASE("struct sigaction has no restorer") {
    test::Pages pages(page_size);
    GuestAddress where(pages.address());
    GuestAction action{0x1234, SA_RESTART, 0x55, 0};
    REQUIRE(riscv64_guest.write_action(pages.memory(), where, action));
    CHECK_EQ(*pages.memory().read<u64>(where), 0x1234U);
    CHECK_EQ(*pages.memory().read<u64>(where + 8), u64(SA_RESTART));
    CHECK_EQ(*pages.memory().read<u64>(where + 16), 0x55U);
    GuestAction again;
    REQUIRE(riscv64_guest.read_action(pages.memory(), where, again));
    CHECK_EQ(again.mask, 0x55U);
    CHECK_FALSE(riscv64_guest.read_action(pages.memory(), GuestAddress(8), again));
}
