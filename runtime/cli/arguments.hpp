// The command line of `lyre`: one table of options, from which parsing, `--help` and the LYRE_* environment variables
// derive.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lyrebird/options.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::cli {

enum class Action { run, help, version, system_calls };

/// What the user asked for.
struct Command {
    Action action = Action::run;
    Options options;
    std::string program;                        // as it was given
    std::vector<std::string> arguments;         // argv, [0] included
    std::vector<std::string> set_variables;     // "NAME=value"
    std::vector<std::string> unset_variables;   // "NAME"
    std::optional<std::string> first_argument;  // argv[0], when it is not to be the program
};

/// Takes apart `arguments` (argv, with [0]). `environment`: "NAME=value" entries, of which LYRE_* are defaults of
/// options. An Error is one line about a wrong option or value.
Result<Command> parse(const std::vector<std::string>& arguments, const std::vector<std::string>& environment);

/// The text of --help.
std::string help();

/// `environment` with the command's variables set and unset.
std::vector<std::string> guest_environment(const Command& command, std::vector<std::string> environment);

}  // namespace lyrebird::cli
