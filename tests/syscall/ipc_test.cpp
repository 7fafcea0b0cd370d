// System V and POSIX interprocess communication, and keys.
#include <doctest/doctest.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "syscall/layouts.hpp"
#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

TEST_CASE("semctl tells and sets in the guest's layout") {
    Guest guest;
    const SysResult set = guest("semget", IPC_PRIVATE, 3, 0600);
    REQUIRE(set >= 0);
    const u64 page = guest.page();
    CHECK_EQ(guest("semctl", set, 0, IPC_STAT, page), 0);
    CHECK_EQ(guest.read<GuestSemaphoreSet>(page).count, 3);
    CHECK_EQ(guest.read<GuestSemaphoreSet>(page).permission.mode, 0600);
    CHECK(guest.read<GuestSemaphoreSet>(page).change_time > 0);
    auto status = guest.read<GuestSemaphoreSet>(page);
    status.permission.mode = 0640;
    guest.write(page, status);
    CHECK_EQ(guest("semctl", set, 0, IPC_SET, page), 0);
    CHECK_EQ(guest("semctl", set, 0, IPC_STAT, page), 0);
    CHECK_EQ(guest.read<GuestSemaphoreSet>(page).permission.mode, 0640);
    CHECK_EQ(guest("semctl", set, 1, SETVAL, 7), 0);
    CHECK_EQ(guest("semctl", set, 1, GETVAL, 0), 7);
    CHECK_EQ(guest("semctl", set, 0, GETALL, page), 0);
    CHECK_EQ(guest.read<u16>(page + 2), 7);
    CHECK_EQ(guest("semctl", set, 0, IPC_STAT, guest.hole()), -EFAULT);
    CHECK_EQ(guest("semctl", set, 0, GETALL, u64{1} << 46), -EFAULT);
    const u64 operation = guest.put(sembuf{1, -7, IPC_NOWAIT});
    CHECK_EQ(guest("semop", set, operation, 1), 0);
    CHECK_EQ(guest("semop", set, operation, 1), -EAGAIN);
    CHECK_EQ(guest("semctl", set, 0, IPC_RMID, 0), 0);
}

TEST_CASE("shared memory is attached in the guest's part and detached, and the engine is told") {
    Guest guest;
    const SysResult segment = guest("shmget", IPC_PRIVATE, page_size, 0600);
    REQUIRE(segment >= 0);
    const SysResult at = guest("shmat", segment, 0, 0);
    CHECK_EQ(guest("shmctl", segment, IPC_RMID, 0), 0);
    REQUIRE(at > 0);
    CHECK(guest.memory->contains(GuestAddress(static_cast<u64>(at)), page_size));
    guest.write<u64>(static_cast<u64>(at), 1);
    CHECK_EQ(guest("shmdt", at), 0);
    CHECK_EQ(guest("shmdt", at), -EINVAL);
    CHECK_EQ(guest.services.memory_changes, 3);
}

TEST_CASE("messages go through a System V queue") {
    Guest guest;
    const SysResult queue = guest("msgget", IPC_PRIVATE, 0600);
    REQUIRE(queue >= 0);
    struct Message {
        long type;
        char text[8];
    };
    const u64 sent = guest.put(Message{5, "hello"}), received = guest.page();
    CHECK_EQ(guest("msgsnd", queue, sent, 6, 0), 0);
    CHECK_EQ(guest("msgrcv", queue, received, 8, 0, 0), 6);
    CHECK_EQ(guest.read<Message>(received).type, 5);
    CHECK_EQ(std::string(guest.read<Message>(received).text), "hello");
    CHECK_EQ(guest("msgctl", queue, IPC_RMID, 0), 0);
}

TEST_CASE("mq_notify looks at the cookie of a thread's notification only") {
    Guest guest;
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD;
    event.sigev_value.sival_ptr = GuestAddress(u64{1} << 46).host();
    CHECK_EQ(guest("mq_notify", 99, guest.put(event)), -EFAULT);
    event.sigev_notify = SIGEV_NONE;
    CHECK_EQ(guest("mq_notify", 99, guest.put(event)), -EBADF);
    CHECK_EQ(guest("mq_notify", 99, 0), -EBADF);
    CHECK_EQ(guest("mq_notify", 99, guest.hole()), -EFAULT);
}

TEST_CASE("keyctl reads a payload from scattered buffers") {
    Guest guest;
    const SysResult ring = guest("keyctl", KEYCTL_GET_KEYRING_ID, -3, 0, 0, 0);  // KEY_SPEC_SESSION_KEYRING
    if (ring == -ENOSYS || ring == -EPERM) return;                               // a host or container without keys
    const u64 vectors = guest.put(iovec{GuestAddress(u64{1} << 46).host(), 4});
    CHECK_EQ(guest("keyctl", KEYCTL_INSTANTIATE_IOV, 0, vectors, 1, 0), -EFAULT);
    CHECK_EQ(guest("keyctl", 9999, 0, 0, 0, 0), -EOPNOTSUPP);
}
