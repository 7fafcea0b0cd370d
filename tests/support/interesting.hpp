// Operands that decide more often than others do: small numbers, the greatest and least, special floating-point numbers and
// their neighbours; and any.
#pragma once

#include <iterator>

#include "tests/support/random.hpp"

namespace lyrebird::test {

inline u64 interesting_integer(Random& random) {
    constexpr u64 special[]{0,           1,           ~0ULL,       1ULL << 63,           ~0ULL >> 1,
                            0x7fff'ffff, 0x8000'0000, 0xffff'ffff, 0xffff'ffff'8000'0000};
    switch (random.below(5)) {
        case 0:
            return special[random.below(std::size(special))];
        case 1:
            return u64(i64(random.below(64)) - 32);
        case 2:
            return u64(i64(i32(random.word())));
        case 3:
            return 1ULL << random.below(64);
        default:
            return random.next();
    }
}

/// The bits of a number with `exponent_bits` and `fraction_bits`, often a special one or near to one.
inline u64 interesting_float(Random& random, int exponent_bits, int fraction_bits) {
    u64 exponent_mask = (1ULL << exponent_bits) - 1, fraction_mask = (1ULL << fraction_bits) - 1;
    u64 exponent = random.next() & exponent_mask;
    u64 fraction = random.next() & fraction_mask;
    u64 bias = exponent_mask >> 1;
    switch (random.below(8)) {
        case 0:
            exponent = 0;
            break;
        case 1:
            exponent = exponent_mask;
            break;
        case 2:
            exponent = 1;
            break;
        case 3:
            exponent = exponent_mask - 1;
            break;
        case 4:
        case 5:
            exponent = (bias - 8 + random.below(80)) & exponent_mask;
            break;
        default:
            break;
    }
    switch (random.below(6)) {
        case 0:
            fraction = 0;
            break;
        case 1:
            fraction = fraction_mask;
            break;
        case 2:
            fraction = 1ULL << random.below(u64(fraction_bits));
            break;
        case 3:
            fraction &= ~(fraction_mask >> random.below(u64(fraction_bits)));
            break;
        default:
            break;
    }
    u64 sign = random.next() & 1;
    return (sign << exponent_bits | exponent) << fraction_bits | fraction;
}

}  // namespace lyrebird::test
