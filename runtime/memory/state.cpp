#include "runtime/memory/state.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <vector>

#include "runtime/base/bits.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/host_maps.hpp"

namespace lyrebird::memory {

namespace {

/// The lowest page of the host's mapping that is known to reach from `start` upwards, and has nothing else between it
/// and `floor`. One host call when it has not grown, logarithmic in the growth otherwise.
u64 grown_start(u64 start, u64 floor) {
    u64 step = page_size;
    bool doubling = true;
    while (start > floor) {
        u64 probe = start - floor > step ? start - step : floor;
        if (host::is_mapped(probe)) {
            start = probe;
        } else {
            floor = probe + page_size;
            doubling = false;
        }
        step = doubling ? step * 2 : std::max(align_down((start - floor) / 2, page_size), page_size);
    }
    return start;
}

bool within(u64 bytes, u64 limit) {
    return limit == RLIM_INFINITY || bytes / page_size <= limit / page_size;
}

/// Which errno a file that cannot be mapped at all has for execute rights, which we never ask of the host otherwise:
/// some file systems forbid execution without saying so in their mount flags, and Linux looks at that first.
SysResult refusal_to_execute(u64 size, int protection, int host_flags, int fd, u64 offset) {
    SysResult result = host::map(0, size, protection, host_flags, fd, offset);
    if (result < 0) return result;
    host::unmap(static_cast<u64>(result), size);
    return -ENODEV;
}

}  // namespace

AddressSpace::Change::Change(const AddressSpace& space) : space_(space) {
    space.map_->lock.lock();
    space.map_->notice_growth();
}

AddressSpace::Change::Change(const AddressSpace& space, u64 start, u64 size) : space_(space) {
    space.map_->lock.lock();
    space.map_->notice_growth_near(start, size);
}

AddressSpace::Change::~Change() {
    if (space_.map_->code_changed) {
        space_.map_->code_changed = false;
        space_.code_generation_.fetch_add(1, std::memory_order_acq_rel);
    }
    if (space_.map_->shared) space_.shares_memory_.store(true, std::memory_order_release);
    space_.map_->lock.unlock();
}

bool AddressSpace::Map::may_grow(const Mapping& kind, u64 size) const {
    return within(regions.total_bytes() + size, size_limit) && (!kind.data() || may_grow_data(size));
}

bool AddressSpace::Map::may_grow_data(u64 size) const {
    return within(regions.data_bytes() + size, data_limit);
}

bool AddressSpace::Map::may_have_grown_to(u64 address) const {
    auto next = regions.from(address);
    return next != regions.end() && next->first > address && next->second.grows_down();
}

bool AddressSpace::Map::notice_growth() {
    if (regions.growing().empty()) return false;
    u64 before = regions.total_bytes();
    std::vector<u64> starts(regions.growing().begin(), regions.growing().end());
    for (u64 start : starts) {
        auto self = regions.from(start);
        u64 floor = self == regions.begin() ? lowest_address : std::prev(self)->second.end;
        if (u64 mapped = grown_start(start, floor); mapped < start) regions.grow_down(start, mapped);
    }
    return regions.total_bytes() != before;
}

AddressSpace::Survey AddressSpace::survey(u64 start, u64 end) const {
    u64 stop = std::min(end, top_.value);
    {
        SharedGuard guard(map_->lock);
        Survey result = map_->survey(start, stop);
        result.holes = result.holes || stop < end;
        if (!result.holes || map_->regions.growing().empty()) return result;
    }
    Change change(*this);
    Survey result = map_->survey(start, stop);
    result.holes = result.holes || stop < end;
    return result;
}

AddressSpace::Survey AddressSpace::Map::survey(u64 start, u64 end) const {
    Survey result;
    for (auto at = regions.from(start); at != regions.end() && at->first < end; ++at) {
        u64 low = std::max(at->first, start);
        u64 high = std::min(at->second.end, end);
        result.code = result.code || at->second.executable();
        if (!result.runs.empty() && result.runs.back().end == low) {
            result.runs.back().end = high;
        } else {
            result.runs.push_back({low, high});
        }
    }
    bool whole = result.runs.size() == 1 && result.runs[0].start == start && result.runs[0].end == end;
    result.holes = start < end && !whole;
    return result;
}

bool AddressSpace::Map::notice_growth_near(u64 start, u64 size) {
    u64 end = size > ~start ? ~u64{0} : start + size;
    auto reaches = [&](u64 growing) {
        auto self = regions.from(growing);
        u64 floor = self == regions.begin() ? 0 : std::prev(self)->second.end;
        return start < growing && end > floor;
    };
    // RLIMIT_AS counts what has grown, wherever it is.
    bool matters = size_limit != RLIM_INFINITY || std::ranges::any_of(regions.growing(), reaches);
    return matters && notice_growth();
}

void AddressSpace::Map::note_code(u64 start, u64 end) {
    if (regions.any(start, end, [](const Mapping& mapping) { return mapping.executable(); })) note_change(start, end);
}

void AddressSpace::Map::note_change(u64 start, u64 end) {
    constexpr std::size_t most = 64;
    code_changed = true;
    if (!changed_code.empty()) {
        CodeRange& last = changed_code.back();
        bool touches = start <= last.end && end >= last.start;
        if (touches || changed_code.size() == most) {
            last = {std::min(last.start, start), std::max(last.end, end)};
            return;
        }
    }
    changed_code.push_back({start, end});
}

void AddressSpace::Map::forget(u64 start, u64 end) {
    note_code(start, end);
    regions.erase(start, end);
    placement.freed(regions, end);
}

void AddressSpace::Map::record(const Mapping& mapping) {
    note_code(mapping.start, mapping.end);
    regions.erase(mapping.start, mapping.end);
    regions.insert(mapping);
    shared |= mapping.shared();
}

SysResult AddressSpace::Map::claim(u64 start, u64 end) {
    u64 at = start;
    while (at < end) {
        at = regions.contiguous_end(at, end);
        if (at == end) break;
        auto next = regions.from(at);
        u64 hole_end = next == regions.end() ? end : std::min(next->first, end);
        if (SysResult result = host::reserve(at, hole_end - at); result < 0) {
            release_claim(start, at);
            return result;
        }
        at = hole_end;
    }
    return 0;
}

void AddressSpace::Map::release_claim(u64 start, u64 end) {
    u64 at = start;
    while (at < end) {
        at = regions.contiguous_end(at, end);
        if (at == end) break;
        auto next = regions.from(at);
        u64 hole_end = next == regions.end() ? end : std::min(next->first, end);
        host::unmap(at, hole_end - at);
        at = hole_end;
    }
}

void AddressSpace::Map::notice_loss(u64 start, u64 end) {
    std::vector<Mapping> lost;
    for (auto at = regions.from(start); at != regions.end() && at->first < end; ++at) {
        u64 low = std::max(at->first, start);
        u64 high = std::min(at->second.end, end);
        if (!host::covers(low, high - low)) lost.push_back({.start = low, .end = high});
    }
    for (const Mapping& mapping : lost) forget(mapping.start, mapping.end);
}

void AddressSpace::Map::avoid_foreign(u64 start, u64 end) {
    if (notice_growth()) return;
    placement.avoid(start, end);
    // The foreign mapping as a whole, where the host tells: it may be large, and found page by page otherwise.
    for (const HostMapping& mapping : host_maps()) {
        if (mapping.start < end && mapping.end > start) placement.avoid(mapping.start, mapping.end);
    }
}

SysResult AddressSpace::Map::unmap(u64 start, u64 end) {
    return for_each_run(start, end, [this](u64 low, u64 high) {
        SysResult result = host::unmap(low, high - low);
        if (result >= 0) forget(low, high);
        return result;
    });
}

u64 AddressSpace::Map::choose(u64 hint, u64 size, u64 alignment) {
    auto look = [&] {
        bool taken = hint != 0 && hint % alignment == 0 && placement.hint_is_free(regions, hint, size);
        return taken ? hint : placement.choose(regions, size, alignment);
    };
    u64 chosen = look();
    return notice_growth_near(chosen, size + stack_gap) ? look() : chosen;
}

SysResult AddressSpace::Map::place(const Mapping& mapping, int host_flags, int fd, bool replace) {
    u64 size = mapping.size();
    bool taken = regions.overlaps(mapping.start, mapping.end);
    if (taken && !replace) return -EEXIST;
    if (!may_grow(mapping, size - regions.mapped_bytes(mapping.start, mapping.end))) return -ENOMEM;
    // Linux takes MAP_FIXED_NOREPLACE for an unknown flag when flags are to be validated.
    bool claims = taken || (host_flags & MAP_TYPE) == MAP_SHARED_VALIDATE;
    if (claims) {
        if (SysResult result = claim(mapping.start, mapping.end); result < 0) return result;
    }
    if (lock_future == MCL_FUTURE || lock_future == (MCL_FUTURE | MCL_CURRENT)) host_flags |= MAP_LOCKED;
    SysResult result = host::map(mapping.start, size, host::protection_for(mapping.protection),
                                 host_flags | (claims ? MAP_FIXED : MAP_FIXED_NOREPLACE), fd, mapping.offset);
    if (result < 0) {
        if (claims) {
            notice_loss(mapping.start, mapping.end);
            release_claim(mapping.start, mapping.end);
        }
        bool may_differ = result == -ENODEV && mapping.executable();
        return may_differ ? refusal_to_execute(size, mapping.protection, host_flags, fd, mapping.offset) : result;
    }
    if ((lock_future & MCL_ONFAULT) != 0) host::lock(mapping.start, size, MLOCK_ONFAULT);
    record(mapping);
    return result;
}

}  // namespace lyrebird::memory
