#include "syscall/arguments.hpp"

#include <poll.h>

#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"

namespace lyrebird::syscall {

namespace {
// The flags that AArch64 numbers differently; O_DIRECTORY, O_NOFOLLOW, O_DIRECT, O_LARGEFILE (asm/fcntl.h of both
// machines).
struct Permuted {
    u32 arm;
    u32 host;
};
constexpr std::array<Permuted, 4> permuted{{
    {040000, 0200000},
    {0100000, 0400000},
    {0200000, 040000},
    {0400000, 0100000},
}};
constexpr u32 permuted_bits = 040000 | 0100000 | 0200000 | 0400000;

constexpr u32 arm_to_host(u32 guest) {
    u32 host = guest & ~permuted_bits;
    for (auto bit : permuted) host |= (guest & bit.arm) != 0 ? bit.host : 0;
    return host;
}
constexpr u32 host_to_arm(u32 host) {
    u32 guest = host & ~permuted_bits;
    for (auto bit : permuted) guest |= (host & bit.host) != 0 ? bit.arm : 0;
    return guest;
}

// clang-format off
constexpr auto open_names = std::to_array<Name>({
    {O_CREAT, "O_CREAT"}, {O_EXCL, "O_EXCL"}, {O_NOCTTY, "O_NOCTTY"}, {O_TRUNC, "O_TRUNC"}, {O_APPEND, "O_APPEND"},
    {O_NONBLOCK, "O_NONBLOCK"}, {O_SYNC, "O_SYNC"}, {O_DSYNC, "O_DSYNC"}, {O_ASYNC, "O_ASYNC"},
    {040000, "O_DIRECT"}, {0100000, "O_LARGEFILE"}, {020200000, "O_TMPFILE"}, {0200000, "O_DIRECTORY"},
    {0400000, "O_NOFOLLOW"}, {01000000, "O_NOATIME"}, {02000000, "O_CLOEXEC"}, {010000000, "O_PATH"},
});

constexpr auto poll_names = std::to_array<Name>({
    {POLLIN, "POLLIN"}, {POLLPRI, "POLLPRI"}, {POLLOUT, "POLLOUT"}, {POLLERR, "POLLERR"}, {POLLHUP, "POLLHUP"},
    {POLLNVAL, "POLLNVAL"}, {0x40, "POLLRDNORM"}, {0x80, "POLLRDBAND"}, {0x100, "POLLWRNORM"}, {0x200, "POLLWRBAND"},
    {0x2000, "POLLRDHUP"},
});

constexpr auto device_names = std::to_array<Name>({
    {0x5401, "TCGETS"}, {0x5402, "TCSETS"}, {0x5403, "TCSETSW"}, {0x5404, "TCSETSF"}, {0x5409, "TCSBRK"},
    {0x540a, "TCXONC"}, {0x540b, "TCFLSH"}, {0x540e, "TIOCSCTTY"}, {0x540f, "TIOCGPGRP"}, {0x5410, "TIOCSPGRP"},
    {0x5411, "TIOCOUTQ"}, {0x5413, "TIOCGWINSZ"}, {0x5414, "TIOCSWINSZ"}, {0x541b, "FIONREAD"}, {0x5421, "FIONBIO"},
    {0x5422, "TIOCNOTTY"}, {0x5429, "TIOCGSID"}, {0x5450, "FIONCLEX"}, {0x5451, "FIOCLEX"}, {0x5452, "FIOASYNC"},
    {0x802c542a, "TCGETS2"}, {0x402c542b, "TCSETS2"}, {0x80045430, "TIOCGPTN"}, {0x40045431, "TIOCSPTLCK"},
    {0x5441, "TIOCGPTPEER"}, {0x40049409, "FICLONE"}, {0x8912, "SIOCGIFCONF"}, {0x8913, "SIOCGIFFLAGS"},
    {0x8915, "SIOCGIFADDR"}, {0x8927, "SIOCGIFHWADDR"}, {0x8933, "SIOCGIFINDEX"}, {0x80086601, "FS_IOC_GETFLAGS"},
    {0xc020660b, "FS_IOC_FIEMAP"}, {0x80081272, "BLKGETSIZE64"},
});
// clang-format on
}  // namespace

void DescriptorFlags::print(Printer& p) const {
    p.flags(to_host(p.context.abi, as_u32()), open_names);
}

void FutexOperation::print(Printer& p) const {
    p.constant(as_u32() & ~u32{FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME}, futex_names);
    if ((as_u32() & FUTEX_PRIVATE_FLAG) != 0) p.text += "_PRIVATE";
    if ((as_u32() & FUTEX_CLOCK_REALTIME) != 0) p.text += "|FUTEX_CLOCK_REALTIME";
}

void DeviceCommand::print(Printer& p) const {
    for (const Name& name : device_names) {
        if (name.value == as_u32()) return void(p.text += name.name);
    }
    p.hex(as_u32());
}

void CloneFlags::print(Printer& p) const {
    const u32 signal = as_u32() & CSIGNAL;
    if (as_u32() != signal) p.flags(as_u32() & ~u32{CSIGNAL}, clone_names);
    if (as_u32() != signal && signal != 0) p.text += '|';
    if (as_u32() == signal || signal != 0) p.signal(static_cast<int>(signal));
}

void Environment::print(Printer& p) const {
    p.address(value);
    if (value == 0) return;
    u64 count = 0;
    for (auto entry = p.memory().read<u64>(GuestAddress(value)); entry && *entry != 0; ++count) {
        entry = p.memory().read<u64>(GuestAddress(value + (count + 1) * sizeof(u64)));
    }
    append(p.text, " /* {} vars */", count);
}

namespace {
constexpr auto action_names = std::to_array<Name>({
    {1, "SA_NOCLDSTOP"},
    {2, "SA_NOCLDWAIT"},
    {4, "SA_SIGINFO"},
    {0x04000000, "SA_RESTORER"},
    {0x08000000, "SA_ONSTACK"},
    {0x10000000, "SA_RESTART"},
    {0x40000000, "SA_NODEFER"},
    {0x80000000, "SA_RESETHAND"},
});

// What all guests' struct sigaction begin with; the mask's place differs.
struct ActionStart {
    u64 handler;
    u64 flags;
};
}  // namespace

void SignalAction::print(Printer& p) const {
    auto action = value == 0 ? std::nullopt : p.memory().read<ActionStart>(GuestAddress(value));
    if (!action) return p.address(value);
    p.text += "{sa_handler=";
    if (action->handler <= 1) {
        p.text += action->handler == 0 ? "SIG_DFL" : "SIG_IGN";
    } else {
        p.hex(action->handler);
    }
    p.text += ", sa_flags=";
    p.flags(action->flags, action_names);
    p.text += '}';
}

void WaitStatusOut::print(Printer& p) const {
    auto status =
        value == 0 || !p.succeeded() || p.result == 0 ? std::nullopt : p.memory().read<int>(GuestAddress(value));
    if (!status) return p.address(value);
    p.text += "[{";
    if (WIFEXITED(*status)) {
        append(p.text, "WIFEXITED(s) && WEXITSTATUS(s) == {}", WEXITSTATUS(*status));
    } else if (WIFSTOPPED(*status)) {
        p.text += "WIFSTOPPED(s) && WSTOPSIG(s) == ";
        p.signal(WSTOPSIG(*status));
    } else if (WIFCONTINUED(*status)) {
        p.text += "WIFCONTINUED(s)";
    } else {
        p.text += "WIFSIGNALED(s) && WTERMSIG(s) == ";
        p.signal(WTERMSIG(*status));
        if (WCOREDUMP(*status)) p.text += " && WCOREDUMP(s)";
    }
    p.text += "}]";
}

void PollFiles::print(Printer& p) const {
    constexpr u32 most = 32;
    if (value == 0) return p.address(0);
    p.text += '[';
    for (u32 index = 0; index < std::min(count, most); ++index) {
        auto file = p.memory().read<pollfd>(GuestAddress(value + index * sizeof(pollfd)));
        if (!file) break;
        append(p.text, "{}{{fd={}, events=", index == 0 ? "" : ", ", file->fd);
        p.flags(static_cast<u16>(file->events), poll_names);
        p.text += '}';
    }
    p.text += count > most ? ", ...]" : "]";
}

u32 OpenFlags::to_host(const Abi& abi, u32 guest) {
    return abi.arm_open_flags ? arm_to_host(guest) : guest;
}

u32 OpenFlags::from_host(const Abi& abi, u32 host) {
    return abi.arm_open_flags ? host_to_arm(host) : host;
}

void OpenFlags::print_flags(Printer& p, u32 host) {
    switch (host & O_ACCMODE) {
        case O_RDONLY:
            p.text += "O_RDONLY";
            break;
        case O_WRONLY:
            p.text += "O_WRONLY";
            break;
        case O_RDWR:
            p.text += "O_RDWR";
            break;
        default:
            p.text += "O_ACCMODE";
            break;
    }
    if ((host & ~u32{O_ACCMODE}) == 0) return;
    p.text += '|';
    p.flags(host & ~u32{O_ACCMODE}, open_names);
}

}  // namespace lyrebird::syscall
