// Signals: the engine keeps actions, masks and frames; here the sizes are checked and the sets copied.
#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

SysResult signal_action(Context& context, Signal signal, SignalAction next, SignalActionOut old, Size size) {
    if (size.value != sizeof(u64)) return -EINVAL;
    return context.services.signal_action(signal.as_int(), next.value, old.value);
}

SysResult signal_mask(Context& context, Choice<signal_mask_names> how, InSignalSet next, OutSignalSet old, Size size) {
    if (size.value != sizeof(u64)) return -EINVAL;
    const auto set = next.value == 0 ? std::nullopt : next.read(context);
    if (next.value != 0 && !set) return -EFAULT;
    u64 before = 0;
    const SysResult result = context.services.signal_mask(how.as_int(), set ? &*set : nullptr, &before);
    if (result != 0 || old.value == 0) return result;
    return old.write(context, before) ? 0 : -EFAULT;
}

SysResult signal_pending(Context& context, OutSignalSet set, Size size) {
    if (size.value > sizeof(u64)) return -EINVAL;
    u64 pending = 0;
    const SysResult result = context.services.signal_pending(&pending);
    if (result != 0 || size.value == 0) return result;
    return guest_memory(context).write(GuestAddress(set.value), &pending, size.value) ? 0 : -EFAULT;
}

SysResult signal_suspend(Context& context, InSignalSet mask, Size size) {
    if (size.value != sizeof(u64)) return -EINVAL;
    auto set = mask.read(context);
    return set ? context.services.signal_suspend(*set) : -EFAULT;
}

SysResult signal_stack(Context& context, Address next, Address old) {
    return context.services.signal_stack(next.value, old.value);
}

SysResult signal_return(Context& context) {
    return context.services.signal_return();
}

}  // namespace lyrebird::syscall
