#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::VectorWide>();
template std::span<const Row> rows_of<aarch64::VectorsByLane>();
template std::span<const Row> rows_of<aarch64::VectorProducts>();
template std::span<const Row> rows_of<aarch64::VectorAcrossLanes>();

}  // namespace lyrebird::test
