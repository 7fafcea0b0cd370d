// From how this process was started (by a user, by binfmt_misc, by itself) to a machine with a program.
#pragma once

#include <string>
#include <vector>

namespace lyrebird::cli {

/// What `main` was given.
struct Invocation {
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
    bool privileged = false;  // the kernel raised the process's rights: the environment is not to be trusted

    static Invocation of_main(int argc, char** argv, char** environment);
};

/// Does what was asked for and returns the process's exit status.
int start(Invocation invocation);

}  // namespace lyrebird::cli
