#include "runtime/engine/observer_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/base/text.hpp"
#include "runtime/engine/host.hpp"
#include "runtime/engine/system.hpp"

namespace lyrebird::engine {

namespace {
/// Beyond this size of a file the kernel sends SIGXFSZ.
u64 largest_size() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 ? limit.rlim_cur : RLIM_INFINITY;
}

bool write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written > 0)
            bytes.remove_prefix(std::size_t(written));
        else if (written == 0 || errno != EINTR)
            return false;
    }
    return true;
}
}  // namespace

Result<std::unique_ptr<ObserverFile>> ObserverFile::create(const Kind& kind, const std::string& directory) {
    std::unique_ptr<ObserverFile> made(new ObserverFile(kind, directory));
    made->owner_ = process_id();
    auto failed = [&] {
        int code = errno;
        return fail(format("{} {} cannot be created: {}", kind.what, made->path(), std::strerror(code)), code);
    };
    int opened = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return failed();
    made->directory_ = Handle(out_of_the_way(opened));
    int file = made->open_new();
    if (file < 0) return failed();
    made->file_ = Handle(out_of_the_way(file));
    return made;
}

std::string ObserverFile::name() const {
    return format("{}{}{}", kind_.before, owner_, kind_.after);
}

std::string ObserverFile::path() const {
    return format("{}/{}", directory_name_, name());
}

/// Opens the file anew, or returns −1 with errno.
int ObserverFile::open_new() const {
    std::string file = name();
    if (::unlinkat(directory_.get(), file.c_str(), 0) != 0 && errno != ENOENT) return -1;
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_APPEND | O_CLOEXEC;
    return ::openat(directory_.get(), file.c_str(), flags, 0666);
}

bool ObserverFile::append(std::string_view bytes) {
    if (stopped_.load(std::memory_order_relaxed)) return false;
    bool fits = bytes.size() <= largest_size() && size_ <= largest_size() - bytes.size();
    if (!fits || !write_all(file_.get(), bytes)) {
        stop();
        if (fits) (void)!::ftruncate(file_.get(), off_t(size_));
        return false;
    }
    size_ += bytes.size();
    return true;
}

bool ObserverFile::copy_to(int file) const {
    if (size_ > largest_size()) return false;
    char buffer[16 << 10];
    for (u64 done = 0; done < size_;) {
        ssize_t read = ::pread(file_.get(), buffer, std::min<u64>(sizeof buffer, size_ - done), off_t(done));
        if (read <= 0 || !write_all(file, {buffer, std::size_t(read)})) return false;
        done += u64(read);
    }
    return true;
}

bool ObserverFile::after_fork_in_child(Contents contents) {
    if (!file_) return false;
    owner_ = process_id();
    Handle file(open_new());
    bool good = bool(file) && (contents == Contents::none || copy_to(file.get()));
    good = good && ::dup3(file.get(), file_.get(), O_CLOEXEC) >= 0;
    if (!good) {
        stop();
        file_ = Handle();
        directory_ = Handle();
        return false;
    }
    if (contents == Contents::none) {
        size_ = 0;
        stopped_.store(false, std::memory_order_relaxed);
    }
    return true;
}

int ObserverFile::next_descriptor(int from) const {
    int next = -1;
    for (int descriptor : {directory_.get(), file_.get()}) {
        if (descriptor >= from && (next < 0 || descriptor < next)) next = descriptor;
    }
    return next;
}

}  // namespace lyrebird::engine
