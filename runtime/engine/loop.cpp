// The engine's loop: guest code runs until something must be handled, that is handled, and guest code runs on.
//
// What must stay true: a signal that has arrived is delivered before anything else that stopped the guest is looked at.
// What stopped it has not happened yet (pc stands at it), so it simply happens again when the handler returns. That is
// the order in which Linux would have seen them.
#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/engine/report.hpp"
#include "runtime/engine/thread.hpp"
#include "runtime/engine/vm_calls.hpp"
#include "syscall/dispatch.hpp"

namespace lyrebird::engine {

namespace {
u32 run_cpu(isa::Cpu* cpu) {
    return u32(cpu->run());
}
}  // namespace

int Thread::run() {
    while (end_ == End::none) {
        if (vm_.attention.load(std::memory_order_acquire) != 0) handle_attention();
        auto reason = isa::ExitReason(lyre_enter_guest(cpu_.get(), &recovery_, &run_cpu));
        ++counts_.boundaries;
        if (reason == isa::ExitReason::data_fault) cpu_->abandoned();
        if ((vm_.attention.load(std::memory_order_acquire) & isa::attention_signal) == 0) handle_exit(reason);
    }
    return exit_status_;
}

void Thread::handle_attention() {
    u32 bits = vm_.attention.fetch_and(~u32(isa::attention_signal | isa::attention_stop), std::memory_order_acq_rel);
    if ((bits & isa::attention_signal) != 0) deliver_arrived();
    if ((bits & isa::attention_code) != 0) {
        vm_.attention.fetch_and(~u32(isa::attention_code), std::memory_order_acq_rel);
        cpu_->drop_cached_code();
    }
}

void Thread::handle_exit(isa::ExitReason reason) {
    using enum isa::ExitReason;
    switch (reason) {
        case system_call:
            return call_system();
        case vm_call:
            return call_vm();
        case data_fault:
            return handle_data_fault();
        case fetch_fault:
            return handle_fetch_fault();
        case illegal_instruction:
            return handle_illegal_instruction();
        case breakpoint:
            return handle_breakpoint();
        case misaligned:
            return handle_misaligned();
        case instruction_fence:
            make_code_seen();
            return cpu_->advance();
        case foreign_step:
            return begin_operation_anew();
        case attention:
        case none:
            return;
    }
    UNREACHABLE("an exit reason that no case handles");
}

void Thread::begin_operation_anew() {
    u32 word = guest_memory().read<u32>(GuestAddress(cpu_->pc())).value_or(0);
    system().guest->begin_operation_anew(*cpu_, word);
}

void Thread::call_system() {
    ++counts_.system_calls;
    syscall::dispatch(context_);
}

void Thread::call_vm() {
    u64 pc = cpu_->pc();
    if (pc < system().vdso_start.value || pc >= system().vdso_end.value) return handle_illegal_instruction();
    ++counts_.vm_calls;
    cpu_->set_result(u64(vm_call(vm_.detail, cpu_->system_call().arguments, context_)));
    cpu_->advance();
}

void Thread::make_code_seen() {
    u64 line = system().guest->fence_line;
    if (line == 0) {
        cpu_->invalidate_code();
        return cpu_->drop_cached_code();
    }
    u64 start = align_down(cpu_->data_address(), line);
    if (cpu_->code_written(start, start + line)) process_->threads.alert(isa::attention_code);
    cpu_->drop_cached_code();
}

/// A range is taken at its word, by whole pages: just-in-time compilers flush a few bytes, thousands of times.
SysResult Thread::flush_code(u64 start, u64 end, u64) {
    if (start < end)
        cpu_->invalidate_code(start, end);
    else
        cpu_->invalidate_code();
    process_->threads.alert(isa::attention_code);
    return 0;
}

void Thread::memory_changed() {
    auto drop = [this](memory::CodeRange range) { cpu_->invalidate_code(range.start, range.end); };
    if (system().for_code_changes(drop)) process_->threads.alert(isa::attention_code);
}

}  // namespace lyrebird::engine
