// What an AddressSpace keeps, and the steps its operations share. Internal to this folder.
//
// What must stay true: every member function is called with the lock held exclusively, unless it says otherwise; the
// host's map is changed first and the record after it, so that a refusal by the host leaves the record as it was.
#pragma once

#include <sys/resource.h>

#include <vector>

#include "runtime/memory/address_space.hpp"
#include "runtime/memory/lock.hpp"
#include "runtime/memory/placement.hpp"
#include "runtime/memory/region_map.hpp"

namespace lyrebird::memory {

/// mremap's arguments, sizes in whole pages.
struct RemapRequest {
    u64 old_start;
    u64 old_size;
    u64 new_size;
    int flags;
    u64 new_start;
};

struct AddressSpace::Map {
    Map(const Placement::Shape& shape, u64 top) : placement(shape), top(top), stack_limit(shape.stack_limit) {}

    mutable SharedLock lock;
    RegionMap regions;
    Placement placement;
    const u64 top;

    u64 size_limit = RLIM_INFINITY;  // RLIMIT_AS
    u64 data_limit = RLIM_INFINITY;  // RLIMIT_DATA
    u64 stack_limit;                 // RLIMIT_STACK

    u64 heap_start = 0;  // 0: the guest has no heap
    u64 heap_end = 0;    // the program break, to the byte
    u64 data_size = 0;   // the image's data segment, which RLIMIT_DATA counts to the heap
    u64 stack_top = 0;
    int lock_future = 0;  // MCL_* flags of the last mlockall that asked for it

    bool shared = false;                    // some memory has been shared with other processes
    bool code_changed = false;              // set by operations, taken up by `Change`
    std::vector<CodeRange> changed_code;    // until somebody asks: take_code_changes

    /// Linux's may_expand_vm: true when `size` more bytes with these properties stay within the limits.
    bool may_grow(const Mapping& kind, u64 size) const;
    /// True when `size` bytes that are mapped already may become data.
    bool may_grow_data(u64 size) const;

    /// Records the present extent of the regions that the host lets grow down: of all of them, or only when one may
    /// have grown into [start, start + size), which saves a host call for everything that happens far from the stack.
    /// True when there was growth.
    bool notice_growth();
    bool notice_growth_near(u64 start, u64 size);
    /// True when a region that grows down may have reached `address`, which the record shows as free. For shared
    /// holders too.
    bool may_have_grown_to(u64 address) const;

    /// Notes a change when the range holds guest code.
    void note_code(u64 start, u64 end);
    /// Notes that guest code in the range has changed, or may change from now on.
    void note_change(u64 start, u64 end);
    /// What the record has in the range. For shared holders too.
    Survey survey(u64 start, u64 end) const;
    /// Removes the range from the record; what was code there has changed.
    void forget(u64 start, u64 end);
    /// Records `mapping` in place of whatever is in its range.
    void record(const Mapping& mapping);

    /// Calls `action(start, end)` for each run of pages without hole in the range, ascending, until it returns a
    /// negative value, which is returned; otherwise 0.
    template <class Action>
    SysResult for_each_run(u64 start, u64 end, Action action) {
        for (auto at = regions.from(start); at != regions.end() && at->first < end; at = regions.from(start)) {
            start = at->first > start ? at->first : start;
            u64 run_end = regions.contiguous_end(start, end);
            if (SysResult result = action(start, run_end); result < 0) return result;
            start = run_end;
        }
        return 0;
    }

    /// Makes sure that the host's pages in [start, end) are the guest's, so that they can be replaced: holes are filled
    /// with inaccessible memory. −EEXIST when the host holds something else there; nothing has changed then.
    SysResult claim(u64 start, u64 end);
    /// Gives back what `claim` filled.
    void release_claim(u64 start, u64 end);
    /// After a replacement that failed: forgets the regions in the range that the host has dropped all the same.
    void notice_loss(u64 start, u64 end);

    /// After −EEXIST for a range that the record shows as free: makes the placement avoid what the host has there.
    void avoid_foreign(u64 start, u64 end);

    SysResult unmap(u64 start, u64 end);

    /// As `place`, at the given range, or wherever the choice falls.
    SysResult place_fixed(Mapping mapping, u64 address, u64 size, int host_flags, int fd, bool replace);
    SysResult place_anywhere(Mapping mapping, u64 hint, u64 size, int host_flags, int fd);

    SysResult protect(u64 start, u64 end, int protection);

    SysResult remap(RemapRequest request);
    SysResult check_remap(const Mapping& region, RemapRequest& request) const;
    SysResult extend(Mapping region, u64 start, u64 old_size, u64 new_size);
    SysResult move_anywhere(const RemapRequest& request, const Mapping& region);
    SysResult move_to(u64 start, u64 old_size, u64 new_size, int flags, u64 target);
    SysResult move_to_fixed(u64 start, u64 old_size, u64 new_size, int flags, u64 target);
    SysResult move_all(const RemapRequest& request);

    SysResult advise_for_fork(u64 start, u64 end, int advice);
    SysResult name_memory(u64 start, u64 end, const std::shared_ptr<const std::string>& label);

    SysResult attach_anywhere(Mapping mapping, int identifier, u64 size, int flags);
    SysResult attach(const Mapping& mapping, int identifier, int flags);
    SysResult detach(u64 address);

    /// The brk system call: the program break after the attempt to move it.
    u64 move_break(u64 wanted);
    bool extend_heap(u64 old_end, u64 new_end);

    /// What the outside is shown of a run.
    Region describe(const Mapping& mapping) const;
    /// Does to the record what fork has done to the child's memory.
    void apply_fork();

    /// A hole for the guest's choice of address or our own; or 0.
    u64 choose(u64 hint, u64 size, u64 alignment);

    /// Maps `mapping`'s range on the host and records it. `host_flags` are without MAP_FIXED and MAP_FIXED_NOREPLACE.
    /// −EEXIST when `replace` is false and something is there, on the host or in the record.
    SysResult place(const Mapping& mapping, int host_flags, int fd, bool replace);
};

/// What is mapped in a range, as of one moment.
struct AddressSpace::Survey {
    struct Run {
        u64 start;
        u64 end;
        u64 size() const { return end - start; }
    };
    std::vector<Run> runs;  // without holes, ascending, not touching
    bool holes = false;     // some of the range is unmapped, or beyond the guest's part
    bool code = false;      // some of it is executable for the guest
};

/// Holds the lock exclusively for one change of the map, and announces changed code at its end. The record is up to
/// date with growth: everywhere, or (all that an operation on a range needs) within [start, start + size).
class AddressSpace::Change {
  public:
    explicit Change(const AddressSpace& space);
    Change(const AddressSpace& space, u64 start, u64 size);
    ~Change();
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

  private:
    const AddressSpace& space_;
};

/// Holds the lock for looking only.
class SharedGuard {
  public:
    explicit SharedGuard(SharedLock& lock) : lock_(lock) { lock_.lock_shared(); }
    ~SharedGuard() { lock_.unlock_shared(); }
    SharedGuard(const SharedGuard&) = delete;
    SharedGuard& operator=(const SharedGuard&) = delete;

  private:
    SharedLock& lock_;
};

}  // namespace lyrebird::memory
