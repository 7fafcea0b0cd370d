// The RISC-V guest's kernel ABI as far as signals go (Linux: arch/riscv/kernel/signal.c,
// include/uapi/asm/{ucontext,sigcontext}.h).
#include <cstddef>
#include <cstring>

#include "runtime/engine/guest.hpp"
#include "syscall/abi.hpp"
#include "translator/riscv64/features.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::engine {

namespace {
using riscv64::State;

struct Action {
    u64 handler;
    u64 flags;
    SignalSet mask;
};

/// struct sigcontext: user_regs_struct with pc in the place of x0, then the floating-point state as large as its quad
/// form.
struct SignalContext {
    u64 pc;
    u64 x[31];
    u64 f[32];
    u32 fcsr;
    u32 unused[64];
    u32 reserved;         // zero: what follows is a list of extensions' states
    u32 extension_magic;  // END
    u32 extension_size;
};
struct UserContext {
    u64 flags;
    u64 link;
    StackRecord stack;
    SignalSet mask;
    u8 unused[120];
    alignas(16) SignalContext registers;
};
struct Frame {
    siginfo_t info;
    UserContext context;
};
static_assert(sizeof(SignalContext) == 784 && offsetof(SignalContext, fcsr) == 512 &&
              offsetof(SignalContext, reserved) == 772);
static_assert(sizeof(Frame) == 1088 && offsetof(Frame, context) == 128 && offsetof(UserContext, registers) == 176);

State& state_of(isa::Cpu& cpu) {
    return *static_cast<State*>(cpu.state());
}

bool read_action(const memory::GuestMemory& memory, GuestAddress from, GuestAction& action) {
    auto raw = memory.read<Action>(from);
    if (raw) action = {raw->handler, raw->flags, raw->mask, 0};
    return raw.has_value();
}

bool write_action(const memory::GuestMemory& memory, GuestAddress to, const GuestAction& action) {
    return memory.write(to, Action{action.handler, action.flags, action.mask});
}

SignalContext save_registers(const State& state) {
    SignalContext registers{};
    registers.pc = state.pc;
    std::memcpy(registers.x, &state.x[1], sizeof registers.x);
    for (std::size_t number = 0; number < 32; ++number) registers.f[number] = state.f[number].bits;
    registers.fcsr = state.frm << 5 | state.fflags;
    return registers;
}

bool enter_handler(isa::Cpu& cpu, const memory::GuestMemory& memory, GuestAddress where, const FrameContents& contents,
                   const GuestAction& action, GuestAddress signal_return) {
    State& state = state_of(cpu);
    Frame frame{};
    frame.info = contents.info;
    frame.context.stack = contents.stack;
    frame.context.mask = contents.mask;
    frame.context.registers = save_registers(state);
    if (!memory.write(where, frame)) return false;
    state.x[1] = signal_return.value;
    state.x[2] = where.value;
    state.x[10] = u64(contents.info.si_signo);
    state.x[11] = where.value + offsetof(Frame, info);
    state.x[12] = where.value + offsetof(Frame, context);
    state.pc = action.handler & ~u64{1};
    return true;
}

bool read_frame(isa::Cpu& cpu, const memory::GuestMemory& memory, FrameContents& contents, std::span<u64> registers) {
    auto frame = memory.read<Frame>(GuestAddress(state_of(cpu).x[2]));
    if (!frame) return false;
    const SignalContext& saved = frame->context.registers;
    if (saved.reserved != 0 || saved.extension_magic != 0 || saved.extension_size != 0) return false;
    contents.info = frame->info;
    contents.stack = frame->context.stack;
    contents.mask = frame->context.mask;
    static_assert(sizeof saved <= frame_registers * sizeof(u64));
    std::memcpy(registers.data(), &saved, sizeof saved);
    return true;
}

void restore_registers(isa::Cpu& cpu, std::span<const u64> registers) {
    SignalContext saved;
    std::memcpy(&saved, registers.data(), sizeof saved);
    State& state = state_of(cpu);
    state.pc = saved.pc & ~u64{1};
    std::memcpy(&state.x[1], saved.x, sizeof saved.x);
    for (std::size_t number = 0; number < 32; ++number) state.f[number].bits = saved.f[number];
    state.fflags = saved.fcsr & 31;
    state.frm = saved.fcsr >> 5 & 7;
}
}  // namespace

namespace {
std::optional<u64> processor_options(Processor processor) {
    return processor == Processor::generic ? std::optional<u64>(0) : std::nullopt;
}

loader::MachineFacts machine_facts(u64) {
    loader::MachineFacts facts;
    facts.capabilities = riscv64::hwcap();
    facts.minimum_signal_stack = sizeof(Frame);
    facts.caches.emplace();  // sizes that are not known
    return facts;
}

/// By major opcode (RISC-V unprivileged 37, "Instruction set listings") and, for memory accesses of the vector
/// extension, by width.
const char* extension_of(u32 word) {
    u32 opcode = word & 0x7f;
    u32 width = word >> 12 & 7;
    u32 format = word >> 25 & 3;
    bool vector_width = width == 0 || width >= 5;
    switch (opcode) {
        case 0x57:
            return "V (vectors)";
        case 0x77:
            return "Zvk (vector cryptography)";
        case 0x07:
        case 0x27:
            return vector_width ? "V (vectors)" : width == 4 ? "Q (quad-precision floating point)" : "";
        case 0x43:
        case 0x47:
        case 0x4b:
        case 0x4f:
        case 0x53:
            return format == 3 ? "Q (quad-precision floating point)" : "";
        case 0x73:
            return width == 0 || width == 4 ? "a privileged instruction" : "a control register that there is not";
        case 0x0b:
        case 0x2b:
        case 0x5b:
        case 0x7b:
            return "a vendor's own";
        case 0x13:
        case 0x1b:
        case 0x33:
        case 0x3b:
            return "of scalar cryptography (Zk), or not assigned";
        default:
            return "";
    }
}
}  // namespace

const Guest riscv64_guest{
    .machine = loader::Machine::riscv64,
    .abi = &syscall::riscv64_abi,
    .processor_options = &processor_options,
    .machine_facts = &machine_facts,
    .extension_of = &extension_of,
    .create_cpu = &hart::create_riscv64,
    .code_alignment = 2,
    .fence_line = 0,
    .faults_name_data = false,
    .action_flags = 0,
    .read_action = &read_action,
    .write_action = &write_action,
    .frame_size = sizeof(Frame),
    .enter_handler = &enter_handler,
    .read_frame = &read_frame,
    .restore_registers = &restore_registers,
};

}  // namespace lyrebird::engine
