// New guest threads, and the end of threads. A guest thread is a host thread made by pthread_create; the host's thread
// id is the guest's.
//
// What must stay true: a new thread runs no guest code, and takes no signal, before its ids are where clone promises
// them. A thread that ends takes no signal any more when its joiner is told, so none is lost that another thread could
// have taken.
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>

#include <cerrno>

#include "runtime/engine/report.hpp"
#include "runtime/engine/robust_list.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
/// Of a host thread: the engine's frames and the host's signal stack, in bytes. Guest code uses the guest's own stack.
constexpr u64 host_stack_size = 256 << 10;

/// From clone to the new thread, which announces itself by `tid`.
struct Start {
    Thread* thread;
    SignalSet mask;  // the host's
    u64 unshare;     // CLONE_FS, CLONE_FILES that are not to be shared, which pthread_create always does
    u64 parent_tid;
    u64 child_tid;
    std::atomic<u32> tid{0};
};

void await(const std::atomic<u32>& word) {
    while (word.load(std::memory_order_acquire) == 0)
        host_call(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
}

/// Ends the calling host thread. The first thread of a process must not return into the C library: it stays as a zombie
/// until the others have ended.
void* end_host_thread(int status) {
    while (thread_id() == process_id()) host_call(SYS_exit, status);
    return nullptr;
}
}  // namespace

void Thread::run_on_host_thread(void* start_pointer) {
    auto& start = *static_cast<Start*>(start_pointer);
    u32 tid = u32(thread_id());
    host_call(SYS_set_robust_list, nullptr, 24);
    if (start.unshare != 0) host_call(SYS_unshare, start.unshare);
    if (start.parent_tid != 0) (void)guest_memory().write(GuestAddress(start.parent_tid), tid);
    if (start.child_tid != 0) (void)guest_memory().write(GuestAddress(start.child_tid), tid);
    set_current(this);
    SignalSet mask = start.mask;
    start.tid.store(tid, std::memory_order_release);
    host_call(SYS_futex, &start.tid, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
    host_mask(SIG_SETMASK, &mask, nullptr);
    run();
}

namespace {
void* host_thread(void* start) {
    alignas(16) char signal_stack[host_signal_stack_size];
    set_host_signal_stack(signal_stack, sizeof signal_stack);
    Thread* thread = static_cast<Start*>(start)->thread;
    thread->run_on_host_thread(start);
    int status = thread->finish();
    return end_host_thread(status);
}

/// The host's thread for `start`; 0 or −errno. The caller has all signals held, and so has the new thread.
SysResult create_host_thread(Start& start) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, host_stack_size);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t unused;
    int error = pthread_create(&unused, &attributes, &host_thread, &start);
    pthread_attr_destroy(&attributes);
    return -error;
}
}  // namespace

SysResult Thread::clone(const syscall::CloneRequest& request) {
    if (SysResult result = check_clone(request); result != 0) return result;
    if ((request.flags & CLONE_THREAD) != 0) return start_thread(request);
    if ((request.flags & CLONE_VM) == 0) return fork_process(request);
    if ((request.flags & CLONE_VFORK) != 0) return share_process(request);
    report_unsupported("clone: a process that shares memory with its running parent (CLONE_VM without CLONE_VFORK)",
                       *this);
    return -EINVAL;
}

/// Linux's own conditions (kernel/fork.c: copy_process).
SysResult Thread::check_clone(const syscall::CloneRequest& request) const {
    u64 flags = request.flags;
    auto has = [flags](u64 bits) { return (flags & bits) == bits; };
    if (has(CLONE_NEWNS | CLONE_FS) || has(CLONE_NEWUSER | CLONE_FS)) return -EINVAL;
    if (has(CLONE_THREAD) && !has(CLONE_SIGHAND)) return -EINVAL;
    if (has(CLONE_SIGHAND) && !has(CLONE_VM)) return -EINVAL;
    if (has(CLONE_THREAD) && (flags & (CLONE_NEWUSER | CLONE_NEWPID)) != 0) return -EINVAL;
    return 0;
}

/// A new thread with a copy of what this one's kernel state hands down, and the registers that clone promises.
std::unique_ptr<Thread> Thread::child(Process& process, const syscall::CloneRequest& request) const {
    std::unique_ptr<isa::Cpu> cpu = cpu_->clone();
    if (request.stack_pointer != 0) cpu->set_stack_pointer(request.stack_pointer);
    if ((request.flags & CLONE_SETTLS) != 0) cpu->set_thread_pointer(request.thread_pointer);
    cpu->set_result(0);
    cpu->advance();
    auto child = std::make_unique<Thread>(process, std::move(cpu));
    child->signals_.blocked_faults = signals_.blocked_faults.load();
    child->context_.tagged_addresses = context_.tagged_addresses;
    child->fault_record_ = fault_record_;
    return child;
}

SysResult Thread::start_thread(const syscall::CloneRequest& request) {
    SignalsHeld held;
    if (!signals_.arrived.empty()) return syscall::restart;
    auto child = this->child(*process_, request);
    if ((request.flags & CLONE_CHILD_CLEARTID) != 0) child->clear_child_tid_ = request.child_tid;
    Start start{.thread = child.get(),
                .mask = held.saved(),
                .unshare = ~request.flags & (CLONE_FS | CLONE_FILES),
                .parent_tid = (request.flags & CLONE_PARENT_SETTID) != 0 ? request.parent_tid : 0,
                .child_tid = (request.flags & CLONE_CHILD_SETTID) != 0 ? request.child_tid : 0};
    process_->threads.add(*child);
    SysResult result = create_host_thread(start);
    process_->actions.host_library_started_threads();
    if (result != 0) {
        process_->threads.remove(*child);
        return result;
    }
    child.release();  // frees itself when it ends
    await(start.tid);
    system().statistics.thread_started();
    return SysResult(start.tid.load());
}

SysResult Thread::exit_thread(int status) {
    // From here on other threads take this one's share of the process's signals.
    SignalSet all = ~fault_signals;
    SysResult held =
        syscall::interruptible_call(&vm_.attention, SYS_rt_sigprocmask, SIG_SETMASK, as_argument(&all), 0, sizeof all);
    if (held != 0) return held;
    end_ = End::thread;
    exit_status_ = status & 0xff;
    return syscall::registers_set;
}

SysResult Thread::exit_group(int status) {
    end_ = End::process;
    exit_status_ = status & 0xff;
    return syscall::registers_set;
}

int Thread::run_first() {
    host_call(SYS_set_robust_list, nullptr, 24);
    process_->threads.add(*this);
    set_current(this);
    process_->actions.adopt_host();
    SignalSet blocked = 0;
    SignalSet faults = fault_signals;
    host_mask(SIG_UNBLOCK, &faults, &blocked);
    signals_.blocked_faults = blocked & fault_signals;
    int status = run();
    if (end_ == End::thread) {
        finish();
        end_host_thread(status);
    }
    system().statistics.add(counts_);
    system().finish(*cpu_);
    return status;
}

/// Ends what the thread is to others. Afterwards the object is gone. The caller ends the host thread with the returned
/// status.
int Thread::finish() {
    int status = exit_status_;
    if (end_ == End::process) end_process(status);
    system().statistics.add(counts_);
    release_joiner();
    set_current(nullptr);
    process_->threads.remove(*this);
    delete this;
    return status;
}

/// Ends the whole process: what is to be written at the end is written, by one thread only.
void Thread::end_process(int status) {
    if (!process_->shares_memory) {
        system().statistics.add(counts_);
        system().finish(*cpu_);
    }
    for (;;) host_call(SYS_exit_group, status);
}

/// Tells whoever waits for the thread that its stack and its thread-local storage are free (Linux: mm_release).
void Thread::release_joiner() {
    release_robust_list(guest_memory(), thread_id());
    if (clear_child_tid_ == 0) return;
    u32 zero = 0;
    (void)guest_memory().write(GuestAddress(clear_child_tid_), zero);
    host_call(SYS_futex, clear_child_tid_, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

SysResult Thread::set_tid_address(u64 address) {
    clear_child_tid_ = address;
    return thread_id();
}

}  // namespace lyrebird::engine
