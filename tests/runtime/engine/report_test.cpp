// What the VM says when it fails itself: seen from a parent process.
#include "runtime/engine/report.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "runtime/base/check.hpp"
#include "tests/runtime/engine/guest_memory.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;

namespace {
struct Death {
    std::string said;
    int signal = 0;
};

/// How a child process dies that does `act`.
Death death_of(void (*act)()) {
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    pid_t child = ::fork();
    if (child == 0) {
        rlimit none{0, 0};
        ::setrlimit(RLIMIT_CORE, &none);
        ::signal(SIGABRT, SIG_DFL);
        ::dup2(ends[1], STDERR_FILENO);
        act();
        ::_exit(0);
    }
    ::close(ends[1]);
    Death death;
    char text[512];
    for (ssize_t size; (size = ::read(ends[0], text, sizeof text)) > 0;) death.said.append(text, std::size_t(size));
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    death.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return death;
}
bool contains(const std::string& text, const char* part) {
    return text.find(part) != text.npos;
}
}  // namespace

TEST_CASE("a fault of the VM's own names itself and ends the process by its signal") {
    Death death = death_of([] {
        test::FaultsHandled handled;
        *reinterpret_cast<volatile int*>(0x7fff'1234'5000) = 1;
    });
    CHECK_EQ(death.signal, SIGSEGV);
    CHECK(contains(death.said, "lyre: the VM itself failed: SIGSEGV at host pc 0x"));
    CHECK(contains(death.said, "address 0x7fff12345000"));
    CHECK(contains(death.said, "please report this"));
}

TEST_CASE("a failed check names its message and its place") {
    Death death = death_of([] {
        install_check_report();
        ENSURE(1 + 1 == 3, "sums are right");
    });
    CHECK_EQ(death.signal, SIGABRT);
    CHECK(contains(death.said, "lyre: the VM itself failed: sums are right (1 + 1 == 3) at "));
    CHECK(contains(death.said, "report_test.cpp:"));
}
