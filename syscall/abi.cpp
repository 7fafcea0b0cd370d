#include "syscall/abi.hpp"

#include <sys/personality.h>

#include <array>
#include <cerrno>

#include "runtime/base/text.hpp"
#include "translator/aarch64/counters.hpp"
#include "translator/aarch64/features.hpp"
#include "translator/aarch64/pointer_authentication.hpp"
#include "translator/riscv64/features.hpp"

namespace lyrebird::syscall {

namespace {
// As arch/riscv/kernel/cpu.c shows a hart.
std::string riscv64_cpu_info(unsigned processor, isa::Cpu&) {
    const std::string isa = riscv64::isa_string();
    return format(
        "processor\t: {}\nhart\t\t: {}\nisa\t\t: {}\nmmu\t\t: sv48\n"
        "mvendorid\t: 0x0\nmarchid\t\t: 0x0\nmimpid\t\t: 0x0\nhart isa\t: {}\n",
        processor, processor, isa, isa);
}

bool riscv64_hwprobe(i64 key, u64 highest_address, u64* value) {
    const riscv64::Probe probe = riscv64::hwprobe(key, highest_address);
    *value = probe.value;
    return probe.key == key;
}

// As arch/arm64/kernel/cpuinfo.c shows a processor.
std::string aarch64_cpu_info(unsigned processor, isa::Cpu& cpu) {
    constexpr u64 midr = aarch64::midr_value;
    const u64 options = static_cast<const aarch64::State*>(cpu.state())->options;
    constexpr u64 bogomips = aarch64::counter_frequency / 500'000;  // the counter makes the kernel's delay loops
    return format(
        "processor\t: {}\nBogoMIPS\t: {}.00\nFeatures\t: {}\nCPU implementer\t: {:#04x}\nCPU architecture: 8\n"
        "CPU variant\t: {:#x}\nCPU part\t: {:#05x}\nCPU revision\t: {}\n",
        processor, bogomips, aarch64::cpuinfo_features(options), midr >> 24 & 0xff, midr >> 20 & 15, midr >> 4 & 0xfff,
        midr & 15);
}

// As arch/arm64/kernel/pointer_auth.c, and kernel/sys.c for arguments that must be zero.
SysResult aarch64_pointer_keys(isa::Cpu& cpu, int option, const u64* arguments) {
    using namespace aarch64;
    State& state = *static_cast<State*>(cpu.state());
    const auto [keys, enabled, third, fourth] = std::array<u64, 4>{arguments[0], arguments[1], arguments[2], arguments[3]};
    if ((state.options & option_pointer_authentication) == 0 || (third | fourth) != 0) return -EINVAL;
    switch (option) {
        case reset_pointer_keys:
            if (enabled != 0 || (keys & ~u64{all_keys}) != 0) return -EINVAL;
            renew_keys(state, keys == 0 ? all_keys : u32(keys));
            return 0;
        case set_enabled_keys:
            if ((keys & ~u64{address_keys}) != 0 || (enabled & ~keys) != 0) return -EINVAL;
            state.enabled_keys = (state.enabled_keys & ~keys) | enabled;
            return 0;
        default:
            return (keys | enabled) != 0 ? -EINVAL : SysResult(state.enabled_keys);
    }
}
}  // namespace

const Abi riscv64_abi = {
    .machine = "riscv64",
    .arm_open_flags = false,
    .minimum_signal_stack = 2048,
    .cpu_info = riscv64_cpu_info,
    .hwprobe = riscv64_hwprobe,
    .has_renameat = false,
};

const Abi aarch64_abi = {
    .machine = "aarch64",
    .arm_open_flags = true,
    .minimum_signal_stack = 5120,
    .number_bits = 0xffff'ffff,
    .address_tags = true,
    .extra_protection = 0x10,  // PROT_BTI
    .refused_personality = PER_LINUX32,
    .cpu_info = aarch64_cpu_info,
    .has_renameat = true,
    .pointer_keys = aarch64_pointer_keys,
};

}  // namespace lyrebird::syscall
