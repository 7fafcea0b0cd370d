#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
/// Read by the host's signal handler, so it must cost no call: the VM is one static executable.
thread_local Thread* current_thread = nullptr;
}  // namespace

Thread* Thread::current() {
    return current_thread;
}

void Thread::set_current(Thread* thread) {
    current_thread = thread;
}

Thread::Thread(Process& process, std::unique_ptr<isa::Cpu> cpu)
    : process_(&process),
      cpu_(std::move(cpu)),
      vm_(cpu_->vm()),
      context_{*process.system.memory,     process.system.sysroot, *this, *cpu_,
               *process.system.guest->abi, process.state()} {}

Thread::~Thread() = default;

}  // namespace lyrebird::engine
