#include "runtime/memory/host.hpp"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/memory/guest_address.hpp"

namespace lyrebird::memory::host {

namespace {
template <class... Values>
SysResult call(long number, Values... values) {
    long result = ::syscall(number, values...);
    return result == -1 ? -errno : result;
}
}  // namespace

SysResult map(u64 address, u64 size, int protection, int flags, int fd, u64 offset) {
    SysResult result = call(SYS_mmap, address, size, protection, flags, fd, offset);
    // Kernels before 4.17 take MAP_FIXED_NOREPLACE for a hint.
    if (result >= 0 && (flags & MAP_FIXED_NOREPLACE) != 0 && static_cast<u64>(result) != address) {
        unmap(static_cast<u64>(result), size);
        return -EEXIST;
    }
    return result;
}

SysResult unmap(u64 address, u64 size) {
    return call(SYS_munmap, address, size);
}

SysResult protect(u64 address, u64 size, int protection) {
    return call(SYS_mprotect, address, size, protection);
}

SysResult remap(u64 old_address, u64 old_size, u64 new_size, int flags, u64 new_address) {
    return call(SYS_mremap, old_address, old_size, new_size, flags, new_address);
}

SysResult advise(u64 address, u64 size, int advice) {
    return call(SYS_madvise, address, size, advice);
}

SysResult resident(u64 address, u64 size, u64 vector) {
    return call(SYS_mincore, address, size, vector);
}

SysResult synchronise(u64 address, u64 size, int flags) {
    return call(SYS_msync, address, size, flags);
}

SysResult lock(u64 address, u64 size, int flags) {
    return flags == 0 ? call(SYS_mlock, address, size) : call(SYS_mlock2, address, size, flags);
}

SysResult unlock(u64 address, u64 size) {
    return call(SYS_munlock, address, size);
}

SysResult remap_file_pages(u64 address, u64 size, u64 page_offset, int flags) {
    return call(SYS_remap_file_pages, address, size, 0, page_offset, flags);
}

int protection_for(int guest_protection) {
    int rights = guest_protection & ~PROT_EXEC;
    return (guest_protection & PROT_EXEC) != 0 ? rights | PROT_READ : rights;
}

bool is_mapped(u64 address) {
    unsigned char residence = 0;
    return call(SYS_mincore, address & ~(page_size - 1), page_size, &residence) != -ENOMEM;
}

bool covers(u64 address, u64 size) {
    return call(SYS_msync, address, size, MS_ASYNC) != -ENOMEM;
}

SysResult reserve(u64 address, u64 size) {
    return map(address, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
}

}  // namespace lyrebird::memory::host
