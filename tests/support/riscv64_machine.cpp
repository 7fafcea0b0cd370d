#include "tests/support/riscv64_machine.hpp"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cstdlib>
#include <cstring>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_copy.hpp"
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
    Tier{"translator without pclmul, fma", create<Mode::tier_1>, "pclmul,fma"},
    Tier{"translator for x86-64-v2", create<Mode::tier_1>, "all"},
};

// ---- faults of guest code, as the engine's handler would treat them ----

sigjmp_buf fault_return;
isa::Cpu* running = nullptr;
u64 faulting_address = 0;
constexpr u64 not_canonical = ~0ULL;

void handle_fault(int number, siginfo_t* info, void* context) {
    if (memory::redirect_copy_fault(static_cast<ucontext_t*>(context))) return;
    greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    bool is_fault = true;
    if (running != nullptr && running->recover(reinterpret_cast<u64>(info->si_addr), reinterpret_cast<u64&>(registers[REG_RIP]),
                                               reinterpret_cast<u64&>(registers[REG_RSP]), is_fault)) {
        faulting_address = info->si_code == SI_KERNEL ? not_canonical : reinterpret_cast<u64>(info->si_addr);
        return;
    }
    if (running == nullptr || !running->vm().in_code.load(std::memory_order_relaxed)) {
        signal(number, SIG_DFL);
        return;
    }
    faulting_address = reinterpret_cast<u64>(info->si_addr);
    if (info->si_code == SI_KERNEL) faulting_address = running->data_address();  // not canonical
    siglongjmp(fault_return, 1);
}

void catch_faults() {
    struct sigaction action {};
    action.sa_sigaction = handle_fault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, nullptr);
    sigaction(SIGBUS, &action, nullptr);
}

isa::ExitReason run_catching_faults(isa::Cpu& cpu) {
    running = &cpu;
    if (sigsetjmp(fault_return, 1) != 0) {
        running = nullptr;
        cpu.abandoned();
        cpu.vm().fault_address = faulting_address;
        return isa::ExitReason::data_fault;
    }
    isa::ExitReason reason = cpu.run();
    running = nullptr;
    if (reason == isa::ExitReason::data_fault) {
        cpu.vm().fault_address = faulting_address == not_canonical ? cpu.data_address() : faulting_address;
    }
    return reason;
}

// ---- names and values of the vector files ----

constexpr std::string_view exit_names[]{"none",       "attention",           "system_call", "vm_call",
                                        "breakpoint", "illegal_instruction", "misaligned",  "fetch_fault",
                                        "data_fault", "instruction_fence"};

std::string_view name_of(isa::ExitReason reason) {
    return exit_names[std::size_t(reason)];
}

/// 0 … 31 for "x0" … "x31" after `prefix`, otherwise nothing.
std::optional<int> register_number(std::string_view name, char prefix) {
    if (name.size() < 2 || name[0] != prefix) return std::nullopt;
    auto number = parse_number(name.substr(1));
    if (!number || *number > 31) return std::nullopt;
    return int(*number);
}

/// A number, "@16" (in scratch memory), "pc+4".
std::optional<u64> parse_value(std::string_view text, u64 pc) {
    if (text.starts_with('@')) {
        auto offset = parse_number(text.substr(1));
        return offset ? std::optional(Riscv64Machine::scratch_address + *offset) : std::nullopt;
    }
    if (text.starts_with("pc")) {
        auto offset = text == "pc" ? std::optional<u64>(0) : parse_number(text.substr(2));
        return offset ? std::optional(pc + *offset) : std::nullopt;
    }
    return parse_number(text);
}

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

std::optional<std::size_t> bytes_of(std::string_view type) {
    if (type == "u8" || type == "i8") return 1;
    if (type == "u16" || type == "i16") return 2;
    if (type == "u32" || type == "i32") return 4;
    if (type == "u64" || type == "i64") return 8;
    return std::nullopt;
}

/// What a case says of a machine, before or after.
struct Picture {
    Riscv64Registers registers = Riscv64Machine::distinct_registers();
    std::array<u8, Riscv64Machine::scratch_size> scratch = Riscv64Machine::distinct_bytes();
    u64 start = Riscv64Machine::start_address;  // the address of the instruction that "pc" and "+8" are relative to
    u32 any_x = 0;                              // registers that may hold anything
    std::optional<isa::ExitReason> exit;
    std::optional<u64> fault_address;
    std::optional<u64> detail;

    bool apply(const Setting& setting);
    bool apply_memory(const Setting& setting);
};

bool Picture::apply_memory(const Setting& setting) {
    auto value = parse_value(setting.value, start);
    auto size = bytes_of(setting.type);
    if (!value || !size || setting.offset + *size > scratch.size()) return false;
    std::memcpy(scratch.data() + setting.offset, &*value, *size);
    return true;
}

bool Picture::apply(const Setting& setting) {
    if (setting.name == "[]") return apply_memory(setting);
    if (setting.name == "exit") {
        for (std::size_t i = 0; i < std::size(exit_names); ++i) {
            if (exit_names[i] == setting.value) exit = isa::ExitReason(i);
        }
        return exit.has_value();
    }
    if (auto number = register_number(setting.name, 'f')) {
        auto bits = parse_float(setting.type, setting.value);
        registers.f[std::size_t(*number)] = bits.value_or(0);
        return bits.has_value();
    }
    auto number = register_number(setting.name, 'x');
    if (number && setting.value == "any") {
        any_x |= 1U << *number;
        return true;
    }
    std::string relative = setting.name == "pc" && setting.value[0] == '+' ? "pc" + setting.value : setting.value;
    if (setting.name == "pc" && setting.value[0] == '-') relative = "pc" + setting.value;
    auto value = parse_value(relative, start);
    if (!value) return false;
    if (number)
        registers.x[std::size_t(*number)] = *value;
    else if (setting.name == "pc")
        registers.pc = *value;
    else if (setting.name == "frm")
        registers.frm = u32(*value);
    else if (setting.name == "fflags")
        registers.fflags = u32(*value);
    else if (setting.name == "fault")
        fault_address = *value;
    else if (setting.name == "detail")
        detail = *value;
    else
        return false;
    return true;
}

void compare(std::string& report, std::string_view name, u64 found, u64 expected) {
    if (found != expected) append(report, "    {} is {:#x}, not {:#x}\n", name, found, expected);
}

std::string differences(const Picture& expected, const Riscv64Machine::Outcome& outcome, std::span<const u8> scratch) {
    std::string report;
    const Riscv64Registers& r = outcome.registers;
    // Behind the instructions there are zeros, which no instruction claims: that, or nowhere to fetch, is a regular
    // end.
    bool regular = outcome.exit == isa::ExitReason::illegal_instruction || outcome.exit == isa::ExitReason::fetch_fault;
    if (expected.exit ? outcome.exit != *expected.exit : !regular) {
        append(report, "    exit is {}\n", name_of(outcome.exit));
    }
    compare(report, "pc", r.pc, expected.registers.pc);
    for (std::size_t i = 0; i < 32; ++i) {
        if ((expected.any_x >> i & 1) == 0) compare(report, format("x{}", i), r.x[i], expected.registers.x[i]);
    }
    for (std::size_t i = 0; i < 32; ++i) compare(report, format("f{}", i), r.f[i], expected.registers.f[i]);
    compare(report, "fflags", r.fflags, expected.registers.fflags);
    compare(report, "frm", r.frm, expected.registers.frm);
    if (expected.fault_address) compare(report, "fault", outcome.fault_address, *expected.fault_address);
    if (expected.detail) compare(report, "detail", outcome.detail, *expected.detail);
    for (std::size_t i = 0; i < scratch.size(); ++i) {
        if (scratch[i] != expected.scratch[i]) compare(report, format("[@{}]:u8", i), scratch[i], expected.scratch[i]);
    }
    return report;
}

/// ".+8" and ".-4" as addresses: what the assembler of one line cannot know.
std::string resolve(std::string line, u64 pc) {
    for (std::size_t at = 0; (at = line.find('.', at)) != std::string::npos; ++at) {
        if (at + 1 >= line.size() || (line[at + 1] != '+' && line[at + 1] != '-')) continue;
        std::size_t end = std::min(line.find_first_of(" ,", at), line.size());
        if (auto offset = parse_number(std::string_view(line).substr(at + 1, end - at - 1))) {
            line.replace(at, end - at, format("{:#x}", pc + *offset));
        }
    }
    return line;
}

/// The word of one line of a case, proved to print as it was written; `.word 0x…` stands for itself.
std::optional<u32> assemble(const std::string& line, u64 pc, std::string& report) {
    if (line.starts_with(".word ")) {
        auto word = parse_number(std::string_view(line).substr(6));
        if (word) return u32(*word);
    }
    std::string text = resolve(line, pc);
    auto word = riscv64_assemble(text, pc);
    if (!word) {
        append(report, "    cannot be assembled: {}\n", text);
        return std::nullopt;
    }
    std::string back = riscv64_disassemble(*word, pc);
    if (back != text) append(report, "    {:#x} is \"{}\" when disassembled, not \"{}\"\n", *word, back, text);
    return word;
}

}  // namespace

std::span<const Tier> riscv64_tiers() {
    return tiers;
}

Riscv64Machine::Riscv64Machine(const Tier& tier) {
    catch_faults();
    auto memory = memory::AddressSpace::create({});
    ENSURE(memory.has_value(), "the test's address space");
    memory_ = std::move(*memory);
    SysResult code =
        memory_->map_fixed(GuestAddress(code_address), code_size, PROT_READ | PROT_WRITE | PROT_EXEC, -1, 0, "");
    SysResult data = memory_->map_fixed(GuestAddress(scratch_address), scratch_size, PROT_READ | PROT_WRITE, -1, 0, "");
    ENSURE(code >= 0 && data >= 0, "the test's memory");
    cpu_ = tier.create(*memory_, tier.without);
}

Riscv64Registers Riscv64Machine::distinct_registers() {
    Riscv64Registers registers;
    for (u64 i = 1; i < 32; ++i) registers.x[i] = i * 0x9e37'79b9'7f4a'7c15;
    for (u64 i = 0; i < 32; ++i) registers.f[i] = (i + 40) * 0x9e37'79b9'7f4a'7c15;
    registers.pc = start_address;
    return registers;
}

std::array<u8, Riscv64Machine::scratch_size> Riscv64Machine::distinct_bytes() {
    std::array<u8, scratch_size> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = u8(i * 37 + i / 256 * 11 + 129);
    return bytes;
}

std::span<u8, Riscv64Machine::scratch_size> Riscv64Machine::scratch() {
    return std::span<u8, scratch_size>(GuestAddress(scratch_address).host<u8>(), scratch_size);
}

Riscv64Machine::Outcome Riscv64Machine::run(std::span<const u32> words, const Riscv64Registers& registers) {
    u8* code = GuestAddress(start_address).host<u8>();
    std::memset(code, 0, 4096);
    for (u32 word : words) {
        std::memcpy(code, &word, 4);
        code += riscv64_length(word);
    }
    std::memset(code, 0, 4);
    cpu_->invalidate_code();

    auto& state = *static_cast<riscv64::State*>(cpu_->state());
    state.vm.fault_address = 0;
    state.vm.detail = 0;
    std::memcpy(state.x, registers.x.data(), sizeof state.x);
    for (std::size_t i = 0; i < 32; ++i) state.f[i].bits = registers.f[i];
    state.pc = registers.pc;
    state.fflags = registers.fflags;
    state.frm = registers.frm;

    Outcome outcome;
    outcome.exit = run_catching_faults(*cpu_);
    outcome.fault_address = state.vm.fault_address;
    outcome.detail = state.vm.detail;
    std::memcpy(outcome.registers.x.data(), state.x, sizeof state.x);
    for (std::size_t i = 0; i < 32; ++i) outcome.registers.f[i] = state.f[i].bits;
    outcome.registers.pc = state.pc;
    outcome.registers.fflags = state.fflags;
    outcome.registers.frm = state.frm;
    return outcome;
}

std::string Riscv64Machine::check(const VectorCase& vector) {
    constexpr u64 untold = 1;  // odd: never a pc
    std::string report;
    std::vector<u32> words;
    u64 last = start_address;
    u64 end = start_address;
    for (const std::string& line : vector.instructions) {
        auto word = assemble(line, end, report);
        if (!word) return report;
        words.push_back(*word);
        last = end;
        end += u64(riscv64_length(*word));
    }
    Picture picture;
    for (const Setting& setting : vector.before) {
        if (!picture.apply(setting)) append(report, "    cannot be set: {}={}\n", setting.name, setting.value);
    }
    std::memcpy(scratch().data(), picture.scratch.data(), scratch_size);
    Riscv64Registers before = picture.registers;
    picture.registers.pc = untold;
    for (const Setting& setting : vector.after) {
        if (!picture.apply(setting)) append(report, "    cannot be expected: {}={}\n", setting.name, setting.value);
    }
    if (picture.registers.pc == untold) picture.registers.pc = picture.exit ? last : end;
    Outcome outcome = run(words, before);
    return report + differences(picture, outcome, scratch());
}

}  // namespace lyrebird::test
