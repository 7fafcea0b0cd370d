// One guest hart as the engine's Cpu: its State, and the tiers that may run it.
//
// Which tier runs is decided here and nowhere else. Tier 1 runs whatever it has translated; code that is met for the first time
// is carried out by tier 0 without being kept, and translated when it is met again (Tiering::translate_after). Tier 0 also
// takes what tier 1 leaves to it: single instructions, whole stretches while the guest rounds in a way that the host does not
// have, and what stands between a load-reserved and a store-conditional that need the hart to be alone.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/result.hpp"
#include "runtime/memory/address_space.hpp"
#include "translator/isa/cpu.hpp"

namespace lyrebird::hart {

struct Tiering {
    enum class Mode : u8 { tier_0, tier_1, automatic };
    Mode mode = Mode::automatic;
    unsigned translate_after = 1;   // visits of a block in tier 0, in automatic mode
    std::size_t code_size = 64 << 20;  // of translated code, in bytes
    std::string without_features;   // of the host: x64::Features::without
    bool measure = false;           // the time that translation takes
    bool check = false;             // run every block in both tiers and stop at a difference
    u64 options = 0;                // of the guest's processor, as its State names them
};

/// The first hart of a process: all registers zero, code from `memory`. Further harts are made by clone().
Result<std::unique_ptr<isa::Cpu>> create_riscv64(memory::AddressSpace& memory, const Tiering& tiering);
Result<std::unique_ptr<isa::Cpu>> create_aarch64(memory::AddressSpace& memory, const Tiering& tiering);

}  // namespace lyrebird::hart
