#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::VectorSingles>();
template std::span<const Row> rows_of<aarch64::VectorSaturatingSingles>();
template std::span<const Row> rows_of<aarch64::VectorShifts>();
template std::span<const Row> rows_of<aarch64::VectorSaturatingShifts>();

}  // namespace lyrebird::test
