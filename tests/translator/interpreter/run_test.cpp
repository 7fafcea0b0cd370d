#include "guest_code.hpp"

using namespace lyrebird;
using isa::ExitReason;

TEST_CASE("A long loop neither grows the host's stack nor forgets its count") {
    GuestCode guest;
    GuestCode::write(GuestCode::code,
                     {"lui x5, 0x4c5", "addi x6, x6, 1", "addi x5, x5, -1", "bne x5, x0, 0x10000004", "ecall"});
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::system_call);
    CHECK_EQ(guest.state().x[6], 0x4c5000);
    CHECK_EQ(guest.cpu->pc(), GuestCode::code + 16);
}

TEST_CASE("Attention ends a loop that makes no call") {
    GuestCode guest;
    GuestCode::write(GuestCode::code, {"jal x0, 0x10000000"});
    guest.cpu->vm().attention = isa::attention_signal;
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::attention);
    CHECK_EQ(guest.cpu->pc(), GuestCode::code);
}

TEST_CASE("A word that no instruction claims ends with pc at it") {
    GuestCode guest;
    GuestCode::write(GuestCode::code, {"addi x5, x0, 1"});
    std::memset(GuestAddress(GuestCode::code + 4).host(), 0, 4);
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::illegal_instruction);
    CHECK_EQ(guest.cpu->pc(), GuestCode::code + 4);
    CHECK_EQ(guest.state().x[5], 1);
}

TEST_CASE("Code is fetched only from executable pages") {
    GuestCode guest;
    CHECK_EQ(guest.run_at(GuestCode::data), ExitReason::fetch_fault);
    CHECK_EQ(guest.cpu->vm().fault_address, GuestCode::data);
}

TEST_CASE("An instruction that straddles into a page without execute permission faults at that page") {
    GuestCode guest;
    guest.map(GuestCode::code + GuestCode::size, PROT_READ | PROT_WRITE);
    u64 pc = GuestCode::code + GuestCode::size - 2;
    GuestCode::write(pc, {"addi x5, x0, 1"});
    CHECK_EQ(guest.run_at(pc), ExitReason::fetch_fault);
    CHECK_EQ(guest.cpu->vm().fault_address, GuestCode::code + GuestCode::size);
    CHECK_EQ(guest.cpu->pc(), pc);
}

TEST_CASE("The address of a faulting access is computed from the registers without doing it") {
    GuestCode guest;
    GuestCode::write(GuestCode::code, {"ld x5, 8(x6)"});
    guest.state().x[6] = 0xdead'0000'0000'0000;
    guest.cpu->set_pc(GuestCode::code);
    CHECK_EQ(guest.cpu->data_address(), 0xdead'0000'0000'0008);
    CHECK_EQ(guest.state().x[5], 0);
}

TEST_CASE("A misaligned atomic exits with its address before it touches memory") {
    GuestCode guest;
    GuestCode::write(GuestCode::code, {"amoadd.w x5, x6, (x7)"});
    guest.state().x[6] = 1;
    guest.state().x[7] = GuestCode::data + 2;
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::misaligned);
    CHECK_EQ(guest.cpu->vm().fault_address, GuestCode::data + 2);
    CHECK_EQ(*GuestAddress(GuestCode::data).host<u64>(), 0);
}

TEST_CASE("A clone has the same registers and its own events") {
    GuestCode guest;
    guest.state().x[9] = 77;
    guest.cpu->vm().attention = isa::attention_signal;
    auto clone = guest.cpu->clone();
    CHECK_EQ(GuestCode::state(*clone).x[9], 77);
    CHECK_EQ(clone->vm().attention.load(), 0);
}
