#include "translator/aarch64/guest.hpp"
#include "translator/x64/aarch64_floats.hpp"
#include "translator/x64/row.hpp"

namespace lyrebird::x64 {

template struct Chapter<aarch64::Branches>;
template struct Chapter<aarch64::System>;
template struct Chapter<aarch64::MemoryCopies>;
template struct Chapter<aarch64::PointerCodes>;

}  // namespace lyrebird::x64
