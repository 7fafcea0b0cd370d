#include "tests/support/riscv64_sequence.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/interesting.hpp"

namespace lyrebird::test {

namespace {

// ---- the program's memory ----

constexpr u64 code_base = 0x100'0000;
constexpr u64 scratch_base = 0x400'0000;
constexpr u64 scratch_size = 4160;  // all that ±2048 around x3 can reach, and a little more
constexpr u64 spill = scratch_base + scratch_size;
constexpr u64 records_base = scratch_base + 0x2000;

// Registers that always point into scratch memory. From stack_base, `spill` is within reach of a store's offset.
constexpr u64 stack_base = scratch_base + 2304, middle_base = scratch_base + 2048, short_base = scratch_base + 1024;
constexpr std::array<u8, 4> bases{2, 3, 4, 8};

/// A record: x1 … x31, f0 … f31, fcsr, then the seed (before) or the checksum (after).
constexpr u64 record_words = 65, record_size = record_words * 8;
constexpr int float_offset = 31 * 8, fcsr_offset = 63 * 8, scratch_offset = 64 * 8;

// ---- generating ----

bool is_base(int number) {
    return std::find(bases.begin(), bases.end(), number) != bases.end();
}

/// Instructions that leave the sequence, whose results are not determined, or that are generated in a way of their own.
bool stands_apart(std::string_view name) {
    for (std::string_view other : {"jal",    "jalr",     "beq",     "bne",       "blt",       "bge",     "bltu",
                                   "bgeu",   "c.j",      "c.jr",    "c.jalr",    "c.beqz",    "c.bnez",  "ecall",
                                   "ebreak", "c.ebreak", "fence.i", "lyre.call", "cbo.inval", "wrs.nto", "wrs.sto"}) {
        if (name == other) return true;
    }
    return name.starts_with("lr.") || name.starts_with("sc.") || name.starts_with("csrr");
}

u64 interesting_register(Random& random) {
    switch (random.below(8)) {
        case 0:
            return 0xffff'ffff'ffff'0000 | interesting_float(random, 5, 10);
        case 1:
        case 2:
        case 3:
            return 0xffff'ffff'0000'0000 | interesting_float(random, 8, 23);
        case 4:
            return random.next();
        default:
            return interesting_float(random, 11, 52);
    }
}

/// Makes the register fields of a 32-bit word name one of a few registers, so that instructions use each other's
/// results.
u32 narrow_registers(u32 word, Random& random) {
    constexpr u32 few[]{1, 5, 6, 7, 9, 10, 11, 12};
    for (int low : {7, 15, 20, 27}) {
        if (random.once_in(3)) continue;
        word = (word & ~(0x1fU << low)) | few[random.below(std::size(few))] << low;
    }
    return word;
}

u32 with_rs1(u32 word, u32 number) {
    return (word & ~(0x1fU << 15)) | number << 15;
}

/// Gives a word that accesses memory a base that points there. False when that cannot be done.
bool set_base(const Row& row, u32& word) {
    if (row.name.ends_with("sp")) return true;  // x2 already
    if (row.pattern.width == 16)
        word &= ~(7U << 7);  // x8
    else
        word = with_rs1(word, (word & 0x7f) == 0x2f ? 4 : 3);
    return row.claims(word) && &riscv64_rows()[riscv64_decode(word)] == &row;
}

bool writes_base(const emitters::Effects& effects) {
    return std::any_of(bases.begin(), bases.end(), [&](u8 base) { return effects.writes.has(riscv64::x_slot(base)); });
}

u32 assembled(const std::string& line, u64 pc = 0) {
    auto word = riscv64_assemble(line, pc);
    ENSURE(word.has_value(), "a line of the differential test's own assembly");
    return *word;
}

/// A register that may be written: any but the bases.
u64 free_register(Random& random) {
    for (;;) {
        u64 number = random.below(32);
        if (!is_base(int(number))) return number;
    }
}

SequenceItem make_branch(Random& random, int items_left) {
    constexpr std::string_view names[]{"beq", "bne", "blt", "bge", "bltu", "bgeu"};
    SequenceItem item;
    item.skip = int(random.below(std::min<u64>(3, u64(items_left)) + 1));
    if (random.once_in(4))
        item.branch = format("jal x{}", free_register(random));
    else
        item.branch = format("{} x{}, x{}", names[random.below(6)], random.below(32), random.below(32));
    return item;
}

SequenceItem make_exclusive(Random& random) {
    char width = random.once_in(2) ? 'w' : 'd';
    return {{assembled(format("lr.{} x{}, (x4)", width, free_register(random))),
             assembled(format("sc.{} x{}, x{}, (x4)", width, free_register(random), random.below(32)))},
            {},
            0};
}

/// The rounding mode is only ever set to one that exists: with another, instructions are illegal.
SequenceItem make_csr_access(Random& random) {
    u64 rd = free_register(random);
    switch (random.below(4)) {
        case 0:
            return {{assembled(format("csrrwi x{}, 0x2, {}", rd, random.below(5)))}, {}, 0};
        case 1:
            return {{assembled(format("csrrs x{}, 0x3, x0", rd))}, {}, 0};
        case 2:
            return {{assembled(format("csrrwi x{}, 0x3, {}", rd, random.below(32)))}, {}, 0};
        default: {
            constexpr std::string_view names[]{"csrrw", "csrrs", "csrrc"};
            return {{assembled(format("{} x{}, 0x1, x{}", names[random.below(3)], rd, random.below(32)))}, {}, 0};
        }
    }
}

}  // namespace

SequenceGenerator::SequenceGenerator(const std::function<bool(std::string_view name)>& wanted) {
    for (const Row& row : riscv64_rows()) {
        if (!stands_apart(row.name) && wanted(row.name)) rows_.push_back(&row);
    }
}

SequenceItem SequenceGenerator::make_plain(Random& random) const {
    for (;;) {
        const Row& row = *rows_[random.below(rows_.size())];
        u32 word = random_word(row, random);
        if (row.pattern.width == 32) {
            u32 narrowed = (narrow_registers(word, random) & ~row.pattern.mask) | row.pattern.match;
            if (row.claims(narrowed) && &riscv64_rows()[riscv64_decode(narrowed)] == &row) word = narrowed;
        }
        emitters::Effects effects = row.effects(word);
        if ((effects.reads_memory || effects.writes_memory) && !set_base(row, word)) continue;
        if (writes_base(row.effects(word))) continue;
        return {{word}, {}, 0};
    }
}

SequenceItem SequenceGenerator::make_item(Random& random, int items_left) const {
    switch (random.below(32)) {
        case 0:
        case 1:
        case 2:
            return make_branch(random, items_left);
        case 3:
            return make_exclusive(random);
        case 4:
            return make_csr_access(random);
        default:
            return make_plain(random);
    }
}

Sequence SequenceGenerator::make(u64 seed, int length) const {
    Random random(seed);
    Sequence sequence;
    for (std::size_t i = 1; i < 32; ++i) sequence.registers.x[i] = interesting_integer(random);
    for (std::size_t i = 0; i < 32; ++i) sequence.registers.f[i] = interesting_register(random);
    sequence.registers.x[2] = stack_base;
    sequence.registers.x[3] = middle_base;
    sequence.registers.x[4] = scratch_base + 16 * random.below(256);
    sequence.registers.x[8] = short_base;
    sequence.registers.frm = u32(random.below(5));
    sequence.registers.fflags = u32(random.below(32));
    sequence.scratch_seed = random.next() | 1;
    for (int i = 0; i < length; ++i) sequence.items.push_back(make_item(random, length - i - 1));
    return sequence;
}

std::vector<u32> sequence_words(const Sequence& sequence) {
    auto size_of = [](const SequenceItem& item) {
        u64 size = item.branch.empty() ? 0 : 4;
        for (u32 word : item.words) size += u64(riscv64_length(word));
        return size;
    };
    std::vector<u32> words;
    for (std::size_t i = 0; i < sequence.items.size(); ++i) {
        const SequenceItem& item = sequence.items[i];
        words.insert(words.end(), item.words.begin(), item.words.end());
        if (item.branch.empty()) continue;
        u64 offset = 4;
        for (std::size_t j = i + 1; j < sequence.items.size() && j <= i + std::size_t(item.skip); ++j) {
            offset += size_of(sequence.items[j]);
        }
        words.push_back(assembled(format("{}, {:#x}", item.branch, offset)));
    }
    return words;
}

std::string sequence_text(const Sequence& sequence) {
    std::string text;
    u64 at = 0;
    for (u32 word : sequence_words(sequence)) {
        bool short_form = riscv64_length(word) == 2;
        append(text, "    {:#06x}  {}  {}\n", at,
               short_form ? format("{:04x}    ", word & 0xffff) : format("{:08x}", word),
               riscv64_disassemble(word, at));
        at += short_form ? 2 : 4;
    }
    return text;
}

// ---- the program ----

namespace {

class ProgramText {
  public:
    void word(u32 word) { bytes_.append(reinterpret_cast<const char*>(&word), std::size_t(riscv64_length(word))); }
    void words(const std::vector<u32>& words) {
        for (u32 each : words) word(each);
    }
    void line(const std::string& line) { word(assembled(line, pc())); }
    /// Loads an address below 2^31.
    void address(int number, u64 value) {
        u64 upper = (value + 0x800) >> 12;
        line(format("lui x{}, {:#x}", number, upper));
        line(format("addi x{0}, x{0}, {1}", number, i64(value - (upper << 12))));
    }
    u64 pc() const { return code_base + bytes_.size(); }
    const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
};

/// Scratch memory from the seed in x6 by xorshift; x1 is the return address.
void write_fill(ProgramText& text) {
    text.address(7, scratch_base);
    text.address(9, scratch_base + scratch_size);
    u64 loop = text.pc();
    for (auto [shift, amount] : {std::pair("slli", 13), std::pair("srli", 7), std::pair("slli", 17)}) {
        text.line(format("{} x10, x6, {}", shift, amount));
        text.line("xor x6, x6, x10");
    }
    text.line("sd x6, 0(x7)");
    text.line("addi x7, x7, 8");
    text.line(format("bne x7, x9, {:#x}", loop));
    text.line("jalr x0, 0(x1)");
}

/// The checksum of scratch memory into x6.
void write_sum(ProgramText& text) {
    text.address(7, scratch_base);
    text.address(9, scratch_base + scratch_size);
    text.line("addi x6, x0, 0");
    text.line("lui x10, 0x9e377");
    text.line("addi x10, x10, 1");
    u64 loop = text.pc();
    text.line("ld x11, 0(x7)");
    text.line("mul x6, x6, x10");
    text.line("add x6, x6, x11");
    text.line("addi x7, x7, 8");
    text.line(format("bne x7, x9, {:#x}", loop));
    text.line("jalr x0, 0(x1)");
}

/// All registers from the record at x1.
std::vector<u32> loading() {
    std::vector<u32> words{assembled(format("ld x5, {}(x1)", fcsr_offset)), assembled("csrrw x0, 0x3, x5")};
    for (int i = 0; i < 32; ++i) words.push_back(assembled(format("fld f{}, {}(x1)", i, float_offset + 8 * i)));
    for (int i = 31; i >= 1; --i) words.push_back(assembled(format("ld x{}, {}(x1)", i, 8 * (i - 1))));
    return words;
}

/// All registers into the record at x1, which was saved before.
std::vector<u32> storing() {
    std::vector<u32> words;
    for (int i = 2; i < 32; ++i) words.push_back(assembled(format("sd x{}, {}(x1)", i, 8 * (i - 1))));
    for (int i = 0; i < 32; ++i) words.push_back(assembled(format("fsd f{}, {}(x1)", i, float_offset + 8 * i)));
    words.push_back(assembled("csrrs x5, 0x3, x0"));
    words.push_back(assembled(format("sd x5, {}(x1)", fcsr_offset)));
    words.push_back(assembled(format("ld x5, {}(x2)", spill - stack_base)));
    words.push_back(assembled("sd x5, 0(x1)"));
    return words;
}

std::array<u64, record_words> record_of(const Sequence& sequence) {
    std::array<u64, record_words> record;
    std::copy_n(sequence.registers.x.begin() + 1, 31, record.begin());
    std::copy_n(sequence.registers.f.begin(), 32, record.begin() + 31);
    record[63] = sequence.registers.frm << 5 | sequence.registers.fflags;
    record[64] = sequence.scratch_seed;
    return record;
}

void write_sequence(ProgramText& text, const Sequence& sequence, u64 before, u64 after, u64 fill, u64 sum) {
    static const std::vector<u32> load = loading(), store = storing();
    text.address(5, before);
    text.line(format("ld x6, {}(x5)", scratch_offset));
    text.line(format("jal x1, {:#x}", fill));
    text.address(1, before);
    text.words(load);
    text.words(sequence_words(sequence));
    text.line(format("sd x1, {}(x2)", spill - stack_base));
    text.address(1, after);
    text.words(store);
    text.address(5, after);
    text.line(format("jal x1, {:#x}", sum));
    text.line(format("sd x6, {}(x5)", scratch_offset));
}

}  // namespace

ElfBuilder sequence_program(std::span<const Sequence> sequences) {
    u64 results = records_base + align_up(sequences.size() * record_size, 4096);
    u64 results_size = sequences.size() * record_size;
    ProgramText text;
    u64 fill = text.pc();
    write_fill(text);
    u64 sum = text.pc();
    write_sum(text);
    u64 entry = text.pc();
    std::string records;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        auto record = record_of(sequences[i]);
        records.append(reinterpret_cast<const char*>(record.data()), record_size);
        write_sequence(text, sequences[i], records_base + i * record_size, results + i * record_size, fill, sum);
    }
    text.line("addi x10, x0, 1");
    text.address(11, results);
    text.address(12, results_size);
    text.line("addi x17, x0, 64");
    text.line("ecall");
    text.line("addi x10, x0, 0");
    text.line("addi x17, x0, 93");
    text.line("ecall");

    ElfBuilder elf;
    elf.header.e_entry = entry;
    u64 data_offset = ElfBuilder::contents_offset + align_up(text.bytes().size(), 4096);
    elf.put(ElfBuilder::contents_offset, text.bytes());
    elf.put(data_offset, records);
    elf.add(PT_LOAD, PF_R | PF_X, ElfBuilder::contents_offset, code_base, text.bytes().size(), text.bytes().size());
    elf.add(PT_LOAD, PF_R | PF_W, data_offset, records_base, records.size(), results + results_size - records_base);
    elf.add(PT_LOAD, PF_R | PF_W, 0, scratch_base, 0, 0x2000);
    std::swap(elf.headers[1], elf.headers[2]);  // ascending, as the format wants
    return elf;
}

std::vector<SequenceResult> sequence_results(std::string_view output, std::size_t count) {
    std::vector<SequenceResult> results;
    if (output.size() != count * record_size) return results;
    for (std::size_t i = 0; i < count; ++i) {
        std::array<u64, record_words> record;
        std::memcpy(record.data(), output.data() + i * record_size, record_size);
        SequenceResult result;
        std::copy_n(record.begin(), 31, result.registers.x.begin() + 1);
        std::copy_n(record.begin() + 31, 32, result.registers.f.begin());
        result.registers.fflags = u32(record[63] & 31);
        result.registers.frm = u32(record[63] >> 5);
        result.scratch_checksum = record[64];
        results.push_back(result);
    }
    return results;
}

}  // namespace lyrebird::test
