// The host code that tier 1 makes of each instruction, in a golden file: what code costs is seen where it changes.
//
// What must stay true: the text is the same on every machine, with every compiler. So the host's features are given
// here, and neither addresses nor distances between places of the VM stand in it. Capstone 4 does not know all of
// AVX-512; what it does not know stands there as `.byte`.
#include <doctest/doctest.h>

#include <algorithm>

#include "host_code_text.hpp"
#include "runtime/base/text.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/representative.hpp"
#include "tests/support/riscv64_translation.hpp"
#include "translator/riscv64/state.hpp"

using namespace lyrebird;
using namespace lyrebird::test;

namespace {

constexpr u64 pc = Riscv64Translation::start;

std::string guest_field(std::size_t offset) {
    using riscv64::State;
    if (offset == offsetof(State, pc)) return "pc";
    if (offset == offsetof(State, fflags)) return "fflags";
    if (offset == offsetof(State, frm)) return "frm";
    if (std::size_t x = offset - offsetof(State, x); x < sizeof(State::x)) return with_distance(format("x{}", x / 8), x % 8);
    if (std::size_t f = offset - offsetof(State, f); f < sizeof(State::f)) return with_distance(format("f{}", f / 8), f % 8);
    return {};
}

/// A paragraph for each row of the description, or of those whose name is in `names`.
std::string paragraphs(std::string_view title, const x64::Features& features, std::span<const std::string_view> names) {
    Riscv64Translation machine(features);
    std::string text = format("==== {} ====\n\n", title);
    for (const Row& row : riscv64_rows()) {
        if (!names.empty() && std::find(names.begin(), names.end(), row.name) == names.end()) continue;
        u32 word = representative(row);
        u64 next = machine.write(pc, std::span<const u32>(&word, 1));
        const x64::Translation& block = machine.translate(pc, 1);
        append(text, "{}\n{}\n", row.print(word, pc), host_code_text(block, machine.layout(), next, guest_field));
    }
    return text;
}

/// Operands that make other code than the usual ones do: registers without a host register, x0, constants, known
/// rounding.
constexpr std::string_view lines[]{"addi x5, x6, -3",
                                   "addi x6, x6, 1",
                                   "addi x10, x0, -1",
                                   "add x5, x6, x7",
                                   "sub x10, x11, x10",
                                   "add x10, x11, x0",
                                   "sll x5, x6, x10",
                                   "slli x10, x10, 3",
                                   "sltu x10, x0, x11",
                                   "andi x10, x11, 255",
                                   "lbu x5, 0(x6)",
                                   "sd x0, 8(x2)",
                                   "sw x5, 0(x10)",
                                   "beq x5, x0, 0x100080",
                                   "beq x5, x6, 0xfff80",
                                   "jal x0, 0x100080",
                                   "jal x0, 0xfff80",
                                   "jal x1, 0x100080",
                                   "jalr x0, 0(x1)",
                                   "jalr x1, 0(x10)",
                                   "csrrs x10, 0x1, x0",
                                   "csrrw x0, 0x1, x11",
                                   "csrrs x10, 0x2, x0",
                                   "csrrw x10, 0x3, x11",
                                   "csrrwi x0, 0x2, 1",
                                   "csrrs x10, 0xc00, x0",
                                   "fcvt.w.d x10, f11, rtz",
                                   "fcvt.lu.s x10, f11, rtz",
                                   "fadd.d f10, f11, f12, rne",
                                   "amoadd.w x0, x12, (x11)",
                                   "amoswap.d x5, x6, (x7)",
                                   "fsgnj.d f10, f11, f11",
                                   "fsgnjn.d f10, f11, f11",
                                   "fsgnjx.s f10, f11, f11"};

std::string paragraphs_of_lines(const x64::Features& features) {
    Riscv64Translation machine(features);
    std::string text = "==== with other operands ====\n\n";
    for (std::string_view line : lines) {
        u64 next = machine.write(pc, {line});
        append(text, "{}\n{}\n", line, host_code_text(machine.translate(pc, 1), machine.layout(), next, guest_field));
    }
    return text;
}

/// Rows whose code differs where the host has no more than x86-64-v2: one of each kind.
constexpr std::string_view selection[]{
    "add",      "andn",     "sll",      "srlw",     "sra",    "ror",     "rolw",     "clz",       "ctzw",
    "cpop",     "clmul",    "clmulh",   "bext",     "mulhu",  "mulhsu",  "divw",     "czero.eqz", "sltu",
    "amoadd.w", "amomax.d", "fadd.s",   "fadd.d",   "fmul.h", "fmadd.s", "fmadd.d",  "fnmsub.d",  "fdiv.d",
    "fsqrt.s",  "fmin.d",   "fsgnjn.d", "fsgnjx.s", "feq.d",  "flt.s",   "fcvt.w.d", "fcvt.lu.d", "fcvt.d.lu",
    "fcvt.s.d", "fcvt.s.h", "fround.d", "fld",      "flw",    "fsd",     "fmv.x.d",  "fmv.w.x",   "fclass.d"};

}  // namespace

TEST_CASE("the host code of every instruction is as in tests/golden/riscv64/host.txt") {
    std::string text = paragraphs("with all that tier 1 uses: " + all_features.text(), all_features, {});
    text += paragraphs_of_lines(all_features);
    text += paragraphs("with x86-64-v2 alone", no_features, selection);
    std::string difference = compare_with_golden("riscv64/host.txt", text);
    CHECK_MESSAGE(difference.empty(), "other than tests/golden has it (--update to accept):\n", difference);
}

TEST_CASE("every instruction of the selection for x86-64-v2 exists") {
    for (std::string_view name : selection) {
        auto rows = riscv64_rows();
        CHECK_MESSAGE(std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; }), name);
    }
}
