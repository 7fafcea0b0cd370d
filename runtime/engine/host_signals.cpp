// What stands here runs inside the host's signal handler, with all signals blocked, on the thread's stack for it: it
// takes no lock that the interrupted code may hold, allocates nothing, and leaves errno alone.
#include "runtime/engine/host_signals.hpp"

#include <ucontext.h>

#include <cerrno>
#include <cstring>

#include "runtime/engine/report.hpp"
#include "runtime/engine/thread.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::engine {

namespace {
/// The kernel's signal mask in the frame is one word; the library's type is longer than what the kernel wrote.
SignalSet mask_of(const ucontext_t& context) {
    SignalSet set;
    std::memcpy(&set, &context.uc_sigmask, sizeof set);
    return set;
}
void set_mask_of(ucontext_t& context, SignalSet set) {
    set &= ~(fault_signals | unblockable_signals);
    std::memcpy(&context.uc_sigmask, &set, sizeof set);
}

/// True for a signal that the processor raised just now, false for one that somebody sent.
bool is_fault(int signal, const siginfo_t& info) {
    if ((fault_signals & signal_bit(signal)) == 0 || info.si_code <= 0) return false;
    if (signal == SIGBUS && info.si_code == BUS_MCEERR_AO) return false;
    return true;
}

/// Leaves a signal to the kernel's default action, which it has by now.
void requeue(int signal, const siginfo_t& info) {
    siginfo_t copy = info;
    host_call(SYS_rt_tgsigqueueinfo, process_id(), thread_id(), signal, &copy);
}

void restore_default(int signal) {
    HostAction action{};
    host_action(signal, &action, nullptr);
}
}  // namespace

void host_signal_handler(int signal, siginfo_t* info, void* context_pointer) {
    auto& context = *static_cast<ucontext_t*>(context_pointer);
    int saved_errno = errno;
    Thread* thread = Thread::current();
    bool access = signal == SIGSEGV || signal == SIGBUS;
    if (!is_fault(signal, *info)) {
        if (thread != nullptr) thread->arrive(signal, *info, context);
    } else if (access && memory::redirect_copy_fault(&context)) {
        // The copy reports failure to whoever asked for it.
    } else if (!access || thread == nullptr || !thread->leave_guest_code(*info, context)) {
        report_vm_fault(*info, u64(context.uc_mcontext.gregs[REG_RIP]), thread);
    }
    errno = saved_errno;
}

void Thread::arrive(int signal, const siginfo_t& info, ucontext_t& context) {
    SignalState& state = signals_;
    bool can_fault = (fault_signals & signal_bit(signal)) != 0;
    bool blocked = (state.blocked_faults & signal_bit(signal)) != 0;
    if (can_fault && (blocked || state.arrived.full())) return state.deferred.add(signal, info);
    GuestAction action = process_->actions.consume(signal);
    if (action.is_ignored()) return;
    if (action.is_default()) {
        if (can_fault) restore_default(signal);
        return requeue(signal, info);
    }

    greg_t* registers = context.uc_mcontext.gregs;
    SignalSet before = (mask_of(context) & ~fault_signals) | state.blocked_faults;
    SignalSet base = before;
    if (state.temporary && u64(registers[REG_RIP]) == as_argument(lyre_call_end) && registers[REG_RAX] == -EINTR) {
        // The call's own mask let the signal in; the kernel has put back the other one for afterwards.
        state.temporary = false;
        base = state.temporary_mask;
    }
    ArrivedSignal& arrived = state.arrived.next_free();
    arrived = {info, before, action};
    state.arrived.push();

    SignalSet inside = base | action.mask;
    if ((action.flags & SA_NODEFER) == 0) inside |= signal_bit(signal);
    inside &= ~unblockable_signals;
    state.blocked_faults = inside & fault_signals;
    if (state.arrived.full()) {
        state.closed = true;
        state.closed_mask = inside;
        inside = ~SignalSet{0};
    }
    set_mask_of(context, inside);
    alert(isa::attention_signal);
    auto& rip = reinterpret_cast<u64&>(registers[REG_RIP]);
    auto& rax = reinterpret_cast<u64&>(registers[REG_RAX]);
    syscall::redirect_interrupted_call(rip, rax);
}

void set_host_signal_stack(void* memory, u64 size) {
    stack_t stack{};
    stack.ss_sp = memory;
    stack.ss_size = size;
    host_call(SYS_sigaltstack, &stack, nullptr);
}

void die_by_signal(int signal, const siginfo_t* info) {
    SignalSet all = ~SignalSet{0};
    host_mask(SIG_SETMASK, &all, nullptr);
    restore_default(signal);
    siginfo_t copy{};
    if (info != nullptr) copy = *info;
    copy.si_signo = signal;
    host_call(SYS_rt_tgsigqueueinfo, process_id(), thread_id(), signal, &copy);
    SignalSet only = all & ~signal_bit(signal);
    host_mask(SIG_SETMASK, &only, nullptr);
    // Only the first process of a namespace survives its default action.
    for (;;) host_call(SYS_exit_group, 128 + signal);
}

}  // namespace lyrebird::engine
