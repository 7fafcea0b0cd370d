#include "tests/support/rows.hpp"
#include "translator/isa/disassembler.hpp"
#include "translator/riscv64/instruction_set.hpp"

namespace lyrebird::test {

const Instructions& riscv64_instructions() {
    static constexpr Instructions instructions{
        .guest = "riscv64",
        .rows = RowTable<riscv64::InstructionSet>::rows,
        .decode = [](u32 word) { return riscv64::decode(word); },
        .length = [](u32 word) { return riscv64::length_of(u16(word)); },
        .assemble = [](std::string_view line, u64 pc) { return isa::assemble<riscv64::InstructionSet>(line, pc); },
    };
    return instructions;
}

}  // namespace lyrebird::test
