// The record of what the guest has mapped: disjoint runs of pages with equal properties, ordered by address.
//
// Why it exists: every operation on the address space changes a range that begins and ends anywhere, in the middle of
// runs or across holes. Splitting, joining and counting is done here once, without any host call, so it can be tested
// by itself.
//
// What must stay true: runs never overlap and are never empty; neighbours that could be one run are one; `total_bytes`
// and `data_bytes` are the sums over all runs; `growing()` names exactly the runs that have MAP_GROWSDOWN.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::memory {

/// What a run of pages shows the bytes of. Private anonymous memory has none.
struct Object {
    enum class Kind : u8 { file, shared_anonymous, segment, named };  // segment: System V shared memory
    Kind kind = Kind::file;
    u64 device = 0;
    u64 inode = 0;
    u64 size = 0;           // of a segment, in bytes, whole pages
    std::string name = {};  // shown instead of a path; empty for files
};

struct Mapping {
    u64 start = 0;
    u64 end = 0;
    int protection = 0;  // PROT_READ, PROT_WRITE, PROT_EXEC as the guest asked
    int flags = 0;       // MAP_SHARED or MAP_PRIVATE, MAP_ANONYMOUS, MAP_GROWSDOWN, MAP_NORESERVE, MAP_HUGETLB
    u64 offset = 0;      // of the first byte in its object; 0 without object
    std::shared_ptr<const Object> object = nullptr;
    std::shared_ptr<const std::string> label = nullptr;  // a name the guest gave it, or null
    u64 granularity = 4096;                              // bytes: the size of its pages, larger for hugetlbfs
    bool may_execute = true;                             // false for files on a file system mounted noexec
    bool dont_fork = false;
    bool wipe_on_fork = false;

    u64 size() const { return end - start; }
    bool executable() const;
    bool grows_down() const;
    bool shared() const;
    /// Linux's data_vm: private, writable, not a stack. What RLIMIT_DATA counts.
    bool data() const;
};

/// The piece [start, end) of `mapping`, which holds it.
Mapping part(const Mapping& mapping, u64 start, u64 end);

class RegionMap {
  public:
    using Tree = std::map<u64, Mapping>;
    using Iterator = Tree::const_iterator;

    Iterator begin() const { return tree_.begin(); }
    Iterator end() const { return tree_.end(); }
    std::size_t count() const { return tree_.size(); }

    /// The first run that ends above `address`: the one that holds it, or else the next.
    Iterator from(u64 address) const;
    /// The run that holds `address`, or null.
    const Mapping* find(u64 address) const;
    bool overlaps(u64 start, u64 end) const;
    /// True when no byte of the range is unmapped.
    bool covers(u64 start, u64 end) const;
    /// The end of the run of pages without hole that begins at `start`, at most `end`; `start` when it is unmapped.
    u64 contiguous_end(u64 start, u64 end) const;
    /// True when any run in the range satisfies `test`.
    bool any(u64 start, u64 end, const std::function<bool(const Mapping&)>& test) const;
    /// Bytes mapped in the range.
    u64 mapped_bytes(u64 start, u64 end) const;

    /// The range must be free.
    void insert(const Mapping& mapping);
    /// Forgets what is in the range.
    void erase(u64 start, u64 end);
    /// Calls `change` for each run within the range, split at its borders. It may change anything but the bounds.
    void modify(u64 start, u64 end, const std::function<void(Mapping&)>& change);
    /// The run that starts at `start` begins at `new_start` now, which is lower; the space between must be free.
    void grow_down(u64 start, u64 new_start);

    const std::set<u64>& growing() const { return growing_; }
    u64 total_bytes() const { return total_bytes_; }
    u64 data_bytes() const { return data_bytes_; }

  private:
    Tree::iterator place(const Mapping& mapping);
    Tree::iterator remove(Tree::iterator position);
    void split(u64 address);
    Tree::iterator join(Tree::iterator left);
    void account(const Mapping& mapping, bool add);

    Tree tree_;
    std::set<u64> growing_;
    u64 total_bytes_ = 0;
    u64 data_bytes_ = 0;
};

}  // namespace lyrebird::memory
