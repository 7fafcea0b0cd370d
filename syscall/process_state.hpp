// What system calls remember for the whole process: the limits that the host's kernel must not know, where the trace
// goes, and which unsupported calls were made. The engine owns one; it is copied by fork with the rest of the memory.
//
// What must stay true: nothing here is held across a host call, and before_fork/after_fork frame every fork of a
// process with several threads, so that the child never finds the lock taken.
#pragma once

#include <sys/resource.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::syscall {

/// A resource's limits in the kernel's units (RLIM_INFINITY: none).
struct Limit {
    u64 soft = RLIM_INFINITY;
    u64 hard = RLIM_INFINITY;
};

class ProcessState {
  public:
    /// Takes RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK from the host's process: they are the guest's from now on.
    ProcessState();

    /// True for the three resources that are enforced on the guest's map and not by the host's kernel. They are still
    /// the host's at start-up and are to be set there again before an exec.
    static bool keeps(int resource);
    /// `resource` is one that is kept.
    Limit limit(int resource) const;
    void set_limit(int resource, Limit limit);

    /// True for the file that runs as this process on the host: /proc/self/exe leads there.
    bool is_own_executable(u64 device, u64 inode) const {
        return inode == executable_inode_ && device == executable_device_;
    }

    /// Where --strace writes, a descriptor; −1: nowhere.
    int trace_descriptor = -1;
    /// True once there were several guest threads or processes that share the trace: lines then begin with the thread's
    /// id.
    std::atomic<bool> traces_several{false};

    /// True once the guest has opened a /proc/<pid>/mem: only then are reads and writes asked whether they go there.
    std::atomic<bool> has_memory_files{false};
    /// Rises when a file that is opened lies on the root's mount, falls faster when it does not: see open_without_crossing.
    std::atomic<int> opens_without_crossing{0};
    /// The guest's personality bits that the host must not see (READ_IMPLIES_EXEC).
    std::atomic<u32> personality{0};

    /// Remembers that an unsupported call was made; `number` is the guest's. Async-signal-safe.
    void note_unsupported(u64 number);
    /// The names of the unsupported calls that were made, separated by ", "; "" when there were none. For reports.
    std::string unsupported() const;

    void before_fork() { lock_.lock(); }
    void after_fork_in_parent() { lock_.unlock(); }
    void after_fork_in_child() { lock_.unlock(); }

  private:
    static constexpr std::size_t known_numbers = 512;

    mutable std::mutex lock_;
    std::array<Limit, 3> limits_;
    u64 executable_device_ = 0;
    u64 executable_inode_ = 0;  // 0: unknown, there is no /proc
    std::array<std::atomic<u64>, known_numbers / 64> unsupported_{};
};

}  // namespace lyrebird::syscall
