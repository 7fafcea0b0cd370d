#include "tests/support/aarch64_rows.hpp"

namespace lyrebird::test {

template std::span<const Row> rows_of<aarch64::VectorCopies>();
template std::span<const Row> rows_of<aarch64::VectorMoves>();
template std::span<const Row> rows_of<aarch64::VectorStructures>();
template std::span<const Row> rows_of<aarch64::VectorStructureLanes>();
template std::span<const Row> rows_of<aarch64::Crypto>();

}  // namespace lyrebird::test
