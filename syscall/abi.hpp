// The guests' ABI facts for system calls (Abi in context.hpp), one object a guest.
#pragma once

#include "syscall/context.hpp"

namespace lyrebird::syscall {

// prctl's options about pointer authentication (linux/prctl.h).
inline constexpr int reset_pointer_keys = 54, set_enabled_keys = 60, get_enabled_keys = 61;

extern const Abi riscv64_abi;
extern const Abi aarch64_abi;

}  // namespace lyrebird::syscall
