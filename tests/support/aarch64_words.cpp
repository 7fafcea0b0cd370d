// What the encoding of a word tells of it, for random sequences (aarch64_sequence.hpp).
#include "tests/support/aarch64_sequence.hpp"

#include <iterator>

#include "runtime/base/bits.hpp"

namespace lyrebird::test {

namespace {

Addressing pair_addressing(u32 word) {
    bool vector = (word >> 26 & 1) != 0;
    u32 opc = word >> 30;
    int scale = vector ? 2 + int(opc) : opc == 2 ? 3 : 2;
    u32 mode = word >> 23 & 3;
    i64 offset = sign_extend(word >> 15 & 0x7f, 7) << scale;
    return {.offset = mode == 1 ? 0 : offset, .writes_base = (mode & 1) != 0};
}

Addressing single_addressing(u32 word) {
    if ((word >> 24 & 1) != 0) {
        bool quad = (word >> 26 & 1) != 0 && (word >> 23 & 1) != 0;
        return {.offset = i64(word >> 10 & 0xfff) << (quad ? 4 : word >> 30)};
    }
    u32 mode = word >> 10 & 3;
    if ((word >> 21 & 1) != 0) return {.has_index = mode == 2};
    i64 offset = sign_extend(word >> 12 & 0x1ff, 9);
    return {.offset = mode == 1 ? 0 : offset, .writes_base = (mode & 1) != 0};
}

}  // namespace

/// Branches, exceptions, system instructions (C4.1: op0 of bits 28 … 26 is 101): never taken from a row.
bool stands_apart(u32 word) {
    return (word >> 26 & 7) == 5;
}
/// Loads and stores (C4.1.88 and on), but for literals.
bool is_access(u32 word) {
    return (word & 0x0a00'0000) == 0x0800'0000;
}
bool is_literal(u32 word) {
    return (word & 0x3b00'0000) == 0x1800'0000;
}
/// CASP shares the space of exclusive pairs: it has the smaller sizes there.
bool is_exclusive(u32 word) {
    return (word & 0x3fa0'0000) == 0x0800'0000 || (word & 0xbfa0'0000) == 0x8820'0000;
}
bool is_load_exclusive(u32 word) {
    return is_exclusive(word) && (word >> 22 & 1) != 0;
}
/// Exclusive, ordered and atomic accesses, which must be aligned; how far is not the test's matter.
bool is_ordered(u32 word) {
    return (word & 0x3f00'0000) == 0x0800'0000 || (word & 0x3f20'0c00) == 0x1900'0000 ||
           (word & 0x3b20'0c00) == 0x3820'0000;
}

Addressing addressing_of(u32 word) {
    if ((word & 0x3f00'0000) == 0x0800'0000) return {};
    if ((word & 0x3f20'0c00) == 0x1900'0000) return {.offset = sign_extend(word >> 12 & 0x1ff, 9)};
    if ((word & 0x3a00'0000) == 0x2800'0000) return pair_addressing(word);
    if ((word & 0x3a00'0000) == 0x3800'0000) return single_addressing(word);
    return {.writes_base = (word >> 23 & 1) != 0};  // structures
}

i64 index_offset(u32 word, u64 value) {
    bool quad = (word >> 26 & 1) != 0 && (word >> 23 & 1) != 0;
    u32 shift = (word >> 12 & 1) == 0 ? 0 : quad ? 4 : word >> 30;
    switch (word >> 13 & 7) {
        case 2: return i64(u64(u32(value)) << shift);
        case 6: return i64(u64(i64(i32(u32(value)))) << shift);
        default: return i64(value << shift);
    }
}

u32 narrow_registers(u32 word, Random& random) {
    constexpr u32 few[]{0, 1, 2, 3, 4, 5, 6, 30, 31};
    for (int low : {0, 5, 10, 16}) {
        if (!random.once_in(3)) word = (word & ~(31U << low)) | few[random.below(std::size(few))] << low;
    }
    return word;
}

u32 random_fpcr(Random& random) {
    u32 fpcr = 0;
    if (random.once_in(2)) fpcr |= u32(random.below(4)) << 22;
    if (random.once_in(3)) fpcr |= u32(random.below(2)) << 24 | u32(random.below(2)) << 19;
    if (random.once_in(3)) fpcr |= u32(random.below(4)) << 25;
    return fpcr;
}

}  // namespace lyrebird::test
