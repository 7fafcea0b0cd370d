#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::VectorFloats>();
template std::span<const Row> rows_of<aarch64::VectorFloatsOne>();

}  // namespace lyrebird::test
