// The calls on the guest's map: AddressSpace does the work, and the engine is told that translations may be stale.
#include <sys/mman.h>
#include <sys/uio.h>

#include <vector>

#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

namespace {
/// An address on the map as a call takes it that ignores a guest's tags, whatever the thread wants of other calls. Linux
/// gives no such leave to mmap, brk and mremap's new address.
u64 place(const Context& context, Address address) {
    return context.abi.address_tags ? untagged(address.value) : address.value;
}

SysResult changed(Context& context, SysResult result) {
    context.services.memory_changed();
    return result;
}

/// A guest must not reach the VM's part through another process's eyes either: addresses there become nobody's.
u64 load_remote(const Context& context, std::vector<iovec>& copy, u64 address, u64 count) {
    if (count == 0 || count > IOV_MAX) return guarded(context, address, 1);
    copy.resize(count);
    if (!guest_memory(context).read(copy.data(), GuestAddress(address), count * sizeof(iovec))) {
        return outside_of_everybody(address);
    }
    for (iovec& vector : copy) {
        const auto base = reinterpret_cast<u64>(vector.iov_base);
        vector.iov_base = reinterpret_cast<void*>(guarded(context, base, vector.iov_len));
    }
    return host_pointer(copy.data());
}

SysResult access_process(Context& context, long number, Pid process, InVectors<2>& local, Size local_count,
                         Address remote, Size remote_count, Hex flags) {
    std::vector<iovec> copy;
    const u64 local_vectors = local.host(context);
    const u64 remote_vectors = load_remote(context, copy, remote.value, remote_count.value);
    return guest_call(context, number, process.value, local_vectors, local_count.value, remote_vectors,
                      remote_count.value, flags.value);
}

/// Every mapped range of the guest, ascending. The map is not locked afterwards: it may have changed.
std::vector<std::pair<u64, u64>> mapped_ranges(const memory::AddressSpace& memory) {
    std::vector<std::pair<u64, u64>> ranges;
    memory.for_each([&](const memory::Region& region) { ranges.emplace_back(region.start.value, region.end.value); });
    return ranges;
}
}  // namespace

SysResult map_memory(Context& context, Address address, Size size, Flags<protection_names> protection,
                     Flags<map_names> flags, Fd fd, Hex offset) {
    return changed(context, context.memory.map(address.value, size.value, protection.as_int(), flags.as_int(),
                                               fd.as_int(), offset.value));
}

SysResult unmap_memory(Context& context, Address address, Size size) {
    return changed(context, context.memory.unmap(place(context, address), size.value));
}

SysResult protect_memory(Context& context, Address address, Size size, Flags<protection_names> protection) {
    const int wanted = protection.as_int() & ~context.abi.extra_protection;
    return changed(context, context.memory.protect(place(context, address), size.value, wanted));
}

SysResult remap_memory(Context& context, Address address, Size old_size, Size new_size, Flags<remap_names> flags,
                       Address new_address) {
    return changed(context, context.memory.remap(place(context, address), old_size.value, new_size.value,
                                                 flags.as_int(), new_address.value));
}

SysResult advise_memory(Context& context, Address address, Size size, Choice<advice_names> advice) {
    return changed(context, context.memory.advise(place(context, address), size.value, advice.as_int()));
}

SysResult advise_process(Context& context, Fd process, Address vectors, Size count, Choice<advice_names> advice,
                         UInt flags) {
    std::vector<iovec> copy;
    const u64 remote = load_remote(context, copy, vectors.value, count.value);
    return changed(context, guest_call(context, SYS_process_madvise, process.value, remote, count.value, advice.value,
                                       flags.value));
}

SysResult set_break(Context& context, Address address) {
    return changed(context, context.memory.brk(address.value));
}

SysResult resident_pages(Context& context, Address address, Size size, Address vector) {
    return context.memory.resident(place(context, address), size.value, access_address(context, vector.value));
}

SysResult synchronise_memory(Context& context, Address address, Size size, Flags<msync_names> flags) {
    return context.memory.synchronise(place(context, address), size.value, flags.as_int());
}

SysResult lock_memory(Context& context, Address address, Size size) {
    return context.memory.lock(place(context, address), size.value, 0);
}

SysResult lock_memory_how(Context& context, Address address, Size size, UInt flags) {
    return context.memory.lock(place(context, address), size.value, flags.as_int());
}

SysResult unlock_memory(Context& context, Address address, Size size) {
    return context.memory.unlock(place(context, address), size.value);
}

SysResult lock_all_memory(Context& context, Flags<lock_all_names> flags) {
    const u32 how = flags.as_u32();
    if (how == 0 || (how & ~u32{MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT}) != 0 || how == MCL_ONFAULT) return -EINVAL;
    if ((how & MCL_CURRENT) == 0) return 0;
    for (auto [start, end] : mapped_ranges(context.memory)) {
        const SysResult result = context.memory.lock(start, end - start, (how & MCL_ONFAULT) != 0 ? MLOCK_ONFAULT : 0);
        // As mlockall: what cannot be made present (PROT_NONE) is no error, what may not be locked is one.
        if (result == -EPERM || result == -EAGAIN) return result;
    }
    return 0;
}

SysResult unlock_all_memory(Context& context) {
    for (auto [start, end] : mapped_ranges(context.memory)) {
        static_cast<void>(context.memory.unlock(start, end - start));
    }
    return 0;
}

SysResult remap_pages(Context& context, Address address, Size size, Flags<protection_names> protection,
                      Size page_offset, Hex flags) {
    return changed(context, context.memory.remap_file_pages(address.value, size.value, protection.as_int(),
                                                            page_offset.value, flags.as_int()));
}

SysResult read_process_memory(Context& context, Pid process, InVectors<2> local, Size local_count, Address remote,
                              Size remote_count, Hex flags) {
    return access_process(context, SYS_process_vm_readv, process, local, local_count, remote, remote_count, flags);
}

SysResult write_process_memory(Context& context, Pid process, InVectors<2> local, Size local_count, Address remote,
                               Size remote_count, Hex flags) {
    return access_process(context, SYS_process_vm_writev, process, local, local_count, remote, remote_count, flags);
}

}  // namespace lyrebird::syscall
