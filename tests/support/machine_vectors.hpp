// How a bare machine runs a vector: the members of Machine, for the one file a guest that instantiates them.
#pragma once

#include "tests/support/machine.hpp"

namespace lyrebird::test {

std::string_view name_of(isa::ExitReason reason);

/// What a case says of a machine besides its registers, before or after.
struct Surroundings {
    std::array<u8, MachineMemory::scratch_size> scratch = MachineMemory::distinct_bytes();
    u64 start = MachineMemory::start_address;  // the address of the instruction that "pc" and "+8" are relative to
    u32 any_x = 0;                             // registers that may hold anything
    std::optional<isa::ExitReason> exit;
    std::optional<u64> fault_address;
    std::optional<u64> detail;

    /// True when it was set, false when it is wrong, nothing when the setting is none of these.
    std::optional<bool> apply(const Setting& setting);
    /// The setting's value as a number: also "@16" (in scratch memory), "pc+4"; for pc, "+8".
    std::optional<u64> value_of(const Setting& setting) const;
    void compare_scratch(std::string& report, std::span<const u8> found) const;

  private:
    bool apply_memory(const Setting& setting);
};

/// The word of one line of a case, proved to print as it was written; `.word 0x…` stands for itself.
std::optional<u32> assemble(const Instructions& instructions, const std::string& line, u64 pc, std::string& report);

template <class Registers>
struct Picture {
    Registers registers = Registers::distinct();
    Surroundings surroundings;

    bool apply(const Setting& setting) {
        if (auto done = surroundings.apply(setting)) return *done;
        auto value = surroundings.value_of(setting);
        if (setting.name == "pc" && value) registers.pc = *value;
        return setting.name == "pc" ? value.has_value() : registers.set(setting, value);
    }
};

template <class Registers>
std::string differences(Picture<Registers> expected, const typename Machine<Registers>::Outcome& outcome,
                        std::span<const u8> scratch) {
    std::string report;
    const Surroundings& around = expected.surroundings;
    // Behind the instructions there are zeros, which no instruction claims: that, or nowhere to fetch, is a regular end.
    bool regular = outcome.exit == isa::ExitReason::illegal_instruction || outcome.exit == isa::ExitReason::fetch_fault;
    if (around.exit ? outcome.exit != *around.exit : !regular) {
        report += "    exit is " + std::string(name_of(outcome.exit)) + '\n';
    }
    compare(report, "pc", outcome.registers.pc, expected.registers.pc);
    for (std::size_t i = 0; i < 32; ++i) {
        if ((around.any_x >> i & 1) != 0) expected.registers.x[i] = outcome.registers.x[i];
    }
    outcome.registers.compare(report, expected.registers);
    if (around.fault_address) compare(report, "fault", outcome.fault_address, *around.fault_address);
    if (around.detail) compare(report, "detail", outcome.detail, *around.detail);
    around.compare_scratch(report, scratch);
    return report;
}

template <class Registers>
typename Machine<Registers>::Outcome Machine<Registers>::run(std::span<const u32> words, const Registers& registers) {
    write_code(words, Registers::instructions().length);
    auto& state = *static_cast<typename Registers::State*>(hart().state());
    state.vm.fault_address = 0;
    state.vm.detail = 0;
    registers.put(state);

    Outcome outcome;
    outcome.exit = run_hart();
    outcome.fault_address = state.vm.fault_address;
    outcome.detail = state.vm.detail;
    outcome.registers = Registers::of(state);
    return outcome;
}

template <class Registers>
std::string Machine<Registers>::check(const VectorCase& vector) {
    constexpr u64 untold = 1;  // odd: never a pc
    const Instructions& instructions = Registers::instructions();
    std::string report;
    std::vector<u32> words;
    u64 last = start_address;
    u64 end = start_address;
    for (const std::string& line : vector.instructions) {
        auto word = assemble(instructions, line, end, report);
        if (!word) return report;
        words.push_back(*word);
        last = end;
        end += u64(instructions.length(*word));
    }
    Picture<Registers> picture;
    for (const Setting& setting : vector.before) {
        if (!picture.apply(setting)) report += "    cannot be set: " + setting.name + '=' + setting.value + '\n';
    }
    std::copy(picture.surroundings.scratch.begin(), picture.surroundings.scratch.end(), scratch().begin());
    Registers before = picture.registers;
    picture.registers.pc = untold;
    for (const Setting& setting : vector.after) {
        if (!picture.apply(setting)) report += "    cannot be expected: " + setting.name + '=' + setting.value + '\n';
    }
    if (picture.registers.pc == untold) picture.registers.pc = picture.surroundings.exit ? last : end;
    Outcome outcome = run(words, before);
    return report + differences(picture, outcome, scratch());
}

}  // namespace lyrebird::test
