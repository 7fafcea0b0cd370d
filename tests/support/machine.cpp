#include "tests/support/machine.hpp"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_copy.hpp"
#include "tests/support/machine_vectors.hpp"

namespace lyrebird::test {

namespace {

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

/// Before each run: the test framework sets its own handlers for each test case.
void catch_faults() {
    struct sigaction action {};
    action.sa_sigaction = handle_fault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, nullptr);
    sigaction(SIGBUS, &action, nullptr);
}

// ---- names and values of the vector files ----

constexpr std::string_view exit_names[]{"none",       "attention",           "system_call", "vm_call",
                                        "breakpoint", "illegal_instruction", "misaligned",  "fetch_fault",
                                        "data_fault", "instruction_fence",   "foreign_step"};

/// A number, "@16" (in scratch memory), "pc+4".
std::optional<u64> parse_value(std::string_view text, u64 pc) {
    if (text.starts_with('@')) {
        auto offset = parse_number(text.substr(1));
        return offset ? std::optional(MachineMemory::scratch_address + *offset) : std::nullopt;
    }
    if (text.starts_with("pc")) {
        auto offset = text == "pc" ? std::optional<u64>(0) : parse_number(text.substr(2));
        return offset ? std::optional(pc + *offset) : std::nullopt;
    }
    return parse_number(text);
}

std::optional<std::size_t> bytes_of(std::string_view type) {
    if (type == "u8" || type == "i8") return 1;
    if (type == "u16" || type == "i16") return 2;
    if (type == "u32" || type == "i32") return 4;
    if (type == "u64" || type == "i64") return 8;
    return std::nullopt;
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

}  // namespace

isa::ExitReason run_catching_faults(isa::Cpu& cpu) {
    catch_faults();
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

MachineMemory::MachineMemory(const Tier& tier) {
    auto memory = memory::AddressSpace::create({});
    ENSURE(memory.has_value(), "the test's address space");
    memory_ = std::move(*memory);
    SysResult code =
        memory_->map_fixed(GuestAddress(code_address), code_size, PROT_READ | PROT_WRITE | PROT_EXEC, -1, 0, "");
    SysResult data = memory_->map_fixed(GuestAddress(scratch_address), scratch_size, PROT_READ | PROT_WRITE, -1, 0, "");
    ENSURE(code >= 0 && data >= 0, "the test's memory");
    hart_ = tier.create(*memory_, tier.without);
}

std::array<u8, MachineMemory::scratch_size> MachineMemory::distinct_bytes() {
    std::array<u8, scratch_size> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = u8(i * 37 + i / 256 * 11 + 129);
    return bytes;
}

std::span<u8, MachineMemory::scratch_size> MachineMemory::scratch() {
    return std::span<u8, scratch_size>(GuestAddress(scratch_address).host<u8>(), scratch_size);
}

void MachineMemory::write_code(std::span<const u32> words, int (*length)(u32 word)) {
    u8* code = GuestAddress(start_address).host<u8>();
    std::memset(code, 0, 4096);
    for (u32 word : words) {
        std::memcpy(code, &word, 4);
        code += length(word);
    }
    std::memset(code, 0, 4);
    hart_->invalidate_code();
}

isa::ExitReason MachineMemory::run_hart() {
    return run_catching_faults(*hart_);
}

// ---- vectors ----

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

void compare(std::string& report, std::string_view name, u64 found, u64 expected) {
    if (found != expected) append(report, "    {} is {:#x}, not {:#x}\n", name, found, expected);
}

bool Surroundings::apply_memory(const Setting& setting) {
    auto value = parse_value(setting.value, start);
    auto size = bytes_of(setting.type);
    if (!value || !size || setting.offset + *size > scratch.size()) return false;
    std::memcpy(scratch.data() + setting.offset, &*value, *size);
    return true;
}

std::optional<bool> Surroundings::apply(const Setting& setting) {
    if (setting.name == "[]") return apply_memory(setting);
    if (setting.name == "exit") {
        for (std::size_t i = 0; i < std::size(exit_names); ++i) {
            if (exit_names[i] == setting.value) exit = isa::ExitReason(i);
        }
        return exit.has_value();
    }
    auto number = register_number(setting.name, 'x');
    if (number && setting.value == "any") {
        any_x |= 1U << *number;
        return true;
    }
    if (setting.name != "fault" && setting.name != "detail") return std::nullopt;
    auto value = value_of(setting);
    (setting.name == "fault" ? fault_address : detail) = value;
    return value.has_value();
}

std::optional<u64> Surroundings::value_of(const Setting& setting) const {
    bool relative = setting.name == "pc" && (setting.value[0] == '+' || setting.value[0] == '-');
    return parse_value(relative ? "pc" + setting.value : setting.value, start);
}

void Surroundings::compare_scratch(std::string& report, std::span<const u8> found) const {
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (found[i] != scratch[i]) compare(report, format("[@{}]:u8", i), found[i], scratch[i]);
    }
}

/// The word of one line of a case, proved to print as it was written; `.word 0x…` stands for itself.
std::optional<u32> assemble(const Instructions& instructions, const std::string& line, u64 pc, std::string& report) {
    if (line.starts_with(".word ")) {
        auto word = parse_number(std::string_view(line).substr(6));
        if (word) return u32(*word);
    }
    std::string text = resolve(line, pc);
    auto word = instructions.assemble(text, pc);
    if (!word) {
        append(report, "    cannot be assembled: {}\n", text);
        return std::nullopt;
    }
    std::string back = instructions.disassemble(*word, pc);
    if (back != text) append(report, "    {:#x} is \"{}\" when disassembled, not \"{}\"\n", *word, back, text);
    return word;
}

}  // namespace lyrebird::test
