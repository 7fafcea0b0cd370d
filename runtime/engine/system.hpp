// What all threads of a machine share, whatever process they belong to: the options, the guest's memory and files, the
// program, and the counts. A vfork child is a process of its own (see process.hpp) in the same System.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "loader/sysroot.hpp"
#include "lyrebird/options.hpp"
#include "runtime/engine/guest.hpp"
#include "runtime/engine/statistics.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::engine {

class Observers;
class Process;
class Thread;

/// Moves a descriptor of the VM's own, with close-on-exec, to a high number, away from those that guests expect to get.
int out_of_the_way(int descriptor);

class System {
  public:
    explicit System(const Options& options);
    ~System();

    Options options;
    const Guest* guest = nullptr;  // as the program's machine says, from when it has been found
    std::unique_ptr<memory::AddressSpace> memory;
    loader::Sysroot sysroot;
    Statistics statistics;
    std::unique_ptr<syscall::ProcessState> state;
    std::unique_ptr<Observers> observers;  // of translated code, or null

    bool randomise = true;  // places are chosen by chance, as the host's settings want it

    /// The running program by its guest path, absolute and without links: what /proc/self/exe says.
    std::string executable;
    GuestAddress vdso_start;
    GuestAddress vdso_end;
    GuestAddress signal_return;  // the vDSO's rt_sigreturn

    /// The first process; a vfork child's is its own.
    std::unique_ptr<Process> process;
    std::unique_ptr<Thread> first_thread;  // from loading until it runs, when it owns itself

    // Descriptors of the VM's own, which the guest can neither close nor replace; −1: none.
    int trace_file = -1;
    std::atomic<int> own_file{-1};  // the VM's executable, once the guest has changed its root

    /// Opens the VM's executable, so that exec finds it in another root, too.
    void keep_own_file();
    /// The smallest of the VM's own descriptors from `from` on; −1: none.
    int next_owned_descriptor(int from) const;

    /// Writes what is to be written when the process ends. `cpu`: any of the process's.
    void finish(isa::Cpu& cpu) const;

    /// Calls `drop(range)` for each range of guest code that has changed; returns when that has been done for every change
    /// made so far, by whichever thread. False when there was none.
    template <class Drop>
    bool for_code_changes(Drop drop) {
        if (memory->code_generation() == handled_generation_.load(std::memory_order_acquire)) return false;
        std::lock_guard lock(code_changes);
        u64 now = memory->code_generation();
        if (now == handled_generation_.load(std::memory_order_relaxed)) return false;
        for (memory::CodeRange range : memory->take_code_changes()) drop(range);
        handled_generation_.store(now, std::memory_order_release);
        return true;
    }
    /// Held by who drops what has changed, so that nobody goes on before it is dropped. The first of fork's locks.
    std::mutex code_changes;

  private:
    std::atomic<u64> handled_generation_{0};
};

}  // namespace lyrebird::engine
