// The entry from the engine: a guest thread stands at a system call instruction.
#pragma once

#include <string>
#include <string_view>

#include "syscall/context.hpp"

namespace lyrebird::syscall {

/// Makes the system call that the guest's registers describe. Afterwards the registers hold the result and pc stands
/// behind the call; or, when the answer is `restart` or `registers_set`, they are as the handler left them. Returns
/// that answer.
SysResult dispatch(Context& context);

/// The call's name by the guest's number; "syscall_N" when no row has it.
std::string name_of(u64 number);

/// The table as text, one line a call: number, name, how it is supported and the note. For `lyre --syscalls`.
std::string coverage();

}  // namespace lyrebird::syscall
