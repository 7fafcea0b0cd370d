// What tier 0 knows of the AArch64 guest's instructions: instantiated in aarch64/*.cpp.
#pragma once

#include "translator/aarch64/guest.hpp"
#include "translator/interpreter/row.hpp"

namespace lyrebird::interpreter {

}  // namespace lyrebird::interpreter
