// The system calls about signals.
//
// What must stay true: every change of the mask is made by a host call that is not made when a signal waits
// (interruptible_call), or with all signals held. So a signal that arrived under the old mask is delivered under it,
// before the change.
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
constexpr u64 known_flags = SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER |
                            SA_RESETHAND | 0x800;  // SA_EXPOSE_TAGBITS

/// The set that `how` makes of `now`; an unknown `how` changes nothing.
SignalSet changed(int how, SignalSet now, SignalSet wanted) {
    switch (how) {
        case SIG_BLOCK:
            return now | wanted;
        case SIG_UNBLOCK:
            return now & ~wanted;
        case SIG_SETMASK:
            return wanted;
        default:
            return now;
    }
}
}  // namespace

SysResult Thread::signal_action(int signal, u64 new_action, u64 old_action) {
    const Guest& guest = *system().guest;
    GuestAction action;
    GuestAction old;
    if (new_action != 0 && !guest.read_action(guest_memory(), GuestAddress(new_action), action)) return -EFAULT;
    if (signal < 1 || signal > signal_count) return -EINVAL;
    if (new_action != 0) {
        if ((unblockable_signals & signal_bit(signal)) != 0) return -EINVAL;
        action.flags &= known_flags | guest.action_flags;
        action.mask &= ~unblockable_signals;
        if (SysResult result = process_->actions.set(signal, action, old); result != 0) return result;
        if (action.is_ignored() && (signals_.deferred.set() & signal_bit(signal)) != 0) signals_.deferred.take(signal);
    } else {
        old = process_->actions.get(signal);
    }
    if (old_action != 0 && !guest.write_action(guest_memory(), GuestAddress(old_action), old)) return -EFAULT;
    return 0;
}

SysResult Thread::signal_mask(int how, const u64* set, u64* old) {
    return change_mask(how, set, old);
}

SysResult Thread::change_mask(int how, const SignalSet* wanted, SignalSet* old) {
    SignalSet faults = signals_.blocked_faults;
    if (wanted != nullptr && (changed(how, faults, *wanted) & fault_signals) != faults)
        return change_fault_mask(how, *wanted, old);
    SignalSet host = wanted == nullptr ? 0 : *wanted & ~fault_signals;
    SignalSet before = 0;
    SysResult result = syscall::interruptible_call(&vm_.attention, SYS_rt_sigprocmask, u64(how),
                                                   as_argument(wanted == nullptr ? nullptr : &host),
                                                   as_argument(&before), sizeof before);
    if (result == 0 && old != nullptr) *old = before | faults;
    return result;
}

/// The same for a change that concerns signals which the host never blocks.
SysResult Thread::change_fault_mask(int how, SignalSet wanted, SignalSet* old) {
    SignalSet before = 0;
    {
        SignalsHeld held;
        if (!signals_.arrived.empty()) return syscall::restart;
        before = held.saved() | signals_.blocked_faults;
        SignalSet after = changed(how, before, wanted);
        signals_.blocked_faults = after & fault_signals;
        held.set_saved(after & ~fault_signals);
    }
    resend_deferred();
    if (old != nullptr) *old = before;
    return 0;
}

void Thread::set_mask(SignalSet mask) {
    signals_.blocked_faults = mask & fault_signals;
    SignalSet host = mask & ~fault_signals;
    host_mask(SIG_SETMASK, &host, nullptr);
    resend_deferred();
}

/// Gives what waited because the guest blocked it another try.
void Thread::resend_deferred() {
    SignalSet free = signals_.deferred.set() & ~signals_.blocked_faults;
    for (int signal : {SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV}) {
        if ((free & signal_bit(signal)) == 0) continue;
        siginfo_t info = signals_.deferred.take(signal);
        host_call(SYS_rt_tgsigqueueinfo, process_id(), thread_id(), signal, &info);
    }
}

SysResult Thread::signal_stack(u64 new_stack, u64 old_stack) {
    u64 sp = cpu_->stack_pointer();
    StackRecord old = signals_.alternate.report(sp);
    if (new_stack != 0) {
        auto wanted = guest_memory().read<StackRecord>(GuestAddress(new_stack));
        if (!wanted) return -EFAULT;
        SysResult result = signals_.alternate.set(*wanted, sp, system().guest->abi->minimum_signal_stack);
        if (result != 0) return result;
    }
    if (old_stack != 0 && !guest_memory().write(GuestAddress(old_stack), old)) return -EFAULT;
    return 0;
}

SysResult Thread::signal_return() {
    const Guest& guest = *system().guest;
    FrameContents contents;
    std::array<u64, frame_registers> registers;
    if (!guest.read_frame(*cpu_, guest_memory(), contents, registers)) return refuse_frame();
    contents.mask &= ~unblockable_signals;
    if (SysResult result = change_mask(SIG_SETMASK, &contents.mask, nullptr); result != 0) return result;
    guest.restore_registers(*cpu_, registers);
    signals_.alternate.set(contents.stack, cpu_->stack_pointer(), guest.abi->minimum_signal_stack);
    return syscall::registers_set;
}

/// sigreturn with a frame that is none: SIGSEGV, as from the kernel (Linux: arm64_notify_segfault, where it names one).
SysResult Thread::refuse_frame() {
    siginfo_t info{};
    info.si_signo = SIGSEGV;
    info.si_code = SI_KERNEL;
    if (system().guest->faults_name_data) {
        u64 sp = cpu_->stack_pointer();
        bool below_a_mapping = false;
        system().memory->for_each([&](const memory::Region& region) { below_a_mapping |= region.end.value > sp; });
        info.si_code = below_a_mapping ? SEGV_ACCERR : SEGV_MAPERR;
        info.si_addr = GuestAddress(sp).host();
    }
    FaultRecord record = record_of(Fault::Kind::signal_frame, SIGSEGV, cpu_->stack_pointer());
    force_signal(info, &record);
    return syscall::registers_set;
}

SysResult Thread::signal_suspend(u64 mask) {
    auto suspend = [](void* self, const u64* host_mask) {
        auto& thread = *static_cast<Thread*>(self);
        return syscall::interruptible_call(&thread.vm_.attention, SYS_rt_sigsuspend, as_argument(host_mask),
                                           sizeof *host_mask);
    };
    return with_mask(&mask, suspend, this);
}

SysResult Thread::signal_pending(u64* set) {
    SysResult result = host_call(SYS_rt_sigpending, set, sizeof *set);
    if (result == 0) *set |= signals_.deferred.set();
    return result;
}

std::optional<syscall::SignalSets> Thread::signal_sets() const {
    syscall::SignalSets sets;
    host_mask(SIG_BLOCK, nullptr, &sets.blocked);
    sets.blocked |= signals_.blocked_faults;
    for (int signal = 1; signal <= signal_count; ++signal) {
        GuestAction action = process_->actions.get(signal);
        if (action.is_ignored())
            sets.ignored |= signal_bit(signal);
        else if (!action.is_default())
            sets.caught |= signal_bit(signal);
    }
    return sets;
}

SysResult Thread::with_mask(const u64* mask, SysResult (*call)(void*, const u64*), void* data) {
    if (mask == nullptr) return call(data, nullptr);
    SignalSet host = *mask & ~(fault_signals | unblockable_signals);
    signals_.temporary_mask = *mask & ~unblockable_signals;
    std::atomic_signal_fence(std::memory_order_release);
    signals_.temporary = true;
    SysResult result = call(data, &host);
    signals_.temporary = false;
    return result;
}

}  // namespace lyrebird::engine
