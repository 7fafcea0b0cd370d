// A program that runs another processor's program inside itself, through the public interface alone.
//
//     embed PROGRAM [ARGUMENT …]
#include <unistd.h>

#include <cstdio>
#include <string>
#include <vector>

#include "lyrebird/machine.hpp"

int main(int argc, char** argv, char** environment) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: embed PROGRAM [ARGUMENT ...]\n");
        return lyrebird::status_vm_failure;
    }
    auto complain = [](const lyrebird::Failure& failure) {
        std::fprintf(stderr, "embed: %s\n", failure.message.c_str());
        return failure.status;
    };

    std::vector<std::string> arguments(argv + 1, argv + argc);
    std::vector<std::string> variables;
    for (; *environment != nullptr; ++environment) variables.emplace_back(*environment);

    lyrebird::Options options;
    options.statistics = true;  // what `lyre --stats` does
    auto machine = lyrebird::Machine::create(options);
    if (!machine) return complain(machine.error());
    auto loaded = machine->load(arguments[0], arguments, variables);
    if (!loaded) return complain(loaded.error());

    // From here on this process is the guest's; other threads of it may still run when this one has ended.
    lyrebird::Exit exit = machine->run();
    _exit(exit.status);
}
