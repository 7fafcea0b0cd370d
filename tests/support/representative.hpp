// The word that stands for its row in golden files: always the same, so that a changed text is a changed meaning.
#pragma once

#include "tests/support/riscv64_machine.hpp"

namespace lyrebird::test {

/// One word of the row: x10, x11, x12 where registers are free, the dynamic rounding mode, numbers that show where
/// their bits lie; when the row does not claim that, any word, chosen by its name.
inline u32 representative(const Row& row) {
    u32 usual = row.pattern.width == 32 ? 0x6ac5'f500 : 0x0ab4;
    u32 word = row.pattern.match | (usual & ~row.pattern.mask);
    if (row.claims(word) && &riscv64_rows()[riscv64_decode(word)] == &row) return word;
    u64 seed = 0;
    for (char character : row.name) seed = seed * 31 + u64(character);
    Random random(seed);
    return random_word(row, random);
}

}  // namespace lyrebird::test
