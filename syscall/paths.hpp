// File names as arguments. An absolute name means the sysroot's file when there is one, else the host's
// (loader/sysroot.hpp); relative names are passed as they are.
//
// What must stay true: what is created, removed or renamed is the host's, unless the directory it is in exists in the
// sysroot only. A name that cannot be read is handed to the kernel, which finds the error in its own order of checks.
#pragma once

#include <expected>
#include <string>

#include "syscall/arguments.hpp"

namespace lyrebird::syscall {

enum class PathUse {
    follow,  // an existing file; a symbolic link at the end is followed
    keep,    // an existing file; a symbolic link at the end is meant itself
    change,  // an entry of a directory: made, removed, renamed
};

/// The host's name of the file that the guest calls `path`.
std::string host_path(const Context& context, const std::string& path, PathUse use);

struct PathArgument : Text {
    using Text::Text;

    /// The guest's name, or the errno of reading it (EFAULT, ENAMETOOLONG).
    std::expected<std::string, int> read(const Context& context) const {
        return guest_memory(context).read_string(GuestAddress(value), PATH_MAX);
    }

  protected:
    /// What to give the kernel; the object must live until the call returns.
    u64 host_as(const Context& context, PathUse use) {
        return context.sysroot.empty() ? guarded(context, value, 1) : translated(context, use);
    }

  private:
    u64 translated(const Context& context, PathUse use);

    std::string host_text_;
};

/// A file that is looked up, its last symbolic link followed.
struct Path : PathArgument {
    using PathArgument::PathArgument;
    u64 host(const Context& context) { return host_as(context, PathUse::follow); }
};
/// A file that is looked up, its last symbolic link not followed.
struct LinkPath : PathArgument {
    using PathArgument::PathArgument;
    u64 host(const Context& context) { return host_as(context, PathUse::keep); }
};
/// A directory's entry that is made, removed or renamed.
struct EntryPath : PathArgument {
    using PathArgument::PathArgument;
    u64 host(const Context& context) { return host_as(context, PathUse::change); }
};
/// A file that is looked up; argument `flags_index` may hold AT_SYMLINK_NOFOLLOW.
template <int flags_index>
struct PathAt : PathArgument {
    u64 flags;
    PathAt(const u64* registers, int index) : PathArgument(registers, index), flags(registers[flags_index]) {}
    PathUse use() const { return (flags & AT_SYMLINK_NOFOLLOW) != 0 ? PathUse::keep : PathUse::follow; }
    u64 host(const Context& context) { return host_as(context, use()); }
};

}  // namespace lyrebird::syscall
