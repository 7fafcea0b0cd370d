// ioctl: passed through, whether the VM knows the command or not. Most commands say in their number how large their
// argument is; the ones that are known to hold addresses get a checked copy.
#include <linux/sockios.h>
#include <linux/userfaultfd.h>
#include <net/if.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>

#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

namespace {
template <class T>
T* guarded_pointer(const Context& context, T* pointer, u64 size) {
    return reinterpret_cast<T*>(guarded(context, host_pointer(pointer), size));
}

/// Makes the call on a copy in which `check` has guarded the addresses, and copies it back with those of the guest.
template <class T, class Check, class Restore>
SysResult with_copy(Context& context, Fd fd, u32 command, u64 address, Check check, Restore restore) {
    auto memory = guest_memory(context);
    auto guest = memory.read<T>(GuestAddress(address));
    if (!guest) return guest_call(context, SYS_ioctl, fd.value, command, outside_of_everybody(address));
    T host = *guest;
    check(host);
    const SysResult result = guest_call(context, SYS_ioctl, fd.value, command, host_pointer(&host));
    if (result == restart) return result;
    restore(host, *guest);
    return memory.write(GuestAddress(address), host) || result < 0 ? result : -EFAULT;
}

SysResult list_interfaces(Context& context, Fd fd, u64 address) {
    return with_copy<ifconf>(
        context, fd, SIOCGIFCONF, address,
        [&](ifconf& host) { host.ifc_buf = guarded_pointer(context, host.ifc_buf, static_cast<u32>(host.ifc_len)); },
        [](ifconf& host, const ifconf& guest) { host.ifc_buf = guest.ifc_buf; });
}

SysResult interface_data(Context& context, Fd fd, u32 command, u64 address) {
    return with_copy<ifreq>(
        context, fd, command, address, [&](ifreq& host) { host.ifr_data = guarded_pointer(context, host.ifr_data, 1); },
        [](ifreq& host, const ifreq& guest) { host.ifr_data = guest.ifr_data; });
}

SysResult scsi_command(Context& context, Fd fd, u64 address) {
    return with_copy<sg_io_hdr_t>(
        context, fd, SG_IO, address,
        [&](sg_io_hdr_t& host) {
            host.dxferp = guarded_pointer(context, static_cast<u8*>(host.dxferp), host.dxfer_len);
            host.cmdp = guarded_pointer(context, host.cmdp, host.cmd_len);
            host.sbp = guarded_pointer(context, host.sbp, host.mx_sb_len);
        },
        [](sg_io_hdr_t& host, const sg_io_hdr_t& guest) {
            host.dxferp = guest.dxferp;
            host.cmdp = guest.cmdp;
            host.sbp = guest.sbp;
        });
}

/// The commands of userfaultfd that begin with a range: (start, length), or (destination, source, length) for two of
/// them.
SysResult fault_range(Context& context, Fd fd, u32 command, u64 address, bool two) {
    struct Words {
        u64 word[3];
    };
    auto words = guest_memory(context).read<Words>(GuestAddress(address));
    if (!words) return guest_call(context, SYS_ioctl, fd.value, command, outside_of_everybody(address));
    const u64 length = words->word[two ? 2 : 1];
    const bool inside = context.memory.contains(GuestAddress(words->word[0]), length) &&
                        (!two || context.memory.contains(GuestAddress(words->word[1]), length));
    if (!inside) return -EINVAL;  // as validate_range
    return guest_call(context, SYS_ioctl, fd.value, command, address);
}
}  // namespace

SysResult control_device(Context& context, Fd fd, DeviceCommand command, Word argument) {
    constexpr u32 move = 0xc028aa05;  // UFFDIO_MOVE
    const u32 code = command.as_u32();
    switch (code) {
        case SIOCGIFCONF:
            return list_interfaces(context, fd, argument.value);
        case SIOCETHTOOL:
            return interface_data(context, fd, code, argument.value);
        case SG_IO:
            return scsi_command(context, fd, argument.value);
        case static_cast<u32>(UFFDIO_REGISTER):
        case static_cast<u32>(UFFDIO_UNREGISTER):
        case static_cast<u32>(UFFDIO_ZEROPAGE):
        case static_cast<u32>(UFFDIO_WRITEPROTECT):
        case static_cast<u32>(UFFDIO_CONTINUE):
            return fault_range(context, fd, code, argument.value, false);
        case static_cast<u32>(UFFDIO_COPY):
        case move:
            return fault_range(context, fd, code, argument.value, true);
        default:
            break;
    }
    const u32 size = _IOC_DIR(code) != _IOC_NONE ? _IOC_SIZE(code) : 0;
    const u64 word = guarded_word(context, argument.value);
    const u64 host = word == access_address(context, argument.value) && size != 0 ? guarded(context, word, size) : word;
    return guest_call(context, SYS_ioctl, fd.value, code, host);
}

}  // namespace lyrebird::syscall
