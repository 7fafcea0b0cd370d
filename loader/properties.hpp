// The GNU property note (PT_GNU_PROPERTY): what a program promises or demands of its machine, such as branch
// protection.
#pragma once

#include <span>
#include <vector>

#include "loader/image.hpp"
#include "runtime/base/result.hpp"

namespace lyrebird::loader {

/// Longer notes are refused, as Linux does.
inline constexpr u64 most_property_bytes = 1024;

/// The properties in `note`, the contents of a PT_GNU_PROPERTY segment: one note "GNU" of type 5 whose properties
/// ascend by type and are padded to 8 bytes (Linux ABI extensions, "Program property"; Linux's parse_elf_properties).
/// Anything else is an Error without a file name.
Result<std::vector<Property>> parse_properties(std::span<const u8> note);

}  // namespace lyrebird::loader
