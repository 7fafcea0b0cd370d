#include "runtime/base/result.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;

namespace {
Result<int> half(int number) {
    if (number % 2 != 0) return fail("odd", 22);
    return number / 2;
}
Result<int> quarter(int number) {
    TRY(first, half(number));
    TRY(second, half(first));
    return second;
}
}  // namespace

TEST_CASE("TRY passes values on and returns the first error") {
    CHECK_EQ(quarter(8).value(), 2);
    CHECK_EQ(quarter(6).error().message, "odd");
    CHECK_EQ(quarter(6).error().code, 22);
}
