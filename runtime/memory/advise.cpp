// madvise, and naming memory. The host carries out the advice, on what the guest has mapped and nothing else; the
// record keeps what fork will need to know, and advice that drops contents counts as a change of code. Advice we do not
// know the host judges.
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "runtime/base/bits.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {

// Numbers that older C libraries do not name; they are the same on every architecture Linux lets us run.
enum Advice : int {
    populate_read = 22,
    populate_write = 23,
    dontneed_locked = 24,
    guard_install = 102,
    guard_remove = 103,
};

bool every_kernel_knows(int advice) {
    return (advice >= MADV_NORMAL && advice <= MADV_DONTNEED) || (advice >= MADV_FREE && advice <= MADV_DOFORK);
}

bool drops_contents(int advice) {
    switch (advice) {
        case MADV_DONTNEED:
        case MADV_FREE:
        case MADV_REMOVE:
        case MADV_HWPOISON:
        case dontneed_locked:
        case guard_install:
        case guard_remove:
            return true;
        default:
            return false;
    }
}

bool concerns_fork(int advice) {
    return advice == MADV_DONTFORK || advice == MADV_DOFORK || advice == MADV_WIPEONFORK || advice == MADV_KEEPONFORK;
}

void remember(Mapping& mapping, int advice) {
    if (advice == MADV_DONTFORK || advice == MADV_DOFORK) mapping.dont_fork = advice == MADV_DONTFORK;
    if (advice == MADV_WIPEONFORK || advice == MADV_KEEPONFORK) mapping.wipe_on_fork = advice == MADV_WIPEONFORK;
}

}  // namespace

SysResult AddressSpace::advise(u64 address, u64 size, int advice) {
    if (!every_kernel_knows(advice)) {
        // No bytes: whether this one knows it.
        if (SysResult result = host::advise(0, 0, advice); result < 0) return result;
    }
    u64 length = align_up(size, page_size);
    u64 end = address + length;
    if (address % page_size != 0 || (size != 0 && length == 0) || end < address) return -EINVAL;
    if (end == address) return 0;
    if (concerns_fork(advice)) {
        Change change(*this, address, length);
        return map_->advise_for_fork(address, end, advice);
    }
    bool stops_at_hole = advice == populate_read || advice == populate_write;
    Survey survey = this->survey(address, end);
    if (stops_at_hole && (survey.runs.empty() || survey.runs[0].start != address)) return -ENOMEM;
    SysResult result = 0;
    for (const Survey::Run& run : survey.runs) {
        result = host::advise(run.start, run.size(), advice);
        if (result < 0 || stops_at_hole) break;
    }
    if (survey.code && drops_contents(advice)) {
        Change change(*this, address, length);
        map_->note_change(address, end);
    }
    return result < 0 ? result : survey.holes ? -ENOMEM : result;
}

SysResult AddressSpace::Map::advise_for_fork(u64 start, u64 end, int advice) {
    bool holes = !regions.covers(start, end);
    while (start < end) {
        auto at = regions.from(start);
        if (at == regions.end() || at->first >= end) break;
        u64 low = std::max(start, at->first);
        u64 high = std::min(end, at->second.end);
        if (SysResult result = host::advise(low, high - low, advice); result < 0) return result;
        regions.modify(low, high, [advice](Mapping& mapping) { remember(mapping, advice); });
        start = high;
    }
    return holes ? -ENOMEM : 0;
}

SysResult AddressSpace::name_memory(u64 address, u64 size, const std::string* name) {
    constexpr std::size_t longest = 79;
    auto allowed = [](char c) {
        return c > 0x1f && c < 0x7f && std::string_view("\\`$[]").find(c) == std::string_view::npos;
    };
    if (name != nullptr && (name->size() > longest || !std::ranges::all_of(*name, allowed))) return -EINVAL;
    u64 length = align_up(size, page_size);
    u64 end = address + length;
    if (address % page_size != 0 || (size != 0 && length == 0) || end < address) return -EINVAL;
    auto label = name != nullptr ? std::make_shared<const std::string>(*name) : nullptr;
    Change change(*this, address, length);
    return map_->name_memory(address, end, label);
}

SysResult AddressSpace::Map::name_memory(u64 start, u64 end, const std::shared_ptr<const std::string>& label) {
    bool holes = !regions.covers(start, end);
    auto has_file = [](const Mapping& mapping) {
        return mapping.object != nullptr && mapping.object->kind != Object::Kind::shared_anonymous;
    };
    while (start < end) {
        auto at = regions.from(start);
        if (at == regions.end() || at->first >= end) break;
        if (has_file(at->second)) return -EBADF;
        u64 low = std::max(start, at->first);
        u64 high = std::min(end, at->second.end);
        regions.modify(low, high, [&label](Mapping& mapping) { mapping.label = label; });
        start = high;
    }
    return holes ? -ENOMEM : 0;
}

}  // namespace lyrebird::memory
