// The text of the emulated files of /proc, made from the guest's map and from what the host shows of this process.
#pragma once

#include <string>
#include <string_view>

#include "syscall/context.hpp"

namespace lyrebird::syscall {

enum class ProcFile { none, executable, maps, smaps, smaps_rollup, stat, statm, status, limits, memory, cpuinfo };

/// The file of that name in /proc/<pid>; none when the host's own is right.
ProcFile proc_file_of(std::string_view name);

/// The guest's version of a file; `host` is the host's. Only for files whose text is emulated (maps … limits, cpuinfo).
std::string proc_text(const Context& context, ProcFile file, const std::string& host);

}  // namespace lyrebird::syscall
