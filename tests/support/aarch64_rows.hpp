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
extern template std::span<const Row> rows_of<aarch64::VectorTransfers>();
extern template std::span<const Row> rows_of<aarch64::Pairs>();
extern template std::span<const Row> rows_of<aarch64::VectorPairs>();
extern template std::span<const Row> rows_of<aarch64::Exclusives>();
extern template std::span<const Row> rows_of<aarch64::Atomics>();
extern template std::span<const Row> rows_of<aarch64::Float>();
extern template std::span<const Row> rows_of<aarch64::FloatConversions>();
extern template std::span<const Row> rows_of<aarch64::VectorFloats>();
extern template std::span<const Row> rows_of<aarch64::VectorFloatsOne>();
extern template std::span<const Row> rows_of<aarch64::VectorFloatConversions>();
extern template std::span<const Row> rows_of<aarch64::VectorFloatProducts>();

}  // namespace lyrebird::test
