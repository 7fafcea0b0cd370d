#include "translator/interpreter/row.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::interpreter {

template struct Chapter<riscv64::Guest, riscv64::Multiply>;
template struct Chapter<riscv64::Guest, riscv64::Atomic>;
template struct Chapter<riscv64::Guest, riscv64::BitManipulation>;
template struct Chapter<riscv64::Guest, riscv64::Conditional>;
template struct Chapter<riscv64::Guest, riscv64::CompareAndSwap>;
template struct Chapter<riscv64::Guest, riscv64::CacheBlocks>;
template struct Chapter<riscv64::Guest, riscv64::MayBe>;

}  // namespace lyrebird::interpreter
