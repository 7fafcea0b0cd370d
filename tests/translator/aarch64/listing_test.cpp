// The meaning of every row as its listing, in a golden file: a changed meaning is a changed text.
#include <doctest/doctest.h>

#include "runtime/base/text.hpp"
#include "tests/support/aarch64_machine.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/listing_text.hpp"
#include "tests/support/representative.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

std::string slot_name(u64 offset) {
    for (int i = 0; i < 32; ++i) {
        if (aarch64::x_slot(i).offset == offset) return i == 31 ? "sp" : format("x{}", i);
        if (aarch64::v_slot(i).offset == offset) return format("v{}", i);
    }
    if (aarch64::flags_slot.offset == offset) return "nzcv";
    if (aarch64::fpcr_slot.offset == offset) return "fpcr";
    if (aarch64::fpsr_slot.offset == offset) return "fpsr";
    return aarch64::pstate_slot.offset == offset ? "pstate" : format("@{}", offset);
}

}  // namespace

TEST_CASE("every row's listing is as in tests/golden/aarch64/listing.txt") {
    constexpr u64 pc = 0x10000;
    std::string text;
    for (const Row& row : aarch64_instructions().rows) {
        u32 word = aarch64_representative(row);
        append(text, "{}\n{}\n", row.print(word, pc), indent(name_slots(row.listing(word, pc), slot_name)));
    }
    std::string difference = compare_with_golden("aarch64/listing.txt", text);
    CHECK_MESSAGE(difference.empty(), "other than tests/golden has it (--update to accept):\n", difference);
}
