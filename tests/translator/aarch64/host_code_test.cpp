// The host code that tier 1 makes of each instruction of AArch64, in a golden file, as RISC-V's (tests/translator/x64).
#include <doctest/doctest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "runtime/base/text.hpp"
#include "tests/support/aarch64_machine.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/representative.hpp"
#include "tests/translator/x64/host_code_text.hpp"
#include "translator/aarch64/state.hpp"
#include "translator/x64/aarch64.hpp"
#include "translator/x64/translator.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

constexpr u64 pc = 0x100000;

std::string guest_field(std::size_t offset) {
    using aarch64::State;
    if (offset == offsetof(State, pc)) return "pc";
    if (offset == offsetof(State, flags)) return "flags";
    if (offset == offsetof(State, pstate)) return "pstate";
    if (offset == offsetof(State, fpcr)) return "fpcr";
    if (offset == offsetof(State, fpsr)) return "fpsr";
    if (offset == offsetof(State, thread_pointer)) return "tpidr_el0";
    if (offset == offsetof(State, thread_pointer2)) return "tpidr2_el0";
    if (std::size_t x = offset - offsetof(State, x); x < sizeof(State::x)) {
        return with_distance(x / 8 == 31 ? "sp" : format("x{}", x / 8), x % 8);
    }
    if (std::size_t v = offset - offsetof(State, v); v < sizeof(State::v)) return with_distance(format("v{}", v / 16), v % 16);
    return {};
}

/// A paragraph for each row of the description, or of those whose name is in `names`.
std::string paragraphs(std::string_view title, const x64::Features& features, std::span<const std::string_view> names) {
    auto space = memory::AddressSpace::create({}).value();
    SysResult mapped = space->map(pc, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    REQUIRE(mapped == SysResult(pc));
    auto layout = x64::Layout::of<aarch64::Guest>(features);
    x64::Surroundings surroundings{.layout = &layout, .features = features};
    surroundings.partner = [](void*, u64 load) { return load + 4; };
    surroundings.carry_out = [](u64, u64, u64, u64) { return u64{0}; };
    surroundings.options = aarch64::option_pointer_authentication;
    x64::Translator<aarch64::Guest> translator(*space, surroundings);
    std::string text = format("==== {} ====\n\n", title);
    for (const Row& row : aarch64_instructions().rows) {
        if (!names.empty() && std::find(names.begin(), names.end(), row.name) == names.end()) continue;
        u32 word = aarch64_representative(row);
        std::memcpy(GuestAddress(pc).host(), &word, 4);
        const x64::Translation& block = translator.translate(pc, 1);
        append(text, "{}\n{}\n", row.print(word, pc), host_code_text(block, layout, pc + 4, guest_field));
    }
    return text;
}

/// Rows whose code differs where the host has no more than x86-64-v2: one of each kind.
constexpr std::string_view selection[]{"add_reg_x", "adds_reg_w", "lslv_x", "rorv_w", "clz_x", "rbit_w", "umulh", "ccmp_x", "csel_w"};

}  // namespace

TEST_CASE("The host code of every instruction is as in tests/golden/aarch64/host.txt") {
    constexpr x64::Features all{
        .bmi1 = true, .bmi2 = true, .lzcnt = true, .pclmul = true, .aes = true, .avx = true, .fma = true, .avx512 = true};
    std::string text = paragraphs("with all that tier 1 uses: " + all.text(), all, {});
    text += paragraphs("with x86-64-v2 alone", {}, selection);
    std::string difference = compare_with_golden("aarch64/host.txt", text);
    CHECK_MESSAGE(difference.empty(), "other than tests/golden has it (--update to accept):\n", difference);
}
