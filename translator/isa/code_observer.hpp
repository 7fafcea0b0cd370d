// Who wants to know of translated code (perf, dumps) is told through this interface, so that tiers need not know them.
//
// What must stay true: an observer only looks. The code runs the same whether or not anybody observes it.
#pragma once

#include <span>

#include "runtime/base/ints.hpp"

namespace lyrebird::isa {

/// Straight guest code.
struct GuestRun {
    u64 pc;
    u32 size;  // in bytes
};

/// One block of translated code, as it stands in code memory when it is entered there.
struct TranslatedCode {
    u64 guest_pc;
    u32 guest_size;  // in bytes
    const void* host;
    u32 host_size;  // in bytes
    std::span<const u8> guest_bytes;  // of all its runs, the first of which begins at guest_pc
};

/// Told of translations; called with the code cache's lock held, from any guest thread.
class CodeObserver {
  public:
    virtual ~CodeObserver() = default;
    virtual void translated(const TranslatedCode& code) = 0;
};

}  // namespace lyrebird::isa
