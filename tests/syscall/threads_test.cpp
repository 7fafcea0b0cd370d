// Futexes: which of a futex call's registers are addresses depends on the operation.
#include <doctest/doctest.h>
#include <linux/futex.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

TEST_CASE("futex waits, times out and finds nobody to wake") {
    Guest guest;
    const u64 word = guest.put<u32>(5), timeout = guest.put(timespec{0, 1000});
    CHECK_EQ(guest("futex", word, FUTEX_WAIT, 6, 0, 0, 0), -EAGAIN);
    CHECK_EQ(guest("futex", word, FUTEX_WAIT_PRIVATE, 5, timeout, 0, 0), -ETIMEDOUT);
    CHECK_EQ(guest("futex", word, FUTEX_WAKE, 1, 0, 0, 0), 0);
    CHECK_EQ(guest("futex", word + 1, FUTEX_WAKE, 1, 0, 0, 0), -EINVAL);
    CHECK_EQ(guest("futex", word, FUTEX_WAIT, 5, guest.hole(), 0, 0), -EFAULT);
    CHECK_EQ(guest("futex", word, 99, 0, 0, 0, 0), -ENOSYS);
}

TEST_CASE("the fourth register of a requeue is a number, however large") {
    Guest guest;
    const u64 first = guest.put<u32>(0), second = guest.put<u32>(0);
    CHECK_EQ(guest("futex", first, FUTEX_CMP_REQUEUE, 1, 0x7fffffff, second, 0), 0);
    CHECK_EQ(guest("futex", first, FUTEX_CMP_REQUEUE, 1, 0x7fffffff, u64{1} << 46, 0), -EFAULT);
}

TEST_CASE("futex wakes a waiter, and futex_waitv tells which word it was") {
    Guest guest;
    struct Wait {
        u64 value, address;
        u32 flags, reserved;
    };
    const u64 words = guest.page();
    const u64 waits = guest.put(std::array<Wait, 2>{Wait{0, words, 2, 0}, Wait{0, words + 4, 2, 0}});
    std::atomic<SysResult> result = -1000;
    std::thread waiter([&] {
        Guest::Thread thread(guest);
        result = thread("futex_waitv", waits, 2, 0, 0, 0);
    });
    SysResult woken = 0;
    for (int tries = 0; tries < 2000 && woken == 0 && result == -1000; ++tries) {
        woken = guest("futex", words + 4, FUTEX_WAKE, 1, 0, 0, 0);
        ::usleep(1000);
    }
    waiter.join();
    CHECK((result == 1 || result == -ENOSYS));
    const u64 hostile = guest.put(Wait{0, u64{1} << 46, 2, 0});
    const SysResult refused = guest("futex_waitv", hostile, 1, 0, 0, 0);
    CHECK((refused == -EFAULT || refused == -ENOSYS));
}

TEST_CASE("futex_requeue checks both of its words") {
    Guest guest;
    struct Wait {
        u64 value, address;
        u32 flags, reserved;
    };
    const u64 words = guest.page();
    const u64 waits = guest.put(std::array<Wait, 2>{Wait{0, words, 2, 0}, Wait{0, words + 4, 2, 0}});
    const SysResult moved = guest("futex_requeue", waits, 0, 1, 1);
    CHECK((moved == 0 || moved == -ENOSYS));
    guest.write(waits + sizeof(Wait), Wait{0, u64{1} << 46, 2, 0});
    const SysResult refused = guest("futex_requeue", waits, 0, 1, 1);
    CHECK((refused == -EFAULT || refused == -ENOSYS));
}

TEST_CASE("set_tid_address answers with what the engine says") {
    Guest guest;
    CHECK_EQ(guest("set_tid_address", 0x1234), 77);
    CHECK_EQ(guest.services.addresses, std::vector<u64>{0x1234});
}

TEST_CASE("the kernel keeps a robust list's head") {
    Guest guest;
    CHECK_EQ(in_child([&] {
                 const u64 head = guest.page(), out = guest.page();
                 if (guest("set_robust_list", head, 24) != 0) return 1L;
                 if (guest("set_robust_list", head, 23) != -EINVAL) return 2L;
                 if (guest("get_robust_list", 0, out, out + 8) != 0) return 3L;
                 return guest.read<u64>(out) == head && guest.read<u64>(out + 8) == 24 ? 0L : 4L;
             }),
             0);
}
