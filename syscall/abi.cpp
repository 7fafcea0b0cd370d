#include "syscall/abi.hpp"

#include "runtime/base/text.hpp"
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
}  // namespace

const Abi riscv64_abi = {
    .machine = "riscv64",
    .arm_open_flags = false,
    .minimum_signal_stack = 2048,
    .cpu_info = riscv64_cpu_info,
    .hwprobe = riscv64_hwprobe,
    .has_renameat = false,
};

}  // namespace lyrebird::syscall
