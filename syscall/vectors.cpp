#include "syscall/vectors.hpp"

#include <climits>

#include "runtime/base/text.hpp"

namespace lyrebird::syscall {

u64 VectorCopy::load(const Context& context, u64 address, u64 count) {
    if (count == 0 || count > IOV_MAX) return guarded(context, address, 1);
    iovec* copy = few_;
    if (count > few) {
        many_ = std::make_unique<iovec[]>(count);
        copy = many_.get();
    }
    if (!guest_memory(context).read(copy, GuestAddress(address), count * sizeof(iovec))) {
        return outside_of_everybody(address);
    }
    for (u64 index = 0; index < count; ++index) {
        const auto base = reinterpret_cast<u64>(copy[index].iov_base);
        copy[index].iov_base = reinterpret_cast<void*>(guarded(context, base, copy[index].iov_len));
    }
    return reinterpret_cast<u64>(copy);
}

bool MessageCopy::load(const Context& context, u64 address) {
    auto guest = guest_memory(context).read<msghdr>(GuestAddress(address));
    if (!guest) return false;
    header_ = *guest;
    auto checked = [&](void* pointer) {
        return reinterpret_cast<void*>(guarded(context, reinterpret_cast<u64>(pointer), 1));
    };
    header_.msg_name = checked(guest->msg_name);
    header_.msg_control = checked(guest->msg_control);
    header_.msg_iov =
        reinterpret_cast<iovec*>(vectors_.load(context, reinterpret_cast<u64>(guest->msg_iov), guest->msg_iovlen));
    return true;
}

bool MessageCopy::store(const Context& context, u64 address) const {
    auto memory = guest_memory(context);
    return memory.write(GuestAddress(address + offsetof(msghdr, msg_namelen)), header_.msg_namelen) &&
           memory.write(GuestAddress(address + offsetof(msghdr, msg_controllen)), header_.msg_controllen) &&
           memory.write(GuestAddress(address + offsetof(msghdr, msg_flags)), header_.msg_flags);
}

void detail::MessageArgument::print_message(Printer& p, u64 bytes_limit) const {
    auto guest = p.memory().read<msghdr>(GuestAddress(value));
    if (!guest) return p.address(value);
    p.text += "{msg_name=";
    p.socket_address(reinterpret_cast<u64>(guest->msg_name), guest->msg_namelen);
    append(p.text, ", msg_namelen={}, msg_iov=", guest->msg_namelen);
    p.vectors(reinterpret_cast<u64>(guest->msg_iov), guest->msg_iovlen, bytes_limit);
    append(p.text, ", msg_iovlen={}, msg_controllen={}, msg_flags=", guest->msg_iovlen, guest->msg_controllen);
    p.flags(static_cast<u32>(guest->msg_flags), message_names);
    p.text += '}';
}

}  // namespace lyrebird::syscall
