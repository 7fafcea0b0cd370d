// The word that stands for its row in golden files: always the same, so that a changed text is a changed meaning.
#pragma once

#include "tests/support/riscv64_machine.hpp"

namespace lyrebird::test {

/// One word of the row: `usual` where bits are free (registers in a row, numbers that show where their bits lie); when the
/// row does not claim that, any word, chosen by its name and pattern.
inline u32 representative(const Instructions& instructions, const Row& row, u32 usual) {
    u32 word = row.pattern.match | (usual & ~row.pattern.mask);
    if (row.claims(word) && instructions.find(word) == &row) return word;
    u64 seed = 0;
    for (char character : row.name) seed = seed * 31 + u64(character);
    Random random(seed);
    return instructions.random_word(row, random);
}

/// RISC-V: x10, x11, x12, the dynamic rounding mode.
inline u32 representative(const Row& row) {
    return representative(riscv64_instructions(), row, row.pattern.width == 32 ? 0x6ac5'f500 : 0x0ab4);
}
/// AArch64: register 3 from 1 and 2, and 4 where there is one more.
inline u32 aarch64_representative(const Row& row) {
    return representative(aarch64_instructions(), row, 0x0002'1023);
}

}  // namespace lyrebird::test
