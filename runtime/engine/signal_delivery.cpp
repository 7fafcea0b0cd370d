// Entering handlers: from a signal that has arrived, or a fault, to the guest's signal frame (Linux: kernel/signal.c
// and arch/*/kernel/signal.c).
#include "runtime/engine/report.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
/// What is blocked while the handler of `signal` runs, besides what was before.
SignalSet blocked_inside(const GuestAction& action, int signal) {
    SignalSet set = action.mask;
    if ((action.flags & SA_NODEFER) == 0) set |= signal_bit(signal);
    return set & ~unblockable_signals;
}
SignalSet host_part(SignalSet set) {
    return set & ~fault_signals;
}
}  // namespace

/// Builds the frames of all signals that have arrived, oldest first, so that the newest one's handler runs first, as
/// when they interrupt one another.
void Thread::deliver_arrived() {
    while (!signals_.arrived.empty()) {
        ArrivedSignal arrived = signals_.arrived.front();
        signals_.arrived.pop();
        if (!enter_handler(arrived)) force_segmentation_fault(arrived);
    }
    if (!signals_.closed) return;
    signals_.closed = false;
    set_mask(signals_.closed_mask);
}

/// A handler cannot be entered because its frame has no room.
void Thread::force_segmentation_fault(const ArrivedSignal& failed) {
    siginfo_t info{};
    info.si_signo = SIGSEGV;
    info.si_code = SI_KERNEL;
    // As if that handler had not been entered: what it blocks is free again.
    if (signals_.arrived.empty()) set_mask(failed.saved_mask);
    if (failed.info.si_signo == SIGSEGV || !can_handle(SIGSEGV)) die_of(info);
    GuestAction action = process_->actions.consume_now(SIGSEGV);
    SignalSet before = 0;
    SignalSet more = host_part(blocked_inside(action, SIGSEGV));
    host_mask(SIG_BLOCK, &more, &before);
    SignalSet faults = signals_.blocked_faults.fetch_or(blocked_inside(action, SIGSEGV) & fault_signals);
    if (!enter_handler({info, before | faults, action})) die_of(info);
}

/// A signal that the guest cannot put off: its handler is entered now, or the process dies (Linux: force_sig_info).
/// When another signal has come first, nothing is done: the instruction at pc raises it again afterwards.
void Thread::force_signal(const siginfo_t& info, const FaultRecord* record) {
    int signal = info.si_signo;
    if (!can_handle(signal)) {
        // A signal that has arrived just now blocks what its handler will block, but it comes first.
        SignalsHeld held;
        if (!signals_.arrived.empty()) return;
        if (!can_handle(signal)) die_of(info);
    }
    SignalSet inside = blocked_inside(process_->actions.get(signal), signal);
    SignalSet more = host_part(inside);
    SignalSet before = 0;
    if (syscall::interruptible_call(&vm_.attention, SYS_rt_sigprocmask, SIG_BLOCK, as_argument(&more),
                                    as_argument(&before), sizeof before) != 0) {
        return;
    }
    if (record != nullptr) fault_record_ = *record;
    SignalSet faults = signals_.blocked_faults.fetch_or(inside & fault_signals);
    ArrivedSignal forced{info, before | faults, process_->actions.consume_now(signal)};
    if (!enter_handler(forced)) force_segmentation_fault(forced);
}

bool Thread::can_handle(int signal) const {
    GuestAction action = process_->actions.get(signal);
    return (signals_.blocked_faults & signal_bit(signal)) == 0 && !action.is_ignored() && !action.is_default();
}

bool Thread::enter_handler(const ArrivedSignal& arrived) {
    const Guest& guest = *system().guest;
    AlternateStack& alternate = signals_.alternate;
    u64 sp = cpu_->stack_pointer();
    u64 top = alternate.frame_top(sp, (arrived.action.flags & SA_ONSTACK) != 0);
    u64 frame = (top - guest.frame_size) & ~u64{15};
    if (alternate.overflows(sp, frame)) return false;
    FrameContents contents{arrived.info, alternate.record(), arrived.saved_mask, fault_record_};
    if (!guest.enter_handler(*cpu_, guest_memory(), GuestAddress(frame), contents, arrived.action, system().signal_return)) {
        return false;
    }
    alternate.entered_handler();
    ++counts_.signals;
    return true;
}

void Thread::die_of(const siginfo_t& info) {
    report_guest_death(info, *this);
    die_by_signal(info.si_signo, &info);
}

}  // namespace lyrebird::engine
