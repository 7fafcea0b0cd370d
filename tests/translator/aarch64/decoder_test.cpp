// Our decoder against LLVM's: both must claim the same words. Where they differ on purpose, a table here says why.
//
// Words are random, but near to something: within each row's pattern, a bit or two beside it, and everywhere. How many is told
// by LYREBIRD_DECODER_WORDS (in millions): LYREBIRD_DECODER_WORDS=50 aarch64_decoder_test
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/aarch64_machine.hpp"
#include "tests/support/llvm_decoder.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

/// Where one of the two claims a word and the other does not, on purpose.
struct Explanation {
    std::string_view name;  // what it is about
    bool (*holds)(u32 word);
    std::string_view why;
};
constexpr u32 hvc_to_dcps = 0xffe0'0000;

/// ERET, ERETAA, ERETAB, DRPS: so few words that chance may miss them.
constexpr u32 returns_of_the_kernel[]{0xd69f'03e0, 0xd69f'0bff, 0xd69f'0fff, 0xd6bf'03e0};

/// A copy or set of memory with registers that are the same, or are number 31.
bool copies_among_same(u32 word) {
    const u32 d = bits(word, 0, 5), n = bits(word, 5, 5), s = bits(word, 16, 5);
    return (word & 0xfb20'0c00) == 0x1900'0400 && (d == n || d == s || n == s || d == 31 || n == 31 || s == 31);
}

/// LLVM claims the word; we do not.
constexpr Explanation only_llvm[]{
    {"udf", [](u32 word) { return word < 0x1'0000; }, "permanently undefined, which is what we call it too"},
    {"hvc, smc", [](u32 word) { return (word & hvc_to_dcps) == 0xd400'0000 && bits(word, 0, 2) >= 2; },
     "undefined or not for EL0"},
    {"hlt", [](u32 word) { return (word & hvc_to_dcps) == 0xd440'0000; }, "halting debug: undefined for Linux's EL0"},
    {"dcps", [](u32 word) { return (word & hvc_to_dcps) == 0xd4a0'0000; }, "debug state only"},
    {"eret, drps", [](u32 word) { return std::ranges::find(returns_of_the_kernel, word) != std::end(returns_of_the_kernel); }, "not for EL0"},
    {"system registers", [](u32 word) { return bits(word, 22, 10) == 0x354 && (word & 0x003f'e01f) != 0x0003'201f; },
     "LLVM takes any number; those that EL0 has are a test of their own"},
    {"copies", copies_among_same, "unallocated in the manual; LLVM has them unpredictable"},
    {"barriers", [](u32 word) { return (word & 0xffff'f09f) == 0xd503'301f && bits(word, 5, 2) != 2; },
     "numbers that are no barrier's, which LLVM prints as registers"},
};

/// We claim the word; LLVM does not.
constexpr Explanation only_ours[]{
    {"lyre.call", [](u32 word) { return word >> 16 == 1; }, "ours: the vDSO's calls into the VM, illegal for anyone else"},
};

const Explanation* explanation(std::span<const Explanation> table, u32 word) {
    for (const Explanation& each : table) {
        if (each.holds(word)) return &each;
    }
    return nullptr;
}

class Comparison {
  public:
    void check(u32 word) {
        ++words_;
        const Row* row = aarch64_instructions().find(word);
        bool theirs = llvm_.decode(word) != 0;
        if ((row != nullptr) == theirs) return;
        // What the manual calls unpredictable with these operands may be claimed or not.
        if (row != nullptr && llvm_.unpredictable()) return;
        const Explanation* why = theirs ? explanation(only_llvm, word) : explanation(only_ours, word);
        if (why != nullptr) {
            used_.insert(why->name);
            return;
        }
        std::string text = theirs ? llvm_.text() : row->print(word, 0);
        std::string name = text.substr(0, text.find(' '));
        std::string kind = format("{}: {} in class {:04b}", theirs ? "not claimed" : "claimed alone", name, bits(word, 25, 4));
        differences_.try_emplace(kind, format("{:08x}: {}", word, text));
    }

    u64 words() const { return words_; }
    /// One line for each kind of difference, with the first word that shows it.
    const std::map<std::string, std::string>& differences() const { return differences_; }
    const std::set<std::string_view>& explanations_used() const { return used_; }

  private:
    LlvmDecoder llvm_{LlvmDecoder::Guest::aarch64};
    u64 words_ = 0;
    std::map<std::string, std::string> differences_;
    std::set<std::string_view> used_;
};

/// A word of the row's pattern, its reserved ones too, and one that misses it by a bit or two.
void check_around(Comparison& comparison, const Row& row, Random& random, u64 count) {
    for (u64 i = 0; i < count; ++i) {
        u32 word = row.pattern.match | (random.word() & ~row.pattern.mask);
        u32 missed = 1U << random.below(32) | (random.once_in(2) ? 1U << random.below(32) : 0);
        comparison.check(word);
        comparison.check(word ^ missed);
    }
}

/// Every combination of the bits that most encodings are told apart by, the others random.
void check_classes(Comparison& comparison, Random& random) {
    for (u32 choice = 0; choice < 1U << 17; ++choice) {
        u32 word = bits(choice, 0, 11) << 21 | bits(choice, 11, 6) << 10;
        for (int i = 0; i < 4; ++i) comparison.check(word | (random.word() & 0x001f'03ff));
        comparison.check(word | 0x001f'03ff);
        comparison.check(word);
    }
}

u64 words_wanted() {
    const char* millions = std::getenv("LYREBIRD_DECODER_WORDS");
    return (millions != nullptr ? std::strtoull(millions, nullptr, 0) : 20) * 1'000'000;
}

}  // namespace

TEST_CASE("millions of words are claimed by us when LLVM claims them, and by nobody else") {
    Comparison comparison;
    Random random(1);
    check_classes(comparison, random);
    for (u32 word : returns_of_the_kernel) comparison.check(word);
    u64 rows = aarch64_instructions().rows.size();
    for (const Row& row : aarch64_instructions().rows) check_around(comparison, row, random, words_wanted() / rows / 4);
    while (comparison.words() < words_wanted()) comparison.check(random.word());

    for (const auto& [kind, what] : comparison.differences()) FAIL_CHECK(kind, ": ", what);
    for (const Explanation& each : only_llvm)
        CHECK_MESSAGE(comparison.explanations_used().contains(each.name), each.name);
    for (const Explanation& each : only_ours)
        CHECK_MESSAGE(comparison.explanations_used().contains(each.name), each.name);
}
