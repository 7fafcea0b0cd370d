// The storage of a thread's table from guest pc to code: large enough for big programs, but pages that a small one never uses
// cost nothing, and emptying it gives them back.
#pragma once

#include <sys/mman.h>

#include "runtime/base/check.hpp"
#include "translator/isa/contract.hpp"

namespace lyrebird::interpreter {

class JumpCache {
  public:
    JumpCache() {
        void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        ENSURE(pages != MAP_FAILED, "no memory for a thread's jump cache");
        entries_ = static_cast<isa::JumpCacheEntry*>(pages);
    }
    ~JumpCache() { munmap(entries_, bytes); }
    JumpCache(const JumpCache&) = delete;
    JumpCache& operator=(const JumpCache&) = delete;

    isa::JumpCacheEntry* entries() { return entries_; }
    void clear() { madvise(entries_, bytes, MADV_DONTNEED); }

  private:
    static constexpr std::size_t bytes = isa::jump_cache_size * sizeof(isa::JumpCacheEntry);
    isa::JumpCacheEntry* entries_;
};

}  // namespace lyrebird::interpreter
