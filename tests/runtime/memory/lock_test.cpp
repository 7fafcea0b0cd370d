#include "runtime/memory/lock.hpp"

#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "tests/runtime/memory/support.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;
using namespace lyrebird::memory::testing;

TEST_CASE("one writer or many readers hold the lock") {
    SharedLock lock;
    long value = 0;
    std::atomic<int> readers = 0, writers = 0;
    std::atomic<bool> broken = false;
    auto work = [&](unsigned seed) {
        for (int i = 0; i < 20000; ++i) {
            seed = seed * 1103515245 + 12345;
            if ((seed >> 16) % 4 == 0) {
                lock.lock();
                if (++writers != 1 || readers != 0) broken = true;
                ++value;
                --writers;
                lock.unlock();
            } else {
                lock.lock_shared();
                ++readers;
                if (writers != 0) broken = true;
                --readers;
                lock.unlock_shared();
            }
        }
    };
    std::thread threads[] = {std::thread(work, 1), std::thread(work, 2), std::thread(work, 3), std::thread(work, 4)};
    for (std::thread& thread : threads) thread.join();
    CHECK(!broken);
    CHECK_GT(value, 0);
}

TEST_CASE("a reset lock is free, whoever held it") {
    SharedLock lock;
    lock.lock();
    lock.reset();
    lock.lock_shared();
    lock.lock_shared();
    lock.reset();
    lock.lock();
    lock.unlock();
}

TEST_CASE("threads map and unmap at once, and the record ends as it began") {
    Guest guest;
    std::atomic<bool> broken = false;
    auto work = [&] {
        for (int i = 0; i < 300; ++i) {
            SysResult start = guest->map(0, 3 * page, read_write, private_anonymous, -1, 0);
            u64 place = static_cast<u64>(start);
            if (start <= 0 || at<int>(place) != 0) broken = true;
            at<int>(place) = i;
            if (guest->protect(place + page, page, PROT_READ | PROT_EXEC) != 0) broken = true;
            if (!guest->executable(GuestAddress(place + page), page)) broken = true;
            SysResult moved = guest->remap(place, page, 2 * page, MREMAP_MAYMOVE, 0);
            if (moved <= 0 || at<int>(static_cast<u64>(moved)) != i) broken = true;
            if (guest->unmap(static_cast<u64>(moved), 2 * page) != 0) broken = true;
            if (static_cast<u64>(moved) != place && guest->unmap(place + page, 2 * page) != 0) broken = true;
        }
    };
    std::thread threads[] = {std::thread(work), std::thread(work), std::thread(work)};
    for (std::thread& thread : threads) thread.join();
    CHECK(!broken);
    CHECK_EQ(guest.regions().size(), 0);
}

TEST_CASE("a child forked while other threads map can use its copy") {
    Guest guest;
    std::atomic<bool> stop = false;
    auto work = [&] {
        while (!stop) {
            SysResult start = guest->map(0, page, read_write, private_anonymous, -1, 0);
            guest->unmap(static_cast<u64>(start), page);
        }
    };
    std::thread threads[] = {std::thread(work), std::thread(work)};
    for (int i = 0; i < 50; ++i) {
        guest->before_fork();
        pid_t child = ::fork();
        if (child == 0) {
            guest->after_fork_in_child();
            ::alarm(20);
            SysResult start = guest->map(0, page, read_write, private_anonymous, -1, 0);
            ::_exit(start > 0 && guest->unmap(static_cast<u64>(start), page) == 0 ? 0 : 1);
        }
        guest->after_fork_in_parent();
        int status = 0;
        REQUIRE_EQ(::waitpid(child, &status, 0), child);
        REQUIRE_EQ(status, 0);
    }
    stop = true;
    for (std::thread& thread : threads) thread.join();
}
