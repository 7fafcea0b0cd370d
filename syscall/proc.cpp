#include "syscall/proc.hpp"

#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "runtime/base/handle.hpp"
#include "runtime/base/text.hpp"
#include "syscall/host_call.hpp"
#include "syscall/proc_files.hpp"

namespace lyrebird::syscall {

namespace {
constexpr int most_links = 40;  // as many as Linux follows in one path

bool in_proc(int descriptor) {
    struct statfs system;
    return host_call(SYS_fstatfs, descriptor, &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

std::string read_whole_link(int directory, const char* path) {
    char text[PATH_MAX];
    const SysResult length = host_call(SYS_readlinkat, directory, path, text, sizeof text);
    return length < 0 ? std::string() : std::string(text, static_cast<std::size_t>(length));
}

/// Takes the last component off `path`.
std::string_view take_last(std::string_view& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return std::exchange(path, {});
    auto last = path.substr(slash + 1);
    path = path.substr(0, slash);
    return last;
}

/// True for the id of a thread of this process, in decimal.
bool is_own_thread(std::string_view text) {
    int id = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc() || end != text.data() + text.size()) return false;
    const SysResult process = host_call(SYS_getpid);
    return id == process || host_call(SYS_tgkill, process, id, 0) == 0;
}

/// Which emulated file of a proc file system a descriptor (perhaps O_PATH) stands for.
ProcFile identify(int descriptor) {
    if (!in_proc(descriptor)) return ProcFile::none;
    const std::string path = read_whole_link(AT_FDCWD, format("/proc/self/fd/{}", descriptor).c_str());
    std::string_view rest = path;
    const auto name = take_last(rest);
    if (name == "cpuinfo") return ProcFile::cpuinfo;
    const bool own = is_own_thread(take_last(rest));  // /proc/<pid>/name and /proc/<pid>/task/<tid>/name
    return own ? proc_file_of(name) : ProcFile::none;
}

std::string read_all(int descriptor) {
    std::string text;
    char part[4096];
    for (;;) {
        const SysResult count = host_call(SYS_pread64, descriptor, part, sizeof part, text.size());
        if (count == -EINTR) continue;
        if (count <= 0) return text;
        text.append(part, static_cast<std::size_t>(count));
    }
}

/// A descriptor for reading of a nameless file with this content.
Handle file_with(const char* name, const std::string& text) {
    Handle file(static_cast<int>(host_call(SYS_memfd_create, name, MFD_CLOEXEC)));
    std::size_t written = 0;
    while (file && written < text.size()) {
        const SysResult count = host_call(SYS_write, file.get(), text.data() + written, text.size() - written);
        if (count <= 0) return Handle();
        written += static_cast<std::size_t>(count);
    }
    if (!file) return Handle();
    host_call(SYS_fchmod, file.get(), 0444);
    const std::string path = format("/proc/self/fd/{}", file.get());
    return Handle(static_cast<int>(host_call(SYS_openat, AT_FDCWD, path.c_str(), O_RDONLY | O_CLOEXEC)));
}

/// Puts `replacement` in the place of `descriptor`, which keeps its number.
SysResult replace(int descriptor, const Handle& replacement, u64 host_flags) {
    if (!replacement) return descriptor;
    const SysResult result = host_call(SYS_dup3, replacement.get(), descriptor, host_flags & O_CLOEXEC);
    return result < 0 ? descriptor : result;
}

SysResult replace_by_program(Context& context, int descriptor, u64 host_flags) {
    const std::string program = host_path(context, context.services.executable_path(), PathUse::follow);
    const u64 flags = (host_flags & ~u64{O_CREAT | O_EXCL | O_NOFOLLOW}) | O_CLOEXEC;
    const SysResult opened = host_call(SYS_openat, AT_FDCWD, program.c_str(), flags, 0);
    if (opened < 0) {
        host_call(SYS_close, descriptor);
        return opened;
    }
    return replace(descriptor, Handle(static_cast<int>(opened)), host_flags);
}
}  // namespace

bool names_own_executable(Context& context, int directory, const std::string& path) {
    std::string name = host_path(context, path, PathUse::keep);
    for (int links = 0; links < most_links; ++links) {
        const int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
        const Handle link(static_cast<int>(host_call(SYS_openat, directory, name.c_str(), flags)));
        struct stat status;
        if (!link || host_call(SYS_fstat, link.get(), &status) != 0 || !S_ISLNK(status.st_mode)) return false;
        if (in_proc(link.get()) && identify(link.get()) != ProcFile::none) {
            return identify(link.get()) == ProcFile::executable;
        }
        const std::string target = read_whole_link(link.get(), "");
        if (target.empty()) return false;
        const auto slash = name.rfind('/');
        name = target.starts_with('/') || slash == std::string::npos ? target : name.substr(0, slash + 1) + target;
    }
    return false;
}

SysResult opened_file(Context& context, int descriptor, int directory, const PathArgument& path, u64 host_flags) {
    struct stat status;
    if (host_call(SYS_fstat, descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return descriptor;
    if (context.process.is_own_executable(status.st_dev, status.st_ino)) {
        auto name = path.read(context);
        const bool emulated = name && names_own_executable(context, directory, *name);
        return emulated ? replace_by_program(context, descriptor, host_flags) : descriptor;
    }
    // Files of proc have neither a size nor a device of their own; most others are told apart by that.
    if (status.st_size != 0 || major(status.st_dev) != 0 || (host_flags & O_PATH) != 0) return descriptor;
    const ProcFile file = identify(descriptor);
    if (file == ProcFile::none || file == ProcFile::executable) return descriptor;
    if (file == ProcFile::memory) {
        context.process.has_memory_files.store(true, std::memory_order_relaxed);
        return descriptor;
    }
    if (file == ProcFile::cpuinfo && context.abi.cpu_info == nullptr) return descriptor;
    return replace(descriptor, file_with("proc", proc_text(context, file, read_all(descriptor))), host_flags);
}

std::optional<std::string> own_link(Context& context, int directory, const PathArgument& path) {
    auto name = path.read(context);
    if (!name || !(name->empty() || name->ends_with("exe"))) return std::nullopt;
    const int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
    const Handle link(name->empty() ? static_cast<int>(host_call(SYS_dup, directory))
                                    : static_cast<int>(host_call(SYS_openat, directory, name->c_str(), flags)));
    if (!link || identify(link.get()) != ProcFile::executable) return std::nullopt;
    return context.services.executable_path();
}

namespace {
// struct linux_dirent64 of the kernel's linux/dirent.h, up to the name.
struct Entry {
    u64 inode;
    i64 offset;
    u16 size;
    u8 type;
};
constexpr std::size_t name_offset = 19;

/// The descriptor that an entry's name is the number of, or −1.
int descriptor_named(const char* entry) {
    const std::string_view name = entry + name_offset;
    int number = -1;
    auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && end == name.data() + name.size() ? number : -1;
}

bool is_own_descriptor_list(int directory) {
    if (!in_proc(directory)) return false;
    const std::string path = read_whole_link(AT_FDCWD, format("/proc/self/fd/{}", directory).c_str());
    std::string_view rest = path;
    const auto name = take_last(rest);
    return (name == "fd" || name == "fdinfo") && is_own_thread(take_last(rest));
}

/// Moves the entries that may be seen together; false when every entry may be.
bool remove_owned(const Context& context, std::vector<char>& entries) {
    std::size_t kept = 0;
    for (std::size_t at = 0; at + sizeof(Entry) <= entries.size();) {
        const std::size_t size = reinterpret_cast<const Entry*>(&entries[at])->size;
        if (size < name_offset || size > entries.size() - at) return false;
        const int descriptor = descriptor_named(&entries[at]);
        if (descriptor < 0 || context.services.next_owned_descriptor(descriptor) != descriptor) {
            std::copy_n(entries.begin() + static_cast<std::ptrdiff_t>(at), size,
                        entries.begin() + static_cast<std::ptrdiff_t>(kept));
            kept += size;
        }
        at += size;
    }
    const bool all = kept == entries.size();
    entries.resize(kept);
    return !all;
}
}  // namespace

SysResult hide_owned_descriptors(Context& context, int directory, GuestAddress address, SysResult bytes) {
    if (bytes <= 0 || context.services.next_owned_descriptor(0) < 0) return bytes;
    std::vector<char> entries(static_cast<std::size_t>(bytes));
    auto memory = guest_memory(context);
    if (!memory.read(entries.data(), address, entries.size())) return bytes;
    // Directories with numbers for names are rare: only then is it asked which one this is.
    if (!remove_owned(context, entries) || !is_own_descriptor_list(directory)) return bytes;
    if (!memory.write(address, entries.data(), entries.size())) return -EFAULT;
    return static_cast<SysResult>(entries.size());
}

SysResult limit_open_memory_file(Context& context, int descriptor, const u64* offset, u64& count) {
    if (count == 0 || identify(descriptor) != ProcFile::memory) return 0;
    u64 position = 0;
    if (offset != nullptr) {
        position = *offset;
    } else {
        const SysResult current = host_call(SYS_lseek, descriptor, 0, SEEK_CUR);
        if (current < 0 && current >= -4095) return 0;
        position = static_cast<u64>(current);
    }
    const u64 top = context.memory.top().value;
    if (position >= top) return -EIO;
    count = std::min(count, top - position);
    return 0;
}

}  // namespace lyrebird::syscall
