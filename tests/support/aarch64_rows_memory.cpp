#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::Literals>();
template std::span<const Row> rows_of<aarch64::IntegerLoads>();
template std::span<const Row> rows_of<aarch64::IntegerStores>();
template std::span<const Row> rows_of<aarch64::Pairs>();
template std::span<const Row> rows_of<aarch64::Exclusives>();
template std::span<const Row> rows_of<aarch64::Atomics>();
template std::span<const Row> rows_of<aarch64::MemoryCopies>();
template std::span<const Row> rows_of<aarch64::PointerCodes>();
template std::span<const Row> rows_of<aarch64::VectorTransfers>();
template std::span<const Row> rows_of<aarch64::VectorPairs>();

}  // namespace lyrebird::test
