// Random instruction sequences as programs: what the differential tests run on several machines and compare.
//
// A program runs many sequences, one after the other. For each it fills scratch memory from a seed, loads all
// registers, runs the sequence's instructions, and stores all registers and a checksum of scratch memory; at its end it
// writes these results to standard output. The program is a static ELF file that needs no more of an operating system
// than write and exit.
//
// Instructions come from our own patterns, so whatever is described is tested. x2, x3, x4 and x8 always point into
// scratch memory, as the bases of loads, stores and atomic operations; nothing else is special.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/elf_builder.hpp"
#include "tests/support/random.hpp"
#include "tests/support/riscv64_machine.hpp"

namespace lyrebird::test {

/// What cannot be cut when a sequence is made shorter: one instruction, a load-reserved with its store-conditional, or
/// a branch
/// ("beq x5, x6" without its target) over the next `skip` items.
struct SequenceItem {
    std::vector<u32> words;
    std::string branch;
    int skip = 0;
};

struct Sequence {
    Riscv64Registers registers;
    u64 scratch_seed = 1;  // not zero
    std::vector<SequenceItem> items;
};

/// What a sequence leaves behind. (pc has no meaning here.)
struct SequenceResult {
    Riscv64Registers registers;
    u64 scratch_checksum = 0;
    bool operator==(const SequenceResult&) const = default;
};

class SequenceGenerator {
  public:
    /// Rows for which `wanted` is true are used, as far as they can stand in a sequence at all.
    explicit SequenceGenerator(const std::function<bool(std::string_view name)>& wanted);

    /// The sequence of `length` items that belongs to `seed`.
    Sequence make(u64 seed, int length) const;

  private:
    SequenceItem make_item(Random& random, int items_left) const;
    SequenceItem make_plain(Random& random) const;

    std::vector<const Row*> rows_;
};

/// The instructions' words, with branches resolved, and the text of each ("ffd28293  addi x5, x5, −3").
std::vector<u32> sequence_words(const Sequence& sequence);
std::string sequence_text(const Sequence& sequence);

ElfBuilder sequence_program(std::span<const Sequence> sequences);
/// From the program's output; empty when that is not of the size that `count` sequences give.
std::vector<SequenceResult> sequence_results(std::string_view output, std::size_t count);

}  // namespace lyrebird::test
