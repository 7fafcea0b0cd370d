// --jitdump: jit-PID.dump, from which `perf inject --jit` makes an ELF file of each piece of translated code, so that
// `perf report` names guest functions and `perf annotate` shows their host code, also after code memory is used again.
//
//     perf record -k mono lyre --jitdump program && perf inject --jit -i perf.data -o perf.jit.data
//
// The format is linux/tools/perf/Documentation/jitdump-specification.txt, version 1. perf finds the file by the mapping
// of its first page that every process makes, with execute permission; it is never executed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "runtime/base/result.hpp"
#include "runtime/engine/observer_file.hpp"
#include "translator/isa/code_observer.hpp"

namespace lyrebird::engine {

class Jitdump final : public isa::CodeObserver {
  public:
    using Names = std::function<std::string(u64 guest_pc)>;

    /// $JITDUMPDIR, or the current directory.
    static std::string default_directory();

    static Result<std::unique_ptr<Jitdump>> create(Names names, const std::string& directory);
    ~Jitdump() override;
    Jitdump(const Jitdump&) = delete;
    Jitdump& operator=(const Jitdump&) = delete;

    void translated(const isa::TranslatedCode& code) override;

    /// The child's file begins empty: perf lets a child inherit the code that its parent had.
    void after_fork_in_child();

    /// At the process's end, from any of its threads: the file is complete. In a vfork child this does nothing.
    void finish();

    const ObserverFile& file() const { return *file_; }

  private:
    Jitdump(Names names, std::unique_ptr<ObserverFile> file) : names_(std::move(names)), file_(std::move(file)) {}
    bool begin();
    void unmap_marker();

    Names names_;
    std::unique_ptr<ObserverFile> file_;
    void* marker_ = nullptr;
    u64 next_index_ = 0;
    std::string record_;
};

}  // namespace lyrebird::engine
