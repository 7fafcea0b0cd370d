// Tier 0 for the RISC-V guest.
#pragma once

#include <memory>

#include "runtime/memory/address_space.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::interpreter {

/// The first hart of a process: all registers zero, code from `memory`. Further harts are made by clone().
std::unique_ptr<isa::Cpu> create_riscv64_cpu(memory::AddressSpace& memory);

}  // namespace lyrebird::interpreter
