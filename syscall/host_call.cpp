#include "syscall/host_call.hpp"

#include <cerrno>

#include "syscall/context.hpp"

namespace lyrebird::syscall {

static_assert(restart == -512, "host_call.S returns this number");

void redirect_interrupted_call(u64& rip, u64& rax) {
    if (rip < reinterpret_cast<u64>(lyre_call_begin) || rip > reinterpret_cast<u64>(lyre_call_syscall)) return;
    // A sleep that another, ignored signal had woken is put back by the kernel as restart_syscall. It has begun: a
    // signal with a handler ends it, as it would have ended the sleep itself.
    if (rip == reinterpret_cast<u64>(lyre_call_syscall) && rax == SYS_restart_syscall) {
        rax = static_cast<u64>(-EINTR);
        rip = reinterpret_cast<u64>(lyre_call_end);
        return;
    }
    rip = reinterpret_cast<u64>(lyre_call_interrupted);
}

}  // namespace lyrebird::syscall
