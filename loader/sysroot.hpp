// The sysroot: a directory that holds the guest's own files (`-L DIR`).
//
// Why it exists: a guest program names its dynamic linker and its libraries by absolute paths, which on the host belong
// to another machine. With a sysroot, an absolute guest path means DIR/path when that exists, and the host's path
// otherwise.
//
// What must stay true: symbolic links inside the sysroot are the guest's. An absolute link there leads to a path in the
// sysroot, and ".." does not lead out of it. /proc, /sys and /dev always mean the kernel's own, never the empty
// directories that stand for them in a root file system.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/handle.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::loader {

/// Whether a symbolic link that is the last part of a path is followed (open, stat) or meant itself (lstat, readlink,
/// unlink).
enum class LastLink { follow, keep };

class Sysroot {
  public:
    /// No sysroot: every guest path is the host's.
    Sysroot() = default;
    /// `directory` may be relative; it must exist. An empty string gives no sysroot.
    static Result<Sysroot> create(const std::string& directory);

    bool empty() const { return directory_.empty(); }
    /// The directory as an absolute path without symbolic links, or "".
    const std::string& directory() const { return directory_; }

    /// The host path that the guest path `path` means. Relative paths, and absolute ones that do not exist in the
    /// sysroot, come back unchanged; so a file that is to be created is created on the host.
    std::string translate(std::string_view path, LastLink last = LastLink::follow) const;
    /// The guest path by which the guest reaches the host path `path`: the inverse of translate for files in the
    /// sysroot.
    std::string guest_path(std::string_view path) const;
    /// Opens the guest path `path` with O_CLOEXEC added to `flags`. The Error's code is the host's errno.
    Result<Handle> open(const std::string& path, int flags) const;

  private:
    std::string directory_;
};

}  // namespace lyrebird::loader
