// What tier 1 knows of the AArch64 guest's instructions: instantiated in aarch64/*.cpp.
#pragma once

#include "translator/aarch64/guest.hpp"
#include "translator/x64/row.hpp"

namespace lyrebird::x64 {

extern template struct Chapter<aarch64::Immediate>;
extern template struct Chapter<aarch64::Register>;
extern template struct Chapter<aarch64::Branches>;
extern template struct Chapter<aarch64::System>;
extern template struct Chapter<aarch64::Literals>;
extern template struct Chapter<aarch64::IntegerLoads>;
extern template struct Chapter<aarch64::IntegerStores>;
extern template struct Chapter<aarch64::VectorTransfers>;
extern template struct Chapter<aarch64::Pairs>;
extern template struct Chapter<aarch64::VectorPairs>;
extern template struct Chapter<aarch64::Exclusives>;
extern template struct Chapter<aarch64::MemoryCopies>;
extern template struct Chapter<aarch64::PointerCodes>;
extern template struct Chapter<aarch64::Atomics>;
extern template struct Chapter<aarch64::VectorStructures>;
extern template struct Chapter<aarch64::VectorStructureLanes>;
extern template struct Chapter<aarch64::Crypto>;
extern template struct Chapter<aarch64::Float>;
extern template struct Chapter<aarch64::FloatConversions>;
extern template struct Chapter<aarch64::VectorArithmetic>;
extern template struct Chapter<aarch64::VectorHalving>;
extern template struct Chapter<aarch64::VectorShiftsByLane>;
extern template struct Chapter<aarch64::VectorSaturating>;
extern template struct Chapter<aarch64::ScalarSaturating>;
extern template struct Chapter<aarch64::VectorSaturatingSingles>;
extern template struct Chapter<aarch64::VectorWide>;
extern template struct Chapter<aarch64::VectorProducts>;
extern template struct Chapter<aarch64::VectorsByLane>;
extern template struct Chapter<aarch64::VectorSingles>;
extern template struct Chapter<aarch64::VectorAcrossLanes>;
extern template struct Chapter<aarch64::VectorShifts>;
extern template struct Chapter<aarch64::VectorSaturatingShifts>;
extern template struct Chapter<aarch64::VectorCopies>;
extern template struct Chapter<aarch64::VectorMoves>;
extern template struct Chapter<aarch64::VectorFloats>;
extern template struct Chapter<aarch64::VectorFloatsOne>;
extern template struct Chapter<aarch64::VectorFloatConversions>;
extern template struct Chapter<aarch64::VectorFloatProducts>;

}  // namespace lyrebird::x64
