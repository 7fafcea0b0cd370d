// A bare AArch64 machine for tests (machine.hpp).
#pragma once

#include "tests/support/machine.hpp"
#include "translator/aarch64/state.hpp"

namespace lyrebird::test {

std::span<const Tier> aarch64_tiers();
/// On the processor that --cpu=max chooses, with keys that are known: see tests/vectors/aarch64_max.
std::span<const Tier> aarch64_max_tiers();

/// Half of a vector register each: low, high.
using VectorBits = std::array<u64, 2>;

struct Aarch64Registers {
    std::array<u64, 32> x{};  // x[31] is sp
    std::array<VectorBits, 32> v{};
    u64 pc = 0;
    u32 nzcv = 0;  // in bits 3 … 0
    u32 fpcr = 0;
    u32 fpsr = 0;  // the architecture's
    u32 pstate = 0;  // DIT, SSBS where the architecture's registers have them
    u64 thread_pointer = 0;
    bool operator==(const Aarch64Registers&) const = default;

    using State = aarch64::State;
    void put(State& state) const;
    static Aarch64Registers of(const State& state);
    static Aarch64Registers distinct();  // nzcv, fpcr, fpsr: zero
    static const Instructions& instructions() { return aarch64_instructions(); }
    static std::span<const Tier> tiers() { return aarch64_tiers(); }
    bool set(const Setting& setting, std::optional<u64> value);
    void compare(std::string& report, const Aarch64Registers& expected) const;
};

extern template class Machine<Aarch64Registers>;
using Aarch64Machine = Machine<Aarch64Registers>;

/// "0x3ff0", as vector files have it.
std::string text_of(const VectorBits& bits);

}  // namespace lyrebird::test
