#include "runtime/engine/system.hpp"

#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

System::System(const Options& options) : options(options) {}
System::~System() = default;

bool System::code_may_have_changed() {
    u64 now = memory->code_generation();
    return seen_generation_.exchange(now, std::memory_order_acq_rel) != now;
}

void System::finish(isa::Cpu& cpu) const {
    if (options.statistics) statistics.print(2, cpu.statistics());
}

}  // namespace lyrebird::engine
