// RISC-V's share of the differential test (tests/support/difference.hpp).
#include "tests/support/difference.hpp"

#include "tests/support/riscv64_sequence.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

/// The extensions that qemu 7.2 has; the others' instructions are left out.
bool qemu_has(std::string_view name) {
    for (std::string_view prefix : {"fli.",     "fminm.", "fmaxm.",  "fround.", "froundnx.", "fleq.", "fltq.",
                                    "fcvtmod.", "czero.", "amocas.", "cbo.",    "mop.",      "c.mop", "c.lbu",
                                    "c.lh",     "c.sb",   "c.sh",    "c.zext.", "c.sext.",   "c.not", "c.mul"}) {
        if (name.starts_with(prefix)) return false;
    }
    return name != "ctzw";  // counts in 64 bits there: mended in qemu 8.0 ("target/riscv: fix ctzw behavior")
}

void show_registers(const Riscv64Registers& registers, const Riscv64Registers& other) {
    for (std::size_t i = 0; i < 32; ++i) {
        if (registers.x[i] != other.x[i]) printf(" x%zu=%#llx", i, static_cast<unsigned long long>(registers.x[i]));
    }
    for (std::size_t i = 0; i < 32; ++i) {
        if (registers.f[i] != other.f[i]) printf(" f%zu=%#llx", i, static_cast<unsigned long long>(registers.f[i]));
    }
    if (registers.fflags != other.fflags) printf(" fflags=%#x", registers.fflags);
    if (registers.frm != other.frm) printf(" frm=%u", registers.frm);
}

/// Registers that any of the sequence's instructions reads, others zero.
Riscv64Registers registers_read(const Sequence& sequence) {
    Riscv64Registers read = sequence.registers;
    emitters::SlotSet used;
    for (u32 word : sequence_words(sequence)) {
        emitters::Effects effects = riscv64_rows()[riscv64_decode(word)].effects(word);
        for (int i = 0; i < 32; ++i) {
            if (effects.reads.has(riscv64::x_slot(i))) used.add(riscv64::x_slot(i).offset / 4U);
            if (effects.reads.has(riscv64::f_slot(i))) used.add(riscv64::f_slot(i).offset / 4U);
        }
    }
    for (int i = 0; i < 32; ++i) {
        if (!used.has(riscv64::x_slot(i))) read.x[std::size_t(i)] = 0;
        if (!used.has(riscv64::f_slot(i))) read.f[std::size_t(i)] = 0;
    }
    return read;
}

struct Subject {
    using Sequence = test::Sequence;
    using SequenceResult = test::SequenceResult;
    static constexpr const char* qemu_cpu = "rv64,zba=true,zbb=true,zbc=true,zbs=true,Zfh=true";

    explicit Subject(const DifferenceOptions& options)
        : generator([&](std::string_view name) { return qemu_has(name) && options.wants(name); }) {}
    Sequence make(u64 seed, int length) const { return generator.make(seed, length); }

    static std::span<const Tier> tiers() { return riscv64_tiers(); }
    static ElfBuilder program(std::span<const Sequence> sequences) { return sequence_program(sequences); }
    static std::vector<SequenceResult> results(std::string_view output, std::size_t count) {
        return sequence_results(output, count);
    }
    static std::string text(const Sequence& sequence) { return sequence_text(sequence); }
    static void show_before(const Sequence& sequence) { show_registers(registers_read(sequence), {}); }
    static void show_after(const SequenceResult& result, const Sequence& sequence) {
        show_registers(result.registers, sequence.registers);
        printf(" memory=%#llx", static_cast<unsigned long long>(result.scratch_checksum));
    }

    SequenceGenerator generator;
};

}  // namespace

int main(int argc, char** argv) {
    auto options = difference_options(argc, argv, "qemu-riscv64-static");
    return options ? find_differences<Subject>(*options) : 2;
}
