// A bare RISC-V machine for tests (machine.hpp).
#pragma once

#include "tests/support/machine.hpp"
#include "tests/support/random.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::test {

std::span<const Tier> riscv64_tiers();

struct Riscv64Registers {
    std::array<u64, 32> x{};
    std::array<u64, 32> f{};
    u64 pc = 0;
    u32 fflags = 0;
    u32 frm = 0;
    bool operator==(const Riscv64Registers&) const = default;

    using State = riscv64::State;
    void put(State& state) const;
    static Riscv64Registers of(const State& state);
    static Riscv64Registers distinct();  // x0, fflags, frm: zero
    static const Instructions& instructions() { return riscv64_instructions(); }
    static std::span<const Tier> tiers() { return riscv64_tiers(); }
    bool set(const Setting& setting, std::optional<u64> value);
    void compare(std::string& report, const Riscv64Registers& expected) const;
};

extern template class Machine<Riscv64Registers>;
using Riscv64Machine = Machine<Riscv64Registers>;

// The instruction set by shorter names.
inline std::optional<u32> riscv64_assemble(std::string_view line, u64 pc) {
    return riscv64_instructions().assemble(line, pc);
}
inline std::string riscv64_disassemble(u32 word, u64 pc) {
    return riscv64_instructions().disassemble(word, pc);
}
inline isa::RowIndex riscv64_decode(u32 word) {
    return riscv64_instructions().decode(word);
}
inline int riscv64_length(u32 word) {
    return riscv64_instructions().length(word);
}
inline std::span<const Row> riscv64_rows() {
    return riscv64_instructions().rows;
}
inline u32 random_word(const Row& row, Random& random) {
    return riscv64_instructions().random_word(row, random);
}

}  // namespace lyrebird::test
