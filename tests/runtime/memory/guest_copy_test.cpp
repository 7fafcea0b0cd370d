#include "runtime/memory/guest_copy.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>
#include <vector>

using namespace lyrebird;
using namespace lyrebird::memory;

namespace {

void on_fault(int signal, siginfo_t*, void* context) {
    if (redirect_copy_fault(static_cast<ucontext_t*>(context))) return;
    ::signal(signal, SIG_DFL);
}

/// Two pages, the second out of reach, with the handler that the copies rely on.
struct Fixture {
    std::unique_ptr<AddressSpace> space;
    GuestAddress page;
    GuestAddress edge;
    struct sigaction old_segv;
    struct sigaction old_bus;

    Fixture() {
        space = std::move(*AddressSpace::create({}));
        SysResult at = space->map(0, 2 * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(at > 0);
        page = GuestAddress(static_cast<u64>(at));
        edge = page + page_size;
        REQUIRE_EQ(space->protect(edge.value, page_size, PROT_NONE), 0);
        struct sigaction action = {};
        action.sa_sigaction = on_fault;
        action.sa_flags = SA_SIGINFO;
        ::sigaction(SIGSEGV, &action, &old_segv);
        ::sigaction(SIGBUS, &action, &old_bus);
    }
    ~Fixture() {
        ::sigaction(SIGSEGV, &old_segv, nullptr);
        ::sigaction(SIGBUS, &old_bus, nullptr);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "copies of every small size move exactly their bytes") {
    for (u64 size = 0; size <= 100; ++size) {
        std::vector<u8> out(size), back(size + 2, 0xee);
        for (u64 i = 0; i < size; ++i) out[i] = static_cast<u8>(i * 7 + size);
        REQUIRE(fill_guest(page, 0x55, 200));
        REQUIRE(copy_to_guest(page + 1, out.data(), size));
        CHECK_EQ(*page.host<u8>(), 0x55);
        CHECK_EQ(*(page + 1 + size).host<u8>(), 0x55);
        REQUIRE(copy_from_guest(back.data() + 1, page + 1, size));
        CHECK(std::equal(out.begin(), out.end(), back.begin() + 1));
        CHECK_EQ(back[0], 0xee);
        CHECK_EQ(back[size + 1], 0xee);
    }
}

TEST_CASE_FIXTURE(Fixture,
                  "a copy that reaches an inaccessible page fails, from every alignment and in both directions") {
    std::vector<u8> buffer(200);
    for (u64 size = 1; size <= 100; ++size) {
        CHECK(copy_from_guest(buffer.data(), edge - size, size));
        CHECK(copy_to_guest(edge - size, buffer.data(), size));
        for (u64 inside = 0; inside < size; ++inside) {
            CHECK(!copy_from_guest(buffer.data(), edge - inside, size));
            CHECK(!copy_to_guest(edge - inside, buffer.data(), size));
            CHECK(!fill_guest(edge - inside, 0, size));
        }
    }
}

TEST_CASE_FIXTURE(Fixture, "a copy beyond the end of a file's last page fails") {
    int fd = ::memfd_create("short", 0);
    SysResult at = space->map(0, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    REQUIRE(at > 0);
    u64 value = 0;
    CHECK(!copy_from_guest(&value, GuestAddress(static_cast<u64>(at)), 8));
    REQUIRE_EQ(::ftruncate(fd, 8), 0);
    CHECK(copy_from_guest(&value, GuestAddress(static_cast<u64>(at)), 8));
    ::close(fd);
}

TEST_CASE_FIXTURE(Fixture, "a non-canonical address fails like any other") {
    u64 value = 0;
    CHECK(!copy_from_guest(&value, GuestAddress(u64{1} << 63), 8));
    CHECK(!store_guest_word(GuestAddress(0x8000'0000'0000), 1));
}

TEST_CASE_FIXTURE(Fixture, "strings end at their zero byte, at the limit, or in a fault") {
    std::string text(1000, 'x');
    REQUIRE(copy_to_guest(page, text.c_str(), 1001));
    CHECK_EQ(read_guest_string(page, 4096).value(), text);
    CHECK_EQ(read_guest_string(page, 1001).value(), text);
    CHECK_EQ(read_guest_string(page, 1000).error(), ENAMETOOLONG);
    CHECK_EQ(read_guest_string(page + 1000, 1).value(), "");
    REQUIRE(copy_to_guest(edge - 3, "abc", 3));
    CHECK_EQ(read_guest_string(edge - 3, 4096).error(), EFAULT);
    CHECK_EQ(read_guest_string(edge - 3, 3).error(), ENAMETOOLONG);
    REQUIRE(copy_to_guest(edge - 3, "ab", 3));
    CHECK_EQ(read_guest_string(edge - 3, 4096).value(), "ab");
}

TEST_CASE_FIXTURE(Fixture, "words are loaded, stored and exchanged, or report a fault") {
    CHECK(store_guest_word(page, 5));
    CHECK_EQ(load_guest_word(page).value(), 5);
    u32 expected = 4;
    CHECK(compare_exchange_guest_word(page, expected, 9) == Exchange::different);
    CHECK_EQ(expected, 5);
    CHECK(compare_exchange_guest_word(page, expected, 9) == Exchange::done);
    CHECK_EQ(load_guest_word(page).value(), 9);
    CHECK(!load_guest_word(edge));
    CHECK(!store_guest_word(edge, 1));
    CHECK(compare_exchange_guest_word(edge, expected, 1) == Exchange::fault);
}

TEST_CASE_FIXTURE(Fixture, "the checked copies refuse the VM's own memory and what wraps around") {
    GuestMemory memory(*space);
    u64 own = 42;
    GuestAddress mine(reinterpret_cast<u64>(&own));
    CHECK(!memory.read<u64>(mine));
    CHECK(!memory.write(mine, u64{0}));
    CHECK(!memory.fill(mine, 0, 8));
    CHECK(!memory.store_word(mine, 0));
    CHECK(!memory.load_word(mine));
    u32 expected = 42;
    CHECK(memory.compare_exchange_word(mine, expected, 0) == Exchange::fault);
    CHECK_EQ(memory.read_string(mine, 10).error(), EFAULT);
    CHECK_EQ(own, 42);
    CHECK(!memory.read(&own, GuestAddress(~u64{0} - 3), 8));
    CHECK(!memory.read(&own, page, ~u64{0}));
    CHECK(!memory.read(&own, space->top() - 4, 8));
    REQUIRE(memory.write(page, u64{77}));
    CHECK_EQ(memory.read<u64>(page).value(), 77);
}

TEST_CASE_FIXTURE(Fixture, "a string that reaches the top of the guest's part is a fault") {
    GuestMemory memory(*space);
    u64 last = (space->top() - page_size).value;
    REQUIRE(space->map(last, page_size, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) > 0);
    REQUIRE(memory.fill(GuestAddress(last), 'x', page_size));
    CHECK_EQ(memory.read_string(GuestAddress(last), 8192).error(), EFAULT);
    CHECK_EQ(memory.read_string(GuestAddress(last), 4097).error(), EFAULT);
    CHECK_EQ(memory.read_string(GuestAddress(last), 4096).error(), ENAMETOOLONG);
    CHECK_EQ(memory.read_string(GuestAddress(last), 4095).error(), ENAMETOOLONG);
}
