// Calls that wait for descriptors while another signal mask is in force. The engine knows what the guest's mask means
// for the host (Services::with_mask); a call that gives no mask is a plain one.
#include <poll.h>

#include <vector>

#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

namespace {
/// Makes `call(host_mask)` with the guest's `mask` in force; the host's mask is null when none is to be set.
template <class Call>
SysResult with_mask(Context& context, const u64* mask, Call call) {
    if (mask == nullptr) return call(nullptr);
    auto run = [](void* data, const u64* host_mask) { return (*static_cast<Call*>(data))(host_mask); };
    return context.services.with_mask(mask, run, &call);
}

struct Mask {
    u64 set = 0;
    bool given = false;
    const u64* pointer() const { return given ? &set : nullptr; }
};

/// The mask at `address` of `size` bytes; 0 or −errno as set_user_sigmask says.
SysResult read_mask(const Context& context, u64 address, u64 size, Mask& mask) {
    if (address == 0) return 0;
    if (size != sizeof mask.set) return -EINVAL;
    auto set = guest_memory(context).read<u64>(GuestAddress(address));
    if (!set) return -EFAULT;
    mask = {*set, true};
    return 0;
}

/// A mask that is passed through a structure, as pselect6 and io_pgetevents do for want of a seventh register.
struct MaskReference {
    u64 address;
    u64 size;
};
SysResult read_mask_reference(const Context& context, u64 address, Mask& mask) {
    if (address == 0) return 0;
    auto reference = guest_memory(context).read<MaskReference>(GuestAddress(address));
    if (!reference) return -EFAULT;
    return read_mask(context, reference->address, reference->size, mask);
}

bool readable(const Context& context, const In<timespec>& timeout) {
    return timeout.value == 0 || timeout.read(context).has_value();
}

/// The host's events of a wait, and the way back into the guest's wider structures.
class EpollEvents {
  public:
    /// `most` is what the guest asked for; the kernel judges numbers that make no sense.
    explicit EpollEvents(int most) : most_(std::min(most, greatest)) {
        if (most_ > few) many_.resize(static_cast<std::size_t>(most_));
    }
    epoll_event* host() { return most_ > few ? many_.data() : few_; }
    int most() const { return most_; }

    SysResult copy_out(const Context& context, u64 address, SysResult result) {
        auto memory = guest_memory(context);
        for (SysResult index = 0; index < result; ++index) {
            const GuestEpollEvent event{host()[index].events, 0, host()[index].data.u64};
            if (memory.write(GuestAddress(address + static_cast<u64>(index) * sizeof event), event)) continue;
            return index != 0 ? index : -EFAULT;
        }
        return result;
    }

  private:
    static constexpr int few = 64;
    static constexpr int greatest = 4096;  // a wait may return fewer events than asked for

    int most_;
    epoll_event few_[few];
    std::vector<epoll_event> many_;
};

template <class Call>
SysResult wait_for_events(Context& context, u64 address, int most, u64 mask_address, u64 mask_size, Call call) {
    Mask mask;
    if (SysResult result = read_mask(context, mask_address, mask_size, mask); result != 0) return result;
    if (most <= 0 || static_cast<u64>(most) > INT_MAX / sizeof(GuestEpollEvent)) return -EINVAL;
    const GuestAddress place(access_address(context, address));
    if (!context.memory.contains(place, static_cast<u64>(most) * sizeof(GuestEpollEvent)))
        return -EFAULT;
    EpollEvents events(most);
    const SysResult result =
        with_mask(context, mask.pointer(), [&](const u64* host_mask) { return call(events, host_mask); });
    return events.copy_out(context, address, result);
}
}  // namespace

SysResult poll_files(Context& context, PollFiles files, UInt count, InOut<timespec> timeout, InSignalSet mask_address,
                     Size mask_size) {
    if (!readable(context, timeout)) return -EFAULT;
    Mask mask;
    if (SysResult result = read_mask(context, mask_address.value, mask_size.value, mask); result != 0) return result;
    const u64 host_files = guarded(context, files.value, u64{count.as_u32()} * sizeof(pollfd));
    return with_mask(context, mask.pointer(), [&](const u64* host_mask) {
        return guest_call(context, SYS_ppoll, host_files, count.value, timeout.host(context), host_pointer(host_mask),
                          sizeof(u64));
    });
}

SysResult select_files(Context& context, Int count, Pointer in, Pointer out, Pointer except, InOut<timespec> timeout,
                       Address mask_reference) {
    Mask mask;
    if (SysResult result = read_mask_reference(context, mask_reference.value, mask); result != 0) return result;
    if (!readable(context, timeout)) return -EFAULT;
    return with_mask(context, mask.pointer(), [&](const u64* host_mask) {
        const MaskReference reference{host_pointer(host_mask), sizeof(u64)};
        return guest_call(context, SYS_pselect6, count.value, in.host(context), out.host(context), except.host(context),
                          timeout.host(context), host_mask == nullptr ? 0 : host_pointer(&reference));
    });
}

SysResult wait_epoll(Context& context, Fd epoll, EpollEventsOut events, Int most, Int timeout, InSignalSet mask,
                     Size mask_size) {
    return wait_for_events(context, events.value, most.as_int(), mask.value, mask_size.value,
                           [&](EpollEvents& host, const u64* host_mask) {
                               return guest_call(context, SYS_epoll_pwait, epoll.value, host_pointer(host.host()),
                                                 host.most(), timeout.value, host_pointer(host_mask), sizeof(u64));
                           });
}

SysResult wait_epoll_until(Context& context, Fd epoll, EpollEventsOut events, Int most, In<timespec> timeout,
                           InSignalSet mask, Size mask_size) {
    if (!readable(context, timeout)) return -EFAULT;
    return wait_for_events(context, events.value, most.as_int(), mask.value, mask_size.value,
                           [&](EpollEvents& host, const u64* host_mask) {
                               return guest_call(context, SYS_epoll_pwait2, epoll.value, host_pointer(host.host()),
                                                 host.most(), timeout.host(context), host_pointer(host_mask),
                                                 sizeof(u64));
                           });
}

SysResult wait_requests(Context& context, Word queue, Long least, Long most, Pointer events, In<timespec> timeout,
                        Address mask_reference) {
    Mask mask;
    if (SysResult result = read_mask_reference(context, mask_reference.value, mask); result != 0) return result;
    return with_mask(context, mask.pointer(), [&](const u64* host_mask) {
        const MaskReference reference{host_pointer(host_mask), sizeof(u64)};
        return guest_call(context, SYS_io_pgetevents, queue.host(context), least.value, most.value,
                          events.host(context), timeout.host(context),
                          host_mask == nullptr ? 0 : host_pointer(&reference));
    });
}

}  // namespace lyrebird::syscall
