// uname, prctl, riscv_hwprobe and riscv_flush_icache.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/utsname.h>

#include <array>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
struct Probe {
    i64 key;
    u64 value;
};
}  // namespace

TEST_CASE("uname tells the host's names and the guest's machine") {
    Guest guest;
    utsname host;
    REQUIRE_EQ(::uname(&host), 0);
    const u64 page = guest.page();
    CHECK_EQ(guest("uname", page), 0);
    const auto name = guest.read<utsname>(page);
    CHECK_EQ(std::string(name.machine), "riscv64");
    CHECK_EQ(std::string(name.release), std::string(host.release));
    CHECK_EQ(std::string(name.nodename), std::string(host.nodename));
    CHECK_EQ(guest("uname", guest.hole()), -EFAULT);
    guest.abi = aarch64_abi;
    CHECK_EQ(guest("uname", page), 0);
    CHECK_EQ(std::string(guest.read<utsname>(page).machine), "aarch64");
}

TEST_CASE("prctl passes what concerns the process") {
    Guest guest;
    CHECK_EQ(in_child([&] {
                 const u64 page = guest.page();
                 if (guest("prctl", PR_SET_NAME, guest.text("lyrebird"), 0, 0, 0) != 0) return 1L;
                 if (guest("prctl", PR_GET_NAME, page, 0, 0, 0) != 0 || guest.read_text(page) != "lyrebird") return 2L;
                 if (guest("prctl", PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0) return 3L;
                 if (guest("prctl", PR_GET_PDEATHSIG, page, 0, 0, 0) != 0 || guest.read<int>(page) != SIGTERM)
                     return 4L;
                 if (guest("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return 5L;
                 return guest("prctl", PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0L : 6L;
             }),
             0);
}

TEST_CASE("prctl refuses what would reach the VM") {
    Guest guest;
    CHECK_EQ(guest("prctl", PR_SET_MM, PR_SET_MM_BRK, 0, 0, 0), -EPERM);
    CHECK_EQ(guest("prctl", PR_SET_SECCOMP, 1, 0, 0, 0), -EINVAL);
    CHECK_EQ(guest("prctl", PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0), -EINVAL);
    CHECK_EQ(guest("prctl", 59, 1, 0, 0, 0), -EINVAL);  // PR_SET_SYSCALL_USER_DISPATCH
    CHECK_EQ(guest("prctl", 65, 1, 0, 0, 0), -EINVAL);  // PR_SET_MDWE
    CHECK_EQ(guest("prctl", PR_GET_NAME, u64{1} << 46, 0, 0, 0), -EFAULT);
    static char mine[2 * page_size];
    CHECK(guest("prctl", 0x53564d41, 0, reinterpret_cast<u64>(mine), page_size, 0) < 0);  // PR_SET_VMA
    CHECK_EQ(guest("prctl", 71, 0, 0, 0, 0), 0);  // PR_RISCV_SET_ICACHE_FLUSH_CTX
}

TEST_CASE("AArch64 lets a thread choose whether its calls take tagged addresses") {
    constexpr int set = 55, get = 56;  // PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL
    constexpr u64 tag = u64{0x5a} << 56;
    Guest guest;
    CHECK_EQ(guest("prctl", get, 0, 0, 0, 0), -EINVAL);
    guest.abi = aarch64_abi;
    const u64 page = guest.page();
    guest.write<u64>(page + 8, 0);
    CHECK_EQ(guest("prctl", get, 0, 0, 0, 0), 0);
    CHECK_EQ(guest("clock_gettime", 0, page | tag), -EFAULT);
    CHECK_EQ(guest("uname", page | tag), -EFAULT);
    CHECK_EQ(guest("prctl", set, 3, 0, 0, 0), -EINVAL);  // PR_MTE_TCF_SYNC: there is no memory tagging
    CHECK_EQ(guest("prctl", set, 1, 1, 0, 0), -EINVAL);
    CHECK_EQ(guest("prctl", get, 0, 0, 0, 1), -EINVAL);
    CHECK_EQ(guest("prctl", set, 1, 0, 0, 0), 0);
    CHECK_EQ(guest("prctl", get, 0, 0, 0, 0), 1);
    CHECK_EQ(guest("clock_gettime", 0, page | tag), 0);  // the host's kernel writes
    CHECK_NE(guest.read<u64>(page), 0);
    CHECK_EQ(guest("uname", page | tag), 0);  // the VM writes
    CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text("/") | tag, page | tag, 0), 0);
    CHECK_EQ(guest("uname", guest.hole() | tag), -EFAULT);
    CHECK_EQ(guest("uname", u64{1} << 63 | u64{1} << 55 | page), -EFAULT);
    Guest::Thread other(guest);
    CHECK_EQ(other("prctl", get, 0, 0, 0, 0), 0);
    CHECK_EQ(guest("prctl", set, 0, 0, 0, 0), 0);
    CHECK_EQ(guest("uname", page | tag), -EFAULT);
}

TEST_CASE("AArch64's prctl refuses what needs extensions that there are not") {
    Guest guest;
    guest.abi = aarch64_abi;
    for (int option : {50, 51, 54, 60, 61, 63, 64, 69, 70, 71}) {  // SVE, pointer authentication, SME, RISC-V's
        CAPTURE(option);
        CHECK_EQ(guest("prctl", option, 0, 0, 0, 0), -EINVAL);
    }
}

TEST_CASE("riscv_hwprobe answers known keys and marks unknown ones") {
    Guest guest;
    const u64 pairs = guest.put(std::array<Probe, 3>{Probe{3, 0}, Probe{123456, 9}, Probe{7, 0}});
    CHECK_EQ(guest("riscv_hwprobe", pairs, 3, 0, 0, 0), 0);
    CHECK_EQ(guest.read<Probe>(pairs).key, 3);
    CHECK_EQ(guest.read<Probe>(pairs).value, 1);  // IMA
    CHECK_EQ(guest.read<Probe>(pairs + 16).key, -1);
    CHECK_EQ(guest.read<Probe>(pairs + 16).value, 0);
    CHECK_EQ(guest.read<Probe>(pairs + 32).value, guest.memory->top().value - 1);
    CHECK_EQ(guest("riscv_hwprobe", pairs, 3, 0, 0, 2), -EINVAL);
    CHECK_EQ(guest("riscv_hwprobe", guest.hole(), 1, 0, 0, 0), -EFAULT);
    CHECK_EQ(guest("riscv_hwprobe", 0, 0, 0, 0, 0), 0);
}

TEST_CASE("riscv_hwprobe looks at the processors it is asked about") {
    Guest guest;
    const u64 pairs = guest.put(Probe{3, 0}), set = guest.put<u64>(1);
    CHECK_EQ(guest("riscv_hwprobe", pairs, 1, 8, set, 0), 0);
    guest.write<u64>(set, 0);
    CHECK_EQ(guest("riscv_hwprobe", pairs, 1, 8, set, 0), -EINVAL);
}

TEST_CASE("riscv_hwprobe finds the processors that are as described") {
    Guest guest;
    const u64 pairs = guest.put(Probe{3, 1}), set = guest.put<u64>(0);
    CHECK_EQ(guest("riscv_hwprobe", pairs, 1, 8, set, 1), 0);
    CHECK_EQ(guest.read<u64>(set) & 1, 1);  // an empty set asks about all
    guest.write(pairs, Probe{3, 2});        // a bit that no processor has
    CHECK_EQ(guest("riscv_hwprobe", pairs, 1, 8, set, 1), 0);
    CHECK_EQ(guest.read<u64>(set), 0);
    CHECK_EQ(guest("riscv_hwprobe", pairs, 1, 0, 0, 1), -EINVAL);
}

TEST_CASE("riscv_flush_icache goes to the engine; other guests do not have it") {
    Guest guest;
    CHECK_EQ(guest("riscv_flush_icache", 0x1000, 0x2000, 1), 0);
    CHECK_EQ(guest.services.addresses, std::vector<u64>{0x1000, 0x2000, 1});
    CHECK_EQ(guest("riscv_flush_icache", 0, 0, 2), -EINVAL);
    guest.abi = aarch64_abi;
    CHECK_EQ(guest("riscv_flush_icache", 0, 0, 0), -ENOSYS);
    CHECK_EQ(guest("riscv_hwprobe", 0, 0, 0, 0, 0), -ENOSYS);
}

TEST_CASE("AArch64 looks at the lower half of a call's number only") {
    Guest guest;
    const u64 number = Guest::number_of("getpid") | u64{1} << 32;
    CHECK_EQ(guest.call(number, {}), -ENOSYS);
    guest.abi = aarch64_abi;
    CHECK_EQ(guest.call(number, {}), ::getpid());
}

TEST_CASE("an unsupported call is ENOSYS and is remembered by name") {
    Guest guest;
    CHECK_EQ(guest.process.unsupported(), "");
    CHECK_EQ(guest("rseq", 0, 0, 0, 0), -ENOSYS);
    CHECK_EQ(guest.call(300, {}), -ENOSYS);
    CHECK_EQ(guest.call(100000, {}), -ENOSYS);
    CHECK_EQ(guest.process.unsupported(), "rseq, syscall_300");
    CHECK_EQ(guest("restart_syscall"), -EINTR);
}

TEST_CASE("Keys of pointer authentication are a processor's that has them, and renewed or switched off one by one") {
    using namespace aarch64;
    Guest guest;
    CHECK_EQ(guest("prctl", reset_pointer_keys, 0, 0, 0, 0), -EINVAL);  // RISC-V
    guest.abi = aarch64_abi;
    State& state = *static_cast<State*>(guest.cpu.state());
    for (int option : {reset_pointer_keys, set_enabled_keys, get_enabled_keys}) CHECK_EQ(guest("prctl", option, 0, 0, 0, 0), -EINVAL);
    state.options = option_pointer_authentication;
    CHECK_EQ(guest("prctl", reset_pointer_keys, 0, 0, 0, 0), 0);
    for (u64 number = 0; number < key_count; ++number) {
        const auto before = std::to_array(state.keys);
        CHECK_EQ(guest("prctl", reset_pointer_keys, u64{1} << number, 0, 0, 0), 0);
        for (u64 other = 0; other < key_count; ++other) {
            const bool same = before[other].low == state.keys[other].low && before[other].high == state.keys[other].high;
            CHECK_EQ(same, number != other);
        }
    }
    CHECK_EQ(guest("prctl", reset_pointer_keys, 32, 0, 0, 0), -EINVAL);
    for (u64 argument = 1; argument < 4; ++argument) {
        const u64 words[4]{1, argument == 1, argument == 2, argument == 3};
        CHECK_EQ(guest("prctl", reset_pointer_keys, words[0], words[1], words[2], words[3]), -EINVAL);
    }
    CHECK_EQ(guest("prctl", get_enabled_keys, 0, 0, 0, 0), 15);
    CHECK_EQ(guest("prctl", set_enabled_keys, 6, 2, 0, 0), 0);
    CHECK_EQ(guest("prctl", get_enabled_keys, 0, 0, 0, 0), 11);
    CHECK_EQ(guest("prctl", set_enabled_keys, 16, 0, 0, 0), -EINVAL);
    CHECK_EQ(guest("prctl", set_enabled_keys, 1, 2, 0, 0), -EINVAL);
    CHECK_EQ(guest("prctl", set_enabled_keys, 1, 1, 1, 0), -EINVAL);
    CHECK_EQ(guest("prctl", get_enabled_keys, 0, 1, 0, 0), -EINVAL);
}
