#include "syscall/process_state.hpp"

#include <sys/stat.h>

#include "syscall/dispatch.hpp"

namespace lyrebird::syscall {

namespace {
constexpr int kept[] = {RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK};

std::size_t slot(int resource) {
    return resource == RLIMIT_AS ? 0 : resource == RLIMIT_DATA ? 1 : 2;
}
}  // namespace

ProcessState::ProcessState() {
    for (int resource : kept) {
        rlimit host{RLIM_INFINITY, RLIM_INFINITY};
        if (getrlimit(static_cast<__rlimit_resource>(resource), &host) == 0) {
            limits_[slot(resource)] = {host.rlim_cur, host.rlim_max};
        }
    }
    struct stat executable;
    if (stat("/proc/self/exe", &executable) != 0) return;
    executable_device_ = executable.st_dev;
    executable_inode_ = executable.st_ino;
}

bool ProcessState::keeps(int resource) {
    return resource == RLIMIT_AS || resource == RLIMIT_DATA || resource == RLIMIT_STACK;
}

Limit ProcessState::limit(int resource) const {
    std::lock_guard guard(lock_);
    return limits_[slot(resource)];
}

void ProcessState::set_limit(int resource, Limit limit) {
    std::lock_guard guard(lock_);
    limits_[slot(resource)] = limit;
}

void ProcessState::note_unsupported(u64 number) {
    if (number >= known_numbers) return;
    unsupported_[number / 64].fetch_or(u64{1} << (number % 64), std::memory_order_relaxed);
}

std::string ProcessState::unsupported() const {
    std::string names;
    for (u64 number = 0; number < known_numbers; ++number) {
        if ((unsupported_[number / 64].load(std::memory_order_relaxed) >> (number % 64) & 1) == 0) continue;
        if (!names.empty()) names += ", ";
        names += name_of(number);
    }
    return names;
}

}  // namespace lyrebird::syscall
