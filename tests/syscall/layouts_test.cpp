// The guests' structures against layouts.def, which the guests' own compilers confirm, and the conversions between
// them.
#include "syscall/layouts.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
// How the kernel's names stand in our structures.
using guest_stat = GuestStat;
using guest_epoll_event = GuestEpollEvent;
using guest_semid64_ds = GuestSemaphoreSet;
#define ours_st_dev device
#define ours_st_ino inode
#define ours_st_mode mode
#define ours_st_nlink links
#define ours_st_uid user
#define ours_st_gid group
#define ours_st_rdev special_device
#define ours_st_size size
#define ours_st_blksize block_size
#define ours_st_blocks blocks
#define ours_st_atime access_time
#define ours_st_atime_nsec access_nanoseconds
#define ours_st_mtime modify_time
#define ours_st_mtime_nsec modify_nanoseconds
#define ours_st_ctime change_time
#define ours_st_ctime_nsec change_nanoseconds
#define ours_events events
#define ours_data data
#define ours_sem_perm permission
#define ours_sem_otime operation_time
#define ours_sem_ctime change_time
#define ours_sem_nsems count

#undef st_atime
#undef st_mtime
#undef st_ctime
#define SAME_SIZE(structure, bytes)
#define SAME_FIELD(structure, field, offset)
#define SAME_VALUE(constant, value)
#define GUEST_SIZE(structure, bytes) static_assert(sizeof(guest_##structure) == bytes);
#define GUEST_FIELD(structure, field, offset) static_assert(offsetof(guest_##structure, ours_##field) == offset);
#include "tests/syscall/layouts.def"

static_assert(sizeof(HostSemaphoreSet) == 104 && offsetof(HostSemaphoreSet, count) == 80);  // asm/sembuf.h of x86-64
static_assert(sizeof(GuestIpcPermission) == 48);
}  // namespace

TEST_CASE("fstat, newfstatat and statx tell what the host's stat tells, in the guest's layout") {
    Guest guest;
    const int file = ::memfd_create("file", 0);
    REQUIRE_EQ(::ftruncate(file, 12345), 0);
    struct stat host;
    REQUIRE_EQ(::fstat(file, &host), 0);
    const u64 page = guest.page();
    for (const char* name : {"fstat", "newfstatat"}) {
        CAPTURE(std::string(name));
        const bool by_path = std::string(name) == "newfstatat";
        REQUIRE_EQ(by_path ? guest(name, file, guest.text(""), page, AT_EMPTY_PATH) : guest(name, file, page), 0);
        const auto status = guest.read<GuestStat>(page);
        CHECK_EQ(status.device, host.st_dev);
        CHECK_EQ(status.inode, host.st_ino);
        CHECK_EQ(status.mode, host.st_mode);
        CHECK_EQ(status.links, host.st_nlink);
        CHECK_EQ(status.user, host.st_uid);
        CHECK_EQ(status.group, host.st_gid);
        CHECK_EQ(status.size, 12345);
        CHECK_EQ(status.block_size, host.st_blksize);
        CHECK_EQ(status.blocks, host.st_blocks);
        CHECK_EQ(status.modify_time, host.st_mtim.tv_sec);
        CHECK_EQ(status.modify_nanoseconds, static_cast<u64>(host.st_mtim.tv_nsec));
    }
    REQUIRE_EQ(guest("statx", file, guest.text(""), AT_EMPTY_PATH, STATX_BASIC_STATS, page), 0);
    CHECK_EQ(guest.read<struct statx>(page).stx_size, 12345);
    ::close(file);
}

TEST_CASE("a stat structure that cannot be written is EFAULT") {
    Guest guest;
    CHECK_EQ(guest("fstat", 0, guest.hole()), -EFAULT);
    CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text("/"), guest.hole(), 0), -EFAULT);
    CHECK_EQ(guest("newfstatat", AT_FDCWD, guest.text("/no/such/file"), guest.hole(), 0), -ENOENT);
}

TEST_CASE("a device's number stands where the guest's stat has it") {
    Guest guest;
    const u64 page = guest.page();
    REQUIRE_EQ(guest("newfstatat", AT_FDCWD, guest.text("/dev/null"), page, 0), 0);
    CHECK_EQ(guest.read<GuestStat>(page).special_device, makedev(1, 3));
}
