// mmap, munmap, and the loader's ways to place memory.
//
// The order of the checks is Linux's (mm/mmap.c: ksys_mmap_pgoff, do_mmap, __get_unmapped_area), because it decides which errno
// a call with several faults gets. What needs the file's inside (modes, drivers, sizes) the host judges, at the end.
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <fcntl.h>

#include <algorithm>

#include "runtime/base/bits.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {

constexpr u64 huge_page = 2 << 20;  // the size that transparent huge pages and, unless told otherwise, hugetlbfs use
constexpr long hugetlbfs_magic = 0x958458f6;
// Bits that mean something on x86 only (MAP_32BIT, MAP_ABOVE4G): for the guest's kernel they are unknown flags.
constexpr int foreign_flags = 0xc0;
constexpr int fixed_flags = MAP_FIXED | MAP_FIXED_NOREPLACE;

int map_type(int flags) {
    return flags & MAP_TYPE;
}

/// What mmap needs to know of its file before it can place the mapping.
struct FileFacts {
    std::shared_ptr<const Object> object;
    u64 granularity = page_size;
    bool noexec = false;
    bool unreadable = false;
};

SysResult inspect(int fd, int protection, FileFacts& facts) {
    struct stat status;
    if (::fstat(fd, &status) != 0) return -EBADF;
    Object object{.device = status.st_dev, .inode = status.st_ino, .name = {}};
    facts.object = std::make_shared<const Object>(std::move(object));
    struct statfs system;
    if (static_cast<u64>(status.st_blksize) >= huge_page && ::fstatfs(fd, &system) == 0 &&
        system.f_type == hugetlbfs_magic) {
        facts.granularity = static_cast<u64>(status.st_blksize);
    }
    struct statvfs mount;
    facts.noexec = ::fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0;
    if (facts.noexec && (protection & PROT_EXEC) != 0) {
        facts.unreadable = (::fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY;
    }
    return 0;
}

/// The size of the pages that MAP_HUGETLB's size bits ask for.
u64 huge_granularity(int flags) {
    u32 shift = (static_cast<u32>(flags) >> MAP_HUGE_SHIFT) & MAP_HUGE_MASK;
    return shift == 0 ? huge_page : u64{1} << shift;
}

/// Linux's checks of a fixed address: beyond the end, between pages, below vm.mmap_min_addr.
SysResult check_fixed(u64 address, u64 size, u64 top) {
    if (address > top - size) return -ENOMEM;
    if (address % page_size != 0) return -EINVAL;
    return address < lowest_address ? -EPERM : 0;
}

/// Linux's round_hint_to_min and the rounding that follows: whole pages, not below the lowest address; 0 is no hint.
u64 round_hint(u64 hint) {
    u64 page = align_down(hint, page_size);
    return page != 0 && page < lowest_address ? lowest_address : page;
}

}  // namespace

SysResult AddressSpace::map(u64 address, u64 size, int protection, int flags, int fd, u64 offset) {
    if (offset % page_size != 0) return -EINVAL;
    FileFacts facts;
    if ((flags & MAP_ANONYMOUS) == 0) {
        if (SysResult result = inspect(fd, protection, facts); result < 0) return result;
        if ((flags & MAP_HUGETLB) != 0 && facts.granularity == page_size) return -EINVAL;
    } else if ((flags & MAP_HUGETLB) != 0) {
        facts.granularity = huge_granularity(flags);
    }
    if (size == 0) return -EINVAL;
    u64 length = align_up(size, facts.granularity);
    if (length < size || length > top_.value - lowest_address) return -ENOMEM;

    Mapping mapping{.protection = protection & (PROT_READ | PROT_WRITE | PROT_EXEC), .object = facts.object};
    bool anonymous = facts.object == nullptr;
    bool shared = map_type(flags) == MAP_SHARED || map_type(flags) == MAP_SHARED_VALIDATE;
    mapping.flags = (shared ? MAP_SHARED : MAP_PRIVATE) | (flags & (MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_NORESERVE));
    if (facts.granularity != page_size) mapping.flags |= MAP_HUGETLB;
    mapping.may_execute = !facts.noexec;
    mapping.offset = anonymous ? 0 : offset;
    if (anonymous && shared) {
        mapping.object = std::make_shared<const Object>(Object{.kind = Object::Kind::shared_anonymous, .name = {}});
    }
    if (!anonymous && facts.noexec && (protection & PROT_EXEC) != 0) return facts.unreadable ? -EACCES : -EPERM;
    if (!anonymous && map_type(flags) == MAP_SHARED_VALIDATE && (flags & foreign_flags) != 0) return -EOPNOTSUPP;
    if (map_type(flags) == 0) return -EINVAL;

    bool fixed = (flags & fixed_flags) != 0;
    if (fixed) {
        if (SysResult result = check_fixed(address, length, top_.value); result < 0) return result;
    }
    Change change(*this);
    int host_flags = flags & ~(fixed_flags | foreign_flags);
    if ((map_->lock_future & MCL_FUTURE) != 0 && (map_->lock_future & MCL_ONFAULT) == 0) host_flags |= MAP_LOCKED;
    if (fixed) return map_->place_fixed(mapping, address, length, host_flags, fd, (flags & MAP_FIXED_NOREPLACE) == 0);
    u64 alignment = facts.granularity;
    u64 hint = round_hint(address);
    if (anonymous && hint == 0 && length % huge_page == 0) alignment = std::max(alignment, huge_page);
    return map_->place_anywhere(mapping, hint, length, alignment, host_flags, fd);
}

SysResult AddressSpace::Map::place_fixed(Mapping mapping, u64 address, u64 size, int host_flags, int fd, bool replace) {
    mapping.start = address;
    mapping.end = address + size;
    SysResult result = place(mapping, host_flags, fd, replace);
    // The host has something there that the guest must not see: for a replacement, no room.
    return result == -EEXIST && replace ? -ENOMEM : result;
}

SysResult AddressSpace::Map::place_anywhere(Mapping mapping, u64 hint, u64 size, u64 alignment, int host_flags, int fd) {
    for (;;) {
        u64 address = choose(hint, size, alignment);
        if (address == 0) return -ENOMEM;
        mapping.start = address;
        mapping.end = address + size;
        SysResult result = place(mapping, host_flags, fd, false);
        if (result != -EEXIST) return result;
        notice_growth();
        if (!regions.overlaps(mapping.start, mapping.end)) placement.avoid(mapping.start, mapping.end);
        hint = 0;
    }
}

SysResult AddressSpace::unmap(u64 address, u64 size) {
    if (address % page_size != 0 || address > top_.value || size > top_.value - address) return -EINVAL;
    u64 end = address + align_up(size, page_size);
    if (end == address) return -EINVAL;
    Change change(*this);
    return map_->unmap(address, end);
}

GuestAddress AddressSpace::choose_free(u64 size, u64 alignment) {
    u64 length = align_up(size, page_size);
    if (length < size) return GuestAddress(0);
    Change change(*this);
    return GuestAddress(map_->choose(0, length, std::max(alignment, page_size)));
}

GuestAddress AddressSpace::choose_image_base(u64 size, u64 alignment) {
    u64 length = align_up(size, page_size);
    if (length < size) return GuestAddress(0);
    Change change(*this);
    u64 step = std::max(alignment, page_size);
    return GuestAddress(map_->choose(map_->placement.image_base(step), length, step));
}

SysResult AddressSpace::map_fixed(GuestAddress address, u64 size, int protection, int fd, u64 offset,
                                  const std::string& name) {
    u64 length = align_up(size, page_size);
    if (size == 0 || offset % page_size != 0) return -EINVAL;
    if (length < size || length > top_.value - lowest_address) return -ENOMEM;
    if (SysResult result = check_fixed(address.value, length, top_.value); result < 0) return result;
    FileFacts facts;
    if (fd >= 0) {
        if (SysResult result = inspect(fd, protection, facts); result < 0) return result;
        if (facts.noexec && (protection & PROT_EXEC) != 0) return -EPERM;
    }
    int flags = fd >= 0 ? MAP_PRIVATE : MAP_PRIVATE | MAP_ANONYMOUS;
    Mapping mapping{.protection = protection, .flags = flags, .offset = offset, .object = facts.object};
    mapping.may_execute = !facts.noexec;
    if (!name.empty()) {
        mapping.object = std::make_shared<const Object>(Object{.kind = Object::Kind::named, .name = name});
    }
    Change change(*this);
    return map_->place_fixed(mapping, address.value, length, flags, fd, false);
}

}  // namespace lyrebird::memory
