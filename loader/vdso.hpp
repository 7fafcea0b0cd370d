// The vDSO: the small shared object that a kernel maps into every process, here the guest's. It returns from signals,
// and tells the time without a system call.
//
// How it tells the time: each of its functions is one `lyre.call` instruction and a return. `lyre.call n` is a word
// that the guest's architecture does not define (vm_call_word), legal only while pc lies in the vDSO's code. The VM
// answers it from the registers of arguments, as the system call of the same name would, with the result in the first
// of them; for time that means the host's own vDSO.
//
// What must stay true: signal handlers return to `signal_return`, whose instructions are exactly those that unwinders
// and debuggers know a signal frame by (RISC-V: li a7, 139; ecall; AArch64: mov x8, #139; svc #0).
#pragma once

#include <vector>

#include "loader/image.hpp"
#include "runtime/base/result.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::loader {

/// The numbers of `lyre.call`. Arguments and results are those of the system calls.
enum class VmCall : u32 {
    clock_gettime = 1,
    gettimeofday = 2,
    clock_getres = 3,
    getcpu = 4,
    riscv_hwprobe = 5,
};

struct Vdso {
    GuestAddress base;                  // AT_SYSINFO_EHDR
    GuestAddress code_start, code_end;  // where `lyre.call` is legal; the end is exclusive
    GuestAddress signal_return;         // __vdso_rt_sigreturn, __kernel_rt_sigreturn
};

/// The image for a guest, riscv64 or aarch64: at most one page.
const std::vector<u8>& vdso_image(Machine guest);

/// Maps "[vvar]", an empty page, and "[vdso]" where Linux would put them.
Result<Vdso> map_vdso(Machine guest, memory::AddressSpace& space);

}  // namespace lyrebird::loader
