// mprotect. Linux's order of checks and its partial effect: what precedes a hole or a refusal is changed, and stays so.
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "runtime/base/bits.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {
constexpr int rights = PROT_READ | PROT_WRITE | PROT_EXEC;
constexpr int semaphores = 0x8;  // PROT_SEM, which every kernel accepts and ignores
}  // namespace

SysResult AddressSpace::protect(u64 address, u64 size, int protection) {
    int grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP);
    int wanted = protection & ~(PROT_GROWSDOWN | PROT_GROWSUP);
    if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || address % page_size != 0) return -EINVAL;
    if (size == 0) return 0;
    u64 end = address + align_up(size, page_size);
    if (end <= address) return -ENOMEM;
    if ((wanted & ~(rights | semaphores)) != 0) return -EINVAL;
    if (address >= top_.value) return -ENOMEM;

    Change change(*this, grows != 0 ? 0 : address, grows != 0 ? top_.value : end - address);
    auto first = map_->regions.from(address);
    if (first == map_->regions.end() || first->first >= end) return -ENOMEM;
    if (grows == PROT_GROWSDOWN) {
        if (!first->second.grows_down()) return -EINVAL;
        address = first->first;
    } else if (first->first > address) {
        return -ENOMEM;
    } else if (grows == PROT_GROWSUP) {
        return -EINVAL;  // no region of this machine grows up
    }
    return map_->protect(address, end, wanted & rights);
}

SysResult AddressSpace::Map::protect(u64 start, u64 end, int protection) {
    while (start < end) {
        const Mapping* found = regions.find(start);
        if (found == nullptr) return -ENOMEM;
        u64 stop = std::min(found->end, end);
        if ((protection & PROT_EXEC) != 0 && !found->may_execute) return -EACCES;
        Mapping changed = *found;
        changed.protection = protection;
        if (changed.data() && !found->data() && !may_grow_data(stop - start)) return -ENOMEM;
        SysResult result = host::protect(start, stop - start, host::protection_for(protection));
        if (result < 0) return result;
        bool write_changed = ((found->protection ^ protection) & PROT_WRITE) != 0;
        if (found->executable() != changed.executable() || (changed.executable() && write_changed)) {
            note_change(start, stop);
        }
        regions.modify(start, stop, [protection](Mapping& mapping) { mapping.protection = protection; });
        start = stop;
    }
    return 0;
}

}  // namespace lyrebird::memory
