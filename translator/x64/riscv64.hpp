// What tier 1 knows of the RISC-V guest's instructions: instantiated in riscv64/*.cpp.
#pragma once

#include "translator/riscv64/guest.hpp"
#include "translator/x64/row.hpp"

namespace lyrebird::x64 {

extern template struct Chapter<riscv64::Base>;
extern template struct Chapter<riscv64::ControlStatus>;
extern template struct Chapter<riscv64::Multiply>;
extern template struct Chapter<riscv64::Atomic>;
extern template struct Chapter<riscv64::BitManipulation>;
extern template struct Chapter<riscv64::Conditional>;
extern template struct Chapter<riscv64::CompareAndSwap>;
extern template struct Chapter<riscv64::CacheBlocks>;
extern template struct Chapter<riscv64::MayBe>;
extern template struct Chapter<riscv64::CompressedBase>;
extern template struct Chapter<riscv64::CompressedMore>;
extern template struct Chapter<riscv64::CompressedFloat>;
extern template struct Chapter<riscv64::Single>;
extern template struct Chapter<riscv64::Double>;
extern template struct Chapter<riscv64::Half>;
extern template struct Chapter<riscv64::FloatAdditional>;

}  // namespace lyrebird::x64
