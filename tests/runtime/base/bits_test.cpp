#include "runtime/base/bits.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;

TEST_CASE("bits takes a field out of a word") {
    CHECK_EQ(bits(0xdeadbeef, 0, 32), 0xdeadbeef);
    CHECK_EQ(bits(0xdeadbeef, 28, 4), 0xd);
    CHECK_EQ(bits(0xdeadbeef, 4, 8), 0xee);
}

TEST_CASE("sign_extend copies the highest bit of the field upwards") {
    CHECK_EQ(sign_extend(0xfff, 12), -1);
    CHECK_EQ(sign_extend(0x7ff, 12), 0x7ff);
    CHECK_EQ(sign_extend(0x8000'0000'0000'0000, 64), INT64_MIN);
    CHECK_EQ(sign_extend(3, 1), -1);
}

TEST_CASE("fits_signed accepts exactly the range of the width") {
    CHECK(fits_signed(2047, 12));
    CHECK(fits_signed(-2048, 12));
    CHECK_FALSE(fits_signed(2048, 12));
    CHECK_FALSE(fits_signed(-2049, 12));
}

TEST_CASE("alignment rounds to multiples of a power of two") {
    CHECK_EQ(align_down(4097, 4096), 4096);
    CHECK_EQ(align_up(4097, 4096), 8192);
    CHECK_EQ(align_up(4096, 4096), 4096);
    CHECK_EQ(align_up(~0ULL, 4096), 0);
}
