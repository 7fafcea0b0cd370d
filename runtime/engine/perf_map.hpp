// --perf-map: /tmp/perf-PID.map, by which `perf report` and `perf top` name translated code after guest functions.
//
// The format (linux/tools/perf/Documentation/jit-interface.txt) is one line a piece of code, "START SIZE name" with
// hexadecimal numbers without 0x. There is no time in it: when code memory is used again, names of the old and the new
// code overlap. Where that matters, or the code itself is wanted, there is --jitdump.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "runtime/base/result.hpp"
#include "runtime/engine/observer_file.hpp"
#include "translator/isa/code_observer.hpp"

namespace lyrebird::engine {

class PerfMap final : public isa::CodeObserver {
  public:
    using Names = std::function<std::string(u64 guest_pc)>;

    /// perf looks in /tmp only; another directory is for tests.
    static Result<std::unique_ptr<PerfMap>> create(Names names, const std::string& directory = "/tmp");

    void translated(const isa::TranslatedCode& code) override;

    /// The child's map begins with its parent's, because the child has inherited the code. `perf record` looks into it
    /// only for code memory whose rights the child has changed since (mprotect); what is inherited stays the parent's.
    void after_fork_in_child() { file_->after_fork_in_child(ObserverFile::Contents::copy); }

    const ObserverFile& file() const { return *file_; }

  private:
    PerfMap(Names names, std::unique_ptr<ObserverFile> file) : names_(std::move(names)), file_(std::move(file)) {}

    Names names_;
    std::unique_ptr<ObserverFile> file_;
    std::string line_;
};

}  // namespace lyrebird::engine
