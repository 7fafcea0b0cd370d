// Random instruction sequences on our tiers and on qemu, compared bit by bit: all registers, fcsr, memory.
//
//     riscv64_difference [--seed N] [--count N] [--length N] [--lyre PROGRAM] [--qemu PROGRAM]
//
// Runs `count` sequences of `length` instructions, beginning with the one that belongs to `seed`; the n-th is that of
// seed + n, so a difference is found again by its own seed with --count 1. Where results differ, the sequence is made
// as short as it can be while they do, and shown. With --lyre, the whole program runs the sequences too. The exit
// status is 1 after a difference.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/riscv64_sequence.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

struct Options {
    u64 seed = 1;
    u64 count = 4000;
    int length = 30;
    std::string lyre;
    std::string qemu = "qemu-riscv64-static";
};

// ---- machines ----

/// What a program wrote before it ended well; nothing when it ended otherwise.
using Output = std::optional<std::string>;

Output run_process(const std::vector<std::string>& command) {
    TemporaryDirectory directory;
    std::string file = directory / "output";
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, file.c_str(), O_WRONLY | O_CREAT, 0600);
    std::vector<char*> arguments;
    for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    pid_t child = 0;
    int error = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    int status = -1;
    if (error != 0 || waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "%s: %s\n", arguments[0],
                error != 0 ? strerror(error) : format("ended with status {:#x}", status).c_str());
        return std::nullopt;
    }
    std::ifstream stream(file, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

/// Runs the program on a tier within this process; write and exit are all it may ask for.
Output run_tier(const Tier& tier, const ElfBuilder& elf) {
    auto memory = memory::AddressSpace::create({});
    ENSURE(memory.has_value(), "the test's address space");
    std::vector<u8> file = elf.bytes();
    for (const Elf64_Phdr& header : elf.headers) {
        u64 start = align_down(header.p_vaddr, 4096);
        u64 size = align_up(header.p_vaddr + header.p_memsz, 4096) - start;
        int protection = PROT_READ | PROT_WRITE | ((header.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
        SysResult mapped = (*memory)->map_fixed(GuestAddress(start), size, protection, -1, 0, "");
        ENSURE(mapped >= 0, "the test's memory");
        std::memcpy(GuestAddress(header.p_vaddr).host(), file.data() + header.p_offset, header.p_filesz);
    }
    std::unique_ptr<isa::Cpu> cpu = tier.create(**memory, tier.without);
    cpu->set_pc(elf.header.e_entry);
    std::string output;
    for (;;) {
        isa::ExitReason reason = cpu->run();
        isa::Cpu::SystemCall call = cpu->system_call();
        if (reason != isa::ExitReason::system_call) {
            fprintf(stderr, "%s: exit %d at %s\n", tier.name.data(), int(reason), cpu->disassemble(cpu->pc()).c_str());
            return std::nullopt;
        }
        if (call.number == 93) return output;
        output.append(GuestAddress(call.arguments[1]).host<char>(), call.arguments[2]);
        cpu->set_result(call.arguments[2]);
        cpu->advance();
    }
}

/// The extensions that qemu 7.2 has; the others' instructions are left out.
constexpr const char* qemu_cpu = "rv64,zba=true,zbb=true,zbc=true,zbs=true,Zfh=true";
bool qemu_has(std::string_view name) {
    for (std::string_view prefix : {"fli.",     "fminm.", "fmaxm.",  "fround.", "froundnx.", "fleq.", "fltq.",
                                    "fcvtmod.", "czero.", "amocas.", "cbo.",    "mop.",      "c.mop", "c.lbu",
                                    "c.lh",     "c.sb",   "c.sh",    "c.zext.", "c.sext.",   "c.not", "c.mul"}) {
        if (name.starts_with(prefix)) return false;
    }
    return name != "ctzw";  // counts in 64 bits there: mended in qemu 8.0 ("target/riscv: fix ctzw behavior")
}

class Machines {
  public:
    explicit Machines(const Options& options) : options_(options) {}

    struct Results {
        std::string name;
        std::vector<SequenceResult> each;  // empty when the program failed
    };
    /// The results of all machines, qemu first.
    std::vector<Results> run(std::span<const Sequence> sequences) const {
        ElfBuilder elf = sequence_program(sequences);
        std::vector<u8> bytes = elf.bytes();
        TemporaryDirectory directory;
        std::string file = directory.write("program", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        std::vector<Results> all;
        auto add = [&](std::string_view name, const Output& output) {
            all.push_back({std::string(name), sequence_results(output.value_or(""), sequences.size())});
        };
        add("qemu", run_process({options_.qemu, "-cpu", qemu_cpu, file}));
        for (const Tier& tier : riscv64_tiers()) add(tier.name, run_tier(tier, elf));
        if (!options_.lyre.empty()) add("lyre", run_process({options_.lyre, file}));
        return all;
    }

    /// For each sequence, true when the machines disagree.
    std::vector<bool> disagree(std::span<const Sequence> sequences) const {
        std::vector<Results> all = run(sequences);
        std::vector<bool> different(sequences.size());
        for (const Results& results : all) {
            for (std::size_t i = 0; i < sequences.size(); ++i) {
                bool whole = results.each.size() == sequences.size() && all[0].each.size() == sequences.size();
                if (!whole || !(results.each[i] == all[0].each[i])) different[i] = true;
            }
        }
        return different;
    }

  private:
    const Options& options_;
};

// ---- a difference ----

/// The sequence without items that the difference does not need.
Sequence shortest(Sequence sequence, const Machines& machines) {
    for (bool shorter = true; shorter;) {
        shorter = false;
        std::vector<Sequence> candidates;
        for (std::size_t i = 0; i < sequence.items.size(); ++i) {
            candidates.push_back(sequence);
            candidates.back().items.erase(candidates.back().items.begin() + std::ptrdiff_t(i));
        }
        if (candidates.empty()) break;
        std::vector<bool> different = machines.disagree(candidates);
        for (std::size_t i = candidates.size(); i-- > 0 && !shorter;) {
            if (!different[i]) continue;
            sequence = candidates[i];
            shorter = true;
        }
    }
    return sequence;
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

void show_difference(u64 seed, const Sequence& sequence, const Machines& machines) {
    printf("seed %llu differs:\n%s", static_cast<unsigned long long>(seed), sequence_text(sequence).c_str());
    printf("  before:");
    show_registers(registers_read(sequence), {});
    printf("\n");
    std::vector<Machines::Results> all = machines.run({&sequence, 1});
    for (const Machines::Results& results : all) {
        printf("  %s:", results.name.c_str());
        if (results.each.empty())
            printf(" failed");
        else
            show_registers(results.each[0].registers, sequence.registers);
        if (!results.each.empty())
            printf(" memory=%#llx", static_cast<unsigned long long>(results.each[0].scratch_checksum));
        printf("\n");
    }
}

int compare(const Options& options) {
    constexpr u64 batch_size = 1000, most_shown = 10;
    SequenceGenerator generator(qemu_has);
    Machines machines(options);
    u64 differences = 0;
    for (u64 done = 0; done < options.count && differences < most_shown; done += batch_size) {
        std::vector<Sequence> batch;
        for (u64 i = done; i < std::min(options.count, done + batch_size); ++i) {
            batch.push_back(generator.make(options.seed + i, options.length));
        }
        std::vector<bool> different = machines.disagree(batch);
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (!different[i] || ++differences > most_shown) continue;
            show_difference(options.seed + done + i, shortest(batch[i], machines), machines);
        }
    }
    printf("%llu sequences of %d instructions, %llu differ\n", static_cast<unsigned long long>(options.count),
           options.length, static_cast<unsigned long long>(differences));
    return differences == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view name = argv[i];
        if (name == "--seed")
            options.seed = std::strtoull(argv[i + 1], nullptr, 0);
        else if (name == "--count")
            options.count = std::strtoull(argv[i + 1], nullptr, 0);
        else if (name == "--length")
            options.length = std::atoi(argv[i + 1]);
        else if (name == "--lyre")
            options.lyre = argv[i + 1];
        else if (name == "--qemu")
            options.qemu = argv[i + 1];
        else
            argc = 0;
    }
    if (argc % 2 == 0) {
        fprintf(stderr, "usage: %s [--seed N] [--count N] [--length N] [--lyre PROGRAM] [--qemu PROGRAM]\n", argv[0]);
        return 2;
    }
    return compare(options);
}
