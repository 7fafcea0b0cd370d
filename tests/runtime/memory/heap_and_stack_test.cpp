#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/runtime/memory/support.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;
using namespace lyrebird::memory::testing;

namespace {

constexpr u64 image_end = 0x1012345;

/// Runs `body` in a child and returns how it ended: its exit status, or minus the signal that killed it.
template <class Body>
int in_child(Body body) {
    pid_t child = ::fork();
    if (child == 0) {
        // The test library's own handlers would report the fault as its own.
        ::signal(SIGSEGV, SIG_DFL);
        ::_exit(body() ? 0 : 1);
    }
    int status = 0;
    REQUIRE_EQ(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("without chance the heap starts at the first page after the image") {
    Guest guest({.randomise = false});
    guest->set_brk_start(GuestAddress(image_end));
    CHECK_EQ(guest->brk_start().value, 0x1013000);
    CHECK_EQ(guest->brk(0), 0x1013000);
}

TEST_CASE("the program break moves to the byte, and memory by pages") {
    Guest guest;
    guest->set_brk_start(GuestAddress(image_end));
    u64 start = guest->brk_start().value;
    CHECK(!guest.mapped(start));
    CHECK_EQ(guest->brk(start + 10), static_cast<SysResult>(start + 10));
    CHECK_EQ(guest->find(GuestAddress(start))->end.value, start + page);
    CHECK_EQ(guest->find(GuestAddress(start))->backing.path, "[heap]");
    at<char>(start + 9) = 1;
    CHECK_EQ(guest->brk(start + page), static_cast<SysResult>(start + page));
    CHECK_EQ(at<char>(start + 9), 1);
    CHECK_EQ(guest->brk(start + 5 * page + 1), static_cast<SysResult>(start + 5 * page + 1));
    CHECK_EQ(guest->find(GuestAddress(start))->end.value, start + 6 * page);
    CHECK_EQ(guest->brk(start + 1), static_cast<SysResult>(start + 1));
    CHECK_EQ(guest->find(GuestAddress(start))->end.value, start + page);
    CHECK_EQ(guest->brk(start), static_cast<SysResult>(start));
    CHECK(!guest.mapped(start));
    CHECK_EQ(guest->brk(start + page), static_cast<SysResult>(start + page));
    CHECK_EQ(at<char>(start + 9), 0);
}

TEST_CASE("the heap stops one page short of the next mapping, and a gap short of a stack") {
    Guest guest({.randomise = false});
    guest->set_brk_start(GuestAddress(image_end));
    u64 start = guest->brk_start().value;
    REQUIRE_GT(guest.anonymous_at(start + 10 * page, 1), 0);
    CHECK_EQ(guest->brk(start + 10 * page), static_cast<SysResult>(start));
    CHECK_EQ(guest->brk(start + 9 * page), static_cast<SysResult>(start + 9 * page));
    REQUIRE_EQ(guest->unmap(start + 10 * page, page), 0);
    constexpr int grows = private_anonymous | MAP_FIXED | MAP_GROWSDOWN;
    REQUIRE_GT(guest->map(start + 400 * page, page, read_write, grows, -1, 0), 0);
    CHECK_EQ(guest->brk(start + 144 * page), static_cast<SysResult>(start + 9 * page));
    CHECK_EQ(guest->brk(start + 143 * page), static_cast<SysResult>(start + 143 * page));
}

TEST_CASE("RLIMIT_DATA bounds the heap together with the data segment, and other private writable memory") {
    Guest guest;
    guest->set_brk_start(GuestAddress(image_end), 3 * page);
    u64 start = guest->brk_start().value;
    guest->set_limit(RLIMIT_DATA, 10 * page);
    CHECK_EQ(guest->brk(start + 7 * page + 1), static_cast<SysResult>(start));
    CHECK_EQ(guest->brk(start + 7 * page), static_cast<SysResult>(start + 7 * page));
    u64 readable = guest.anonymous(100, PROT_READ);
    CHECK_EQ(guest->map(0, 4 * page, read_write, private_anonymous, -1, 0), -ENOMEM);
    CHECK_GT(guest->map(0, 4 * page, read_write, shared_anonymous, -1, 0), 0);
    CHECK_EQ(guest->protect(readable, 4 * page, read_write), -ENOMEM);
    CHECK_EQ(guest->protect(readable, 3 * page, read_write), 0);
    guest->set_limit(RLIMIT_DATA, RLIM_INFINITY);
    CHECK_EQ(guest->protect(readable, 4 * page, read_write), 0);
}

TEST_CASE("RLIMIT_AS bounds everything the guest maps, and nothing of the VM") {
    Guest guest;
    u64 first = guest.anonymous(4);
    guest->set_limit(RLIMIT_AS, 10 * page);
    CHECK_EQ(guest->map(0, 7 * page, PROT_NONE, private_anonymous, -1, 0), -ENOMEM);
    u64 second = guest.anonymous(6);
    CHECK_EQ(guest->map(0, page, PROT_NONE, private_anonymous, -1, 0), -ENOMEM);
    CHECK_EQ(guest->map(second, 6 * page, PROT_READ, private_anonymous | MAP_FIXED, -1, 0),
             static_cast<SysResult>(second));
    CHECK_EQ(guest->remap(first, 4 * page, 5 * page, MREMAP_MAYMOVE, 0), -ENOMEM);
    CHECK_EQ(guest->unmap(second, page), 0);
    CHECK_GT(guest->remap(first, 4 * page, 5 * page, MREMAP_MAYMOVE, 0), 0);
    CHECK(std::make_unique<char[]>(1 << 20) != nullptr);
}

TEST_CASE("the stack grows on access, the kernel's included, and the record follows") {
    Guest guest;
    auto top = guest->map_stack(4096, false);
    REQUIRE(top.has_value());
    CHECK_EQ(top->value % page, 0);
    CHECK_EQ(guest.regions().size(), 1);
    u64 low = top->value - (1 << 20);
    CHECK(!guest.mapped(low));
    at<int>(low) = 1;
    CHECK(guest.mapped(low));
    CHECK_EQ(guest->find(GuestAddress(low))->backing.path, "[stack]");
    CHECK_EQ(guest->find(GuestAddress(low))->end, *top);
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    REQUIRE_EQ(::write(ends[1], "x", 1), 1);
    CHECK_EQ(::read(ends[0], GuestAddress(low - 100 * page).host(), 1), 1);
    CHECK_EQ(guest.protection(low - 100 * page), read_write);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("growth of any distance is found exactly") {
    Guest guest;
    auto top = guest->map_stack(4096, true);
    REQUIRE(top.has_value());
    u64 low = guest.regions()[0].start.value;
    for (u64 step : {1, 1, 2, 3, 7, 64, 100, 511, 1, 300}) {
        low -= step * page;
        at<int>(low) = 1;
        CHECK(guest->executable(GuestAddress(low), page));
        CHECK_EQ(guest.regions()[0].start.value, low);
    }
}

TEST_CASE("at least the initial size of the stack is usable at once") {
    Guest guest;
    auto top = guest->map_stack(5 << 20, false);
    REQUIRE(top.has_value());
    CHECK(guest.mapped(top->value - (5 << 20)));
    CHECK_EQ(guest.protection(top->value - page), read_write);
}

TEST_CASE("mappings keep Linux's distance from the stack") {
    Guest guest;
    auto top = guest->map_stack(4096, false);
    REQUIRE(top.has_value());
    u64 low = guest.regions()[0].start.value;
    SysResult near = guest->map(low - 256 * page, page, PROT_READ, private_anonymous, -1, 0);
    CHECK_NE(near, static_cast<SysResult>(low - 256 * page));
    CHECK_EQ(guest->map(low - 257 * page, page, PROT_READ, private_anonymous, -1, 0),
             static_cast<SysResult>(low - 257 * page));
}

TEST_CASE("the stack does not grow beyond RLIMIT_STACK, nor into its guard gap") {
    Guest guest;
    auto top = guest->map_stack(4096, false);
    REQUIRE(top.has_value());
    u64 limit = 1 << 20;
    CHECK_EQ(in_child([&] {
                 rlimit small{limit, limit};
                 ::setrlimit(RLIMIT_STACK, &small);
                 at<char>(top->value - limit + page) = 1;
                 return true;
             }),
             0);
    CHECK_EQ(in_child([&] {
                 rlimit small{limit, limit};
                 ::setrlimit(RLIMIT_STACK, &small);
                 at<char>(top->value - limit - page) = 1;
                 return true;
             }),
             -SIGSEGV);
    u64 low = guest.regions()[0].start.value;
    REQUIRE_GT(guest.anonymous_at(low - 300 * page, 1), 0);
    CHECK_EQ(in_child([&] { return at<char>(low - 40 * page) == 0; }), 0);
    CHECK_EQ(in_child([&] { return at<char>(low - 200 * page) == 0; }), -SIGSEGV);
}

TEST_CASE("operations on grown stack see it, although nobody has asked before") {
    Guest guest;
    auto top = guest->map_stack(4096, false);
    REQUIRE(top.has_value());
    u64 low = top->value - (1 << 20);
    at<char>(low) = 7;
    CHECK_EQ(guest->advise(low, page, MADV_DONTNEED), 0);
    CHECK_EQ(at<char>(low), 0);
    at<char>(low - 50 * page) = 7;
    CHECK_EQ(guest->protect(low - 49 * page, page, PROT_READ), 0);
    CHECK_EQ(guest.protection(low - 49 * page), PROT_READ);
    at<char>(low - 100 * page) = 7;
    CHECK_EQ(guest->unmap(low - 100 * page, page), 0);
    CHECK(!guest.mapped(low - 100 * page));
    CHECK(guest.mapped(low - 99 * page));
}

TEST_CASE("PROT_GROWSDOWN reaches down to the region's start, on stacks only") {
    Guest guest;
    auto top = guest->map_stack(4096, false);
    REQUIRE(top.has_value());
    u64 start = guest.regions()[0].start.value;
    constexpr int all = PROT_READ | PROT_WRITE | PROT_EXEC;
    CHECK_EQ(guest->protect(top->value - page, page, all | PROT_GROWSDOWN), 0);
    CHECK_EQ(guest.protection(start), all);
    u64 plain = guest.anonymous(2);
    CHECK_EQ(guest->protect(plain, page, all | PROT_GROWSDOWN), -EINVAL);
    CHECK_EQ(guest->protect(plain, page, all | PROT_GROWSUP), -EINVAL);
    CHECK_EQ(guest->protect(plain, page, all | PROT_GROWSUP | PROT_GROWSDOWN), -EINVAL);
}

TEST_CASE("a region the guest lets grow down itself is followed too") {
    Guest guest;
    u64 base = 0x7000'0000;
    REQUIRE_GT(guest->map(base, page, read_write, private_anonymous | MAP_FIXED | MAP_GROWSDOWN, -1, 0), 0);
    at<char>(base - 10 * page) = 1;
    CHECK_EQ(guest->find(GuestAddress(base))->start.value, base - 10 * page);
    CHECK_EQ(guest->unmap(base - 20 * page, 40 * page), 0);
    CHECK_EQ(guest.regions().size(), 0);
}

TEST_CASE("the stack counts for RLIMIT_AS but not for RLIMIT_DATA") {
    Guest guest;
    REQUIRE(guest->map_stack(64 * page, false).has_value());
    guest->set_limit(RLIMIT_DATA, 0);
    CHECK_EQ(guest->map(0, page, read_write, private_anonymous, -1, 0), -ENOMEM);
    guest->set_limit(RLIMIT_DATA, page);
    CHECK_GT(guest->map(0, page, read_write, private_anonymous, -1, 0), 0);
    guest->set_limit(RLIMIT_AS, 10 * page);
    CHECK_EQ(guest->map(0, page, PROT_READ, private_anonymous, -1, 0), -ENOMEM);
}
