// Makes vectors of what needs no hand: one instruction between registers and memory, its results computed by qemu.
//
//     aarch64_make_vectors [--qemu PROGRAM] [--each N]
//
// For each row of the description that has fewer than N vectors in tests/vectors/aarch64, and that qemu has, it adds as many
// to the file of its class (generated_….txt) as are missing. Instructions that go elsewhere, depend on where they stand, or
// concern the system are left to the hand.
#include <stdio.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/aarch64_program.hpp"
#include "tests/support/aarch64_sequence.hpp"
#include "tests/support/difference.hpp"
#include "tests/support/interesting.hpp"
#include "tests/support/machine_vectors.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

struct Candidate {
    const Row* row;
    u32 word;
    std::vector<u32> words;  // a store-exclusive's load, and the word
    Aarch64Sequence sequence;
    std::vector<std::string> before;
};

std::string file_of(u32 word) {
    u32 group = bits(word, 25, 4);
    if (group == 8 || group == 9) return "generated_immediate.txt";
    if ((group & 7) == 5) return "generated_register.txt";
    if (group == 7) return "generated_vector.txt";
    if (group == 15) return bits(word, 28, 4) == 1 ? "generated_float.txt" : "generated_scalar.txt";
    return bits(word, 26, 1) != 0 ? "generated_vector_memory.txt" : "generated_memory.txt";
}

/// A load that a store-exclusive can belong to; 0 when registers do not suit.
u32 load_exclusive(u32 store, Random& random) {
    bool pair = bits(store, 21, 1) != 0;
    u32 status = bits(store, 16, 5), second = bits(store, 10, 5), base = bits(store, 5, 5), value = bits(store, 0, 5);
    if (status == value || (pair && status == second) || status == base) return 0;
    u32 loaded = u32(random.below(7)), also = (loaded + 1) % 7;
    if (loaded == base || also == base) return 0;
    return (store & ~0x001f'7c1fU) | 1U << 22 | 31U << 16 | (pair ? also : 31) << 10 | loaded;
}

/// Memory: the base (and the index) so that the address lies in scratch memory. False when registers do not suit.
bool set_address(Candidate& candidate, Random& random) {
    u32 word = candidate.word;
    Addressing addressing = addressing_of(word);
    u32 base = bits(word, 5, 5), index = bits(word, 16, 5), t = bits(word, 0, 5), t2 = bits(word, 10, 5);
    bool pair = (word & 0x3a00'0000) == 0x2800'0000, vector = bits(word, 26, 1) != 0, loads = bits(word, 22, 1) != 0;
    if (pair && loads && t == t2) return false;
    if (!vector && (t == base || (pair && t2 == base))) return false;
    if (addressing.has_index && index == base) return false;
    auto& x = candidate.sequence.registers.x;
    if (addressing.has_index && index != 31) {
        x[index] = random.once_in(2) ? random.below(16) : interesting_integer(random);
        candidate.before.push_back(format("x{}={:#x}", index, x[index]));
        addressing.offset = index_offset(word, x[index]);
    }
    u64 place = align_down(1024 + random.below(2048), is_ordered(word) ? 16 : 1);
    x[base] = MachineMemory::scratch_address + place - u64(addressing.offset);
    bool near = x[base] - MachineMemory::scratch_address < 0x8000'0000;
    std::string name = base == 31 ? "sp" : format("x{}", base);
    candidate.before.push_back(near ? format("{}=@{}", name, x[base] - MachineMemory::scratch_address)
                                    : format("{}={:#x}", name, x[base]));
    return true;
}

void set_registers(Candidate& candidate, Random& random) {
    Aarch64Registers& registers = candidate.sequence.registers;
    emitters::Effects effects = candidate.row->effects(candidate.word);
    for (u32 word : candidate.words) {
        emitters::Effects more = aarch64_instructions().find(word)->effects(word);
        for (int i = 0; i < 32; ++i) {
            if (more.reads.has(aarch64::x_slot(i))) effects.reads.add(aarch64::x_slot(i).offset / 4U);
        }
    }
    bool access = is_access(candidate.word);
    u32 base = bits(candidate.word, 5, 5), index = bits(candidate.word, 16, 5);
    bool indexed = access && addressing_of(candidate.word).has_index;
    for (u32 i = 0; i < 32; ++i) {
        if (!effects.reads.has(aarch64::x_slot(int(i))) || (access && i == base) || (indexed && i == index)) continue;
        registers.x[i] = interesting_integer(random);
        candidate.before.push_back(i == 31 ? format("sp={:#x}", registers.x[i]) : format("x{}={:#x}", i, registers.x[i]));
    }
    for (u32 i = 0; i < 32; ++i) {
        if (!effects.reads.has(aarch64::v_slot(int(i)))) continue;
        registers.v[i] = interesting_vector(random);
        candidate.before.push_back(format("v{}={}", i, text_of(registers.v[i])));
    }
    if (effects.reads.has(aarch64::flags_slot)) registers.nzcv = u32(random.below(16));
    if (registers.nzcv != 0) candidate.before.push_back(format("nzcv={}", registers.nzcv));
    bool floats = effects.reads_rounding || effects.raises_flags || effects.reads.has(aarch64::fpcr_slot);
    if (floats && random.once_in(2)) registers.fpcr = random_fpcr(random);
    if (registers.fpcr != 0) candidate.before.push_back(format("fpcr={:#x}", registers.fpcr));
}

std::optional<Candidate> make(const Row& row, Random& random) {
    const Instructions& instructions = aarch64_instructions();
    u32 word = instructions.random_word(row, random);
    u32 narrowed = (narrow_registers(word, random) & ~row.pattern.mask) | row.pattern.match;
    if (row.claims(narrowed) && instructions.find(narrowed) == &row) word = narrowed;
    if (stands_apart(word) || program::lacks(word) || is_literal(word)) return std::nullopt;
    if ((word & 0x1f00'0000) == 0x1000'0000) return std::nullopt;  // addresses relative to pc
    if (instructions.assemble(row.print(word, 0), 0) != word || qemu_errs(row.name)) return std::nullopt;
    emitters::Effects effects = row.effects(word);
    if (effects.reads.has(aarch64::x_slot(28)) || effects.writes.has(aarch64::x_slot(28))) return std::nullopt;
    Candidate candidate{&row, word, {word}, {}, {}};
    if (is_exclusive(word) && !is_load_exclusive(word)) {
        u32 load = load_exclusive(word, random);
        if (load == 0 || instructions.find(load) == nullptr) return std::nullopt;
        candidate.words.insert(candidate.words.begin(), load);
    }
    candidate.sequence.registers = Aarch64Registers::distinct();
    candidate.sequence.items.push_back({candidate.words});
    if (is_access(word) && !set_address(candidate, random)) return std::nullopt;
    set_registers(candidate, random);
    candidate.sequence.registers.x[28] = program::middle;
    return candidate;
}

/// What the instruction changed, as a vector's right side.
std::string changes(const Candidate& candidate, const SingleResult& result) {
    std::string text;
    const Aarch64Registers &before = candidate.sequence.registers, &after = result.registers;
    for (std::size_t i = 0; i < 32; ++i) {
        if (after.x[i] == before.x[i]) continue;
        u64 place = after.x[i] - MachineMemory::scratch_address;
        bool address = is_access(candidate.word) && bits(candidate.word, 5, 5) == i && place < 0x8000'0000;
        append(text, " {}={}", i == 31 ? "sp" : format("x{}", i), address ? format("@{}", place) : format("{:#x}", after.x[i]));
    }
    for (std::size_t i = 0; i < 32; ++i) {
        if (after.v[i] != before.v[i]) append(text, " v{}={}", i, text_of(after.v[i]));
    }
    if (after.nzcv != before.nzcv) append(text, " nzcv={}", after.nzcv);
    if (after.fpsr != before.fpsr) append(text, " fpsr={:#x}", after.fpsr);
    auto old = MachineMemory::distinct_bytes();
    for (std::size_t i = 0; i < old.size();) {
        if (result.scratch[i] == old[i]) {
            ++i;
            continue;
        }
        u64 word = 0;
        std::size_t start = std::min(i, old.size() - 8);
        std::memcpy(&word, result.scratch.data() + start, 8);
        append(text, " [@{}]:u64={:#x}", start, word);
        i = start + 8;
    }
    return text;
}

class Maker {
  public:
    Maker(std::string qemu, int each) : qemu_(std::move(qemu)), each_(each) {
        for (const VectorCase& vector : read_vector_files(directory()).cases) {
            std::string report;
            for (const std::string& line : vector.instructions) {
                if (auto word = assemble(aarch64_instructions(), line, MachineMemory::start_address, report))
                    ++have_[aarch64_instructions().find(*word)];
            }
        }
    }

    void run() {
        std::vector<Candidate> candidates;
        for (const Row& row : aarch64_instructions().rows) {
            u64 seed = 0;
            for (char character : row.name) seed = seed * 31 + u64(character);
            Random random(seed + row.pattern.match);
            int tried = 0;
            for (int made = 0; made < 4 * each_ && tried < 4000; ++tried) {
                auto candidate = make(row, random);
                if (!candidate) continue;
                candidates.push_back(*candidate);
                ++made;
            }
        }
        constexpr std::size_t batch = 500;
        std::span<const Candidate> all = candidates;
        for (std::size_t i = 0; i < all.size(); i += batch) take(all.subspan(i, std::min(batch, all.size() - i)));
        for (const auto& [file, text] : files_) std::ofstream(directory() + "/" + file, std::ios::app) << text;
    }

  private:
    static std::string directory() { return tests_directory() + "/vectors/aarch64"; }

    void take(std::span<const Candidate> candidates) {
        std::vector<Aarch64Sequence> sequences;
        for (const Candidate& candidate : candidates) sequences.push_back(candidate.sequence);
        std::vector<u8> bytes = single_program(sequences).bytes();
        TemporaryDirectory directory;
        std::string file = directory.write("program", {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        auto output = run_process({qemu_, "-cpu", "max,pauth=off,sve=off,sme=off", file});
        auto results = single_results(output.value_or(""), sequences.size());
        if (results.empty() && candidates.size() == 1) {
            printf("qemu refuses %s\n", candidates[0].row->print(candidates[0].word, 0).c_str());
        } else if (results.empty()) {
            take(candidates.first(candidates.size() / 2));
            take(candidates.subspan(candidates.size() / 2));
        }
        for (std::size_t i = 0; i < results.size(); ++i) write(candidates[i], results[i]);
    }

    void write(const Candidate& candidate, const SingleResult& result) {
        int& have = have_[candidate.row];
        std::string after = changes(candidate, result);
        if (have >= each_) return;
        ++have;
        std::string line;
        for (u32 word : candidate.words) line += (line.empty() ? "" : "; ") + aarch64_instructions().disassemble(word, 0);
        line += " |";
        for (const std::string& setting : candidate.before) line += ' ' + setting;
        files_[file_of(candidate.word)] += line + " =>" + after + '\n';
    }

    std::string qemu_;
    int each_;
    std::map<const Row*, int> have_;
    std::map<std::string, std::string> files_;
};

}  // namespace

int main(int argc, char** argv) {
    std::string qemu = "qemu-aarch64-static";
    int each = 3;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::string_view(argv[i]) == "--qemu") qemu = argv[i + 1];
        if (std::string_view(argv[i]) == "--each") each = std::atoi(argv[i + 1]);
    }
    Maker(qemu, each).run();
}
