#include "runtime/engine/signal_actions.hpp"

#include <doctest/doctest.h>

using namespace lyrebird;
using namespace lyrebird::engine;

namespace {
void host_handler(int, siginfo_t*, void*) {}

HostAction on_host(int signal) {
    HostAction action{};
    host_action(signal, nullptr, &action);
    return action;
}

/// Puts all of the process's dispositions back when the test has ended.
class HostActionsKept {
  public:
    HostActionsKept() {
        for (int signal = 1; signal <= signal_count; ++signal) saved_[signal] = on_host(signal);
    }
    ~HostActionsKept() {
        for (int signal = 1; signal <= signal_count; ++signal) host_action(signal, &saved_[signal], nullptr);
    }

  private:
    HostAction saved_[signal_count + 1]{};
};
constexpr u64 ours = 0x1234560;
}  // namespace

TEST_CASE("a handler of the guest's is the VM's on the host, with the flags that the kernel acts on") {
    HostActionsKept kept;
    SignalActions actions(&host_handler);
    GuestAction old;
    REQUIRE_EQ(actions.set(SIGUSR1, {ours, SA_RESTART | SA_NODEFER | SA_RESETHAND, 7, 0}, old), 0);
    HostAction host = on_host(SIGUSR1);
    CHECK_EQ(host.handler, reinterpret_cast<u64>(&host_handler));
    CHECK_EQ(host.flags & (SA_RESTART | SA_NODEFER | SA_RESETHAND), u64(SA_RESTART));
    CHECK((host.flags & SA_ONSTACK) != 0);
    CHECK_EQ(host.mask | unblockable_signals, ~u64{0});
    CHECK_EQ(actions.get(SIGUSR1).mask, 7U);
    REQUIRE_EQ(actions.set(SIGUSR1, {1, 0, 0, 0}, old), 0);
    CHECK_EQ(on_host(SIGUSR1).handler, 1U);
    CHECK_EQ(old.handler, ours);
    REQUIRE_EQ(actions.set(SIGUSR1, {}, old), 0);
    CHECK_EQ(on_host(SIGUSR1).handler, 0U);
}

TEST_CASE("the signals of the C library's own are the guest's, too") {
    HostActionsKept kept;
    SignalActions actions(&host_handler);
    GuestAction old;
    for (int signal : {32, 33}) {
        CHECK_EQ(actions.set(signal, {ours, 0, 0, 0}, old), 0);
        CHECK_EQ(on_host(signal).handler, reinterpret_cast<u64>(&host_handler));
    }
}

TEST_CASE("a signal that a fault can raise has the VM's handler whatever the guest wants") {
    HostActionsKept kept;
    SignalActions actions(&host_handler);
    actions.adopt_host();
    GuestAction old;
    for (u64 handler : {u64{0}, u64{1}, ours}) {
        REQUIRE_EQ(actions.set(SIGTRAP, {handler, 0, 0, 0}, old), 0);
        CHECK_EQ(on_host(SIGTRAP).handler, reinterpret_cast<u64>(&host_handler));
        CHECK_EQ(actions.get(SIGTRAP).handler, handler);
    }
}

TEST_CASE("SA_RESETHAND makes a consumed handler the default, and keeps the flags") {
    HostActionsKept kept;
    SignalActions actions(&host_handler);
    GuestAction old;
    REQUIRE_EQ(actions.set(SIGUSR2, {ours, SA_RESETHAND, 0, 0}, old), 0);
    CHECK_EQ(actions.consume_now(SIGUSR2).handler, ours);
    CHECK_EQ(actions.get(SIGUSR2).handler, 0U);
    CHECK_EQ(actions.get(SIGUSR2).flags, u64(SA_RESETHAND));
    CHECK_EQ(on_host(SIGUSR2).handler, 0U);
    REQUIRE_EQ(actions.set(SIGUSR2, {ours, 0, 0, 0}, old), 0);
    CHECK_EQ(actions.consume_now(SIGUSR2).handler, ours);
    CHECK_EQ(actions.get(SIGUSR2).handler, ours);
}

TEST_CASE("what the host process was started with is the guest's start") {
    HostActionsKept kept;
    HostAction ignore{1, 0, 0, 0};
    host_action(SIGHUP, &ignore, nullptr);
    SignalActions actions(&host_handler);
    actions.adopt_host();
    CHECK(actions.get(SIGHUP).is_ignored());
    CHECK(actions.get(SIGUSR1).is_default());
}

TEST_CASE("around exec the host ignores the faults' signals that the guest ignores") {
    HostActionsKept kept;
    SignalActions actions(&host_handler);
    actions.adopt_host();
    GuestAction old;
    REQUIRE_EQ(actions.set(SIGFPE, {1, 0, 0, 0}, old), 0);
    actions.leave_to_host();
    CHECK_EQ(on_host(SIGFPE).handler, 1U);
    actions.take_from_host();
    CHECK_EQ(on_host(SIGFPE).handler, reinterpret_cast<u64>(&host_handler));
}

TEST_CASE("a copy has dispositions of its own, and clearing leaves ignored signals ignored") {
    HostActionsKept kept;
    SignalActions actions(&host_handler);
    GuestAction old;
    REQUIRE_EQ(actions.set(SIGUSR1, {ours, 0, 0, 0}, old), 0);
    REQUIRE_EQ(actions.set(SIGUSR2, {1, 0, 0, 0}, old), 0);
    SignalActions copy(actions);
    copy.clear_handlers();
    CHECK(copy.get(SIGUSR1).is_default());
    CHECK(copy.get(SIGUSR2).is_ignored());
    CHECK_EQ(actions.get(SIGUSR1).handler, ours);
}
