// The meaning of every row as its listing, in a golden file: a changed meaning is a changed text.
#include <doctest/doctest.h>

#include "runtime/base/text.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/listing_text.hpp"
#include "tests/support/representative.hpp"
#include "tests/support/riscv64_machine.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

std::string slot_name(u64 offset) {
    for (int i = 0; i < 32; ++i) {
        if (riscv64::x_slot(i).offset == offset) return format("x{}", i);
        if (riscv64::f_slot(i).offset == offset) return format("f{}", i);
    }
    if (riscv64::fflags_slot.offset == offset) return "fflags";
    return riscv64::frm_slot.offset == offset ? "frm" : format("@{}", offset);
}

}  // namespace

TEST_CASE("every row's listing is as in tests/golden/riscv64/listing.txt") {
    constexpr u64 pc = 0x10000;
    std::string text;
    for (const Row& row : riscv64_rows()) {
        u32 word = representative(row);
        append(text, "{}\n{}\n", row.print(word, pc), indent(name_slots(row.listing(word, pc), slot_name)));
    }
    std::string difference = compare_with_golden("riscv64/listing.txt", text);
    CHECK_MESSAGE(difference.empty(), "other than tests/golden has it (--update to accept):\n", difference);
}
