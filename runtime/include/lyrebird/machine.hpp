// The public interface: a machine that runs one program of another processor in this process.
//
// The guest's process *is* this process: its signals, descriptors, threads and children are the kernel's own. So there
// is one machine in a process, and the process belongs to the guest from `run` on.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "lyrebird/exit.hpp"
#include "lyrebird/options.hpp"

namespace lyrebird {

namespace engine {
class System;
}

/// A program by descriptor, as fexecve has it. `path` is where it is on the host, for messages; `name` is what the
/// guest is told (AT_EXECFN).
struct OpenProgram {
    int descriptor = -1;
    std::string path;
    std::string name;
};

class Machine {
  public:
    /// Reserves the guest's address space. Fails when the host's layout does not allow it, or when there is a machine
    /// already.
    static std::expected<Machine, Failure> create(const Options& options);

    /// Loads `program` (a path as the guest sees it) with its arguments, the first of which is its own name, and
    /// environment. To be called once, before `run`.
    std::expected<void, Failure> load(const std::string& program, const std::vector<std::string>& arguments,
                                      const std::vector<std::string>& environment);

    /// The same for a program that is open already, for reading, as `program.descriptor`, which is closed.
    std::expected<void, Failure> load(const OpenProgram& program, const std::vector<std::string>& arguments,
                                      const std::vector<std::string>& environment);

    /// Runs the loaded program to its end on the calling thread. Returns when this thread's guest ends the program; if
    /// another of its threads does, the process exits there and then. The caller should exit with the status: other
    /// guest threads may still be running. A guest that dies by a signal, or replaces itself by exec, takes the process
    /// with it.
    Exit run();

    Machine(Machine&&) noexcept;
    Machine& operator=(Machine&&) noexcept;
    ~Machine();

  private:
    explicit Machine(std::unique_ptr<engine::System> system);
    std::unique_ptr<engine::System> system_;
};

}  // namespace lyrebird
