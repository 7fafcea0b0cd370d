#include "loader/sysroot.hpp"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <optional>

#include "runtime/base/text.hpp"

namespace lyrebird::loader {

namespace {

constexpr int most_links = 40;  // as many as Linux follows in one path

/// Goes through a path as the kernel would, one component at a time, with the sysroot as root.
class Walk {
  public:
    Walk(const std::string& root, std::string_view path, LastLink last)
        : root_(root), reached_(root), pending_(path), last_(last) {}

    /// The host path that was reached, or nothing when the path does not exist in the sysroot.
    std::optional<std::string> run() {
        const bool directory_wanted = pending_.ends_with('/');
        while (take_component()) {
            if (component_ == "..") {
                if (!leave_directory()) return std::nullopt;
            } else if (at_root() && (component_ == "proc" || component_ == "sys" || component_ == "dev")) {
                return "/" + component_ + pending_;
            } else if (!enter()) {
                return std::nullopt;
            }
        }
        if (::access(reached_.c_str(), F_OK) != 0 && errno != EACCES && !link_kept_) return std::nullopt;
        return directory_wanted ? reached_ + "/" : reached_;
    }

  private:
    bool at_root() const { return reached_.size() == root_.size(); }

    /// Moves the next component out of what is pending; what stays there is empty or begins with a slash.
    bool take_component() {
        do {
            const auto start = pending_.find_first_not_of('/');
            if (start == std::string::npos) return false;
            const auto end = std::min(pending_.find('/', start), pending_.size());
            component_ = pending_.substr(start, end - start);
            pending_.erase(0, end);
        } while (component_ == ".");
        return true;
    }

    bool leave_directory() {
        struct stat status;
        if (::stat(reached_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
        if (!at_root()) reached_.erase(reached_.rfind('/'));
        return true;
    }

    /// Steps into `component_`; a symbolic link is put in front of what is pending.
    bool enter() {
        const std::string next = reached_ + "/" + component_;
        char target[PATH_MAX];
        const auto size = ::readlink(next.c_str(), target, sizeof target);
        if (size < 0) {
            if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG || errno == ELOOP) return false;
            reached_ = next;  // not a link, or not ours to look at: the call itself will say so
            return true;
        }
        if (pending_.empty() && last_ == LastLink::keep) {
            reached_ = next;
            link_kept_ = true;
            return true;
        }
        if (++links_ > most_links) return false;
        if (size > 0 && target[0] == '/') reached_ = root_;
        pending_ = std::string(target, static_cast<size_t>(size)) + pending_;
        return true;
    }

    const std::string& root_;
    std::string reached_;
    std::string pending_;
    std::string component_;
    LastLink last_;
    bool link_kept_ = false;
    int links_ = 0;
};

}  // namespace

Result<Sysroot> Sysroot::create(const std::string& directory) {
    Sysroot sysroot;
    if (directory.empty()) return sysroot;
    const std::unique_ptr<char, decltype(&::free)> real(::realpath(directory.c_str(), nullptr), &::free);
    if (!real) {
        const int code = errno;
        return fail(
            format("sysroot {}: {}; give -L a directory that holds the guest's files", directory, ::strerror(code)),
            code);
    }
    struct stat status;
    if (::stat(real.get(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return fail(format("sysroot {}: not a directory; give -L a directory that holds the guest's files", directory),
                    ENOTDIR);
    }
    sysroot.directory_ = real.get();
    if (sysroot.directory_ == "/") sysroot.directory_.clear();
    return sysroot;
}

std::string Sysroot::translate(std::string_view path, LastLink last) const {
    if (directory_.empty() || !path.starts_with('/')) return std::string(path);
    auto found = Walk(directory_, path, last).run();
    return found ? std::move(*found) : std::string(path);
}

std::string Sysroot::guest_path(std::string_view path) const {
    if (directory_.empty() || !path.starts_with(directory_)) return std::string(path);
    const auto rest = path.substr(directory_.size());
    if (rest.empty()) return "/";
    return std::string(rest.front() == '/' ? rest : path);
}

Result<Handle> Sysroot::open(const std::string& path, int flags) const {
    Handle file(::open(translate(path).c_str(), flags | O_CLOEXEC, 0));
    if (file) return file;
    const int code = errno;
    return fail(format("{}: {}", path, ::strerror(code)), code);
}

}  // namespace lyrebird::loader
