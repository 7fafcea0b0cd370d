// The A64 instruction set that Lyrebird implements: one list, from which decoder, disassembler, assembler and every tier's table
// derive. A new feature is one header and one line here.
#pragma once

#include "translator/aarch64/atomic.hpp"
#include "translator/aarch64/branch.hpp"
#include "translator/aarch64/crypto.hpp"
#include "translator/aarch64/exclusive.hpp"
#include "translator/aarch64/float.hpp"
#include "translator/aarch64/float_convert.hpp"
#include "translator/aarch64/immediate.hpp"
#include "translator/aarch64/load_store.hpp"
#include "translator/aarch64/load_store_pair.hpp"
#include "translator/aarch64/memory_copy.hpp"
#include "translator/aarch64/pointer_codes.hpp"
#include "translator/aarch64/register.hpp"
#include "translator/aarch64/system.hpp"
#include "translator/aarch64/vector_integer.hpp"
#include "translator/aarch64/vector_move.hpp"
#include "translator/aarch64/vector_shift.hpp"
#include "translator/aarch64/vector_wide.hpp"
#include "translator/aarch64/vector_float.hpp"
#include "translator/aarch64/vector_float_convert.hpp"
#include "translator/aarch64/vector_float_products.hpp"
#include "translator/aarch64/vector_structures.hpp"
#include "translator/isa/decoder.hpp"

namespace lyrebird::aarch64 {

using Chapters = isa::ChapterList<
    // General registers
    Immediate, Register, Branches, System, Literals, IntegerLoads, IntegerStores, Pairs, Exclusives, Atomics,
    MemoryCopies, PointerCodes,
    // Floating point
    Float, FloatConversions, VectorFloats, VectorFloatsOne, VectorFloatConversions, VectorFloatProducts,
    // Vectors of integers
    VectorTransfers, VectorPairs, VectorArithmetic, VectorHalving, VectorShiftsByLane, VectorSaturating, ScalarSaturating,
    VectorWide, VectorsByLane, VectorProducts, VectorSingles, VectorSaturatingSingles, VectorAcrossLanes, VectorShifts,
    VectorSaturatingShifts, VectorCopies, VectorMoves, VectorStructures, VectorStructureLanes,
    // Cryptography
    Crypto>;
using InstructionSet = Chapters::Joined;

/// The row that claims the word, or isa::no_row. A template, so that only who decodes pays for making the index.
template <class Set = InstructionSet>
constexpr isa::RowIndex decode(u32 word) {
    // Selected by bits 31 … 21 (the class of the encoding and its size) and 11, 10.
    return isa::DecodeIndex<Set, 32, 0xffe0'0c00>::find(word);
}

}  // namespace lyrebird::aarch64
