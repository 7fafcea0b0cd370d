// Sockets: messages with their scattered buffers and control data, several at once, and options with addresses inside.
#include <doctest/doctest.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
struct Pair : Guest {
    int one, two;
    explicit Pair(int type = SOCK_DGRAM) {
        const u64 ends = page();
        REQUIRE_EQ((*this)("socketpair", AF_UNIX, type, 0, ends), 0);
        one = read<int>(ends);
        two = read<int>(ends + 4);
    }
    ~Pair() {
        ::close(one);
        ::close(two);
    }
    /// A message of one buffer, and its control data.
    msghdr message(u64 buffer, u64 size, u64 control = 0, u64 control_size = 0) {
        const u64 vector = put(iovec{GuestAddress(buffer).host(), size});
        msghdr header{};
        header.msg_iov = GuestAddress(vector).host<iovec>();
        header.msg_iovlen = 1;
        header.msg_control = GuestAddress(control).host();
        header.msg_controllen = control_size;
        return header;
    }
};
}  // namespace

TEST_CASE("a descriptor travels in a message's control data, and sizes come back") {
    Pair guest;
    const u64 control = guest.page();
    guest.write(control, cmsghdr{CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS});
    guest.write<int>(control + sizeof(cmsghdr), 0);
    const u64 sent = guest.put(guest.message(guest.text("hello"), 5, control, CMSG_SPACE(4)));
    CHECK_EQ(guest("sendmsg", guest.one, sent, 0), 5);
    const u64 buffer = guest.page(), back = guest.page();
    const u64 received = guest.put(guest.message(buffer, 100, back, 100));
    CHECK_EQ(guest("recvmsg", guest.two, received, MSG_CMSG_CLOEXEC), 5);
    CHECK_EQ(guest.read_text(buffer), "hello");
    CHECK_EQ(guest.read<msghdr>(received).msg_controllen, CMSG_SPACE(4));
    CHECK_EQ(guest.read<msghdr>(received).msg_flags, MSG_CMSG_CLOEXEC);
    CHECK_EQ(guest.read<cmsghdr>(back).cmsg_type, SCM_RIGHTS);
    ::close(guest.read<int>(back + sizeof(cmsghdr)));
}

TEST_CASE("control data that does not fit is cut off and marked") {
    Pair guest;
    const u64 control = guest.page();
    guest.write(control, cmsghdr{CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS});
    guest.write<int>(control + sizeof(cmsghdr), 0);
    CHECK_EQ(guest("sendmsg", guest.one, guest.put(guest.message(guest.text("x"), 1, control, CMSG_SPACE(4))), 0), 1);
    const u64 received = guest.put(guest.message(guest.page(), 100, guest.page(), 8));
    CHECK_EQ(guest("recvmsg", guest.two, received, 0), 1);
    CHECK_EQ(guest.read<msghdr>(received).msg_flags & MSG_CTRUNC, MSG_CTRUNC);
}

TEST_CASE("a message with an address of the VM in it is EFAULT") {
    Pair guest;
    const u64 vm = u64{1} << 46;
    CHECK_EQ(guest("sendmsg", guest.one, guest.put(guest.message(vm, 5)), 0), -EFAULT);
    CHECK_EQ(guest("sendmsg", guest.one, guest.put(guest.message(guest.page(), 5, vm, 24)), 0), -EFAULT);
    msghdr header = guest.message(guest.page(), 5);
    header.msg_name = GuestAddress(vm).host();
    header.msg_namelen = 16;
    CHECK_EQ(guest("sendmsg", guest.one, guest.put(header), 0), -EFAULT);
    header = guest.message(guest.page(), 5);
    header.msg_iov = GuestAddress(vm).host<iovec>();
    CHECK_EQ(guest("sendmsg", guest.one, guest.put(header), 0), -EFAULT);
}

TEST_CASE("sendmmsg and recvmmsg move several messages and write each one's size") {
    Pair guest;
    const u64 array = guest.page();
    for (u64 index = 0; index < 3; ++index) {
        guest.write(array + index * 64, guest.message(guest.text("message"), index + 1));
    }
    CHECK_EQ(guest("sendmmsg", guest.one, array, 3, 0), 3);
    CHECK_EQ(guest.read<u32>(array + 2 * 64 + 56), 3);
    const u64 buffers = guest.page(), results = guest.page();
    for (u64 index = 0; index < 5; ++index)
        guest.write(results + index * 64, guest.message(buffers + index * 100, 100));
    CHECK_EQ(guest("recvmmsg", guest.two, results, 5, MSG_DONTWAIT, 0), 3);
    for (u64 index = 0; index < 3; ++index) {
        CHECK_EQ(guest.read<u32>(results + index * 64 + 56), index + 1);
        CHECK_EQ(guest.read_text(buffers + index * 100), std::string("message", index + 1));
    }
    CHECK_EQ(guest("recvmmsg", guest.two, results, 5, MSG_DONTWAIT, 0), -EAGAIN);
    CHECK_EQ(guest("sendmmsg", guest.one, guest.hole(), 3, 0), -EFAULT);
}

TEST_CASE("a message array is sent up to the message that cannot be read") {
    Pair guest;
    const u64 pages =
        static_cast<u64>(guest("mmap", 0, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK_EQ(guest("mprotect", pages + page_size, page_size, PROT_NONE), 0);
    const u64 array = pages + page_size - 64;
    guest.write(array, guest.message(guest.text("x"), 1));
    CHECK_EQ(guest("sendmmsg", guest.one, array, 2, 0), 1);
}

TEST_CASE("socket addresses go in and come out") {
    Guest guest;
    const SysResult socket = guest("socket", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(socket >= 0);
    sockaddr_un address{AF_UNIX, "\0lyrebird-test"};
    std::snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "lyrebird-test-%d", static_cast<int>(::getpid()));
    const u64 in = guest.put(address), out = guest.page(), size = guest.put<int>(110);
    CHECK_EQ(guest("bind", socket, in, 40), 0);
    CHECK_EQ(guest("getsockname", socket, out, size), 0);
    CHECK_EQ(guest.read<int>(size), 40);
    CHECK_EQ(std::memcmp(GuestAddress(out).host(), &address, 40), 0);
    CHECK_EQ(guest("bind", socket, guest.hole(), 40), -EFAULT);
    ::close(static_cast<int>(socket));
}

TEST_CASE("setsockopt passes values, and checks the program of a filter") {
    Pair guest;
    const u64 value = guest.put<int>(1);
    CHECK_EQ(guest("setsockopt", guest.one, SOL_SOCKET, SO_PASSCRED, value, 4), 0);
    CHECK_EQ(guest("getsockopt", guest.one, SOL_SOCKET, SO_PASSCRED, value + 4, guest.put<int>(4)), 0);
    CHECK_EQ(guest.read<int>(value + 4), 1);
    const u64 program = guest.put(sock_filter{BPF_RET | BPF_K, 0, 0, 0xffff});
    const u64 filter = guest.put(sock_fprog{1, GuestAddress(program).host<sock_filter>()});
    CHECK_EQ(guest("setsockopt", guest.one, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(sock_fprog)), 0);
    guest.write(filter, sock_fprog{1, GuestAddress(u64{1} << 46).host<sock_filter>()});
    CHECK_EQ(guest("setsockopt", guest.one, SOL_SOCKET, SO_ATTACH_FILTER, filter, sizeof(sock_fprog)), -EFAULT);
}
