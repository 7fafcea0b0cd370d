// Futexes and what else threads need. The host's kernel does the work on the guest's own words: guest threads are host
// threads.
#include <linux/futex.h>

#include <vector>

#include "syscall/handlers.hpp"
#include "syscall/numbers.hpp"

namespace lyrebird::syscall {

namespace {
// struct futex_waitv of linux/futex.h.
struct FutexWait {
    u64 value;
    u64 address;
    u32 flags;
    u32 reserved;
};
constexpr u32 most_waits = 128;  // FUTEX_WAITV_MAX

/// A checked copy of `count` waits; what cannot be read gives nobody's address.
u64 load_waits(const Context& context, std::vector<FutexWait>& copy, u64 address, u32 count) {
    if (address == 0 || count == 0 || count > most_waits) return guarded(context, address, 1);
    copy.resize(count);
    if (!guest_memory(context).read(copy.data(), GuestAddress(address), count * sizeof(FutexWait))) {
        return outside_of_everybody(address);
    }
    for (FutexWait& wait : copy) wait.address = guarded(context, wait.address, sizeof(u64));
    return host_pointer(copy.data());
}
}  // namespace

SysResult set_tid_address(Context& context, Address address) {
    return context.services.set_tid_address(address.value);
}

SysResult futex(Context& context, Futex word, FutexOperation operation, UInt value, Word timeout, Futex second,
                Hex third) {
    u64 fourth = timeout.value;  // a timeout, or how many to move on
    switch (operation.as_int() & FUTEX_CMD_MASK) {
        case FUTEX_WAIT:
        case FUTEX_WAIT_BITSET:
        case FUTEX_LOCK_PI:
        case FUTEX_WAIT_REQUEUE_PI:
        case 13:  // FUTEX_LOCK_PI2
            fourth = guarded(context, timeout.value, sizeof(timespec));
            break;
        default:
            break;
    }
    return guest_call(context, SYS_futex, guarded(context, word.value, sizeof(u32)), operation.value, value.value,
                      fourth, guarded(context, second.value, sizeof(u32)), third.value);
}

SysResult futex_wait_several(Context& context, Address waits, UInt count, Hex flags, In<timespec> timeout,
                             Choice<clock_names> clock) {
    std::vector<FutexWait> copy;
    const u64 host = load_waits(context, copy, waits.value, count.as_u32());
    return guest_call(context, SYS_futex_waitv, host, count.value, flags.value, timeout.host(context), clock.value);
}

SysResult futex_requeue(Context& context, Address waits, Hex flags, Int wake, Int requeue) {
    std::vector<FutexWait> copy;
    const u64 host = load_waits(context, copy, waits.value, 2);
    return guest_call(context, host_number::futex_requeue, host, flags.value, wake.value, requeue.value);
}

}  // namespace lyrebird::syscall
