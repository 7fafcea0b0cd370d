// Random instruction sequences on our tiers and on qemu, compared bit by bit: all registers, flags, memory.
//
//     …_difference [--seed N] [--count N] [--length N] [--only PREFIX,…] [--lyre PROGRAM] [--qemu PROGRAM]
//
// Runs `count` sequences of `length` instructions, beginning with the one that belongs to `seed`; the n-th is that of
// seed + n, so a difference is found again by its own seed with --count 1. Where results differ, the sequence is made
// as short as it can be while they do, and shown. With --lyre, the whole program runs the sequences too; with --only, plain
// instructions are those whose names begin so. The exit status is 1 after a difference.
//
// What a guest's sequences are is its `Subject`:
//
//     using Sequence = …, SequenceResult = …;            the sequence has `items`, each of which may be left out
//     static constexpr const char* qemu_cpu;
//     explicit Subject(const DifferenceOptions&);
//     Sequence make(u64 seed, int length) const;
//     static std::span<const Tier> tiers();
//     static ElfBuilder program(std::span<const Sequence>);
//     static std::vector<SequenceResult> results(std::string_view output, std::size_t count);
//     static std::string text(const Sequence&);
//     static void show_before(const Sequence&), show_after(const SequenceResult&, const Sequence&);     to standard output
#pragma once

#include <stdio.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tests/support/elf_builder.hpp"
#include "tests/support/machine.hpp"
#include "tests/support/temporary_directory.hpp"

namespace lyrebird::test {

struct DifferenceOptions {
    u64 seed = 1;
    u64 count = 4000;
    int length = 30;
    std::string only;
    std::string lyre;
    std::string qemu;

    bool wants(std::string_view name) const;
};
/// From the command line; nothing, and a word of how to use it, when that is wrong.
std::optional<DifferenceOptions> difference_options(int argc, char** argv, const char* qemu);

/// What a program wrote before it ended well; nothing when it ended otherwise.
using Output = std::optional<std::string>;
Output run_process(const std::vector<std::string>& command);
/// Runs the program on a tier within this process; write and exit are all it may ask for.
Output run_tier(const Tier& tier, const ElfBuilder& elf);

template <class Subject>
class Machines {
  public:
    using Sequence = typename Subject::Sequence;
    using SequenceResult = typename Subject::SequenceResult;

    explicit Machines(const DifferenceOptions& options) : options_(options) {}

    struct Results {
        std::string name;
        std::vector<SequenceResult> each;  // empty when the program failed
    };
    /// The results of all machines, qemu first.
    std::vector<Results> run(std::span<const Sequence> sequences) const {
        ElfBuilder elf = Subject::program(sequences);
        std::vector<u8> bytes = elf.bytes();
        TemporaryDirectory directory;
        std::string file = directory.write("program", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        std::vector<Results> all;
        auto add = [&](std::string_view name, const Output& output) {
            all.push_back({std::string(name), Subject::results(output.value_or(""), sequences.size())});
        };
        add("qemu", run_process({options_.qemu, "-cpu", Subject::qemu_cpu, file}));
        for (const Tier& tier : Subject::tiers()) add(tier.name, run_tier(tier, elf));
        if (!options_.lyre.empty()) add("lyre", run_process({options_.lyre, file}));
        return all;
    }

    /// For each sequence, true when the machines disagree. A sequence that a machine does not survive is found by halves.
    std::vector<bool> disagree(std::span<const Sequence> sequences) const {
        std::vector<Results> all = run(sequences);
        bool whole = std::all_of(all.begin(), all.end(), [](const Results& results) { return !results.each.empty(); });
        if (!whole && sequences.size() == 1) return {true};
        std::vector<bool> different(sequences.size());
        if (!whole) {
            std::vector<bool> first = disagree(sequences.first(sequences.size() / 2));
            std::vector<bool> second = disagree(sequences.subspan(sequences.size() / 2));
            std::copy(first.begin(), first.end(), different.begin());
            std::copy(second.begin(), second.end(), different.begin() + std::ptrdiff_t(first.size()));
            return different;
        }
        for (const Results& results : all) {
            for (std::size_t i = 0; i < sequences.size(); ++i) {
                if (!(results.each[i] == all[0].each[i])) different[i] = true;
            }
        }
        return different;
    }

  private:
    const DifferenceOptions& options_;
};

// ---- a difference ----

/// The sequence without items that the difference does not need.
template <class Subject, class Sequence>
Sequence shortest(Sequence sequence, const Machines<Subject>& machines) {
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

template <class Subject, class Sequence>
void show_difference(u64 seed, const Sequence& sequence, const Machines<Subject>& machines) {
    printf("seed %llu differs:\n%s", static_cast<unsigned long long>(seed), Subject::text(sequence).c_str());
    printf("  before:");
    Subject::show_before(sequence);
    printf("\n");
    for (const auto& results : machines.run({&sequence, 1})) {
        printf("  %s:", results.name.c_str());
        if (results.each.empty())
            printf(" failed");
        else
            Subject::show_after(results.each[0], sequence);
        printf("\n");
    }
}

/// Runs what the command line asks for. The exit status.
template <class Subject>
int find_differences(const DifferenceOptions& options) {
    constexpr u64 batch_size = 1000, most_shown = 10;
    Subject subject(options);
    Machines<Subject> machines(options);
    u64 differences = 0;
    for (u64 done = 0; done < options.count && differences < most_shown; done += batch_size) {
        std::vector<typename Subject::Sequence> batch;
        for (u64 i = done; i < std::min(options.count, done + batch_size); ++i) {
            batch.push_back(subject.make(options.seed + i, options.length));
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

}  // namespace lyrebird::test
