// Faults of guest code, judged as Linux judges them: by the guest's own map, not by the host's page tables.
#include <sys/mman.h>

#include "runtime/engine/report.hpp"
#include "runtime/engine/thread.hpp"

namespace lyrebird::engine {

namespace {
/// The widest single access of a guest instruction (a cache block that is zeroed), in bytes.
constexpr u64 widest_access = 64;
}  // namespace

bool Thread::leave_guest_code(const siginfo_t& info, ucontext_t& context) {
    greg_t* registers = context.uc_mcontext.gregs;
    u64 host_pc = u64(registers[REG_RIP]);
    bool is_fault = true;
    if (recovery_.active != 0 && cpu_->recover(as_argument(info.si_addr), reinterpret_cast<u64&>(registers[REG_RIP]),
                                               reinterpret_cast<u64&>(registers[REG_RSP]), is_fault)) {
        if (is_fault) fault_ = {info, host_pc, u64(registers[REG_ERR])};
        return true;
    }
    if (recovery_.active == 0 || !vm_.in_code.load(std::memory_order_relaxed)) return false;
    fault_ = {info, host_pc, u64(registers[REG_ERR])};
    vm_.exit = isa::ExitReason::data_fault;
    registers[REG_RIP] = reinterpret_cast<greg_t>(lyre_guest_recovery);
    registers[REG_RSP] = greg_t(recovery_.stack);
    registers[REG_RAX] = greg_t(isa::ExitReason::data_fault);
    registers[REG_EFL] &= ~greg_t(0x400);  // the ABI's direction flag
    return true;
}

void Thread::handle_data_fault() {
    using enum Fault::Kind;
    int signal = fault_.info.si_signo;
    int code = fault_.info.si_code;
    u64 address = as_argument(fault_.info.si_addr);
    if (signal == SIGSEGV && code == SI_KERNEL) {
        // The host does not tell non-canonical addresses.
        return raise_fault(access, SIGSEGV, SEGV_MAPERR, cpu_->data_address());
    }
    if (address >= system().memory->top().value) {
        u64 meant = cpu_->data_address();
        if (address - meant >= widest_access) report_vm_fault(fault_.info, fault_.host_pc, this);
        return raise_fault(access, SIGSEGV, SEGV_MAPERR, address);
    }
    if (signal == SIGSEGV && !system().memory->find(GuestAddress(address))) code = SEGV_MAPERR;
    raise_fault(access, signal, code, address);
}

void Thread::handle_fetch_fault() {
    using enum Fault::Kind;
    u64 address = vm_.fault_address;
    u64 unit = system().guest->code_alignment;
    if (address % unit != 0) return raise_fault(misaligned_fetch, SIGBUS, BUS_ADRALN, address);
    if (!system().memory->find(GuestAddress(address))) return raise_fault(fetch, SIGSEGV, SEGV_MAPERR, address);
    bool executable = system().memory->executable(GuestAddress(address), unit);
    if (!executable) return raise_fault(fetch, SIGSEGV, SEGV_ACCERR, address);
    raise_fault(fetch, SIGBUS, BUS_ADRERR, address);  // executable, but its file ends before it
}

void Thread::handle_illegal_instruction() {
    raise_fault(Fault::Kind::instruction, SIGILL, ILL_ILLOPC, cpu_->pc());
}

void Thread::handle_breakpoint() {
    siginfo_t info{};
    info.si_signo = SIGTRAP;
    info.si_code = TRAP_BRKPT;
    info.si_addr = GuestAddress(cpu_->pc()).host();
    raise(info);
}

void Thread::handle_misaligned() {
    // The address that the instruction computed: of these alone a tag is known.
    u64 data = context_.abi.address_tags ? untagged(vm_.fault_address) : vm_.fault_address;
    u64 place = system().guest->faults_name_data ? data : cpu_->pc();
    raise_fault(Fault::Kind::misaligned_access, SIGBUS, BUS_ADRALN, place);
}

void Thread::raise_fault(Fault::Kind kind, int signal, int code, u64 address) {
    siginfo_t info{};
    info.si_signo = signal;
    info.si_code = code;
    info.si_addr = GuestAddress(address).host();
    FaultRecord record = record_of(kind, signal, address);
    raise(info, &record);
}

void Thread::raise(const siginfo_t& info, const FaultRecord* record) {
    ++counts_.faults;
    force_signal(info, record);
}

FaultRecord Thread::record_of(Fault::Kind kind, int signal, u64 address) {
    const Guest& guest = *system().guest;
    if (guest.describe_fault == nullptr) return {};
    Fault fault{.kind = kind, .signal = signal, .address = address};
    auto region = system().memory->find(GuestAddress(fault.address));
    fault.mapped = region.has_value();
    fault.readable = fault.mapped && (region->protection & PROT_READ) != 0;
    if (kind == Fault::Kind::access || kind == Fault::Kind::misaligned_access) {
        fault.word = guest_memory().read<u32>(GuestAddress(cpu_->pc())).value_or(0);
        constexpr u64 host_write = 2;  // in x86-64's error code of page faults
        fault.wrote = (fault_.error_code & host_write) != 0;
    }
    return guest.describe_fault(fault);
}

}  // namespace lyrebird::engine
