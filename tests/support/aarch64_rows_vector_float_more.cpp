#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::VectorFloatConversions>();
template std::span<const Row> rows_of<aarch64::VectorFloatProducts>();

}  // namespace lyrebird::test
