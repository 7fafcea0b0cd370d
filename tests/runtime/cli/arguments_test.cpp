#include "runtime/cli/arguments.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using cli::Action;

namespace {
using Words = std::vector<std::string>;

Result<cli::Command> parse(Words words, const Words& environment = {}) {
    words.insert(words.begin(), "lyre");
    return cli::parse(words, environment);
}
std::string complaint(const Words& words, const Words& environment = {}) {
    auto command = parse(words, environment);
    return command ? "accepted" : command.error().message;
}
}  // namespace

TEST_CASE("the first word that is no option is the program, and the rest is the program's") {
    auto command = parse({"-L", "/root", "prog", "-L", "--stats", "x"});
    REQUIRE(command.has_value());
    CHECK_EQ(command->options.sysroot, "/root");
    CHECK_EQ(command->program, "prog");
    CHECK_EQ(command->arguments, Words{"prog", "-L", "--stats", "x"});
    CHECK_FALSE(command->options.statistics);
}

TEST_CASE("a short option's value may be joined to it, a long one's stand after = or as the next word") {
    CHECK_EQ(parse({"-L/root", "p"})->options.sysroot, "/root");
    CHECK_EQ(parse({"--sysroot=/root", "p"})->options.sysroot, "/root");
    CHECK_EQ(parse({"--sysroot", "/root", "p"})->options.sysroot, "/root");
}

TEST_CASE("an optional value is taken after = only") {
    auto plain = parse({"--strace", "p"});
    CHECK(plain->options.strace);
    CHECK_EQ(plain->options.strace_file, "");
    CHECK_EQ(plain->program, "p");
    CHECK_EQ(parse({"--strace=out", "p"})->options.strace_file, "out");
    CHECK(parse({"--report", "p"})->options.report == ReportFormat::text);
    CHECK(parse({"--report=json", "p"})->options.report == ReportFormat::json);
}

TEST_CASE("run is a subcommand when it comes first, and a program after another option or --") {
    CHECK_EQ(parse({"run", "p"})->program, "p");
    CHECK_EQ(parse({"run", "run"})->program, "run");
    CHECK_EQ(parse({"--", "run"})->program, "run");
    CHECK_EQ(parse({"--stats", "run"})->program, "run");
    CHECK_EQ(parse({"run", "--", "-p"})->program, "-p");
}

TEST_CASE("argv[0] can be chosen") {
    auto command = parse({"-0", "name", "p", "x"});
    CHECK_EQ(command->program, "p");
    CHECK_EQ(command->arguments, Words{"name", "x"});
}

TEST_CASE("a wrong option is one line that names the nearest one") {
    CHECK_EQ(complaint({"--sysrot=x", "p"}), "unknown option --sysrot=x; did you mean --sysroot?");
    CHECK_EQ(complaint({"--xyzzy", "p"}), "unknown option --xyzzy; lyre --help lists them");
    CHECK_EQ(complaint({"--stats=1", "p"}), "option --stats=1 takes no value");
    CHECK_EQ(complaint({"--sysroot"}), "option --sysroot needs DIR");
    CHECK_EQ(complaint({"-E", "novalue", "p"}), "-E takes VAR=VALUE, not \"novalue\"");
    CHECK_EQ(complaint({"--tier=3", "p"}), "--tier takes 0, 1, auto, not \"3\"");
    CHECK_EQ(complaint({"--"}), "no program is given; lyre --help says how");
    CHECK_EQ(complaint({}), "no program is given; lyre --help says how");
}

TEST_CASE("every option with a variable takes its default from the environment, and the command line wins") {
    Words environment{"LYRE_SYSROOT=/env", "LYRE_STATS=1", "LYRE_STRACE=out", "LYRE_REPORT=json", "LYRE_VA_BITS=39"};
    auto command = parse({"p"}, environment);
    REQUIRE(command.has_value());
    CHECK_EQ(command->options.sysroot, "/env");
    CHECK(command->options.statistics);
    CHECK_EQ(command->options.strace_file, "out");
    CHECK(command->options.report == ReportFormat::json);
    CHECK_EQ(command->options.va_bits, 39);
    CHECK_EQ(parse({"-L", "/own", "--va-bits=42", "p"}, environment)->options.sysroot, "/own");
    CHECK_EQ(parse({"-L", "/own", "--va-bits=42", "p"}, environment)->options.va_bits, 42);
    CHECK(parse({"p"}, {"LYRE_CPU=max"})->options.processor == Processor::max);
    CHECK(parse({"--cpu=generic", "p"}, {"LYRE_CPU=max"})->options.processor == Processor::generic);
    CHECK_EQ(complaint({"--cpu=a64fx", "p"}), "--cpu takes generic, max, not \"a64fx\"");
    CHECK_EQ(complaint({"p"}, {"LYRE_VA_BITS=7"}), "LYRE_VA_BITS: --va-bits takes 39, 42, 46, not \"7\"");
}

TEST_CASE("a switch in the environment is off at 0 or empty, and 1 turns it on without a value") {
    CHECK_FALSE(parse({"p"}, {"LYRE_STRACE=0"})->options.strace);
    CHECK_FALSE(parse({"p"}, {"LYRE_STATS="})->options.statistics);
    CHECK(parse({"p"}, {"LYRE_STRACE=1"})->options.strace);
    CHECK_EQ(parse({"p"}, {"LYRE_STRACE=1"})->options.strace_file, "");
}

TEST_CASE("what only informs needs no program") {
    CHECK(parse({"--help"})->action == Action::help);
    CHECK(parse({"--version"})->action == Action::version);
    CHECK(parse({"--syscalls"})->action == Action::system_calls);
}

TEST_CASE("the guest's environment is the host's with variables set and unset") {
    auto command = parse({"-E", "NEW=1", "-E", "OLD=changed", "-U", "GONE", "p"});
    Words environment = cli::guest_environment(*command, {"GONE=x", "GONER=y", "OLD=0", "KEPT=z"});
    CHECK_EQ(environment, Words{"GONER=y", "KEPT=z", "NEW=1", "OLD=changed"});
}

TEST_CASE("the help text names every option and fits a terminal of 120 columns") {
    std::string text = cli::help();
    for (const char* name :
         {"-L DIR", "-E VAR=VALUE", "-U VAR", "-0 ARGV0", "--strace[=FILE]", "--stats", "--dump=", "--tier=0|1|auto",
          "--syscalls", "--cpu=generic|max", "--va-bits=", "--report[=", "--help", "--version"}) {
        CAPTURE(name);
        CHECK(text.find(name) != text.npos);
    }
    for (std::size_t start = 0; start < text.size();) {
        std::size_t end = text.find('\n', start);
        CHECK_LE(end - start, 120U);
        start = end + 1;
    }
}
