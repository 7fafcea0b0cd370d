#include "tests/support/rows.hpp"
#include "translator/aarch64/instruction_set.hpp"
#include "translator/isa/disassembler.hpp"

namespace lyrebird::test {

const Instructions& aarch64_instructions() {
    static constexpr Instructions instructions{
        .guest = "aarch64",
        .rows = RowTable<aarch64::InstructionSet>::rows,
        .decode = [](u32 word) { return aarch64::decode(word); },
        .length = [](u32) { return 4; },
        .assemble = [](std::string_view line, u64 pc) { return isa::assemble<aarch64::InstructionSet>(line, pc); },
    };
    return instructions;
}

}  // namespace lyrebird::test
