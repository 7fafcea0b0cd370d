// The rows of the AArch64 description, which is too large to be compiled at once: each group of chapters is in a file of its
// own (aarch64_rows_*.cpp).
#pragma once

#include "tests/support/rows.hpp"
#include "translator/aarch64/instruction_set.hpp"

namespace lyrebird::test {

extern template std::span<const Row> rows_of<aarch64::Immediate>();
extern template std::span<const Row> rows_of<aarch64::Register>();
extern template std::span<const Row> rows_of<aarch64::Branches>();
extern template std::span<const Row> rows_of<aarch64::System>();
extern template std::span<const Row> rows_of<aarch64::Literals>();
extern template std::span<const Row> rows_of<aarch64::IntegerLoads>();
extern template std::span<const Row> rows_of<aarch64::IntegerStores>();
extern template std::span<const Row> rows_of<aarch64::Pairs>();
extern template std::span<const Row> rows_of<aarch64::Exclusives>();
extern template std::span<const Row> rows_of<aarch64::Atomics>();
extern template std::span<const Row> rows_of<aarch64::MemoryCopies>();
extern template std::span<const Row> rows_of<aarch64::PointerCodes>();
extern template std::span<const Row> rows_of<aarch64::VectorTransfers>();
extern template std::span<const Row> rows_of<aarch64::VectorPairs>();
extern template std::span<const Row> rows_of<aarch64::Float>();
extern template std::span<const Row> rows_of<aarch64::FloatConversions>();
extern template std::span<const Row> rows_of<aarch64::VectorFloats>();
extern template std::span<const Row> rows_of<aarch64::VectorFloatsOne>();
extern template std::span<const Row> rows_of<aarch64::VectorFloatConversions>();
extern template std::span<const Row> rows_of<aarch64::VectorFloatProducts>();
extern template std::span<const Row> rows_of<aarch64::VectorArithmetic>();
extern template std::span<const Row> rows_of<aarch64::VectorHalving>();
extern template std::span<const Row> rows_of<aarch64::VectorShiftsByLane>();
extern template std::span<const Row> rows_of<aarch64::VectorSaturating>();
extern template std::span<const Row> rows_of<aarch64::ScalarSaturating>();
extern template std::span<const Row> rows_of<aarch64::VectorWide>();
extern template std::span<const Row> rows_of<aarch64::VectorsByLane>();
extern template std::span<const Row> rows_of<aarch64::VectorProducts>();
extern template std::span<const Row> rows_of<aarch64::VectorAcrossLanes>();
extern template std::span<const Row> rows_of<aarch64::VectorSingles>();
extern template std::span<const Row> rows_of<aarch64::VectorSaturatingSingles>();
extern template std::span<const Row> rows_of<aarch64::VectorShifts>();
extern template std::span<const Row> rows_of<aarch64::VectorSaturatingShifts>();
extern template std::span<const Row> rows_of<aarch64::VectorCopies>();
extern template std::span<const Row> rows_of<aarch64::VectorMoves>();
extern template std::span<const Row> rows_of<aarch64::VectorStructures>();
extern template std::span<const Row> rows_of<aarch64::VectorStructureLanes>();
extern template std::span<const Row> rows_of<aarch64::Crypto>();

}  // namespace lyrebird::test
