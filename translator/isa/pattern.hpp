// Bit patterns: which words an instruction claims. A pattern is written as the manual prints it, most significant bit first:
// '0' and '1' are fixed, '.' is free, spaces are for the eye. It holds fixed bits only; what free bits mean is the format's.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string_view>

#include "runtime/base/ints.hpp"

namespace lyrebird::isa {

/// A string literal that can be a template argument.
template <std::size_t Size>
struct Text {
    char characters[Size]{};
    constexpr Text(const char (&text)[Size]) { std::copy_n(text, Size, characters); }  // NOLINT: implicit by design
    constexpr std::string_view view() const { return {characters, Size - 1}; }
};

struct Pattern {
    u32 mask = 0;   // fixed bits
    u32 match = 0;  // their values
    int width = 0;  // 16 or 32

    constexpr bool operator()(u32 word) const { return (word & mask) == match; }
    constexpr int specificity() const { return std::popcount(mask); }
    /// True when some word fits both.
    constexpr bool overlaps(const Pattern& other) const {
        return width == other.width && ((match ^ other.match) & mask & other.mask) == 0;
    }
    /// True when this pattern fixes all that `other` fixes, and more.
    constexpr bool refines(const Pattern& other) const {
        return mask != other.mask && (mask & other.mask) == other.mask && overlaps(other);
    }
};

// Not constexpr, never defined: calling one in a pattern is a compile error that carries its name.
void bit_pattern_has_a_character_other_than_0_1_dot_space();
void bit_pattern_is_not_16_or_32_bits_wide();

template <std::size_t Size>
consteval Pattern parse_pattern(const Text<Size>& text) {
    Pattern pattern;
    for (char c : text.view()) {
        if (c == ' ') continue;
        if (c != '0' && c != '1' && c != '.') bit_pattern_has_a_character_other_than_0_1_dot_space();
        pattern.mask = pattern.mask << 1 | u32(c != '.');
        pattern.match = pattern.match << 1 | u32(c == '1');
        ++pattern.width;
    }
    if (pattern.width != 32 && pattern.width != 16) bit_pattern_is_not_16_or_32_bits_wide();
    return pattern;
}

}  // namespace lyrebird::isa
