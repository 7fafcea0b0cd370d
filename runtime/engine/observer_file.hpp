// A file that observers of translated code write to: perf-PID.map, jit-PID.dump.
//
// What must stay true, because guest threads write it in the middle of their own business:
// 1. The guest notices nothing: no signal comes of it (the file never grows beyond RLIMIT_FSIZE), its descriptors have
//    high numbers, are closed on exec and listed by `next_descriptor`, and what fails at run time fails silently.
// 2. Each piece reaches the kernel in one write, at once, so that a crash loses nothing; a piece that does not fit is
//    taken out again, and ends the writing, so that the file stays well formed.
// 3. A forked child has a file of its own, in the same directory even when the guest has changed its root.
// 4. Nothing is written to what somebody else may have put in the file's place: the name is easy to guess.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/base/handle.hpp"
#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::engine {

class ObserverFile {
  public:
    /// What the file is called in errors, and its name: `before`, the process's id, `after`.
    struct Kind {
        const char* what;
        const char* before;
        const char* after;
    };
    enum class Contents { none, copy };

    /// A new file, which takes the place of one that an earlier process of the same id left.
    static Result<std::unique_ptr<ObserverFile>> create(const Kind& kind, const std::string& directory);

    /// Adds `bytes`, all or none. False when they are not in the file.
    bool append(std::string_view bytes);

    /// In a forked child: from now on the child's file is written, under the same descriptor. It begins with what was
    /// in the parent's, or empty. When there can be none, nothing is written any more, and this is false.
    bool after_fork_in_child(Contents contents);

    /// Nothing is written any more.
    void stop() { stopped_.store(true, std::memory_order_relaxed); }

    /// The process whose file it is. A vfork child writes to its parent's, whose code memory it shares.
    pid_t owner() const { return owner_; }
    int descriptor() const { return file_.get(); }
    std::string path() const;
    /// The smaller of its descriptors from `from` on; −1: none.
    int next_descriptor(int from) const;

  private:
    ObserverFile(const Kind& kind, const std::string& directory) : kind_(kind), directory_name_(directory) {}
    std::string name() const;
    int open_new() const;
    bool copy_to(int file) const;

    Kind kind_;
    std::string directory_name_;
    Handle directory_;
    Handle file_;
    pid_t owner_ = 0;
    u64 size_ = 0;
    std::atomic<bool> stopped_{false};
};

}  // namespace lyrebird::engine
