#include "syscall/abi.hpp"

#include <sys/personality.h>

#include "runtime/base/text.hpp"
#include "translator/aarch64/counters.hpp"
#include "translator/aarch64/features.hpp"
#include "translator/riscv64/features.hpp"

namespace lyrebird::syscall {

namespace {
// As arch/riscv/kernel/cpu.c shows a hart.
std::string riscv64_cpu_info(unsigned processor) {
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
std::string aarch64_cpu_info(unsigned processor) {
    constexpr u64 midr = aarch64::midr_value;
    constexpr u64 bogomips = aarch64::counter_frequency / 500'000;  // the counter makes the kernel's delay loops
    return format(
        "processor\t: {}\nBogoMIPS\t: {}.00\nFeatures\t: {}\nCPU implementer\t: {:#04x}\nCPU architecture: 8\n"
        "CPU variant\t: {:#x}\nCPU part\t: {:#05x}\nCPU revision\t: {}\n",
        processor, bogomips, aarch64::cpuinfo_features(), midr >> 24 & 0xff, midr >> 20 & 15, midr >> 4 & 0xfff,
        midr & 15);
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
};

}  // namespace lyrebird::syscall
