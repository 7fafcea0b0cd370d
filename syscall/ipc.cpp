// System V and POSIX interprocess communication, and keys: where a structure differs or holds an address.
#include <linux/keyctl.h>
#include <mqueue.h>
#include <signal.h>
#include <sys/sem.h>

#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

namespace {
GuestSemaphoreSet to_guest(const HostSemaphoreSet& host) {
    return {host.permission, host.operation_time, host.change_time, host.count, {}};
}

SysResult semaphore_status(Context& context, u64 set, u64 number, u64 command, u64 address) {
    HostSemaphoreSet host{};
    const SysResult result = guest_call(context, SYS_semctl, set, number, command, host_pointer(&host));
    if (result < 0) return result;
    return guest_memory(context).write(GuestAddress(address), to_guest(host)) ? result : -EFAULT;
}
}  // namespace

SysResult control_semaphores(Context& context, Int set, Int number, Choice<ipc_control_names> command, Word argument) {
    auto call = [&](u64 host) { return guest_call(context, SYS_semctl, set.value, number.value, command.value, host); };
    switch (command.as_int()) {
        case IPC_STAT:
        case SEM_STAT:
        case 20:  // SEM_STAT_ANY
            return semaphore_status(context, set.value, number.value, command.value, argument.value);
        case IPC_SET: {
            auto guest = guest_memory(context).read<GuestSemaphoreSet>(GuestAddress(argument.value));
            if (!guest) return call(outside_of_everybody(argument.value));
            HostSemaphoreSet host{};
            host.permission = guest->permission;
            return call(host_pointer(&host));
        }
        case IPC_INFO:
        case SEM_INFO:
            return call(guarded(context, argument.value, sizeof(seminfo)));
        case GETALL:
        case SETALL:
            return call(guarded(context, argument.value, sizeof(u16)));
        default:
            return call(argument.value);
    }
}

SysResult attach_shared_memory(Context& context, Int identifier, Address address, Flags<shared_memory_names> flags) {
    const SysResult result = context.memory.attach_shared(identifier.as_int(), address.value, flags.as_int());
    context.services.memory_changed();
    return result;
}

SysResult detach_shared_memory(Context& context, Address address) {
    const SysResult result = context.memory.detach_shared(address.value);
    context.services.memory_changed();
    return result;
}

SysResult notify_message_queue(Context& context, Int queue, Address event) {
    constexpr u64 cookie_size = 32;  // NOTIFY_COOKIE_LEN
    sigevent host;
    u64 argument = guarded(context, event.value, sizeof host);
    if (event.value != 0 && guest_memory(context).read(&host, GuestAddress(event.value), sizeof host)) {
        if (host.sigev_notify == SIGEV_THREAD) {
            const u64 cookie = guarded(context, host_pointer(host.sigev_value.sival_ptr), cookie_size);
            host.sigev_value.sival_ptr = reinterpret_cast<void*>(cookie);
        }
        argument = host_pointer(&host);
    }
    return guest_call(context, SYS_mq_notify, queue.value, argument);
}

SysResult control_keys(Context& context, Int operation, Word second, Word third, Word fourth, Word fifth) {
    VectorCopy vectors;
    u64 payload = third.host(context);
    if (operation.as_int() == KEYCTL_INSTANTIATE_IOV) payload = vectors.load(context, third.value, fourth.value);
    return guest_call(context, SYS_keyctl, operation.value, second.host(context), payload, fourth.host(context),
                      fifth.host(context));
}

}  // namespace lyrebird::syscall
