// The one piece of assembly through which guests' calls are made, with the signal handler that it is made for.
#include "syscall/host_call.hpp"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <thread>

#include "tests/syscall/guest.hpp"

using namespace lyrebird;
using namespace lyrebird::syscall;
using namespace lyrebird::syscall::testing;

namespace {
std::atomic<u32> attention{0};

void on_signal(int, siginfo_t*, void* raw) {
    auto* context = static_cast<ucontext_t*>(raw);
    attention = 1;
    u64 rip = static_cast<u64>(context->uc_mcontext.gregs[REG_RIP]);
    u64 rax = static_cast<u64>(context->uc_mcontext.gregs[REG_RAX]);
    redirect_interrupted_call(rip, rax);
    context->uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(rip);
    context->uc_mcontext.gregs[REG_RAX] = static_cast<greg_t>(rax);
}

void install(int flags) {
    struct sigaction action = {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | flags;
    ::sigaction(SIGUSR1, &action, nullptr);
    attention = 0;
}

/// A read of an empty pipe while another thread sends a signal `delay` microseconds later.
SysResult interrupted_read(unsigned delay) {
    int ends[2];
    if (::pipe(ends) != 0) return 1;
    attention = 0;
    const pthread_t reader = ::pthread_self();
    std::thread sender([&] {
        if (delay != 0) ::usleep(delay);
        ::pthread_kill(reader, SIGUSR1);
    });
    char byte;
    const SysResult result =
        interruptible_call(&attention, SYS_read, static_cast<u64>(ends[0]), reinterpret_cast<u64>(&byte), 1);
    sender.join();
    ::close(ends[0]);
    ::close(ends[1]);
    return result;
}

u64 address(const char* label) {
    return reinterpret_cast<u64>(label);
}
}  // namespace

TEST_CASE("host_call returns the kernel's answer, all six arguments included") {
    CHECK_EQ(host_call(SYS_getpid), ::getpid());
    CHECK_EQ(host_call(SYS_close, -1), -EBADF);
    const SysResult at = host_call(SYS_mmap, nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at > 0);
    CHECK_EQ(host_call(SYS_munmap, at, 4096), 0);
}

TEST_CASE("an interruptible call passes all six arguments and answers as the kernel does") {
    attention = 0;
    const SysResult at =
        interruptible_call(&attention, SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, ~u64{0}, 0);
    CHECK(at > 0);
    CHECK_EQ(interruptible_call(&attention, SYS_munmap, static_cast<u64>(at), 4096), 0);
    CHECK_EQ(interruptible_call(&attention, SYS_close, ~u64{0}), -EBADF);
}

TEST_CASE("no call is made while a signal waits") {
    int ends[2];
    REQUIRE_EQ(::pipe(ends), 0);
    attention = 1;
    CHECK_EQ(interruptible_call(&attention, SYS_close, static_cast<u64>(ends[0])), restart);
    CHECK_EQ(::close(ends[0]), 0);
    ::close(ends[1]);
}

TEST_CASE("a call that a waiting signal stops leaves the guest's registers as they were") {
    Guest guest;
    guest.cpu.result = 123;
    guest.cpu.vm().attention = isa::attention_signal;
    CHECK_EQ(guest("getpid"), restart);
    CHECK_EQ(guest.cpu.result, 123);
    CHECK_EQ(guest.cpu.advanced, 0);
    guest.cpu.vm().attention = 0;
    CHECK_EQ(guest("getpid"), ::getpid());
    CHECK_EQ(guest.cpu.result, static_cast<u64>(::getpid()));
    CHECK_EQ(guest.cpu.advanced, 1);
}

TEST_CASE("up to the system call's instruction a signal turns the call back, behind it the result stands") {
    for (u64 rip = address(lyre_call_begin); rip <= address(lyre_call_syscall); ++rip) {
        u64 moved = rip, rax = SYS_read;
        redirect_interrupted_call(moved, rax);
        CHECK_EQ(moved, address(lyre_call_interrupted));
    }
    for (u64 rip : {address(lyre_call_end), address(lyre_call_begin) - 1, address(lyre_call_interrupted), u64{0}}) {
        u64 kept = rip, rax = SYS_read;
        redirect_interrupted_call(kept, rax);
        CHECK_EQ(kept, rip);
        CHECK_EQ(rax, SYS_read);
    }
}

TEST_CASE("a sleep that the kernel was about to go on with is interrupted for good") {
    u64 rip = address(lyre_call_syscall), rax = SYS_restart_syscall;
    redirect_interrupted_call(rip, rax);
    CHECK_EQ(rip, address(lyre_call_end));
    CHECK_EQ(static_cast<i64>(rax), -EINTR);
}

TEST_CASE("a blocking call ends with EINTR, or with restart under SA_RESTART") {
    CHECK_EQ(in_child([] {
                 ::alarm(10);
                 install(0);
                 return interrupted_read(20000);
             }),
             -EINTR);
    CHECK_EQ(in_child([] {
                 ::alarm(10);
                 install(SA_RESTART);
                 return interrupted_read(20000);
             }),
             restart);
}

TEST_CASE("a sleep ends with EINTR even under SA_RESTART") {
    CHECK_EQ(in_child([] {
                 ::alarm(10);
                 install(SA_RESTART);
                 const itimerval soon{{0, 0}, {0, 10000}};
                 struct sigaction action = {};
                 action.sa_sigaction = on_signal;
                 action.sa_flags = SA_SIGINFO | SA_RESTART;
                 ::sigaction(SIGALRM, &action, nullptr);
                 ::setitimer(ITIMER_REAL, &soon, nullptr);
                 const timespec time{5, 0};
                 return interruptible_call(&attention, SYS_nanosleep, reinterpret_cast<u64>(&time), 0);
             }),
             -EINTR);
}

TEST_CASE("no signal is lost between the test and the call, however close") {
    CHECK_EQ(in_child([] {
                 ::alarm(60);
                 for (int flags : {0, SA_RESTART}) {
                     install(flags);
                     for (unsigned round = 0; round < 2000; ++round) {
                         const SysResult result = interrupted_read(round % 4);
                         if (result != restart && result != -EINTR) return result;
                     }
                 }
                 return 0L;
             }),
             0);
}
