// The storage of a thread's table from guest pc to code: large enough for big programs, but there only once tier 0 keeps blocks,
// and pages that a small program never uses cost nothing. Emptying it gives them back.
#pragma once

#include <sys/mman.h>

#include "runtime/base/check.hpp"
#include "translator/isa/contract.hpp"

namespace lyrebird::interpreter {

class JumpCache {
  public:
    JumpCache() = default;
    ~JumpCache() {
        if (entries_ != nullptr) munmap(entries_, bytes);
    }
    JumpCache(const JumpCache&) = delete;
    JumpCache& operator=(const JumpCache&) = delete;

    /// From now on the thread's blocks look for the next one here.
    void attach(isa::VmState& vm) {
        if (entries_ != nullptr) return;
        void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        ENSURE(pages != MAP_FAILED, "no memory for a thread's jump cache");
        entries_ = static_cast<isa::JumpCacheEntry*>(pages);
        vm.jump_cache = entries_;
        vm.jump_cache_mask = size - 1;
        mark_end();
    }
    /// After `attach`: where the entry of this pc is.
    isa::JumpCacheEntry& at(u64 pc) { return entries_[(pc >> 1) & (size - 1)]; }
    void clear() {
        madvise(entries_, bytes, MADV_DONTNEED);
        mark_end();
    }

  private:
    /// See isa::no_jumps.
    void mark_end() { entries_[size - 1].tag = 1; }

    static constexpr std::size_t size = 16384;
    static constexpr std::size_t bytes = size * sizeof(isa::JumpCacheEntry);
    isa::JumpCacheEntry* entries_ = nullptr;
};

}  // namespace lyrebird::interpreter
