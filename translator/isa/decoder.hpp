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
/// The inverse: spreads the low bits of `packed` to the places under `mask` (pdep).
constexpr u32 scatter_bits(u32 packed, u32 mask) {
    u32 result = 0;
    for (int position = 0; mask != 0; mask &= mask - 1, ++position) {
        result |= ((packed >> position) & 1) << std::countr_zero(mask);
    }
    return result;
}

/// The index over the rows of `List` whose patterns have `Width` bits; `KeyMask` are the selecting bits.
template <class List, int Width, u32 KeyMask>
class DecodeIndex {
    static constexpr u32 key_count = 1U << std::popcount(KeyMask);

    static constexpr bool belongs(std::size_t row, u32 key) {
        const Pattern& pattern = List::patterns[row];
        u32 spread = scatter_bits(key, KeyMask);
        return pattern.width == Width && ((spread ^ pattern.match) & pattern.mask & KeyMask) == 0;
    }

    static consteval std::size_t entry_count() {
        std::size_t total = 0;
        for (u32 key = 0; key < key_count; ++key)
            for (std::size_t row = 0; row < List::count; ++row) total += belongs(row, key);
        return total;
    }

    struct Tables {
        std::array<u16, key_count + 1> first{};
        std::array<RowIndex, entry_count()> rows{};
    };

    static consteval Tables build() {
        Tables tables;
        u16 used = 0;
        for (u32 key = 0; key < key_count; ++key) {
            tables.first[key] = used;
            for (std::size_t row = 0; row < List::count; ++row) {
                if (!belongs(row, key)) continue;
                std::size_t place = used++;
                while (place > tables.first[key] && List::patterns[tables.rows[place - 1]].specificity() <
                                                        List::patterns[row].specificity()) {
                    tables.rows[place] = tables.rows[place - 1];
                    --place;
                }
                tables.rows[place] = RowIndex(row);
            }
        }
        tables.first[key_count] = used;
        return tables;
    }

    static constexpr Tables tables = build();

  public:
    /// The row that claims `word`, or no_row.
    static constexpr RowIndex find(u32 word) {
        u32 key = gather_bits(word, KeyMask);
        for (u32 at = tables.first[key]; at < tables.first[key + 1]; ++at) {
            RowIndex row = tables.rows[at];
            if (!List::patterns[row](word)) continue;
            if (!List::has_reserved[row] || List::claims[row](word)) return row;
        }
        return no_row;
    }
};

}  // namespace lyrebird::isa
