// A host signal that arrives in translated code: the time from its handler until Cpu::run has returned, with all
// registers of the guest in their places. What the guest's own handler costs on top is measured by
// tests/bench/programs/signals.
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "runtime/base/check.hpp"
#include "support.hpp"

namespace lyrebird::bench {
namespace {

using Clock = std::chrono::steady_clock;

// What the handler knows. The benchmark's thread is the only one that the signal is sent to.
std::atomic<isa::VmState*> running = nullptr;
std::atomic<Clock::rep> arrived = 0;

void handle(int) {
    isa::VmState* vm = running.load();
    if (vm == nullptr) return;
    arrived = Clock::now().time_since_epoch().count();
    vm->attention.fetch_or(isa::attention_signal);
}

/// The stack pointer of translated code is no place for a handler's frame.
class HandlerStack {
  public:
    HandlerStack() : memory_(64 << 10) {
        stack_t stack{};
        stack.ss_sp = memory_.data();
        stack.ss_size = memory_.size();
        ENSURE(sigaltstack(&stack, nullptr) == 0, "a stack for the signal handler");
        struct sigaction action {};
        action.sa_handler = handle;
        action.sa_flags = SA_ONSTACK | SA_RESTART;
        sigaction(SIGUSR1, &action, nullptr);
    }
    ~HandlerStack() {
        stack_t stack{};
        stack.ss_flags = SS_DISABLE;
        sigaltstack(&stack, nullptr);
    }

  private:
    std::vector<u8> memory_;
};

/// A loop of `length` instructions, which is how long it may take until attention is looked at.
void signal_in_loop(benchmark::State& state) {
    u64 length = u64(state.range(0));
    HandlerStack handlers;
    Machine machine(hart::Tiering::Mode::tier_1);
    for (u64 number = 0; number + 1 < length; ++number) write(code_address + number * 4, "addi x10, x10, 1");
    write(code_address + (length - 1) * 4, "jal x0, " + std::to_string(code_address));
    machine.cpu->set_pc(code_address);

    pthread_t self = pthread_self();
    std::atomic<bool> wanted = false, end = false;
    std::thread sender([&] {
        while (!end) {
            if (!wanted.exchange(false)) {
                std::this_thread::yield();
                continue;
            }
            std::this_thread::sleep_for(std::chrono::microseconds(20));  // the guest is in its loop by then
            pthread_kill(self, SIGUSR1);
        }
    });
    for (auto _ : state) {
        machine.cpu->vm().attention = 0;
        running = &machine.cpu->vm();
        wanted = true;
        ENSURE(machine.cpu->run() == isa::ExitReason::attention, "the signal ends the loop");
        Clock::duration since = Clock::now().time_since_epoch() - Clock::duration(arrived.load());
        running = nullptr;
        state.SetIterationTime(std::chrono::duration<double>(since).count());
    }
    end = true;
    sender.join();
}
BENCHMARK(signal_in_loop)->Arg(2)->Arg(60)->UseManualTime();

}  // namespace
}  // namespace lyrebird::bench
