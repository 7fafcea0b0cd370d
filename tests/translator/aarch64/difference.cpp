// AArch64's share of the differential test (tests/support/difference.hpp).
#include "tests/support/difference.hpp"

#include "tests/support/aarch64_sequence.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

void show_registers(const Aarch64Registers& registers, const Aarch64Registers& other) {
    for (std::size_t i = 0; i < 31; ++i) {
        if (registers.x[i] != other.x[i]) printf(" x%zu=%#llx", i, static_cast<unsigned long long>(registers.x[i]));
    }
    if (registers.x[31] != other.x[31]) printf(" sp=%#llx", static_cast<unsigned long long>(registers.x[31]));
    for (std::size_t i = 0; i < 32; ++i) {
        if (registers.v[i] != other.v[i]) printf(" v%zu=%s", i, text_of(registers.v[i]).c_str());
    }
    if (registers.nzcv != other.nzcv) printf(" nzcv=%u", registers.nzcv);
    if (registers.fpcr != other.fpcr) printf(" fpcr=%#x", registers.fpcr);
    if (registers.fpsr != other.fpsr) printf(" fpsr=%#x", registers.fpsr);
}

/// Registers that any of the sequence's instructions reads, others zero.
Aarch64Registers registers_read(const Aarch64Sequence& sequence) {
    Aarch64Registers read = sequence.registers;
    emitters::SlotSet used;
    for (u32 word : sequence_words(sequence)) {
        const Row* row = aarch64_instructions().find(word);
        if (row == nullptr) continue;
        emitters::Effects effects = row->effects(word);
        for (int i = 0; i < 32; ++i) {
            if (effects.reads.has(aarch64::x_slot(i))) used.add(aarch64::x_slot(i).offset / 4U);
            if (effects.reads.has(aarch64::v_slot(i))) used.add(aarch64::v_slot(i).offset / 4U);
        }
    }
    for (int i = 0; i < 32; ++i) {
        if (!used.has(aarch64::x_slot(i))) read.x[std::size_t(i)] = 0;
        if (!used.has(aarch64::v_slot(i))) read.v[std::size_t(i)] = {};
    }
    return read;
}

struct Subject {
    using Sequence = Aarch64Sequence;
    using SequenceResult = Aarch64Result;
    static constexpr const char* qemu_cpu = "max,pauth=off,sve=off,sme=off";

    explicit Subject(const DifferenceOptions& options)
        : generator([&](std::string_view name) { return options.wants(name) && !qemu_errs(name); }, !options.only.empty()) {}
    Sequence make(u64 seed, int length) const { return generator.make(seed, length); }

    static std::span<const Tier> tiers() { return aarch64_tiers(); }
    static ElfBuilder program(std::span<const Sequence> sequences) { return sequence_program(sequences); }
    static std::vector<SequenceResult> results(std::string_view output, std::size_t count) {
        return aarch64_results(output, count);
    }
    static std::string text(const Sequence& sequence) { return sequence_text(sequence); }
    static void show_before(const Sequence& sequence) { show_registers(registers_read(sequence), {}); }
    static void show_after(const SequenceResult& result, const Sequence& sequence) {
        show_registers(result.registers, sequence.registers);
        printf(" memory=%#llx", static_cast<unsigned long long>(result.scratch_checksum));
    }

    Aarch64Generator generator;
};

}  // namespace

int main(int argc, char** argv) {
    auto options = difference_options(argc, argv, "qemu-aarch64-static");
    return options ? find_differences<Subject>(*options) : 2;
}
