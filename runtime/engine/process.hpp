// One guest process: what its threads share and a forked child has for itself.
//
// Usually there is one in a host process, and fork copies it with everything else. A vfork child shares the VM's memory
// with its parent until it calls exec or _exit: it gets a Process of its own, with a copy of the signal dispositions,
// in the same System.
#pragma once

#include "runtime/engine/host_signals.hpp"
#include "runtime/engine/signal_actions.hpp"
#include "runtime/engine/system.hpp"
#include "runtime/engine/thread_registry.hpp"

namespace lyrebird::engine {

class Process {
  public:
    explicit Process(System& system) : system(system), actions(&host_signal_handler) {}
    /// A child that shares its parent's memory. The caller has all signals held.
    Process(const Process& parent) : system(parent.system), actions(parent.actions), shares_memory(true) {}

    syscall::ProcessState& state() const { return *system.state; }

    System& system;
    SignalActions actions;
    ThreadRegistry threads;
    bool shares_memory = false;  // with a parent that waits for exec or _exit
};

}  // namespace lyrebird::engine
