// The names of constants, for strace text only: nothing is decided by them. Values are Linux's, written as macros where
// the headers of Debian 12 have them. All guests share these values with the host except O_… (see OpenFlags).
#pragma once

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <linux/sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <array>

#include "runtime/base/ints.hpp"

namespace lyrebird::syscall {

struct Name {
    u64 value;
    const char* name;
};

// clang-format off
#define LYREBIRD_NAME(constant) Name{static_cast<u32>(constant), #constant}

inline constexpr auto at_names = std::to_array<Name>({
    LYREBIRD_NAME(AT_SYMLINK_NOFOLLOW), LYREBIRD_NAME(AT_REMOVEDIR), LYREBIRD_NAME(AT_SYMLINK_FOLLOW),
    LYREBIRD_NAME(AT_NO_AUTOMOUNT), LYREBIRD_NAME(AT_EMPTY_PATH), LYREBIRD_NAME(AT_STATX_FORCE_SYNC),
    LYREBIRD_NAME(AT_STATX_DONT_SYNC), LYREBIRD_NAME(AT_RECURSIVE),
});
inline constexpr auto eaccess_names = std::to_array<Name>({
    LYREBIRD_NAME(AT_SYMLINK_NOFOLLOW), LYREBIRD_NAME(AT_EACCESS), LYREBIRD_NAME(AT_EMPTY_PATH),
});
inline constexpr auto access_names = std::to_array<Name>({
    LYREBIRD_NAME(F_OK), LYREBIRD_NAME(R_OK), LYREBIRD_NAME(W_OK), LYREBIRD_NAME(X_OK),
});
inline constexpr auto seek_names = std::to_array<Name>({
    LYREBIRD_NAME(SEEK_SET), LYREBIRD_NAME(SEEK_CUR), LYREBIRD_NAME(SEEK_END), LYREBIRD_NAME(SEEK_DATA),
    LYREBIRD_NAME(SEEK_HOLE),
});
inline constexpr auto rename_names = std::to_array<Name>({
    LYREBIRD_NAME(RENAME_NOREPLACE), LYREBIRD_NAME(RENAME_EXCHANGE), LYREBIRD_NAME(RENAME_WHITEOUT),
});
inline constexpr auto flock_names = std::to_array<Name>({
    {1, "LOCK_SH"}, {2, "LOCK_EX"}, {4, "LOCK_NB"}, {8, "LOCK_UN"},
});
inline constexpr auto close_range_names = std::to_array<Name>({
    LYREBIRD_NAME(CLOSE_RANGE_UNSHARE), LYREBIRD_NAME(CLOSE_RANGE_CLOEXEC),
});
inline constexpr auto fcntl_names = std::to_array<Name>({
    LYREBIRD_NAME(F_DUPFD), LYREBIRD_NAME(F_GETFD), LYREBIRD_NAME(F_SETFD), LYREBIRD_NAME(F_GETFL),
    LYREBIRD_NAME(F_SETFL), LYREBIRD_NAME(F_GETLK), LYREBIRD_NAME(F_SETLK), LYREBIRD_NAME(F_SETLKW),
    LYREBIRD_NAME(F_SETOWN), LYREBIRD_NAME(F_GETOWN), {10, "F_SETSIG"}, {11, "F_GETSIG"}, {15, "F_SETOWN_EX"},
    {16, "F_GETOWN_EX"}, {17, "F_GETOWNER_UIDS"}, {36, "F_OFD_GETLK"}, {37, "F_OFD_SETLK"}, {38, "F_OFD_SETLKW"},
    {1024, "F_SETLEASE"}, {1025, "F_GETLEASE"}, {1026, "F_NOTIFY"}, {1030, "F_DUPFD_CLOEXEC"},
    {1031, "F_SETPIPE_SZ"}, {1032, "F_GETPIPE_SZ"}, {1033, "F_ADD_SEALS"}, {1034, "F_GET_SEALS"},
    {1035, "F_GET_RW_HINT"}, {1036, "F_SET_RW_HINT"}, {1037, "F_GET_FILE_RW_HINT"}, {1038, "F_SET_FILE_RW_HINT"},
});
inline constexpr auto descriptor_names = std::to_array<Name>({LYREBIRD_NAME(FD_CLOEXEC)});
inline constexpr auto memfd_names = std::to_array<Name>({
    {1, "MFD_CLOEXEC"}, {2, "MFD_ALLOW_SEALING"}, {4, "MFD_HUGETLB"}, {8, "MFD_NOEXEC_SEAL"}, {16, "MFD_EXEC"},
});
inline constexpr auto epoll_create_names = std::to_array<Name>({LYREBIRD_NAME(EPOLL_CLOEXEC)});
inline constexpr auto epoll_control_names = std::to_array<Name>({
    LYREBIRD_NAME(EPOLL_CTL_ADD), LYREBIRD_NAME(EPOLL_CTL_DEL), LYREBIRD_NAME(EPOLL_CTL_MOD),
});
inline constexpr auto epoll_event_names = std::to_array<Name>({
    LYREBIRD_NAME(EPOLLIN), LYREBIRD_NAME(EPOLLPRI), LYREBIRD_NAME(EPOLLOUT), LYREBIRD_NAME(EPOLLERR),
    LYREBIRD_NAME(EPOLLHUP), LYREBIRD_NAME(EPOLLRDNORM), LYREBIRD_NAME(EPOLLRDBAND), LYREBIRD_NAME(EPOLLWRNORM),
    LYREBIRD_NAME(EPOLLWRBAND), LYREBIRD_NAME(EPOLLMSG), LYREBIRD_NAME(EPOLLRDHUP), LYREBIRD_NAME(EPOLLEXCLUSIVE),
    LYREBIRD_NAME(EPOLLWAKEUP), LYREBIRD_NAME(EPOLLONESHOT), LYREBIRD_NAME(EPOLLET),
});
inline constexpr auto eventfd_names = std::to_array<Name>({
    LYREBIRD_NAME(EFD_SEMAPHORE), LYREBIRD_NAME(EFD_CLOEXEC), LYREBIRD_NAME(EFD_NONBLOCK),
});
inline constexpr auto signalfd_names = std::to_array<Name>({LYREBIRD_NAME(SFD_CLOEXEC), LYREBIRD_NAME(SFD_NONBLOCK)});
inline constexpr auto timerfd_names = std::to_array<Name>({LYREBIRD_NAME(TFD_CLOEXEC), LYREBIRD_NAME(TFD_NONBLOCK)});
inline constexpr auto timerfd_set_names = std::to_array<Name>({
    LYREBIRD_NAME(TFD_TIMER_ABSTIME), LYREBIRD_NAME(TFD_TIMER_CANCEL_ON_SET),
});
inline constexpr auto timer_names = std::to_array<Name>({LYREBIRD_NAME(TIMER_ABSTIME)});
inline constexpr auto inotify_names = std::to_array<Name>({LYREBIRD_NAME(IN_CLOEXEC), LYREBIRD_NAME(IN_NONBLOCK)});
inline constexpr auto inotify_event_names = std::to_array<Name>({
    LYREBIRD_NAME(IN_ACCESS), LYREBIRD_NAME(IN_MODIFY), LYREBIRD_NAME(IN_ATTRIB), LYREBIRD_NAME(IN_CLOSE_WRITE),
    LYREBIRD_NAME(IN_CLOSE_NOWRITE), LYREBIRD_NAME(IN_OPEN), LYREBIRD_NAME(IN_MOVED_FROM), LYREBIRD_NAME(IN_MOVED_TO),
    LYREBIRD_NAME(IN_CREATE), LYREBIRD_NAME(IN_DELETE), LYREBIRD_NAME(IN_DELETE_SELF), LYREBIRD_NAME(IN_MOVE_SELF),
    LYREBIRD_NAME(IN_ONLYDIR), LYREBIRD_NAME(IN_DONT_FOLLOW), LYREBIRD_NAME(IN_EXCL_UNLINK),
    LYREBIRD_NAME(IN_MASK_CREATE), LYREBIRD_NAME(IN_MASK_ADD), LYREBIRD_NAME(IN_ISDIR), LYREBIRD_NAME(IN_ONESHOT),
});
inline constexpr auto clock_names = std::to_array<Name>({
    LYREBIRD_NAME(CLOCK_REALTIME), LYREBIRD_NAME(CLOCK_MONOTONIC), LYREBIRD_NAME(CLOCK_PROCESS_CPUTIME_ID),
    LYREBIRD_NAME(CLOCK_THREAD_CPUTIME_ID), LYREBIRD_NAME(CLOCK_MONOTONIC_RAW), LYREBIRD_NAME(CLOCK_REALTIME_COARSE),
    LYREBIRD_NAME(CLOCK_MONOTONIC_COARSE), LYREBIRD_NAME(CLOCK_BOOTTIME), LYREBIRD_NAME(CLOCK_REALTIME_ALARM),
    LYREBIRD_NAME(CLOCK_BOOTTIME_ALARM), LYREBIRD_NAME(CLOCK_TAI),
});
inline constexpr auto itimer_names = std::to_array<Name>({
    {0, "ITIMER_REAL"}, {1, "ITIMER_VIRTUAL"}, {2, "ITIMER_PROF"},
});
inline constexpr auto protection_names = std::to_array<Name>({
    LYREBIRD_NAME(PROT_NONE), LYREBIRD_NAME(PROT_READ), LYREBIRD_NAME(PROT_WRITE), LYREBIRD_NAME(PROT_EXEC),
    LYREBIRD_NAME(PROT_GROWSDOWN), LYREBIRD_NAME(PROT_GROWSUP),
});
inline constexpr auto map_names = std::to_array<Name>({
    {MAP_SHARED_VALIDATE, "MAP_SHARED_VALIDATE"}, LYREBIRD_NAME(MAP_SHARED), LYREBIRD_NAME(MAP_PRIVATE),
    LYREBIRD_NAME(MAP_FIXED), LYREBIRD_NAME(MAP_ANONYMOUS), LYREBIRD_NAME(MAP_GROWSDOWN), LYREBIRD_NAME(MAP_DENYWRITE),
    LYREBIRD_NAME(MAP_LOCKED), LYREBIRD_NAME(MAP_NORESERVE), LYREBIRD_NAME(MAP_POPULATE), LYREBIRD_NAME(MAP_NONBLOCK),
    LYREBIRD_NAME(MAP_STACK), LYREBIRD_NAME(MAP_HUGETLB), LYREBIRD_NAME(MAP_SYNC), LYREBIRD_NAME(MAP_FIXED_NOREPLACE),
});
inline constexpr auto remap_names = std::to_array<Name>({
    {1, "MREMAP_MAYMOVE"}, {2, "MREMAP_FIXED"}, {4, "MREMAP_DONTUNMAP"},
});
inline constexpr auto advice_names = std::to_array<Name>({
    {0, "MADV_NORMAL"}, {1, "MADV_RANDOM"}, {2, "MADV_SEQUENTIAL"}, {3, "MADV_WILLNEED"}, {4, "MADV_DONTNEED"},
    {8, "MADV_FREE"}, {9, "MADV_REMOVE"}, {10, "MADV_DONTFORK"}, {11, "MADV_DOFORK"}, {12, "MADV_MERGEABLE"},
    {13, "MADV_UNMERGEABLE"}, {14, "MADV_HUGEPAGE"}, {15, "MADV_NOHUGEPAGE"}, {16, "MADV_DONTDUMP"},
    {17, "MADV_DODUMP"}, {18, "MADV_WIPEONFORK"}, {19, "MADV_KEEPONFORK"}, {20, "MADV_COLD"}, {21, "MADV_PAGEOUT"},
    {22, "MADV_POPULATE_READ"}, {23, "MADV_POPULATE_WRITE"}, {24, "MADV_DONTNEED_LOCKED"}, {25, "MADV_COLLAPSE"},
    {102, "MADV_GUARD_INSTALL"}, {103, "MADV_GUARD_REMOVE"},
});
inline constexpr auto file_advice_names = std::to_array<Name>({
    {0, "POSIX_FADV_NORMAL"}, {1, "POSIX_FADV_RANDOM"}, {2, "POSIX_FADV_SEQUENTIAL"}, {3, "POSIX_FADV_WILLNEED"},
    {4, "POSIX_FADV_DONTNEED"}, {5, "POSIX_FADV_NOREUSE"},
});
inline constexpr auto msync_names = std::to_array<Name>({{1, "MS_ASYNC"}, {2, "MS_INVALIDATE"}, {4, "MS_SYNC"}});
inline constexpr auto lock_all_names = std::to_array<Name>({{1, "MCL_CURRENT"}, {2, "MCL_FUTURE"}, {4, "MCL_ONFAULT"}});
inline constexpr auto clone_names = std::to_array<Name>({
    LYREBIRD_NAME(CLONE_VM), LYREBIRD_NAME(CLONE_FS), LYREBIRD_NAME(CLONE_FILES), LYREBIRD_NAME(CLONE_SIGHAND),
    LYREBIRD_NAME(CLONE_PIDFD), LYREBIRD_NAME(CLONE_PTRACE), LYREBIRD_NAME(CLONE_VFORK), LYREBIRD_NAME(CLONE_PARENT),
    LYREBIRD_NAME(CLONE_THREAD), LYREBIRD_NAME(CLONE_NEWNS), LYREBIRD_NAME(CLONE_SYSVSEM), LYREBIRD_NAME(CLONE_SETTLS),
    LYREBIRD_NAME(CLONE_PARENT_SETTID), LYREBIRD_NAME(CLONE_CHILD_CLEARTID), LYREBIRD_NAME(CLONE_DETACHED),
    LYREBIRD_NAME(CLONE_UNTRACED), LYREBIRD_NAME(CLONE_CHILD_SETTID), LYREBIRD_NAME(CLONE_NEWCGROUP),
    LYREBIRD_NAME(CLONE_NEWUTS), LYREBIRD_NAME(CLONE_NEWIPC), LYREBIRD_NAME(CLONE_NEWUSER),
    LYREBIRD_NAME(CLONE_NEWPID), LYREBIRD_NAME(CLONE_NEWNET), LYREBIRD_NAME(CLONE_IO),
});
inline constexpr auto wait_names = std::to_array<Name>({
    LYREBIRD_NAME(WNOHANG), LYREBIRD_NAME(WUNTRACED), LYREBIRD_NAME(WEXITED), LYREBIRD_NAME(WCONTINUED),
    LYREBIRD_NAME(WNOWAIT), {0x20000000, "__WNOTHREAD"}, {0x40000000, "__WALL"}, {0x80000000, "__WCLONE"},
});
inline constexpr auto wait_for_names = std::to_array<Name>({{0, "P_ALL"}, {1, "P_PID"}, {2, "P_PGID"}, {3, "P_PIDFD"}});
inline constexpr auto signal_mask_names = std::to_array<Name>({
    {0, "SIG_BLOCK"}, {1, "SIG_UNBLOCK"}, {2, "SIG_SETMASK"},
});
inline constexpr auto priority_names = std::to_array<Name>({{0, "PRIO_PROCESS"}, {1, "PRIO_PGRP"}, {2, "PRIO_USER"}});
inline constexpr auto resource_names = std::to_array<Name>({
    {0, "RLIMIT_CPU"}, {1, "RLIMIT_FSIZE"}, {2, "RLIMIT_DATA"}, {3, "RLIMIT_STACK"}, {4, "RLIMIT_CORE"},
    {5, "RLIMIT_RSS"}, {6, "RLIMIT_NPROC"}, {7, "RLIMIT_NOFILE"}, {8, "RLIMIT_MEMLOCK"}, {9, "RLIMIT_AS"},
    {10, "RLIMIT_LOCKS"}, {11, "RLIMIT_SIGPENDING"}, {12, "RLIMIT_MSGQUEUE"}, {13, "RLIMIT_NICE"},
    {14, "RLIMIT_RTPRIO"}, {15, "RLIMIT_RTTIME"},
});
inline constexpr auto usage_names = std::to_array<Name>({
    {0, "RUSAGE_SELF"}, {0xffffffff, "RUSAGE_CHILDREN"}, {1, "RUSAGE_THREAD"},
});
inline constexpr auto futex_names = std::to_array<Name>({
    {0, "FUTEX_WAIT"}, {1, "FUTEX_WAKE"}, {2, "FUTEX_FD"}, {3, "FUTEX_REQUEUE"}, {4, "FUTEX_CMP_REQUEUE"},
    {5, "FUTEX_WAKE_OP"}, {6, "FUTEX_LOCK_PI"}, {7, "FUTEX_UNLOCK_PI"}, {8, "FUTEX_TRYLOCK_PI"},
    {9, "FUTEX_WAIT_BITSET"}, {10, "FUTEX_WAKE_BITSET"}, {11, "FUTEX_WAIT_REQUEUE_PI"}, {12, "FUTEX_CMP_REQUEUE_PI"},
    {13, "FUTEX_LOCK_PI2"},
});
inline constexpr auto membarrier_names = std::to_array<Name>({
    {0, "MEMBARRIER_CMD_QUERY"}, {1, "MEMBARRIER_CMD_GLOBAL"}, {2, "MEMBARRIER_CMD_GLOBAL_EXPEDITED"},
    {4, "MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED"}, {8, "MEMBARRIER_CMD_PRIVATE_EXPEDITED"},
    {16, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED"}, {32, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE"},
    {64, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE"}, {128, "MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ"},
    {256, "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ"}, {512, "MEMBARRIER_CMD_GET_REGISTRATIONS"},
});
inline constexpr auto random_names = std::to_array<Name>({
    {1, "GRND_NONBLOCK"}, {2, "GRND_RANDOM"}, {4, "GRND_INSECURE"},
});
inline constexpr auto scheduler_names = std::to_array<Name>({
    {0, "SCHED_OTHER"}, {1, "SCHED_FIFO"}, {2, "SCHED_RR"}, {3, "SCHED_BATCH"}, {5, "SCHED_IDLE"},
    {6, "SCHED_DEADLINE"}, {7, "SCHED_EXT"},
});
inline constexpr auto domain_names = std::to_array<Name>({
    LYREBIRD_NAME(AF_UNSPEC), LYREBIRD_NAME(AF_UNIX), LYREBIRD_NAME(AF_INET), LYREBIRD_NAME(AF_INET6),
    LYREBIRD_NAME(AF_NETLINK), LYREBIRD_NAME(AF_PACKET), LYREBIRD_NAME(AF_BLUETOOTH), LYREBIRD_NAME(AF_ALG),
    LYREBIRD_NAME(AF_VSOCK),
});
inline constexpr auto socket_type_names = std::to_array<Name>({
    {1, "SOCK_STREAM"}, {2, "SOCK_DGRAM"}, {3, "SOCK_RAW"}, {4, "SOCK_RDM"}, {5, "SOCK_SEQPACKET"},
    {0x80001, "SOCK_STREAM|SOCK_CLOEXEC"}, {0x80002, "SOCK_DGRAM|SOCK_CLOEXEC"}, {0x80003, "SOCK_RAW|SOCK_CLOEXEC"},
    {0x80005, "SOCK_SEQPACKET|SOCK_CLOEXEC"}, {0x801, "SOCK_STREAM|SOCK_NONBLOCK"}, {0x802, "SOCK_DGRAM|SOCK_NONBLOCK"},
    {0x80801, "SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK"}, {0x80802, "SOCK_DGRAM|SOCK_CLOEXEC|SOCK_NONBLOCK"},
    {0x80805, "SOCK_SEQPACKET|SOCK_CLOEXEC|SOCK_NONBLOCK"},
});
inline constexpr auto accept_names = std::to_array<Name>({{0x80000, "SOCK_CLOEXEC"}, {0x800, "SOCK_NONBLOCK"}});
inline constexpr auto level_names = std::to_array<Name>({
    {0, "SOL_IP"}, {1, "SOL_SOCKET"}, {6, "SOL_TCP"}, {17, "SOL_UDP"}, {41, "SOL_IPV6"}, {263, "SOL_PACKET"},
    {270, "SOL_NETLINK"},
});
inline constexpr auto shutdown_names = std::to_array<Name>({{0, "SHUT_RD"}, {1, "SHUT_WR"}, {2, "SHUT_RDWR"}});
inline constexpr auto message_names = std::to_array<Name>({
    {0x1, "MSG_OOB"}, {0x2, "MSG_PEEK"}, {0x4, "MSG_DONTROUTE"}, {0x8, "MSG_CTRUNC"}, {0x20, "MSG_TRUNC"},
    {0x40, "MSG_DONTWAIT"}, {0x80, "MSG_EOR"}, {0x100, "MSG_WAITALL"}, {0x800, "MSG_CONFIRM"},
    {0x2000, "MSG_ERRQUEUE"}, {0x4000, "MSG_NOSIGNAL"}, {0x8000, "MSG_MORE"}, {0x10000, "MSG_WAITFORONE"},
    {0x4000000, "MSG_ZEROCOPY"}, {0x20000000, "MSG_FASTOPEN"}, {0x40000000, "MSG_CMSG_CLOEXEC"},
});
inline constexpr auto ipc_names = std::to_array<Name>({
    {01000, "IPC_CREAT"}, {02000, "IPC_EXCL"}, {04000, "IPC_NOWAIT"},
});
inline constexpr auto ipc_control_names = std::to_array<Name>({
    {0, "IPC_RMID"}, {1, "IPC_SET"}, {2, "IPC_STAT"}, {3, "IPC_INFO"}, {11, "GETPID"}, {12, "GETVAL"},
    {13, "GETALL"}, {14, "GETNCNT"}, {15, "GETZCNT"}, {16, "SETVAL"}, {17, "SETALL"}, {18, "SEM_STAT"},
    {19, "SEM_INFO"},
});
inline constexpr auto shared_memory_names = std::to_array<Name>({
    {010000, "SHM_RDONLY"}, {020000, "SHM_RND"}, {040000, "SHM_REMAP"}, {0100000, "SHM_EXEC"},
});
inline constexpr auto shared_control_names = std::to_array<Name>({
    {0, "IPC_RMID"}, {1, "IPC_SET"}, {2, "IPC_STAT"}, {3, "IPC_INFO"}, {11, "SHM_LOCK"}, {12, "SHM_UNLOCK"},
    {13, "SHM_STAT"}, {14, "SHM_INFO"}, {15, "SHM_STAT_ANY"},
});
inline constexpr auto message_control_names = std::to_array<Name>({
    {0, "IPC_RMID"}, {1, "IPC_SET"}, {2, "IPC_STAT"}, {3, "IPC_INFO"}, {11, "MSG_STAT"}, {12, "MSG_INFO"},
    {13, "MSG_STAT_ANY"},
});
inline constexpr auto splice_names = std::to_array<Name>({
    {1, "SPLICE_F_MOVE"}, {2, "SPLICE_F_NONBLOCK"}, {4, "SPLICE_F_MORE"}, {8, "SPLICE_F_GIFT"},
});
inline constexpr auto prctl_names = std::to_array<Name>({
    {1, "PR_SET_PDEATHSIG"}, {2, "PR_GET_PDEATHSIG"}, {3, "PR_GET_DUMPABLE"}, {4, "PR_SET_DUMPABLE"},
    {7, "PR_GET_KEEPCAPS"}, {8, "PR_SET_KEEPCAPS"}, {13, "PR_GET_TIMING"}, {15, "PR_SET_NAME"}, {16, "PR_GET_NAME"},
    {21, "PR_GET_SECCOMP"}, {22, "PR_SET_SECCOMP"}, {23, "PR_CAPBSET_READ"}, {24, "PR_CAPBSET_DROP"},
    {25, "PR_GET_TSC"}, {26, "PR_SET_TSC"}, {27, "PR_GET_SECUREBITS"}, {28, "PR_SET_SECUREBITS"},
    {29, "PR_SET_TIMERSLACK"}, {30, "PR_GET_TIMERSLACK"}, {33, "PR_MCE_KILL"}, {34, "PR_MCE_KILL_GET"},
    {35, "PR_SET_MM"}, {36, "PR_SET_CHILD_SUBREAPER"}, {37, "PR_GET_CHILD_SUBREAPER"}, {38, "PR_SET_NO_NEW_PRIVS"},
    {39, "PR_GET_NO_NEW_PRIVS"}, {40, "PR_GET_TID_ADDRESS"}, {41, "PR_SET_THP_DISABLE"}, {42, "PR_GET_THP_DISABLE"},
    {47, "PR_CAP_AMBIENT"}, {52, "PR_GET_SPECULATION_CTRL"}, {53, "PR_SET_SPECULATION_CTRL"},
    {54, "PR_PAC_RESET_KEYS"}, {60, "PR_PAC_SET_ENABLED_KEYS"}, {61, "PR_PAC_GET_ENABLED_KEYS"},
    {55, "PR_SET_TAGGED_ADDR_CTRL"}, {56, "PR_GET_TAGGED_ADDR_CTRL"}, {57, "PR_SET_IO_FLUSHER"},
    {58, "PR_GET_IO_FLUSHER"}, {59, "PR_SET_SYSCALL_USER_DISPATCH"}, {62, "PR_SCHED_CORE"}, {65, "PR_SET_MDWE"},
    {66, "PR_GET_MDWE"}, {67, "PR_SET_MEMORY_MERGE"}, {68, "PR_GET_MEMORY_MERGE"}, {69, "PR_RISCV_V_SET_CONTROL"},
    {70, "PR_RISCV_V_GET_CONTROL"}, {71, "PR_RISCV_SET_ICACHE_FLUSH_CTX"}, {0x53564d41, "PR_SET_VMA"},
    {0x41555856, "PR_GET_AUXV"}, {0x59616d61, "PR_SET_PTRACER"},
});

#undef LYREBIRD_NAME
// clang-format on

}  // namespace lyrebird::syscall
