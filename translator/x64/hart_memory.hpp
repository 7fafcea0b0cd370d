// The memory of one hart: guard page, return stack, Context, State, jump table, in this order in one mapping. See context.hpp.
// A few mappings that harts have left are kept for the next ones: threads come and go, and a mapping costs more than they do.
#pragma once

#include <sys/mman.h>

#include <array>
#include <atomic>
#include <new>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/pages.hpp"
#include "translator/x64/context.hpp"

namespace lyrebird::x64 {

inline constexpr u64 guard_size = 4096;

template <class State>
class HartMemory {
  public:
    explicit HartMemory(const State& initial) : start_(left().take()) {
        if (start_ == nullptr) {
            void* pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            ENSURE(pages != MAP_FAILED, "no memory for a hart");
            start_ = static_cast<u8*>(pages);
            mprotect(start_, guard_size, PROT_NONE);
        }
        new (start_ + context_place) Context();
        new (start_ + state_place) State(initial);
        table()[0].tag = nobody;  // all other empty entries lie where the tag 0 does not belong
    }
    /// The jump table must be empty by now: see `clear_table`.
    ~HartMemory() {
        if (!left().put(start_)) munmap(start_, size);
    }
    HartMemory(const HartMemory&) = delete;
    HartMemory& operator=(const HartMemory&) = delete;

    Context& context() { return *reinterpret_cast<Context*>(start_ + context_place); }
    State& state() { return *reinterpret_cast<State*>(start_ + state_place); }
    const State& state() const { return *reinterpret_cast<const State*>(start_ + state_place); }
    isa::JumpCacheEntry* table() { return reinterpret_cast<isa::JumpCacheEntry*>(start_ + table_place); }
    /// The tag of the table's first entry when that is empty: an address that belongs to another entry.
    static constexpr u64 nobody = 2;
    /// Makes its pages at once, but for those that only deep calls need.
    void populate() {
        u64 first = context_place - 4096;
        populate_pages(start_ + first, size - first, Populate::for_writing);
    }
    void clear_table() {
        madvise(start_ + align_up(table_place, 4096), table_size - 4096, MADV_DONTNEED);
        // What shares its page with State is cleared by hand.
        for (u64 at = table_place; at < align_up(table_place, 4096); at += sizeof(isa::JumpCacheEntry)) clear(at);
        for (u64 at = align_up(table_place, 4096) + table_size - 4096; at < table_place + table_size;
             at += sizeof(isa::JumpCacheEntry)) {
            clear(at);
        }
        table()[0].tag = nobody;
    }

    /// Where an empty return stack begins; what stands above are entries that lead to Stub::empty.
    u64 return_stack_top() const { return reinterpret_cast<u64>(start_) + context_place - spare; }
    /// Fills the entries that are never taken away.
    void set_empty_entries(u64 stub) {
        for (u64 at = context_place - spare; at < context_place; at += 8) {
            *reinterpret_cast<u64*>(start_ + at) = stub;
        }
    }
    bool is_guard(u64 address) const { return address - reinterpret_cast<u64>(start_) < guard_size; }

  private:
    static constexpr u64 spare = 128;
    static constexpr u64 context_place = guard_size + return_stack_size;
    static constexpr u64 state_place = context_place + sizeof(Context);
    static constexpr u64 table_place = state_place + ((sizeof(State) + 63) & ~u64{63});
    static constexpr u64 table_size = jump_table_size * sizeof(isa::JumpCacheEntry);
    static constexpr u64 size = (table_place + table_size + 4095) & ~u64{4095};
    static_assert(sizeof(Context) % 64 == 0 && alignof(State) <= 64);

    /// Mappings without a hart. Without a lock: a child may be forked at any time.
    class Left {
      public:
        u8* take() {
            for (auto& kept : kept_) {
                if (u8* start = kept.exchange(nullptr, std::memory_order_acquire)) return start;
            }
            return nullptr;
        }
        bool put(u8* start) {
            for (auto& kept : kept_) {
                u8* nothing = nullptr;
                if (kept.compare_exchange_strong(nothing, start, std::memory_order_release)) return true;
            }
            return false;
        }

      private:
        std::array<std::atomic<u8*>, 4> kept_{};
    };
    static Left& left() {
        static constinit Left left;
        return left;
    }

    void clear(u64 at) { *reinterpret_cast<isa::JumpCacheEntry*>(start_ + at) = {}; }

    u8* start_;
};

}  // namespace lyrebird::x64
