#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cstring>
#include <string>

#include "runtime/memory/host_maps.hpp"
#include "tests/runtime/memory/support.hpp"

using namespace lyrebird;
using namespace lyrebird::memory;
using namespace lyrebird::memory::testing;

namespace {

/// What the host says to the same mmap, undone at once.
SysResult host_map(u64 size, int protection, int flags, int fd, u64 offset) {
    long result = ::syscall(SYS_mmap, 0, size, protection, flags, fd, offset);
    if (result == -1) return -errno;
    ::munmap(GuestAddress(static_cast<u64>(result)).host(), size);
    return 1;
}

std::string host_rights(u64 address) {
    auto maps = host_maps();
    const HostMapping* found = find(maps, address);
    return found != nullptr ? found->rights : "none";
}

}  // namespace

TEST_CASE("anonymous memory is placed below the base, zeroed, readable and writable") {
    Guest guest;
    u64 start = guest.anonymous(2);
    CHECK(guest->contains(GuestAddress(start), 2 * page));
    CHECK_EQ(at<int>(start), 0);
    at<int>(start) = 7;
    CHECK_EQ(guest->find(GuestAddress(start + 2 * page - 1))->end.value, start + 2 * page);
    CHECK_EQ(guest->unmap(start, 2 * page), 0);
    CHECK(!guest.mapped(start));
    CHECK_EQ(host_rights(start), "none");
}

TEST_CASE("sizes are rounded up to pages") {
    Guest guest;
    SysResult start = guest->map(0, 5000, PROT_READ, private_anonymous, -1, 0);
    REQUIRE_GT(start, 0);
    CHECK_EQ(guest->find(GuestAddress(static_cast<u64>(start)))->end.value, static_cast<u64>(start) + 2 * page);
}

TEST_CASE("successive mappings go downwards without holes, as on Linux") {
    Guest guest;
    u64 first = guest.anonymous(3);
    u64 second = guest.anonymous(5);
    CHECK_EQ(second + 5 * page, first);
}

TEST_CASE("large private memory is placed for huge pages") {
    Guest guest;
    guest.anonymous(1);
    CHECK_EQ(guest.anonymous(1024) % (2 << 20), 0);
}

TEST_CASE("guest execute is host read and never host execute") {
    Guest guest;
    u64 code = guest.anonymous(1, PROT_EXEC);
    CHECK_EQ(host_rights(code), "r--p");
    CHECK_EQ(guest.protection(code), PROT_EXEC);
    CHECK(guest->executable(GuestAddress(code), page));
    CHECK_EQ(guest->protect(code, page, PROT_READ | PROT_WRITE | PROT_EXEC), 0);
    CHECK_EQ(host_rights(code), "rw-p");
    CHECK_EQ(guest->protect(code, page, PROT_WRITE), 0);
    CHECK_EQ(host_rights(code), "-w-p");
    CHECK(!guest->executable(GuestAddress(code), 1));
    CHECK_EQ(guest->protect(code, page, PROT_NONE), 0);
    CHECK_EQ(host_rights(code), "---p");
}

TEST_CASE("executable asks for every byte of the range") {
    Guest guest;
    u64 code = guest.anonymous(3, PROT_READ | PROT_EXEC);
    CHECK(guest->executable(GuestAddress(code + page - 2), 4));
    CHECK_EQ(guest->protect(code + page, page, PROT_READ), 0);
    CHECK(guest->executable(GuestAddress(code), page));
    CHECK(!guest->executable(GuestAddress(code + page - 2), 4));
    CHECK(guest->executable(GuestAddress(code + 2 * page), page));
    CHECK_EQ(guest->unmap(code + 2 * page, page), 0);
    CHECK(!guest->executable(GuestAddress(code + 2 * page), 1));
}

TEST_CASE("a hint is rounded down and taken when it is free, ignored when it is not") {
    Guest guest;
    u64 hint = 0x1234'5000;
    CHECK_EQ(guest->map(hint + 0x678, page, PROT_READ, private_anonymous, -1, 0), static_cast<SysResult>(hint));
    SysResult second = guest->map(hint, page, PROT_READ, private_anonymous, -1, 0);
    CHECK_NE(second, static_cast<SysResult>(hint));
    CHECK_GT(second, 0);
    CHECK_EQ(guest->map(0x1000, page, PROT_READ, private_anonymous, -1, 0), 0x10000);
}

TEST_CASE("MAP_FIXED replaces, MAP_FIXED_NOREPLACE refuses") {
    Guest guest;
    u64 start = guest.anonymous(4);
    at<int>(start + page) = 1;
    CHECK_EQ(guest.anonymous_at(start + page, 1), static_cast<SysResult>(start + page));
    CHECK_EQ(at<int>(start + page), 0);
    constexpr int flags = private_anonymous | MAP_FIXED_NOREPLACE;
    CHECK_EQ(guest->map(start + 3 * page, 2 * page, PROT_READ, flags, -1, 0), -EEXIST);
    CHECK_EQ(guest->map(start + 4 * page, page, PROT_READ, flags, -1, 0), static_cast<SysResult>(start + 4 * page));
}

TEST_CASE("a fixed mapping over memory and holes covers both") {
    Guest guest;
    u64 base = 0x5000'0000;
    REQUIRE_GT(guest.anonymous_at(base + page, 1), 0);
    REQUIRE_GT(guest.anonymous_at(base + 3 * page, 1), 0);
    CHECK_EQ(guest.anonymous_at(base, 5, PROT_READ), static_cast<SysResult>(base));
    CHECK_EQ(guest.regions().size(), 1);
    CHECK_EQ(host_rights(base + 4 * page), "r--p");
}

TEST_CASE("a fixed mapping that the host refuses leaves everything as it was") {
    Guest guest;
    File file(1);
    int read_only = ::open(("/proc/self/fd/" + std::to_string(file.fd)).c_str(), O_RDONLY);
    REQUIRE_GE(read_only, 0);
    u64 base = 0x5000'0000;
    REQUIRE_GT(guest.anonymous_at(base, 1), 0);
    at<int>(base) = 5;
    CHECK_EQ(guest->map(base, 3 * page, read_write, MAP_SHARED | MAP_FIXED, read_only, 0), -EACCES);
    CHECK_EQ(at<int>(base), 5);
    CHECK_EQ(host_rights(base + page), "none");
    CHECK_EQ(guest.regions().size(), 1);
    ::close(read_only);
}

TEST_CASE("what the host holds in the guest's part is never replaced, and avoided") {
    Guest guest;
    u64 next = guest.anonymous(1) - page;
    void* foreign = ::mmap(GuestAddress(next).host(), page, PROT_READ, private_anonymous | MAP_FIXED_NOREPLACE, -1, 0);
    REQUIRE_EQ(reinterpret_cast<u64>(foreign), next);
    CHECK_EQ(guest.anonymous_at(next, 1), -ENOMEM);
    CHECK_EQ(guest->map(next, page, PROT_READ, private_anonymous | MAP_FIXED_NOREPLACE, -1, 0), -EEXIST);
    CHECK_EQ(guest.anonymous_at(next - page, 3), -ENOMEM);
    CHECK_EQ(guest->unmap(next - page, 2 * page), 0);
    CHECK_EQ(guest->protect(next, page, PROT_NONE), -ENOMEM);
    CHECK_EQ(guest->advise(next, page, MADV_DONTNEED), -ENOMEM);
    CHECK_LT(guest.anonymous(1), next);
    CHECK_EQ(host_rights(next), "r--p");
    ::munmap(foreign, page);
}

TEST_CASE("wrong arguments get Linux's errno") {
    Guest guest;
    constexpr int fixed = private_anonymous | MAP_FIXED;
    CHECK_EQ(guest->map(0, 0, PROT_READ, private_anonymous, -1, 0), -EINVAL);
    CHECK_EQ(guest->map(0, page, PROT_READ, private_anonymous, -1, 1), -EINVAL);
    CHECK_EQ(guest->map(0, page, PROT_READ, MAP_ANONYMOUS, -1, 0), -EINVAL);
    CHECK_EQ(guest->map(0, page, PROT_READ, MAP_PRIVATE, -1, 0), -EBADF);
    CHECK_EQ(guest->map(0, 0, PROT_READ, MAP_PRIVATE, -1, 0), -EBADF);
    CHECK_EQ(guest->map(0, ~u64{0}, PROT_READ, private_anonymous, -1, 0), -ENOMEM);
    CHECK_EQ(guest->map(0, u64{1} << 46, PROT_READ, private_anonymous, -1, 0), -ENOMEM);
    CHECK_EQ(guest->map(0x20001, page, PROT_READ, fixed, -1, 0), -EINVAL);
    CHECK_EQ(guest->map(0xf000, page, PROT_READ, fixed, -1, 0), -EPERM);
    CHECK_EQ(guest->map(0, page, PROT_READ, fixed, -1, 0), -EPERM);
    CHECK_EQ(guest->map(0, page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0), -EINVAL);
    CHECK_EQ(guest->map(0, page, PROT_READ, private_anonymous | MAP_HUGETLB | (63 << 26), -1, 0), -EINVAL);
    CHECK_EQ(guest->unmap(0x20001, page), -EINVAL);
    CHECK_EQ(guest->unmap(0x20000, 0), -EINVAL);
    CHECK_EQ(guest->unmap(0x20000, page), 0);
    CHECK_EQ(guest.regions().size(), 0);
}

TEST_CASE("mappings of files answer as the host does") {
    Guest guest;
    File file(2);
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    int directory = ::open("/", O_RDONLY | O_DIRECTORY);
    int path_only = ::open("/", O_PATH);
    int status = ::open("/proc/self/status", O_RDONLY);
    for (int fd : {file.fd, ends[0], ends[1], directory, path_only, status, 9999}) {
        for (int type : {0, MAP_SHARED, MAP_PRIVATE, MAP_SHARED_VALIDATE, 5}) {
            for (int more : {0, MAP_SYNC, MAP_HUGETLB, MAP_GROWSDOWN, MAP_POPULATE, MAP_NORESERVE, 1 << 27}) {
                for (int rights : {PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC}) {
                    for (u64 offset : {u64{0}, page, u64{1} << 62, ~u64{0} - page + 1}) {
                        SysResult expected = host_map(page, rights, type | more, fd, offset);
                        SysResult result = guest->map(0, page, rights, type | more, fd, offset);
                        INFO("fd " << fd << " flags " << (type | more) << " rights " << rights << " offset " << offset);
                        CHECK_EQ(std::min<SysResult>(result, 1), expected);
                    }
                }
            }
        }
    }
    for (int fd : {ends[0], ends[1], directory, path_only, status}) ::close(fd);
}

TEST_CASE("flags that exist on x86 only are unknown flags") {
    Guest guest;
    File file(1);
    constexpr int x86_32bit = 0x40;
    CHECK_EQ(guest->map(0, page, PROT_READ, MAP_SHARED_VALIDATE | x86_32bit, file.fd, 0), -EOPNOTSUPP);
    SysResult high = guest->map(0, page, PROT_READ, private_anonymous | x86_32bit, -1, 0);
    CHECK_GT(high, SysResult{1} << 32);
}

TEST_CASE("private file memory keeps its writes, shared file memory passes them on") {
    Guest guest;
    File file(2);
    SysResult own = guest->map(0, 2 * page, read_write, MAP_PRIVATE, file.fd, 0);
    SysResult common = guest->map(0, page, read_write, MAP_SHARED, file.fd, page);
    REQUIRE_GT(own, 0);
    REQUIRE_GT(common, 0);
    u64 own_start = static_cast<u64>(own), common_start = static_cast<u64>(common);
    CHECK_EQ(at<char>(own_start), 1);
    CHECK_EQ(at<char>(common_start), 2);
    at<char>(own_start) = 50;
    at<char>(common_start) = 60;
    char bytes[2];
    REQUIRE_EQ(::pread(file.fd, &bytes[0], 1, 0), 1);
    REQUIRE_EQ(::pread(file.fd, &bytes[1], 1, page), 1);
    CHECK_EQ(bytes[0], 1);
    CHECK_EQ(bytes[1], 60);
}

TEST_CASE("regions show the file's identity, offset and present name") {
    Guest guest;
    File file(3, "of-the-test");
    struct stat status;
    REQUIRE_EQ(::fstat(file.fd, &status), 0);
    SysResult start = guest->map(0, 2 * page, PROT_READ, MAP_PRIVATE, file.fd, page);
    REQUIRE_GT(start, 0);
    auto all = guest.regions();
    REQUIRE_EQ(all.size(), 1);
    CHECK_EQ(all[0].backing.path, "/memfd:of-the-test (deleted)");
    CHECK_EQ(all[0].backing.inode, status.st_ino);
    CHECK_EQ(all[0].backing.offset, page);
    CHECK_EQ(all[0].flags & (MAP_PRIVATE | MAP_SHARED | MAP_ANONYMOUS), MAP_PRIVATE);
    CHECK_EQ(guest->find(GuestAddress(static_cast<u64>(start)))->backing.path, "");
    CHECK_EQ(guest->find_with_path(GuestAddress(static_cast<u64>(start)))->backing.path,
             "/memfd:of-the-test (deleted)");
}

TEST_CASE("the loader maps at exact places and never replaces") {
    Guest guest;
    File file(2);
    GuestAddress base(0x40'0000);
    CHECK_EQ(guest->map_fixed(base, page + 10, PROT_READ | PROT_EXEC, file.fd, 0, ""),
             static_cast<SysResult>(base.value));
    CHECK_EQ(at<char>(base.value + page), 2);
    CHECK_EQ(guest->map_fixed(base + page, page, PROT_READ, -1, 0, ""), -EEXIST);
    CHECK_EQ(guest->map_fixed(base + 1, page, PROT_READ, -1, 0, ""), -EINVAL);
    CHECK_EQ(guest->map_fixed(base + 2 * page, 0, PROT_READ, -1, 0, ""), -EINVAL);
    CHECK_GT(guest->map_fixed(base + 2 * page, page, PROT_READ | PROT_EXEC, -1, 0, "[vdso]"), 0);
    CHECK_EQ(guest->find(base + 2 * page)->backing.path, "[vdso]");
}

TEST_CASE("an image goes to two thirds of the address space, and elsewhere when that is taken") {
    AddressSpace::Options options;
    options.randomise = false;
    Guest guest(options);
    u64 base = guest->choose_image_base(100 * page, 0x10000).value;
    CHECK_EQ(base, guest->top().value / 3 * 2 / 0x10000 * 0x10000);
    REQUIRE_GT(guest.anonymous_at(base + page, 1), 0);
    u64 other = guest->choose_image_base(100 * page, 0x10000).value;
    CHECK_NE(other, 0);
    CHECK((other + 100 * page <= base + page || other >= base + 2 * page));
    CHECK_EQ(other % 0x10000, 0);
}

TEST_CASE("smaller address spaces keep everything below their top") {
    for (int bits : {39, 42, 46}) {
        Guest guest({.va_bits = bits});
        CHECK_EQ(guest->top().value, (u64{1} << bits) - page);
        CHECK_EQ(guest.anonymous_at(guest->top().value, 1), -ENOMEM);
        if (host_mappings_below() == 0) CHECK_GT(guest.anonymous_at(guest->top().value - page, 1), 0);
        CHECK_LT(guest.anonymous(1), guest->top().value);
    }
    CHECK(!AddressSpace::create({.va_bits = 47}));
}

TEST_CASE("the end of an address space gives its memory back to the host") {
    u64 address = 0;
    {
        Guest guest;
        address = guest.anonymous(1);
    }
    CHECK_EQ(host_rights(address), "none");
}

TEST_CASE("names of anonymous memory are shown, divide regions and are checked as Linux does") {
    Guest guest;
    u64 start = guest.anonymous(3);
    std::string name = "heap of the test", bad = "a[b]", long_name(80, 'x');
    CHECK_EQ(guest->name_memory(start + page, page, &name), 0);
    CHECK_EQ(guest.regions().size(), 3);
    CHECK_EQ(guest->find(GuestAddress(start + page))->backing.path, "[anon:heap of the test]");
    CHECK_EQ(guest->name_memory(start, page, &bad), -EINVAL);
    CHECK_EQ(guest->name_memory(start, page, &long_name), -EINVAL);
    CHECK_EQ(guest->name_memory(start + 1, page, &name), -EINVAL);
    CHECK_EQ(guest->name_memory(start, 5 * page, nullptr), -ENOMEM);
    CHECK_EQ(guest.regions().size(), 1);
    File file(1);
    SysResult mapped = guest->map(0, page, PROT_READ, MAP_PRIVATE, file.fd, 0);
    CHECK_EQ(guest->name_memory(static_cast<u64>(mapped), page, &name), -EBADF);
}

TEST_CASE("where code has changed is told once, joined where changes touch") {
    Guest guest;
    u64 code = guest.anonymous(4, PROT_READ | PROT_EXEC);
    guest.anonymous(1);  // between the two
    u64 other = guest.anonymous(1, PROT_READ | PROT_EXEC);
    (void)guest->take_code_changes();
    guest->protect(code, page, PROT_READ);
    guest->protect(code + page, page, PROT_READ);
    guest->unmap(other, page);
    auto changes = guest->take_code_changes();
    REQUIRE_EQ(changes.size(), 2);
    CHECK_EQ(changes[0].start, code);
    CHECK_EQ(changes[0].end, code + 2 * page);
    CHECK_EQ(changes[1].start, other);
    CHECK_EQ(changes[1].end, other + page);
    CHECK(guest->take_code_changes().empty());
}

TEST_CASE("the code generation rises when executable memory may have changed, and only then") {
    Guest guest;
    File file(1);
    u64 code = guest.anonymous(1, PROT_READ | PROT_EXEC);
    u64 data = guest.anonymous(1);
    u64 generation = guest->code_generation();
    auto rose = [&] {
        u64 before = generation;
        generation = guest->code_generation();
        return generation > before;
    };
    guest.anonymous(1, PROT_READ);
    guest->protect(data, page, PROT_READ);
    guest->advise(data, page, MADV_DONTNEED);
    guest->unmap(data, page);
    guest->synchronise(code, page, MS_ASYNC);
    guest->protect(code, page, PROT_READ | PROT_EXEC);
    CHECK(!rose());
    guest->protect(code, page, PROT_READ | PROT_WRITE | PROT_EXEC);  // from now on it can change by itself
    CHECK(rose());
    guest->advise(code, page, MADV_DONTNEED);
    CHECK(rose());
    guest->protect(code, page, read_write);
    CHECK(rose());
    guest->protect(code, page, PROT_READ | PROT_EXEC);
    CHECK(rose());
    SysResult moved = guest->remap(code, page, 2 * page, MREMAP_MAYMOVE, 0);
    REQUIRE_GT(moved, 0);
    if (static_cast<u64>(moved) != code) CHECK(rose());
    code = static_cast<u64>(moved);
    REQUIRE_GT(guest->map(code, page, PROT_READ, MAP_PRIVATE | MAP_FIXED, file.fd, 0), 0);
    CHECK(rose());
    guest->unmap(code + page, page);
    CHECK(rose());
}
