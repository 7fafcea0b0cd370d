// What one instruction is: a name, a bit pattern, an operand format, and (in the struct that derives from it) a meaning,
// written once against the Emitter concept:
//
//     struct addi : Instruction<"addi", "............ ..... 000 ..... 0010011", I> {
//         template <Emitter E> static constexpr void run(E& e, I o, Here here) { … }
//     };
//
// A format is a struct of operands with
//     using Operands = …;                                what `run` takes (the format itself, unless it is a compressed form)
//     static constexpr Operands decode(u32 word);
//     static constexpr u32 encode(Operands);             the inverse, for every operand value that the format can hold
//     static constexpr bool allocated(u32 word);         optional: false for reserved words that fit the pattern
//     static constexpr void text(auto& t, auto& o);      the operands' assembly syntax, for printing and parsing alike
#pragma once

#include <array>
#include <string_view>

#include "runtime/base/ints.hpp"
#include "translator/isa/pattern.hpp"

namespace lyrebird::isa {

/// Where an instruction stands: known when translating.
struct Here {
    u64 pc = 0;
    int length = 4;  // in bytes

    constexpr u64 next() const { return pc + u64(length); }
};

template <Text Name, Text Bits, class FormatType>
struct Instruction {
    static constexpr std::string_view name = Name.view();
    /// What stands first in assembly: the name up to an underscore, which sets encodings of one mnemonic apart.
    static constexpr std::string_view mnemonic = name.substr(0, name.find('_'));
    static constexpr Pattern pattern = parse_pattern(Bits);
    static constexpr int length = pattern.width / 8;
    using Format = FormatType;
    using Operands = typename Format::Operands;

    /// True when `word` is this instruction: it fits the pattern and is not reserved within it.
    static constexpr bool claims(u32 word) {
        if constexpr (requires { Format::allocated(word); }) {
            return pattern(word) && Format::allocated(word);
        } else {
            return pattern(word);
        }
    }
};

/// A shorter encoding of another instruction: its format decodes to the operands of `Expansion`, whose meaning it shares.
template <Text Name, Text Bits, class FormatType, class ExpansionType>
struct Compressed : Instruction<Name, Bits, FormatType> {
    using Expansion = ExpansionType;
    static_assert(std::is_same_v<typename FormatType::Operands, typename Expansion::Operands>);

    template <class E>
    static constexpr void run(E& e, typename Expansion::Operands o, Here here) {
        Expansion::run(e, o, here);
    }
};

/// An instruction set: a list of instruction types. Everything else (decoder, disassembler, tables) derives from it.
template <class... Instructions>
struct InstructionList {
    static constexpr std::size_t count = sizeof...(Instructions);
    static constexpr std::array<Pattern, count> patterns{Instructions::pattern...};
    static constexpr std::array<std::string_view, count> names{Instructions::name...};
    static constexpr std::array<std::string_view, count> mnemonics{Instructions::mnemonic...};
    static constexpr std::array<bool (*)(u32), count> claims{&Instructions::claims...};
    /// True where the format reserves some words of the pattern, so that `claims` must be asked.
    static constexpr std::array<bool, count> has_reserved{requires { Instructions::Format::allocated(0U); }...};
};

template <class... Lists>
struct Concatenate;
template <>
struct Concatenate<> {
    using Type = InstructionList<>;
};
template <class... A>
struct Concatenate<InstructionList<A...>> {
    using Type = InstructionList<A...>;
};
template <class... A, class... B, class... Rest>
struct Concatenate<InstructionList<A...>, InstructionList<B...>, Rest...> {
    using Type = typename Concatenate<InstructionList<A..., B...>, Rest...>::Type;
};
/// One list from several: `Join<Base, Multiply, …>`.
template <class... Lists>
using Join = typename Concatenate<Lists...>::Type;

/// The chapters of an instruction set, each an InstructionList, for whoever instantiates them apart.
template <class... Lists>
struct ChapterList {
    using Joined = Join<Lists...>;
};

/// A row in an instruction list, as decoded from a word.
using RowIndex = u16;
inline constexpr RowIndex no_row = 0xffff;

}  // namespace lyrebird::isa
