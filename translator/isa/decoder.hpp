// From a word to the row that claims it. The index is computed at compile time from the patterns: the bits that tell most
// rows apart (the guest names them) select a short list of candidates, most specific first; the first that claims the word wins.
#pragma once

#include <array>
#include <bit>

#include "translator/isa/instruction.hpp"

namespace lyrebird::isa {

/// The bits of `word` under `mask`, packed together at the low end (the pext operation).
constexpr u32 gather_bits(u32 word, u32 mask) {
    u32 result = 0;
    for (int position = 0; mask != 0; mask &= mask - 1, ++position) {
        result |= ((word >> std::countr_zero(mask)) & 1) << position;
    }
    return result;
}
/// The index over the rows of `List` whose patterns have `Width` bits; `KeyMask` are the selecting bits.
template <class List, int Width, u32 KeyMask>
class DecodeIndex {
    static constexpr u32 key_count = 1U << std::popcount(KeyMask);

    /// Calls `visit(key)` for each key under which words of `pattern` may be found. Only these are enumerated (the free key
    /// bits counted through by carry), so that the evaluation stays far below a compiler's limit of steps.
    static constexpr void for_each_key(const Pattern& pattern, auto visit) {
        if (pattern.width != Width) return;
        u32 fixed = pattern.match & KeyMask;
        u32 free = KeyMask & ~pattern.mask;
        u32 chosen = 0;
        do {
            visit(gather_bits(fixed | chosen, KeyMask));
            chosen = (chosen - free) & free;
        } while (chosen != 0);
    }

    static consteval std::array<u16, key_count + 1> first_places() {
        std::array<u16, key_count + 1> first{};
        for (const Pattern& pattern : List::patterns) for_each_key(pattern, [&](u32 key) { ++first[key + 1]; });
        for (u32 key = 0; key < key_count; ++key) first[key + 1] = u16(first[key + 1] + first[key]);
        return first;
    }
    static constexpr std::array<u16, key_count + 1> first = first_places();

    static consteval auto ordered_rows() {
        std::array<RowIndex, first[key_count]> rows{};
        std::array<u16, key_count> used{};
        for (std::size_t row = 0; row < List::count; ++row) {
            for_each_key(List::patterns[row], [&](u32 key) {
                std::size_t place = std::size_t(first[key]) + used[key]++;
                int specificity = List::patterns[row].specificity();
                for (; place > first[key] && List::patterns[rows[place - 1]].specificity() < specificity; --place) {
                    rows[place] = rows[place - 1];
                }
                rows[place] = RowIndex(row);
            });
        }
        return rows;
    }
    static constexpr auto rows = ordered_rows();

  public:
    /// The row that claims `word`, or no_row.
    static constexpr RowIndex find(u32 word) {
        u32 key = gather_bits(word, KeyMask);
        for (u32 at = first[key]; at < first[key + 1]; ++at) {
            RowIndex row = rows[at];
            if (!List::patterns[row](word)) continue;
            if (!List::has_reserved[row] || List::claims[row](word)) return row;
        }
        return no_row;
    }
};

}  // namespace lyrebird::isa
