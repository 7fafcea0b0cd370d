// THE table: every number of asm-generic/unistd.h for 64-bit machines, and of the guests' own calls, ascending. A new
// call is one row here; if it needs a handler, that is declared in handlers.hpp.
#include <linux/futex.h>
#include <linux/quota.h>
#include <mqueue.h>
#include <sched.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/timex.h>

#include <array>

#include "syscall/handlers.hpp"
#include "syscall/numbers.hpp"
#include "syscall/row.hpp"

namespace lyrebird::syscall {

namespace {

struct DescriptorPair {
    int first, second;
};
void print_value(Printer& p, const DescriptorPair& pair) {
    p.text += '[';
    p.signed_number(pair.first);
    p.text += ", ";
    p.signed_number(pair.second);
    p.text += ']';
}
struct TimePair {
    timespec access, modify;
};
void print_value(Printer& p, const TimePair& pair) {
    p.text += '[';
    syscall::print_value(p, pair.access);
    p.text += ", ";
    syscall::print_value(p, pair.modify);
    p.text += ']';
}
struct AlarmInformation {  // siginfo_t, which the kernel gives 128 bytes everywhere
    u64 words[16];
};

using At = Flags<at_names>;
using Clock = Choice<clock_names>;

// clang-format off: one row a line
constexpr auto rows = std::to_array<Row>({
    own<create_queue>(0, "io_setup"),
    own<destroy_queue>(1, "io_destroy"),
    own<submit_requests>(2, "io_submit"),
    pass<SYS_io_cancel, Word, Pointer, Pointer>(3, "io_cancel"),
    pass<SYS_io_getevents, Word, Long, Long, Pointer, In<timespec>>(4, "io_getevents"),
    pass<SYS_setxattr, Path, Text, InBytes<3>, Size, Hex>(5, "setxattr"),
    pass<SYS_lsetxattr, LinkPath, Text, InBytes<3>, Size, Hex>(6, "lsetxattr"),
    pass<SYS_fsetxattr, Fd, Text, InBytes<3>, Size, Hex>(7, "fsetxattr"),
    pass<SYS_getxattr, Path, Text, OutBytes<3>, Size>(8, "getxattr"),
    pass<SYS_lgetxattr, LinkPath, Text, OutBytes<3>, Size>(9, "lgetxattr"),
    pass<SYS_fgetxattr, Fd, Text, OutBytes<3>, Size>(10, "fgetxattr"),
    pass<SYS_listxattr, Path, OutBytes<2>, Size>(11, "listxattr"),
    pass<SYS_llistxattr, LinkPath, OutBytes<2>, Size>(12, "llistxattr"),
    pass<SYS_flistxattr, Fd, OutBytes<2>, Size>(13, "flistxattr"),
    pass<SYS_removexattr, Path, Text>(14, "removexattr"),
    pass<SYS_lremovexattr, LinkPath, Text>(15, "lremovexattr"),
    pass<SYS_fremovexattr, Fd, Text>(16, "fremovexattr"),
    own<working_directory>(17, "getcwd"),
    pass<SYS_lookup_dcookie, Hex, OutBytes<2>, Size>(18, "lookup_dcookie"),
    pass<SYS_eventfd2, UInt, Flags<eventfd_names>>(19, "eventfd2"),
    pass<SYS_epoll_create1, Flags<epoll_create_names>>(20, "epoll_create1"),
    pass<SYS_epoll_ctl, Fd, Choice<epoll_control_names>, Fd, EpollEventIn>(21, "epoll_ctl"),
    own<wait_epoll>(22, "epoll_pwait"),
    pass<SYS_dup, Fd>(23, "dup"),
    own<duplicate_to>(24, "dup3"),
    own<control_file>(25, "fcntl"),
    pass<SYS_inotify_init1, Flags<inotify_names>>(26, "inotify_init1"),
    pass<SYS_inotify_add_watch, Fd, Path, Flags<inotify_event_names>>(27, "inotify_add_watch"),
    pass<SYS_inotify_rm_watch, Fd, Int>(28, "inotify_rm_watch"),
    own<control_device>(29, "ioctl", noted("commands that are not known to hold addresses are passed as they are")),
    pass<SYS_ioprio_set, Int, Int, Hex>(30, "ioprio_set"),
    pass<SYS_ioprio_get, Int, Int>(31, "ioprio_get"),
    pass<SYS_flock, Fd, Flags<flock_names>>(32, "flock"),
    pass<SYS_mknodat, DirFd, EntryPath, Mode, Hex>(33, "mknodat"),
    pass<SYS_mkdirat, DirFd, EntryPath, Mode>(34, "mkdirat"),
    pass<SYS_unlinkat, DirFd, EntryPath, At>(35, "unlinkat"),
    pass<SYS_symlinkat, Text, DirFd, EntryPath>(36, "symlinkat"),
    pass<SYS_linkat, DirFd, LinkPath, DirFd, EntryPath, At>(37, "linkat"),
    own<rename_at>(38, "renameat", noted("AArch64 only")),
    pass<SYS_umount2, Path, Hex>(39, "umount2"),
    pass<SYS_mount, Text, Path, Text, Hex, Pointer>(40, "mount"),
    own<pivot_root>(41, "pivot_root"),
    refused(42, "nfsservctl", "Linux has it no more", ENOSYS),
    pass<SYS_statfs, Path, Out<struct statfs>>(43, "statfs"),
    pass<SYS_fstatfs, Fd, Out<struct statfs>>(44, "fstatfs"),
    pass<SYS_truncate, Path, Offset>(45, "truncate"),
    pass<SYS_ftruncate, Fd, Offset>(46, "ftruncate"),
    pass<SYS_fallocate, Fd, Hex, Offset, Offset>(47, "fallocate"),
    pass<SYS_faccessat, DirFd, Path, Flags<access_names>>(48, "faccessat"),
    pass<SYS_chdir, Path>(49, "chdir"),
    pass<SYS_fchdir, Fd>(50, "fchdir"),
    own<change_root>(51, "chroot"),
    pass<SYS_fchmod, Fd, Mode>(52, "fchmod"),
    pass<SYS_fchmodat, DirFd, Path, Mode>(53, "fchmodat"),
    pass<SYS_fchownat, DirFd, PathAt<4>, Identity, Identity, At>(54, "fchownat"),
    pass<SYS_fchown, Fd, Identity, Identity>(55, "fchown"),
    own<open_file>(56, "openat"),
    own<close_file>(57, "close"),
    pass<SYS_vhangup>(58, "vhangup"),
    pass<SYS_pipe2, Out<DescriptorPair>, DescriptorFlags>(59, "pipe2"),
    pass<SYS_quotactl, Hex, Text, Int, Pointer>(60, "quotactl"),
    own<list_directory>(61, "getdents64"),
    pass<SYS_lseek, Fd, Offset, Choice<seek_names>>(62, "lseek"),
    own<read_file>(63, "read"),
    own<write_file>(64, "write"),
    pass<SYS_readv, Fd, OutVectors<2>, Size>(65, "readv"),
    pass<SYS_writev, Fd, InVectors<2>, Size>(66, "writev"),
    own<read_file_at>(67, "pread64"),
    own<write_file_at>(68, "pwrite64"),
    pass<SYS_preadv, Fd, OutVectors<2>, Size, Offset, Long>(69, "preadv"),
    pass<SYS_pwritev, Fd, InVectors<2>, Size, Offset, Long>(70, "pwritev"),
    pass<SYS_sendfile, Fd, Fd, InOut<i64>, Size>(71, "sendfile"),
    own<select_files>(72, "pselect6"),
    own<poll_files>(73, "ppoll"),
    pass<SYS_signalfd4, Fd, InSignalSet, Size, Flags<signalfd_names>>(74, "signalfd4"),
    pass<SYS_vmsplice, Fd, InVectors<2>, Size, Flags<splice_names>>(75, "vmsplice"),
    pass<SYS_splice, Fd, InOut<i64>, Fd, InOut<i64>, Size, Flags<splice_names>>(76, "splice"),
    pass<SYS_tee, Fd, Fd, Size, Flags<splice_names>>(77, "tee"),
    own<read_link>(78, "readlinkat"),
    own<stat_file>(79, "newfstatat"),
    pass<SYS_fstat, Fd, StatOut>(80, "fstat"),
    pass<SYS_sync>(81, "sync"),
    pass<SYS_fsync, Fd>(82, "fsync"),
    pass<SYS_fdatasync, Fd>(83, "fdatasync"),
    pass<SYS_sync_file_range, Fd, Offset, Offset, Hex>(84, "sync_file_range"),
    pass<SYS_timerfd_create, Clock, Flags<timerfd_names>>(85, "timerfd_create"),
    pass<SYS_timerfd_settime, Fd, Flags<timerfd_set_names>, In<itimerspec>, Out<itimerspec>>(86, "timerfd_settime"),
    pass<SYS_timerfd_gettime, Fd, Out<itimerspec>>(87, "timerfd_gettime"),
    pass<SYS_utimensat, DirFd, PathAt<3>, In<TimePair>, At>(88, "utimensat"),
    pass<SYS_acct, Path>(89, "acct"),
    pass<SYS_capget, Pointer, Pointer>(90, "capget"),
    pass<SYS_capset, Pointer, Pointer>(91, "capset"),
    own<set_personality>(92, "personality"),
    own<exit_thread>(93, "exit"),
    own<exit_process>(94, "exit_group"),
    pass<SYS_waitid, Choice<wait_for_names>, Pid, Out<AlarmInformation>, Flags<wait_names>, Out<rusage>>(95, "waitid"),
    own<set_tid_address>(96, "set_tid_address"),
    pass<SYS_unshare, Flags<clone_names>>(97, "unshare"),
    own<futex>(98, "futex"),
    pass<SYS_set_robust_list, Pointer, Size>(99, "set_robust_list"),
    pass<SYS_get_robust_list, Pid, Out<u64>, Out<u64>>(100, "get_robust_list"),
    pass<SYS_nanosleep, In<timespec>, Out<timespec>>(101, "nanosleep"),
    pass<SYS_getitimer, Choice<itimer_names>, Out<itimerval>>(102, "getitimer"),
    pass<SYS_setitimer, Choice<itimer_names>, In<itimerval>, Out<itimerval>>(103, "setitimer"),
    refused(104, "kexec_load", "the machine runs the host's programs, not the guest's kernel", ENOSYS),
    pass<SYS_init_module, InBytes<1>, Size, Text>(105, "init_module"),
    pass<SYS_delete_module, Text, Hex>(106, "delete_module"),
    pass<SYS_timer_create, Clock, In<sigevent>, Out<int>>(107, "timer_create"),
    pass<SYS_timer_gettime, Int, Out<itimerspec>>(108, "timer_gettime"),
    pass<SYS_timer_getoverrun, Int>(109, "timer_getoverrun"),
    pass<SYS_timer_settime, Int, Flags<timer_names>, In<itimerspec>, Out<itimerspec>>(110, "timer_settime"),
    pass<SYS_timer_delete, Int>(111, "timer_delete"),
    pass<SYS_clock_settime, Clock, In<timespec>>(112, "clock_settime"),
    pass<SYS_clock_gettime, Clock, Out<timespec>>(113, "clock_gettime"),
    pass<SYS_clock_getres, Clock, Out<timespec>>(114, "clock_getres"),
    pass<SYS_clock_nanosleep, Clock, Flags<timer_names>, In<timespec>, Out<timespec>>(115, "clock_nanosleep"),
    pass<SYS_syslog, Int, OutBytes<2>, Int>(116, "syslog"),
    refused(117, "ptrace", "the tracer would see the VM's registers and memory, not the guest's", ENOSYS),
    pass<SYS_sched_setparam, Pid, In<int>>(118, "sched_setparam"),
    pass<SYS_sched_setscheduler, Pid, Choice<scheduler_names>, In<int>>(119, "sched_setscheduler"),
    pass<SYS_sched_getscheduler, Pid>(120, "sched_getscheduler"),
    pass<SYS_sched_getparam, Pid, Out<int>>(121, "sched_getparam"),
    pass<SYS_sched_setaffinity, Pid, UInt, InBytes<1>>(122, "sched_setaffinity"),
    pass<SYS_sched_getaffinity, Pid, UInt, OutBytes<1>>(123, "sched_getaffinity"),
    pass<SYS_sched_yield>(124, "sched_yield"),
    pass<SYS_sched_get_priority_max, Choice<scheduler_names>>(125, "sched_get_priority_max"),
    pass<SYS_sched_get_priority_min, Choice<scheduler_names>>(126, "sched_get_priority_min"),
    pass<SYS_sched_rr_get_interval, Pid, Out<timespec>>(127, "sched_rr_get_interval"),
    refused(128, "restart_syscall", "only the kernel itself makes it; interrupted calls are made anew", EINTR),
    pass<SYS_kill, Pid, Signal>(129, "kill"),
    pass<SYS_tkill, Pid, Signal>(130, "tkill"),
    pass<SYS_tgkill, Pid, Pid, Signal>(131, "tgkill"),
    own<signal_stack>(132, "sigaltstack"),
    own<signal_suspend>(133, "rt_sigsuspend"),
    own<signal_action>(134, "rt_sigaction"),
    own<signal_mask>(135, "rt_sigprocmask"),
    own<signal_pending>(136, "rt_sigpending"),
    pass<SYS_rt_sigtimedwait, InSignalSet, Out<AlarmInformation>, In<timespec>, Size>(137, "rt_sigtimedwait"),
    pass<SYS_rt_sigqueueinfo, Pid, Signal, In<AlarmInformation>>(138, "rt_sigqueueinfo"),
    own<signal_return>(139, "rt_sigreturn"),
    pass<SYS_setpriority, Choice<priority_names>, Int, Int>(140, "setpriority"),
    pass<SYS_getpriority, Choice<priority_names>, Int>(141, "getpriority"),
    pass<SYS_reboot, Hex, Hex, Hex, Pointer>(142, "reboot"),
    pass<SYS_setregid, Identity, Identity>(143, "setregid"),
    pass<SYS_setgid, Identity>(144, "setgid"),
    pass<SYS_setreuid, Identity, Identity>(145, "setreuid"),
    pass<SYS_setuid, Identity>(146, "setuid"),
    pass<SYS_setresuid, Identity, Identity, Identity>(147, "setresuid"),
    pass<SYS_getresuid, Out<u32>, Out<u32>, Out<u32>>(148, "getresuid"),
    pass<SYS_setresgid, Identity, Identity, Identity>(149, "setresgid"),
    pass<SYS_getresgid, Out<u32>, Out<u32>, Out<u32>>(150, "getresgid"),
    pass<SYS_setfsuid, Identity>(151, "setfsuid"),
    pass<SYS_setfsgid, Identity>(152, "setfsgid"),
    pass<SYS_times, Out<tms>>(153, "times"),
    pass<SYS_setpgid, Pid, Pid>(154, "setpgid"),
    pass<SYS_getpgid, Pid>(155, "getpgid"),
    pass<SYS_getsid, Pid>(156, "getsid"),
    pass<SYS_setsid>(157, "setsid"),
    pass<SYS_getgroups, Int, OutArray<u32, 0>>(158, "getgroups"),
    pass<SYS_setgroups, Int, InArray<u32, 0>>(159, "setgroups"),
    own<system_name>(160, "uname"),
    pass<SYS_sethostname, InBytes<1>, Int>(161, "sethostname"),
    pass<SYS_setdomainname, InBytes<1>, Int>(162, "setdomainname"),
    own<get_limit>(163, "getrlimit"),
    own<set_limit>(164, "setrlimit"),
    pass<SYS_getrusage, Choice<usage_names>, Out<rusage>>(165, "getrusage"),
    pass<SYS_umask, Mode>(166, "umask"),
    own<control_process>(167, "prctl",
                         partial("PR_SET_MM, PR_SET_SECCOMP, PR_SET_SYSCALL_USER_DISPATCH and PR_SET_MDWE fail")),
    pass<SYS_getcpu, Out<u32>, Out<u32>, Pointer>(168, "getcpu"),
    pass<SYS_gettimeofday, Out<timeval>, Out<u64>>(169, "gettimeofday"),
    pass<SYS_settimeofday, In<timeval>, In<u64>>(170, "settimeofday"),
    pass<SYS_adjtimex, InOut<timex>>(171, "adjtimex"),
    pass<SYS_getpid>(172, "getpid"),
    pass<SYS_getppid>(173, "getppid"),
    pass<SYS_getuid>(174, "getuid"),
    pass<SYS_geteuid>(175, "geteuid"),
    pass<SYS_getgid>(176, "getgid"),
    pass<SYS_getegid>(177, "getegid"),
    pass<SYS_gettid>(178, "gettid"),
    pass<SYS_sysinfo, Out<struct sysinfo>>(179, "sysinfo"),
    pass<SYS_mq_open, Text, OpenFlags, Mode, In<mq_attr>>(180, "mq_open"),
    pass<SYS_mq_unlink, Text>(181, "mq_unlink"),
    pass<SYS_mq_timedsend, Int, InBytes<2>, Size, UInt, In<timespec>>(182, "mq_timedsend"),
    pass<SYS_mq_timedreceive, Int, OutBytes<2>, Size, Out<u32>, In<timespec>>(183, "mq_timedreceive"),
    own<notify_message_queue>(184, "mq_notify"),
    pass<SYS_mq_getsetattr, Int, In<mq_attr>, Out<mq_attr>>(185, "mq_getsetattr"),
    pass<SYS_msgget, Hex, Flags<ipc_names>>(186, "msgget"),
    pass<SYS_msgctl, Int, Choice<message_control_names>, Pointer>(187, "msgctl"),
    pass<SYS_msgrcv, Int, Pointer, Size, Long, Flags<ipc_names>>(188, "msgrcv"),
    pass<SYS_msgsnd, Int, Pointer, Size, Flags<ipc_names>>(189, "msgsnd"),
    pass<SYS_semget, Hex, Int, Flags<ipc_names>>(190, "semget"),
    own<control_semaphores>(191, "semctl"),
    pass<SYS_semtimedop, Int, InArray<sembuf, 2>, UInt, In<timespec>>(192, "semtimedop"),
    pass<SYS_semop, Int, InArray<sembuf, 2>, UInt>(193, "semop"),
    pass<SYS_shmget, Hex, Size, Flags<ipc_names>>(194, "shmget"),
    pass<SYS_shmctl, Int, Choice<shared_control_names>, Pointer>(195, "shmctl"),
    own<attach_shared_memory>(196, "shmat", returns_address),
    own<detach_shared_memory>(197, "shmdt"),
    pass<SYS_socket, Choice<domain_names>, Choice<socket_type_names>, Int>(198, "socket"),
    pass<SYS_socketpair, Choice<domain_names>, Choice<socket_type_names>, Int, Out<DescriptorPair>>(199, "socketpair"),
    pass<SYS_bind, Fd, InSocketAddress<2>, Int>(200, "bind"),
    pass<SYS_listen, Fd, Int>(201, "listen"),
    pass<SYS_accept, Fd, OutSocketAddress<2>, InOut<int>>(202, "accept"),
    pass<SYS_connect, Fd, InSocketAddress<2>, Int>(203, "connect"),
    pass<SYS_getsockname, Fd, OutSocketAddress<2>, InOut<int>>(204, "getsockname"),
    pass<SYS_getpeername, Fd, OutSocketAddress<2>, InOut<int>>(205, "getpeername"),
    pass<SYS_sendto, Fd, InMessage<2>, Size, Flags<message_names>, InSocketAddress<5>, Int>(206, "sendto"),
    pass<SYS_recvfrom, Fd, OutMessage<2>, Size, Flags<message_names>, OutSocketAddress<5>, InOut<int>>(207, "recvfrom"),
    own<set_socket_option>(208, "setsockopt"),
    pass<SYS_getsockopt, Fd, Choice<level_names>, Int, Pointer, InOut<int>>(209, "getsockopt"),
    pass<SYS_shutdown, Fd, Choice<shutdown_names>>(210, "shutdown"),
    pass<SYS_sendmsg, Fd, InMessageHeader, Flags<message_names>>(211, "sendmsg"),
    pass<SYS_recvmsg, Fd, OutMessageHeader, Flags<message_names>>(212, "recvmsg"),
    pass<SYS_readahead, Fd, Offset, Size>(213, "readahead"),
    own<set_break>(214, "brk", returns_address),
    own<unmap_memory>(215, "munmap"),
    own<remap_memory>(216, "mremap", returns_address),
    pass<SYS_add_key, Text, Text, InBytes<3>, Size, Int>(217, "add_key"),
    pass<SYS_request_key, Text, Text, Text, Int>(218, "request_key"),
    own<control_keys>(219, "keyctl"),
    own<clone_process>(220, "clone"),
    own<execute>(221, "execve", may_not_return),
    own<map_memory>(222, "mmap", returns_address),
    pass<SYS_fadvise64, Fd, Offset, Size, Choice<file_advice_names>>(223, "fadvise64"),
    pass<SYS_swapon, Path, Hex>(224, "swapon"),
    pass<SYS_swapoff, Path>(225, "swapoff"),
    own<protect_memory>(226, "mprotect"),
    own<synchronise_memory>(227, "msync"),
    own<lock_memory>(228, "mlock"),
    own<unlock_memory>(229, "munlock"),
    own<lock_all_memory>(230, "mlockall", partial("MCL_FUTURE is accepted and has no effect")),
    own<unlock_all_memory>(231, "munlockall"),
    own<resident_pages>(232, "mincore"),
    own<advise_memory>(233, "madvise"),
    own<remap_pages>(234, "remap_file_pages"),
    pass<SYS_mbind, Range<1>, Size, Int, Pointer, Size, Hex>(235, "mbind"),
    pass<SYS_get_mempolicy, Out<int>, Pointer, Size, Word, Hex>(236, "get_mempolicy"),
    pass<SYS_set_mempolicy, Int, Pointer, Size>(237, "set_mempolicy"),
    pass<SYS_migrate_pages, Pid, Size, Pointer, Pointer>(238, "migrate_pages"),
    pass<SYS_move_pages, Pid, Size, Pointer, Pointer, Pointer, Hex>(239, "move_pages"),
    pass<SYS_rt_tgsigqueueinfo, Pid, Pid, Signal, In<AlarmInformation>>(240, "rt_tgsigqueueinfo"),
    pass<SYS_perf_event_open, Pointer, Pid, Int, Fd, Hex>(241, "perf_event_open",
                                                          partial("events count the VM's work, not the guest's")),
    pass<SYS_accept4, Fd, OutSocketAddress<2>, InOut<int>, Flags<accept_names>>(242, "accept4"),
    own<receive_messages>(243, "recvmmsg"),
    own<hardware_probe>(258, "riscv_hwprobe", noted("RISC-V only")),
    own<flush_instruction_cache>(259, "riscv_flush_icache", noted("RISC-V only")),
    pass<SYS_wait4, Pid, WaitStatusOut, Flags<wait_names>, Out<rusage>>(260, "wait4"),
    own<change_limit>(261, "prlimit64"),
    pass<SYS_fanotify_init, Hex, OpenFlags>(262, "fanotify_init"),
    pass<SYS_fanotify_mark, Fd, Hex, Hex, DirFd, Path>(263, "fanotify_mark"),
    pass<SYS_name_to_handle_at, DirFd, Path, Pointer, Out<int>, At>(264, "name_to_handle_at"),
    pass<SYS_open_by_handle_at, Fd, Pointer, OpenFlags>(265, "open_by_handle_at"),
    pass<SYS_clock_adjtime, Clock, InOut<timex>>(266, "clock_adjtime"),
    pass<SYS_syncfs, Fd>(267, "syncfs"),
    pass<SYS_setns, Fd, Flags<clone_names>>(268, "setns"),
    own<send_messages>(269, "sendmmsg"),
    own<read_process_memory>(270, "process_vm_readv"),
    own<write_process_memory>(271, "process_vm_writev"),
    pass<SYS_kcmp, Pid, Pid, Int, Word, Word>(272, "kcmp"),
    pass<SYS_finit_module, Fd, Text, Hex>(273, "finit_module"),
    pass<SYS_sched_setattr, Pid, Pointer, Hex>(274, "sched_setattr"),
    pass<SYS_sched_getattr, Pid, Pointer, UInt, Hex>(275, "sched_getattr"),
    pass<SYS_renameat2, DirFd, EntryPath, DirFd, EntryPath, Flags<rename_names>>(276, "renameat2"),
    refused(277, "seccomp", "a filter knows the guest's machine and numbers, the kernel would see the host's", ENOSYS),
    pass<SYS_getrandom, OutMessage<1>, Size, Flags<random_names>>(278, "getrandom"),
    pass<SYS_memfd_create, Text, Flags<memfd_names>>(279, "memfd_create"),
    pass<SYS_bpf, Int, Pointer, UInt>(280, "bpf", partial("addresses inside of its argument are not checked")),
    own<execute_at>(281, "execveat", may_not_return),
    pass<SYS_userfaultfd, DescriptorFlags>(282, "userfaultfd"),
    pass<SYS_membarrier, Choice<membarrier_names>, Hex, Int>(283, "membarrier"),
    own<lock_memory_how>(284, "mlock2"),
    pass<SYS_copy_file_range, Fd, InOut<i64>, Fd, InOut<i64>, Size, Hex>(285, "copy_file_range"),
    pass<SYS_preadv2, Fd, OutVectors<2>, Size, Offset, Long, Hex>(286, "preadv2"),
    pass<SYS_pwritev2, Fd, InVectors<2>, Size, Offset, Long, Hex>(287, "pwritev2"),
    refused(288, "pkey_mprotect", "the guest's machine has no protection keys", ENOSYS),
    refused(289, "pkey_alloc", "the guest's machine has no protection keys", ENOSYS),
    refused(290, "pkey_free", "the guest's machine has no protection keys", ENOSYS),
    own<stat_file_extended>(291, "statx"),
    own<wait_requests>(292, "io_pgetevents"),
    refused(293, "rseq", "the host's kernel would look for the sequence at the VM's pc, not at the guest's", ENOSYS),
    refused(294, "kexec_file_load", "the machine runs the host's programs, not the guest's kernel", ENOSYS),
    pass<SYS_pidfd_send_signal, Fd, Signal, In<AlarmInformation>, Hex>(424, "pidfd_send_signal"),
    refused(425, "io_uring_setup", "its rings hold addresses that the kernel would use unchecked", ENOSYS),
    refused(426, "io_uring_enter", "see io_uring_setup", ENOSYS),
    refused(427, "io_uring_register", "see io_uring_setup", ENOSYS),
    pass<SYS_open_tree, DirFd, PathAt<2>, At>(428, "open_tree"),
    pass<SYS_move_mount, DirFd, Path, DirFd, Path, Hex>(429, "move_mount"),
    pass<SYS_fsopen, Text, Hex>(430, "fsopen"),
    pass<SYS_fsconfig, Fd, Int, Text, Text, Int>(431, "fsconfig"),
    pass<SYS_fsmount, Fd, Hex, Hex>(432, "fsmount"),
    pass<SYS_fspick, DirFd, Path, Hex>(433, "fspick"),
    pass<SYS_pidfd_open, Pid, Hex>(434, "pidfd_open"),
    own<clone_process_how>(435, "clone3"),
    own<close_files>(436, "close_range"),
    own<open_file_how>(437, "openat2"),
    pass<SYS_pidfd_getfd, Fd, Fd, Hex>(438, "pidfd_getfd"),
    pass<SYS_faccessat2, DirFd, PathAt<3>, Flags<access_names>, Flags<eaccess_names>>(439, "faccessat2"),
    own<advise_process>(440, "process_madvise"),
    own<wait_epoll_until>(441, "epoll_pwait2"),
    pass<SYS_mount_setattr, DirFd, PathAt<2>, At, Pointer, Size>(442, "mount_setattr"),
    pass<SYS_quotactl_fd, Fd, Hex, Int, Pointer>(443, "quotactl_fd"),
    pass<SYS_landlock_create_ruleset, Pointer, Size, Hex>(444, "landlock_create_ruleset"),
    pass<SYS_landlock_add_rule, Fd, Int, Pointer, Hex>(445, "landlock_add_rule"),
    pass<SYS_landlock_restrict_self, Fd, Hex>(446, "landlock_restrict_self"),
    pass<SYS_memfd_secret, Hex>(447, "memfd_secret"),
    pass<SYS_process_mrelease, Fd, Hex>(448, "process_mrelease"),
    own<futex_wait_several>(449, "futex_waitv"),
    pass<SYS_set_mempolicy_home_node, Range<1>, Size, Size, Hex>(450, "set_mempolicy_home_node"),
    pass<host_number::cachestat, Fd, Pointer, Pointer, Hex>(451, "cachestat"),
    pass<host_number::fchmodat2, DirFd, PathAt<3>, Mode, At>(452, "fchmodat2"),
    refused(453, "map_shadow_stack", "the guest's machine has no shadow stacks", ENOSYS),
    pass<host_number::futex_wake, In<u32>, Hex, Int, Hex>(454, "futex_wake"),
    pass<host_number::futex_wait, In<u32>, Hex, Hex, Hex, In<timespec>, Clock>(455, "futex_wait"),
    own<futex_requeue>(456, "futex_requeue"),
    pass<host_number::statmount, Pointer, OutOpaque<2>, Size, Hex>(457, "statmount"),
    pass<host_number::listmount, Pointer, Pointer, Size, Hex>(458, "listmount"),
    pass<host_number::lsm_get_self_attr, Int, Pointer, InOut<u32>, Hex>(459, "lsm_get_self_attr"),
    pass<host_number::lsm_set_self_attr, Int, Pointer, UInt, Hex>(460, "lsm_set_self_attr"),
    pass<host_number::lsm_list_modules, Pointer, InOut<u32>, Hex>(461, "lsm_list_modules"),
    pass<host_number::mseal, Range<1>, Size, Hex>(462, "mseal"),
    own<set_attribute_at>(463, "setxattrat"),
    own<get_attribute_at>(464, "getxattrat"),
    pass<host_number::listxattrat, DirFd, PathAt<2>, At, OutBytes<4>, Size>(465, "listxattrat"),
    pass<host_number::removexattrat, DirFd, PathAt<2>, At, Text>(466, "removexattrat"),
    pass<host_number::open_tree_attr, DirFd, PathAt<2>, At, Pointer, Size>(467, "open_tree_attr"),
    pass<host_number::file_getattr, DirFd, PathAt<4>, Pointer, Size, At>(468, "file_getattr"),
    pass<host_number::file_setattr, DirFd, PathAt<4>, Pointer, Size, At>(469, "file_setattr"),
    pass<host_number::listns, Pointer, Pointer, Size, Hex>(470, "listns"),
});
// clang-format on

static_assert(
    [] {
        for (std::size_t i = 1; i < rows.size(); ++i) {
            if (rows[i - 1].number >= rows[i].number) return false;
        }
        return true;
    }(),
    "rows ascend by number");

constexpr std::size_t numbers = rows.back().number + 1;
constexpr u16 no_row = 0xffff;

/// From a number to its row's index.
constexpr auto row_index = [] {
    std::array<u16, numbers> index{};
    index.fill(no_row);
    for (std::size_t i = 0; i < rows.size(); ++i) index[rows[i].number] = static_cast<u16>(i);
    return index;
}();

}  // namespace

std::span<const Row> table() {
    return rows;
}

const Row* find_row(u64 number) {
    if (number >= numbers || row_index[number] == no_row) return nullptr;
    return &rows[row_index[number]];
}

}  // namespace lyrebird::syscall
