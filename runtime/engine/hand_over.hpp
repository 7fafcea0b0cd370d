// What one `lyre` process hands over to the next when it executes itself: a guest's exec, or a second start with a
// better layout.
//
// Why an environment variable: the new process's arguments are the guest's own, so that the kernel shows them to
// others, and must not be mixed with ours. The variable is the environment's last entry and is removed before the guest
// can see it. A process that was started with raised privileges ignores it.
#pragma once

#include <sys/resource.h>

#include <optional>
#include <string>
#include <vector>

#include "lyrebird/options.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::engine {

/// A guest program that an exec has found and checked.
struct ProgramToRun {
    int descriptor = -1;  // the ELF file, open for reading; to be closed by the receiver
    std::string path;     // of that file on the host
    std::string name;     // AT_EXECFN
};

struct HandOver {
    std::optional<u64>
        stack_limit;  // RLIMIT_STACK's soft value that the guest is to have, when the VM was started with another
    std::optional<u32> personality;  // the same for personality(2)
    std::optional<ProgramToRun> program;
    Options options;  // when there is a program
};

/// "NAME=text" for the environment.
std::string encode(const HandOver& hand_over);
/// Finds and removes the variable in `environment`; nothing when it is not there or not ours.
std::optional<HandOver> take_hand_over(std::vector<std::string>& environment);

}  // namespace lyrebird::engine
