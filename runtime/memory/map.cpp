// mmap, munmap, and the loader's ways to place memory.
//
// The order of the checks is Linux's (mm/mmap.c: ksys_mmap_pgoff, do_mmap, __get_unmapped_area), because it decides
// which errno a call with several faults gets. What needs the file's inside (modes, drivers, sizes) the host judges, at
// the end.
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include <fcntl.h>
#include <cerrno>

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
// What MAP_SHARED_VALIDATE does not know, for the guest's kernel.
constexpr int unvalidated_flags = foreign_flags | MAP_FIXED_NOREPLACE;
constexpr int map_droppable = 8;  // a mapping type since Linux 6.11
constexpr int fixed_flags = MAP_FIXED | MAP_FIXED_NOREPLACE;

/// What mmap needs to know of its file before it can place the mapping.
struct FileFacts {
    std::shared_ptr<const Object> object;  // null without file
    u64 granularity = page_size;
    bool noexec = false;  // on a file system mounted so
    bool readable = true;
};

SysResult inspect_file(int fd, FileFacts& facts) {
    struct stat status;
    int open_flags = ::fcntl(fd, F_GETFL);
    if (open_flags < 0 || (open_flags & O_PATH) != 0 || ::fstat(fd, &status) != 0) return -EBADF;
    facts.readable = (open_flags & O_ACCMODE) != O_WRONLY;
    Object object{.device = status.st_dev, .inode = status.st_ino};
    facts.object = std::make_shared<const Object>(std::move(object));
    struct statfs system;
    if (static_cast<u64>(status.st_blksize) >= huge_page && ::fstatfs(fd, &system) == 0 &&
        system.f_type == hugetlbfs_magic) {
        facts.granularity = static_cast<u64>(status.st_blksize);
    }
    struct statvfs mount;
    facts.noexec = ::fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0;
    return 0;
}

/// What Linux looks at before the sizes: the file, and whether huge pages are possible.
SysResult inspect(int fd, int flags, FileFacts& facts) {
    bool huge = (flags & MAP_HUGETLB) != 0;
    if ((flags & MAP_ANONYMOUS) == 0) {
        if (SysResult result = inspect_file(fd, facts); result < 0) return result;
        return huge && facts.granularity == page_size ? -EINVAL : 0;
    }
    if (!huge) return 0;
    u32 shift = (static_cast<u32>(flags) >> MAP_HUGE_SHIFT) & MAP_HUGE_MASK;
    if (shift != 0 && shift != 21 && shift != 30) return -EINVAL;
    facts.granularity = shift == 0 ? huge_page : u64{1} << shift;
    return 0;
}

/// Linux's checks of a fixed address: beyond the end, between pages, below vm.mmap_min_addr.
SysResult check_fixed(u64 address, u64 size, u64 top) {
    if (address > top - size) return -ENOMEM;
    if (address % page_size != 0) return -EINVAL;
    return address < lowest_address ? -EPERM : 0;
}

/// What Linux checks of the kind of mapping, as far as the host would judge otherwise than the guest's kernel.
SysResult check_kind(const FileFacts& facts, int protection, int flags) {
    if (facts.object == nullptr) return 0;
    if ((flags & MAP_TYPE) == MAP_SHARED_VALIDATE && (flags & unvalidated_flags) != 0) return -EOPNOTSUPP;
    if (!facts.noexec || (protection & PROT_EXEC) == 0) return 0;
    return facts.readable ? -EPERM : -EACCES;
}

/// Linux's round_hint_to_min and the rounding that follows: whole pages, not below the lowest address; 0 is no hint.
u64 round_hint(u64 hint, u64 granularity) {
    u64 page = align_down(hint, page_size);
    return page == 0 ? 0 : align_up(std::max(page, lowest_address), granularity);
}

/// The record of a mapping that mmap was asked for, without its place.
Mapping requested(const FileFacts& facts, int protection, int flags, u64 offset) {
    int type = flags & MAP_TYPE;
    bool shared = type == MAP_SHARED || type == MAP_SHARED_VALIDATE;
    Mapping mapping{.protection = protection & (PROT_READ | PROT_WRITE | PROT_EXEC), .object = facts.object};
    mapping.flags = (shared ? MAP_SHARED : MAP_PRIVATE) | (flags & (MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_NORESERVE));
    mapping.granularity = facts.granularity;
    mapping.may_execute = !facts.noexec;
    mapping.wipe_on_fork = type == map_droppable;
    if (facts.object != nullptr) {
        mapping.offset = offset;
    } else if (shared) {
        mapping.object = std::make_shared<const Object>(Object{.kind = Object::Kind::shared_anonymous});
    }
    return mapping;
}

}  // namespace

SysResult AddressSpace::map(u64 address, u64 size, int protection, int flags, int fd, u64 offset) {
    if (offset % page_size != 0) return -EINVAL;
    FileFacts facts;
    if (SysResult result = inspect(fd, flags, facts); result < 0) return result;
    if (size == 0) return -EINVAL;
    u64 length = align_up(size, facts.granularity);
    if (length < size || length > top_.value - lowest_address) return -ENOMEM;

    bool fixed = (flags & fixed_flags) != 0;
    Change change(*this, fixed ? address : 0, fixed ? length : 0);
    bool replace = (flags & MAP_FIXED_NOREPLACE) == 0;
    if (fixed) {
        if (SysResult result = check_fixed(address, length, top_.value); result < 0) return result;
        if (!replace && map_->regions.overlaps(address, address + length)) return -EEXIST;
    }
    if (SysResult result = check_kind(facts, protection, flags); result < 0) return result;
    Mapping mapping = requested(facts, protection, flags, offset);
    int host_flags = flags & ~(fixed_flags | foreign_flags);
    if (fixed) return map_->place_fixed(mapping, address, length, host_flags, fd, replace);
    return map_->place_anywhere(mapping, round_hint(address, facts.granularity), length, host_flags, fd);
}

SysResult AddressSpace::Map::place_fixed(Mapping mapping, u64 address, u64 size, int host_flags, int fd, bool replace) {
    mapping.start = address;
    mapping.end = address + size;
    SysResult result = place(mapping, host_flags, fd, replace);
    // The host has something there that the guest must not see: for a replacement, no room.
    return result == -EEXIST && replace ? -ENOMEM : result;
}

SysResult AddressSpace::Map::place_anywhere(Mapping mapping, u64 hint, u64 size, int host_flags, int fd) {
    // Like Linux, give large private memory a chance of huge pages.
    bool large = mapping.object == nullptr && hint == 0 && size % huge_page == 0;
    for (;;) {
        u64 address = large ? choose(0, size, std::max(mapping.granularity, huge_page)) : 0;
        if (address == 0) address = choose(hint, size, mapping.granularity);
        if (address == 0) return -ENOMEM;
        mapping.start = address;
        mapping.end = address + size;
        SysResult result = place(mapping, host_flags, fd, false);
        if (result != -EEXIST) return result;
        avoid_foreign(mapping.start, mapping.end);
        hint = 0;
    }
}

SysResult AddressSpace::unmap(u64 address, u64 size) {
    if (address % page_size != 0 || address > top_.value || size > top_.value - address) return -EINVAL;
    u64 end = address + align_up(size, page_size);
    if (end == address) return -EINVAL;
    Change change(*this, address, size);
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
    int flags = fd >= 0 ? MAP_PRIVATE : MAP_PRIVATE | MAP_ANONYMOUS;
    if (size == 0 || offset % page_size != 0) return -EINVAL;
    FileFacts facts;
    if (SysResult result = inspect(fd, flags, facts); result < 0) return result;
    u64 length = align_up(size, page_size);
    if (length < size || length > top_.value - lowest_address) return -ENOMEM;
    if (SysResult result = check_fixed(address.value, length, top_.value); result < 0) return result;
    if (SysResult result = check_kind(facts, protection, flags); result < 0) return result;
    Mapping mapping = requested(facts, protection, flags, offset);
    if (!name.empty()) {
        mapping.object = std::make_shared<const Object>(Object{.kind = Object::Kind::named, .name = name});
    }
    Change change(*this, address.value, length);
    return map_->place_fixed(mapping, address.value, length, flags, fd, false);
}

}  // namespace lyrebird::memory
