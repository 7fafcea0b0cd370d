// The features that the AArch64 guest has: one table, from which AT_HWCAP, AT_HWCAP2, /proc/cpuinfo's Features line and the
// identification registers derive, so that they cannot disagree. (Names and bits: Linux, arm64/elf_hwcaps.rst; what EL0 reads
// of an identification register: Linux, arm64/cpu-feature-registers.rst.)
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/ints.hpp"
#include "translator/aarch64/state.hpp"

namespace lyrebird::aarch64 {

/// A system register's name in instructions: bits 20 … 5 of MRS (C5.1.2).
constexpr u32 system_register(u32 op0, u32 op1, u32 crn, u32 crm, u32 op2) {
    return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
}

// Identification registers that have anything to say (D24.2).
inline constexpr u32 midr = system_register(3, 0, 0, 0, 0), mpidr = system_register(3, 0, 0, 0, 5),
                     revidr = system_register(3, 0, 0, 0, 6), id_aa64pfr0 = system_register(3, 0, 0, 4, 0),
                     id_aa64pfr1 = system_register(3, 0, 0, 4, 1), id_aa64dfr0 = system_register(3, 0, 0, 5, 0),
                     id_aa64isar0 = system_register(3, 0, 0, 6, 0), id_aa64isar1 = system_register(3, 0, 0, 6, 1),
                     id_aa64isar2 = system_register(3, 0, 0, 6, 2), id_aa64mmfr0 = system_register(3, 0, 0, 7, 0),
                     id_aa64mmfr2 = system_register(3, 0, 0, 7, 2);

/// The word of the auxiliary vector that has a feature's bit.
enum class Word : u8 { hwcap, hwcap2 };

/// A feature as Linux names it; the identification register in which a field of four bits at `shift` is at least `value`
/// because of it (0: no register); the option by which it is chosen (0: it is always there).
struct Feature {
    std::string_view name;
    Word word;
    u8 bit;
    u32 id_register = 0;
    u8 shift = 0;
    u8 value = 0;
    u64 option = 0;

    constexpr bool is_there(u64 options) const { return (option & ~options) == 0; }
};

/// Ascending by word and bit, the order of /proc/cpuinfo.
inline constexpr auto features = std::to_array<Feature>({
    {"fp", Word::hwcap, 0, id_aa64pfr0, 16, 0},
    {"asimd", Word::hwcap, 1, id_aa64pfr0, 20, 0},
    {"aes", Word::hwcap, 3, id_aa64isar0, 4, 1},
    {"pmull", Word::hwcap, 4, id_aa64isar0, 4, 2},
    {"sha1", Word::hwcap, 5, id_aa64isar0, 8, 1},
    {"sha2", Word::hwcap, 6, id_aa64isar0, 12, 1},
    {"crc32", Word::hwcap, 7, id_aa64isar0, 16, 1},
    {"atomics", Word::hwcap, 8, id_aa64isar0, 20, 2},
    {"fphp", Word::hwcap, 9, id_aa64pfr0, 16, 1},
    {"asimdhp", Word::hwcap, 10, id_aa64pfr0, 20, 1},
    {"cpuid", Word::hwcap, 11},
    {"asimdrdm", Word::hwcap, 12, id_aa64isar0, 28, 1},
    {"jscvt", Word::hwcap, 13, id_aa64isar1, 12, 1},
    {"fcma", Word::hwcap, 14, id_aa64isar1, 16, 1},
    {"lrcpc", Word::hwcap, 15, id_aa64isar1, 20, 1},
    {"dcpop", Word::hwcap, 16, id_aa64isar1, 0, 1},
    {"sha3", Word::hwcap, 17, id_aa64isar0, 32, 1},
    {"sm3", Word::hwcap, 18, id_aa64isar0, 36, 1},
    {"sm4", Word::hwcap, 19, id_aa64isar0, 40, 1},
    {"asimddp", Word::hwcap, 20, id_aa64isar0, 44, 1},
    {"sha512", Word::hwcap, 21, id_aa64isar0, 12, 2},
    {"asimdfhm", Word::hwcap, 23, id_aa64isar0, 48, 1},
    {"dit", Word::hwcap, 24, id_aa64pfr0, 48, 1},
    {"uscat", Word::hwcap, 25, id_aa64mmfr2, 32, 1},
    {"ilrcpc", Word::hwcap, 26, id_aa64isar1, 20, 2},
    {"flagm", Word::hwcap, 27, id_aa64isar0, 52, 1},
    {"ssbs", Word::hwcap, 28, id_aa64pfr1, 4, 2},
    {"sb", Word::hwcap, 29, id_aa64isar1, 36, 1},
    {"paca", Word::hwcap, 30, id_aa64isar1, 4, 1, option_pointer_authentication},
    {"pacg", Word::hwcap, 31, id_aa64isar1, 24, 1, option_pointer_authentication},
    {"dcpodp", Word::hwcap2, 0, id_aa64isar1, 0, 2},
    {"flagm2", Word::hwcap2, 7, id_aa64isar0, 52, 2},
    {"frint", Word::hwcap2, 8, id_aa64isar1, 32, 1},
    {"i8mm", Word::hwcap2, 13, id_aa64isar1, 52, 1},
    {"bf16", Word::hwcap2, 14, id_aa64isar1, 44, 1},
    {"rng", Word::hwcap2, 16, id_aa64isar0, 60, 1},
    {"bti", Word::hwcap2, 17, id_aa64pfr1, 0, 1},
    {"wfxt", Word::hwcap2, 31, id_aa64isar2, 0, 2},
    {"cssc", Word::hwcap2, 34, id_aa64isar2, 52, 1},
    {"mops", Word::hwcap2, 43, id_aa64isar2, 16, 1},
});

namespace detail {
constexpr u64 capabilities(Word word, u64 options) {
    u64 bits = 0;
    for (const Feature& feature : features) {
        if (feature.word == word && feature.is_there(options)) bits |= u64{1} << feature.bit;
    }
    return bits;
}

/// The fields that features speak of; where several share one, the greatest value says it for all.
constexpr u64 feature_fields(u32 id_register, u64 options) {
    u64 fields = 0;
    for (const Feature& feature : features) {
        if (!feature.is_there(options)) continue;
        if (feature.id_register != id_register || feature.value <= (fields >> feature.shift & 15)) continue;
        fields = (fields & ~(u64{15} << feature.shift)) | u64{feature.value} << feature.shift;
    }
    return fields;
}
}  // namespace detail

/// AT_HWCAP and AT_HWCAP2, with what is chosen (State::options).
constexpr u64 hwcap(u64 options = 0) { return detail::capabilities(Word::hwcap, options); }
constexpr u64 hwcap2(u64 options = 0) { return detail::capabilities(Word::hwcap2, options); }

/// "fp asimd aes …", as /proc/cpuinfo shows it.
inline std::string cpuinfo_features(u64 options) {
    std::string text;
    for (const Feature& feature : features) {
        if (!feature.is_there(options)) continue;
        if (!text.empty()) text += ' ';
        text += feature.name;
    }
    return text;
}

/// MIDR_EL1: implementer 0 (software), architecture 15 (see the identification registers), part 1.
inline constexpr u64 midr_value = 0x000f'0010;

/// What MRS reads in EL0 from the space op0 = 3, op1 = 0, CRn = 0, which Linux emulates; nothing where it is undefined.
/// Fields that Linux hides have the values that it shows instead: EL0 and EL1 in AArch64 state only, no granule of 4 or 64 KiB,
/// debug version 6. Registers that say nothing are 0. `encoding` as of system_register.
constexpr std::optional<u64> id_register(u32 encoding, u64 options) {
    constexpr u64 uniprocessor_safe = u64{1} << 31, levels = 0x11, no_granules = 0xff00'0000, debug_version = 6;
    if ((encoding & ~u32{0x7f}) != system_register(3, 0, 0, 0, 0)) return std::nullopt;
    const u32 crm = encoding >> 3 & 15;
    if (crm == 1 || crm > 7) return std::nullopt;
    switch (encoding) {
        case midr: return midr_value;
        case mpidr: return uniprocessor_safe;
        case revidr: return 0;
        case id_aa64pfr0: return levels | detail::feature_fields(encoding, options);
        case id_aa64dfr0: return debug_version;
        case id_aa64mmfr0: return no_granules;
        default: break;
    }
    if (crm == 0) return std::nullopt;
    return detail::feature_fields(encoding, options);
}

/// CTR_EL0 (D24.2.34): lines of 64 bytes, instruction cache PIPT; new code must be announced (IDC and DIC are 0).
inline constexpr u64 ctr_value = 0x8444'c004;
/// DCZID_EL0 (D24.2.41): DC ZVA clears 4 << 4 bytes.
inline constexpr u64 dczid_value = 4;
/// What DC ZVA clears, and the smallest cache line, in bytes.
inline constexpr u64 cache_block_size = 64;

}  // namespace lyrebird::aarch64
