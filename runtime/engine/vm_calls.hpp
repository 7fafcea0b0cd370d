// Calls from the guest's vDSO into the VM (loader/vdso.hpp): time and the like, without entering the host's kernel.
#pragma once

#include <array>

#include "runtime/base/ints.hpp"
#include "runtime/base/result.hpp"
#include "syscall/context.hpp"

namespace lyrebird::engine {

/// The result of `lyre.call number` with `arguments`: what the system call of the same name would return.
SysResult vm_call(u64 number, const std::array<u64, 6>& arguments, syscall::Context& context);

}  // namespace lyrebird::engine
