#include "loader/script.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;
using lyrebird::test::TemporaryDirectory;

namespace {

std::optional<ScriptLine> parse(std::string_view text) {
    return parse_script_line(std::span(reinterpret_cast<const u8*>(text.data()), text.size())
                                 .first(std::min<size_t>(text.size(), script_head_size)));
}

constexpr char print_arguments[] = "LYREBIRD_TEST_PRINT_ARGUMENTS";

/// When the kernel runs this very test program as a script's interpreter, it writes its arguments, each ended by a
/// newline, to the descriptor that the variable names, and does nothing else.
[[gnu::constructor]] void be_an_interpreter(int count, char** arguments, char**) {
    const char* descriptor = ::getenv(print_arguments);
    if (descriptor == nullptr) return;
    std::string text;
    for (int i = 1; i < count; ++i) text += std::string(arguments[i]) + "\n";
    const auto written = ::write(::atoi(descriptor), text.data(), text.size());
    ::_exit(written == static_cast<ssize_t>(text.size()) ? 0 : 1);
}

/// What this machine's kernel passes to the interpreter of a script with the text `text`, or "refused".
std::string kernel_arguments(const TemporaryDirectory& directory, std::string_view text) {
    const auto script = directory.write("script", text);
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv(print_arguments, std::to_string(ends[1]).c_str(), 1);
        ::execl(script.c_str(), "argv0", "last", nullptr);
        ::_exit(99);
    }
    ::close(ends[1]);
    std::string answer;
    char buffer[1024];
    for (ssize_t size; (size = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<size_t>(size));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 99 ? "refused" : answer;
}

/// The same by our rules.
std::string our_arguments(const TemporaryDirectory& directory, std::string_view text) {
    const auto line = parse(text);
    if (!line || ::access(line->interpreter.c_str(), X_OK) != 0) return "refused";
    return (line->argument ? *line->argument + "\n" : "") + directory / "script" + "\nlast\n";
}

}  // namespace

TEST_CASE("the interpreter and its one argument are taken from the first line") {
    const auto line = parse("#!/bin/sh -e -x\necho\n");
    REQUIRE(line.has_value());
    CHECK_EQ(line->interpreter, "/bin/sh");
    CHECK_EQ(line->argument.value_or(""), "-e -x");
    CHECK_FALSE(parse("#!/bin/sh\n-e\n")->argument.has_value());
}

TEST_CASE("a line without interpreter is no script's") {
    for (const auto* text : {"", "#", "#!\n", "#! \t \n/bin/sh", " #!/bin/sh\n", "#/bin/sh\n"})
        CHECK_FALSE(parse(text).has_value());
}

TEST_CASE("a line that ends with the file before it names anything has an empty interpreter") {
    CHECK_EQ(parse("#!")->interpreter, "");
    CHECK_EQ(parse("#! ")->interpreter, "");
}

TEST_CASE("every first line is taken apart as this machine's kernel does") {
    TemporaryDirectory directory;
    const auto self = directory.link("self", "/proc/self/exe");
    ::unlink(self.c_str());
    char path[4096] = {};
    REQUIRE(::readlink("/proc/self/exe", path, sizeof path - 1) > 0);
    directory.link("i", path);
    const std::string interpreter = directory / "i";
    REQUIRE(interpreter.size() < 100);
    const auto padded = [&](size_t size) { return interpreter + std::string(size - interpreter.size(), '/'); };

    std::vector<std::string> texts = {
        "#!" + interpreter + "\n",
        "#!" + interpreter,
        "#! \t" + interpreter + " \t \n",
        "#!" + interpreter + " a b  c\t \nrest\n",
        "#!" + interpreter + "\ta",
        "#!" + interpreter + " a ",
        "#!" + interpreter + " ",
        "#!" + interpreter + "\r\n",
        "#!" + interpreter + " a\r\n",
        "#!" + interpreter + std::string("\0 a\n", 4),
        "#!" + interpreter + std::string(" a\0b\n", 5),
        "#!" + interpreter + " " + std::string(300, 'x') + "\n",
        "#!" + std::string(250 - interpreter.size(), ' ') + interpreter + "\n",
        "#!" + std::string(260, ' ') + interpreter + "\n",
        "#!\n" + interpreter,
        "#!" + std::string(" \0", 2) + interpreter + "\n",
        "#!" + interpreter + " a" + std::string(300, ' ') + "\n",
    };
    // Around the end of what the kernel reads: the path, a blank or a newline as the last bytes.
    for (size_t size = 250; size <= 258; ++size) {
        texts.push_back("#!" + std::string(size - 2 - interpreter.size(), ' ') + interpreter + "\n");
        texts.push_back("#!" + std::string(size - 2 - interpreter.size(), ' ') + interpreter + " a\n");
        texts.push_back("#!" + std::string(size - 2 - interpreter.size(), ' ') + interpreter);
        texts.push_back("#!" + interpreter + " " + std::string(size - 3 - interpreter.size(), 'y'));
        texts.push_back("#!" + interpreter + " " + std::string(size - 3 - interpreter.size(), 'y') + "\n");
        texts.push_back("#!" + padded(size - 2));
    }
    for (const auto& text : texts) {
        INFO(text);
        CHECK_EQ(our_arguments(directory, text), kernel_arguments(directory, text));
    }
}
