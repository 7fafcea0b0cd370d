// The AArch64 guest's kernel ABI as far as signals go (Linux: arch/arm64/kernel/signal.c,
// include/uapi/asm/{ucontext,sigcontext}.h).
#include <cstddef>
#include <cstring>

#include "runtime/base/bits.hpp"
#include "runtime/engine/aarch64_faults.hpp"
#include "runtime/engine/guest.hpp"
#include "syscall/abi.hpp"
#include "translator/aarch64/features.hpp"
#include "translator/aarch64/state.hpp"
#include "translator/aarch64/system.hpp"

namespace lyrebird::engine {

namespace {
using aarch64::State;

constexpr u64 restorer_flag = 0x0400'0000;  // SA_RESTORER

struct Action {
    u64 handler;
    u64 flags;
    u64 restorer;
    SignalSet mask;
};

/// What each of the records in `SignalContext::records` begins with.
struct RecordHead {
    u32 magic;
    u32 size;  // in bytes, with this head
};
constexpr u32 float_magic = 0x4650'8001, syndrome_magic = 0x4553'5201, extra_magic = 0x4558'5401;

/// struct fpsimd_context.
struct FloatRecord {
    RecordHead head{float_magic, sizeof(FloatRecord)};
    u32 fpsr;
    u32 fpcr;
    isa::VectorRegister v[32];
};
/// struct esr_context.
struct SyndromeRecord {
    RecordHead head{syndrome_magic, sizeof(SyndromeRecord)};
    u64 syndrome;
};
/// struct extra_context: further records lie at `address`.
struct ExtraRecord {
    RecordHead head;
    u64 address;
    u32 size;
    u32 reserved[3];
};
constexpr u64 record_alignment = 16;
constexpr u64 terminator_size = 16;  // a RecordHead of zeroes, and what aligns it

/// struct sigcontext: user_pt_regs with the fault's address before it.
struct SignalContext {
    u64 fault_address;
    u64 x[31];
    u64 sp;
    u64 pc;
    u64 pstate;
    alignas(16) u8 records[4096];
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
/// struct frame_record, above the frame: with it the handler's caller is the interrupted function for who walks frames.
struct FrameRecord {
    u64 x29;
    u64 x30;
};
static_assert(sizeof(FloatRecord) == 528 && sizeof(SyndromeRecord) == 16 && sizeof(ExtraRecord) == 32);
static_assert(sizeof(SignalContext) == 4384 && offsetof(SignalContext, records) == 288);
static_assert(sizeof(Frame) == 4688 && offsetof(Frame, context) == 128 && offsetof(UserContext, registers) == 176);
constexpr u64 records_offset =
    offsetof(Frame, context) + offsetof(UserContext, registers) + offsetof(SignalContext, records);

State& state_of(isa::Cpu& cpu) {
    return *static_cast<State*>(cpu.state());
}

bool read_action(const memory::GuestMemory& memory, GuestAddress from, GuestAction& action) {
    auto raw = memory.read<Action>(from);
    if (raw) action = {raw->handler, raw->flags, raw->mask, raw->restorer};
    return raw.has_value();
}

bool write_action(const memory::GuestMemory& memory, GuestAddress to, const GuestAction& action) {
    return memory.write(to, Action{action.handler, action.flags, action.restorer, action.mask});
}

// ---- entering a handler ----

/// What is written of a frame: its records in use, and their end.
struct WrittenFrame {
    Frame frame;
    u64 size = records_offset;

    template <class Record> void add(const Record& record) {
        static_assert(sizeof(Record) % record_alignment == 0);
        std::memcpy(reinterpret_cast<u8*>(&frame) + size, &record, sizeof record);
        size += sizeof record;
    }
};

void save_registers(const State& state, const FaultRecord& fault, SignalContext& registers) {
    registers.fault_address = fault.address;
    std::memcpy(registers.x, state.x, sizeof registers.x);
    registers.sp = state.x[31];
    registers.pc = state.pc;
    registers.pstate = nzcv_of(state.flags);
}

FloatRecord save_vectors(const State& state) {
    FloatRecord record;
    record.fpsr = aarch64::fpsr_of(state.fpsr);
    record.fpcr = state.fpcr;
    std::memcpy(record.v, state.v, sizeof record.v);
    return record;
}

bool enter_handler(isa::Cpu& cpu, const memory::GuestMemory& memory, GuestAddress where, const FrameContents& contents,
                   const GuestAction& action, GuestAddress signal_return) {
    State& state = state_of(cpu);
    WrittenFrame written;
    Frame& frame = written.frame;
    std::memset(static_cast<void*>(&frame), 0, records_offset);
    frame.info = contents.info;
    frame.context.stack = contents.stack;
    frame.context.mask = contents.mask;
    save_registers(state, contents.fault, frame.context.registers);
    written.add(save_vectors(state));
    if (contents.fault.syndrome != 0) written.add(SyndromeRecord{.syndrome = contents.fault.syndrome});
    written.add(std::array<u64, terminator_size / sizeof(u64)>{});
    GuestAddress caller = where + sizeof(Frame);
    if (!memory.write(caller, FrameRecord{state.x[29], state.x[30]})) return false;
    if (!memory.write(where, &frame, written.size)) return false;
    state.x[0] = u64(contents.info.si_signo);
    if ((action.flags & SA_SIGINFO) != 0) {
        state.x[1] = where.value + offsetof(Frame, info);
        state.x[2] = where.value + offsetof(Frame, context);
    }
    state.x[29] = caller.value;
    state.x[30] = (action.flags & restorer_flag) != 0 ? action.restorer : signal_return.value;
    state.x[31] = where.value;
    state.pc = action.handler;
    return true;
}

// ---- sigreturn ----

/// What read_frame hands to restore_registers.
struct SavedRegisters {
    u64 x[31];
    u64 sp;
    u64 pc;
    u64 pstate;
    FloatRecord vectors;
};
static_assert(sizeof(SavedRegisters) <= frame_registers * sizeof(u64));

/// Walks the records of a frame as Linux's parse_user_sigframe does.
class RecordReader {
  public:
    RecordReader(const memory::GuestMemory& memory, GuestAddress frame)
        : memory_(memory), frame_(frame), base_(frame + records_offset) {}

    /// The vectors' record; false when a record is wrong, unknown or there twice, or that one is missing.
    bool find_vectors(FloatRecord& vectors) {
        for (;;) {
            std::optional<RecordHead> head;
            if (limit_ - offset_ >= sizeof *head && offset_ % record_alignment == 0) {
                head = memory_.read<RecordHead>(base_ + offset_);
            }
            if (!head || limit_ - offset_ < head->size) return false;
            if (head->magic == 0) return head->size == 0 && read(vectors);
            if (head->magic == extra_magic) {
                if (!go_on_elsewhere(head->size)) return false;
                continue;
            }
            if (!note(*head) || head->size < sizeof *head) return false;
            offset_ += head->size;
        }
    }

  private:
    bool note(const RecordHead& head) {
        if (head.magic == syndrome_magic) return true;
        if (head.magic != float_magic || vectors_) return false;
        vectors_ = base_ + offset_;
        return true;
    }

    bool read(FloatRecord& vectors) const {
        if (!vectors_) return false;
        auto found = memory_.read<FloatRecord>(*vectors_);
        if (!found || found->head.size != sizeof vectors) return false;
        vectors = *found;
        return true;
    }

    /// The extra record of `size` bytes: a terminator follows it, and the further records that.
    bool go_on_elsewhere(u32 size) {
        constexpr u64 greatest_frame = 256 << 10;
        auto extra = memory_.read<ExtraRecord>(base_ + offset_);
        if (elsewhere_ || !extra || size < sizeof *extra || limit_ - offset_ - size < terminator_size) return false;
        GuestAddress end = base_ + offset_ + size;
        auto terminator = memory_.read<RecordHead>(end);
        GuestAddress next = end + terminator_size;
        if (!terminator || terminator->magic != 0 || terminator->size != 0 || next.value != extra->address) return false;
        if (next.value % record_alignment != 0 || extra->size % record_alignment != 0) return false;
        if (extra->size > frame_ + greatest_frame - next) return false;
        elsewhere_ = true;
        base_ = next;
        offset_ = 0;
        limit_ = extra->size;
        return true;
    }

    const memory::GuestMemory& memory_;
    GuestAddress frame_;
    GuestAddress base_;
    u64 offset_ = 0;
    u64 limit_ = sizeof(SignalContext::records);
    bool elsewhere_ = false;
    std::optional<GuestAddress> vectors_;
};

/// Linux's valid_native_regs: AArch64 state at EL0, no exception masked.
bool is_user_state(u64 pstate) {
    constexpr u64 mode_and_masks = 0x3df;
    return (pstate & mode_and_masks) == 0;
}

bool read_frame(isa::Cpu& cpu, const memory::GuestMemory& memory, FrameContents& contents, std::span<u64> registers) {
    GuestAddress where(state_of(cpu).x[31]);
    if (where.value % 16 != 0) return false;
    auto frame = memory.read<Frame>(where);
    if (!frame) return false;
    const SignalContext& context = frame->context.registers;
    SavedRegisters saved;
    if (!is_user_state(context.pstate) || !RecordReader(memory, where).find_vectors(saved.vectors)) return false;
    std::memcpy(saved.x, context.x, sizeof saved.x);
    saved.sp = context.sp;
    saved.pc = context.pc;
    saved.pstate = context.pstate;
    contents.info = frame->info;
    contents.stack = frame->context.stack;
    contents.mask = frame->context.mask;
    std::memcpy(registers.data(), &saved, sizeof saved);
    return true;
}

void restore_registers(isa::Cpu& cpu, std::span<const u64> registers) {
    SavedRegisters saved;
    std::memcpy(static_cast<void*>(&saved), registers.data(), sizeof saved);
    State& state = state_of(cpu);
    std::memcpy(state.x, saved.x, sizeof saved.x);
    state.x[31] = saved.sp;
    state.pc = saved.pc;
    state.flags = isa::flags_of(u32(saved.pstate));
    state.fpsr = aarch64::stored_fpsr(saved.vectors.fpsr);
    state.fpcr = saved.vectors.fpcr & u32(aarch64::fpcr_mask);
    std::memcpy(state.v, saved.vectors.v, sizeof state.v);
}

std::optional<u64> processor_options(Processor processor) {
    return processor == Processor::max ? aarch64::option_pointer_authentication : 0;
}

loader::MachineFacts machine_facts(u64 options) {
    loader::MachineFacts facts;
    facts.capabilities = aarch64::hwcap(options);
    facts.capabilities2 = aarch64::hwcap2(options);
    facts.platform = "aarch64";
    // Linux: the frame with its records, the frame record, and what aligns the stack pointer.
    facts.minimum_signal_stack = sizeof(Frame) + sizeof(FrameRecord) + 16;
    return facts;
}

/// By the encoding index (C4.1) and what Linux knows of the extensions in it.
const char* extension_of(u32 word) {
    constexpr struct {
        u32 mask, bits;
        const char* extension;
    } extensions[]{
        {0x1e000000, 0x04000000, "SVE (scalable vectors)"},
        {0x9e000000, 0x80000000, "SME (matrices)"},
        {0xffff0000, 0xdac10000, "PAuth (pointer authentication, which --cpu=max has)"},
        {0xfe000800, 0xd6000800, "PAuth (pointer authentication, which --cpu=max has)"},
        {0xff200400, 0xf8200400, "PAuth (pointer authentication, which --cpu=max has)"},
        {0xffe0fc00, 0x9ac03000, "PAuth (pointer authentication, which --cpu=max has)"},
        {0xff200000, 0xd9200000, "MTE (memory tagging)"},
        {0xffe0f800, 0x9ac01000, "MTE (memory tagging)"},
        {0xbfc0c000, 0x91800000, "MTE (memory tagging)"},
        {0xffe00c00, 0x1dc00400, "MTE (memory tagging)"},
        {0xffd00000, 0xd5100000, "a system register that there is not"},
        {0xffd80000, 0xd5080000, "a privileged instruction"},
        {0xff000000, 0xd4000000, "a privileged instruction"},
    };
    for (const auto& row : extensions) {
        if ((word & row.mask) == row.bits) return row.extension;
    }
    return "";
}

/// What Linux does of a memory copy and set exception (arch/arm64/include/asm/traps.h, arm64_mops_reset_regs): the registers in the
/// form that a prologue takes, and pc at the prologue.
void begin_memory_operation_anew(isa::Cpu& cpu, u32 word) {
    State& state = state_of(cpu);
    constexpr u32 negative = 1U << 31, carry = 1U << 29;
    const u32 flags = nzcv_of(state.flags);
    const bool is_set = bits(word, 22, 2) == 3, upwards_a = (flags & carry) == 0, downwards_b = (flags & negative) != 0;
    u64& to = state.x[bits(word, 0, 5)];
    u64& from = state.x[bits(word, 16, 5)];
    u64& size = state.x[bits(word, 5, 5)];
    if (upwards_a && (is_set || i64(size) < 0)) {
        to += size;
        if (!is_set) from += size;
        size = 0 - size;
    } else if (!upwards_a && !is_set && downwards_b) {
        to -= size;
        from -= size;
    }
    const bool epilogue = is_set ? bits(word, 14, 2) == 2 : bits(word, 22, 2) == 2;
    state.pc -= epilogue ? 8 : 4;
}
}  // namespace

const Guest aarch64_guest{
    .machine = loader::Machine::aarch64,
    .abi = &syscall::aarch64_abi,
    .processor_options = &processor_options,
    .machine_facts = &machine_facts,
    .extension_of = &extension_of,
    .create_cpu = &hart::create_aarch64,
    .code_alignment = 4,
    .fence_line = 4 << (aarch64::ctr_value & 15),  // CTR_EL0.IminLine
    .faults_name_data = true,
    .describe_fault = &describe_aarch64_fault,
    .begin_operation_anew = &begin_memory_operation_anew,
    .action_flags = restorer_flag,
    .read_action = &read_action,
    .write_action = &write_action,
    .frame_size = sizeof(Frame) + sizeof(FrameRecord),
    .enter_handler = &enter_handler,
    .read_frame = &read_frame,
    .restore_registers = &restore_registers,
};

}  // namespace lyrebird::engine
