#include "runtime/engine/hand_over.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using engine::HandOver;

namespace {
HandOver round_trip(const HandOver& given) {
    std::vector<std::string> environment{"A=1", engine::encode(given)};
    auto taken = engine::take_hand_over(environment);
    REQUIRE(taken.has_value());
    CHECK_EQ(environment, std::vector<std::string>{"A=1"});
    return *taken;
}
}  // namespace

TEST_CASE("limits alone come across, without a program") {
    HandOver given;
    given.stack_limit = ~u64{0};
    given.personality = 0x0200000;
    HandOver taken = round_trip(given);
    CHECK_EQ(taken.stack_limit, given.stack_limit);
    CHECK_EQ(taken.personality, given.personality);
    CHECK_FALSE(taken.program.has_value());
}

TEST_CASE("a program comes across with every option, whatever bytes its names hold") {
    HandOver given;
    given.program = engine::ProgramToRun{37, "/dir/with, comma:and\nline", "name = 3:x,"};
    given.options.sysroot = "/sys,root:";
    given.options.strace = true;
    given.options.strace_descriptor = 901;
    given.options.statistics = true;
    given.options.dump_listing = true;
    given.options.processor = Processor::max;
    given.options.va_bits = 39;
    given.options.report = ReportFormat::json;
    HandOver taken = round_trip(given);
    REQUIRE(taken.program.has_value());
    CHECK_EQ(taken.program->descriptor, 37);
    CHECK_EQ(taken.program->path, given.program->path);
    CHECK_EQ(taken.program->name, given.program->name);
    CHECK_EQ(taken.options.sysroot, given.options.sysroot);
    CHECK(taken.options.strace);
    CHECK_EQ(taken.options.strace_descriptor, 901);
    CHECK(taken.options.statistics);
    CHECK(taken.options.dump_listing);
    CHECK(taken.options.processor == Processor::max);
    CHECK_EQ(taken.options.va_bits, 39);
    CHECK(taken.options.report == ReportFormat::json);
}

TEST_CASE("only the environment's last entry counts") {
    std::vector<std::string> environment{engine::encode(HandOver{}), "B=2"};
    CHECK_FALSE(engine::take_hand_over(environment).has_value());
    CHECK_EQ(environment.size(), 2U);
    std::vector<std::string> empty;
    CHECK_FALSE(engine::take_hand_over(empty).has_value());
}

TEST_CASE("a malformed variable is removed and means nothing") {
    for (const char* text :
         {"x", "k", "k5", "k5:", "k5:1", "k1:12", "k1:1", "k99999999999999999999:1,", "k-1:1,", ":,,,", "k1:1,z"}) {
        std::vector<std::string> environment{std::string("LYRE_HAND_OVER=") + text};
        CAPTURE(text);
        CHECK_FALSE(engine::take_hand_over(environment).has_value());
        CHECK(environment.empty());
    }
}
