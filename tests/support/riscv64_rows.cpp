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

std::span<const Row> riscv64_rows() {
    return RowTable<riscv64::InstructionSet>::rows;
}

u32 random_word(const Row& row, Random& random) {
    for (;;) {
        u32 word = row.pattern.match | (random.word() & ~row.pattern.mask);
        if (row.pattern.width == 16) word &= 0xffff;
        if (row.claims(word) && &riscv64_rows()[riscv64_decode(word)] == &row) return word;
    }
}

}  // namespace lyrebird::test
