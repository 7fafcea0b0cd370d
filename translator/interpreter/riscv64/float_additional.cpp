#include "translator/interpreter/row.hpp"
#include "translator/riscv64/guest.hpp"

namespace lyrebird::interpreter {

template struct Chapter<riscv64::Guest, riscv64::FloatAdditional>;

}  // namespace lyrebird::interpreter
