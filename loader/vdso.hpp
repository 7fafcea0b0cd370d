// The vDSO: the small shared object that a kernel maps into every process, here the guest's. It returns from signals,
// and tells the time without a system call.
//
// How it tells the time: each of its functions is one `lyre.call` instruction and a return. `lyre.call n` (opcode
// custom-3, I-type with rd, rs1 and funct3 zero and n as immediate) is legal only while pc lies in the vDSO's code. The
// VM answers it from the arguments in a0 …, as the system call of the same name would, with the result in a0; for time
// that means the host's own vDSO.
//
// What must stay true: signal handlers return to `signal_return`, whose instructions are exactly those that unwinders
// and debuggers know a signal frame by (li a7, 139; ecall).
#pragma once

#include <vector>

#include "runtime/base/result.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::loader {

/// The immediates of `lyre.call`. Arguments and results are those of the system calls.
enum class VmCall : u32 {
    clock_gettime = 1,
    gettimeofday = 2,
    clock_getres = 3,
    getcpu = 4,
    riscv_hwprobe = 5,
};

/// The word `lyre.call number`.
constexpr u32 vm_call_word(VmCall number) {
    constexpr u32 custom_3 = 0x7b;
    return static_cast<u32>(number) << 20 | custom_3;
}

struct Vdso {
    GuestAddress base;                  // AT_SYSINFO_EHDR
    GuestAddress code_start, code_end;  // where `lyre.call` is legal; the end is exclusive
    GuestAddress signal_return;         // __vdso_rt_sigreturn
};

/// The riscv64 vDSO's image, at most one page.
const std::vector<u8>& riscv64_vdso_image();

/// Maps "[vvar]", an empty page, and "[vdso]" where Linux would put them.
Result<Vdso> map_vdso(memory::AddressSpace& space);

}  // namespace lyrebird::loader
