#include "translator/aarch64/guest.hpp"
#include "translator/interpreter/row.hpp"

namespace lyrebird::interpreter {

template struct Chapter<aarch64::Guest, aarch64::Literals>;
template struct Chapter<aarch64::Guest, aarch64::IntegerLoads>;
template struct Chapter<aarch64::Guest, aarch64::IntegerStores>;
template struct Chapter<aarch64::Guest, aarch64::Pairs>;

}  // namespace lyrebird::interpreter
