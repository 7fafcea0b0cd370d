// The AArch64 frame against the layout of Linux's own headers (arch/arm64/include/uapi/asm), written down here as offsets.
#include <doctest/doctest.h>

#include <array>

#include "runtime/engine/aarch64_faults.hpp"
#include "runtime/engine/guest.hpp"
#include "tests/runtime/engine/guest_memory.hpp"
#include "translator/aarch64/features.hpp"
#include "translator/aarch64/state.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;

namespace {
// struct rt_sigframe { siginfo (128); ucontext { flags, link, stack (24), mask, unused (120), pad (8), mcontext } }
constexpr u64 stack_offset = 128 + 16;
constexpr u64 mask_offset = 128 + 40;
// struct sigcontext { fault_address, regs[31], sp, pc, pstate, pad (8), __reserved[4096] }
constexpr u64 fault_offset = 128 + 176;
constexpr u64 x_offset = fault_offset + 8;
constexpr u64 sp_offset = x_offset + 8 * 31;
constexpr u64 pc_offset = sp_offset + 8;
constexpr u64 pstate_offset = pc_offset + 8;
constexpr u64 records_offset = fault_offset + 288;
// struct fpsimd_context { magic, size, fpsr, fpcr, vregs[32] }
constexpr u64 vectors_offset = records_offset + 16;
constexpr u64 second_record = records_offset + 0x210;
constexpr u64 frame_end = records_offset + 4096;

struct Machine {
    test::Pages pages{16 * page_size};
    std::unique_ptr<isa::Cpu> cpu = aarch64_guest.create_cpu(pages.space(), {}).value();
    aarch64::State& state = *static_cast<aarch64::State*>(cpu->state());
    u64 frame = pages.address() + 8 * page_size;
    FaultRecord fault;
    GuestAction action{0x88880, SA_SIGINFO, 0, 0};

    Machine() {
        for (u64 n = 0; n < 32; ++n) state.x[n] = 0x1000 + n;
        for (u64 n = 0; n < 32; ++n) state.v[n] = {0xaa00 + n, 0xbb00 + n};
        state.pc = 0x77770;
        state.flags = isa::flags_of(0xa000'0000);
        state.fpsr = aarch64::stored_fpsr(0x0800'0011);
        state.fpcr = 0x0340'0000;
    }
    template <class T = u64> T at(u64 offset) const { return *pages.memory().read<T>(GuestAddress(frame + offset)); }
    template <class T> void put(u64 offset, T value) const {
        REQUIRE(pages.memory().write(GuestAddress(frame + offset), value));
    }

    bool enter() {
        FrameContents contents{};
        contents.info.si_signo = SIGUSR1;
        contents.info.si_code = SI_QUEUE;
        contents.stack = {0x5000, 0, 0, 0x2000};
        contents.mask = 0xabcd;
        contents.fault = fault;
        return aarch64_guest.enter_handler(*cpu, pages.memory(), GuestAddress(frame), contents, action,
                                           GuestAddress(0x99990));
    }
    bool leave(FrameContents& contents) {
        std::array<u64, frame_registers> registers;
        if (!aarch64_guest.read_frame(*cpu, pages.memory(), contents, registers)) return false;
        aarch64_guest.restore_registers(*cpu, registers);
        return true;
    }
    bool leaves() {
        FrameContents contents;
        return leave(contents);
    }
};
}  // namespace

TEST_CASE("aarch64: the frame holds every register where Linux puts it") {
    Machine machine;
    REQUIRE(machine.enter());
    CHECK_EQ(aarch64_guest.frame_size, frame_end + 16);
    CHECK_EQ(machine.at<i32>(0), SIGUSR1);
    CHECK_EQ(machine.at(stack_offset), 0x5000U);
    CHECK_EQ(machine.at(stack_offset + 16), 0x2000U);
    CHECK_EQ(machine.at(mask_offset), 0xabcdU);
    CHECK_EQ(machine.at(fault_offset), 0U);
    for (u64 n = 0; n < 31; ++n) CHECK_EQ(machine.at(x_offset + 8 * n), 0x1000 + n);
    CHECK_EQ(machine.at(sp_offset), 0x101fU);
    CHECK_EQ(machine.at(pc_offset), 0x77770U);
    CHECK_EQ(machine.at(pstate_offset), 0xa000'0000U);
    CHECK_EQ(machine.at<u32>(records_offset), 0x4650'8001U);
    CHECK_EQ(machine.at<u32>(records_offset + 4), 0x210U);
    CHECK_EQ(machine.at<u32>(records_offset + 8), 0x0800'0011U);
    CHECK_EQ(machine.at<u32>(records_offset + 12), 0x0340'0000U);
    for (u64 n = 0; n < 32; ++n) {
        CHECK_EQ(machine.at(vectors_offset + 16 * n), 0xaa00 + n);
        CHECK_EQ(machine.at(vectors_offset + 16 * n + 8), 0xbb00 + n);
    }
    CHECK_EQ(machine.at(second_record), 0U);
}

TEST_CASE("aarch64: a fault's address and syndrome stand in the frame") {
    Machine machine;
    machine.fault = {0x1234, 0x9200'0047};
    REQUIRE(machine.enter());
    CHECK_EQ(machine.at(fault_offset), 0x1234U);
    CHECK_EQ(machine.at<u32>(second_record), 0x4553'5201U);
    CHECK_EQ(machine.at<u32>(second_record + 4), 16U);
    CHECK_EQ(machine.at(second_record + 8), 0x9200'0047U);
    CHECK_EQ(machine.at(second_record + 16), 0U);
    CHECK(machine.leaves());
}

TEST_CASE("aarch64: the handler is entered with its arguments, a frame record, and the return to the vDSO") {
    Machine machine;
    REQUIRE(machine.enter());
    const aarch64::State& state = machine.state;
    CHECK_EQ(state.pc, 0x88880U);
    CHECK_EQ(state.x[0], u64(SIGUSR1));
    CHECK_EQ(state.x[1], machine.frame);
    CHECK_EQ(state.x[2], machine.frame + 128);
    CHECK_EQ(state.x[29], machine.frame + frame_end);
    CHECK_EQ(state.x[30], 0x99990U);
    CHECK_EQ(state.x[31], machine.frame);
    CHECK_EQ(machine.at(frame_end), 0x1000U + 29);
    CHECK_EQ(machine.at(frame_end + 8), 0x1000U + 30);
    for (u64 n : {3, 4, 8, 18, 28}) CHECK_EQ(state.x[n], 0x1000 + n);
    CHECK_EQ(nzcv_of(state.flags), 0xa000'0000U);
}

TEST_CASE("aarch64: a handler without SA_SIGINFO keeps x1 and x2, one with SA_RESTORER returns there") {
    Machine machine;
    machine.action = {0x88880, 0x0400'0000, 0, 0x4440};
    REQUIRE(machine.enter());
    CHECK_EQ(machine.state.x[1], 0x1001U);
    CHECK_EQ(machine.state.x[2], 0x1002U);
    CHECK_EQ(machine.state.x[30], 0x4440U);
}

TEST_CASE("aarch64: sigreturn brings everything back, as the handler may have changed it in the frame") {
    Machine machine;
    REQUIRE(machine.enter());
    machine.put<u64>(x_offset + 8 * 10, 42);
    machine.put<u64>(pstate_offset, 0x5000'0000);
    machine.put<u32>(records_offset + 12, ~u32{0});
    machine.put<u64>(vectors_offset + 16 * 7, 43);
    for (u64& x : machine.state.x) x = x == machine.frame ? x : 0;
    machine.state.v[8] = {};
    FrameContents contents;
    REQUIRE(machine.leave(contents));
    CHECK_EQ(contents.mask, 0xabcdU);
    CHECK_EQ(contents.stack.pointer, 0x5000U);
    CHECK_EQ(machine.state.pc, 0x77770U);
    CHECK_EQ(machine.state.x[0], 0x1000U);
    CHECK_EQ(machine.state.x[10], 42U);
    CHECK_EQ(machine.state.x[30], 0x101eU);
    CHECK_EQ(machine.state.x[31], 0x101fU);
    CHECK_EQ(nzcv_of(machine.state.flags), 0x5000'0000U);
    CHECK_EQ(aarch64::fpsr_of(machine.state.fpsr), 0x0800'0011U);
    CHECK_EQ(machine.state.fpcr & 0x0700'0000, 0x0700'0000U);
    CHECK_EQ(machine.state.fpcr & 0xf800'ffff, 0U);  // not there
    CHECK_EQ(machine.state.v[7].low, 43U);
    CHECK_EQ(machine.state.v[8].high, 0xbb08U);
}

TEST_CASE("aarch64: sigreturn refuses what Linux refuses") {
    Machine machine;
    const auto refused = [&](u64 offset, u32 value) {
        machine.state.x[31] = machine.frame;
        REQUIRE(machine.enter());
        machine.put<u32>(offset, value);
        return !machine.leaves();
    };
    CHECK(refused(records_offset, 0));                // no vectors
    CHECK(refused(records_offset, 0x5356'4501));      // SVE's, which there is not
    CHECK(refused(records_offset + 4, 0x200));        // vectors of another size
    CHECK(refused(records_offset + 4, 0x2000));       // beyond the records
    CHECK(refused(second_record, 0x4650'8001));       // of no size
    CHECK(refused(second_record + 4, 16));            // a terminator with a size
    CHECK(refused(pstate_offset, 0x5));               // EL1
    CHECK(refused(pstate_offset, 0x10));              // AArch32
    CHECK(refused(pstate_offset, 0x80));              // IRQs masked
    CHECK_FALSE(refused(pstate_offset, 0xf000'0000));
    CHECK_FALSE(refused(0, 0));
    machine.frame += 8;
    CHECK(refused(0, 0));  // not aligned
    machine.state.x[31] = 64;
    CHECK_FALSE(machine.leaves());
    machine.state.x[31] = ~u64{0} - 127;
    CHECK_FALSE(machine.leaves());
}

TEST_CASE("aarch64: records may go on elsewhere, once, right behind the terminator") {
    Machine machine;
    const u64 next = second_record + 32 + 16;
    const auto extra = [&](u64 address, u32 size) {
        machine.state.x[31] = machine.frame;
        REQUIRE(machine.enter());
        machine.put<std::array<u32, 12>>(second_record, {0x4558'5401, 32, u32(address), u32(address >> 32), size});
        machine.put<std::array<u32, 8>>(next, {0x4553'5201, 16});
        return machine.leaves();
    };
    CHECK(extra(machine.frame + next, 32));
    CHECK_FALSE(extra(machine.frame + next, 16));        // no terminator
    CHECK_FALSE(extra(machine.frame + next, 24));        // not aligned
    CHECK_FALSE(extra(machine.frame + next + 16, 32));   // elsewhere
    CHECK_FALSE(extra(machine.frame + next, 256 << 10));  // too large
}

TEST_CASE("aarch64: a frame that reaches beyond the guest's part changes nothing") {
    Machine machine;
    machine.frame = machine.pages.space().top().value - 512;
    aarch64::State before(machine.state);
    CHECK_FALSE(machine.enter());
    CHECK_EQ(machine.state.pc, before.pc);
    CHECK_EQ(machine.state.x[31], before.x[31]);
}

TEST_CASE("aarch64: struct sigaction has a restorer before its mask") {
    test::Pages pages(page_size);
    GuestAddress where(pages.address());
    GuestAction action{0x1234, SA_RESTART, 0x55, 0x66};
    REQUIRE(aarch64_guest.write_action(pages.memory(), where, action));
    CHECK_EQ(*pages.memory().read<u64>(where), 0x1234U);
    CHECK_EQ(*pages.memory().read<u64>(where + 8), u64(SA_RESTART));
    CHECK_EQ(*pages.memory().read<u64>(where + 16), 0x66U);
    CHECK_EQ(*pages.memory().read<u64>(where + 24), 0x55U);
    GuestAction again;
    REQUIRE(aarch64_guest.read_action(pages.memory(), where, again));
    CHECK_EQ(again.mask, 0x55U);
    CHECK_EQ(again.restorer, 0x66U);
    CHECK_FALSE(aarch64_guest.read_action(pages.memory(), GuestAddress(8), again));
}

TEST_CASE("aarch64: the auxiliary vector's facts are those of the feature table") {
    const loader::MachineFacts facts = aarch64_guest.machine_facts(0);
    CHECK_EQ(facts.capabilities, aarch64::hwcap());
    CHECK_EQ(facts.capabilities2, aarch64::hwcap2());
    CHECK_EQ(facts.platform, "aarch64");
    CHECK_EQ(facts.minimum_signal_stack, 4720U);  // Linux's, without SVE and SME
    CHECK_FALSE(facts.caches.has_value());
}

TEST_CASE("aarch64: what an instruction does to memory is known from its word") {
    const auto kind = [](u32 word) {
        const DataAccess access = aarch64_data_access(word);
        return std::string(access.reads ? "r" : "") + (access.writes ? "w" : "") + (access.maintains_cache ? "c" : "");
    };
    CHECK_EQ(kind(0xf9400020), "r");   // ldr x0, [x1]
    CHECK_EQ(kind(0xf9000020), "w");   // str x0, [x1]
    CHECK_EQ(kind(0x38401420), "r");   // ldrb w0, [x1], #1
    CHECK_EQ(kind(0x38001420), "w");   // strb w0, [x1], #1
    CHECK_EQ(kind(0x39800020), "r");   // ldrsb x0, [x1]
    CHECK_EQ(kind(0x78626820), "r");   // ldrh w0, [x1, x2]
    CHECK_EQ(kind(0xf8226820), "w");   // str x0, [x1, x2]
    CHECK_EQ(kind(0x3dc00020), "r");   // ldr q0, [x1]
    CHECK_EQ(kind(0x3d800020), "w");   // str q0, [x1]
    CHECK_EQ(kind(0xfd000020), "w");   // str d0, [x1]
    CHECK_EQ(kind(0x58000040), "r");   // ldr x0, .+8
    CHECK_EQ(kind(0xa9400420), "r");   // ldp x0, x1, [x1]
    CHECK_EQ(kind(0xa9000420), "w");   // stp x0, x1, [x1]
    CHECK_EQ(kind(0xad000420), "w");   // stp q0, q1, [x1]
    CHECK_EQ(kind(0x4c407020), "r");   // ld1 {v0.16b}, [x1]
    CHECK_EQ(kind(0x4c007020), "w");   // st1 {v0.16b}, [x1]
    CHECK_EQ(kind(0x0d400020), "r");   // ld1 {v0.b}[0], [x1]
    CHECK_EQ(kind(0xc85f7c20), "r");   // ldxr x0, [x1]
    CHECK_EQ(kind(0xc8027c20), "w");   // stxr w2, x0, [x1]
    CHECK_EQ(kind(0xc87f0420), "r");   // ldxp x0, x1, [x1]
    CHECK_EQ(kind(0xc8220420), "w");   // stxp w2, x0, x1, [x1]
    CHECK_EQ(kind(0xc8dffc20), "r");   // ldar x0, [x1]
    CHECK_EQ(kind(0xc89ffc20), "w");   // stlr x0, [x1]
    CHECK_EQ(kind(0xc8a27c20), "rw");  // cas x2, x0, [x1]
    CHECK_EQ(kind(0x48207c42), "rw");  // casp x0, x1, x2, x3, [x2]
    CHECK_EQ(kind(0xf8220020), "rw");  // ldadd x2, x0, [x1]
    CHECK_EQ(kind(0xf8228020), "rw");  // swp x2, x0, [x1]
    CHECK_EQ(kind(0xf8bfc020), "r");   // ldapr x0, [x1]
    CHECK_EQ(kind(0xd9400020), "r");   // ldapur x0, [x1]
    CHECK_EQ(kind(0xd9000020), "w");   // stlur x0, [x1]
    CHECK_EQ(kind(0x19410440), "rw");  // cpyfm [x0]!, [x1]!, x2!
    CHECK_EQ(kind(0x1d810440), "rw");  // cpye [x0]!, [x1]!, x2!
    CHECK_EQ(kind(0x19c24420), "w");   // setm [x0]!, x1!, x2
    CHECK_EQ(kind(0xf8200420), "r");   // ldraa x0, [x1]
    CHECK_EQ(kind(0xf8e00c20), "r");   // ldrab x0, [x1, #-4096]!
    CHECK_EQ(kind(0xd50b7420), "w");   // dc zva, x0
    CHECK_EQ(kind(0xd50b7b20), "wc");  // dc cvau, x0
}

TEST_CASE("aarch64: the syndrome is that of a fault taken from EL0") {
    using enum Fault::Kind;
    constexpr u32 load = 0xf9400020, store = 0xf9000020, add = 0xf8220020, copy = 0x1d41'0440, set = 0x19c2'4420;
    const auto syndrome = [](const Fault& fault) { return describe_aarch64_fault(fault).syndrome; };
    CHECK_EQ(syndrome({access, SIGSEGV, 8, load, false, false}), 0x9200'0007U);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, store, false, false}), 0x9200'0047U);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, store, true, true}), 0x9200'004fU);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, add, false, false}), 0x9200'0007U);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, add, true, true}), 0x9200'004fU);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, copy, false, false, false}), 0x9200'0007U);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, copy, false, false, true}), 0x9200'0047U);
    CHECK_EQ(syndrome({access, SIGSEGV, 8, set, false, false, true}), 0x9200'0047U);
    CHECK_EQ(syndrome({access, SIGBUS, 8, store, true, true}), 0x9200'0047U);
    CHECK_EQ(syndrome({access, SIGSEGV, u64{1} << 63 | u64{1} << 55, store, false, false}), 0x9200'0044U);
    CHECK_EQ(syndrome({misaligned_access, SIGBUS, 8, load, true, true}), 0x9200'0021U);
    CHECK_EQ(syndrome({fetch, SIGSEGV, 8, 0, false, false}), 0x8200'0007U);
    CHECK_EQ(syndrome({fetch, SIGSEGV, 8, 0, true, true}), 0x8200'000fU);
    CHECK_EQ(syndrome({misaligned_fetch, SIGBUS, 9, 0, false, false}), 0x8a00'0000U);
    CHECK_EQ(describe_aarch64_fault({misaligned_fetch, SIGBUS, 9, 0, false, false}).address, 0U);
    CHECK_EQ(describe_aarch64_fault({access, SIGSEGV, 8, load, false, false}).address, 8U);
    CHECK_EQ(syndrome({instruction, SIGILL, 8, 0, true, true}), 0U);
}
