// How a program's run ends, and how the VM's own failures are told apart from the guest's exit status.
#pragma once

#include <string>

namespace lyrebird {

/// The guest's end. A guest that dies by a signal is not seen here: its process, which is this one, dies by the same
/// signal.
struct Exit {
    int status = 0;  // 0 … 255, as the guest passed it to exit or exit_group
};

/// Statuses by which `lyre` itself fails, those a shell uses for programs that it cannot start.
inline constexpr int status_vm_failure = 125;  // a wrong option, or the VM cannot work here
inline constexpr int status_cannot_run = 126;  // the program is there but cannot be run
inline constexpr int status_not_found = 127;   // there is no such program

/// Why the guest could not be started: one line without a final full stop, fit to follow "lyre: ".
struct Failure {
    std::string message;
    int status = status_vm_failure;
};

}  // namespace lyrebird
