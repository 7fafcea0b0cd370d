// A guest's address space with some writable pages, for tests that need a place in guest memory.
#pragma once

#include <sys/mman.h>

#include <memory>

#include "runtime/engine/host_signals.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::engine::test {

/// Meanwhile the host's faults are the VM's handler's, which makes copies that fault fail.
class FaultsHandled {
  public:
    FaultsHandled() {
        struct sigaction action {};
        action.sa_sigaction = &host_signal_handler;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        for (int i = 0; i < 2; ++i) ::sigaction(signals[i], &action, &saved_[i]);
    }
    ~FaultsHandled() {
        for (int i = 0; i < 2; ++i) ::sigaction(signals[i], &saved_[i], nullptr);
    }
    FaultsHandled(const FaultsHandled&) = delete;
    FaultsHandled& operator=(const FaultsHandled&) = delete;

  private:
    static constexpr int signals[] = {SIGSEGV, SIGBUS};
    struct sigaction saved_[2];
};

class Pages {
  public:
    explicit Pages(u64 size) : space_(*memory::AddressSpace::create({})) {
        address_ = u64(space_->map(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    }
    u64 address() const { return address_; }
    memory::AddressSpace& space() { return *space_; }
    memory::GuestMemory memory() const { return memory::GuestMemory(*space_); }

  private:
    FaultsHandled faults_;
    std::unique_ptr<memory::AddressSpace> space_;
    u64 address_;
};

}  // namespace lyrebird::engine::test
