// The guests' ABI facts for system calls (Abi in context.hpp), one object a guest.
#pragma once

#include "syscall/context.hpp"

namespace lyrebird::syscall {

extern const Abi riscv64_abi;
extern const Abi aarch64_abi;

}  // namespace lyrebird::syscall
