// What the system says of itself, and prctl.
#include <sys/prctl.h>

#include <cstring>
#include <vector>

#include "runtime/base/bits.hpp"
#include "syscall/abi.hpp"
#include "syscall/handlers.hpp"

namespace lyrebird::syscall {

SysResult system_name(Context& context, Out<utsname> name) {
    utsname host{};
    const SysResult result = host_call(SYS_uname, &host);
    if (result != 0) return result;
    std::memset(host.machine, 0, sizeof host.machine);
    std::strncpy(host.machine, context.abi.machine, sizeof host.machine - 1);
    return name.write(context, host) ? 0 : -EFAULT;
}

namespace {
constexpr int set_tagged_addresses = 55, get_tagged_addresses = 56;

/// PR_SET_TAGGED_ADDR_CTRL, PR_GET_TAGGED_ADDR_CTRL (Linux: arch/arm64/kernel/process.c). There is no memory tagging,
/// so the one thing to choose is whether system calls take tagged addresses.
SysResult control_tags(Context& context, bool set, u64 wanted, u64 others) {
    constexpr u64 enable = 1;  // PR_TAGGED_ADDR_ENABLE
    if (!context.abi.address_tags || others != 0) return -EINVAL;
    if (!set) return wanted != 0 ? -EINVAL : context.tagged_addresses ? SysResult(enable) : 0;
    if ((wanted & ~enable) != 0) return -EINVAL;
    context.tagged_addresses = wanted == enable;
    return 0;
}
}  // namespace

SysResult control_process(Context& context, Choice<prctl_names> option, Word second, Word third, Word fourth,
                          Word fifth) {
    constexpr int icache_flush_context = 71, user_dispatch = 59, deny_write_execute = 65, name_mapping = 0x53564d41;
    u64 range = third.host(context);
    switch (option.as_int()) {
        case PR_SET_MM:
            return -EPERM;        // it would change what the host knows of the VM
        case PR_SET_SECCOMP:      // a filter knows the guest's machine and numbers, the kernel would see the host's
        case user_dispatch:       // it would catch the VM's own calls
        case deny_write_execute:  // it would forbid the VM to translate
        case PR_SET_TSC:
        case PR_GET_TSC:  // x86 only
            return -EINVAL;
        case set_tagged_addresses:
        case get_tagged_addresses:
            return control_tags(context, option.value == set_tagged_addresses, second.value,
                                third.value | fourth.value | fifth.value);
        case reset_pointer_keys:
        case set_enabled_keys:
        case get_enabled_keys: {
            const u64 arguments[]{second.value, third.value, fourth.value, fifth.value};
            return context.abi.pointer_keys == nullptr
                       ? -EINVAL
                       : context.abi.pointer_keys(context.cpu, option.as_int(), arguments);
        }
        case icache_flush_context:  // where migration needs no fence.i it may be asked for; it changes nothing here
            return context.abi.hwprobe != nullptr ? 0 : -EINVAL;
        case name_mapping:
            range = guarded(context, third.value, fourth.value);
            break;
        default:
            break;
    }
    return guest_call(context, SYS_prctl, option.value, second.host(context), range, fourth.host(context),
                      fifth.host(context));
}

namespace {
// struct riscv_hwprobe of asm/hwprobe.h.
struct Probe {
    i64 key;
    u64 value;
};
constexpr u64 which_cpus = 1;  // RISCV_HWPROBE_WHICH_CPUS

/// A set of processors as the call passes it: bit n of byte n / 8.
using ProcessorSet = std::vector<u8>;

ProcessorSet online_processors() {
    const auto count = static_cast<u64>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
    ProcessorSet set(align_up(count, 64) / 8);
    for (u64 processor = 0; processor < count; ++processor) set[processor / 8] |= static_cast<u8>(1 << processor % 8);
    return set;
}

bool empty(const ProcessorSet& set) {
    return std::all_of(set.begin(), set.end(), [](u8 byte) { return byte == 0; });
}

bool is_bit_mask(i64 key) {
    return key >= 3 && key <= 5;  // BASE_BEHAVIOR, IMA_EXT_0, CPUPERF_0
}

/// The kernel's hwprobe_get_values: every processor is alike.
SysResult probe_values(Context& context, u64 pairs, u64 count) {
    auto memory = guest_memory(context);
    for (u64 at = pairs; count != 0; --count, at += sizeof(Probe)) {
        auto key = memory.read<i64>(GuestAddress(at));
        if (!key) return -EFAULT;
        Probe answer{*key, 0};
        if (!context.abi.hwprobe(*key, context.memory.top().value - 1, &answer.value)) answer = {-1, 0};
        if (!memory.write(GuestAddress(at), answer)) return -EFAULT;
    }
    return 0;
}

/// The kernel's hwprobe_get_cpus: are all processors as the pairs say? True in `alike`.
SysResult compare_values(Context& context, u64 pairs, u64 count, bool& alike) {
    auto memory = guest_memory(context);
    for (u64 at = pairs; count != 0; --count, at += sizeof(Probe)) {
        auto wanted = memory.read<Probe>(GuestAddress(at));
        if (!wanted) return -EFAULT;
        u64 value = 0;
        if (!context.abi.hwprobe(wanted->key, context.memory.top().value - 1, &value)) {
            alike = false;
            if (!memory.write(GuestAddress(at), Probe{-1, 0})) return -EFAULT;
        } else if (is_bit_mask(wanted->key) ? (value & wanted->value) != wanted->value : value != wanted->value) {
            alike = false;
        }
    }
    return 0;
}

/// Reads the guest's set, restricted to processors that exist; `size` in bytes, cut down to what the kernel knows.
SysResult read_processors(Context& context, u64 address, u64& size, ProcessorSet& set) {
    const ProcessorSet online = online_processors();
    set.assign(online.size(), 0);
    size = std::min<u64>(size, set.size());
    if (!guest_memory(context).read(set.data(), GuestAddress(address), size)) return -EFAULT;
    if (empty(set)) return 0;
    for (std::size_t index = 0; index < set.size(); ++index) set[index] &= online[index];
    return 0;
}

SysResult probe_processors(Context& context, u64 pairs, u64 count, u64 size, u64 address) {
    if (size == 0 || address == 0) return -EINVAL;
    ProcessorSet set;
    if (SysResult result = read_processors(context, address, size, set); result != 0) return result;
    if (empty(set)) set = online_processors();
    bool alike = true;
    if (SysResult result = compare_values(context, pairs, count, alike); result != 0) return result;
    if (!alike) std::fill(set.begin(), set.end(), u8{0});
    return guest_memory(context).write(GuestAddress(address), set.data(), size) ? 0 : -EFAULT;
}
}  // namespace

SysResult hardware_probe(Context& context, Address pairs, Size count, Size size, Address processors, Hex flags) {
    if (context.abi.hwprobe == nullptr) return -ENOSYS;
    u64 bytes = size.value;
    if (flags.as_u32() == which_cpus) {
        return probe_processors(context, pairs.value, count.value, bytes, processors.value);
    }
    if (flags.as_u32() != 0) return -EINVAL;
    if (bytes != 0 || processors.value != 0) {
        ProcessorSet set;
        if (SysResult result = read_processors(context, processors.value, bytes, set); result != 0) return result;
        if (empty(set)) return -EINVAL;
    }
    return probe_values(context, pairs.value, count.value);
}

SysResult flush_instruction_cache(Context& context, Address start, Address end, Hex flags) {
    if (context.abi.hwprobe == nullptr) return -ENOSYS;
    constexpr u64 local = 1;  // SYS_RISCV_FLUSH_ICACHE_LOCAL
    if ((flags.value & ~local) != 0) return -EINVAL;
    return context.services.flush_code(start.value, end.value, flags.value);
}

}  // namespace lyrebird::syscall
