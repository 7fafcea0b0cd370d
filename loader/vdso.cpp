#include "loader/vdso.hpp"

#include <elf.h>
#include <errno.h>
#include <sys/mman.h>

#include "loader/byte_writer.hpp"
#include "loader/shared_object.hpp"
#include "runtime/memory/guest_copy.hpp"

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

constexpr u64 function_alignment = 16;
constexpr u64 signal_return_offset = 4;  // behind the nop, see below

/// Code, and the functions in it.
struct Code {
    ByteWriter words;
    std::vector<ExportedFunction> functions;

    template <class... Words>
    void function(const char* name, Words... instructions) {
        functions.push_back({name, words.size(), sizeof(u32) * sizeof...(instructions)});
        (words.word<u32>(instructions), ...);
    }
    /// Fills up with an illegal instruction that no function runs into.
    void align() {
        while (words.size() % function_alignment != 0) words.word<u32>(unimp);
    }
};

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

/// In every other function nothing is saved and sp is the caller's.
std::vector<u8> leaf_rules() {
    return {define_frame_address, register_sp, 0};
}

SharedObject make_riscv64_vdso() {
    Code code;
    // Unwinders look up the address before the one that a function returns to. The nop makes that one belong to the
    // signal frame.
    code.words.word<u32>(nop);
    code.function("__vdso_rt_sigreturn", load_a7(rt_sigreturn_number), ecall);
    code.align();
    const u64 leaves = code.words.size();
    const auto vm_function = [&](const char* name, VmCall number) {
        code.function(name, vm_call_word(number), ret);
        code.align();
    };
    vm_function("__vdso_clock_gettime", VmCall::clock_gettime);
    vm_function("__vdso_gettimeofday", VmCall::gettimeofday);
    vm_function("__vdso_clock_getres", VmCall::clock_getres);
    vm_function("__vdso_getcpu", VmCall::getcpu);
    vm_function("__vdso_riscv_hwprobe", VmCall::riscv_hwprobe);
    code.function("__vdso_flush_icache", load_a7(flush_icache_number), ecall, ret);
    code.align();

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
        {leaves, size - leaves, false, register_ra, leaf_rules()},
    };
    return object;
}

const SharedObject& riscv64_vdso() {
    static const SharedObject object = make_riscv64_vdso();
    return object;
}

}  // namespace

const std::vector<u8>& riscv64_vdso_image() {
    static const std::vector<u8> image = write_shared_object(riscv64_vdso());
    return image;
}

Result<Vdso> map_vdso(memory::AddressSpace& space) {
    const auto& image = riscv64_vdso_image();
    const GuestAddress data = space.choose_free(2 * page_size, page_size);
    if (data.value == 0) return fail("no room for the vDSO in the address space", ENOMEM);
    const GuestAddress base = data + page_size;
    SysResult result = space.map_fixed(data, page_size, PROT_READ, -1, 0, "[vvar]");
    if (result >= 0) result = space.map_fixed(base, page_size, PROT_READ | PROT_WRITE, -1, 0, "[vdso]");
    if (result >= 0 && !memory::copy_to_guest(base, image.data(), image.size())) result = -EFAULT;
    if (result >= 0) result = space.protect(base.value, page_size, PROT_READ | PROT_EXEC);
    if (result < 0) return fail("the vDSO cannot be mapped", static_cast<int>(-result));
    const GuestAddress code = base + shared_object_code;
    return Vdso{base, code, code + riscv64_vdso().code.size(), code + signal_return_offset};
}

}  // namespace lyrebird::loader
