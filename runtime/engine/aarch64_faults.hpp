// What an AArch64 kernel notes of a fault: the exception syndrome register's value (Arm ARM, D24.2.37, ESR_EL1), as Linux shows
// it in signal frames (arch/arm64/mm/fault.c).
#pragma once

#include "runtime/engine/guest.hpp"

namespace lyrebird::engine {

FaultRecord describe_aarch64_fault(const Fault& fault);

/// What the load, store or cache instruction `word` does to memory, as far as the syndrome's WnR and CM say it.
struct DataAccess {
    bool reads = false;
    bool writes = false;
    bool maintains_cache = false;
    bool apart = false;  // reads and writes are at different addresses
};
DataAccess aarch64_data_access(u32 word);

}  // namespace lyrebird::engine
