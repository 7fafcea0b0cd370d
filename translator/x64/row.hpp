// What tier 1 knows of each instruction of a guest: functions that walk its meaning with the Emitter and with Effects. Chapters are
// instantiated in files of their own (`template struct Chapter<…>`), as tier 0's are.
#pragma once

#include <array>

#include "translator/emitters/effects.hpp"
#include "translator/isa/instruction.hpp"
#include "translator/x64/emitter.hpp"

namespace lyrebird::x64 {

struct Row {
    void (*emit)(Emitter& emitter, u32 word, isa::Here here);
    /// True when the instruction does nothing but compute with integers, and overwrites this slot: nothing of it can be left to
    /// tier 0 half-way.
    bool (*replaces)(u32 word, u16 offset);
    /// True when tier 0 can be called for it in the middle of a block: it neither touches memory nor goes elsewhere, or its accesses
    /// are a helper's.
    bool (*in_place)(u32 word);
};

template <class Ins>
bool replaces(u32 word, u16 offset) {
    emitters::Effects effects = emitters::effects_of<Ins>(word, {0, Ins::length});
    return effects.flow == emitters::Effects::Flow::falls_through && !effects.reads_memory && !effects.writes_memory &&
           !effects.touches_floats && !effects.pauses && effects.writes.has(isa::Slot<u64>{offset});
}

template <class Ins>
bool in_place(u32 word) {
    emitters::Effects effects = emitters::effects_of<Ins>(word, {0, Ins::length});
    if (effects.works_in_memory) return true;
    return effects.flow == emitters::Effects::Flow::falls_through && !effects.reads_memory && !effects.writes_memory && !effects.pauses;
}

template <class Ins>
void emit(Emitter& emitter, u32 word, isa::Here here) {
    Ins::run(emitter, Ins::Format::decode(word), here);
}

template <class List>
struct Chapter;
template <class... Instructions>
struct Chapter<isa::InstructionList<Instructions...>> {
    static const std::array<Row, sizeof...(Instructions)> rows;
};
template <class... Instructions>
constinit const std::array<Row, sizeof...(Instructions)> Chapter<isa::InstructionList<Instructions...>>::rows{
    Row{&emit<Instructions>, &replaces<Instructions>, &in_place<Instructions>}...};

/// The rows of all chapters, in the order of their join.
template <class Chapters>
struct RowTable;
template <class... Lists>
struct RowTable<isa::ChapterList<Lists...>> {
    static const Row& at(isa::RowIndex row) {
        static const auto table = join();
        return *table[row];
    }

  private:
    static auto join() {
        std::array<const Row*, (Lists::count + ...)> table{};
        std::size_t used = 0;
        auto add = [&](const auto& rows) {
            for (const Row& row : rows) table[used++] = &row;
        };
        (add(Chapter<Lists>::rows), ...);
        return table;
    }
};

}  // namespace lyrebird::x64
