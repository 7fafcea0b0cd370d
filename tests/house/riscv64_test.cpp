// What must hold of every row of the RISC-V description, whoever adds it.
#include <doctest/doctest.h>

#include <map>
#include <set>

#include "runtime/base/text.hpp"
#include "tests/support/riscv64_machine.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {
constexpr int words_per_row = 1000;

/// Bits that the manual has ignored, though the instruction's pattern leaves them free: fence's fm, rd and rs1, and all
/// of fence.i's fields, are for later extensions, and "base implementations shall ignore these fields" (2.7, 5).
u32 ignored_bits(std::string_view name) {
    if (name == "fence") return 0xf00f'8f80;
    if (name == "fence.i") return 0xffff'8f80;
    return 0;
}
}  // namespace

TEST_CASE("no two rows have the same name") {
    std::set<std::string_view> names;
    for (const Row& row : riscv64_rows()) CHECK_MESSAGE(names.insert(row.name).second, row.name);
}

TEST_CASE("two rows that claim the same words differ in how specific they are") {
    auto rows = riscv64_rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = i + 1; j < rows.size(); ++j) {
            const isa::Pattern& a = rows[i].pattern;
            const isa::Pattern& b = rows[j].pattern;
            if (!a.overlaps(b) || a.refines(b) || b.refines(a)) continue;
            FAIL_CHECK(rows[i].name, " and ", rows[j].name, " both claim ", format("{:08x}", a.match | b.match));
        }
    }
}

TEST_CASE("each row can be decoded") {
    for (const Row& row : riscv64_rows()) {
        Random random(1);
        bool found = false;
        for (int i = 0; i < 100'000 && !found; ++i) {
            u32 word =
                row.pattern.match | (random.word() & ~row.pattern.mask & (row.pattern.width == 16 ? 0xffff : ~0U));
            found = riscv64_decode(word) != isa::no_row && &riscv64_rows()[riscv64_decode(word)] == &row;
        }
        CHECK_MESSAGE(found, row.name);
    }
}

TEST_CASE("every format's encode is the inverse of its decode") {
    Random random(2);
    for (const Row& row : riscv64_rows()) {
        u32 lost = 0;
        for (int i = 0; i < words_per_row; ++i) {
            u32 word = random_word(row, random);
            u32 again = row.again(word);
            lost |= word ^ again;
            if (row.claims(again) && row.same_operands(word, again)) continue;
            FAIL_CHECK(row.name, format(": {:08x} becomes {:08x}", word, again));
            break;
        }
        CHECK_MESSAGE((lost & ~ignored_bits(row.name)) == 0, row.name, format(" does not keep the bits {:08x}", lost));
    }
}

TEST_CASE("text of every instruction assembles to the word that it was printed from") {
    Random random(3);
    for (const Row& row : riscv64_rows()) {
        for (int i = 0; i < words_per_row; ++i) {
            u32 word = row.again(random_word(row, random));
            u64 pc = random.next() & ~1ULL;
            std::string text = row.print(word, pc);
            auto again = riscv64_assemble(text, pc);
            if (again == word) continue;
            FAIL_CHECK(text, format(": {:08x} becomes {:08x}", word, again.value_or(0)));
            break;
        }
    }
}

TEST_CASE("a compressed instruction has the operands of a word that the instruction it stands for claims") {
    Random random(5);
    auto operands = [](const std::string& text) { return text.substr(std::min(text.find(' '), text.size())); };
    for (const Row& row : riscv64_rows()) {
        if (row.expand == nullptr) continue;
        for (int i = 0; i < words_per_row; ++i) {
            u32 word = random_word(row, random);
            std::string shorter = row.print(word, 0), longer = riscv64_disassemble(row.expand(word), 0);
            if (!longer.empty() && operands(shorter) == operands(longer)) continue;
            FAIL_CHECK(shorter, " stands for ", longer);
            break;
        }
    }
}

TEST_CASE("meanings read first, then compute, then write, and never fault after a write") {
    Random random(4);
    for (const Row& row : riscv64_rows()) {
        for (int i = 0; i < words_per_row; ++i) {
            u32 word = random_word(row, random);
            emitters::Effects effects = row.effects(word);
            if (!effects.late_read && !effects.late_fault) continue;
            FAIL_CHECK(row.print(word, 0), effects.late_read ? " reads after a write" : " may fault after a write");
            break;
        }
    }
}

TEST_CASE("every instruction has at least two vectors") {
    std::map<std::string, int> vectors;
    for (const VectorCase& vector : read_vector_files(tests_directory() + "/vectors/riscv64").cases) {
        for (const std::string& instruction : vector.instructions)
            ++vectors[instruction.substr(0, instruction.find(' '))];
    }
    std::string missing;
    for (const Row& row : riscv64_rows()) {
        if (vectors[std::string(row.name)] < 2) missing += ' ' + std::string(row.name);
    }
    CHECK_MESSAGE(missing.empty(), "instructions with fewer than two lines in tests/vectors/riscv64:", missing);
}
