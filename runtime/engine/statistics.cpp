#include "runtime/engine/statistics.hpp"

#include <sys/syscall.h>

#include "runtime/base/text.hpp"
#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

void Statistics::add(const Counts& counts) {
    system_calls_.fetch_add(counts.system_calls, std::memory_order_relaxed);
    vm_calls_.fetch_add(counts.vm_calls, std::memory_order_relaxed);
    signals_.fetch_add(counts.signals, std::memory_order_relaxed);
    faults_.fetch_add(counts.faults, std::memory_order_relaxed);
    boundaries_.fetch_add(counts.boundaries, std::memory_order_relaxed);
}

void Statistics::reset() {
    for (auto* count : {&system_calls_, &vm_calls_, &signals_, &faults_, &boundaries_, &threads_, &processes_})
        *count = 0;
}

void Statistics::print(int descriptor, const isa::Cpu::Statistics& code) const {
    std::string text = format("lyre: process {}\n", process_id());
    auto line = [&text](const char* name, u64 value) { append(text, "lyre:   {:<22} {:>12}\n", name, value); };
    text += "lyre:  tier 0\n";
    line("blocks decoded", code.blocks_decoded);
    line("instructions decoded", code.instructions_decoded);
    line("bytes decoded", code.bytes_decoded);
    line("blocks found changed", code.blocks_changed);
    line("look-ups", code.lookups);
    line("runs without keeping", code.interpreted);
    if (!code.host_features.empty()) {
        append(text, "lyre:  tier 1, host with {}\n", code.host_features);
        line("blocks translated", code.blocks_translated);
        line("instructions", code.instructions_translated);
        line("guest bytes", code.bytes_translated);
        line("host bytes", code.host_bytes);
        line("translation, us", code.translation_nanoseconds / 1000);
        line("ns an instruction", code.instructions_translated == 0 ? 0 : code.translation_nanoseconds / code.instructions_translated);
        line("look-ups", code.code_lookups);
        line("links", code.links);
        line("blocks taken back", code.blocks_taken_back);
        line("blocks revived", code.blocks_revived);
        line("segments emptied", code.evictions);
    }
    text += "lyre:  engine\n";
    line("returns to the engine", boundaries_);
    line("system calls", system_calls_);
    line("calls of the vDSO", vm_calls_);
    line("signal handlers", signals_);
    line("faults", faults_);
    line("threads started", threads_);
    line("processes started", processes_);
    host_call(SYS_write, descriptor, text.data(), text.size());
}

}  // namespace lyrebird::engine
