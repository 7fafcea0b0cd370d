// What all threads of a machine share, whatever process they belong to: the options, the guest's memory and files, the program,
// and the counts. A vfork child is a process of its own (see process.hpp) in the same System.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "loader/sysroot.hpp"
#include "lyrebird/options.hpp"
#include "runtime/engine/guest.hpp"
#include "runtime/engine/statistics.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::engine {

class Process;
class Thread;

class System {
  public:
    explicit System(const Options& options);
    ~System();

    Options options;
    const Guest* guest = nullptr;
    std::unique_ptr<memory::AddressSpace> memory;
    loader::Sysroot sysroot;
    Statistics statistics;
    std::unique_ptr<syscall::ProcessState> state;

    bool randomise = true;  // places are chosen by chance, as the host's settings want it

    /// The running program by its guest path, absolute and without links: what /proc/self/exe says.
    std::string executable;
    GuestAddress vdso_start;
    GuestAddress vdso_end;
    GuestAddress signal_return;  // the vDSO's rt_sigreturn

    /// The first process; a vfork child's is its own.
    std::unique_ptr<Process> process;
    std::unique_ptr<Thread> first_thread;  // from loading until it runs, when it owns itself

    /// Writes what is to be written when the process ends. `cpu`: any of the process's.
    void finish(isa::Cpu& cpu) const;

    /// True once for each rise of the memory's code generation: translations are to be dropped then.
    bool code_may_have_changed();

  private:
    std::atomic<u64> seen_generation_{0};
};

}  // namespace lyrebird::engine
