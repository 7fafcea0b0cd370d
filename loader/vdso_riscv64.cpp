// The RISC-V guest's vDSO (Linux: arch/riscv/kernel/vdso).
#include <elf.h>

#include "loader/vdso.hpp"
#include "loader/vdso_code.hpp"

namespace lyrebird::loader {

namespace {

// RISC-V instructions, and its numbers of system calls.
constexpr u32 nop = 0x00000013;
constexpr u32 ret = 0x00008067;
constexpr u32 ecall = 0x00000073;
constexpr u32 unimp = 0xc0001073;
constexpr u32 load_a7(u32 number) {
    return number << 20 | 17 << 7 | 0x13;  // li a7, number
}
constexpr u32 rt_sigreturn_number = 139;
constexpr u32 flush_icache_number = 259;

/// `lyre.call number`: opcode custom-3, I-type with rd, rs1 and funct3 zero.
constexpr u32 vm_call_word(VmCall number) {
    constexpr u32 custom_3 = 0x7b;
    return static_cast<u32>(number) << 20 | custom_3;
}

// DWARF: numbers of registers (RISC-V ELF psABI, "DWARF register numbers") and call frame instructions.
constexpr u8 register_ra = 1;
constexpr u8 register_sp = 2;
constexpr u8 last_float_register = 63;
constexpr u8 register_interrupted_pc = 64;  // the "alternate frame return column"
constexpr u8 define_frame_address = 0x0c;
constexpr u8 saved_at = 0x80;
constexpr u8 saved_at_extended = 0x05;

/// Where a signal frame holds the registers: behind siginfo (128 bytes) and the head of ucontext (176).
constexpr u64 saved_registers_offset = 304;

/// In the signal frame, on which sp points, the registers stand in the order of their DWARF numbers: pc, x1 … x31, f0 …
/// f31.
std::vector<u8> signal_frame_rules() {
    ByteWriter rules;
    rules.word<u8>(define_frame_address);
    rules.leb(register_sp);
    rules.leb(saved_registers_offset);
    rules.word<u8>(saved_at_extended);
    rules.leb(register_interrupted_pc);
    rules.leb(0);
    for (u8 number = 1; number <= last_float_register; ++number) {
        rules.word<u8>(saved_at | number);
        rules.leb(number);
    }
    return rules.take();
}

}  // namespace

SharedObject make_riscv64_vdso() {
    VdsoCode code{.filler = unimp, .words = {}, .functions = {}};
    code.words.word<u32>(nop);
    code.function("__vdso_rt_sigreturn", load_a7(rt_sigreturn_number), ecall);
    const u64 leaves = code.words.size();
    const auto vm_function = [&](const char* name, VmCall number) { code.function(name, vm_call_word(number), ret); };
    vm_function("__vdso_clock_gettime", VmCall::clock_gettime);
    vm_function("__vdso_gettimeofday", VmCall::gettimeofday);
    vm_function("__vdso_clock_getres", VmCall::clock_getres);
    vm_function("__vdso_getcpu", VmCall::getcpu);
    vm_function("__vdso_riscv_hwprobe", VmCall::riscv_hwprobe);
    code.function("__vdso_flush_icache", load_a7(flush_icache_number), ecall, ret);

    SharedObject object;
    object.machine = EM_RISCV;
    object.flags = EF_RISCV_FLOAT_ABI_DOUBLE;
    object.name = "linux-vdso.so.1";
    object.version = "LINUX_4.15";
    const u64 size = code.words.size();
    object.code = code.words.take();
    object.functions = std::move(code.functions);
    object.frames = {
        {0, signal_return_offset + object.functions.front().size, true, register_interrupted_pc, signal_frame_rules()},
        {leaves, size - leaves, false, register_ra, leaf_rules(register_sp)},
    };
    return object;
}

}  // namespace lyrebird::loader
