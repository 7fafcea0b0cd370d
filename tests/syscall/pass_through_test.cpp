// Every pass row against the host's own call: the same registers give the same answer. Both run in children of their
// own, so that neither sees what the other did, and without privileges, so that nothing on the machine can change.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <set>
#include <string>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
/// Calls whose answer is never the same twice, that leave something behind, or that would wait for a signal.
const std::set<std::string> not_comparable = {
    "getpid", "gettid", "setsid", "times", "rt_sigtimedwait", "msgget", "shmget", "getcpu", "epoll_ctl", "getrandom",
};

/// A child's surroundings: no privileges, an empty pipe as descriptor 0, others closed, ended after two seconds.
void enter_child() {
    ::alarm(2);
    int ends[2];
    if (::pipe(ends) != 0) ::_exit(3);
    ::dup2(ends[0], 0);
    for (int descriptor = 1; descriptor < 20; ++descriptor) ::close(descriptor);
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(3);
}

SysResult raw_call(int number, const u64* registers) {
    return host_call(number, registers[0], registers[1], registers[2], registers[3], registers[4], registers[5]);
}

struct Registers {
    const char* name;
    u64 words[6];
};

void compare(Guest& guest, const Row& row, const Registers& pattern) {
    CAPTURE(std::string(row.name));
    CAPTURE(std::string(pattern.name));
    const long native = in_child([&] {
        enter_child();
        return raw_call(row.host_number, pattern.words);
    });
    const long emulated = in_child([&] {
        enter_child();
        return guest.call(row.number, {pattern.words, pattern.words + 6});
    });
    CHECK_EQ(errno_text(emulated), errno_text(native));
}
}  // namespace

TEST_CASE("a pass row answers as the host's call does, whatever the registers hold") {
    Guest guest;
    const u64 page = guest.low_page(), hole = guest.hole();
    const Registers patterns[] = {
        {"all zero", {0, 0, 0, 0, 0, 0}},
        {"all minus one", {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}}},
        {"no descriptor, then pages", {~u64{0}, page, page, page, page, page}},
        {"a pipe, then pages", {0, page, 1, page, 1, 0}},
        {"pages", {page, page, page, 0, 0, 0}},
        {"unmapped pages", {hole, hole, hole, hole, hole, hole}},
        {"a small number, then a page", {1, page, 0, 0, 0, 0}},
    };
    int compared = 0;
    for (const Row& row : table()) {
        if (row.host_number < 0 || not_comparable.contains(row.name)) continue;
        for (const auto& pattern : patterns) compare(guest, row, pattern);
        ++compared;
    }
    CHECK(compared > 200);
}

TEST_CASE("the calls whose answer is never the same twice are made") {
    Guest guest;
    CHECK_EQ(guest("getpid"), ::getpid());
    CHECK_EQ(guest("gettid"), ::gettid());
    CHECK_EQ(in_child([&] { return guest("setsid") == guest("getpid") ? 1 : 0; }), 1);
    CHECK(guest("times", 0) > 0);
    const u64 page = guest.page();
    CHECK_EQ(guest("getcpu", page, page + 8, 0), 0);
    CHECK_EQ(guest("getrandom", page, 64, 0), 64);
    const SysResult queue = guest("msgget", 0, 0600);
    CHECK(queue >= 0);
    CHECK_EQ(guest("msgctl", queue, 0, 0), 0);
}
