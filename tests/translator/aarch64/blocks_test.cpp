// Blocks of each instruction as tier 1's translator makes them: the longest fit into the smallest segment of code memory, and whatever
// registers an instruction names, it can be translated.
#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cstring>
#include <vector>

#include "tests/support/aarch64_encoding.hpp"
#include "tests/support/aarch64_machine.hpp"
#include "tests/support/representative.hpp"
#include "translator/x64/aarch64.hpp"
#include "translator/x64/translator.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

/// What `lyre --code-size` can make least, in as many segments as there are.
constexpr std::size_t smallest_segment = (1 << 20) / 128;
constexpr u64 pc = 0x100000, size = 0x10000;

/// A translator by itself; nothing runs what it makes.
class Blocks {
  public:
    explicit Blocks(const x64::Features& features)
        : space_(memory::AddressSpace::create({}).value()), layout_(x64::Layout::of<aarch64::Guest>(features)) {
        SysResult mapped = space_->map(pc, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        REQUIRE(mapped == SysResult(pc));
        surroundings_ = {.layout = &layout_, .features = features};
        surroundings_.partner = [](void*, u64 load) { return load + 4; };
        surroundings_.carry_out = [](u64, u64, u64, u64) { return u64{0}; };
    }
    const x64::Translation& of(const std::vector<u32>& words) {
        std::memcpy(GuestAddress(pc).host(), words.data(), 4 * words.size());
        std::memset(GuestAddress(pc + 4 * words.size()).host(), 0, 4);
        translator_ = std::make_unique<x64::Translator<aarch64::Guest>>(*space_, surroundings_);
        return translator_->translate(pc);
    }

  private:
    std::unique_ptr<memory::AddressSpace> space_;
    x64::Layout layout_;
    x64::Surroundings surroundings_{};
    std::unique_ptr<x64::Translator<aarch64::Guest>> translator_;
};

constexpr x64::Features all_features{
    .bmi1 = true, .bmi2 = true, .lzcnt = true, .pclmul = true, .aes = true, .avx = true, .fma = true, .avx512 = true};

}  // namespace

TEST_CASE("Every block fits into the smallest segment of code memory, also as a loop with many ways out") {
    for (const x64::Features& features : {all_features, x64::Features{}}) {
        Blocks blocks(features);
        std::size_t largest = 0;
        std::string_view name;
        for (const Row& row : aarch64_instructions().rows) {
            u32 word = aarch64_representative(row);
            if (row.effects(word).flow == emitters::Effects::Flow::ends) continue;
            for (std::size_t count : {64, 50, 20, 8}) {
                std::vector<u32> words(count, word);
                if (count < 64) {
                    for (u32 reg : {8, 9, 10, 11, 12, 13, 24, 25, 26, 27}) words.push_back(a64::add_imm(reg, reg, 1));
                    words.push_back(a64::cbz(true, true, 12, -4 * i64(words.size())));
                }
                std::size_t code = blocks.of(words).code.size();
                CHECK_MESSAGE(code <= smallest_segment, row.name, ": ", code, " bytes for ", count);
                if (code <= largest) continue;
                largest = code;
                name = row.name;
            }
        }
        MESSAGE("the largest is of ", name, ": ", largest, " bytes");
    }
}

TEST_CASE("Any registers will do: the temporary ones suffice for every word of every row") {
    for (const x64::Features& features : {all_features, x64::Features{}}) {
        Blocks blocks(features);
        Random random(1);
        for (const Row& row : aarch64_instructions().rows) {
            INFO(row.name);
            for (int number = 0; number < 100; ++number) {
                u32 word = aarch64_instructions().random_word(row, random);
                // Alone, with its flags in State, and behind what leaves flags in the host.
                std::vector<u32> words{word};
                if (number % 2 != 0) words.insert(words.begin(), a64::subs_x(31, 0, 1));
                CHECK_GT(blocks.of(words).code.size(), 0);
            }
        }
    }
}

TEST_CASE("The temporary registers suffice for a choice between two numbers, by flags that are in State") {
    constexpr u32 largest = 0x92f0'0000;  // movn x0, #0x8000, lsl #48: 0x7fff'ffff'ffff'ffff
    constexpr u32 choices[]{0x9a80'0000, 0x9a80'0400, 0xda80'0000, 0xda80'0400};  // csel, csinc, csinv, csneg
    for (const x64::Features& features : {all_features, x64::Features{}}) {
        Blocks blocks(features);
        for (u32 choice : choices) {
            for (u32 condition = 0; condition < 16; ++condition) {
                for (u32 number = 0; number < 31; ++number) {
                    for (u32 result = 0; result < 31; ++result) {
                        u32 word = choice | number << 16 | condition << 12 | number << 5 | result;
                        CHECK_GT(blocks.of({a64::subs_x(31, 0, 1), largest | number, word}).code.size(), 0);
                    }
                }
            }
        }
    }
}
