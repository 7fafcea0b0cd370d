// Calls on sockets that carry several messages, or options with addresses inside.
#include <linux/filter.h>

#include <vector>

#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

namespace {
constexpr u32 most_messages = 1024;  // UIO_MAXIOV: the kernel cuts longer arrays down to it

/// Checked copies of a guest's mmsghdr array.
class MessageArray {
  public:
    /// Copies as many of `count` messages as can be read. False when the first one cannot.
    bool load(const Context& context, u64 address, u32 count) {
        count = std::min(count, most_messages);
        copies_ = std::vector<MessageCopy>(count);
        headers_.resize(count);
        for (u32 index = 0; index < count; ++index) {
            if (!copies_[index].load(context, address + index * sizeof(mmsghdr))) {
                headers_.resize(index);
                break;
            }
            headers_[index].msg_hdr = copies_[index].header();
        }
        return count == 0 || !headers_.empty();
    }
    u64 host() { return host_pointer(headers_.data()); }
    u64 count() const { return headers_.size(); }

    /// Writes back what the kernel said of the first `result` messages; how many could be written, or −EFAULT.
    SysResult store(const Context& context, u64 address, SysResult result, bool received) {
        for (SysResult index = 0; index < result; ++index) {
            const auto position = static_cast<std::size_t>(index);
            const u64 at = address + position * sizeof(mmsghdr);
            copies_[position].header() = headers_[position].msg_hdr;
            const bool stored =
                (!received || copies_[position].store(context, at)) &&
                guest_memory(context).write(GuestAddress(at + offsetof(mmsghdr, msg_len)), headers_[position].msg_len);
            if (!stored) return index != 0 ? index : -EFAULT;
        }
        return result;
    }

  private:
    std::vector<MessageCopy> copies_;
    std::vector<mmsghdr> headers_;
};
}  // namespace

SysResult send_messages(Context& context, Fd socket, Address messages, UInt count, Flags<message_names> flags) {
    MessageArray array;
    if (!array.load(context, messages.value, count.as_u32())) {
        const u64 nobody = outside_of_everybody(messages.value);
        return guest_call(context, SYS_sendmmsg, socket.value, nobody, count.value, flags.value);
    }
    const SysResult result = guest_call(context, SYS_sendmmsg, socket.value, array.host(), array.count(), flags.value);
    return array.store(context, messages.value, result, false);
}

SysResult receive_messages(Context& context, Fd socket, Address messages, UInt count, Flags<message_names> flags,
                           InOut<timespec> timeout) {
    MessageArray array;
    const u64 limit = timeout.host(context);
    if (!array.load(context, messages.value, count.as_u32())) {
        const u64 nobody = outside_of_everybody(messages.value);
        return guest_call(context, SYS_recvmmsg, socket.value, nobody, count.value, flags.value, limit);
    }
    const SysResult result =
        guest_call(context, SYS_recvmmsg, socket.value, array.host(), array.count(), flags.value, limit);
    return array.store(context, messages.value, result, true);
}

SysResult set_socket_option(Context& context, Fd socket, Choice<level_names> level, Int option, InBytes<4> value,
                            Int size) {
    sock_fprog program;
    u64 argument = value.host(context);
    const bool filter = level.as_int() == SOL_SOCKET &&
                        (option.as_int() == SO_ATTACH_FILTER || option.as_int() == SO_ATTACH_REUSEPORT_CBPF);
    if (filter && size.as_int() == sizeof program &&
        guest_memory(context).read(&program, GuestAddress(value.value), sizeof program)) {
        const u64 instructions = guarded(context, host_pointer(program.filter), program.len * sizeof(sock_filter));
        program.filter = reinterpret_cast<sock_filter*>(instructions);
        argument = host_pointer(&program);
    }
    return guest_call(context, SYS_setsockopt, socket.value, level.value, option.value, argument, size.value);
}

}  // namespace lyrebird::syscall
