#include "runtime/base/text.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;

TEST_CASE("format writes numbers and text") {
    CHECK_EQ(format("{:#x} {} {:>4}", 255, "a", 7), "0xff a    7");
}

TEST_CASE("append adds to what is there") {
    std::string out = "x=";
    append(out, "{:04x}", 0xab);
    CHECK_EQ(out, "x=00ab");
}
