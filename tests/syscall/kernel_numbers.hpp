// The kernel's table of 64-bit system calls, as its own header gives it (asm-generic/unistd.h).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace lyrebird::syscall::testing {

/// (number, name of the kernel's function) for every entry.
std::vector<std::pair<int, std::string>> kernel_numbers();

/// The host's numbers by name, from asm/unistd_64.h.
const std::map<std::string, int>& host_numbers();

}  // namespace lyrebird::syscall::testing
