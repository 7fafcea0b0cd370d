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

/// What a signal frame holds besides the registers.
struct FrameContents {
    siginfo_t info;
    StackRecord stack;  // the alternate stack, as sigaltstack would report it
    SignalSet mask;     // what sigreturn brings back
};

struct Guest {
    loader::Machine machine;
    const syscall::Abi* abi;

    /// What the auxiliary vector says of the machine.
    loader::MachineFacts (*machine_facts)();
    /// What is known of an instruction that the Cpu does not know, for reports: the extension that it belongs to, or
    /// "".
    const char* (*extension_of)(u32 word);
    Result<std::unique_ptr<isa::Cpu>> (*create_cpu)(memory::AddressSpace& memory, const hart::Tiering& tiering);

    /// struct sigaction to and from guest memory; false on a fault.
    bool (*read_action)(const memory::GuestMemory& memory, GuestAddress from, GuestAction& action);
    bool (*write_action)(const memory::GuestMemory& memory, GuestAddress to, const GuestAction& action);

    u64 frame_size;  // of struct rt_sigframe, a multiple of 16
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

}  // namespace lyrebird::engine
