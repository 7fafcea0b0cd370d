// What tier 1 knows of each instruction of a guest: the function that walks its meaning with the Emitter. Chapters are
// instantiated in files of their own (`template struct Chapter<…>`), as tier 0's are.
#pragma once

#include <array>

#include "translator/isa/instruction.hpp"
#include "translator/x64/emitter.hpp"

namespace lyrebird::x64 {

using Emit = void (*)(Emitter& emitter, u32 word, isa::Here here);

template <class Ins>
void emit(Emitter& emitter, u32 word, isa::Here here) {
    Ins::run(emitter, Ins::Format::decode(word), here);
}

template <class List>
struct Chapter;
template <class... Instructions>
struct Chapter<isa::InstructionList<Instructions...>> {
    static const std::array<Emit, sizeof...(Instructions)> rows;
};
template <class... Instructions>
constinit const std::array<Emit, sizeof...(Instructions)> Chapter<isa::InstructionList<Instructions...>>::rows{
    &emit<Instructions>...};

/// The rows of all chapters, in the order of their join.
template <class Chapters>
struct RowTable;
template <class... Lists>
struct RowTable<isa::ChapterList<Lists...>> {
    static Emit at(isa::RowIndex row) {
        static const auto table = join();
        return table[row];
    }

  private:
    static auto join() {
        std::array<Emit, (Lists::count + ...)> table{};
        std::size_t used = 0;
        auto add = [&](const auto& rows) {
            for (Emit row : rows) table[used++] = row;
        };
        (add(Chapter<Lists>::rows), ...);
        return table;
    }
};

}  // namespace lyrebird::x64
