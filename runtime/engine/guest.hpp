// What the engine must know of a guest besides its Cpu: the layouts of its kernel's signal structures and a few
// constants.
//
// Why a record of functions: the engine is compiled once and knows no guest by name; a new guest is one more record
// (and its Cpu). What must stay true: nothing here keeps state.
#pragma once

#include <signal.h>

#include <memory>
#include <optional>
#include <span>

#include "loader/image.hpp"
#include "loader/initial_stack.hpp"
#include "lyrebird/options.hpp"
#include "runtime/engine/alternate_stack.hpp"
#include "runtime/engine/host.hpp"
#include "runtime/memory/guest_copy.hpp"
#include "syscall/context.hpp"
#include "translator/hart/hart.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::engine {

/// A guest's struct sigaction, whatever its layout. `restorer` is 0 where the guest has none.
struct GuestAction {
    u64 handler = 0;  // an address, or 0 (SIG_DFL), 1 (SIG_IGN)
    u64 flags = 0;    // SA_*
    SignalSet mask = 0;
    u64 restorer = 0;

    bool is_default() const { return handler == 0; }
    bool is_ignored() const { return handler == 1; }
};

/// A fault of guest code, as its kernel would see it.
struct Fault {
    enum class Kind : u8 { access, misaligned_access, fetch, misaligned_fetch, instruction, signal_frame };

    Kind kind;
    int signal;
    u64 address;            // without a tag
    u32 word = 0;           // the instruction at pc
    bool mapped = false;    // at the address
    bool readable = false;  // there
    bool wrote = false;     // the host's access was a write
};

/// What a kernel keeps of a thread's last fault and shows in all signal frames from then on.
struct FaultRecord {
    u64 address = 0;
    u64 syndrome = 0;  // 0: there has been none
};

/// What a signal frame holds besides the registers.
struct FrameContents {
    siginfo_t info;
    StackRecord stack;  // the alternate stack, as sigaltstack would report it
    SignalSet mask;     // what sigreturn brings back
    FaultRecord fault;
};

struct Guest {
    loader::Machine machine;
    const syscall::Abi* abi;

    /// The options of the processor that the user asks for, for hart::Tiering; nothing: the guest has no such one.
    std::optional<u64> (*processor_options)(Processor processor);
    /// What the auxiliary vector says of the machine with these options.
    loader::MachineFacts (*machine_facts)(u64 options);
    /// What is known of an instruction that the Cpu does not know, for reports: the extension that it belongs to, or
    /// "".
    const char* (*extension_of)(u32 word);
    Result<std::unique_ptr<isa::Cpu>> (*create_cpu)(memory::AddressSpace& memory, const hart::Tiering& tiering);

    u64 code_alignment;      // instructions are fetched from its multiples only
    u64 fence_line;          // how many aligned bytes the instruction speaks of that makes new code seen, by all threads; 0: of all
                             // code, for its own thread
    bool faults_name_data;   // SIGBUS of a misaligned access names the data, not the instruction, and a signal frame that
                             // sigreturn refuses gives a SIGSEGV that names it
    /// What the kernel notes of a fault; null: nothing.
    FaultRecord (*describe_fault)(const Fault& fault) = nullptr;

    /// ExitReason::foreign_step, at `word`: the kernel puts the registers back as they were, and pc, so that the operation begins
    /// anew. Null: the guest has no such operations.
    void (*begin_operation_anew)(isa::Cpu& cpu, u32 word) = nullptr;

    u64 action_flags;  // SA_* of this guest besides those that all have
    /// struct sigaction to and from guest memory; false on a fault.
    bool (*read_action)(const memory::GuestMemory& memory, GuestAddress from, GuestAction& action);
    bool (*write_action)(const memory::GuestMemory& memory, GuestAddress to, const GuestAction& action);

    u64 frame_size;  // of struct rt_sigframe and what belongs to it, a multiple of 16
    /// Writes a signal frame with all registers of `cpu` at `frame`, which is 16-byte aligned, and makes `cpu` continue
    /// in the handler. False on a fault: `cpu` is unchanged then.
    bool (*enter_handler)(isa::Cpu& cpu, const memory::GuestMemory& memory, GuestAddress frame,
                          const FrameContents& contents, const GuestAction& action, GuestAddress signal_return);
    /// Reads the frame that the stack pointer points to. Nothing is changed but by the result's `restore`.
    bool (*read_frame)(isa::Cpu& cpu, const memory::GuestMemory& memory, FrameContents& contents,
                       std::span<u64> registers);
    /// Takes over the registers that read_frame has read.
    void (*restore_registers)(isa::Cpu& cpu, std::span<const u64> registers);
};

/// The words that read_frame and restore_registers pass between them, at most.
inline constexpr std::size_t frame_registers = 128;

extern const Guest riscv64_guest;
extern const Guest aarch64_guest;

/// The guest for programs of this machine; null: there is none.
const Guest* guest_for(loader::Machine machine);

}  // namespace lyrebird::engine
