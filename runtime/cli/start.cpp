#include "runtime/cli/start.hpp"

#include <sys/auxv.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "lyrebird/machine.hpp"
#include "runtime/base/text.hpp"
#include "runtime/cli/arguments.hpp"
#include "runtime/engine/self_exec.hpp"
#include "syscall/dispatch.hpp"

namespace lyrebird::cli {

namespace {
int complain(const Failure& failure) {
    std::string line = format("lyre: {}\n", failure.message);
    [[maybe_unused]] auto written = ::write(STDERR_FILENO, line.data(), line.size());
    return failure.status;
}

int print(std::string_view text) {
    while (!text.empty()) {
        ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0) return complain({"standard output cannot be written to"});
        text.remove_prefix(std::size_t(written));
    }
    return 0;
}

/// A program named without a slash: the file of that name here, or else the first in PATH, seen through the sysroot.
std::string find_in_path(const std::string& name, const std::vector<std::string>& environment,
                         const std::string& sysroot) {
    if (name.find('/') != name.npos || ::access(name.c_str(), F_OK) == 0) return name;
    std::string_view path;
    for (const std::string& entry : environment) {
        if (entry.starts_with("PATH=")) path = std::string_view(entry).substr(5);
    }
    while (!path.empty()) {
        std::size_t colon = path.find(':');
        std::string candidate = format("{}/{}", path.substr(0, colon), name);
        bool inside = !sysroot.empty() && ::access((sysroot + candidate).c_str(), X_OK) == 0;
        if (inside || ::access(candidate.c_str(), X_OK) == 0) return candidate;
        path = colon == path.npos ? std::string_view() : path.substr(colon + 1);
    }
    return name;
}

/// What the kernel's binfmt_misc says of a program that it has `lyre` run: an open file (flag O), argv[0] as it was
/// (flag P).
struct ByKernel {
    OpenProgram program;  // without a descriptor: only its path is known
    std::vector<std::string> arguments;
};
std::optional<ByKernel> started_by_kernel(const std::vector<std::string>& arguments) {
    constexpr unsigned long keeps_first_argument = 1;  // AT_FLAGS_PRESERVE_ARGV0
    bool keeps = (::getauxval(AT_FLAGS) & keeps_first_argument) != 0 && arguments.size() > 2;
    errno = 0;
    auto descriptor = int(::getauxval(AT_EXECFD));
    if (errno != 0) descriptor = -1;
    if (arguments.size() < 2 || (descriptor < 0 && !keeps)) return std::nullopt;
    ByKernel start{{descriptor, arguments[1], arguments[1]}, {}};
    start.arguments.assign(arguments.begin() + (keeps ? 2 : 1), arguments.end());
    return start;
}

template <class Program>
int run(const Options& options, const Program& program, const std::vector<std::string>& arguments,
        const std::vector<std::string>& environment) {
    auto machine = Machine::create(options);
    if (!machine) return complain(machine.error());
    auto loaded = machine->load(program, arguments, environment);
    if (!loaded) return complain(loaded.error());
    Exit exit = machine->run();
    ::_exit(exit.status);  // other guest threads may still run: nothing is to be taken down
}

int run_command(const Command& command, const Invocation& invocation) {
    std::vector<std::string> environment = guest_environment(command, invocation.environment);
    std::string program = find_in_path(command.program, environment, command.options.sysroot);
    return run(command.options, program, command.arguments, environment);
}
}  // namespace

Invocation Invocation::of_main(int argc, char** argv, char** environment) {
    Invocation invocation;
    invocation.arguments.assign(argv, argv + argc);
    for (; *environment != nullptr; ++environment) invocation.environment.emplace_back(*environment);
    invocation.privileged = ::getauxval(AT_SECURE) != 0;
    return invocation;
}

int start(Invocation invocation) {
    std::optional<engine::HandOver> handed_over;
    if (!invocation.privileged) handed_over = engine::take_hand_over(invocation.environment);
    if (engine::layout_is_low()) {
        engine::HandOver so_far = handed_over.value_or(engine::HandOver{});
        return complain(
            {engine::restart_with_high_layout(invocation.arguments, invocation.environment, so_far).message});
    }
    if (handed_over) {
        engine::restore_limits(*handed_over);
        if (const auto& given = handed_over->program) {
            OpenProgram program{given->descriptor, given->path, given->name};
            return run(handed_over->options, program, invocation.arguments, invocation.environment);
        }
    }
    if (auto by_kernel = started_by_kernel(invocation.arguments)) {
        auto defaults =
            parse({"lyre", "-"}, invocation.privileged ? std::vector<std::string>{} : invocation.environment);
        if (!defaults) return complain({defaults.error().message});
        if (by_kernel->program.descriptor < 0) {
            return run(defaults->options, by_kernel->program.path, by_kernel->arguments, invocation.environment);
        }
        return run(defaults->options, by_kernel->program, by_kernel->arguments, invocation.environment);
    }
    auto command =
        parse(invocation.arguments, invocation.privileged ? std::vector<std::string>{} : invocation.environment);
    if (!command) return complain({command.error().message});
    switch (command->action) {
        case Action::help:
            return print(help());
        case Action::version:
            return print("lyre " LYREBIRD_VERSION "\n");
        case Action::system_calls:
            return print(syscall::coverage());
        case Action::run:
            break;
    }
    return run_command(*command, invocation);
}

}  // namespace lyrebird::cli
