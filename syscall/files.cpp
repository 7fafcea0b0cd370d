// Calls on files and descriptors that need more than a pass: names in the sysroot or in /proc, flags that differ
// between machines, and the VM's own descriptors, which the guest can neither close nor replace.
#include <linux/openat2.h>

#include <algorithm>
#include <climits>
#include <optional>
#include <vector>

#include "syscall/handlers.hpp"
#include "syscall/numbers.hpp"
#include "syscall/proc.hpp"

namespace lyrebird::syscall {

namespace {
bool owned_by_vm(const Context& context, Fd fd) {
    return fd.as_int() >= 0 && context.services.next_owned_descriptor(fd.as_int()) == fd.as_int();
}

/// The host's name of what is to be opened: a file that exists in the sysroot, or one that is made where its directory
/// is.
std::string opened_path(const Context& context, const std::string& path, u64 host_flags) {
    const bool keep = (host_flags & O_NOFOLLOW) != 0 || (host_flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    auto found = host_path(context, path, keep ? PathUse::keep : PathUse::follow);
    if ((host_flags & O_CREAT) == 0 || found != path) return found;
    return host_path(context, path, PathUse::change);
}

bool is_absolute(const Context& context, const Path& path, const std::string& translated) {
    char first = 0;
    if (!translated.empty()) return translated.starts_with('/');
    return guest_memory(context).read(&first, GuestAddress(path.value), 1) && first == '/';
}

/// Opens a file whose absolute name leads across no mount. That is none of /proc, nor through it, and nobody has to ask what it is
/// (`opened_file`). Nothing when it cannot be opened in this way, or when most files lie elsewhere and it is not worth a try.
std::optional<SysResult> open_without_crossing(Context& context, u64 name, const open_how& how) {
    constexpr u64 plain = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_NOFOLLOW |
                          O_CLOEXEC | 0100000;  // O_LARGEFILE
    constexpr int best = 16, lost = 4, worst = -16;
    auto& score = context.process.opens_without_crossing;
    int before = score.load(std::memory_order_relaxed);
    if (before <= worst || (how.flags & ~plain) != 0) return std::nullopt;
    open_how strict{.flags = how.flags, .mode = (how.flags & O_CREAT) != 0 ? how.mode & 07777 : 0, .resolve = RESOLVE_NO_XDEV};
    const SysResult result =
        guest_call(context, SYS_openat2, u64(AT_FDCWD), name, host_pointer(&strict), sizeof strict);
    // Besides those that cross a mount, kernels and filters that know no openat2.
    bool impossible = result == -EXDEV || result == -ENOSYS || result == -EPERM || result == -EINVAL;
    score.store(impossible ? before - lost : std::min(before + 1, best), std::memory_order_relaxed);
    if (impossible) return std::nullopt;
    return result;
}

/// Opens through `how`, a host's open_how; for RESOLVE_IN_ROOT and RESOLVE_BENEATH a name is not the file system's.
SysResult open_translated(Context& context, DirFd directory, Path& path, const open_how& how, u64 how_size) {
    u64 name = guarded(context, path.value, 1);
    std::string translated;
    if (!context.sysroot.empty() && (how.resolve & (RESOLVE_IN_ROOT | RESOLVE_BENEATH)) == 0) {
        auto text = path.read(context);
        if (text && text->starts_with('/')) {
            translated = opened_path(context, *text, how.flags);
            name = host_pointer(translated.c_str());
        }
    }
    if (how_size == 0 && is_absolute(context, path, translated)) {
        if (auto opened = open_without_crossing(context, name, how)) return *opened;
    }
    const SysResult descriptor =
        how_size == 0 ? guest_call(context, SYS_openat, directory.value, name, how.flags, how.mode)
                      : guest_call(context, SYS_openat2, directory.value, name, host_pointer(&how), how_size);
    if (descriptor < 0) return descriptor;
    return opened_file(context, static_cast<int>(descriptor), directory.as_int(), path, how.flags);
}
}  // namespace

SysResult open_file(Context& context, DirFd directory, Path path, OpenFlags flags, OpenMode mode) {
    const open_how how{.flags = flags.host(context), .mode = mode.value, .resolve = 0};
    return open_translated(context, directory, path, how, 0);
}

SysResult open_file_how(Context& context, DirFd directory, Path path, Pointer how, Size size) {
    open_how host{};
    // What is longer than the structure that is known here goes to the kernel as it is; it knows whether it is too
    // long.
    if (size.value != sizeof host || !guest_memory(context).read(&host, GuestAddress(how.value), sizeof host)) {
        return guest_call(context, SYS_openat2, directory.value, path.host(context), how.host(context), size.value);
    }
    if (context.abi.arm_open_flags) {
        host.flags = (host.flags & ~u64{~u32{0}}) | OpenFlags::to_host(context.abi, static_cast<u32>(host.flags));
    }
    return open_translated(context, directory, path, host, sizeof host);
}

SysResult close_file(Context& context, Fd fd) {
    if (owned_by_vm(context, fd)) return -EBADF;
    return guest_call(context, SYS_close, fd.value);
}

SysResult close_files(Context& context, UInt first, UInt last, Flags<close_range_names> flags) {
    u64 from = first.as_u32();
    const u64 end = u64{last.as_u32()} + 1;
    if (from >= end) return guest_call(context, SYS_close_range, first.value, last.value, flags.value);
    while (from < end) {
        const int owned = from > INT_MAX ? -1 : context.services.next_owned_descriptor(static_cast<int>(from));
        const u64 stop = owned < 0 || static_cast<u64>(owned) >= end ? end : static_cast<u64>(owned);
        if (stop > from) {
            const SysResult result = guest_call(context, SYS_close_range, from, stop - 1, flags.value);
            if (result != 0) return result;
        }
        from = stop + 1;
    }
    return 0;
}

SysResult duplicate_to(Context& context, Fd old_fd, Fd new_fd, DescriptorFlags flags) {
    if (owned_by_vm(context, old_fd) || owned_by_vm(context, new_fd)) return -EBADF;
    return guest_call(context, SYS_dup3, old_fd.value, new_fd.value, flags.host(context));
}

SysResult control_file(Context& context, Fd fd, Choice<fcntl_names> command, Word argument) {
    if (owned_by_vm(context, fd)) return -EBADF;
    auto call = [&](u64 host) { return guest_call(context, SYS_fcntl, fd.value, command.value, host); };
    switch (command.as_int()) {
        case F_GETFL: {
            const SysResult flags = call(argument.value);
            return flags < 0 ? flags : OpenFlags::from_host(context.abi, static_cast<u32>(flags));
        }
        case F_SETFL:
            return call(OpenFlags::to_host(context.abi, static_cast<u32>(argument.value)));
        case F_GETLK:
        case F_SETLK:
        case F_SETLKW:
        case 36:
        case 37:
        case 38:  // F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW
            return call(guarded(context, argument.value, sizeof(struct flock)));
        case 15:
        case 16:
        case 17:  // F_SETOWN_EX, F_GETOWN_EX, F_GETOWNER_UIDS
        case 1035:
        case 1036:
        case 1037:
        case 1038:  // F_GET_RW_HINT …
            return call(guarded(context, argument.value, sizeof(u64)));
        default:
            return call(guarded_word(context, argument.value));
    }
}

SysResult read_file(Context& context, Fd fd, OutBuffer<2> buffer, Size size) {
    u64 count = size.value;
    if (SysResult result = limit_memory_file(context, fd.as_int(), nullptr, count); result != 0) return result;
    return guest_call(context, SYS_read, fd.value, buffer.host(context), count);
}

SysResult write_file(Context& context, Fd fd, InBuffer<2> buffer, Size size) {
    u64 count = size.value;
    if (SysResult result = limit_memory_file(context, fd.as_int(), nullptr, count); result != 0) return result;
    return guest_call(context, SYS_write, fd.value, buffer.host(context), count);
}

SysResult read_file_at(Context& context, Fd fd, OutBuffer<2> buffer, Size size, Offset offset) {
    u64 count = size.value;
    if (SysResult result = limit_memory_file(context, fd.as_int(), &offset.value, count); result != 0) return result;
    return guest_call(context, SYS_pread64, fd.value, buffer.host(context), count, offset.value);
}

SysResult write_file_at(Context& context, Fd fd, InBuffer<2> buffer, Size size, Offset offset) {
    u64 count = size.value;
    if (SysResult result = limit_memory_file(context, fd.as_int(), &offset.value, count); result != 0) return result;
    return guest_call(context, SYS_pwrite64, fd.value, buffer.host(context), count, offset.value);
}

namespace {
// struct xattr_args of linux/xattr.h.
struct AttributeValue {
    u64 address;
    u32 size;
    u32 flags;
};

/// True when `size` bytes at `address` can be read and all are 0, as the kernel asks of what it does not know.
bool all_zero(const Context& context, u64 address, u64 size) {
    std::vector<u8> bytes(size);
    if (!guest_memory(context).read(bytes.data(), GuestAddress(address), size)) return false;
    return std::all_of(bytes.begin(), bytes.end(), [](u8 byte) { return byte == 0; });
}

SysResult attribute_at(Context& context, long number, DirFd directory, PathAt<2>& path, u64 flags, Text name,
                       Pointer value, Size size) {
    AttributeValue host{};
    u64 argument = value.host(context);
    u64 host_size = size.value;
    // A structure of another size, or with more in it than is known here, is refused by the kernel itself.
    if (size.value >= sizeof host && size.value <= page_size &&
        guest_memory(context).read(&host, GuestAddress(value.value), sizeof host) &&
        all_zero(context, value.value + sizeof host, size.value - sizeof host)) {
        host.address = guarded(context, host.address, 1);
        argument = host_pointer(&host);
        host_size = sizeof host;
    }
    return guest_call(context, number, directory.value, path.host(context), flags, name.host(context), argument,
                      host_size);
}
}  // namespace

SysResult set_attribute_at(Context& context, DirFd directory, PathAt<2> path, Flags<at_names> flags, Text name,
                           Pointer value, Size size) {
    return attribute_at(context, host_number::setxattrat, directory, path, flags.value, name, value, size);
}

SysResult get_attribute_at(Context& context, DirFd directory, PathAt<2> path, Flags<at_names> flags, Text name,
                           Pointer value, Size size) {
    return attribute_at(context, host_number::getxattrat, directory, path, flags.value, name, value, size);
}

}  // namespace lyrebird::syscall
