#include "tests/support/aarch64_machine.hpp"

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

template <Mode mode, u64 options = 0>
std::unique_ptr<isa::Cpu> create(memory::AddressSpace& memory, const char* without) {
    hart::Tiering tiering{.mode = mode, .code_size = 1 << 20, .without_features = without, .options = options};
    auto cpu = hart::create_aarch64(memory, tiering);
    ENSURE(cpu.has_value(), "the test's hart");
    auto& keys = static_cast<aarch64::State*>((*cpu)->state())->keys;
    for (u64 number = 0; number < aarch64::key_count; ++number) {
        keys[number] = {.low = 0xec28'02d4'e0a4'88e9 + number, .high = 0x84be'85ce'9804'e94b + number};
    }
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
constexpr std::array max_tiers{
    Tier{"interpreter", create<Mode::tier_0, aarch64::option_pointer_authentication>, ""},
    Tier{"translator", create<Mode::tier_1, aarch64::option_pointer_authentication>, ""},
    Tier{"translator for x86-64-v2", create<Mode::tier_1, aarch64::option_pointer_authentication>, "all"},
};

/// The bits of a vector register: up to 32 hexadecimal digits, or a number of the type, the rest zero.
std::optional<VectorBits> parse_vector_bits(std::string_view type, std::string text) {
    std::erase(text, '\'');
    if (text.starts_with("0x") && text.size() > 18 && text.size() <= 34 && type.empty()) {
        auto high = parse_number(text.substr(0, text.size() - 16));
        auto low = parse_number("0x" + text.substr(text.size() - 16));
        return high && low ? std::optional(VectorBits{*low, *high}) : std::nullopt;
    }
    if (auto bits = parse_number(text)) {
        if (type == "f16") return VectorBits{*bits & 0xffff, 0};
        if (type == "f32") return VectorBits{*bits & 0xffff'ffff, 0};
        return type.empty() || type == "f64" ? std::optional(VectorBits{*bits, 0}) : std::nullopt;
    }
    char* end = nullptr;
    double wide = std::strtod(text.c_str(), &end);
    float narrow = std::strtof(text.c_str(), &end);
    if (*end != 0) return std::nullopt;
    if (type == "f64") return VectorBits{std::bit_cast<u64>(wide), 0};
    if (type == "f32") return VectorBits{std::bit_cast<u32>(narrow), 0};
    return std::nullopt;
}

}  // namespace

std::span<const Tier> aarch64_tiers() {
    return tiers;
}

std::span<const Tier> aarch64_max_tiers() {
    return max_tiers;
}

std::string text_of(const VectorBits& bits) {
    return bits[1] == 0 ? format("{:#x}", bits[0]) : format("{:#x}{:016x}", bits[1], bits[0]);
}

Aarch64Registers Aarch64Registers::distinct() {
    Aarch64Registers registers;
    for (u64 i = 0; i < 32; ++i) registers.x[i] = (i + 1) * 0x9e37'79b9'7f4a'7c15;
    for (u64 i = 0; i < 32; ++i) registers.v[i] = {(i + 40) * 0x9e37'79b9'7f4a'7c15, (i + 80) * 0x9e37'79b9'7f4a'7c15};
    registers.pc = Aarch64Machine::start_address;
    registers.thread_pointer = 0x7a7a'7b7b'7c7c'7d7d;
    return registers;
}

void Aarch64Registers::put(State& state) const {
    std::memcpy(state.x, x.data(), sizeof state.x);
    for (std::size_t i = 0; i < 32; ++i) state.v[i] = {v[i][0], v[i][1]};
    state.pc = pc;
    state.flags = aarch64::flags_of(nzcv << 28);
    state.fpcr = fpcr;
    state.fpsr = aarch64::stored_fpsr(fpsr);
    state.pstate = pstate;
    state.thread_pointer = thread_pointer;
}

Aarch64Registers Aarch64Registers::of(const State& state) {
    Aarch64Registers registers;
    std::memcpy(registers.x.data(), state.x, sizeof state.x);
    for (std::size_t i = 0; i < 32; ++i) registers.v[i] = {state.v[i].low, state.v[i].high};
    registers.pc = state.pc;
    registers.nzcv = aarch64::nzcv_of(state.flags) >> 28;
    registers.fpcr = state.fpcr;
    registers.fpsr = aarch64::fpsr_of(state.fpsr);
    registers.pstate = state.pstate;
    registers.thread_pointer = state.thread_pointer;
    return registers;
}

bool Aarch64Registers::set(const Setting& setting, std::optional<u64> value) {
    if (auto number = register_number(setting.name, 'v')) {
        auto bits = parse_vector_bits(setting.type, setting.value);
        v[std::size_t(*number)] = bits.value_or(VectorBits{});
        return bits.has_value();
    }
    if (!value) return false;
    auto number = setting.name == "sp" ? 31 : register_number(setting.name, 'x');
    if (number && (setting.name == "sp" || *number != 31))
        x[std::size_t(*number)] = *value;
    else if (setting.name == "nzcv")
        nzcv = u32(*value);
    else if (setting.name == "fpcr")
        fpcr = u32(*value);
    else if (setting.name == "fpsr")
        fpsr = u32(*value);
    else if (setting.name == "pstate")
        pstate = u32(*value);
    else if (setting.name == "tpidr_el0")
        thread_pointer = *value;
    else
        return false;
    return true;
}

void Aarch64Registers::compare(std::string& report, const Aarch64Registers& expected) const {
    for (std::size_t i = 0; i < 31; ++i) test::compare(report, format("x{}", i), x[i], expected.x[i]);
    test::compare(report, "sp", x[31], expected.x[31]);
    for (std::size_t i = 0; i < 32; ++i) {
        if (v[i] == expected.v[i]) continue;
        append(report, "    v{} is {}, not {}\n", i, text_of(v[i]), text_of(expected.v[i]));
    }
    test::compare(report, "nzcv", nzcv, expected.nzcv);
    test::compare(report, "fpcr", fpcr, expected.fpcr);
    test::compare(report, "fpsr", fpsr, expected.fpsr);
    test::compare(report, "pstate", pstate, expected.pstate);
    test::compare(report, "tpidr_el0", thread_pointer, expected.thread_pointer);
}

template class Machine<Aarch64Registers>;

}  // namespace lyrebird::test
