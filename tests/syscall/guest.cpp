#include "tests/syscall/guest.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::syscall::testing {

namespace {
void on_fault(int signal, siginfo_t*, void* context) {
    if (memory::redirect_copy_fault(static_cast<ucontext_t*>(context))) return;
    ::signal(signal, SIG_DFL);
}

std::unique_ptr<memory::AddressSpace> make_space() {
    struct sigaction action = {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    ::sigaction(SIGSEGV, &action, nullptr);
    ::sigaction(SIGBUS, &action, nullptr);
    auto space = memory::AddressSpace::create({});
    REQUIRE(space.has_value());
    return std::move(*space);
}

loader::Sysroot make_sysroot(const std::string& directory) {
    if (directory.empty()) return {};
    auto sysroot = loader::Sysroot::create(directory);
    REQUIRE(sysroot.has_value());
    return std::move(*sysroot);
}
}  // namespace

Guest::Guest(const std::string& directory)
    : memory(make_space()), sysroot(make_sysroot(directory)), context{*memory, sysroot, services, cpu, abi, process} {}

SysResult Guest::call(u64 number, std::vector<u64> arguments) {
    arguments.resize(6);
    cpu.call.number = number;
    std::copy(arguments.begin(), arguments.end(), cpu.call.arguments.begin());
    return dispatch(context);
}

u64 Guest::page() {
    const SysResult address = memory->map(0, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(address > 0);
    return static_cast<u64>(address);
}

u64 Guest::low_page() {
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    const SysResult address = memory->map(0x10000000, page_size, PROT_READ | PROT_WRITE, flags, -1, 0);
    REQUIRE_EQ(address, 0x10000000);
    return static_cast<u64>(address);
}

u64 Guest::text(const std::string& text) {
    REQUIRE(text.size() < page_size);
    const u64 address = page();
    ::memcpy(GuestAddress(address).host(), text.c_str(), text.size() + 1);
    return address;
}

std::string Guest::trace(const std::function<void()>& body) {
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    process.trace_descriptor = ends[1];
    body();
    process.trace_descriptor = -1;
    ::close(ends[1]);
    std::string text;
    char part[4096];
    for (ssize_t count; (count = ::read(ends[0], part, sizeof part)) > 0;)
        text.append(part, static_cast<size_t>(count));
    ::close(ends[0]);
    return text;
}

u64 Guest::number_of(const char* name) {
    for (const Row& row : table()) {
        if (std::string_view(row.name) == name) return row.number;
    }
    FAIL("no row has the name ", name);
    return 0;
}

namespace {
/// Runs `body` for 0 … count − 1 in a child; each answer goes through a pipe that no call of a test has the number of.
std::vector<long> run_child(std::size_t count, const std::function<long(std::size_t)>& body, int& status) {
    int ends[2];
    REQUIRE_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const int report = ::fcntl(ends[1], F_DUPFD, 500);
        ::close(ends[0]);
        ::close(ends[1]);
        for (std::size_t index = 0; index < count; ++index) {
            const long result = body(index);
            if (::write(report, &result, sizeof result) != sizeof result) ::_exit(1);
        }
        ::_exit(0);
    }
    ::close(ends[1]);
    std::vector<long> answers;
    for (long result = 0; ::read(ends[0], &result, sizeof result) == sizeof result;) answers.push_back(result);
    ::close(ends[0]);
    REQUIRE_EQ(::waitpid(child, &status, 0), child);
    return answers;
}
}  // namespace

long in_child(const std::function<long()>& body) {
    int status = 0;
    const auto answers = run_child(
        1, [&](std::size_t) { return body(); }, status);
    if (!answers.empty()) return answers[0];
    return WIFSIGNALED(status) ? -1000 - WTERMSIG(status) : -2000;
}

std::vector<long> answers_in_child(std::size_t count, const std::function<long(std::size_t)>& body) {
    int status = 0;
    return run_child(count, body, status);
}

std::string errno_text(SysResult result) {
    if (result >= 0 || result < -4095) return std::to_string(result);
    const char* name = ::strerrorname_np(static_cast<int>(-result));
    return name != nullptr ? name : std::to_string(result);
}

}  // namespace lyrebird::syscall::testing
