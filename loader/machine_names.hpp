// Names of the machines that ELF files are built for, so that a refusal can say what the file is instead of what it is
// not.
#pragma once

#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

/// For example "RISC-V (64-bit)", "Arm (32-bit, big-endian)", "machine number 4711 (64-bit)". The arguments are
/// e_machine, and the bytes EI_CLASS and EI_DATA.
std::string machine_name(u16 machine, u8 file_class, u8 data);

}  // namespace lyrebird::loader
