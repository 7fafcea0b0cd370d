#include "translator/x64/row.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::x64 {

template struct Chapter<riscv64::Single>;

}  // namespace lyrebird::x64
