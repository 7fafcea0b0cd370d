// Pages that are about to be used, made together. Each page that is touched for the first time costs a fault, and on a virtual
// machine a fault costs as much as making thirty pages at once.
#pragma once

#include <sys/mman.h>

#include <cstddef>

#include "runtime/base/bits.hpp"

namespace lyrebird {

/// MADV_POPULATE_* of Linux 5.14, which older C libraries do not name.
enum class Populate : int { for_reading = 22, for_writing = 23 };

/// Makes the pages of [start, start + size), where the host's kernel can do that; nothing happens where it cannot.
inline void populate_pages(const void* start, std::size_t size, Populate how) {
    u64 address = reinterpret_cast<u64>(start);
    u64 first = align_down(address, 4096);
    ::madvise(reinterpret_cast<void*>(first), address + size - first, int(how));
}

}  // namespace lyrebird
