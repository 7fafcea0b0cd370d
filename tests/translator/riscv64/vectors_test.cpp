#include <doctest/doctest.h>

#include "tests/support/riscv64_machine.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

TEST_CASE("every line of the vector files can be read") {
    VectorFiles files = read_vector_files(tests_directory() + "/vectors/riscv64");
    CHECK(!files.cases.empty());
    for (const std::string& error : files.errors) FAIL_CHECK(error);
}

TEST_CASE("every vector holds on every tier") {
    VectorFiles files = read_vector_files(tests_directory() + "/vectors/riscv64");
    for (const Tier& tier : riscv64_tiers()) {
        Riscv64Machine machine(tier);
        for (const VectorCase& vector : files.cases) {
            std::string report = machine.check(vector);
            CHECK_MESSAGE(report.empty(), tier.name, ", ", vector.place, ": ", vector.text, "\n", report);
        }
    }
}

TEST_CASE("a vector that is wrong is found, whichever part of it is wrong") {
    Riscv64Machine machine(riscv64_tiers()[0]);
    auto wrong = [&](std::string_view line) {
        auto vector = parse_vector(line);
        REQUIRE(vector.has_value());
        return !machine.check(*vector).empty();
    };
    CHECK(!wrong("addi x5, x6, 1 | x6=1 => x5=2"));
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=3"));
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=2 x7=0"));                 // another register
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=2 pc=+8"));                // where it goes on
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=2 exit=breakpoint"));      // how it leaves
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=2 [@8]:u8=1"));            // memory
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=2 fflags=1"));             // flags
    CHECK(wrong("addi x5, x6, 1 | x6=1 => x5=2 y=1"));                  // no such thing
    CHECK(wrong("addi x5, x6, 4096 | x6=1 => x5=4097"));                // cannot be encoded
    CHECK(wrong("sb x5, 0(x6) | x6=@0 x5=0x1234 => [@0]:u16=0x1234"));  // one byte too many
    CHECK(wrong("lw x5, 0(x6) | x6=0 => x5=0"));                        // a fault that is not expected
}
