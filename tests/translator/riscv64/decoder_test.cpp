// Our decoder and disassembler against LLVM's, over all 16-bit words and some ten million 32-bit words: both must claim
// the same words, and print the same names and operands. Where they differ on purpose, a table here says why.
#include <doctest/doctest.h>

#include <charconv>
#include <map>
#include <set>
#include <vector>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/llvm_decoder.hpp"
#include "tests/support/riscv64_machine.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

// ---- where the two differ on purpose ----

/// LLVM claims the word under the name `name`; we do not.
struct OnlyLlvm {
    std::string_view name;
    std::string_view why;
};
constexpr OnlyLlvm only_llvm[]{
    {"c.unimp", "0000, which the manual defines to be illegal"},
    {"sret", "privileged: illegal in user mode"},
    {"mret", "privileged: illegal in user mode"},
    {"dret", "debug mode only"},
    {"wfi", "Linux lets it trap in user mode"},
    {"sfence.vma", "privileged: illegal in user mode"},
};

/// We claim the word, as row `name`, when `condition` holds; LLVM does not.
struct OnlyOurs {
    std::string_view name;
    bool (*condition)(u32 word);
    std::string_view why;
};
constexpr u32 fence_fields = 0x000f'8f80, fence_i_fields = 0xffff'8f80;  // rs1 and rd; and the immediate
constexpr OnlyOurs only_ours[]{
    {"fence", [](u32 word) { return (word & fence_fields) != 0 || (word >> 28 != 0 && word >> 20 != 0x833); },
     "base implementations ignore rd and rs1, and treat other fm values as a normal fence (2.7)"},
    {"fence.i", [](u32 word) { return (word & fence_i_fields) != 0; }, "base implementations ignore its fields (5)"},
    {"lyre.call", [](u32) { return true; }, "ours: the vDSO's calls into the VM, illegal for anyone else"},
};

// ---- LLVM's text in our words ----

struct Line {
    std::string name;
    std::vector<std::string> operands;

    explicit Line(const std::string& text) : name(text.substr(0, text.find(' '))) {
        std::size_t at = name.size();
        while (at < text.size()) {
            std::size_t start = text.find_first_not_of(" ,", at);
            at = std::min(text.find(',', start), text.size());
            operands.push_back(text.substr(start, at - start));
        }
    }
    std::string text() const {
        std::string text = name;
        for (std::size_t i = 0; i < operands.size(); ++i) text += (i == 0 ? " " : ", ") + operands[i];
        return text;
    }
};

/// "amoadd.w.aq x1, x2, (x3)" → "amoadd.w x1, x2, (x3), aq"
void move_order(Line& line) {
    for (std::string_view order : {"aqrl", "aq", "rl"}) {
        if (!line.name.ends_with('.' + std::string(order))) continue;
        line.name.resize(line.name.size() - order.size() - 1);
        line.operands.emplace_back(order);
        return;
    }
}

/// "mop.r.5 x1, x2" → "mop.r x1, x2, 5"
void move_number(Line& line) {
    for (std::string_view name : {"mop.r.", "mop.rr.", "c.mop."}) {
        if (!line.name.starts_with(name)) continue;
        line.operands.push_back(line.name.substr(name.size()));
        line.name.resize(name.size() - 1);
        return;
    }
}

void to_hexadecimal(std::string& number) {
    u32 value = 0;
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error == std::errc() && *end == 0) number = format("{:#x}", value);
}

/// "iorw" → "15"
std::string fence_set(const std::string& letters) {
    int set = 0;
    for (char letter : letters)
        set |= letter == 'i' ? 8 : letter == 'o' ? 4 : letter == 'r' ? 2 : letter == 'w' ? 1 : 0;
    return std::to_string(set);
}

/// Names of control registers that user mode has; LLVM names many more, which are compared by their place alone.
const std::map<std::string, std::string> csr_numbers{{"fflags", "0x1"},  {"frm", "0x2"},    {"fcsr", "0x3"},
                                                     {"cycle", "0xc00"}, {"time", "0xc01"}, {"instret", "0xc02"}};

/// Conversions that are always exact: assembly without a rounding mode means rne there, and dynamic elsewhere.
const std::set<std::string_view> exact_conversions{"fcvt.d.w", "fcvt.d.wu", "fcvt.d.s", "fcvt.s.h", "fcvt.d.h"};

std::string in_our_words(const std::string& text) {
    Line line(text);
    move_order(line);
    move_number(line);
    if (line.name == "fence.tso") line = Line("fence rw, rw");
    if (text == "fence w, 0") line = Line("pause");
    if (line.name == "fence") {
        for (std::string& operand : line.operands) operand = fence_set(operand);
    }
    if (line.name == "lui" || line.name == "auipc" || line.name == "c.lui") to_hexadecimal(line.operands[1]);
    if (line.name.starts_with("csrr")) {
        auto known = csr_numbers.find(line.operands[1]);
        if (known != csr_numbers.end())
            line.operands[1] = known->second;
        else
            to_hexadecimal(line.operands[1]);
    }
    bool has_mode = !line.operands.empty() && line.operands.back().size() == 3 && line.operands.back()[0] == 'r';
    if (exact_conversions.contains(line.name) && line.operands.size() == 2 && !has_mode)
        line.operands.emplace_back("rne");
    if (!line.operands.empty() && line.operands.back() == "dyn") line.operands.pop_back();
    return line.text();
}

/// Which of our operands a compressed instruction's own assembly has; ours prints all of the instruction it stands for.
std::vector<std::size_t> own_operands(std::string_view name) {
    if (name == "c.j") return {1};
    for (std::string_view unary : {"c.zext.b", "c.zext.w", "c.zext.h", "c.sext.b", "c.sext.h", "c.not"}) {
        if (name == unary) return {0};
    }
    return {0, 2};
}

/// Our text of a compressed instruction as LLVM has it.
std::string in_llvms_words(const std::string& text) {
    Line line(text);
    if (line.name == "c.jr" || line.name == "c.jalr") {  // c.jr x0, 0(x5)
        std::string base = line.operands[1].substr(2);
        line.operands = {base.substr(0, base.size() - 1)};
    } else if (line.name == "c.addi" && line.operands[0] == "x0") {
        line.name = "c.nop";
        line.operands = line.operands[2] == "0" ? std::vector<std::string>{} : std::vector{line.operands[2]};
    } else if (line.operands.size() == 3 && line.name != "c.addi4spn") {
        std::vector<std::string> kept;
        for (std::size_t i : own_operands(line.name)) kept.push_back(line.operands[i]);
        line.operands = kept;
    } else if (line.name == "c.j" || own_operands(line.name).size() == 1) {
        line.operands = {line.operands[own_operands(line.name)[0]]};
    }
    return line.text();
}

// ---- the comparison ----

class Comparison {
  public:
    void check(u32 word) {
        ++words_;
        isa::RowIndex row = riscv64_decode(word);
        int length = llvm_.decode(word);
        if (row != isa::no_row && length != 0)
            compare_text(word, length);
        else if (length != 0)
            only_llvm_claims(word);
        else if (row != isa::no_row)
            only_we_claim(word, riscv64_rows()[row].name);
    }

    u64 words() const { return words_; }
    /// One line for each kind of difference, with the first word that shows it.
    const std::map<std::string, std::string>& differences() const { return differences_; }
    const std::set<std::string_view>& explanations_used() const { return used_; }

  private:
    void differ(const std::string& kind, u32 word, const std::string& what) {
        differences_.try_emplace(kind, format("{:08x}: {}", word, what));
    }

    void compare_text(u32 word, int length) {
        std::string ours = riscv64_disassemble(word, 0);
        std::string theirs = llvm_.text();
        std::string name = ours.substr(0, ours.find(' '));
        if (riscv64_length(word) != length) differ(name + " length", word, theirs);
        if (ours.starts_with("c.") && name != "c.mop") ours = in_llvms_words(ours);
        theirs = in_our_words(theirs);
        if (ours == theirs) return;
        // A control register that only privileged modes have may have a name in LLVM: then its place alone is compared.
        Line a(ours), b(theirs);
        bool named = a.name.starts_with("csrr") && b.operands.size() == 3 && !b.operands[1].starts_with("0x");
        if (named) a.operands[1] = b.operands[1];
        if (a.text() != b.text()) differ(name, word, "\"" + ours + "\", LLVM \"" + theirs + "\"");
    }

    void only_llvm_claims(u32 word) {
        std::string text = llvm_.text();
        std::string name = text.substr(0, text.find(' '));
        for (const OnlyLlvm& explanation : only_llvm) {
            if (explanation.name == name) {
                used_.insert(explanation.name);
                return;
            }
        }
        differ("not claimed: " + name, word, text);
    }

    void only_we_claim(u32 word, std::string_view name) {
        for (const OnlyOurs& explanation : only_ours) {
            if (explanation.name == name && explanation.condition(word)) {
                used_.insert(explanation.name);
                return;
            }
        }
        differ("claimed alone: " + std::string(name), word, riscv64_disassemble(word, 0));
    }

    LlvmDecoder llvm_{LlvmDecoder::Guest::riscv64};
    u64 words_ = 0;
    std::map<std::string, std::string> differences_;
    std::set<std::string_view> used_;
};

/// Field values that decide more often than others: a register that is zero, one that is not.
u32 random_registers(Random& random) {
    u32 word = random.word() & (0x1fU << 7 | 0x1fU << 15);
    if (random.once_in(3)) word &= ~(0x1fU << 7);
    if (random.once_in(3)) word &= ~(0x1fU << 15);
    return word;
}

void report(const Comparison& comparison) {
    for (const auto& [kind, what] : comparison.differences()) FAIL_CHECK(kind, ": ", what);
}

}  // namespace

TEST_CASE("every 16-bit word is decoded and printed as by LLVM") {
    Comparison comparison;
    for (u32 word = 0; word < 0x10000; ++word) comparison.check(word);
    report(comparison);
}

TEST_CASE("ten million 32-bit words are decoded and printed as by LLVM") {
    Comparison comparison;
    Random random(1);
    // Each row's words, and words that miss it by a bit or two.
    for (const Row& row : riscv64_rows()) {
        if (row.pattern.width != 32) continue;
        for (int i = 0; i < 10'000; ++i) comparison.check(random_word(row, random));
        for (int i = 0; i < 10'000; ++i) {
            u32 missed = 1U << random.below(32) | (random.once_in(2) ? 1U << random.below(32) : 0);
            comparison.check((row.pattern.match | (random.word() & ~row.pattern.mask)) ^ missed);
        }
    }
    // Every opcode, funct3, funct7 and rs2.
    for (u32 choice = 0; choice < 1U << 20; ++choice) {
        u32 word = 3 | bits(choice, 0, 5) << 2 | bits(choice, 5, 3) << 12 | bits(choice, 8, 12) << 20;
        for (int i = 0; i < 4; ++i) comparison.check(word | random_registers(random));
    }
    // Every system instruction without operands.
    for (u32 number = 0; number < 4096; ++number) comparison.check(number << 20 | 0x73);
    while (comparison.words() < 10'000'000) comparison.check(random.word());

    report(comparison);
    for (const OnlyLlvm& explanation : only_llvm) {
        if (explanation.name != "c.unimp")
            CHECK_MESSAGE(comparison.explanations_used().contains(explanation.name), explanation.name);
    }
    for (const OnlyOurs& explanation : only_ours) {
        CHECK_MESSAGE(comparison.explanations_used().contains(explanation.name), explanation.name);
    }
}
