#include "runtime/memory/address_space.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "runtime/base/text.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/host_maps.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {

/// What of the VM lies below `top`, or null. These four are where all of the VM's present and future memory comes from.
const char* intruder(u64 top) {
    auto below = [top](const void* place) { return reinterpret_cast<u64>(place) < top; };
    int on_stack = 0;
    if (below(reinterpret_cast<const void*>(&intruder))) return "program";
    if (below(&on_stack)) return "stack";
    if (below(::sbrk(0))) return "heap";
    SysResult probe = host::map(0, page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (probe < 0) return nullptr;
    host::unmap(static_cast<u64>(probe), page_size);
    return static_cast<u64>(probe) < top ? "mapping area" : nullptr;
}

/// Adds what only the host knows of the region's file.
void add_path(Region& region, const std::vector<HostMapping>& host) {
    const HostMapping* found = find(host, region.start.value);
    if (found == nullptr || !region.backing.path.empty()) return;
    region.backing.path = found->path;
    region.backing.device = found->device;
    region.backing.inode = found->inode;
}

}  // namespace

AddressSpace::AddressSpace(const Options& options) : top_((u64{1} << options.va_bits) - page_size) {
    Placement::Shape shape{.top = top_.value,
                           .va_bits = options.va_bits,
                           .randomise = options.randomise,
                           .stack_limit = options.stack_limit};
    map_ = std::make_unique<Map>(shape, top_.value);
}

AddressSpace::~AddressSpace() {
    Change change(*this);
    map_->unmap(0, top_.value);
}

Result<std::unique_ptr<AddressSpace>> AddressSpace::create(const Options& options) {
    if (options.va_bits != 39 && options.va_bits != 42 && options.va_bits != 46) {
        return fail(format("the guest's address space can have 39, 42 or 46 bits, not {}", options.va_bits));
    }
    std::unique_ptr<AddressSpace> space(new AddressSpace(options));
    if (const char* what = intruder(space->top_.value)) {
        constexpr const char* text =
            "the kernel put the VM's own {} below {:#x}, in the guest's part of the address space; "
            "run with a finite stack limit ('ulimit -s 8192') or fewer --va-bits";
        return fail(format(text, what, space->top_.value), EADDRNOTAVAIL);
    }
    return space;
}

bool AddressSpace::executable(GuestAddress address, u64 size) const {
    if (!contains(address, size)) return false;
    u64 end = address.value + size;
    auto look = [&] {
        u64 at = address.value;
        for (auto found = map_->regions.from(at); found != map_->regions.end() && at < end; ++found) {
            if (found->first > at || !found->second.executable()) break;
            at = found->second.end;
        }
        return at;
    };
    {
        SharedGuard guard(map_->lock);
        u64 reached = look();
        if (reached >= end) return true;
        if (!map_->may_have_grown_to(reached)) return false;
    }
    Change change(*this);
    return look() >= end;
}

bool AddressSpace::look_up(u64 address, bool extent, Mapping& found) const {
    if (!contains(GuestAddress(address), 1)) return false;
    auto look = [&] {
        const Mapping* mapping = map_->regions.find(address);
        if (mapping != nullptr) found = *mapping;
        return mapping != nullptr;
    };
    {
        SharedGuard guard(map_->lock);
        if (look() && !(extent && found.grows_down())) return true;
        if (!found.grows_down() && !map_->may_have_grown_to(address)) return false;
    }
    Change change(*this);
    return look();
}

std::optional<int> AddressSpace::protection_at(GuestAddress address) const {
    auto kind = kind_at(address);
    return kind ? std::optional(kind->protection) : std::nullopt;
}

std::optional<AddressSpace::Kind> AddressSpace::kind_at(GuestAddress address) const {
    Mapping found;
    if (!look_up(address.value, false, found)) return std::nullopt;
    return Kind{found.protection, found.flags};
}

std::optional<Region> AddressSpace::find(GuestAddress address) const {
    Mapping found;
    if (!look_up(address.value, true, found)) return std::nullopt;
    return map_->describe(found);
}

std::optional<Region> AddressSpace::find_with_path(GuestAddress address) const {
    std::optional<Region> region = find(address);
    if (region && region->backing.path.empty()) add_path(*region, host_maps());
    return region;
}

void AddressSpace::for_each(const std::function<void(const Region&)>& visit) const {
    Change change(*this);
    auto unnamed = [](const Mapping& mapping) { return mapping.object != nullptr && mapping.object->name.empty(); };
    std::vector<HostMapping> host;
    if (map_->regions.any(0, top_.value, unnamed)) host = host_maps();
    for (const auto& [start, mapping] : map_->regions) {
        Region region = map_->describe(mapping);
        if (mapping.object != nullptr) add_path(region, host);
        visit(region);
    }
}

Region AddressSpace::Map::describe(const Mapping& mapping) const {
    Region region{.start = GuestAddress(mapping.start),
                  .end = GuestAddress(mapping.end),
                  .protection = mapping.protection,
                  .flags = mapping.flags,
                  .backing = {}};
    if (mapping.object != nullptr) {
        region.backing = {mapping.object->name, mapping.object->device, mapping.object->inode, mapping.offset};
    }
    if (mapping.label != nullptr) {
        region.backing.path = format("[{}:{}]", mapping.shared() ? "anon_shmem" : "anon", *mapping.label);
    } else if (mapping.object != nullptr) {
        return region;
    } else if (heap_start != 0 && mapping.start < heap_end && mapping.end > heap_start) {
        region.backing.path = "[heap]";
    } else if (stack_top != 0 && mapping.start < stack_top && mapping.end >= stack_top) {
        region.backing.path = "[stack]";
    }
    return region;
}

void AddressSpace::set_limit(int resource, u64 soft) {
    Change change(*this);
    if (resource == RLIMIT_AS) map_->size_limit = soft;
    if (resource == RLIMIT_DATA) map_->data_limit = soft;
    if (resource == RLIMIT_STACK) map_->stack_limit = soft;
}

void AddressSpace::before_fork() {
    map_->lock.lock();
}

void AddressSpace::after_fork_in_parent() {
    map_->lock.unlock();
}

void AddressSpace::after_fork_in_child() {
    map_->lock.reset();
    Change change(*this);
    map_->lock_future = 0;
    map_->apply_fork();
}

std::vector<CodeRange> AddressSpace::take_code_changes() {
    Change change(*this, 0, 0);
    return std::exchange(map_->changed_code, {});
}

void AddressSpace::Map::apply_fork() {
    std::vector<Mapping> gone;
    for (const auto& [start, mapping] : regions) {
        if (mapping.dont_fork) gone.push_back(mapping);
        if (mapping.wipe_on_fork) note_code(mapping.start, mapping.end);
    }
    for (const Mapping& mapping : gone) forget(mapping.start, mapping.end);
}

}  // namespace lyrebird::memory
