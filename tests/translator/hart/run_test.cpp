#include "guest_code.hpp"

using namespace lyrebird;
using isa::ExitReason;

TEST_CASE_TEMPLATE("A long loop neither grows the host's stack nor forgets its count", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code,
                     {"lui x5, 0x4c5", "addi x6, x6, 1", "addi x5, x5, -1", "bne x5, x0, 0x10000004", "ecall"});
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::system_call);
    CHECK_EQ(guest.state().x[6], 0x4c5000);
    CHECK_EQ(guest.cpu->pc(), GuestCode::code + 16);
}

TEST_CASE_TEMPLATE("Attention ends a loop that makes no call", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"jal x0, 0x10000000"});
    guest.cpu->vm().attention = isa::attention_signal;
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::attention);
    CHECK_EQ(guest.cpu->pc(), GuestCode::code);
}

TEST_CASE_TEMPLATE("A word that no instruction claims ends with pc at it", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"addi x5, x0, 1"});
    std::memset(GuestAddress(GuestCode::code + 4).host(), 0, 4);
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::illegal_instruction);
    CHECK_EQ(guest.cpu->pc(), GuestCode::code + 4);
    CHECK_EQ(guest.state().x[5], 1);
}

TEST_CASE_TEMPLATE("Code is fetched only from executable pages", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    CHECK_EQ(guest.run_at(GuestCode::data), ExitReason::fetch_fault);
    CHECK_EQ(guest.cpu->vm().fault_address, GuestCode::data);
}

TEST_CASE_TEMPLATE("An instruction that straddles into a page without execute permission faults at that page", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    guest.map(GuestCode::code + GuestCode::size, PROT_READ | PROT_WRITE);
    u64 pc = GuestCode::code + GuestCode::size - 2;
    GuestCode::write(pc, {"addi x5, x0, 1"});
    CHECK_EQ(guest.run_at(pc), ExitReason::fetch_fault);
    CHECK_EQ(guest.cpu->vm().fault_address, GuestCode::code + GuestCode::size);
    CHECK_EQ(guest.cpu->pc(), pc);
}

TEST_CASE_TEMPLATE("The address of a faulting access is computed from the registers without doing it", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"ld x5, 8(x6)"});
    guest.state().x[6] = 0xdead'0000'0000'0000;
    guest.cpu->set_pc(GuestCode::code);
    CHECK_EQ(guest.cpu->data_address(), 0xdead'0000'0000'0008);
    CHECK_EQ(guest.state().x[5], 0);
}

TEST_CASE_TEMPLATE("A misaligned atomic exits with its address before it touches memory", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"amoadd.w x5, x6, (x7)"});
    guest.state().x[6] = 1;
    guest.state().x[7] = GuestCode::data + 2;
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::misaligned);
    CHECK_EQ(guest.cpu->vm().fault_address, GuestCode::data + 2);
    CHECK_EQ(*GuestAddress(GuestCode::data).host<u64>(), 0);
}

TEST_CASE_TEMPLATE("A clone has the same registers and its own events", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    guest.state().x[9] = 77;
    guest.cpu->vm().attention = isa::attention_signal;
    auto clone = guest.cpu->clone();
    CHECK_EQ(GuestCode::state(*clone).x[9], 77);
    CHECK_EQ(clone->vm().attention.load(), 0);
}
