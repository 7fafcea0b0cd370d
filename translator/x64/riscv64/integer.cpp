#include "translator/x64/row.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::x64 {

template struct Chapter<riscv64::Multiply>;
template struct Chapter<riscv64::Atomic>;
template struct Chapter<riscv64::BitManipulation>;
template struct Chapter<riscv64::Conditional>;
template struct Chapter<riscv64::CompareAndSwap>;
template struct Chapter<riscv64::CacheBlocks>;
template struct Chapter<riscv64::MayBe>;

}  // namespace lyrebird::x64
