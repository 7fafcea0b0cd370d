// The AArch64 guest's vDSO (Linux: arch/arm64/kernel/vdso).
#include <elf.h>

#include "loader/vdso.hpp"
#include "loader/vdso_code.hpp"

namespace lyrebird::loader {

namespace {

// A64 instructions, and Linux's number of the system call.
constexpr u32 nop = 0xd503201f;
constexpr u32 ret = 0xd65f03c0;
constexpr u32 supervisor_call = 0xd4000001;  // svc #0
constexpr u32 undefined = 0x00000000;        // udf #0
constexpr u32 load_x8(u32 number) {
    return 0xd2800000 | number << 5 | 8;  // mov x8, #number
}
constexpr u32 rt_sigreturn_number = 139;

/// `lyre.call number`: among the reserved encodings (C4.1.1), beside udf.
constexpr u32 vm_call_word(VmCall number) {
    return 0x00010000 | static_cast<u32>(number);
}

// DWARF numbers of registers (DWARF for the Arm 64-bit Architecture, "DWARF register names").
constexpr u8 register_lr = 30;
constexpr u8 register_sp = 31;

}  // namespace

// As in Linux, no call frame information covers the return from signals: unwinders know its two instructions, and their
// own rules find more than DWARF could say.
SharedObject make_aarch64_vdso() {
    VdsoCode code{.filler = undefined, .words = {}, .functions = {}};
    code.words.word<u32>(nop);
    code.function("__kernel_rt_sigreturn", load_x8(rt_sigreturn_number), supervisor_call);
    const u64 leaves = code.words.size();
    const auto vm_function = [&](const char* name, VmCall number) { code.function(name, vm_call_word(number), ret); };
    vm_function("__kernel_gettimeofday", VmCall::gettimeofday);
    vm_function("__kernel_clock_gettime", VmCall::clock_gettime);
    vm_function("__kernel_clock_getres", VmCall::clock_getres);

    SharedObject object;
    object.machine = EM_AARCH64;
    object.name = "linux-vdso.so.1";
    object.version = "LINUX_2.6.39";
    const u64 size = code.words.size();
    object.code = code.words.take();
    object.functions = std::move(code.functions);
    object.frames = {{leaves, size - leaves, false, register_lr, leaf_rules(register_sp)}};
    return object;
}

}  // namespace lyrebird::loader
