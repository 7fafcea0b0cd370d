// One guest thread: its Cpu, its signals, and what the engine does for its system calls. It runs on one host thread,
// and the host's thread id is the guest's.
//
// The methods are grouped by subject over several files: loop.cpp (running), faults.cpp, signal_delivery.cpp,
// signal_calls.cpp, clone.cpp, fork.cpp, exec.cpp.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <memory>

#include "loader/program.hpp"
#include "runtime/engine/enter_guest.hpp"
#include "runtime/engine/process.hpp"
#include "runtime/engine/signal_state.hpp"
#include "runtime/engine/statistics.hpp"
#include "runtime/memory/guest_copy.hpp"
#include "syscall/context.hpp"

namespace lyrebird::engine {

/// A fault of the host inside guest code, as the host's handler found it.
struct HostFault {
    siginfo_t info;
    u64 host_pc = 0;
    u64 error_code = 0;  // the processor's page fault bits
};

class Thread final : public syscall::Services {
  public:
    Thread(Process& process, std::unique_ptr<isa::Cpu> cpu);
    ~Thread() override;
    Thread(const Thread&) = delete;
    Thread& operator=(const Thread&) = delete;

    /// The guest thread that the calling host thread runs; null when it runs none. Async-signal-safe.
    static Thread* current();
    static void set_current(Thread* thread);

    /// Runs guest code until this thread ends, or (ended_process) ends its whole process; the exit status.
    int run();

    /// Sets attention bits; from any thread, also from a signal handler.
    void alert(u32 bits) { vm_.attention.fetch_or(bits, std::memory_order_acq_rel); }
    bool ended_process() const { return end_ == End::process; }

    // ---- the life of a host thread ----
    /// The process's first thread, on its host thread: takes over the host's signals, and runs to its end. The object
    /// is gone afterwards. Returns the status when this thread ended the process.
    int run_first();
    /// On a new host thread, all signals held: announces itself to clone's caller (see clone.cpp) and runs to its end.
    void run_on_host_thread(void* start);
    /// A vfork child's whole life.
    [[noreturn]] void run_as_shared_child(const syscall::CloneRequest& request, SignalSet mask);
    /// After `run`: tells those who wait for the thread, or ends the process. The object is gone afterwards; the status
    /// is left.
    int finish();
    [[noreturn]] void end_process(int status);

    // ---- for the host's signal handler (async-signal-safe) ----
    /// When the host was executing guest code: arranges that it returns to the engine with `data_fault`.
    bool leave_guest_code(const siginfo_t& info, ucontext_t& context);
    /// Takes an asynchronous signal: drops it, or lets it wait for the next boundary.
    void arrive(int signal, const siginfo_t& info, ucontext_t& context);
    u64 guest_pc() const { return cpu_->pc(); }
    bool in_translated_code(u64 host_pc) const { return cpu_->is_translated(host_pc); }

    // ---- syscall::Services ----
    SysResult clone(const syscall::CloneRequest& request) override;
    SysResult exec(const syscall::ExecRequest& request) override;
    SysResult exit_thread(int status) override;
    SysResult exit_group(int status) override;
    SysResult set_tid_address(u64 address) override;
    SysResult signal_action(int signal, u64 new_action, u64 old_action) override;
    SysResult signal_mask(int how, const u64* set, u64* old) override;
    SysResult signal_stack(u64 new_stack, u64 old_stack) override;
    SysResult signal_return() override;
    SysResult signal_suspend(u64 mask) override;
    SysResult signal_pending(u64* set) override;
    SysResult with_mask(const u64* mask, SysResult (*call)(void*, const u64*), void* data) override;
    SysResult flush_code(u64 start, u64 end, u64 flags) override;
    void memory_changed() override;
    void make_code_seen();
    void begin_operation_anew();
    void root_changes() override { system().keep_own_file(); }
    std::string executable_path() const override { return system().executable; }
    std::optional<syscall::SignalSets> signal_sets() const override;
    int next_owned_descriptor(int from) const override { return system().next_owned_descriptor(from); }

    Process& process() const { return *process_; }
    System& system() const { return process_->system; }
    isa::Cpu& cpu() { return *cpu_; }

  private:
    memory::GuestMemory guest_memory() const { return {context_.memory, context_.tagged_addresses}; }

    friend class ThreadRegistry;
    enum class End { none, thread, process };

    // loop.cpp
    void handle_exit(isa::ExitReason reason);
    void handle_attention();
    void call_system();
    void call_vm();

    // faults.cpp
    void handle_data_fault();
    void handle_fetch_fault();
    void handle_illegal_instruction();
    void handle_breakpoint();
    void handle_misaligned();
    void raise_fault(Fault::Kind kind, int signal, int code, u64 address);
    void raise(const siginfo_t& info, const FaultRecord* record = nullptr);
    FaultRecord record_of(Fault::Kind kind, int signal, u64 address);

    // signal_delivery.cpp
    void deliver_arrived();
    bool enter_handler(const ArrivedSignal& arrived);
    void force_signal(const siginfo_t& info, const FaultRecord* record = nullptr);
    void force_segmentation_fault(const ArrivedSignal& failed);
    bool can_handle(int signal) const;
    [[noreturn]] void die_of(const siginfo_t& info);

    // signal_calls.cpp
    SysResult change_mask(int how, const SignalSet* wanted, SignalSet* old);
    SysResult change_fault_mask(int how, SignalSet wanted, SignalSet* old);
    void set_mask(SignalSet mask);
    void resend_deferred();
    SysResult refuse_frame();

    // clone.cpp
    SysResult check_clone(const syscall::CloneRequest& request) const;
    SysResult start_thread(const syscall::CloneRequest& request);
    std::unique_ptr<Thread> child(Process& process, const syscall::CloneRequest& request) const;
    void release_joiner();

    // fork.cpp
    SysResult fork_process(const syscall::CloneRequest& request);
    SysResult share_process(const syscall::CloneRequest& request);
    void before_fork();
    void after_fork_in_parent();
    void after_fork_in_child();
    void become_child(const syscall::CloneRequest& request);
    SysResult tell_parent(const syscall::CloneRequest& request, SysResult child, int pidfd);

    // exec.cpp
    SysResult exec_guest(const loader::Program& program, const std::vector<std::string>& environment);
    SysResult exec_host(const loader::Program& program, const std::vector<std::string>& environment);

    Process* process_;
    std::unique_ptr<isa::Cpu> cpu_;
    isa::VmState& vm_;
    RecoveryPoint recovery_;
    HostFault fault_;
    FaultRecord fault_record_;
    SignalState signals_;
    syscall::Context context_;
    Counts counts_;
    u64 clear_child_tid_ = 0;
    End end_ = End::none;
    int exit_status_ = 0;
    Thread* next_ = nullptr;
    Thread* previous_ = nullptr;
};

}  // namespace lyrebird::engine
