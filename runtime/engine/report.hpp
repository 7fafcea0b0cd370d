// What failure says: one block for each kind of cause, on standard error.
//
// What must stay true: nothing is written that was not asked for (--report), except what the VM itself does wrong or
// lacks. A guest that expects a fault, and handles it, causes no report.
#pragma once

#include <signal.h>

#include <string_view>

#include "runtime/base/ints.hpp"

namespace lyrebird::engine {

class System;
class Thread;

/// A fault of the VM itself at the host's address `host_pc`: reports it and dies by the signal. `thread`: whose engine
/// it was, or null. Async-signal-safe.
[[noreturn]] void report_vm_fault(const siginfo_t& info, u64 host_pc, const Thread* thread);

/// The guest is about to die of `info`, a fault that it does not handle. Written when reports were asked for, or when
/// the reason is an instruction that the VM does not know.
void report_guest_death(const siginfo_t& info, Thread& thread);

/// Something that the guest asked for is refused; `what` is one line. Written when reports were asked for.
void report_unsupported(std::string_view what, Thread& thread);

/// At the process's end: the unsupported system calls that it made, when reports were asked for.
void report_unsupported_calls(const System& system);

/// Makes failed checks (ENSURE) report like faults of the VM.
void install_check_report();

}  // namespace lyrebird::engine
