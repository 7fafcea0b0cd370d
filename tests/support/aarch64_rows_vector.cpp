#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::VectorArithmetic>();
template std::span<const Row> rows_of<aarch64::VectorHalving>();
template std::span<const Row> rows_of<aarch64::VectorShiftsByLane>();
template std::span<const Row> rows_of<aarch64::VectorSaturating>();
template std::span<const Row> rows_of<aarch64::ScalarSaturating>();

}  // namespace lyrebird::test
