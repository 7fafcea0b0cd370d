// The two regions that a program gets from its kernel and that grow: the heap (brk) and the main stack.
//
// The heap's rules are Linux's (mm/mmap.c, SYSCALL brk). The stack is a region of the host that grows down, so the
// host's kernel extends it on any access, its own included, and judges RLIMIT_STACK and the guard gap; the record
// catches up when it is asked (Map::notice_growth).
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/host.hpp"
#include "runtime/memory/state.hpp"

namespace lyrebird::memory {

namespace {
constexpr u64 first_stack_bytes = 128 << 10;  // Linux's stack_expand in setup_arg_pages
}

void AddressSpace::set_brk_start(GuestAddress end_of_image, u64 data_size) {
    Change change(*this);
    u64 start = map_->placement.heap_start(end_of_image.value);
    map_->heap_start = start;
    map_->heap_end = start;
    map_->data_size = data_size;
}

GuestAddress AddressSpace::brk_start() const {
    SharedGuard guard(map_->lock);
    return GuestAddress(map_->heap_start);
}

SysResult AddressSpace::brk(u64 address) {
    Change change(*this, 0, 0);
    return static_cast<SysResult>(map_->move_break(address));
}

u64 AddressSpace::Map::move_break(u64 wanted) {
    if (heap_start == 0 || wanted < heap_start || wanted > top) return heap_end;
    if (data_limit != RLIM_INFINITY && wanted - heap_start + data_size > data_limit) return heap_end;
    u64 old_end = align_up(heap_end, page_size);
    u64 new_end = align_up(wanted, page_size);
    if (new_end > old_end && !extend_heap(old_end, new_end)) return heap_end;
    if (new_end < old_end && (!regions.overlaps(new_end, old_end) || unmap(new_end, old_end) < 0)) return heap_end;
    return heap_end = wanted;
}

bool AddressSpace::Map::extend_heap(u64 old_end, u64 new_end) {
    if (new_end > top) return false;
    notice_growth_near(old_end, new_end - old_end + page_size + stack_gap);
    auto next = regions.from(old_end);
    if (next != regions.end()) {
        u64 gap = next->second.grows_down() ? stack_gap : 0;
        if (next->first < gap || new_end + page_size > next->first - gap) return false;
    }
    constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    Mapping mapping{.protection = PROT_READ | PROT_WRITE, .flags = flags};
    return place_fixed(mapping, old_end, new_end - old_end, flags, -1, false) >= 0;
}

Result<GuestAddress> AddressSpace::map_stack(u64 initial_size, bool executable) {
    Change change(*this);
    u64 top = map_->placement.stack_top();
    u64 size = align_up(std::max(initial_size, std::min(first_stack_bytes, map_->stack_limit)), page_size);
    if (size < initial_size || size > top - lowest_address) return fail("the initial stack is too large", ENOMEM);
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_NORESERVE;
    Mapping mapping{.protection = PROT_READ | PROT_WRITE | (executable ? PROT_EXEC : 0), .flags = flags};
    SysResult result = map_->place_fixed(mapping, top - size, size, flags | MAP_STACK, -1, false);
    if (result < 0) {
        return fail(format("cannot map {} bytes for the guest's stack", size), static_cast<int>(-result));
    }
    map_->stack_top = top;
    return GuestAddress(top);
}

}  // namespace lyrebird::memory
