#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::Float>();
template std::span<const Row> rows_of<aarch64::FloatConversions>();

}  // namespace lyrebird::test
