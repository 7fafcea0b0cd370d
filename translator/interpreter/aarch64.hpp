// What tier 0 knows of the AArch64 guest's instructions: instantiated in aarch64/*.cpp.
#pragma once

#include "translator/aarch64/guest.hpp"
#include "translator/interpreter/row.hpp"

namespace lyrebird::interpreter {

extern template struct Chapter<aarch64::Guest, aarch64::Immediate>;
extern template struct Chapter<aarch64::Guest, aarch64::Register>;
extern template struct Chapter<aarch64::Guest, aarch64::Branches>;
extern template struct Chapter<aarch64::Guest, aarch64::System>;
extern template struct Chapter<aarch64::Guest, aarch64::Literals>;
extern template struct Chapter<aarch64::Guest, aarch64::IntegerLoads>;
extern template struct Chapter<aarch64::Guest, aarch64::IntegerStores>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorTransfers>;
extern template struct Chapter<aarch64::Guest, aarch64::Pairs>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorPairs>;
extern template struct Chapter<aarch64::Guest, aarch64::Exclusives>;
extern template struct Chapter<aarch64::Guest, aarch64::MemoryCopies>;
extern template struct Chapter<aarch64::Guest, aarch64::PointerCodes>;
extern template struct Chapter<aarch64::Guest, aarch64::Atomics>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorStructures>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorStructureLanes>;
extern template struct Chapter<aarch64::Guest, aarch64::Crypto>;
extern template struct Chapter<aarch64::Guest, aarch64::Float>;
extern template struct Chapter<aarch64::Guest, aarch64::FloatConversions>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorArithmetic>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorHalving>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorShiftsByLane>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorSaturating>;
extern template struct Chapter<aarch64::Guest, aarch64::ScalarSaturating>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorSaturatingSingles>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorWide>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorProducts>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorsByLane>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorSingles>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorAcrossLanes>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorShifts>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorSaturatingShifts>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorCopies>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorMoves>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorFloats>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorFloatsOne>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorFloatConversions>;
extern template struct Chapter<aarch64::Guest, aarch64::VectorFloatProducts>;

}  // namespace lyrebird::interpreter
