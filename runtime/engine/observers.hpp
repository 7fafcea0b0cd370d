// Everybody who is told of translated code: the perf map, the jitdump, and --dump=host. One object, because the code cache
// tells one.
#pragma once

#include <memory>

#include "lyrebird/options.hpp"
#include "runtime/base/result.hpp"
#include "runtime/engine/jitdump.hpp"
#include "runtime/engine/perf_map.hpp"
#include "runtime/engine/symbol_names.hpp"

namespace lyrebird::engine {

class Observers final : public isa::CodeObserver {
  public:
    /// Those that `options` ask for; null when they ask for none.
    static Result<std::unique_ptr<Observers>> create(const System& system, const Options& options);

    void translated(const isa::TranslatedCode& code) override;
    void after_fork_in_child();
    /// At the process's end.
    void finish();
    /// The smallest of their descriptors from `from` on; −1: none.
    int next_descriptor(int from) const;

  private:
    explicit Observers(const System& system) : symbols_(system) {}

    SymbolNames symbols_;
    std::unique_ptr<PerfMap> perf_map_;
    std::unique_ptr<Jitdump> jitdump_;
    bool dumps_ = false;
};

}  // namespace lyrebird::engine
