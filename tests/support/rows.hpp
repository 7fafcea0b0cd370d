// An instruction set as plain data: one entry a row, with functions for all that the tests ask of a row. What a guest's
// description is made into it stands in one file a guest (riscv64_rows.cpp, aarch64_rows.cpp): tests need not be compiled
// with the whole description.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tests/support/random.hpp"
#include "translator/emitters/effects.hpp"
#include "translator/emitters/listing.hpp"
#include "translator/isa/disassembler.hpp"
#include "translator/isa/instruction.hpp"

namespace lyrebird::test {

struct Row {
    std::string_view name;
    isa::Pattern pattern;
    bool (*claims)(u32 word);
    u32 (*again)(u32 word);  // encode(decode(word))
    bool (*same_operands)(u32 word, u32 other);
    std::string (*print)(u32 word, u64 pc);
    std::optional<u32> (*assemble)(std::string_view operands, u64 pc);
    emitters::Effects (*effects)(u32 word);
    std::string (*listing)(u32 word, u64 pc);
    u32 (*expand)(u32 word);  // the long form's word, of a compressed instruction; otherwise null
};

struct Instructions {
    std::string_view guest;
    std::span<const Row> rows;  // indexed by RowIndex
    isa::RowIndex (*decode)(u32 word);
    int (*length)(u32 word);  // in bytes
    std::optional<u32> (*assemble)(std::string_view line, u64 pc);

    /// The row that claims the word, or null.
    const Row* find(u32 word) const {
        isa::RowIndex row = decode(word);
        return row == isa::no_row ? nullptr : &rows[row];
    }
    /// "" when no instruction claims the word.
    std::string disassemble(u32 word, u64 pc) const {
        const Row* row = find(word);
        return row == nullptr ? "" : row->print(word, pc);
    }
    /// A word that the row claims, its free bits random; operands that look like others' are as likely as any.
    u32 random_word(const Row& row, Random& random) const {
        for (;;) {
            u32 word = row.pattern.match | (random.word() & ~row.pattern.mask);
            if (row.pattern.width == 16) word &= 0xffff;
            if (row.claims(word) && find(word) == &row) return word;
        }
    }
};
const Instructions& riscv64_instructions();
const Instructions& aarch64_instructions();

template <class Ins>
constexpr Row row_of() {
    using Format = typename Ins::Format;
    Row row{};
    row.name = Ins::name;
    row.pattern = Ins::pattern;
    row.claims = &Ins::claims;
    row.again = [](u32 word) { return Ins::pattern.match | Format::encode(Format::decode(word)); };
    row.same_operands = [](u32 word, u32 other) { return Format::decode(word) == Format::decode(other); };
    row.print = &isa::print_instruction<Ins>;
    row.assemble = &isa::assemble_instruction<Ins>;
    row.effects = [](u32 word) { return emitters::effects_of<Ins>(word, {0x1000, Ins::length}); };
    row.listing = &emitters::list_instruction<Ins>;
    if constexpr (requires { typename Ins::Expansion; }) {
        row.expand = [](u32 word) {
            return Ins::Expansion::pattern.match | Ins::Expansion::Format::encode(Format::decode(word));
        };
    }
    return row;
}

template <class List>
struct RowTable;
template <class... Instructions>
struct RowTable<isa::InstructionList<Instructions...>> {
    static constexpr std::array<Row, sizeof...(Instructions)> rows{row_of<Instructions>()...};
};

/// The rows of one chapter: where a description is large, each file instantiates a few.
template <class List>
std::span<const Row> rows_of() {
    return RowTable<List>::rows;
}

}  // namespace lyrebird::test
