// shmat and shmdt: System V shared memory.
//
// The host's shmat can place a segment only over nothing, or over anything (SHM_REMAP): so the place is chosen and
// claimed first, and then replaced.
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {

/// Linux's ipcperms for execute permission: the host is never asked for it, because it would map executable memory.
bool may_execute(const ipc_perm& permissions) {
    uid_t user = ::geteuid();
    if (user == 0) return true;
    int mode = permissions.mode;
    if (user == permissions.uid || user == permissions.cuid) {
        mode >>= 6;
    } else if (::getegid() == permissions.gid || ::getegid() == permissions.cgid) {
        mode >>= 3;
    }
    return (mode & 1) != 0;
}

/// Linux's rules for shmat's address: 0 is free choice.
SysResult check_place(u64& address, int flags) {
    if (address == 0) return (flags & SHM_REMAP) != 0 ? -EINVAL : 0;
    if (address % page_size == 0) return 0;
    if ((flags & SHM_RND) == 0) return -EINVAL;
    address = align_down(address, page_size);
    return address == 0 && (flags & SHM_REMAP) != 0 ? -EINVAL : 0;
}

}  // namespace

SysResult AddressSpace::attach_shared(int identifier, u64 address, int flags) {
    if (identifier < 0) return -EINVAL;
    bool anywhere = address == 0;
    if (SysResult result = check_place(address, flags); result < 0) return result;
    shmid_ds status;
    if (::shmctl(identifier, IPC_STAT, &status) != 0) return -errno;
    if ((flags & SHM_EXEC) != 0 && !may_execute(status.shm_perm)) return -EACCES;

    u64 size = align_up(status.shm_segsz, page_size);
    if (size < status.shm_segsz || size > top_.value - lowest_address) return -ENOMEM;
    int protection = (flags & SHM_RDONLY) != 0 ? PROT_READ : PROT_READ | PROT_WRITE;
    if ((flags & SHM_EXEC) != 0) protection |= PROT_EXEC;
    Object object{.kind = Object::Kind::segment,
                  .device = 1,
                  .inode = static_cast<u64>(identifier),
                  .size = size,
                  .name = format("/SYSV{:08x} (deleted)", static_cast<u32>(status.shm_perm.__key))};
    Mapping mapping{.protection = protection, .flags = MAP_SHARED};
    mapping.object = std::make_shared<const Object>(std::move(object));
    Change change(*this);
    if (anywhere) return map_->attach_anywhere(mapping, identifier, size, flags);
    bool wraps = address + size < address;
    if ((flags & SHM_REMAP) == 0 && (wraps || map_->regions.overlaps(address, address + size))) return -EINVAL;
    if (address > top_.value - size) return -ENOMEM;
    if (address < lowest_address) return -EPERM;
    mapping.start = address;
    mapping.end = address + size;
    SysResult result = map_->attach(mapping, identifier, flags);
    return result == -EEXIST ? -EINVAL : result;
}

SysResult AddressSpace::Map::attach_anywhere(Mapping mapping, int identifier, u64 size, int flags) {
    for (;;) {
        mapping.start = choose(0, size, page_size);
        if (mapping.start == 0) return -ENOMEM;
        mapping.end = mapping.start + size;
        SysResult result = attach(mapping, identifier, flags);
        if (result != -EEXIST) return result;
        avoid_foreign(mapping.start, mapping.end);
    }
}

SysResult AddressSpace::Map::attach(const Mapping& mapping, int identifier, int flags) {
    u64 start = mapping.start;
    u64 end = mapping.end;
    if (!may_grow(mapping, mapping.size() - regions.mapped_bytes(start, end))) return -ENOMEM;
    if (SysResult result = claim(start, end); result < 0) return result;
    int host_flags = (flags & SHM_RDONLY) | SHM_REMAP;
    void* attached = ::shmat(identifier, GuestAddress(start).host(), host_flags);
    if (attached == reinterpret_cast<void*>(-1)) {
        SysResult result = -errno;
        notice_loss(start, end);
        release_claim(start, end);
        return result;
    }
    record(mapping);
    return static_cast<SysResult>(start);
}

SysResult AddressSpace::detach_shared(u64 address) {
    if (address % page_size != 0) return -EINVAL;
    Change change(*this);
    return map_->detach(address);
}

SysResult AddressSpace::Map::detach(u64 address) {
    // A piece of a segment belongs to an attachment at `address` when its place in the segment says so.
    auto belongs = [address](const Mapping& mapping) {
        return mapping.object != nullptr && mapping.object->kind == Object::Kind::segment &&
               mapping.start - address == mapping.offset;
    };
    auto at = regions.from(address);
    while (at != regions.end() && !belongs(at->second)) ++at;
    if (at == regions.end()) return -EINVAL;
    auto object = at->second.object;
    u64 stop = address + object->size;
    while (at != regions.end() && at->first < stop) {
        u64 start = at->first;
        u64 end = at->second.end;
        if (belongs(at->second) && at->second.object->inode == object->inode) {
            if (SysResult result = unmap(start, end); result < 0) return result;
        }
        at = regions.from(end);
    }
    return 0;
}

}  // namespace lyrebird::memory
