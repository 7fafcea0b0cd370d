// What tier 0 knows of each instruction of a guest, as a table with one row an instruction in the order of the guest's list.
//
// The rows of one chapter of the instruction set are instantiated in one translation unit (`template struct Chapter<…>`), so
// that a guest compiles in parallel and a changed chapter alone is compiled anew; everybody else declares them `extern`.
#pragma once

#include <array>
#include <cstring>
#include <string>

#include "translator/emitters/effects.hpp"
#include "translator/emitters/listing.hpp"
#include "translator/interpreter/operation.hpp"
#include "translator/isa/disassembler.hpp"

namespace lyrebird::interpreter {

/// What an instruction is to a reservation: see reservation.hpp.
enum class Role : u8 { computes, touches_memory, ends_reservation, ends };

/// How an instruction's effects can be repeated and compared, for --check-tiers.
struct Repeatable {
    bool reads = false, writes = false;  // memory
    bool never = false;                  // time, reservations
};

template <class Guest>
struct Row {
    using State = typename Guest::State;
    typename Operation<State>::Handler handler;
    u64 (*pack)(u32 word);  // the operands, for Operation::operands
    emitters::Effects::Flow (*flow)(u32 word);
    Role (*role)(u32 word);
    Repeatable (*repeatable)(u32 word);
    void (*probe)(State& state, u32 word);  // notes the address of the memory access that would be made
    std::string (*print)(u32 word, u64 pc);
    std::string (*list)(u32 word, u64 pc);
};

template <class Guest, class Ins>
struct RowOf {
    using State = typename Guest::State;

    static u64 pack(u32 word) {
        auto operands = Ins::Format::decode(word);
        u64 packed = 0;
        std::memcpy(&packed, &operands, sizeof operands);
        return packed;
    }
    static emitters::Effects::Flow flow(u32 word) { return emitters::effects_of<Ins>(word, {0, Ins::length}).flow; }
    static Role role(u32 word) {
        emitters::Effects effects = emitters::effects_of<Ins>(word, {0, Ins::length});
        if (effects.stores_exclusive || effects.pauses) return Role::ends_reservation;
        if (effects.reads_memory || effects.writes_memory) return Role::touches_memory;
        return effects.flow == emitters::Effects::Flow::ends ? Role::ends : Role::computes;
    }
    static Repeatable repeatable(u32 word) {
        emitters::Effects effects = emitters::effects_of<Ins>(word, {0, Ins::length});
        return {effects.reads_memory, effects.writes_memory,
                effects.loads_exclusive || effects.stores_exclusive || effects.pauses || effects.calls_helper};
    }
    static void probe(State& state, u32 word) {
        isa::Here here{state.pc, Ins::length};
        Emitter<Guest, true> emitter(state, here);
        Ins::run(emitter, Ins::Format::decode(word), here);
    }

    static constexpr Row<Guest> row{&execute<Guest, Ins>, &pack, &flow, &role, &repeatable, &probe, &isa::print_instruction<Ins>,
                                    &emitters::list_instruction<Ins>};
};

template <class Guest, class List>
struct Chapter;
template <class Guest, class... Instructions>
struct Chapter<Guest, isa::InstructionList<Instructions...>> {
    static const std::array<Row<Guest>, sizeof...(Instructions)> rows;
};
template <class Guest, class... Instructions>
constinit const std::array<Row<Guest>, sizeof...(Instructions)>
    Chapter<Guest, isa::InstructionList<Instructions...>>::rows{RowOf<Guest, Instructions>::row...};

/// The rows of all chapters, in the order of their join.
template <class Guest, class Chapters>
struct RowTable;
template <class Guest, class... Lists>
struct RowTable<Guest, isa::ChapterList<Lists...>> {
    static const Row<Guest>& at(isa::RowIndex row) {
        static const auto table = join();
        return *table[row];
    }

  private:
    static auto join() {
        std::array<const Row<Guest>*, (Lists::count + ...)> table{};
        std::size_t used = 0;
        auto add = [&](const auto& rows) {
            for (const Row<Guest>& row : rows) table[used++] = &row;
        };
        (add(Chapter<Guest, Lists>::rows), ...);
        return table;
    }
};

template <class Guest>
const Row<Guest>& row_at(isa::RowIndex row) {
    return RowTable<Guest, typename Guest::Chapters>::at(row);
}

/// Carries out one instruction that does not jump. A fault of its accesses is the guest's.
template <class Guest>
void carry_out(typename Guest::State& state, isa::RowIndex index, u32 word, u64 pc) {
    const Row<Guest>& row = row_at<Guest>(index);
    const Operation<typename Guest::State> operations[]{{row.handler, pc, row.pack(word)}, {&stop<Guest>, pc, 0}};
    state.vm.in_code.store(true, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    operations[0].run(state, operations);
    std::atomic_signal_fence(std::memory_order_seq_cst);
    state.vm.in_code.store(false, std::memory_order_relaxed);
}

}  // namespace lyrebird::interpreter
