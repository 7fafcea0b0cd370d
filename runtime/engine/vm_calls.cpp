#include "runtime/engine/vm_calls.hpp"

#include <sched.h>
#include <sys/time.h>
#include <time.h>

#include <cerrno>

#include "loader/vdso.hpp"
#include "runtime/memory/guest_copy.hpp"
#include "syscall/handlers.hpp"

namespace lyrebird::engine {

namespace {
using Arguments = std::array<u64, 6>;

template <class T> SysResult give(const memory::GuestMemory& memory, u64 to, const T& value) {
    return to == 0 || memory.write(GuestAddress(to), value) ? 0 : -EFAULT;
}

SysResult clock_time(const Arguments& a, const memory::GuestMemory& memory) {
    timespec now;
    if (::clock_gettime(clockid_t(a[0]), &now) != 0) return -errno;
    return memory.write(GuestAddress(a[1]), now) ? 0 : -EFAULT;
}

SysResult clock_resolution(const Arguments& a, const memory::GuestMemory& memory) {
    timespec resolution;
    if (::clock_getres(clockid_t(a[0]), &resolution) != 0) return -errno;
    return give(memory, a[1], resolution);
}

SysResult time_of_day(const Arguments& a, const memory::GuestMemory& memory) {
    timeval now;
    struct timezone zone {};
    if (::gettimeofday(&now, a[1] == 0 ? nullptr : &zone) != 0) return -errno;
    SysResult result = give(memory, a[0], now);
    return result == 0 ? give(memory, a[1], zone) : result;
}

SysResult processor(const Arguments& a, const memory::GuestMemory& memory) {
    unsigned cpu = 0;
    unsigned node = 0;
    if (::getcpu(&cpu, &node) != 0) return -errno;
    SysResult result = give(memory, a[0], cpu);
    return result == 0 ? give(memory, a[1], node) : result;
}

SysResult probe_hardware(const Arguments& a, syscall::Context& context) {
    using namespace syscall;
    const u64* words = a.data();
    return hardware_probe(context, Address(words, 0), Size(words, 1), Size(words, 2), Address(words, 3), Hex(words, 4));
}
}  // namespace

SysResult vm_call(u64 number, const Arguments& arguments, syscall::Context& context) {
    // The functions of a real vDSO are guest code: tags do not matter to them.
    memory::GuestMemory memory(context.memory, context.abi.address_tags);
    switch (loader::VmCall(number)) {
        case loader::VmCall::clock_gettime:
            return clock_time(arguments, memory);
        case loader::VmCall::gettimeofday:
            return time_of_day(arguments, memory);
        case loader::VmCall::clock_getres:
            return clock_resolution(arguments, memory);
        case loader::VmCall::getcpu:
            return processor(arguments, memory);
        case loader::VmCall::riscv_hwprobe:
            return probe_hardware(arguments, context);
    }
    return -ENOSYS;
}

}  // namespace lyrebird::engine
