// Random AArch64 instruction sequences as programs: what the differential test runs on several machines and compares.
//
// A program runs many sequences, one after the other. For each it fills scratch memory from a seed, loads all registers, runs
// the sequence's instructions, and stores all registers and a checksum of scratch memory; at its end it writes these results
// to standard output. The program is a static ELF file that needs no more of an operating system than write and exit.
//
// Instructions come from our own patterns, so whatever is described is tested. Which need care is told by their encoding, not
// by their names. sp and x28 always point into the middle of scratch memory; x27 is set to an address before it is used as
// one, x26 to an offset.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/aarch64_machine.hpp"
#include "tests/support/elf_builder.hpp"
#include "tests/support/random.hpp"

namespace lyrebird::test {

/// What cannot be cut when a sequence is made shorter: instructions that belong together (an address and its access, a
/// load-exclusive and its store), or a branch over the next `skip` items.
struct Aarch64Item {
    std::vector<u32> words = {};
    /// The branch that follows the words, for the offset that it is to bridge; may be null.
    std::function<std::vector<u32>(i64 offset)> branch = {};
    int skip = 0;
    int branch_size = 0;  // in words
};

struct Aarch64Sequence {
    Aarch64Registers registers;
    u64 scratch_seed = 1;  // not zero
    std::vector<Aarch64Item> items;
    /// How often the items run, one round after the other: a loop, counted in TPIDR_EL0, that uses x26 and sets SP to its beginning.
    int rounds = 1;
    int ending = 0;  // how the loop decides: by a flag, by a register, by a bit
};

/// What a sequence leaves behind. (pc and the thread pointer have no meaning here.)
struct Aarch64Result {
    Aarch64Registers registers;
    u64 scratch_checksum = 0;
    bool operator==(const Aarch64Result&) const = default;
};

class Aarch64Generator {
  public:
    /// Rows for which `wanted` is true are used, as far as they can stand in a sequence at all; branches and accesses to
    /// system registers as well unless `plain`.
    Aarch64Generator(const std::function<bool(std::string_view name)>& wanted, bool plain);

    /// The sequence of `length` items that belongs to `seed`.
    Aarch64Sequence make(u64 seed, int length) const;

  private:
    Aarch64Item make_item(Random& random, int items_left, u32 modes) const;
    Aarch64Item make_from_row(Random& random, u32 modes) const;

    std::vector<const Row*> rows_;
    bool plain_;
};

std::vector<u32> sequence_words(const Aarch64Sequence& sequence);
std::string sequence_text(const Aarch64Sequence& sequence);

ElfBuilder sequence_program(std::span<const Aarch64Sequence> sequences);
/// From the program's output; empty when that is not of the size that `count` sequences give.
std::vector<Aarch64Result> aarch64_results(std::string_view output, std::size_t count);

/// Programs for vectors (tests/vectors): each sequence begins with scratch memory as Machine has it, at the same address, and
/// leaves all of it. x28 must point to the middle of the other scratch memory and is not to be used.
struct SingleResult {
    Aarch64Registers registers;
    std::array<u8, MachineMemory::scratch_size> scratch;
};
ElfBuilder single_program(std::span<const Aarch64Sequence> sequences);
std::vector<SingleResult> single_results(std::string_view output, std::size_t count);

/// How a load or store (C4.1.88) makes its address.
struct Addressing {
    i64 offset = 0;  // from the base, before the access
    bool writes_base = false;
    bool has_index = false;  // a register's value instead
};
Addressing addressing_of(u32 word);
/// The offset that an index register's value makes (C1.3.3).
i64 index_offset(u32 word, u64 value);
/// What an encoding is: branches, exceptions, system instructions; loads and stores but for literals; literals; exclusive
/// accesses, and those of them that load; accesses that must be aligned.
bool stands_apart(u32 word);
bool is_access(u32 word);
bool is_literal(u32 word);
bool is_exclusive(u32 word);
bool is_load_exclusive(u32 word);
bool is_ordered(u32 word);
/// Makes the register fields of a word name one of a few registers, so that instructions use each other's results.
u32 narrow_registers(u32 word, Random& random);
u32 random_fpcr(Random& random);

/// A vector of interesting elements of one size; often scalar.
VectorBits interesting_vector(Random& random);

/// What qemu 7.2 gets wrong, so that it is no witness: FCVTZS of a scalar half to fixed point leaves sign bits above the result;
/// FJCVTZS of a subnormal that FZ flushes sets Z as if the conversion had been exact.
inline bool qemu_errs(std::string_view name) { return name == "fcvtzs_fixed_h" || name == "fjcvtzs"; }

}  // namespace lyrebird::test
