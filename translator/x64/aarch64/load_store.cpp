#include "translator/aarch64/guest.hpp"
#include "translator/x64/aarch64_floats.hpp"
#include "translator/x64/row.hpp"

namespace lyrebird::x64 {

template struct Chapter<aarch64::Literals>;
template struct Chapter<aarch64::IntegerLoads>;
template struct Chapter<aarch64::IntegerStores>;
template struct Chapter<aarch64::Pairs>;

}  // namespace lyrebird::x64
