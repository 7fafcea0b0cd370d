// What tier 1 is told by whoever runs it.
#pragma once

#include <atomic>

#include "runtime/base/ints.hpp"
#include "translator/x64/features.hpp"
#include "translator/x64/registers.hpp"

namespace lyrebird::x64 {

/// What the emitter must know of its surroundings.
struct Surroundings {
    const Layout* layout;
    Features features;
    /// The pc of the store-conditional that may succeed by comparing values alone, for a load-reserved at `pc`; isa::no_partner
    /// when none is in sight: many are loads and nothing else, and a store that does come is left to tier 0; or 0 when that has
    /// happened, and tier 0 has to make the reservation, too.
    u64 (*partner)(void* host, u64 pc) = nullptr;
    void* host = nullptr;  // what `partner` is given
    /// True while no other thread and no other process sees the guest's memory: what is made then is for that time only
    /// (Translation::alone). Null: never.
    const std::atomic<bool>* alone = nullptr;
    /// Of a block that jumps to its own beginning there is code for the first round and code for the others (emit_loop.cpp); or
    /// only the latter, made so that it leaves after each round: for comparisons.
    bool single_rounds = false;
    /// True when floating point is tier 0's altogether: the guest has asked for a mode that the host does not compute in. Null: never.
    const std::atomic<bool>* floats_left = nullptr;
    /// Carries out an instruction (its row above its word) at `pc` on the guest's State, as tier 0 does: one that does not jump,
    /// and touches memory by a helper alone. Not 0 when it has left with an ExitReason. Null: the block is left for it.
    u64 (*carry_out)(u64 state, u64 instruction, u64 pc, u64) = nullptr;
    u64 options = 0;  // of the guest's processor: the verb `has`
};

}  // namespace lyrebird::x64
