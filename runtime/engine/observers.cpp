#include "runtime/engine/observers.hpp"

#include "runtime/base/text.hpp"
#include "runtime/engine/disassemble.hpp"
#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

Result<std::unique_ptr<Observers>> Observers::create(const System& system, const Options& options) {
    if (!options.perf_map && !options.jitdump && !options.dump_host) return nullptr;
    std::unique_ptr<Observers> observers(new Observers(system));
    auto names = [&symbols = observers->symbols_](u64 pc) { return symbols.name(pc); };
    observers->dumps_ = options.dump_host;
    if (options.perf_map) {
        TRY(map, PerfMap::create(names));
        observers->perf_map_ = std::move(map);
    }
    if (options.jitdump) {
        bool given = !options.jitdump_directory.empty();
        TRY(dump, Jitdump::create(names, given ? options.jitdump_directory : Jitdump::default_directory()));
        observers->jitdump_ = std::move(dump);
    }
    return observers;
}

void Observers::translated(const isa::TranslatedCode& code) {
    if (perf_map_ != nullptr) perf_map_->translated(code);
    if (jitdump_ != nullptr) jitdump_->translated(code);
    if (!dumps_) return;
    std::string text = format("host code of {:#x} ({}), {} bytes for {}\n", code.guest_pc, symbols_.name(code.guest_pc),
                              code.host_size, code.guest_size);
    text += disassemble_host({static_cast<const u8*>(code.host), code.host_size}, as_argument(code.host));
    host_call(SYS_write, 2, text.data(), text.size());
}

void Observers::after_fork_in_child() {
    if (perf_map_ != nullptr) perf_map_->after_fork_in_child();
    if (jitdump_ != nullptr) jitdump_->after_fork_in_child();
}

void Observers::finish() {
    if (jitdump_ != nullptr) jitdump_->finish();
}

int Observers::next_descriptor(int from) const {
    int next = perf_map_ == nullptr ? -1 : perf_map_->file().next_descriptor(from);
    int other = jitdump_ == nullptr ? -1 : jitdump_->file().next_descriptor(from);
    return next < 0 || (other >= 0 && other < next) ? other : next;
}

}  // namespace lyrebird::engine
