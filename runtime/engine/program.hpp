// Starting a program: from an opened ELF file to a thread that stands at its first instruction.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "loader/initial_stack.hpp"
#include "loader/program.hpp"
#include "lyrebird/exit.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

/// Finds the program that `request` means, scripts being followed, and with it the guest.
std::expected<loader::Program, Failure> find_program(System& system, loader::ProgramRequest request);

/// Loads it into the system's memory; the new process's first thread, which has not run yet.
std::expected<std::unique_ptr<Thread>, Failure> start_program(System& system, loader::Program program,
                                                              std::vector<std::string> environment);

}  // namespace lyrebird::engine
