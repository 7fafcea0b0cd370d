// From a guest pc to what is known of it: its block, and the exits that wait for one. Asked several times for every block that
// is translated, so it is one flat table: open addressing, a power of two large, at most two thirds full.
//
// Why not the library's: a node for each entry costs more than all the rest of publishing a block.
#pragma once

#include <algorithm>
#include <memory>

#include "runtime/base/ints.hpp"
#include "translator/x64/reserved_array.hpp"

namespace lyrebird::x64 {

class PlaceMap {
  public:
    static constexpr u32 none = 0xffff'ffff;
    /// An entry with neither counts as absent, and may be forgotten.
    struct Place {
        u64 pc = empty;
        u32 block = none;
        u32 waiting = none;  // the first of a list
    };

    PlaceMap() { reset(1024); }

    /// Null when nothing is known. Valid until the next `at`.
    Place* find(u64 pc) {
        for (std::size_t slot = slot_of(pc);; slot = (slot + 1) & mask_) {
            if (places_[slot].pc == pc) return &places_[slot];
            if (places_[slot].pc == empty) return nullptr;
        }
    }
    /// The entry for `pc`, made if there is none. Other entries' addresses may change.
    Place& at(u64 pc) {
        if (Place* known = find(pc)) return *known;
        if (used_ * 3 >= (mask_ + 1) * 2) grow();
        std::size_t slot = slot_of(pc);
        while (places_[slot].pc != empty) slot = (slot + 1) & mask_;
        ++used_;
        places_[slot].pc = pc;
        return places_[slot];
    }
    /// Needs no memory.
    void clear() {
        std::ranges::fill(places_, Place{});
        used_ = 0;
    }
    std::size_t size() const { return used_; }

  private:
    static constexpr u64 empty = 1;  // odd: no pc

    std::size_t slot_of(u64 pc) const { return (pc * 0x9e37'79b9'7f4a'7c15 >> 20) & mask_; }
    void reset(std::size_t size) {
        places_ = ReservedArray<Place>(size);
        std::uninitialized_default_construct_n(places_.extend(size), size);
        mask_ = size - 1;
        used_ = 0;
    }
    /// Entries that say nothing any more are left behind; the table grows only when the others need it.
    void grow() {
        ReservedArray<Place> old = std::move(places_);
        std::size_t size = mask_ + 1;
        std::size_t kept = 0;
        for (std::size_t slot = 0; slot < size; ++slot) kept += says_something(old[slot]);
        reset(kept * 3 > size ? size * 2 : size);
        for (std::size_t slot = 0; slot < size; ++slot) {
            if (says_something(old[slot])) at(old[slot].pc) = old[slot];
        }
    }
    static bool says_something(const Place& place) {
        return place.pc != empty && (place.block != none || place.waiting != none);
    }

    ReservedArray<Place> places_{0};
    std::size_t mask_ = 0;
    std::size_t used_ = 0;
};

}  // namespace lyrebird::x64
