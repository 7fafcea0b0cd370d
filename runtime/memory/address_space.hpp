// The guest's own memory map, and every operation that changes it.
//
// Why it exists: the host's page tables are not the guest's. Guest execute permission is never host execute permission,
// the guest sees only [64 KiB, top), its limits are judged by what it mapped and not by what the VM did, and
// /proc/self/maps must show its map. So the VM keeps the guest's map here, and changes the host's and this one
// together, under one lock.
//
// What must stay true: every mapping the host has below `top()` was made here and is recorded here with the rights the
// guest asked for; no operation, whatever numbers the guest hands over, changes a host mapping at or above `top()`.
//
// All operations named after a system call take the guest's raw numbers and return what Linux would: an address, a
// count, or −errno. They are safe to call from several threads at once.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"
#include "runtime/memory/guest_address.hpp"

namespace lyrebird::memory {

/// The lowest address the guest can map (Linux: vm.mmap_min_addr as distributions set it).
inline constexpr u64 lowest_address = 0x10000;

/// What a mapping shows of its file. `path` is empty for anonymous memory. Names in brackets ("[stack]", "[heap]",
/// "[vdso]", "[anon:…]") are shown as they are. A file's name is as the host's /proc/self/maps writes it, or empty
/// where there is no /proc.
struct Backing {
    std::string path;
    u64 device = 0;
    u64 inode = 0;
    u64 offset = 0;  // of the region's first byte, in bytes
};

/// One run of pages with equal properties.
struct Region {
    GuestAddress start;
    GuestAddress end;    // exclusive
    int protection = 0;  // PROT_* as the guest asked
    int flags = 0;       // MAP_SHARED or MAP_PRIVATE, MAP_ANONYMOUS, MAP_GROWSDOWN, MAP_NORESERVE …
    Backing backing;
};

/// A range of addresses where guest code has changed.
struct CodeRange {
    u64 start;
    u64 end;
};

struct Mapping;

class AddressSpace {
  public:
    struct Options {
        int va_bits = 46;       // 39, 42 or 46: the size of the address space the guest sees
        bool randomise = true;  // false under personality ADDR_NO_RANDOMIZE or randomize_va_space = 0
        // RLIMIT_STACK's soft value in bytes, or RLIM_INFINITY; shapes the mmap base as on Linux.
        u64 stack_limit = 8 << 20;
    };

    /// An empty address space; a process has at most one at a time. Fails with code EADDRNOTAVAIL when the VM itself,
    /// or what its kernel will give it later, lies in the guest's part, which is so in a process that was started with
    /// a huge or unlimited RLIMIT_STACK: exec it with a finite one (which may be raised again afterwards, only exec
    /// looks).
    static Result<std::unique_ptr<AddressSpace>> create(const Options& options);
    ~AddressSpace();

    /// The first address that is not the guest's: 2^va_bits less Linux's guard page.
    GuestAddress top() const { return top_; }
    /// True when [address, address + size) lies below `top`: the kernel's access_ok.
    bool contains(GuestAddress address, u64 size) const {
        return size <= top_.value && address.value <= top_.value - size;
    }

    // ---- system calls ----
    SysResult map(u64 address, u64 size, int protection, int flags, int fd, u64 offset);
    SysResult unmap(u64 address, u64 size);
    SysResult protect(u64 address, u64 size, int protection);
    SysResult remap(u64 old_address, u64 old_size, u64 new_size, int flags, u64 new_address);
    SysResult advise(u64 address, u64 size, int advice);
    SysResult brk(u64 address);
    SysResult resident(u64 address, u64 size, u64 vector);    // mincore
    SysResult synchronise(u64 address, u64 size, int flags);  // msync
    SysResult lock(u64 address, u64 size, int flags);         // mlock2
    SysResult unlock(u64 address, u64 size);                  // munlock
    SysResult lock_all(int flags);                            // mlockall, of the guest's memory only
    SysResult unlock_all();                                   // munlockall
    SysResult remap_file_pages(u64 address, u64 size, int protection, u64 page_offset, int flags);
    SysResult attach_shared(int identifier, u64 address, int flags);  // shmat
    SysResult detach_shared(u64 address);                             // shmdt

    /// prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME): gives anonymous memory a name for /proc/self/maps, or (null) takes it
    /// away. At most 79 characters, all of them printable and none of \ ` $ [ ].
    SysResult name_memory(u64 address, u64 size, const std::string* name);

    // ---- for the loader ----
    /// Places `size` bytes where Linux places a PIE ("image") or what has no fixed place (vDSO, interpreter): a free,
    /// page aligned range, not mapped yet. 0 when there is none.
    GuestAddress choose_image_base(u64 size, u64 alignment);
    GuestAddress choose_free(u64 size, u64 alignment);
    /// Maps a file's bytes or anonymous memory at exactly [address, address + size), replacing nothing (−EEXIST if
    /// taken). `name` overrides what /proc/self/maps shows ("[vdso]"), or is empty.
    SysResult map_fixed(GuestAddress address, u64 size, int protection, int fd, u64 offset, const std::string& name);
    /// The main stack: a region that grows down on demand as RLIMIT_STACK allows. Returns its top (exclusive,
    /// 16-aligned, randomised as Linux does); at least `initial_size` bytes below it are usable at once.
    Result<GuestAddress> map_stack(u64 initial_size, bool executable);
    /// Fixes where the heap starts: after the image, by Linux's randomisation rules. `data_size` is the size of the
    /// image's data segment in bytes, which RLIMIT_DATA counts together with the heap.
    void set_brk_start(GuestAddress end_of_image, u64 data_size = 0);
    GuestAddress brk_start() const;

    // ---- for the engine ----
    /// True when every byte of [address, address + size) is mapped with guest execute permission.
    bool executable(GuestAddress address, u64 size) const;
    /// The access rights (PROT_*) the guest asked for at `address`, or nothing where it has mapped nothing. Judges a
    /// fault: nothing is SEGV_MAPERR, a missing right SEGV_ACCERR; where the right is there but the host faulted, its
    /// si_code stands (guard regions, SIGBUS). Quick, allocates nothing; growth of the stack is taken into account.
    std::optional<int> protection_at(GuestAddress address) const;
    /// As `protection_at`, with the mapping's flags.
    struct Kind {
        int protection, flags;
    };
    std::optional<Kind> kind_at(GuestAddress address) const;
    /// The region that holds `address`, without the name of its file.
    std::optional<Region> find(GuestAddress address) const;
    /// As `find`, with the name. Reads the host's /proc/self/maps, so it is for reports.
    std::optional<Region> find_with_path(GuestAddress address) const;
    /// Calls `visit` for every region, ascending, names included. The map is locked meanwhile: `visit` must not call
    /// back.
    void for_each(const std::function<void(const Region&)>& visit) const;
    /// Rises whenever memory that was executable for the guest may have changed by a mapping operation (unmap, protect,
    /// replacement, DONTNEED …): translations made before must be compared with memory before they run again.
    u64 code_generation() const { return code_generation_.load(std::memory_order_acquire); }
    /// Where, since the last call. Ranges may be joined, and so be larger than what changed. Memory that stays executable and
    /// becomes writable, or no longer is, counts as well.
    std::vector<CodeRange> take_code_changes();
    /// True for good once other processes may see what the guest writes: some memory was mapped as shared.
    bool shares_memory() const { return shares_memory_.load(std::memory_order_acquire); }

    // ---- limits ----
    /// Told of each setrlimit of RLIMIT_AS, RLIMIT_DATA or RLIMIT_STACK (soft value in bytes or RLIM_INFINITY). The
    /// first two are enforced here, on the guest's map, and must not reach the host's kernel, which would judge the VM
    /// by them. RLIMIT_STACK must be set on the host as well: its kernel grows the guest's stack.
    void set_limit(int resource, u64 soft);

    // ---- fork ----
    /// Held by the forking thread across fork so that the child's copy is consistent; the child calls
    /// after_fork_in_child.
    void before_fork();
    void after_fork_in_parent();
    void after_fork_in_child();  // applies MADV_DONTFORK and MADV_WIPEONFORK to the map

    AddressSpace(const AddressSpace&) = delete;
    AddressSpace& operator=(const AddressSpace&) = delete;

  private:
    explicit AddressSpace(const Options& options);

    /// Copies the run that holds `address`, with its present extent if that is asked for; false when there is none.
    bool look_up(u64 address, bool extent, Mapping& found) const;

    struct Map;
    class Change;
    struct Survey;
    /// Looks at the part of [start, end) that is the guest's.
    Survey survey(u64 start, u64 end) const;

    std::unique_ptr<Map> map_;
    GuestAddress top_;
    mutable std::atomic<u64> code_generation_{1};
    mutable std::atomic<bool> shares_memory_{false};
};

}  // namespace lyrebird::memory
