// The walk over a dead thread's robust mutexes (Linux: kernel/futex/core.c, exit_robust_list).
#include "runtime/engine/robust_list.hpp"

#include <doctest/doctest.h>
#include <linux/futex.h>

#include "runtime/engine/host.hpp"
#include "tests/runtime/engine/guest_memory.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;

namespace {
constexpr u32 own = 1234;
constexpr i64 offset = -16;  // from a list entry to its futex word, as in glibc

/// A list head in guest memory, registered with the host, and entries behind it.
class List {
  public:
    List() {
        host_call(SYS_get_robust_list, 0, &registered_, &size_);
        put(head(), head());
        put(head() + 8, u64(offset));
        put(head() + 16, 0);
        host_call(SYS_set_robust_list, head(), 24);
    }
    ~List() { host_call(SYS_set_robust_list, registered_, 24); }

    u64 head() const { return pages_.address(); }
    u64 entry(int number) const { return pages_.address() + 256 + u64(number) * 64; }
    void put(u64 where, u64 value) { REQUIRE(pages_.memory().write(GuestAddress(where), value)); }
    void set_word(int number, u32 value) {
        REQUIRE(pages_.memory().store_word(GuestAddress(entry(number) + u64(offset)), value));
    }
    u32 word(int number) const { return *pages_.memory().load_word(GuestAddress(entry(number) + u64(offset))); }
    void link(std::initializer_list<int> numbers) {
        u64 last = head();
        for (int number : numbers) {
            put(last, entry(number));
            last = entry(number);
        }
        put(last, head());
    }
    void release() { release_robust_list(pages_.memory(), pid_t(own)); }

  private:
    test::Pages pages_{page_size};
    u64 registered_ = 0;
    u64 size_ = 0;
};
}  // namespace

TEST_CASE("every mutex that the thread owned is marked, others are left alone") {
    List list;
    list.set_word(0, own);
    list.set_word(1, own | FUTEX_WAITERS);
    list.set_word(2, 99);
    list.link({0, 1, 2});
    list.release();
    CHECK_EQ(list.word(0), u32(FUTEX_OWNER_DIED));
    CHECK_EQ(list.word(1), FUTEX_OWNER_DIED | FUTEX_WAITERS);
    CHECK_EQ(list.word(2), 99U);
}

TEST_CASE("the mutex that was being taken or given back is looked at, too, once") {
    List list;
    list.set_word(0, own);
    list.set_word(1, own);
    list.link({0});
    list.put(list.head() + 16, list.entry(1));
    list.release();
    CHECK_EQ(list.word(0), u32(FUTEX_OWNER_DIED));
    CHECK_EQ(list.word(1), u32(FUTEX_OWNER_DIED));
}

TEST_CASE("a list that is endless or leads nowhere ends the walk") {
    List list;
    list.set_word(0, own);
    list.put(list.head(), list.entry(0));
    list.put(list.entry(0), list.entry(0));
    list.release();
    CHECK_EQ(list.word(0), u32(FUTEX_OWNER_DIED));

    List wild;
    wild.set_word(0, own);
    wild.put(wild.head(), wild.entry(0));
    wild.put(wild.entry(0), 0xfffffffffffff000);
    wild.release();
    CHECK_EQ(wild.word(0), u32(FUTEX_OWNER_DIED));
}

TEST_CASE("afterwards no list is registered") {
    List list;
    list.release();
    u64 head = 1;
    u64 size = 0;
    host_call(SYS_get_robust_list, 0, &head, &size);
    CHECK_EQ(head, 0U);
}
