// A decoded instruction of tier 0, and how one passes control to the next.
//
// A block is an array of operations. Each holds a pointer to the handler instantiated from its instruction's meaning, and ends
// by a tail call of the next: no loop, no re-decoding, one indirect jump an instruction. What must stay true: a handler keeps
// nothing on the host's stack across that call, so the stack does not grow however long the guest runs (the compiler is made
// to inline meanings, and the file is always compiled with optimisation; clang checks it by musttail).
#pragma once

#include <cstring>

#include "runtime/base/ints.hpp"
#include "translator/interpreter/emitter.hpp"
#include "translator/isa/contract.hpp"

#ifdef __clang__
#define MUSTTAIL [[clang::musttail]]
#else
#define MUSTTAIL
#endif

namespace lyrebird::interpreter {

template <class State>
struct Operation {
    using Handler = void (*)(State& state, const Operation* operation);
    Handler run;
    u64 pc;
    u64 operands;  // the instruction's Operands, bytewise
};

/// Continues at state.pc through the thread's table, or returns to the run loop when the table does not know it or somebody
/// wants attention.
template <class State>
[[gnu::always_inline]] inline void next_block(State& state, const Operation<State>*) {
    const isa::JumpCacheEntry& entry = state.vm.jump_cache[(state.pc >> 1) & state.vm.jump_cache_mask];
    if (entry.tag == state.pc + 1 && state.vm.attention.load(std::memory_order_relaxed) == 0) [[likely]] {
        auto* operation = static_cast<const Operation<State>*>(entry.code);
        MUSTTAIL return operation->run(state, operation);
    }
}

template <class Ins>
typename Ins::Operands unpack(u64 packed) {
    typename Ins::Operands operands;
    static_assert(sizeof operands <= sizeof packed);
    std::memcpy(&operands, &packed, sizeof operands);
    return operands;
}

/// The handler of one instruction.
template <class Guest, class Ins>
[[gnu::flatten]] void execute(typename Guest::State& state, const Operation<typename Guest::State>* operation) {
    isa::Here here{operation->pc, Ins::length};
    Emitter<Guest> emitter(state, here);
    Ins::run(emitter, unpack<Ins>(operation->operands), here);
    if (emitter.left()) return;
    if (emitter.jumped()) MUSTTAIL return next_block<typename Guest::State>(state, operation);
    MUSTTAIL return operation[1].run(state, operation + 1);
}

/// Ends a block that was cut: execution continues at operation->pc.
template <class Guest>
void continue_elsewhere(typename Guest::State& state, const Operation<typename Guest::State>* operation) {
    state.pc = operation->pc;
    MUSTTAIL return next_block<typename Guest::State>(state, operation);
}

/// Stands behind an instruction that is carried out alone: whoever called goes on.
template <class Guest>
void stop(typename Guest::State&, const Operation<typename Guest::State>*) {}

/// Stands for a word that no instruction claims.
template <class Guest>
void refuse(typename Guest::State& state, const Operation<typename Guest::State>* operation) {
    state.pc = operation->pc;
    state.vm.exit = isa::ExitReason::illegal_instruction;
}

}  // namespace lyrebird::interpreter
