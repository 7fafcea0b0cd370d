// The extensions that the RISC-V guest has: one table, from which /proc/cpuinfo's isa line, AT_HWCAP and riscv_hwprobe derive,
// so that they cannot disagree. The profile is RVA23U64 without V (see the README's feature table).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "runtime/base/ints.hpp"
#include "translator/riscv64/counters.hpp"

namespace lyrebird::riscv64 {

/// `bit`: the extension's place in hwprobe's IMA_EXT_0 (Linux, arch/riscv/hwprobe.rst), or −1 when it has none.
struct Extension {
    std::string_view name;
    int bit;
};

/// In the canonical order of the isa string (RISC-V unprivileged 38.10), after the single letters.
inline constexpr auto extensions = std::to_array<Extension>({
    {"zicbom", 55}, {"zicbop", 60},   {"zicboz", 6},     {"zicntr", 50},      {"zicond", 35},
    {"zicsr", -1},  {"zifencei", -1}, {"zihintntl", 29}, {"zihintpause", 36}, {"zimop", 42},
    {"zaamo", 56},  {"zacas", 34},    {"zalrsc", 57},    {"zawrs", 48},       {"zfa", 32},
    {"zfh", 27},    {"zfhmin", 28},   {"zca", 43},       {"zcb", 44},         {"zcd", 45},
    {"zcmop", 47},  {"zba", 3},       {"zbb", 4},        {"zbc", 7},          {"zbs", 5},
});
inline constexpr std::string_view base_letters = "imafdc";

/// "rv64imafdc_zicbom_…", as /proc/cpuinfo shows it.
inline std::string isa_string() {
    std::string text = "rv64" + std::string(base_letters);
    for (const Extension& extension : extensions) text += '_' + std::string(extension.name);
    return text;
}

/// AT_HWCAP: one bit a letter.
constexpr u64 hwcap() {
    u64 bits = 0;
    for (char letter : base_letters) bits |= 1ULL << (letter - 'a');
    return bits;
}

/// Block size in bytes of cbo.zero, cbo.clean … and prefetch.
inline constexpr u64 cache_block_size = 64;

/// The value of a riscv_hwprobe key, or −1 (and the key becomes −1) for one that this kernel interface does not know.
/// `highest_address` is the greatest address that the guest can map.
struct Probe {
    i64 key;
    u64 value;
};
constexpr Probe hwprobe(i64 key, u64 highest_address) {
    constexpr u64 fast = 3, unsupported_vector = 4;
    u64 ima = 1U << 0 | 1U << 1;  // F and D, C
    for (const Extension& extension : extensions) ima |= extension.bit < 0 ? 0 : 1ULL << extension.bit;
    switch (key) {
        case 0: case 1: case 2: return {key, 0};  // vendor, architecture, implementation: unknown
        case 3: return {key, 1};                  // base behaviour: I, M, A
        case 4: return {key, ima};
        case 5: case 9: return {key, fast};       // misaligned scalar accesses
        case 6: case 12: case 15: return {key, cache_block_size};
        case 7: return {key, highest_address};
        case 8: return {key, time_frequency};
        case 10: return {key, unsupported_vector};
        case 11: case 13: case 14: return {key, 0};  // vendor extensions: none
        default: return {-1, 0};
    }
}

}  // namespace lyrebird::riscv64
