// The calls on the map: their arguments reach AddressSpace in order, and the engine is told. What each does is tested
// with AddressSpace itself.
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/uio.h>

#include <cstring>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
constexpr int read_write = PROT_READ | PROT_WRITE;
constexpr int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
}  // namespace

TEST_CASE("memory is mapped, protected, moved, advised on and unmapped, and each time the engine is told") {
    Guest guest;
    const u64 at = static_cast<u64>(guest("mmap", 0, 4 * page_size, read_write, anonymous, -1, 0));
    REQUIRE(guest.memory->contains(GuestAddress(at), 4 * page_size));
    guest.write<u64>(at, 7);
    CHECK_EQ(guest("mprotect", at + page_size, page_size, PROT_READ), 0);
    CHECK_EQ(guest("mprotect", at + page_size, page_size, read_write), 0);
    CHECK_EQ(guest("madvise", at + page_size, page_size, MADV_DONTNEED), 0);
    const u64 moved = static_cast<u64>(guest("mremap", at, 4 * page_size, 8 * page_size, MREMAP_MAYMOVE, 0));
    CHECK_EQ(guest.read<u64>(moved), 7);
    CHECK_EQ(guest("munmap", moved, 8 * page_size), 0);
    CHECK_EQ(guest.services.memory_changes, 6);
    CHECK_EQ(guest("munmap", moved + 1, page_size), -EINVAL);
    CHECK_EQ(guest("mmap", 0, 0, read_write, anonymous, -1, 0), -EINVAL);
    CHECK_EQ(guest("mmap", 0, page_size, read_write, MAP_PRIVATE, 99, 0), -EBADF);
}

TEST_CASE("AArch64's calls on the map ignore tags, but for those that would make a new mapping") {
    constexpr u64 tag = u64{0x5a} << 56;
    Guest guest;
    guest.abi = aarch64_abi;
    const u64 at = static_cast<u64>(guest("mmap", 0, 4 * page_size, read_write, anonymous, -1, 0)), vector = guest.page();
    CHECK_EQ(guest("mprotect", at | tag, page_size, PROT_READ), 0);
    CHECK_EQ(guest("madvise", at | tag, page_size, MADV_DONTNEED), 0);
    CHECK_EQ(guest("msync", at | tag, page_size, MS_SYNC), 0);
    CHECK_EQ(guest("mincore", at | tag, page_size, vector), 0);
    CHECK_EQ(guest("mincore", at, page_size, vector | tag), -EFAULT);
    CHECK_EQ(guest("mlock", at | tag, page_size), 0);
    CHECK_EQ(guest("munlock", at | tag, page_size), 0);
    CHECK_EQ(guest("mremap", at | tag, 4 * page_size, 2 * page_size, 0, 0), at);
    CHECK_EQ(guest("mmap", at | tag, page_size, read_write, anonymous | MAP_FIXED, -1, 0), -ENOMEM);
    CHECK_EQ(guest("munmap", at | tag, 2 * page_size), 0);
    guest.abi = riscv64_abi;
    CHECK_EQ(guest("munmap", vector | tag, page_size), -EINVAL);
}

TEST_CASE("AArch64's mprotect takes PROT_BTI, and not PROT_MTE") {
    constexpr int bti = 0x10, mte = 0x20;
    Guest guest;
    const u64 page = guest.page();
    CHECK_EQ(guest("mprotect", page, page_size, PROT_READ | bti), -EINVAL);
    guest.abi = aarch64_abi;
    CHECK_EQ(guest("mprotect", page, page_size, PROT_READ | PROT_EXEC | bti), 0);
    CHECK_EQ(guest.memory->find(GuestAddress(page))->protection, PROT_READ | PROT_EXEC);
    CHECK_EQ(guest("mprotect", page, page_size, PROT_READ | mte), -EINVAL);
}

TEST_CASE("mmap shows a file's bytes") {
    Guest guest;
    const int file = ::memfd_create("file", 0);
    REQUIRE_EQ(::ftruncate(file, 2 * page_size), 0);
    REQUIRE_EQ(::pwrite(file, "hello", 5, page_size), 5);
    const SysResult at = guest("mmap", 0, page_size, PROT_READ, MAP_PRIVATE, file, page_size);
    REQUIRE(at > 0);
    CHECK_EQ(guest.read_text(static_cast<u64>(at)), "hello");
    ::close(file);
}

TEST_CASE("brk answers with where the heap ends") {
    Guest guest;
    guest.memory->set_brk_start(GuestAddress(0x400000));
    const SysResult start = guest("brk", 0);
    CHECK_EQ(guest("brk", start + 5000), start + 5000);
    guest.write<u64>(static_cast<u64>(start) + 4992, 1);
    CHECK_EQ(guest("brk", 1), start + 5000);
}

TEST_CASE("msync, mincore, mlock, mlock2, munlock and remap_file_pages judge what they are given") {
    Guest guest;
    const u64 page = guest.page(), vector = guest.page();
    guest.write<u64>(page, 1);
    CHECK_EQ(guest("msync", page, page_size, MS_SYNC), 0);
    CHECK_EQ(guest("msync", page, page_size, 64), -EINVAL);
    CHECK_EQ(guest("mincore", page, page_size, vector), 0);
    CHECK_EQ(guest.read<u8>(vector) & 1, 1);
    CHECK_EQ(guest("mincore", page + 1, page_size, vector), -EINVAL);
    CHECK_EQ(guest("mlock", page, page_size), 0);
    CHECK_EQ(guest("mlock2", page, page_size, 1), 0);
    CHECK_EQ(guest("mlock2", page, page_size, 8), -EINVAL);
    CHECK_EQ(guest("munlock", page, page_size), 0);
    CHECK_EQ(guest("mlock", guest.hole(), page_size), -ENOMEM);
    CHECK_EQ(guest("remap_file_pages", page, page_size, 0, 0, 0), -EINVAL);
}

TEST_CASE("mlockall locks the guest's memory only, and judges its flags as Linux does") {
    Guest guest;
    guest.page();
    CHECK_EQ(guest("mlockall", 0), -EINVAL);
    CHECK_EQ(guest("mlockall", MCL_ONFAULT), -EINVAL);
    CHECK_EQ(guest("mlockall", 64), -EINVAL);
    CHECK_EQ(guest("mlockall", MCL_CURRENT), 0);
    CHECK_EQ(guest("mlockall", MCL_FUTURE), 0);
    CHECK_EQ(guest("munlockall"), 0);
}

TEST_CASE("memory of another process is read and written, the guest's part of it only") {
    Guest guest;
    const u64 local = guest.page(), remote = guest.text("remote");
    const u64 local_vector = guest.put(iovec{GuestAddress(local).host(), 6});
    const u64 remote_vector = guest.put(iovec{GuestAddress(remote).host(), 6});
    const SysResult self = guest("getpid");
    CHECK_EQ(guest("process_vm_readv", self, local_vector, 1, remote_vector, 1, 0), 6);
    CHECK_EQ(guest.read_text(local), "remote");
    guest.write<u8>(local, 'R');
    CHECK_EQ(guest("process_vm_writev", self, local_vector, 1, remote_vector, 1, 0), 6);
    CHECK_EQ(guest.read_text(remote), "Remote");
    static char secret[] = "secret";
    guest.write(remote_vector, iovec{secret, 6});
    CHECK_EQ(guest("process_vm_readv", self, local_vector, 1, remote_vector, 1, 0), -EFAULT);
    CHECK_EQ(guest("process_vm_writev", self, local_vector, 1, remote_vector, 1, 0), -EFAULT);
    CHECK_EQ(std::string(secret), "secret");
}

TEST_CASE("process_madvise reaches the guest's part of a process only") {
    Guest guest;
    const u64 page = guest.page();
    const SysResult self = guest("pidfd_open", guest("getpid"), 0);
    REQUIRE(self >= 0);
    const u64 vector = guest.put(iovec{GuestAddress(page).host(), page_size});
    CHECK_EQ(guest("process_madvise", self, vector, 1, MADV_COLD, 0), page_size);
    static char mine[4 * page_size];
    guest.write(vector, iovec{mine, sizeof mine});
    const SysResult result = guest("process_madvise", self, vector, 1, MADV_COLD, 0);
    CHECK_MESSAGE((result == -ENOMEM || result == -EINVAL || result == -EFAULT), errno_text(result));
    ::close(static_cast<int>(self));
}
