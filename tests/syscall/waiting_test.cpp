// ppoll, pselect6, epoll: what is ready is told in the guest's layout, and a mask goes through the engine.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "syscall/layouts.hpp"
#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
/// A pipe with a byte in it.
struct Full {
    int ends[2];
    Full() {
        REQUIRE_EQ(::pipe(ends), 0);
        REQUIRE_EQ(::write(ends[1], "x", 1), 1);
    }
    ~Full() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
};
}  // namespace

TEST_CASE("ppoll finds the ready descriptor, with and without a mask") {
    Guest guest;
    Full full;
    const u64 files = guest.put(std::array<pollfd, 2>{pollfd{full.ends[0], POLLIN, 0}, pollfd{99, POLLIN, 0}});
    const u64 timeout = guest.put(timespec{0, 0}), mask = guest.put<u64>(0xff);
    CHECK_EQ(guest("ppoll", files, 2, timeout, 0, 0), 2);
    CHECK_EQ(guest.read<pollfd>(files).revents, POLLIN);
    CHECK_EQ(guest.read<pollfd>(files + 8).revents, POLLNVAL);
    CHECK_EQ(guest.services.masks_replaced, 0);
    CHECK_EQ(guest("ppoll", files, 1, timeout, mask, 8), 1);
    CHECK_EQ(guest.services.masks_replaced, 1);
    CHECK_EQ(guest("ppoll", files, 1, timeout, mask, 16), -EINVAL);
    CHECK_EQ(guest("ppoll", files, 1, timeout, guest.hole(), 8), -EFAULT);
    CHECK_EQ(guest("ppoll", files, 1, guest.hole(), 0, 8), -EFAULT);
    CHECK_EQ(guest("ppoll", guest.hole(), 1, timeout, 0, 8), -EFAULT);
}

TEST_CASE("pselect6 finds its mask through a structure") {
    Guest guest;
    Full full;
    fd_set set;
    FD_ZERO(&set);
    FD_SET(full.ends[0], &set);
    const u64 read_set = guest.put(set), timeout = guest.put(timespec{0, 0});
    struct Reference {
        u64 address, size;
    };
    const u64 reference = guest.put(Reference{guest.put<u64>(1), 8});
    CHECK_EQ(guest("pselect6", full.ends[0] + 1, read_set, 0, 0, timeout, reference), 1);
    CHECK_EQ(guest.services.masks_replaced, 1);
    guest.write(reference, Reference{0, 0});
    CHECK_EQ(guest("pselect6", full.ends[0] + 1, read_set, 0, 0, timeout, reference), 1);
    CHECK_EQ(guest.services.masks_replaced, 1);
    guest.write(reference, Reference{guest.hole(), 8});
    CHECK_EQ(guest("pselect6", 0, 0, 0, 0, timeout, reference), -EFAULT);
    CHECK_EQ(guest("pselect6", 0, 0, 0, 0, timeout, guest.hole()), -EFAULT);
    CHECK_EQ(guest("pselect6", full.ends[0] + 1, guest.hole(), 0, 0, timeout, 0), -EFAULT);
}

TEST_CASE("epoll events come out in the guest's layout, by epoll_pwait and epoll_pwait2") {
    Guest guest;
    Full first, second;
    const SysResult epoll = guest("epoll_create1", 0);
    REQUIRE(epoll >= 0);
    for (u64 index = 0; Full * full : {&first, &second}) {
        const u64 event = guest.put(GuestEpollEvent{EPOLLIN, 0xdead, 0x1111111122222222 + index++});
        CHECK_EQ(guest("epoll_ctl", epoll, EPOLL_CTL_ADD, full->ends[0], event), 0);
    }
    const u64 events = guest.page(), timeout = guest.put(timespec{0, 0});
    CHECK_EQ(guest("epoll_pwait", epoll, events, 10, 0, 0, 8), 2);
    CHECK_EQ(guest.read<GuestEpollEvent>(events).events, EPOLLIN);
    CHECK_EQ(guest.read<GuestEpollEvent>(events).data, 0x1111111122222222);
    CHECK_EQ(guest.read<GuestEpollEvent>(events + 16).data, 0x1111111122222223);
    CHECK_EQ(guest("epoll_pwait", epoll, events, 200, 0, guest.put<u64>(0), 8), 2);
    CHECK_EQ(guest.services.masks_replaced, 1);
    CHECK_EQ(guest("epoll_pwait2", epoll, events, 1, timeout, 0, 8), 1);
    CHECK_EQ(guest("epoll_pwait", epoll, events, 0, 0, 0, 8), -EINVAL);
    CHECK_EQ(guest("epoll_pwait", epoll, guest.hole(), 1, 0, 0, 8), -EFAULT);
    CHECK_EQ(guest("epoll_pwait", 99, events, 1, 0, 0, 8), -EBADF);
    CHECK_EQ(guest("epoll_ctl", epoll, EPOLL_CTL_DEL, first.ends[0], 0), 0);
    CHECK_EQ(guest("epoll_ctl", epoll, EPOLL_CTL_ADD, first.ends[0], guest.hole()), -EFAULT);
    ::close(static_cast<int>(epoll));
}

TEST_CASE("asynchronous requests run, and their ring lies in the guest's part") {
    Guest guest;
    const int file = ::memfd_create("file", 0);
    REQUIRE_EQ(::write(file, "hello", 5), 5);
    const u64 queue = guest.page(), buffer = guest.page(), events = guest.page(), request = guest.page();
    REQUIRE_EQ(guest("io_setup", 10, queue), 0);
    const u64 name = guest.read<u64>(queue);
    CHECK(guest.memory->find(GuestAddress(name)).has_value());
    CHECK_EQ(guest.read<u32>(name + 16), 0xa10a10a1);  // AIO_RING_MAGIC: libraries look here
    guest.write<u64>(request + 8, 0);                  // IOCB_CMD_PREAD
    guest.write<u32>(request + 20, static_cast<u32>(file));
    guest.write<u64>(request + 24, buffer);
    guest.write<u64>(request + 32, 5);
    const u64 list = guest.put(request);
    CHECK_EQ(guest("io_submit", name, 1, list), 1);
    CHECK_EQ(guest("io_getevents", name, 1, 1, events, 0), 1);
    CHECK_EQ(guest.read<u64>(events + 8), request);
    CHECK_EQ(guest.read_text(buffer), "hello");
    CHECK_EQ(guest("io_pgetevents", name, 0, 1, events, guest.put(timespec{0, 0}), 0), 0);
    guest.write<u64>(request + 24, u64{1} << 46);
    CHECK_EQ(guest("io_submit", name, 1, list), -EFAULT);
    CHECK_EQ(guest("io_submit", name, 1, guest.hole()), -EFAULT);
    CHECK_EQ(guest("io_destroy", name), 0);
    CHECK(!guest.memory->find(GuestAddress(name)).has_value());
    CHECK_EQ(guest("io_destroy", name), -EINVAL);
    ::close(file);
}
