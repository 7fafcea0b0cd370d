// One guest hardware thread as the engine sees it: registers that the OS layer needs by role, and `run`. Each tier set of a
// guest implements it (translator/interpreter/riscv64.cpp …); the engine knows no guest by name.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "runtime/base/ints.hpp"
#include "translator/isa/code_observer.hpp"
#include "translator/isa/contract.hpp"

namespace lyrebird::isa {

class Cpu {
  public:
    virtual ~Cpu() = default;

    /// Runs guest code from pc until something must be handled. Called with the host's signals open. When a host fault comes
    /// while vm().in_code is set, the engine's fault handler may discard the host frames of `run` and continue as if it had
    /// returned ExitReason::data_fault: State is exact, and it calls `abandoned` before anything else.
    virtual ExitReason run() = 0;

    /// Tidies up after `run` was left by the fault handler.
    virtual void abandoned() = 0;

    /// Asked by the fault handler first, with the host registers of a fault (or of any other place): when that is translated
    /// code, `run` goes on from the new values and returns ExitReason::data_fault, State being exact; or nothing has happened
    /// to the guest and code goes on. False when it is not translated code. Async-signal-safe.
    virtual bool recover(u64 fault_address, u64& host_pc, u64& host_stack, bool& is_fault) = 0;

    /// True when this host pc lies in code that a tier has made. Async-signal-safe.
    virtual bool is_translated(u64 host_pc) const = 0;

    /// The State, which begins with the VmState. The guest's ABI code casts it to the guest's own type.
    virtual void* state() = 0;
    VmState& vm() { return *static_cast<VmState*>(state()); }

    virtual u64 pc() const = 0;
    virtual void set_pc(u64 pc) = 0;
    virtual u64 stack_pointer() const = 0;
    virtual void set_stack_pointer(u64 value) = 0;
    virtual void set_thread_pointer(u64 value) = 0;

    struct SystemCall {
        u64 number;
        std::array<u64, 6> arguments;
    };
    virtual SystemCall system_call() const = 0;
    /// The result register. A system call's result is set here, then pc moves on by `advance`.
    virtual void set_result(u64 value) = 0;
    /// Arguments 0 … 2 of a VM call are the first three of system_call().
    /// Moves pc past the instruction that stands there (of 2 or 4 bytes).
    virtual void advance() = 0;

    /// A copy of all guest registers for a new thread or process, with a VmState of its own.
    virtual std::unique_ptr<Cpu> clone() const = 0;

    /// After ExitReason::instruction_fence, or when attention_code is seen: forget what this thread has cached.
    virtual void drop_cached_code() = 0;
    /// After fence.i or riscv_flush_icache: translations everywhere are compared with memory before they run again. All
    /// threads are to be given attention_code by the caller for its effect in bounded time.
    virtual void invalidate_code() = 0;
    /// After writes to [start, end), within a page, that the guest announces: translations there are compared with memory before they
    /// run again. True when all threads are to be given attention_code for that.
    virtual bool code_written(u64 start, u64 end) = 0;
    /// After a change of the map in [start, end): translations there are compared with memory and rights before they run again.
    virtual void invalidate_code(u64 start, u64 end) = 0;

    /// Called by the fault handler when the host's address is unknown (a non-canonical guest address raises a general
    /// protection fault): the address of the memory access of the instruction at pc, computed from the registers.
    virtual u64 data_address() = 0;

    /// The instruction at `pc` as text: word and disassembly, for reports ("00000000 (no such instruction)").
    virtual std::string disassemble(u64 pc) = 0;

    /// Fork: `before_fork` takes the locks of the code structures that threads share; one of the other two releases them.
    /// Order: before_fork of the Cpu first, then the AddressSpace's (code is looked up under both locks in that order).
    virtual void before_fork() = 0;
    virtual void after_fork_in_parent() = 0;
    virtual void after_fork_in_child() = 0;

    /// For --stats: what the tiers and their code structures have done in this process.
    struct Statistics {
        // tier 0
        u64 blocks_decoded = 0;  // kept ones
        u64 instructions_decoded = 0;
        u64 bytes_decoded = 0;
        u64 lookups = 0;
        u64 blocks_changed = 0;  // found different from memory and decoded again
        u64 interpreted = 0;     // blocks run without being kept, and instructions that tier 1 left to tier 0
        // tier 1
        u64 blocks_translated = 0;
        u64 instructions_translated = 0;
        u64 bytes_translated = 0;
        u64 host_bytes = 0;
        u64 translation_nanoseconds = 0;
        u64 code_lookups = 0;
        u64 links = 0;
        u64 blocks_taken_back = 0;
        u64 blocks_revived = 0;
        u64 evictions = 0;
        std::string host_features;
    };
    virtual Statistics statistics() = 0;

    /// For --dump: from now on, each block's instructions, and their meanings if `listings`, are written to `descriptor` when
    /// it is first met. Negative: no more.
    virtual void dump_code(int descriptor, bool listings) = 0;
    /// Told of every translation from now on; null: nobody.
    virtual void observe(CodeObserver* observer) = 0;
};

}  // namespace lyrebird::isa
