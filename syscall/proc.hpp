// What /proc shows of this process, where the host's kernel would show the VM: the guest's map, program, limits and
// processor, by whatever name, link or descriptor it is reached.
//
// How: a file is opened as the guest asked. Then the descriptor is asked what it is: a file of a proc file system, of
// this process, and one of those that are emulated. If so, a file with the guest's content takes its place, made once,
// when it is opened. So no name has to be guessed from the path's text.
#pragma once

#include <optional>
#include <string>

#include "syscall/paths.hpp"

namespace lyrebird::syscall {

/// To be called with every descriptor that the guest has opened. Returns the descriptor, whose file may have been
/// replaced.
SysResult opened_file(Context& context, int descriptor, int directory, const PathArgument& path, u64 host_flags);

/// True when the guest's `path` leads to this process's /proc/<pid>/exe, through any symbolic links.
bool names_own_executable(Context& context, int directory, const std::string& path);

/// What the symbolic link `path` of /proc shows the guest instead of what the host says; nothing: the host is right.
std::optional<std::string> own_link(Context& context, int directory, const PathArgument& path);

/// Takes the VM's own descriptors out of a listing of /proc/<pid>/fd: `bytes` of linux_dirent64 at `entries`, read from
/// `directory`. How many bytes are left.
SysResult hide_owned_descriptors(Context& context, int directory, GuestAddress entries, SysResult bytes);

/// Keeps reads and writes through this process's own /proc/<pid>/mem inside of the guest's part: cuts `count` down, or
/// returns −EIO as the kernel does for memory that is not there. `offset` null: the descriptor's own position.
SysResult limit_open_memory_file(Context& context, int descriptor, const u64* offset, u64& count);
inline SysResult limit_memory_file(Context& context, int descriptor, const u64* offset, u64& count) {
    if (!context.process.has_memory_files.load(std::memory_order_relaxed)) [[likely]]
        return 0;
    return limit_open_memory_file(context, descriptor, offset, count);
}

}  // namespace lyrebird::syscall
