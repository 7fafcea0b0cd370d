#include "syscall/paths.hpp"

#include <sys/stat.h>

#include <string_view>

namespace lyrebird::syscall {

namespace {
/// The path up to and including the slash before its last component, which may itself end in slashes.
std::string_view parent_of(std::string_view path) {
    auto end = path.find_last_not_of('/');
    if (end == std::string_view::npos) return path;
    return path.substr(0, path.rfind('/', end) + 1);
}
}  // namespace

std::string host_path(const Context& context, const std::string& path, PathUse use) {
    if (context.sysroot.empty() || !path.starts_with('/')) return path;
    if (use != PathUse::change) {
        return context.sysroot.translate(path,
                                         use == PathUse::keep ? loader::LastLink::keep : loader::LastLink::follow);
    }
    const std::string parent(parent_of(path));
    struct stat status;
    if (host_call(SYS_newfstatat, AT_FDCWD, parent.c_str(), &status, 0) == 0) return path;
    std::string directory = context.sysroot.translate(parent, loader::LastLink::follow);
    if (!directory.ends_with('/')) directory += '/';
    return directory + path.substr(parent.size());
}

u64 PathArgument::translated(const Context& context, PathUse use) {
    auto path = read(context);
    if (!path || !path->starts_with('/')) return guarded(context, value, 1);
    host_text_ = host_path(context, *path, use);
    return reinterpret_cast<u64>(host_text_.c_str());
}

}  // namespace lyrebird::syscall
