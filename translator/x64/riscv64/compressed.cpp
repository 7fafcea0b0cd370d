#include "translator/x64/row.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::x64 {

template struct Chapter<riscv64::CompressedBase>;
template struct Chapter<riscv64::CompressedMore>;
template struct Chapter<riscv64::CompressedFloat>;

}  // namespace lyrebird::x64
