#include "syscall/layouts.hpp"

#include <sys/sysmacros.h>

#include "runtime/base/text.hpp"

namespace lyrebird::syscall {

GuestStat to_guest(const struct stat& host) {
    return {
        .device = host.st_dev,
        .inode = host.st_ino,
        .mode = host.st_mode,
        .links = static_cast<u32>(host.st_nlink),
        .user = host.st_uid,
        .group = host.st_gid,
        .special_device = host.st_rdev,
        .pad1 = 0,
        .size = host.st_size,
        .block_size = static_cast<i32>(host.st_blksize),
        .pad2 = 0,
        .blocks = host.st_blocks,
        .access_time = host.st_atim.tv_sec,
        .access_nanoseconds = static_cast<u64>(host.st_atim.tv_nsec),
        .modify_time = host.st_mtim.tv_sec,
        .modify_nanoseconds = static_cast<u64>(host.st_mtim.tv_nsec),
        .change_time = host.st_ctim.tv_sec,
        .change_nanoseconds = static_cast<u64>(host.st_ctim.tv_nsec),
        .unused = {},
    };
}

SysResult StatOut::leave(const Context& context, SysResult result) const {
    if (result < 0) return result;
    return guest_memory(context).write(GuestAddress(value), to_guest(host_)) ? result : -EFAULT;
}

void StatOut::print(Printer& p) const {
    auto status = p.succeeded() ? p.memory().read<GuestStat>(GuestAddress(value)) : std::nullopt;
    if (!status) return p.address(value);
    const char* kind = S_ISREG(status->mode)    ? "S_IFREG"
                       : S_ISDIR(status->mode)  ? "S_IFDIR"
                       : S_ISLNK(status->mode)  ? "S_IFLNK"
                       : S_ISCHR(status->mode)  ? "S_IFCHR"
                       : S_ISBLK(status->mode)  ? "S_IFBLK"
                       : S_ISFIFO(status->mode) ? "S_IFIFO"
                                                : "S_IFSOCK";
    append(p.text, "{{st_mode={}|{:#04o}, ", kind, status->mode & 07777);
    if (S_ISCHR(status->mode) || S_ISBLK(status->mode)) {
        append(p.text, "st_rdev=makedev({:#x}, {:#x}), ...}}", major(status->special_device),
               minor(status->special_device));
    } else {
        append(p.text, "st_size={}, ...}}", status->size);
    }
}

u64 EpollEventIn::host(const Context& context) {
    if (value == 0) return 0;
    auto event = guest_memory(context).read<GuestEpollEvent>(GuestAddress(value));
    if (!event) return outside_of_everybody(value);
    host_.events = event->events;
    host_.data.u64 = event->data;
    return reinterpret_cast<u64>(&host_);
}

namespace {
void print_event(Printer& p, u64 address) {
    auto event = address == 0 ? std::nullopt : p.memory().read<GuestEpollEvent>(GuestAddress(address));
    if (!event) return p.address(address);
    p.text += "{events=";
    p.flags(event->events, epoll_event_names);
    append(p.text, ", data={:#x}}}", event->data);
}
}  // namespace

void EpollEventIn::print(Printer& p) const {
    print_event(p, value);
}

void EpollEventsOut::print(Printer& p) const {
    constexpr SysResult most = 32;
    if (!p.succeeded()) return p.address(value);
    p.text += '[';
    for (SysResult index = 0; index < std::min(p.result, most); ++index) {
        if (index != 0) p.text += ", ";
        print_event(p, value + static_cast<u64>(index) * sizeof(GuestEpollEvent));
    }
    p.text += p.result > most ? ", ...]" : "]";
}

}  // namespace lyrebird::syscall
