// Signal calls: sizes and sets are checked here, the rest is the engine's.
#include <doctest/doctest.h>
#include <signal.h>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

TEST_CASE("rt_sigprocmask copies sets in and out") {
    Guest guest;
    const u64 page = guest.put<u64>(0b1010);
    CHECK_EQ(guest("rt_sigprocmask", SIG_SETMASK, page, 0, 8), 0);
    CHECK_EQ(guest.services.mask, 0b1010);
    guest.write<u64>(page, 0b0010);
    CHECK_EQ(guest("rt_sigprocmask", SIG_UNBLOCK, page, page + 8, 8), 0);
    CHECK_EQ(guest.read<u64>(page + 8), 0b1010);
    CHECK_EQ(guest.services.mask, 0b1000);
    CHECK_EQ(guest("rt_sigprocmask", 99, 0, page + 8, 8), 0);  // without a set, how does not matter
    CHECK_EQ(guest.read<u64>(page + 8), 0b1000);
}

TEST_CASE("rt_sigprocmask fails as Linux does: size, set, how, old set") {
    Guest guest;
    const u64 page = guest.put<u64>(1);
    CHECK_EQ(guest("rt_sigprocmask", 99, guest.hole(), 0, 4), -EINVAL);
    CHECK_EQ(guest("rt_sigprocmask", 99, guest.hole(), 0, 8), -EFAULT);
    CHECK_EQ(guest("rt_sigprocmask", 99, page, guest.hole(), 8), -EINVAL);
    CHECK_EQ(guest("rt_sigprocmask", SIG_BLOCK, page, guest.hole(), 8), -EFAULT);
    CHECK_EQ(guest.services.mask, 1);  // it was set all the same
}

TEST_CASE("rt_sigaction and sigaltstack reach the engine with the guest's addresses") {
    Guest guest;
    CHECK_EQ(guest("rt_sigaction", SIGUSR1, 0x1000, 0x2000, 8), 0);
    CHECK_EQ(guest.services.addresses, std::vector<u64>{SIGUSR1, 0x1000, 0x2000});
    CHECK_EQ(guest("rt_sigaction", SIGUSR1, 0, 0, 16), -EINVAL);
    CHECK_EQ(guest("sigaltstack", 0x3000, 0x4000), 0);
    CHECK_EQ(guest.services.addresses, std::vector<u64>{0x3000, 0x4000});
}

TEST_CASE("rt_sigpending writes as much of the set as was asked for") {
    Guest guest;
    guest.services.pending = 0x1122334455667788;
    const u64 page = guest.page();
    CHECK_EQ(guest("rt_sigpending", page, 8), 0);
    CHECK_EQ(guest.read<u64>(page), 0x1122334455667788);
    CHECK_EQ(guest("rt_sigpending", page + 8, 4), 0);
    CHECK_EQ(guest.read<u64>(page + 8), 0x55667788);
    CHECK_EQ(guest("rt_sigpending", page, 9), -EINVAL);
    CHECK_EQ(guest("rt_sigpending", guest.hole(), 8), -EFAULT);
}

TEST_CASE("rt_sigsuspend hands over the mask it reads") {
    Guest guest;
    CHECK_EQ(guest("rt_sigsuspend", guest.put<u64>(0x55), 8), -EINTR);
    CHECK_EQ(guest.services.suspended, 0x55);
    CHECK_EQ(guest("rt_sigsuspend", guest.hole(), 8), -EFAULT);
    CHECK_EQ(guest("rt_sigsuspend", 0, 16), -EINVAL);
}

TEST_CASE("rt_sigreturn leaves the registers as the engine has set them") {
    Guest guest;
    guest.cpu.result = 123;
    CHECK_EQ(guest("rt_sigreturn"), registers_set);
    CHECK_EQ(guest.cpu.result, 123);
    CHECK_EQ(guest.cpu.advanced, 0);
}
