// Linux AIO. The kernel chooses where a queue's ring lies and would put it into the VM's part; libraries read the ring
// themselves. So it is moved to a place of the guest's, which the kernel allows and which becomes the queue's name.
#include <linux/aio_abi.h>
#include <sys/mman.h>

#include <vector>

#include "runtime/base/bits.hpp"
#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

namespace {
// struct aio_ring of the kernel's fs/aio.c, as far as its size needs it.
struct Ring {
    u32 id;
    u32 count;  // of events
};
constexpr u64 ring_header = 32;

u64 ring_size(const Ring& ring) {
    return align_up(ring_header + u64{ring.count} * sizeof(io_event), page_size);
}

/// Moves the ring at `host` into the guest's part; its new address or −errno.
SysResult move_ring(Context& context, u64 host) {
    const u64 size = ring_size(*reinterpret_cast<const Ring*>(host));
    const SysResult place = context.memory.map(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place < 0) return place;
    const SysResult moved = host_call(SYS_mremap, host, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
    if (moved < 0) static_cast<void>(context.memory.unmap(static_cast<u64>(place), size));
    return moved < 0 ? moved : place;
}

/// io_destroy, and the ring, which the kernel then unmaps, leaves the guest's map.
SysResult drop_queue(Context& context, u64 queue) {
    auto ring = guest_memory(context).read<Ring>(GuestAddress(queue));
    const SysResult result = guest_call(context, SYS_io_destroy, guarded_word(context, queue));
    if (result != 0 || !ring) return result;
    static_cast<void>(context.memory.unmap(queue, ring_size(*ring)));
    context.services.memory_changed();
    return 0;
}

/// True when every buffer that the request names lies in the guest's part.
bool buffers_inside(const Context& context, const iocb& request) {
    auto memory = guest_memory(context);
    switch (request.aio_lio_opcode) {
        case IOCB_CMD_PREAD:
        case IOCB_CMD_PWRITE:
            return context.memory.contains(GuestAddress(request.aio_buf), request.aio_nbytes);
        case IOCB_CMD_PREADV:
        case IOCB_CMD_PWRITEV:
            if (request.aio_nbytes > IOV_MAX) return true;  // the kernel refuses that many
            for (u64 index = 0; index < request.aio_nbytes; ++index) {
                auto vector = memory.read<iovec>(GuestAddress(request.aio_buf + index * sizeof(iovec)));
                if (!vector) return false;
                if (!context.memory.contains(GuestAddress(host_pointer(vector->iov_base)), vector->iov_len))
                    return false;
            }
            return true;
        default:
            return true;
    }
}
}  // namespace

SysResult create_queue(Context& context, UInt events, Address queue) {
    auto memory = guest_memory(context);
    auto name = memory.read<u64>(GuestAddress(queue.value));
    if (!name) return -EFAULT;
    u64 host = *name;
    const SysResult result = guest_call(context, SYS_io_setup, events.value, host_pointer(&host));
    if (result != 0) return result;
    const SysResult place = move_ring(context, host);
    if (place < 0) {
        host_call(SYS_io_destroy, host);
        return place;
    }
    context.services.memory_changed();
    if (memory.write(GuestAddress(queue.value), static_cast<u64>(place))) return 0;
    static_cast<void>(drop_queue(context, static_cast<u64>(place)));
    return -EFAULT;
}

SysResult destroy_queue(Context& context, Word queue) {
    return drop_queue(context, queue.value);
}

SysResult submit_requests(Context& context, Word queue, Long count, Address requests) {
    constexpr i64 most = 65536;  // more than any queue holds
    auto memory = guest_memory(context);
    std::vector<u64> checked;
    for (i64 index = 0; index < std::min(static_cast<i64>(count.value), most); ++index) {
        auto pointer = memory.read<u64>(GuestAddress(requests.value + static_cast<u64>(index) * sizeof(u64)));
        if (!pointer) break;
        auto request = memory.read<iocb>(GuestAddress(*pointer));
        checked.push_back(request && buffers_inside(context, *request) ? *pointer : outside_of_everybody(*pointer));
    }
    if (checked.empty()) {
        return guest_call(context, SYS_io_submit, queue.host(context), count.value,
                          outside_of_everybody(requests.value));
    }
    return guest_call(context, SYS_io_submit, queue.host(context), checked.size(), host_pointer(checked.data()));
}

}  // namespace lyrebird::syscall
