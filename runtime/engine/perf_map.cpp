#include "runtime/engine/perf_map.hpp"

#include "runtime/base/text.hpp"
#include "runtime/engine/host.hpp"

namespace lyrebird::engine {

namespace {
constexpr ObserverFile::Kind kind{"the perf map", "perf-", ".map"};
}

Result<std::unique_ptr<PerfMap>> PerfMap::create(Names names, const std::string& directory) {
    TRY(file, ObserverFile::create(kind, directory));
    return std::unique_ptr<PerfMap>(new PerfMap(std::move(names), std::move(file)));
}

void PerfMap::translated(const isa::TranslatedCode& code) {
    line_.clear();
    append(line_, "{:x} {:x} ", as_argument(code.host), code.host_size);
    // The name ends with the line, so no control character may end it early.
    for (char c : names_(code.guest_pc)) line_ += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    line_ += '\n';
    file_->append(line_);
}

}  // namespace lyrebird::engine
