// mremap and remap_file_pages.
//
// mremap may move memory to a place of the kernel's choice, which must be ours: so what the guest asks for is taken
// apart into the cases of Linux's mm/mremap.c (stay, shrink, extend in place, move), the new place is chosen and
// claimed here, and the host is told to move exactly there. The order of the checks is Linux's.
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "runtime/base/bits.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {

constexpr int keep_old = 4;  // MREMAP_DONTUNMAP, which older C libraries lack
constexpr int known_flags = MREMAP_MAYMOVE | MREMAP_FIXED | keep_old;

/// Linux's check_mremap_params: what can be judged without looking at the map. Sizes are whole pages.
SysResult check_parameters(const RemapRequest& request, u64 top) {
    const auto& [old_start, old_size, new_size, flags, new_start] = request;
    if ((flags & ~known_flags) != 0 || old_start % page_size != 0 || new_size == 0 || new_size > top) return -EINVAL;
    if ((flags & (MREMAP_FIXED | keep_old)) == 0) return 0;
    if (new_start > top - new_size || new_start % page_size != 0 || (flags & MREMAP_MAYMOVE) == 0) return -EINVAL;
    if ((flags & keep_old) != 0 && old_size != new_size) return -EINVAL;
    bool overlap = old_start + old_size > new_start && new_start + new_size > old_start;
    return overlap ? -EINVAL : 0;
}

}  // namespace

SysResult AddressSpace::remap(u64 old_address, u64 old_size, u64 new_size, int flags, u64 new_address) {
    RemapRequest request{old_address, align_up(old_size, page_size), align_up(new_size, page_size), flags, new_address};
    if (SysResult result = check_parameters(request, top_.value); result < 0) return result;
    Change change(*this, old_address, request.old_size);
    if ((flags & MREMAP_FIXED) != 0) map_->notice_growth_near(new_address, request.new_size);
    bool pure_move = (flags & MREMAP_FIXED) != 0 && request.old_size == request.new_size;
    return pure_move ? map_->move_all(request) : map_->remap(request);
}

/// Linux's check_prep_vma: −errno, or 0 with sizes rounded to the region's pages.
SysResult AddressSpace::Map::check_remap(const Mapping& region, RemapRequest& request) const {
    u64 granularity = region.granularity;
    bool moves = (request.flags & (MREMAP_FIXED | keep_old)) != 0;
    if (granularity != page_size) {
        request.old_size = align_up(request.old_size, granularity);
        request.new_size = align_up(request.new_size, granularity);
        u64 places = request.old_start | (moves ? request.new_start : 0);
        if (places % granularity != 0 || request.new_size > request.old_size) return -EINVAL;
    }
    bool grows = request.new_size > request.old_size;
    if (!grows && !moves) return 0;
    if (request.old_size == 0 && !region.shared()) return -EINVAL;
    u64 kept = std::min(request.old_size, request.new_size);
    if (kept > region.end - request.old_start) return -EFAULT;
    u64 more = (request.flags & keep_old) != 0 ? request.old_size : grows ? request.new_size - request.old_size : 0;
    if (!may_grow(region, more)) return -ENOMEM;
    return moves && (request.flags & MREMAP_FIXED) != 0 && request.new_start < lowest_address ? -EPERM : 0;
}

SysResult AddressSpace::Map::remap(RemapRequest request) {
    const Mapping* region = regions.find(request.old_start);
    if (region == nullptr) return -EFAULT;
    if (SysResult result = check_remap(*region, request); result < 0) return result;
    const auto& [start, old_size, new_size, flags, new_start] = request;
    bool shrinks = new_size < old_size;
    bool beyond = shrinks && old_size > top - start;
    if ((flags & MREMAP_FIXED) != 0 && !beyond) return move_to_fixed(start, old_size, new_size, flags, new_start);
    if (shrinks) {
        if ((flags & MREMAP_FIXED) != 0) unmap(new_start, new_start + new_size);  // Linux has done so by now
        SysResult result = beyond ? -EINVAL : unmap(start + new_size, start + old_size);
        return result < 0 ? result : static_cast<SysResult>(start);
    }
    if ((flags & keep_old) == 0) {
        if (new_size == old_size) return static_cast<SysResult>(start);
        SysResult result = extend(*region, start, old_size, new_size);
        if (result != -ENOMEM || (flags & MREMAP_MAYMOVE) == 0) return result;
    }
    return move_anywhere(request, *region);
}

/// Lengthens the mapping where it is; −ENOMEM when something is in the way. The host is asked even then: its answer
/// depends on where it has divided the region.
SysResult AddressSpace::Map::extend(Mapping region, u64 start, u64 old_size, u64 new_size) {
    u64 end = start + new_size;
    if (start > top || end < start || end > top) return -ENOMEM;
    SysResult result = host::remap(start, old_size, new_size, 0, 0);
    if (result < 0) return result;
    if (region.object != nullptr) region.offset += region.size();
    region.start = region.end;
    region.end = end;
    record(region);
    return result;
}

SysResult AddressSpace::Map::move_anywhere(const RemapRequest& request, const Mapping& region) {
    u64 alignment = region.granularity;
    u64 hint = (request.flags & keep_old) != 0 ? request.new_start : 0;
    for (;;) {
        u64 target = choose(hint, request.new_size, alignment);
        if (target == 0) return -ENOMEM;
        SysResult result = move_to(request.old_start, request.old_size, request.new_size, request.flags, target);
        if (result != -EEXIST) return result;
        avoid_foreign(target, target + request.new_size);
        hint = 0;
    }
}

/// Moves (or, with old_size 0, duplicates) part of one region to the target, replacing what the guest has there; what
/// is left over of the old size is unmapped. −EEXIST when the host has something of its own in the way.
SysResult AddressSpace::Map::move_to(u64 start, u64 old_size, u64 new_size, int flags, u64 target) {
    u64 target_end = target + new_size;
    u64 source_end = start + old_size;
    u64 rest = std::min(start + new_size, source_end);
    if (SysResult result = claim(target, target_end); result < 0) return result;
    if (SysResult result = claim(rest, source_end); result < 0) {
        release_claim(target, target_end);
        return result;
    }
    int host_flags = MREMAP_MAYMOVE | MREMAP_FIXED | (flags & keep_old);
    SysResult result = host::remap(start, old_size, new_size, host_flags, target);
    if (result < 0) {
        notice_loss(target, target_end);
        release_claim(target, target_end);
        notice_loss(rest, source_end);
        release_claim(rest, source_end);
        return result;
    }
    Mapping moved = part(*regions.find(start), start, std::max(rest, start));
    note_code(start, source_end);
    if ((flags & keep_old) == 0 && old_size != 0) forget(start, source_end);
    moved.start = target;
    moved.end = target_end;
    record(moved);
    return result;
}

SysResult AddressSpace::Map::move_to_fixed(u64 start, u64 old_size, u64 new_size, int flags, u64 target) {
    SysResult result = move_to(start, old_size, new_size, flags, target);
    return result == -EEXIST ? -ENOMEM : result;
}

/// A move without change of size, which may take several regions, and the distances between them, at once (on every
/// host, though Linux allows it only since 6.17). What precedes a refusal has been moved, and stays so.
SysResult AddressSpace::Map::move_all(const RemapRequest& request) {
    u64 start = request.old_start;
    u64 end = request.old_size > top - start ? top : start + request.old_size;
    if (start > top || regions.find(start) == nullptr) return -EFAULT;
    std::vector<RemapRequest> pieces;
    for (auto at = regions.from(start); at != regions.end() && at->first < end; ++at) {
        u64 low = std::max(at->first, start);
        u64 size = std::min(at->second.end, end) - low;
        pieces.push_back({low, size, size, request.flags, request.new_start + (low - start)});
    }
    for (const RemapRequest& piece : pieces) {
        if (SysResult result = remap(piece); result < 0) return result;
    }
    return static_cast<SysResult>(request.new_start);
}

SysResult AddressSpace::remap_file_pages(u64 address, u64 size, int protection, u64 page_offset, int flags) {
    u64 start = align_down(address, page_size);
    u64 length = align_down(size, page_size);
    u64 end = start + length;
    if (protection != 0 || end <= start || page_offset + length / page_size < page_offset) return -EINVAL;
    Change change(*this, start, length);
    const Mapping* first = map_->regions.find(start);
    if (first == nullptr || !first->shared() || !map_->regions.covers(start, end)) return -EINVAL;
    Mapping mapping = *first;
    bool mixed = map_->regions.any(start, end, [&](const Mapping& other) {
        return other.object != mapping.object || other.protection != mapping.protection || other.flags != mapping.flags;
    });
    if (mixed) return -EINVAL;
    SysResult result = host::remap_file_pages(start, length, page_offset, flags);
    if (result < 0) return result;
    mapping.start = start;
    mapping.end = end;
    mapping.offset = page_offset * page_size;
    map_->record(mapping);
    return result;
}

}  // namespace lyrebird::memory
