// Where things go: Linux's layout of an address space, and its search for free ranges.
//
// Why it exists: the guest sees where its mappings land, and programs have opinions (pointers with tagged upper bits,
// heaps that must lie within 2 GiB of code, guard distance below stacks), so we place as Linux does: mappings first-fit
// from the top below the stack (from the bottom when the stack is unlimited), position independent images at two
// thirds, the heap after the image, each moved by chance as far as Linux moves it.
//
// What must stay true: what is returned is free in the guest's map, keeps Linux's gap below regions that grow down, and
// avoids the ranges where the host was found to hold something that is not the guest's.
#pragma once

#include <vector>

#include "runtime/base/ints.hpp"
#include "runtime/memory/region_map.hpp"

namespace lyrebird::memory {

/// Linux's stack_guard_gap: 256 pages kept free below a region that grows down.
inline constexpr u64 stack_gap = 256 * 4096;

/// A whole number of pages in [0, pages), in bytes, unpredictable to the guest.
u64 random_pages(u64 pages);

class Placement {
  public:
    struct Shape {
        u64 top = 0;
        int va_bits = 46;
        bool randomise = true;
        u64 stack_limit = 0;  // bytes, or RLIM_INFINITY
    };
    explicit Placement(const Shape& shape);

    u64 mmap_base() const { return mmap_base_; }
    bool bottom_up() const { return bottom_up_; }

    /// A free range of `size` bytes (whole pages) at a multiple of `alignment` (a power of two, at least a page), or 0.
    u64 choose(const RegionMap& regions, u64 size, u64 alignment);
    /// True when Linux would use [address, address + size) because the guest asked for it without insisting.
    bool hint_is_free(const RegionMap& regions, u64 address, u64 size) const;

    /// Where Linux puts a position independent executable, before looking whether it is free.
    u64 image_base(u64 alignment) const;
    /// The first address above the main stack.
    u64 stack_top() const;
    /// The start of the heap behind an image that ends at `end_of_image`.
    u64 heap_start(u64 end_of_image) const;

    /// Told after the range was removed from `regions`: the search may find it again.
    void freed(const RegionMap& regions, u64 end);
    /// Told when the host holds something in the range that is not the guest's: it is never chosen again.
    void avoid(u64 start, u64 end);

  private:
    u64 search_down(const RegionMap& regions, u64 size, u64 alignment, u64 from) const;
    u64 search_up(const RegionMap& regions, u64 size, u64 alignment, u64 from) const;
    /// The lowest start of an avoided range that meets [start, end), or 0; `past` becomes its end.
    u64 avoided(u64 start, u64 end, u64& past) const;

    struct Range {
        u64 start;
        u64 end;
    };
    /// No free range of `size` bytes or more ends above `below`.
    struct Claim {
        u64 size;
        u64 below;
    };
    void learn(Claim claim);

    Shape shape_;
    bool bottom_up_ = false;
    u64 mmap_base_ = 0;
    std::vector<Range> avoided_;
    // What earlier searches from the top have proved, so that a program with very many mappings does not pay for all of
    // them each time. Few, ascending in size and descending in address.
    std::vector<Claim> claims_;
};

}  // namespace lyrebird::memory
