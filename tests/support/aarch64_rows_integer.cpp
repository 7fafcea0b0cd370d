#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::Immediate>();
template std::span<const Row> rows_of<aarch64::Register>();
template std::span<const Row> rows_of<aarch64::Branches>();
template std::span<const Row> rows_of<aarch64::System>();

}  // namespace lyrebird::test
