// New guest processes: a copy (fork), or a child that shares memory until it calls exec or _exit (vfork, posix_spawn).
//
// Why two ways to fork: the C library's fork keeps its own locks consistent in the child, but has no flags. With flags
// that it does not know (namespaces, another exit signal, CLONE_PARENT, a pidfd …) the kernel is called directly, and
// the library's allocator, the only part of it that the child uses, is held meanwhile through the functions that its
// own fork uses.
//
// What must stay true: every lock of the VM that another thread may hold is taken before, in one order (changes of code,
// registry, code, memory, system calls' state, dispositions), and is free afterwards on both sides.
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/engine/observers.hpp"
#include "runtime/engine/report.hpp"
#include "runtime/engine/thread.hpp"

// The C library's own, present in a static executable. Weak: with sanitizers the library is a shared one and they are
// out of reach.
extern "C" {
[[gnu::weak]] void __malloc_fork_lock_parent();
[[gnu::weak]] void __malloc_fork_unlock_parent();
[[gnu::weak]] void __malloc_fork_unlock_child();
long lyre_clone_to(long number, const lyrebird::u64* arguments, void (*function)(void*), void* data);
}

namespace lyrebird::engine {

namespace {
/// What fork as the C library makes it does, or what the engine does itself in parent and child.
constexpr u64 library_flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_SETTLS;

constexpr u64 clear_handlers_flag = 0x100000000ULL;  // CLONE_CLEAR_SIGHAND
constexpr u64 into_cgroup_flag = 0x200000000ULL;     // CLONE_INTO_CGROUP
constexpr u64 vfork_stack_size = 256 << 10;

/// The kernel's struct clone_args.
struct CloneArguments {
    u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

bool library_can(const syscall::CloneRequest& request) {
    return (request.flags & ~library_flags) == 0 && request.exit_signal == SIGCHLD && request.set_tid.empty();
}

/// The request for the host, without what the engine does itself. `pidfd` is where the kernel puts a descriptor.
CloneArguments host_arguments(const syscall::CloneRequest& request, int* pidfd) {
    CloneArguments arguments{};
    arguments.flags = request.flags & ~library_flags;
    arguments.pidfd = as_argument(pidfd);
    arguments.exit_signal = u64(request.exit_signal);
    arguments.set_tid = request.set_tid.empty() ? 0 : as_argument(request.set_tid.data());
    arguments.set_tid_size = request.set_tid.size();
    if ((request.flags & into_cgroup_flag) != 0) arguments.cgroup = u64(request.cgroup);
    return arguments;
}

/// True when the older call can say the same.
bool fits_clone(const CloneArguments& arguments) {
    return arguments.flags >> 32 == 0 && arguments.set_tid_size == 0;
}

SysResult host_clone(const CloneArguments& arguments) {
    SysResult result = host_call(SYS_clone3, &arguments, sizeof arguments);
    if (result != -ENOSYS || !fits_clone(arguments)) return result;
    return host_call(SYS_clone, arguments.flags | arguments.exit_signal, 0, arguments.pidfd, 0, 0);
}

SysResult host_clone_to(const CloneArguments& arguments, void (*function)(void*), void* data) {
    u64 words[5] = {as_argument(&arguments), sizeof arguments, 0, 0, 0};
    SysResult result = lyre_clone_to(SYS_clone3, words, function, data);
    if (result != -ENOSYS || !fits_clone(arguments)) return result;
    u64 old_words[5] = {arguments.flags | arguments.exit_signal, arguments.stack + arguments.stack_size,
                        arguments.pidfd, 0, 0};
    return lyre_clone_to(SYS_clone, old_words, function, data);
}

/// The library's allocator, held across a fork that the library does not make.
class AllocatorHeld {
  public:
    AllocatorHeld() {
        if (__malloc_fork_lock_parent != nullptr) __malloc_fork_lock_parent();
    }
    void release_in_parent() {
        if (__malloc_fork_unlock_parent != nullptr) __malloc_fork_unlock_parent();
    }
    void release_in_child() {
        if (__malloc_fork_unlock_child != nullptr) __malloc_fork_unlock_child();
    }
};

SysResult fork_by_kernel(const syscall::CloneRequest& request, int* pidfd) {
    CloneArguments arguments = host_arguments(request, pidfd);
    AllocatorHeld allocator;
    SysResult result = host_clone(arguments);
    if (result == 0)
        allocator.release_in_child();
    else
        allocator.release_in_parent();
    return result;
}

SysResult fork_by_library() {
    pid_t child = ::fork();
    return child < 0 ? -errno : child;
}
}  // namespace

void Thread::before_fork() {
    system().code_changes.lock();
    process_->threads.before_fork();
    cpu_->before_fork();
    system().memory->before_fork();
    process_->state().before_fork();
    process_->actions.lock();
}

void Thread::after_fork_in_parent() {
    process_->actions.unlock();
    process_->state().after_fork_in_parent();
    system().memory->after_fork_in_parent();
    cpu_->after_fork_in_parent();
    process_->threads.after_fork_in_parent();
    system().code_changes.unlock();
}

void Thread::after_fork_in_child() {
    process_->actions.unlock();
    process_->state().after_fork_in_child();
    system().memory->after_fork_in_child();
    cpu_->after_fork_in_child();
    if (system().observers != nullptr) system().observers->after_fork_in_child();
    process_->threads.after_fork_in_child(*this);
    system().code_changes.unlock();
    memory_changed();
    host_call(SYS_set_robust_list, nullptr, 24);
    signals_.deferred.clear();
    counts_ = {};
    system().statistics.reset();
}

SysResult Thread::fork_process(const syscall::CloneRequest& request) {
    SignalsHeld held;
    if (!signals_.arrived.empty()) return syscall::restart;
    int pidfd = -1;
    before_fork();
    SysResult result = library_can(request) ? fork_by_library() : fork_by_kernel(request, &pidfd);
    if (result == 0) {
        after_fork_in_child();
        become_child(request);
        return 0;
    }
    after_fork_in_parent();
    if (result < 0) return result;
    system().statistics.process_started();
    return tell_parent(request, result, pidfd);
}

/// What clone promises in the child, whose registers are still the parent's.
void Thread::become_child(const syscall::CloneRequest& request) {
    u32 tid = u32(thread_id());
    if ((request.flags & CLONE_CHILD_SETTID) != 0) (void)guest_memory().write(GuestAddress(request.child_tid), tid);
    clear_child_tid_ = (request.flags & CLONE_CHILD_CLEARTID) != 0 ? request.child_tid : 0;
    if (request.stack_pointer != 0) cpu_->set_stack_pointer(request.stack_pointer);
    if ((request.flags & CLONE_SETTLS) != 0) cpu_->set_thread_pointer(request.thread_pointer);
    if ((request.flags & clear_handlers_flag) != 0) process_->actions.clear_handlers();
}

SysResult Thread::tell_parent(const syscall::CloneRequest& request, SysResult child, int pidfd) {
    u32 tid = u32(child);
    if ((request.flags & CLONE_PARENT_SETTID) != 0) (void)guest_memory().write(GuestAddress(request.parent_tid), tid);
    if ((request.flags & CLONE_PIDFD) != 0) (void)guest_memory().write(GuestAddress(request.pidfd), pidfd);
    return child;
}

namespace {
struct SharedStart {
    Thread* thread;
    SignalSet mask;
    const syscall::CloneRequest* request;
};

/// The child's whole life: it has its own host stack, and its waiting parent's thread-local storage.
void run_shared_child(void* data) {
    auto& start = *static_cast<SharedStart*>(data);
    start.thread->run_as_shared_child(*start.request, start.mask);
}
}  // namespace

void Thread::run_as_shared_child(const syscall::CloneRequest& request, SignalSet mask) {
    set_current(this);
    become_child(request);
    host_mask(SIG_SETMASK, &mask, nullptr);
    run();
    release_joiner();
    end_process(exit_status_);
}

SysResult Thread::share_process(const syscall::CloneRequest& request) {
    SignalsHeld held;
    if (!signals_.arrived.empty()) return syscall::restart;
    void* stack =
        ::mmap(nullptr, vfork_stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -errno;
    Process process(*process_);
    auto child = this->child(process, request);
    child->signals_.alternate = signals_.alternate;
    process.threads.add(*child);
    int pidfd = -1;
    CloneArguments arguments = host_arguments(request, &pidfd);
    arguments.stack = as_argument(stack);
    arguments.stack_size = vfork_stack_size;
    SharedStart start{child.get(), held.saved(), &request};
    SysResult result = host_clone_to(arguments, &run_shared_child, &start);
    set_current(this);
    ::munmap(stack, vfork_stack_size);
    if (result < 0) return result;
    system().statistics.process_started();
    return tell_parent(request, result, pidfd);
}

}  // namespace lyrebird::engine
