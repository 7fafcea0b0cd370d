// What must hold of every row of a description, whoever adds it.
#include <doctest/doctest.h>

#include <map>

#include "runtime/base/text.hpp"
#include "tests/support/machine_vectors.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

struct Riscv64 {
    static const Instructions& instructions() { return riscv64_instructions(); }
    static constexpr int words_per_row = 1000;
    static constexpr u64 pc_mask = ~1ULL;
    /// Bits that the manual has ignored, though the instruction's pattern leaves them free: fence's fm, rd and rs1, and all of
    /// fence.i's fields, are for later extensions, and "base implementations shall ignore these fields" (2.7, 5).
    static u32 ignored_bits(std::string_view name) {
        if (name == "fence") return 0xf00f'8f80;
        if (name == "fence.i") return 0xffff'8f80;
        return 0;
    }
};

struct Aarch64 {
    static const Instructions& instructions() { return aarch64_instructions(); }
    static constexpr int words_per_row = 200;
    static constexpr u64 pc_mask = ~3ULL;
    static u32 ignored_bits(std::string_view name) {
        const bool against_zero = name.starts_with("fcmp_zero") || name.starts_with("fcmpe_zero");
        return against_zero ? 0x001f'0000 : 0;  // Rm, which should be zero
    }
};

}  // namespace

TYPE_TO_STRING(Riscv64);
TYPE_TO_STRING(Aarch64);

TEST_CASE_TEMPLATE("no two rows have the same name, but for forms that their operands tell apart", Guest, Riscv64, Aarch64) {
    std::map<std::string_view, const Row*> names;
    Random random(6);
    const Instructions& instructions = Guest::instructions();
    for (const Row& row : instructions.rows) {
        auto [other, fresh] = names.emplace(row.name, &row);
        if (fresh) continue;
        u32 word = row.again(instructions.random_word(row, random));
        std::string operands = row.print(word, 0).substr(row.name.size());
        CHECK_MESSAGE(!other->second->assemble(operands, 0), row.name);
    }
}

TEST_CASE_TEMPLATE("of two rows that claim a word one is more specific", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    auto rows = instructions.rows;
    Random random(7);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = i + 1; j < rows.size(); ++j) {
            const isa::Pattern& a = rows[i].pattern;
            const isa::Pattern& b = rows[j].pattern;
            if (!a.overlaps(b) || a.refines(b) || b.refines(a)) continue;
            u32 fixed = a.match | b.match, free = ~(a.mask | b.mask);
            for (int k = 0; k < 100; ++k) {
                u32 word = fixed | (random.word() & free);
                if (!rows[i].claims(word) || !rows[j].claims(word)) continue;
                FAIL_CHECK(rows[i].name, " and ", rows[j].name, " both claim ", format("{:08x}", word));
                break;
            }
        }
    }
}

TEST_CASE_TEMPLATE("each row can be decoded", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    for (const Row& row : instructions.rows) {
        Random random(1);
        bool found = false;
        for (int i = 0; i < 100'000 && !found; ++i) {
            u32 word =
                row.pattern.match | (random.word() & ~row.pattern.mask & (row.pattern.width == 16 ? 0xffff : ~0U));
            found = instructions.find(word) == &row;
        }
        CHECK_MESSAGE(found, row.name);
    }
}

TEST_CASE_TEMPLATE("every format's encode is the inverse of its decode", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    Random random(2);
    for (const Row& row : instructions.rows) {
        u32 lost = 0;
        for (int i = 0; i < Guest::words_per_row; ++i) {
            u32 word = instructions.random_word(row, random);
            u32 again = row.again(word);
            lost |= word ^ again;
            if (row.claims(again) && row.same_operands(word, again)) continue;
            FAIL_CHECK(row.name, format(": {:08x} becomes {:08x}", word, again));
            break;
        }
        CHECK_MESSAGE((lost & ~Guest::ignored_bits(row.name)) == 0, row.name, format(" does not keep the bits {:08x}", lost));
    }
}

TEST_CASE_TEMPLATE("text of every instruction assembles to the word that it was printed from", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    Random random(3);
    for (const Row& row : instructions.rows) {
        for (int i = 0; i < Guest::words_per_row; ++i) {
            u32 word = row.again(instructions.random_word(row, random));
            u64 pc = random.next() & Guest::pc_mask;
            std::string text = row.print(word, pc);
            auto again = instructions.assemble(text, pc);
            if (again == word) continue;
            FAIL_CHECK(text, format(": {:08x} becomes {:08x}", word, again.value_or(0)));
            break;
        }
    }
}

TEST_CASE_TEMPLATE("a compressed instruction has the operands of a word that the instruction it stands for claims", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    Random random(5);
    auto operands = [](const std::string& text) { return text.substr(std::min(text.find(' '), text.size())); };
    for (const Row& row : instructions.rows) {
        if (row.expand == nullptr) continue;
        for (int i = 0; i < Guest::words_per_row; ++i) {
            u32 word = instructions.random_word(row, random);
            std::string shorter = row.print(word, 0), longer = instructions.disassemble(row.expand(word), 0);
            if (!longer.empty() && operands(shorter) == operands(longer)) continue;
            FAIL_CHECK(shorter, " stands for ", longer);
            break;
        }
    }
}

TEST_CASE_TEMPLATE("meanings read first, then compute, then write, and never fault after a write", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    Random random(4);
    for (const Row& row : instructions.rows) {
        for (int i = 0; i < Guest::words_per_row; ++i) {
            u32 word = instructions.random_word(row, random);
            emitters::Effects effects = row.effects(word);
            if (!effects.late_read && !effects.late_fault) continue;
            FAIL_CHECK(row.print(word, 0), effects.late_read ? " reads after a write" : " may fault after a write");
            break;
        }
    }
}

TEST_CASE_TEMPLATE("every instruction has at least two vectors", Guest, Riscv64, Aarch64) {
    const Instructions& instructions = Guest::instructions();
    std::map<const Row*, int> vectors;
    std::string report;
    for (const VectorCase& vector : read_vector_files(tests_directory() + "/vectors/" + std::string(instructions.guest)).cases) {
        for (const std::string& line : vector.instructions) {
            auto word = assemble(instructions, line, MachineMemory::start_address, report);
            if (word) ++vectors[instructions.find(*word)];
        }
    }
    std::string missing;
    for (const Row& row : instructions.rows) {
        if (vectors[&row] < 2) missing += ' ' + std::string(row.name);
    }
    CHECK_MESSAGE(missing.empty(), "instructions with fewer than two lines in tests/vectors:", missing);
}
