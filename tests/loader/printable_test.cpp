#include "loader/printable.hpp"

#include <doctest/doctest.h>

using lyrebird::loader::printable;

TEST_CASE("ordinary names are shown as they are") {
    CHECK_EQ(printable("/usr/bin/größe 1"), "/usr/bin/größe 1");
}

TEST_CASE("what a terminal would obey is shown instead") {
    CHECK_EQ(printable("/bin/sh\r\n\x1b[2J\x7f\\"), "/bin/sh\\r\\n\\x1b[2J\\x7f\\\\");
}
