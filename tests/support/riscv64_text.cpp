#include "tests/support/riscv64_machine.hpp"
#include "translator/isa/disassembler.hpp"
#include "translator/riscv64/instruction_set.hpp"

namespace lyrebird::test {

std::optional<u32> riscv64_assemble(std::string_view line, u64 pc) {
    return isa::assemble<riscv64::InstructionSet>(line, pc);
}

std::string riscv64_disassemble(u32 word, u64 pc) {
    isa::RowIndex row = riscv64::decode(word);
    return row == isa::no_row ? "" : isa::disassemble<riscv64::InstructionSet>(row, word, pc);
}

isa::RowIndex riscv64_decode(u32 word) {
    return riscv64::decode(word);
}

int riscv64_length(u32 word) {
    return riscv64::length_of(u16(word));
}

std::span<const std::string_view> riscv64_names() {
    return riscv64::InstructionSet::names;
}

}  // namespace lyrebird::test
