// What a system call's handler may use. The syscall layer stands below the engine, so what only the engine can do
// (threads, signals, exec) is an interface here that the engine implements.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "loader/sysroot.hpp"
#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"
#include "runtime/memory/address_space.hpp"
#include "syscall/process_state.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::syscall {

/// A handler's answer besides a value or −errno: a signal came first. pc stays at the system call; the signal is
/// delivered, and the call is made anew when its handler returns. Handlers pass it through whenever interruptible_call
/// returns it.
inline constexpr SysResult restart = -512;
/// The handler has set pc and registers itself (rt_sigreturn): no result is written, pc is not advanced.
inline constexpr SysResult registers_set = -513;

/// What clone, clone3, fork and vfork come down to; all addresses are the guest's.
struct CloneRequest {
    u64 flags = 0;  // CLONE_*, without the exit signal
    int exit_signal = 0;
    u64 stack_pointer = 0;  // the child's; 0: the parent's
    u64 parent_tid = 0;
    u64 child_tid = 0;
    u64 thread_pointer = 0;
    u64 pidfd = 0;
    std::vector<pid_t> set_tid;
    int cgroup = -1;
};

struct ExecRequest {
    int directory = -1;  // AT_FDCWD or a descriptor
    std::string path;
    int flags = 0;  // AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW
    std::vector<std::string> arguments;
    std::vector<std::string> environment;
};

/// A thread's signal sets as /proc/<pid>/status shows them: the kernel's 64-bit masks.
struct SignalSets {
    u64 blocked = 0;
    u64 ignored = 0;
    u64 caught = 0;
};

/// What the engine does for system calls. Each returns what the call of that name returns to the guest.
class Services {
  public:
    virtual ~Services() = default;

    // Threads and processes.
    virtual SysResult clone(const CloneRequest& request) = 0;
    virtual SysResult exec(const ExecRequest& request) = 0;
    /// Both mark the thread as ended and return `registers_set`, which the handler passes on: the engine leaves its
    /// loop when the handler has returned, so nothing a handler owns is lost.
    virtual SysResult exit_thread(int status) = 0;
    virtual SysResult exit_group(int status) = 0;
    virtual SysResult set_tid_address(u64 address) = 0;

    // Signals; sets are the kernel's 64-bit masks, `size` arguments are checked by the caller. Addresses are the
    // guest's and are checked and copied by the engine.
    virtual SysResult signal_action(int signal, u64 new_action, u64 old_action) = 0;
    virtual SysResult signal_mask(int how, const u64* set, u64* old) = 0;
    virtual SysResult signal_stack(u64 new_stack, u64 old_stack) = 0;
    virtual SysResult signal_return() = 0;
    virtual SysResult signal_suspend(u64 mask) = 0;
    virtual SysResult signal_pending(u64* set) = 0;
    /// Runs `call(data, host_mask)` (a blocking host call made through interruptible_call that takes a mask: ppoll,
    /// pselect6, epoll_pwait) for a guest that asked for `mask` meanwhile; null: no replacement. `host_mask` is what to
    /// pass to the host's call (the guest's mask without the signals that the VM itself needs), or null.
    virtual SysResult with_mask(const u64* mask, SysResult (*call)(void* data, const u64* host_mask), void* data) = 0;

    // Code.
    virtual SysResult flush_code(u64 start, u64 end, u64 flags) = 0;
    /// To be called after every operation on the guest's map, so that stale translations go.
    virtual void memory_changed() = 0;

    /// The guest is about to change its root directory: what the VM needs of the present one is to be opened now.
    virtual void root_changes() {}

    /// The guest path of the running program, for /proc/self/exe.
    virtual std::string executable_path() const = 0;
    /// The guest's sets of the calling thread, for /proc/self/status; nothing: the host's are shown.
    virtual std::optional<SignalSets> signal_sets() const { return std::nullopt; }

    /// The smallest descriptor >= `from` that is the VM's own and that the guest may not close or replace; −1: none.
    virtual int next_owned_descriptor(int from) const {
        static_cast<void>(from);
        return -1;
    }
};

/// ABI facts that differ between guests or from the host.
struct Abi {
    const char* machine;  // uname: "riscv64"
    bool arm_open_flags;  // O_DIRECTORY, O_NOFOLLOW, O_DIRECT, O_LARGEFILE permuted
    u64 minimum_signal_stack;
    u64 number_bits = ~u64{0};  // of the register with a call's number: those that count
    /// Addresses have a tag, their top byte: calls on the map ignore it, and others as well where the thread wants it
    /// (Linux: arm64/tagged-address-abi.rst).
    bool address_tags = false;
    int extra_protection = 0;  // PROT_* of the guest's own that mprotect takes; they change nothing here
    /// A personality that the guest's kernel refuses, PER_LINUX32 where it has no 32-bit programs; ~0: none.
    u32 refused_personality = ~u32{0};
    /// One processor's paragraph of /proc/cpuinfo, without the empty line that follows it; null: the host's file is
    /// shown.
    std::string (*cpu_info)(unsigned processor, isa::Cpu& cpu) = nullptr;
    /// riscv_hwprobe: true and the value when the key is known; `highest_address` is the greatest that the guest can
    /// map. Null: the guest has neither this call nor riscv_flush_icache.
    bool (*hwprobe)(i64 key, u64 highest_address, u64* value) = nullptr;
    bool has_renameat = false;  // call 38, older guests only
    /// prctl's PR_PAC_RESET_KEYS, PR_PAC_SET_ENABLED_KEYS and PR_PAC_GET_ENABLED_KEYS with its four arguments; null: the guest has
    /// no pointer authentication.
    SysResult (*pointer_keys)(isa::Cpu& cpu, int option, const u64* arguments) = nullptr;
};

struct Context {
    memory::AddressSpace& memory;
    const loader::Sysroot& sysroot;
    Services& services;
    isa::Cpu& cpu;
    const Abi& abi;
    ProcessState& process;
    /// This thread's calls take addresses with tags (PR_SET_TAGGED_ADDR_CTRL).
    bool tagged_addresses = false;
};

}  // namespace lyrebird::syscall
