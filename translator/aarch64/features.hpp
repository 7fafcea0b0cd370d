// The features that the AArch64 guest has: one table, from which AT_HWCAP, AT_HWCAP2, /proc/cpuinfo and the ID registers derive, so
// that they cannot disagree.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/ints.hpp"

namespace lyrebird::aarch64 {

/// ID registers, by CRm and op2 (op0 = 3, op1 = 0, CRn = 0).
enum class IdRegister : u8 { pfr0 = 0x20, pfr1 = 0x21, isar0 = 0x30, isar1 = 0x31, isar2 = 0x32, mmfr2 = 0x3a, none = 0xff };

/// `word` 1: AT_HWCAP, 2: AT_HWCAP2; `bit` in it (Linux, arch/arm64 uapi/asm/hwcap.h). The field of `id_register` at `shift` has
/// at least the value `field`.
struct Feature {
    std::string_view name;  // as /proc/cpuinfo has it
    u8 word, bit;
    IdRegister id_register;
    u8 shift, field;
};
/// In the order of /proc/cpuinfo.
inline constexpr auto features = std::to_array<Feature>({
    {"fp", 1, 0, IdRegister::pfr0, 16, 0},        {"asimd", 1, 1, IdRegister::pfr0, 20, 0},
    {"aes", 1, 3, IdRegister::isar0, 4, 1},       {"pmull", 1, 4, IdRegister::isar0, 4, 2},
    {"sha1", 1, 5, IdRegister::isar0, 8, 1},      {"sha2", 1, 6, IdRegister::isar0, 12, 1},
    {"crc32", 1, 7, IdRegister::isar0, 16, 1},    {"atomics", 1, 8, IdRegister::isar0, 20, 2},
    {"fphp", 1, 9, IdRegister::pfr0, 16, 1},      {"asimdhp", 1, 10, IdRegister::pfr0, 20, 1},
    {"cpuid", 1, 11, IdRegister::none, 0, 0},     {"asimdrdm", 1, 12, IdRegister::isar0, 28, 1},
    {"jscvt", 1, 13, IdRegister::isar1, 12, 1},   {"fcma", 1, 14, IdRegister::isar1, 16, 1},
    {"lrcpc", 1, 15, IdRegister::isar1, 20, 1},   {"dcpop", 1, 16, IdRegister::isar1, 0, 1},
    {"sha3", 1, 17, IdRegister::isar0, 32, 1},    {"sm3", 1, 18, IdRegister::isar0, 36, 1},
    {"sm4", 1, 19, IdRegister::isar0, 40, 1},     {"asimddp", 1, 20, IdRegister::isar0, 44, 1},
    {"sha512", 1, 21, IdRegister::isar0, 12, 2},  {"asimdfhm", 1, 23, IdRegister::isar0, 48, 1},
    {"dit", 1, 24, IdRegister::pfr0, 48, 1},      {"uscat", 1, 25, IdRegister::mmfr2, 32, 1},
    {"ilrcpc", 1, 26, IdRegister::isar1, 20, 2},  {"flagm", 1, 27, IdRegister::isar0, 52, 1},
    {"ssbs", 1, 28, IdRegister::pfr1, 4, 2},      {"sb", 1, 29, IdRegister::isar1, 36, 1},
    {"dcpodp", 2, 0, IdRegister::isar1, 0, 2},    {"flagm2", 2, 7, IdRegister::isar0, 52, 2},
    {"frint", 2, 8, IdRegister::isar1, 32, 1},    {"i8mm", 2, 13, IdRegister::isar1, 52, 1},
    {"bf16", 2, 14, IdRegister::isar1, 44, 1},    {"rng", 2, 16, IdRegister::isar0, 60, 1},
    {"bti", 2, 17, IdRegister::pfr1, 0, 1},       {"wfxt", 2, 31, IdRegister::isar2, 0, 2},
    {"cssc", 2, 34, IdRegister::isar2, 52, 1},
});

/// AT_HWCAP (1) and AT_HWCAP2 (2).
constexpr u64 hwcap(int word) {
    u64 bits = 0;
    for (const Feature& feature : features)
        if (feature.word == word) bits |= u64{1} << feature.bit;
    return bits;
}
/// "fp asimd …", as /proc/cpuinfo shows it.
inline std::string feature_text() {
    std::string text;
    for (const Feature& feature : features) (text += text.empty() ? "" : " ") += feature.name;
    return text;
}

/// MIDR_EL1: a Neoverse N1 r3p1, the commonest server core.
inline constexpr u64 main_id = 0x413f'd0c1;
/// CTR_EL0: lines of 64 bytes; neither IDC nor DIC: who writes code must say so by DC CVAU and IC IVAU.
inline constexpr u64 cache_type = 0x8444'c004;
/// DCZID_EL0: DC ZVA clears 64 bytes.
inline constexpr u64 zero_block_id = 4;

/// What a read of the register `o0:op1:CRn:CRm:op2` (15 bits) gives where Linux emulates it (arch/arm64, cpu-feature-registers.rst):
/// MIDR, MPIDR, REVIDR and the ID registers; nothing for any other register.
constexpr std::optional<u64> id_register(u32 encoding) {
    if (encoding >> 7 != 0b1'000'0000) return std::nullopt;
    const u32 place = (encoding >> 3 & 15) << 4 | (encoding & 7);
    if (place == 0x00) return main_id;
    if (place == 0x05) return u64{1} << 31;  // MPIDR_EL1
    if (place == 0x06) return 0;             // REVIDR_EL1
    if (place < 0x10) return std::nullopt;
    if (place > 0x7f) return std::nullopt;
    u64 value = 0;
    if (place == 0x20) value = 0x11;  // EL0 and EL1 in AArch64 only
    for (const Feature& feature : features) {
        if (u32(feature.id_register) != place) continue;
        const u64 present = value >> feature.shift & 15;
        if (present < feature.field) value += (feature.field - present) << feature.shift;
    }
    return value;
}

}  // namespace lyrebird::aarch64
