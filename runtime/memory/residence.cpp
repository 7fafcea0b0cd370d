// mincore, msync, mlock and their kin: calls that look at memory or act on its pages and leave the map as it is.
//
// They may wait for disks or for other guest threads (userfaultfd), so the host is called without the lock: what is
// mapped is looked up first, and only that is handed on. A mapping that changes meanwhile is the guest's race, as it is
// on Linux.
#include <sys/mman.h>

#include <cerrno>

#include "runtime/base/bits.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

SysResult AddressSpace::resident(u64 address, u64 size, u64 vector) {
    if (address % page_size != 0) return -EINVAL;
    if (!contains(GuestAddress(address), size)) return -ENOMEM;
    u64 pages = size / page_size + (size % page_size != 0 ? 1 : 0);
    if (!contains(GuestAddress(vector), pages)) return -EFAULT;
    if (size == 0) return 0;
    Survey survey = this->survey(address, address + pages * page_size);
    if (survey.runs.empty() || survey.runs[0].start != address) return -ENOMEM;
    SysResult result = host::resident(address, survey.runs[0].size(), vector);
    return result < 0 ? result : survey.holes ? -ENOMEM : 0;
}

SysResult AddressSpace::synchronise(u64 address, u64 size, int flags) {
    if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) != 0 || address % page_size != 0) return -EINVAL;
    if ((flags & MS_ASYNC) != 0 && (flags & MS_SYNC) != 0) return -EINVAL;
    u64 end = address + align_up(size, page_size);
    if (end < address) return -ENOMEM;
    if (end == address) return 0;
    Survey survey = this->survey(address, end);
    for (const Survey::Run& run : survey.runs) {
        if (SysResult result = host::synchronise(run.start, run.size(), flags); result < 0) return result;
    }
    return survey.holes ? -ENOMEM : 0;
}

namespace {

/// The whole pages that a lock of [address, address + size) touches; −EINVAL when they wrap around.
SysResult locked_pages(u64& address, u64& end, u64 size) {
    u64 length = align_up(size + address % page_size, page_size);
    address = align_down(address, page_size);
    end = address + length;
    return end < address ? -EINVAL : 0;
}

}  // namespace

SysResult AddressSpace::lock(u64 address, u64 size, int flags) {
    // No bytes: whether the flags are known and the guest may lock at all.
    if (SysResult result = host::lock(0, 0, flags); result < 0) return result;
    u64 end = 0;
    if (SysResult result = locked_pages(address, end, size); result < 0) return result;
    if (end == address) return 0;
    Survey survey = this->survey(address, end);
    if (survey.runs.empty() || survey.runs[0].start != address) return -ENOMEM;
    // Linux marks what precedes a hole and brings nothing in.
    SysResult result = host::lock(address, survey.runs[0].size(), survey.holes ? MLOCK_ONFAULT : flags);
    return result < 0 ? result : survey.holes ? -ENOMEM : 0;
}

SysResult AddressSpace::unlock(u64 address, u64 size) {
    u64 end = 0;
    if (SysResult result = locked_pages(address, end, size); result < 0) return result;
    if (end == address) return 0;
    Survey survey = this->survey(address, end);
    if (survey.runs.empty() || survey.runs[0].start != address) return -ENOMEM;
    SysResult result = host::unlock(address, survey.runs[0].size());
    return result < 0 ? result : survey.holes ? -ENOMEM : 0;
}

SysResult AddressSpace::lock_all(int flags) {
    if (flags == 0 || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) != 0 || flags == MCL_ONFAULT) return -EINVAL;
    if (SysResult result = host::lock(0, 0, 0); result < 0) return result;
    if ((flags & MCL_CURRENT) != 0) {
        // Marking the pages is what the limit judges; bringing them in, as on Linux, may fail unnoticed.
        Survey survey = this->survey(0, top_.value);
        for (const Survey::Run& run : survey.runs) {
            SysResult result = host::lock(run.start, run.size(), MLOCK_ONFAULT);
            if (result == -ENOMEM || result == -EPERM) return result;
        }
        for (const Survey::Run& run : survey.runs) {
            if ((flags & MCL_ONFAULT) == 0) host::lock(run.start, run.size(), 0);
        }
    }
    Change change(*this);
    map_->lock_future = (flags & MCL_FUTURE) != 0 ? flags : 0;
    return 0;
}

SysResult AddressSpace::unlock_all() {
    Survey survey = this->survey(0, top_.value);
    for (const Survey::Run& run : survey.runs) host::unlock(run.start, run.size());
    Change change(*this);
    map_->lock_future = 0;
    return 0;
}

}  // namespace lyrebird::memory
