// Calls that name files without opening them, where the sysroot or /proc shows.
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstring>

#include "syscall/handlers.hpp"
#include "syscall/proc.hpp"

namespace lyrebird::syscall {

SysResult working_directory(Context& context, OutBytes<1> buffer, Size size) {
    if (context.sysroot.empty()) return guest_call(context, SYS_getcwd, buffer.host(context), size.value);
    char host[PATH_MAX];
    const SysResult length = guest_call(context, SYS_getcwd, host_pointer(host), sizeof host);
    if (length < 0) return length;
    const std::string guest = context.sysroot.guest_path(host);
    if (guest.size() + 1 > size.value) return -ERANGE;
    if (!guest_memory(context).write(GuestAddress(buffer.value), guest.c_str(), guest.size() + 1)) return -EFAULT;
    return static_cast<SysResult>(guest.size() + 1);
}

SysResult read_link(Context& context, DirFd directory, LinkPath path, OutBytes<3> buffer, Int size) {
    const u64 name = path.host(context);
    if (size.as_int() > 0) {
        if (auto target = own_link(context, directory.as_int(), path)) {
            const u64 count = std::min<u64>(target->size(), static_cast<u64>(size.as_int()));
            const bool written = guest_memory(context).write(GuestAddress(buffer.value), target->data(), count);
            return written ? static_cast<SysResult>(count) : -EFAULT;
        }
    }
    return guest_call(context, SYS_readlinkat, directory.value, name, buffer.host(context), size.value);
}

namespace {
/// The host's name of the guest's program when `path` led to the VM's own executable by a link in /proc; else nothing.
std::optional<std::string> program_instead(Context& context, DirFd directory, const PathArgument& path, u64 device,
                                           u64 inode) {
    if (!context.process.is_own_executable(device, inode)) return std::nullopt;
    auto name = path.read(context);
    if (!name || !names_own_executable(context, directory.as_int(), *name)) return std::nullopt;
    return host_path(context, context.services.executable_path(), PathUse::follow);
}
}  // namespace

SysResult stat_file(Context& context, DirFd directory, PathAt<3> path, StatOut status, Flags<at_names> flags) {
    auto call = [&](u64 at, u64 name) {
        return guest_call(context, SYS_newfstatat, at, name, status.host(context), flags.value);
    };
    SysResult result = call(directory.value, path.host(context));
    if (result == 0) {
        if (auto program = program_instead(context, directory, path, status.host_.st_dev, status.host_.st_ino)) {
            result = call(static_cast<u64>(AT_FDCWD), host_pointer(program->c_str()));
        }
    }
    return status.leave(context, result);
}

SysResult stat_file_extended(Context& context, DirFd directory, PathAt<2> path, Flags<at_names> flags, Hex mask,
                             Out<struct statx> status) {
    auto call = [&](u64 at, u64 name) {
        return guest_call(context, SYS_statx, at, name, flags.value, mask.value, status.host(context));
    };
    const SysResult result = call(directory.value, path.host(context));
    if (result != 0) return result;
    auto written = guest_memory(context).read<struct statx>(GuestAddress(status.value));
    if (!written) return result;
    const u64 device = makedev(written->stx_dev_major, written->stx_dev_minor);
    auto program = program_instead(context, directory, path, device, written->stx_ino);
    return program ? call(static_cast<u64>(AT_FDCWD), host_pointer(program->c_str())) : result;
}

SysResult list_directory(Context& context, Fd directory, OutOpaque<2> entries, UInt size) {
    for (;;) {
        const SysResult bytes = guest_call(context, SYS_getdents64, directory.value, entries.host(context), size.value);
        const SysResult left = hide_owned_descriptors(context, directory.as_int(), GuestAddress(entries.value), bytes);
        if (left != 0 || bytes == 0) return left;  // nothing left of something: there may be more behind it
    }
}

SysResult change_root(Context& context, Path path) {
    context.services.root_changes();
    return guest_call(context, SYS_chroot, path.host(context));
}

SysResult pivot_root(Context& context, Path new_root, Path put_old) {
    context.services.root_changes();
    return guest_call(context, SYS_pivot_root, new_root.host(context), put_old.host(context));
}

SysResult rename_at(Context& context, DirFd old_directory, EntryPath old_path, DirFd new_directory,
                    EntryPath new_path) {
    if (!context.abi.has_renameat) return -ENOSYS;
    return guest_call(context, SYS_renameat, old_directory.value, old_path.host(context), new_directory.value,
                      new_path.host(context));
}

}  // namespace lyrebird::syscall
