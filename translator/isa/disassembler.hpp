// Text of instructions, and instructions from text, derived from an instruction list.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "translator/isa/instruction.hpp"
#include "translator/isa/syntax.hpp"

namespace lyrebird::isa {

template <class Ins>
std::string print_instruction(u32 word, u64 pc) {
    typename Ins::Format::Operands operands = Ins::Format::decode(word);
    Printer printer(pc);
    using Format = typename Ins::Format;
    if constexpr (requires { Format::text(printer, operands); }) {
        Format::text(printer, operands);
    } else {
        Format::Operands::text(printer, operands);
    }
    std::string text(Ins::mnemonic);
    if (!printer.text().empty()) text += ' ' + printer.text();
    return text;
}

/// The word for `operands` text, or nothing when the text does not parse or its values do not fit the format.
template <class Ins>
std::optional<u32> assemble_instruction(std::string_view text, u64 pc) {
    using Format = typename Ins::Format;
    typename Format::Operands operands{};
    Parser parser(text, pc);
    if constexpr (requires { Format::text(parser, operands); }) {
        Format::text(parser, operands);
    } else {
        Format::Operands::text(parser, operands);
    }
    if (!parser.finished()) return std::nullopt;
    u32 word = Ins::pattern.match | Format::encode(operands);
    if (!Ins::claims(word) || !(Format::decode(word) == operands)) return std::nullopt;
    return word;
}

template <class List>
struct TextTables;
template <class... Instructions>
struct TextTables<InstructionList<Instructions...>> {
    static constexpr std::array print{&print_instruction<Instructions>...};
    static constexpr std::array assemble{&assemble_instruction<Instructions>...};
};

/// The instruction of `row` as text, as `word` at `pc`.
template <class List>
std::string disassemble(RowIndex row, u32 word, u64 pc) {
    return TextTables<List>::print[row](word, pc);
}

/// The word of an assembly line such as "addi x5, x6, -3"; nothing when no instruction of that name takes such operands.
template <class List>
std::optional<u32> assemble(std::string_view line, u64 pc) {
    std::string_view name = line.substr(0, line.find(' '));
    std::string_view operands = line.substr(name.size());
    for (std::size_t row = 0; row < List::count; ++row) {
        if (List::mnemonics[row] != name) continue;
        if (auto word = TextTables<List>::assemble[row](operands, pc)) return word;
    }
    return std::nullopt;
}

}  // namespace lyrebird::isa
