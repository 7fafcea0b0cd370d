// Changed code is noticed, however it changed; see also the guest programs dual_mapped_code and cross_modified_code.
#include "guest_code.hpp"

using namespace lyrebird;
using isa::ExitReason;

TEST_CASE_TEMPLATE("Code that was announced as changed runs as changed", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"addi x5, x0, 1", "ecall"});
    guest.run_at(GuestCode::code);
    CHECK_EQ(guest.state().x[5], 1);
    GuestCode::write(GuestCode::code, {"addi x5, x0, 2"});
    guest.cpu->invalidate_code();
    guest.run_at(GuestCode::code);
    CHECK_EQ(guest.state().x[5], 2);
}

TEST_CASE_TEMPLATE("Code written through another mapping of the same memory is noticed", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    int file = memfd_create("code", 0);
    REQUIRE_EQ(ftruncate(file, GuestCode::size), 0);
    u64 runs = 0x20000000;
    u64 writes = 0x20010000;
    REQUIRE_EQ(guest.memory->map(runs, GuestCode::size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, file, 0),
               SysResult(runs));
    REQUIRE_EQ(guest.memory->map(writes, GuestCode::size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0),
               SysResult(writes));
    GuestCode::write(writes, {"addi x5, x0, 1", "ecall"});
    guest.run_at(runs);
    GuestCode::write(writes, {"addi x5, x0, 2"});
    guest.cpu->invalidate_code();
    guest.run_at(runs);
    CHECK_EQ(guest.state().x[5], 2);
    close(file);
}

TEST_CASE_TEMPLATE("Code that did not change is compared, not decoded again", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"addi x5, x0, 1", "ecall"});
    guest.run_at(GuestCode::code);
    u64 decoded = guest.cpu->statistics().blocks_decoded;
    guest.cpu->invalidate_code();
    guest.run_at(GuestCode::code);
    CHECK_EQ(guest.cpu->statistics().blocks_decoded, decoded);
    CHECK_EQ(guest.cpu->statistics().blocks_changed, 0);
}

TEST_CASE_TEMPLATE("Code whose page lost its execute permission does not run on", T, Interpreter, Translator) {
    GuestCode guest(T::number);
    GuestCode::write(GuestCode::code, {"addi x5, x0, 1", "ecall"});
    guest.run_at(GuestCode::code);
    REQUIRE_EQ(guest.memory->protect(GuestCode::code, GuestCode::size, PROT_READ), 0);
    guest.cpu->invalidate_code(GuestCode::code, GuestCode::code + GuestCode::size);
    CHECK_EQ(guest.run_at(GuestCode::code), ExitReason::fetch_fault);
}
