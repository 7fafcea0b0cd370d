#include "tests/support/aarch64_program.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "runtime/base/bits.hpp"
#include "tests/support/aarch64_encoding.hpp"
#include "tests/support/aarch64_sequence.hpp"

namespace lyrebird::test {

namespace {

using namespace program;

/// A record: v0 … v31, x0 … x30, sp, nzcv, fpcr, fpsr, then the seed (before) or the checksum (after).
constexpr u64 record_words = 100, record_size = record_words * 8;
constexpr u32 integer_offset = 512, flags_offset = integer_offset + 256, scratch_offset = flags_offset + 24;

class ProgramText {
  public:
    void word(u32 word) { words_.push_back(word); }
    void words(const std::vector<u32>& words) { words_.insert(words_.end(), words.begin(), words.end()); }
    void number(u32 d, u64 value) { a64::load_number(words_, d, value); }
    void call(u64 address) { word(a64::bl(i64(address - pc()))); }
    void branch_not_equal(u64 address) { word(a64::b_cond(1, i64(address - pc()))); }
    u64 pc() const { return code_base + 4 * words_.size(); }
    std::string_view bytes() const { return {reinterpret_cast<const char*>(words_.data()), 4 * words_.size()}; }

  private:
    std::vector<u32> words_;
};

/// Scratch memory from the seed in x6 by xorshift.
void write_fill(ProgramText& text) {
    text.number(7, scratch_base);
    text.number(9, scratch_base + scratch_size);
    u64 loop = text.pc();
    text.words({a64::eor_lsl(6, 6, 6, 13), a64::eor_lsr(6, 6, 6, 7), a64::eor_lsl(6, 6, 6, 17)});
    text.words({a64::str_x_post(6, 7), a64::subs_x(31, 7, 9)});
    text.branch_not_equal(loop);
    text.word(a64::ret(30));
}

/// The checksum of scratch memory into x6.
void write_sum(ProgramText& text) {
    text.number(7, scratch_base);
    text.number(9, scratch_base + scratch_size);
    text.number(10, 0x9e37'79b9'7f4a'7c15);
    text.number(6, 0);
    u64 loop = text.pc();
    text.words({a64::ldr_x_post(11, 7), a64::mul_x(6, 6, 10), a64::add_x(6, 6, 11), a64::subs_x(31, 7, 9)});
    text.branch_not_equal(loop);
    text.word(a64::ret(30));
}

/// All registers from the record at x30.
std::vector<u32> loading() {
    std::vector<u32> words;
    for (u32 i = 0; i < 32; ++i) words.push_back(a64::ldr_q(i, 30, 16 * i));
    u32 offset = flags_offset;
    for (u32 name : {a64::nzcv, a64::fpcr, a64::fpsr}) {
        words.push_back(a64::ldr_x(0, 30, offset));
        words.push_back(a64::msr(name, 0));
        offset += 8;
    }
    words.push_back(a64::ldr_x(0, 30, integer_offset + 31 * 8));
    words.push_back(a64::add_imm(31, 0, 0));
    for (u32 i = 0; i < 31; ++i) words.push_back(a64::ldr_x(i, 30, integer_offset + i * 8));
    return words;
}

/// All registers into the record at x30, which was saved before.
std::vector<u32> storing() {
    std::vector<u32> words;
    for (u32 i = 0; i < 30; ++i) words.push_back(a64::str_x(i, 30, integer_offset + i * 8));
    words.push_back(a64::ldr_x(0, 28, u32(spill - middle)));
    words.push_back(a64::str_x(0, 30, integer_offset + 30 * 8));
    words.push_back(a64::add_imm(0, 31, 0));
    words.push_back(a64::str_x(0, 30, integer_offset + 31 * 8));
    for (u32 i = 0; i < 32; ++i) words.push_back(a64::str_q(i, 30, 16 * i));
    u32 offset = flags_offset;
    for (u32 name : {a64::nzcv, a64::fpcr, a64::fpsr}) {
        words.push_back(a64::mrs(0, name));
        words.push_back(a64::str_x(0, 30, offset));
        offset += 8;
    }
    return words;
}

std::array<u64, record_words> record_of(const Aarch64Sequence& sequence) {
    std::array<u64, record_words> record{};
    for (std::size_t i = 0; i < 32; ++i) std::copy_n(sequence.registers.v[i].begin(), 2, record.begin() + 2 * std::ptrdiff_t(i));
    std::copy_n(sequence.registers.x.begin(), 32, record.begin() + 64);
    record[96] = u64(sequence.registers.nzcv) << 28;
    record[97] = sequence.registers.fpcr;
    record[98] = sequence.registers.fpsr;
    record[99] = sequence.scratch_seed;
    return record;
}

void write_sequence(ProgramText& text, const Aarch64Sequence& sequence, u64 before, u64 after, u64 fill, u64 sum) {
    static const std::vector<u32> load = loading(), store = storing();
    text.number(5, before);
    text.word(a64::ldr_x(6, 5, scratch_offset));
    text.call(fill);
    text.number(30, before);
    text.words(load);
    text.words(sequence_words(sequence));
    text.word(a64::str_x(30, 28, u32(spill - middle)));
    text.number(30, after);
    text.words(store);
    text.number(5, after);
    text.call(sum);
    text.word(a64::str_x(6, 5, scratch_offset));
}

/// Writes the results to standard output and exits.
void write_end(ProgramText& text, u64 results, u64 results_size) {
    text.number(0, 1);
    text.number(1, results);
    text.number(2, results_size);
    text.number(8, 64);
    text.word(a64::svc());
    text.number(0, 0);
    text.number(8, 93);
    text.word(a64::svc());
}

/// The file: code, scratch memory, and `data_size` bytes from records_base on.
ElfBuilder built(const ProgramText& text, u64 entry, const std::string& records, u64 data_size) {
    ElfBuilder elf;
    elf.header.e_machine = EM_AARCH64;
    elf.header.e_flags = 0;
    elf.header.e_entry = entry;
    u64 data_offset = ElfBuilder::contents_offset + align_up(text.bytes().size(), 4096);
    elf.put(ElfBuilder::contents_offset, text.bytes());
    elf.put(data_offset, records);
    elf.add(PT_LOAD, PF_R | PF_X, ElfBuilder::contents_offset, code_base, text.bytes().size(), text.bytes().size());
    elf.add(PT_LOAD, PF_R | PF_W, 0, scratch_base, 0, 0x2000);
    elf.add(PT_LOAD, PF_R | PF_W, data_offset, records_base, records.size(), data_size);
    return elf;
}

Aarch64Result result_of(std::string_view bytes) {
    std::array<u64, record_words> record;
    std::memcpy(record.data(), bytes.data(), record_size);
    Aarch64Result result;
    for (std::size_t j = 0; j < 32; ++j) result.registers.v[j] = {record[2 * j], record[2 * j + 1]};
    std::copy_n(record.begin() + 64, 32, result.registers.x.begin());
    result.registers.nzcv = u32(record[96]) >> 28;
    result.registers.fpcr = u32(record[97]);
    result.registers.fpsr = u32(record[98]);
    result.scratch_checksum = record[99];
    return result;
}

/// A page from x7 to x9.
void write_copy(ProgramText& text) {
    text.number(10, MachineMemory::scratch_size / 8);
    u64 loop = text.pc();
    text.words({a64::ldr_x_post(11, 7), a64::str_x_post(11, 9), a64::subs_imm(10, 10, 1)});
    text.branch_not_equal(loop);
    text.word(a64::ret(30));
}
constexpr u64 single_size = record_size + MachineMemory::scratch_size;

}  // namespace

ElfBuilder sequence_program(std::span<const Aarch64Sequence> sequences) {
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
    write_end(text, results, results_size);
    return built(text, entry, records, results + results_size - records_base);
}

std::vector<Aarch64Result> aarch64_results(std::string_view output, std::size_t count) {
    std::vector<Aarch64Result> results;
    if (output.size() != count * record_size) return results;
    for (std::size_t i = 0; i < count; ++i) results.push_back(result_of(output.substr(i * record_size)));
    return results;
}

ElfBuilder single_program(std::span<const Aarch64Sequence> sequences) {
    constexpr u64 page = MachineMemory::scratch_size, picture = records_base, first_record = records_base + page;
    u64 records_size = sequences.size() * record_size;
    u64 results = align_up(first_record + records_size, 4096);
    u64 results_size = sequences.size() * single_size;
    ProgramText text;
    u64 copy = text.pc();
    write_copy(text);
    u64 entry = text.pc();
    std::string records(reinterpret_cast<const char*>(MachineMemory::distinct_bytes().data()), page);
    static const std::vector<u32> load = loading(), store = storing();
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        auto record = record_of(sequences[i]);
        records.append(reinterpret_cast<const char*>(record.data()), record_size);
        text.number(7, picture);
        text.number(9, MachineMemory::scratch_address);
        text.call(copy);
        text.number(30, first_record + i * record_size);
        text.words(load);
        text.words(sequence_words(sequences[i]));
        text.word(a64::str_x(30, 28, u32(spill - middle)));
        text.number(30, results + i * single_size);
        text.words(store);
        text.number(7, MachineMemory::scratch_address);
        text.number(9, results + i * single_size + record_size);
        text.call(copy);
    }
    write_end(text, results, results_size);
    ElfBuilder elf = built(text, entry, records, results + results_size - records_base);
    elf.add(PT_LOAD, PF_R | PF_W, 0, MachineMemory::scratch_address, 0, page);
    std::rotate(elf.headers.begin(), elf.headers.end() - 1, elf.headers.end());  // ascending, as the format wants
    return elf;
}

std::vector<SingleResult> single_results(std::string_view output, std::size_t count) {
    std::vector<SingleResult> results;
    if (output.size() != count * single_size) return results;
    for (std::size_t i = 0; i < count; ++i) {
        std::string_view part = output.substr(i * single_size, single_size);
        SingleResult result{result_of(part).registers, {}};
        std::memcpy(result.scratch.data(), part.data() + record_size, result.scratch.size());
        results.push_back(result);
    }
    return results;
}

}  // namespace lyrebird::test
