#include "translator/aarch64/guest.hpp"
#include "translator/x64/aarch64_floats.hpp"
#include "translator/x64/row.hpp"

namespace lyrebird::x64 {

template struct Chapter<aarch64::VectorsByLane>;

}  // namespace lyrebird::x64
