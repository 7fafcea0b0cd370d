// Executing the VM itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/result.hpp"
#include "runtime/engine/hand_over.hpp"

namespace lyrebird::engine {

/// Arguments or environment as execve takes them; borrows the strings.
std::vector<char*> as_pointers(const std::vector<std::string>& strings);

/// Makes the host's execveat of the VM's own file: `own_file` if that is a descriptor; by /proc; or where there is none
/// by the name it was started with. `call` makes one execveat(directory, path, arguments, environment, flags); it
/// returns only with a failure.
using ExecCall = SysResult (*)(void* data, int directory, const char* path, char* const* arguments,
                               char* const* environment, int flags);
SysResult execute_self(int own_file, const std::vector<std::string>& arguments,
                       const std::vector<std::string>& environment, ExecCall call, void* data);

/// The soft RLIMIT_STACK above which Linux places a new process's mappings so low that they would lie in the guest's
/// part.
inline constexpr u64 highest_stack_limit = u64{1} << 30;
/// What to start the VM with instead.
inline constexpr u64 safe_stack_limit = u64{64} << 20;

/// True when the VM, or what the kernel will map for it, lies or would lie in the guest's part of the address space.
bool layout_is_low();

/// Starts the VM anew with a layout that leaves the guest's part free. Returns only when that is impossible, with the
/// reason. `hand_over` is what this process was given, to be passed on.
Error restart_with_high_layout(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                               HandOver hand_over);

/// Gives the process back what `hand_over` says it was started with.
void restore_limits(const HandOver& hand_over);

}  // namespace lyrebird::engine
