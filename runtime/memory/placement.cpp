#include "runtime/memory/placement.hpp"

#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>

#include <algorithm>
#include <iterator>

#include "runtime/base/bits.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::memory {

namespace {

constexpr u64 mib = 1 << 20;
constexpr u64 stack_random_pages = 1 << 18;  // Linux's STACK_RND_MASK on 64-bit machines
constexpr u64 heap_random_bytes = 1 << 30;   // Linux's arch_randomize_brk

/// Linux's arch_mmap_rnd_bits lies between 18 and 24 on 64-bit machines of this family; small address spaces get the
/// least.
int random_bits(int va_bits) {
    return va_bits >= 46 ? 24 : va_bits >= 42 ? 20 : 18;
}

/// Where a region begins for the purpose of keeping clear of it.
u64 start_with_gap(const Mapping& mapping) {
    if (!mapping.grows_down()) return mapping.start;
    return mapping.start > stack_gap ? mapping.start - stack_gap : 0;
}

}  // namespace

u64 random_pages(u64 pages) {
    u64 number = 0;
    if (pages == 0 || ::getrandom(&number, sizeof number, GRND_NONBLOCK) != sizeof number) return 0;
    return number % pages * page_size;
}

Placement::Placement(const Shape& shape) : shape_(shape) {
    u64 shift = shape.randomise ? random_pages(u64{1} << random_bits(shape.va_bits)) : 0;
    if (shape.stack_limit == RLIM_INFINITY) {
        bottom_up_ = true;
        mmap_base_ = align_up(shape.top / 3, page_size) + shift;
        return;
    }
    u64 pad = stack_gap + (shape.randomise ? stack_random_pages * page_size : 0);
    u64 gap = shape.stack_limit + pad > shape.stack_limit ? shape.stack_limit + pad : shape.stack_limit;
    gap = std::clamp(gap, 128 * mib, shape.top / 6 * 5);
    mmap_base_ = align_up(shape.top - gap - shift, page_size);
}

u64 Placement::image_base(u64 alignment) const {
    u64 shift = shape_.randomise ? random_pages(u64{1} << random_bits(shape_.va_bits)) : 0;
    return align_down(shape_.top / 3 * 2 + shift, std::max(alignment, page_size));
}

u64 Placement::stack_top() const {
    return shape_.top - (shape_.randomise ? random_pages(stack_random_pages) : 0);
}

u64 Placement::heap_start(u64 end_of_image) const {
    u64 start = align_up(end_of_image, page_size);
    return shape_.randomise ? start + random_pages(heap_random_bytes / page_size) : start;
}

bool Placement::hint_is_free(const RegionMap& regions, u64 address, u64 size) const {
    if (address < lowest_address || size > shape_.top || address > shape_.top - size) return false;
    auto next = regions.from(address);
    return next == regions.end() || address + size <= start_with_gap(next->second);
}

void Placement::freed(const RegionMap& regions, u64 end) {
    auto next = regions.from(end);
    u64 hole_end = next == regions.end() ? shape_.top : next->second.start;
    for (Claim& claim : claims_) claim.below = std::max(claim.below, std::min(hole_end, mmap_base_));
    // Equal addresses: the smallest size says it all.
    auto last = std::unique(claims_.begin(), claims_.end(), [](Claim a, Claim b) { return a.below == b.below; });
    claims_.erase(last, claims_.end());
}

void Placement::learn(Claim claim) {
    std::erase_if(claims_, [&](Claim old) { return old.size >= claim.size && old.below >= claim.below; });
    auto at = std::ranges::lower_bound(claims_, claim.size, {}, &Claim::size);
    claims_.insert(at, claim);
    constexpr std::size_t most = 8;
    if (claims_.size() > most) claims_.erase(claims_.begin() + most / 2);
}

void Placement::avoid(u64 start, u64 end) {
    avoided_.push_back({start, end});
}

u64 Placement::avoided(u64 start, u64 end, u64& past) const {
    u64 lowest = 0;
    for (const Range& range : avoided_) {
        if (range.start >= end || range.end <= start) continue;
        if (lowest == 0 || range.start < lowest) lowest = std::max(range.start, u64{1});
        past = std::max(past, range.end);
    }
    return lowest;
}

u64 Placement::search_down(const RegionMap& regions, u64 size, u64 alignment, u64 from) const {
    u64 high = from;
    auto next = regions.from(high);
    if (next != regions.end()) high = std::min(high, start_with_gap(next->second));
    for (;;) {
        bool last = next == regions.begin();
        auto below = last ? next : std::prev(next);
        u64 low = last ? lowest_address : std::max(below->second.end, lowest_address);
        while (high >= size && high - size >= low) {
            u64 address = align_down(high - size, alignment);
            if (address < low) break;
            u64 past = 0;
            u64 taken = avoided(address, address + size, past);
            if (taken == 0) return address;
            high = taken;
        }
        if (last || low <= lowest_address) return 0;
        next = below;
        high = std::min(from, start_with_gap(next->second));
    }
}

u64 Placement::search_up(const RegionMap& regions, u64 size, u64 alignment, u64 from) const {
    u64 low = from;
    for (auto next = regions.from(low);; ++next) {
        bool last = next == regions.end();
        u64 high = last ? shape_.top : start_with_gap(next->second);
        for (;;) {
            u64 address = align_up(low, alignment);
            if (address < low || address > high || high - address < size) break;
            u64 past = 0;
            if (avoided(address, address + size, past) == 0) return address;
            low = past;
        }
        if (last) return 0;
        low = std::max(low, next->second.end);
    }
}

u64 Placement::choose(const RegionMap& regions, u64 size, u64 alignment) {
    if (size == 0 || size > shape_.top - lowest_address) return 0;
    if (bottom_up_) {
        u64 found = search_up(regions, size, alignment, mmap_base_);
        return found != 0 ? found : search_up(regions, size, alignment, lowest_address);
    }
    u64 from = mmap_base_;
    for (Claim claim : claims_) {
        if (claim.size <= size) from = std::min(from, claim.below);
    }
    u64 found = search_down(regions, size, alignment, from);
    if (found == 0) return search_up(regions, size, alignment, align_up(shape_.top / 3, page_size));
    if (alignment == page_size) learn({size, found + size});
    return found;
}

}  // namespace lyrebird::memory
