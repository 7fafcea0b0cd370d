#include "loader/machine_names.hpp"

#include <elf.h>

#include <algorithm>
#include <array>

#include "runtime/base/text.hpp"

namespace lyrebird::loader {

namespace {

struct Name {
    u16 machine;
    const char* name;
};

constexpr auto names = std::to_array<Name>({
    {EM_386, "x86"},
    {EM_68K, "Motorola 68000"},
    {EM_AARCH64, "Arm"},
    {EM_ALPHA, "Alpha"},
    {EM_ARC_COMPACT, "ARC"},
    {EM_ARCV2, "ARC"},
    {EM_ARM, "Arm"},
    {EM_AVR, "AVR"},
    {EM_BPF, "BPF"},
    {EM_CSKY, "C-SKY"},
    {EM_FAKE_ALPHA, "Alpha"},
    {EM_IA_64, "Itanium"},
    {258, "LoongArch"},
    {EM_MICROBLAZE, "MicroBlaze"},
    {EM_MIPS, "MIPS"},
    {EM_MIPS_RS3_LE, "MIPS"},
    {EM_ALTERA_NIOS2, "Nios II"},
    {EM_OPENRISC, "OpenRISC"},
    {EM_PARISC, "PA-RISC"},
    {EM_PPC, "PowerPC"},
    {EM_PPC64, "PowerPC"},
    {EM_QDSP6, "Hexagon"},
    {EM_RISCV, "RISC-V"},
    {EM_S390, "IBM Z"},
    {EM_SH, "SuperH"},
    {EM_SPARC, "SPARC"},
    {EM_SPARC32PLUS, "SPARC"},
    {EM_SPARCV9, "SPARC"},
    {EM_X86_64, "x86-64"},
    {EM_XTENSA, "Xtensa"},
});

}  // namespace

std::string machine_name(u16 machine, u8 file_class, u8 data) {
    const auto* found =
        std::find_if(names.begin(), names.end(), [&](const Name& row) { return row.machine == machine; });
    std::string name = found != names.end() ? found->name : format("machine number {}", machine);
    append(name, " ({}{})", file_class == ELFCLASS32 ? "32-bit" : "64-bit", data == ELFDATA2MSB ? ", big-endian" : "");
    return name;
}

}  // namespace lyrebird::loader
