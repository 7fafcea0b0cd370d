#include "translator/aarch64/guest.hpp"
#include "translator/interpreter/row.hpp"

namespace lyrebird::interpreter {

template struct Chapter<aarch64::Guest, aarch64::Branches>;
template struct Chapter<aarch64::Guest, aarch64::System>;
template struct Chapter<aarch64::Guest, aarch64::MemoryCopies>;
template struct Chapter<aarch64::Guest, aarch64::PointerCodes>;

}  // namespace lyrebird::interpreter
