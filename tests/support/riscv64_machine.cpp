#include "tests/support/riscv64_machine.hpp"

#include <bit>
#include <cstdlib>
#include <cstring>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/machine_vectors.hpp"
#include "translator/hart/hart.hpp"

namespace lyrebird::test {

namespace {

using Mode = hart::Tiering::Mode;

template <Mode mode>
std::unique_ptr<isa::Cpu> create(memory::AddressSpace& memory, const char* without) {
    hart::Tiering tiering{.mode = mode, .code_size = 1 << 20, .without_features = without};
    auto cpu = hart::create_riscv64(memory, tiering);
    ENSURE(cpu.has_value(), "the test's hart");
    return std::move(*cpu);
}
/// Tier 1 as this machine has it, and with each of the host's features left unused.
constexpr std::array tiers{
    Tier{"interpreter", create<Mode::tier_0>, ""},
    Tier{"translator", create<Mode::tier_1>, ""},
    Tier{"translator without avx512", create<Mode::tier_1>, "avx512"},
    Tier{"translator without bmi1, bmi2, lzcnt", create<Mode::tier_1>, "bmi1,bmi2,lzcnt"},
    Tier{"translator without pclmul, aes, fma", create<Mode::tier_1>, "pclmul,aes,fma"},
    Tier{"translator for x86-64-v2", create<Mode::tier_1>, "all"},
};

/// The bits of a floating-point register: as the type says, narrower ones boxed (RISC-V unprivileged 21.2).
std::optional<u64> parse_float(std::string_view type, const std::string& text) {
    bool number =
        text.find_first_of(".npi") != std::string::npos && !text.starts_with("0x");  // 1.5, inf, nan, 0x is bits
    if (number) {
        char* end = nullptr;
        double wide = std::strtod(text.c_str(), &end);
        float narrow = std::strtof(text.c_str(), &end);
        if (*end != 0) return std::nullopt;
        if (type == "f64") return std::bit_cast<u64>(wide);
        if (type == "f32") return 0xffff'ffff'0000'0000 | std::bit_cast<u32>(narrow);
        return std::nullopt;
    }
    auto bits = parse_number(text);
    if (!bits) return std::nullopt;
    if (type == "f16") return 0xffff'ffff'ffff'0000 | (*bits & 0xffff);
    if (type == "f32") return 0xffff'ffff'0000'0000 | (*bits & 0xffff'ffff);
    return type.empty() || type == "f64" ? bits : std::nullopt;
}

}  // namespace

std::span<const Tier> riscv64_tiers() {
    return tiers;
}

Riscv64Registers Riscv64Registers::distinct() {
    Riscv64Registers registers;
    for (u64 i = 1; i < 32; ++i) registers.x[i] = i * 0x9e37'79b9'7f4a'7c15;
    for (u64 i = 0; i < 32; ++i) registers.f[i] = (i + 40) * 0x9e37'79b9'7f4a'7c15;
    registers.pc = Riscv64Machine::start_address;
    return registers;
}

void Riscv64Registers::put(State& state) const {
    std::memcpy(state.x, x.data(), sizeof state.x);
    for (std::size_t i = 0; i < 32; ++i) state.f[i].bits = f[i];
    state.pc = pc;
    state.fflags = fflags;
    state.frm = frm;
}

Riscv64Registers Riscv64Registers::of(const State& state) {
    Riscv64Registers registers;
    std::memcpy(registers.x.data(), state.x, sizeof state.x);
    for (std::size_t i = 0; i < 32; ++i) registers.f[i] = state.f[i].bits;
    registers.pc = state.pc;
    registers.fflags = state.fflags;
    registers.frm = state.frm;
    return registers;
}

bool Riscv64Registers::set(const Setting& setting, std::optional<u64> value) {
    if (auto number = register_number(setting.name, 'f')) {
        auto bits = parse_float(setting.type, setting.value);
        f[std::size_t(*number)] = bits.value_or(0);
        return bits.has_value();
    }
    if (!value) return false;
    if (auto number = register_number(setting.name, 'x'))
        x[std::size_t(*number)] = *value;
    else if (setting.name == "frm")
        frm = u32(*value);
    else if (setting.name == "fflags")
        fflags = u32(*value);
    else
        return false;
    return true;
}

void Riscv64Registers::compare(std::string& report, const Riscv64Registers& expected) const {
    for (std::size_t i = 0; i < 32; ++i) test::compare(report, format("x{}", i), x[i], expected.x[i]);
    for (std::size_t i = 0; i < 32; ++i) test::compare(report, format("f{}", i), f[i], expected.f[i]);
    test::compare(report, "fflags", fflags, expected.fflags);
    test::compare(report, "frm", frm, expected.frm);
}

template class Machine<Riscv64Registers>;

}  // namespace lyrebird::test
