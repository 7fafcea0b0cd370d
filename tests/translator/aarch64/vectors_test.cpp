#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/support/aarch64_machine.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

TEST_CASE("every line of the vector files can be read") {
    for (std::string_view processor : {"", "_max"}) {
        VectorFiles files = read_vector_files(tests_directory() + "/vectors/aarch64" + std::string(processor));
        CHECK(!files.cases.empty());
        for (const std::string& error : files.errors) FAIL_CHECK(error);
    }
}

TEST_CASE("every vector of the greater processor holds on every tier") {
    VectorFiles files = read_vector_files(tests_directory() + "/vectors/aarch64_max");
    for (const Tier& tier : aarch64_max_tiers()) {
        Aarch64Machine machine(tier);
        for (const VectorCase& vector : files.cases) {
            std::string report = machine.check(vector);
            CHECK_MESSAGE(report.empty(), tier.name, ", ", vector.place, ": ", vector.text, "\n", report);
        }
    }
}

TEST_CASE("every vector holds on every tier") {
    VectorFiles files = read_vector_files(tests_directory() + "/vectors/aarch64");
    // Tier 1 computes with floats until a mode is asked for that the host does not have: that comes last.
    std::ranges::stable_partition(files.cases, [](const VectorCase& vector) {
        std::size_t place = vector.text.find("fpcr=");
        return place == vector.text.npos || (std::strtoul(vector.text.c_str() + place + 5, nullptr, 0) & ~u64{aarch64::fpcr_rounding}) == 0;
    });
    for (const Tier& tier : aarch64_tiers()) {
        Aarch64Machine machine(tier);
        for (const VectorCase& vector : files.cases) {
            std::string report = machine.check(vector);
            CHECK_MESSAGE(report.empty(), tier.name, ", ", vector.place, ": ", vector.text, "\n", report);
        }
    }
}

TEST_CASE("a vector that is wrong is found, whichever part of it is wrong") {
    Aarch64Machine machine(aarch64_tiers()[0]);
    auto wrong = [&](std::string_view line) {
        auto vector = parse_vector(line);
        REQUIRE(vector.has_value());
        return !machine.check(*vector).empty();
    };
    constexpr std::string_view adds = ".word 0xb1000420 | x1=1 => x0=2 nzcv=0 ";  // adds x0, x1, #1
    CHECK(!wrong(adds));
    CHECK(wrong(".word 0xb1000420 | x1=1 => x0=3 nzcv=0"));
    for (std::string_view more : {"x7=0", "v7=0", "pc=+8", "exit=breakpoint", "[@8]:u8=1", "nzcv=1", "fpsr=1", "fpcr=1", "y=1"})
        CHECK_MESSAGE(wrong(std::string(adds) + std::string(more)), more);
}
