// mremap's choice of places, advice, residence, shared segments.
#include <sys/ipc.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/wait.h>

#include <string>

#include "runtime/memory/host_maps.hpp"
#include "tests/runtime/memory/support.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;
using namespace lyrebird::memory::testing;

namespace {

std::string host_rights(u64 address) {
    auto maps = host_maps();
    const HostMapping* found = find(maps, address);
    return found != nullptr ? found->rights : "none";
}

struct Segment {
    int identifier;
    explicit Segment(u64 size, int mode = 0600) : identifier(::shmget(IPC_PRIVATE, size, IPC_CREAT | mode)) {
        REQUIRE_GE(identifier, 0);
    }
    ~Segment() { ::shmctl(identifier, IPC_RMID, nullptr); }
};

}  // namespace

TEST_CASE("growth moves memory to a place of ours when it must, contents and all") {
    Guest guest;
    u64 upper = guest.anonymous(1);
    u64 lower = guest.anonymous(1);
    REQUIRE_EQ(lower + page, upper);
    at<int>(lower) = 11;
    CHECK_EQ(guest->remap(lower, page, 2 * page, 0, 0), -ENOMEM);
    SysResult moved = guest->remap(lower, page, 3 * page, MREMAP_MAYMOVE, 0);
    REQUIRE_GT(moved, 0);
    u64 place = static_cast<u64>(moved);
    CHECK(guest->contains(GuestAddress(place), 3 * page));
    CHECK_EQ(at<int>(place), 11);
    CHECK_EQ(at<int>(place + 2 * page), 0);
    CHECK(!guest.mapped(lower));
    CHECK_EQ(guest->find(GuestAddress(place))->end.value, place + 3 * page);
    REQUIRE_EQ(guest->unmap(upper, page), 0);
    CHECK_EQ(guest->remap(place, 3 * page, 4 * page, 0, 0), moved);
}

TEST_CASE("MREMAP_DONTUNMAP leaves an empty copy behind") {
    Guest guest;
    u64 start = guest.anonymous(2);
    at<int>(start) = 3;
    SysResult moved = guest->remap(start, 2 * page, 2 * page, MREMAP_MAYMOVE | 4, 0);
    REQUIRE_GT(moved, 0);
    CHECK_NE(static_cast<u64>(moved), start);
    CHECK_EQ(at<int>(static_cast<u64>(moved)), 3);
    CHECK_EQ(at<int>(start), 0);
    CHECK(guest.mapped(start + page));
}

TEST_CASE("an old size of zero duplicates shared memory and nothing else") {
    Guest guest;
    SysResult shared = guest->map(0, page, read_write, shared_anonymous, -1, 0);
    REQUIRE_GT(shared, 0);
    u64 start = static_cast<u64>(shared);
    SysResult twin = guest->remap(start, 0, page, MREMAP_MAYMOVE, 0);
    REQUIRE_GT(twin, 0);
    at<int>(static_cast<u64>(twin)) = 9;
    CHECK_EQ(at<int>(start), 9);
    CHECK_EQ(guest->remap(guest.anonymous(1), 0, page, MREMAP_MAYMOVE, 0), -EINVAL);
}

TEST_CASE("moved pieces of files keep their place in the file") {
    Guest guest;
    File file(4);
    SysResult mapped = guest->map(0, 4 * page, PROT_READ, MAP_SHARED, file.fd, 0);
    REQUIRE_GT(mapped, 0);
    u64 piece = static_cast<u64>(mapped) + 2 * page;
    u64 target = 0x6000'0000;
    CHECK_EQ(guest->remap(piece, page, page, MREMAP_MAYMOVE | MREMAP_FIXED, target), static_cast<SysResult>(target));
    CHECK_EQ(guest->find(GuestAddress(target))->backing.offset, 2 * page);
    CHECK_EQ(at<char>(target), 3);
    CHECK_EQ(guest.regions().size(), 3);
}

TEST_CASE("remap_file_pages shows other pages of the same file") {
    Guest guest;
    File file(4);
    SysResult mapped = guest->map(0, 4 * page, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_SHARED, file.fd, 0);
    REQUIRE_GT(mapped, 0);
    u64 start = static_cast<u64>(mapped);
    CHECK_EQ(guest->remap_file_pages(start, page, 0, 3, 0), 0);
    CHECK_EQ(at<char>(start), 4);
    CHECK_EQ(guest->find(GuestAddress(start))->backing.offset, 3 * page);
    CHECK_EQ(guest.protection(start), PROT_READ | PROT_WRITE | PROT_EXEC);
    CHECK_EQ(host_rights(start), "rw-s");
    CHECK_EQ(guest->remap_file_pages(start, page, PROT_READ, 3, 0), -EINVAL);
    CHECK_EQ(guest->remap_file_pages(guest.anonymous(1), page, 0, 0, 0), -EINVAL);
}

TEST_CASE("advice that drops contents drops them, and holes are reported after the rest is done") {
    Guest guest;
    u64 start = guest.anonymous(3);
    for (u64 i = 0; i < 3; ++i) at<char>(start + i * page) = 1;
    REQUIRE_EQ(guest->unmap(start + page, page), 0);
    CHECK_EQ(guest->advise(start, 3 * page, MADV_DONTNEED), -ENOMEM);
    CHECK_EQ(at<char>(start), 0);
    CHECK_EQ(at<char>(start + 2 * page), 0);
    CHECK_EQ(guest->advise(start, 3 * page, 9999), -EINVAL);
    CHECK_EQ(guest->advise(start + 1, page, MADV_DONTNEED), -EINVAL);
    CHECK_EQ(guest->advise(start, 0, MADV_DONTNEED), 0);
}

TEST_CASE("fork drops and wipes what the guest said, in the record as in memory") {
    Guest guest;
    u64 dropped = guest.anonymous(1), wiped = guest.anonymous(1, PROT_READ | PROT_WRITE | PROT_EXEC),
        kept = guest.anonymous(1);
    u64 again = guest.anonymous(1);
    for (u64 place : {dropped, wiped, kept, again}) at<char>(place) = 5;
    CHECK_EQ(guest->advise(dropped, page, MADV_DONTFORK), 0);
    CHECK_EQ(guest->advise(wiped, page, MADV_WIPEONFORK), 0);
    CHECK_EQ(guest->advise(again, page, MADV_DONTFORK), 0);
    CHECK_EQ(guest->advise(again, page, MADV_DOFORK), 0);
    SysResult shared = guest->map(0, page, read_write, shared_anonymous, -1, 0);
    CHECK_EQ(guest->advise(static_cast<u64>(shared), page, MADV_WIPEONFORK), -EINVAL);
    u64 generation = guest->code_generation();
    guest->before_fork();
    pid_t child = ::fork();
    if (child == 0) {
        guest->after_fork_in_child();
        bool right = !guest.mapped(dropped) && guest.mapped(wiped) && at<char>(wiped) == 0 && at<char>(kept) == 5 &&
                     at<char>(again) == 5 && guest->code_generation() > generation && guest->unmap(kept, page) == 0;
        ::_exit(right ? 0 : 1);
    }
    guest->after_fork_in_parent();
    int status = 0;
    REQUIRE_EQ(::waitpid(child, &status, 0), child);
    CHECK_EQ(status, 0);
    CHECK(guest.mapped(dropped));
    CHECK_EQ(guest->code_generation(), generation);
    CHECK_EQ(guest->unmap(kept, page), 0);
}

TEST_CASE("mincore tells what is resident and stops at holes") {
    Guest guest;
    u64 answer = guest.anonymous(1);
    u64 start = guest.anonymous(4);
    at<char>(start + page) = 1;
    CHECK_EQ(guest->resident(start, 4 * page, answer), 0);
    CHECK_EQ(at<char>(answer) & 1, 0);
    CHECK_EQ(at<char>(answer + 1) & 1, 1);
    REQUIRE_EQ(guest->unmap(start + 2 * page, page), 0);
    CHECK_EQ(guest->resident(start, 4 * page, answer), -ENOMEM);
    CHECK_EQ(guest->resident(start + 1, page, answer), -EINVAL);
    CHECK_EQ(guest->resident(start + 2 * page, page, answer), -ENOMEM);
    CHECK_EQ(guest->resident(start, page, start + 2 * page), -EFAULT);
}

TEST_CASE("the guest's mlockall locks its memory, present and future, and not the VM's") {
    Guest guest;
    rlimit limit{};
    REQUIRE_EQ(::getrlimit(RLIMIT_MEMLOCK, &limit), 0);
    if (limit.rlim_cur < 64 * page) return;
    auto status_kib = [] {
        long total = 0;
        FILE* file = ::fopen("/proc/self/status", "r");
        char line[256];
        while (file != nullptr && ::fgets(line, sizeof line, file) != nullptr) {
            long value = 0;
            if (::sscanf(line, "VmLck: %ld", &value) == 1) total = value;
        }
        if (file != nullptr) ::fclose(file);
        return total;
    };
    long before = status_kib();  // not always 0: the kernel's count survives some moves of locked memory
    auto locked_kib = [&] { return status_kib() - before; };
    guest.anonymous(3);
    CHECK_EQ(guest->lock_all(0), -EINVAL);
    CHECK_EQ(guest->lock_all(MCL_ONFAULT), -EINVAL);
    CHECK_EQ(guest->lock_all(MCL_CURRENT), 0);
    CHECK_EQ(locked_kib(), 12);
    CHECK_EQ(guest->lock_all(MCL_CURRENT | MCL_FUTURE), 0);
    guest.anonymous(2);
    CHECK_EQ(locked_kib(), 20);
    CHECK_EQ(guest->unlock_all(), 0);
    guest.anonymous(2);
    CHECK_EQ(locked_kib(), 0);
    CHECK_EQ(guest->lock_all(MCL_FUTURE | MCL_ONFAULT), 0);
    guest.anonymous(1);
    CHECK_EQ(locked_kib(), 4);
}

TEST_CASE("a shared segment is attached where we choose or where the guest says, and detached as a whole") {
    Guest guest;
    Segment segment(3 * page - 10);
    SysResult first = guest->attach_shared(segment.identifier, 0, 0);
    REQUIRE_GT(first, 0);
    u64 start = static_cast<u64>(first);
    CHECK(guest->contains(GuestAddress(start), 3 * page));
    u64 other = 0x6000'0000;
    CHECK_EQ(guest->attach_shared(segment.identifier, other + 5, SHM_RND | SHM_RDONLY), static_cast<SysResult>(other));
    at<int>(start) = 12;
    CHECK_EQ(at<int>(other), 12);
    CHECK_EQ(host_rights(other), "r--s");
    CHECK_EQ(guest->find(GuestAddress(start))->backing.path, "/SYSV00000000 (deleted)");
    CHECK_EQ(guest->find(GuestAddress(start))->end.value, start + 3 * page);
    REQUIRE_EQ(guest->unmap(start + page, page), 0);
    CHECK_EQ(guest->detach_shared(start), 0);
    CHECK(!guest.mapped(start));
    CHECK(!guest.mapped(start + 2 * page));
    CHECK(guest.mapped(other));
    CHECK_EQ(guest->detach_shared(start), -EINVAL);
    CHECK_EQ(guest->detach_shared(other + 1), -EINVAL);
    CHECK_EQ(guest->detach_shared(other), 0);
    shmid_ds status;
    REQUIRE_EQ(::shmctl(segment.identifier, IPC_STAT, &status), 0);
    CHECK_EQ(status.shm_nattch, 0);
}

TEST_CASE("shmat refuses what Linux refuses") {
    Guest guest;
    Segment segment(2 * page);
    u64 taken = guest.anonymous(2);
    CHECK_EQ(guest->attach_shared(-1, 0, 0), -EINVAL);
    CHECK_EQ(guest->attach_shared(segment.identifier + 1000, 0, 0), -EINVAL);
    CHECK_EQ(guest->attach_shared(segment.identifier, 0, SHM_REMAP), -EINVAL);
    CHECK_EQ(guest->attach_shared(segment.identifier, taken + 1, 0), -EINVAL);
    CHECK_EQ(guest->attach_shared(segment.identifier, taken, 0), -EINVAL);
    CHECK_EQ(guest->attach_shared(segment.identifier, 0x1000, 0), -EPERM);
    CHECK_EQ(guest->attach_shared(segment.identifier, taken, SHM_REMAP), static_cast<SysResult>(taken));
    CHECK_EQ(guest->find(GuestAddress(taken))->flags & MAP_SHARED, MAP_SHARED);
}

TEST_CASE("SHM_EXEC is the guest's right and never the host's") {
    Guest guest;
    Segment segment(page, 0700);
    SysResult start = guest->attach_shared(segment.identifier, 0, SHM_EXEC);
    REQUIRE_GT(start, 0);
    CHECK(guest->executable(GuestAddress(static_cast<u64>(start)), page));
    CHECK_EQ(host_rights(static_cast<u64>(start)), "rw-s");
}
