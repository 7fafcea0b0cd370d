// A rule of the house: a call that has a handler of its own is named in a test. Pass rows need none: numbers_test and
// pass_through_test walk them all.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "syscall/row.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;

TEST_CASE("every call with a handler of its own is named in a test") {
    std::string sources;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(__FILE__).parent_path())) {
        if (!entry.path().string().ends_with("_test.cpp")) continue;
        std::ifstream file(entry.path());
        sources.append(std::istreambuf_iterator<char>(file), {});
    }
    REQUIRE(sources.size() > 10000);
    for (const Row& row : table()) {
        if (row.support == Support::refused || row.host_number >= 0) continue;
        CAPTURE(std::string(row.name));
        CHECK(sources.find("guest(\"" + std::string(row.name) + "\"") != std::string::npos);
    }
}
