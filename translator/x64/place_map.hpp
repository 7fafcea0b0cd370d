// From a guest pc to what is known of it: its block, and the exits that wait for one. Asked several times for every block that
// is translated, so it is one flat table: open addressing, a power of two large, at most two thirds full.
//
// Why not the library's: a node for each entry costs more than all the rest of publishing a block.
#pragma once

#include <algorithm>
#include <memory>

#include "runtime/base/bits.hpp"
#include "runtime/base/ints.hpp"
#include "runtime/memory/guest_address.hpp"
#include "translator/x64/record_memory.hpp"

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

    explicit PlaceMap(RecordMemory& memory) : memory_(memory) { reset(1024); }
    PlaceMap(const PlaceMap&) = delete;
    PlaceMap& operator=(const PlaceMap&) = delete;
    ~PlaceMap() { memory_.give(places_, bytes(mask_ + 1)); }

    /// Null when nothing is known. Valid until the next `at`.
    Place* find(u64 pc) {
        for (std::size_t slot = slot_of(pc);; slot = (slot + 1) & mask_) {
            if (places_[slot].pc == pc) return &places_[slot];
            if (places_[slot].pc == empty) return nullptr;
        }
    }
    /// Says that `pc` will soon be asked for.
    void prefetch(u64 pc) const { __builtin_prefetch(&places_[slot_of(pc)]); }
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
        std::fill_n(places_, mask_ + 1, Place{});
        used_ = 0;
    }
    std::size_t size() const { return used_; }

  private:
    static constexpr u64 empty = 1;  // odd: no pc

    /// Places very close to each other stay so, for the caches' sake; more of them together would make long runs of full slots.
    std::size_t slot_of(u64 pc) const {
        constexpr u64 group = 64;  // bytes of the guest, whose four slots make a cache line
        return ((pc / group * 0x9e37'79b9'7f4a'7c15 >> 32) * 4 + pc % group / 16) & mask_;
    }
    static std::size_t bytes(std::size_t size) { return align_up(size * sizeof(Place), RecordMemory::chunk_size); }
    void reset(std::size_t size) {
        places_ = static_cast<Place*>(memory_.take(bytes(size)));
        std::uninitialized_default_construct_n(places_, size);
        mask_ = size - 1;
        used_ = 0;
    }
    /// Entries that say nothing any more are left behind; the table grows only when the others need it.
    void grow() {
        const Place* old = places_;
        std::size_t size = mask_ + 1;
        auto kept = std::size_t(std::count_if(old, old + size, says_something));
        reset(kept * 3 > size ? size * 2 : size);
        for (std::size_t slot = 0; slot < size; ++slot) {
            if (says_something(old[slot])) at(old[slot].pc) = old[slot];
        }
        memory_.give(const_cast<Place*>(old), bytes(size));
    }
    static bool says_something(const Place& place) {
        return place.pc != empty && (place.block != none || place.waiting != none);
    }

    RecordMemory& memory_;
    Place* places_ = nullptr;
    std::size_t mask_ = 0;
    std::size_t used_ = 0;
};

}  // namespace lyrebird::x64
