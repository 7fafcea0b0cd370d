// What linking relies on: displacements that one store changes.
#include "translator/x64/assembly.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "tests/support/riscv64_machine.hpp"
#include "tests/support/riscv64_translation.hpp"

using namespace lyrebird;
using namespace lyrebird::test;
using x64::Assembly;
using x64::CondCode;

namespace {

bool lies_in_an_aligned_eight(u32 at) {
    return at / 8 == (at + 3) / 8;
}

i32 displacement_at(const u8* code, u32 at) {
    i32 value;
    std::memcpy(&value, code + at, sizeof value);
    return value;
}

}  // namespace

TEST_CASE("The displacement of a linkable jump lies within an aligned eight bytes wherever the jump begins") {
    Assembly code;
    for (int before = 0; before < 16; ++before) {
        for (int kind = 0; kind < 3; ++kind) {
            code.restart();
            for (int i = 0; i < before; ++i) code->nop();
            u32 at = kind == 0   ? code.linkable_jump()
                     : kind == 1 ? code.linkable_jump(CondCode::kZ)
                                 : code.linkable_call();
            CHECK_MESSAGE(lies_in_an_aligned_eight(at), before, " bytes before, kind ", kind);
            CHECK_EQ(at + 4, code.offset());
            CHECK_EQ(displacement_at(code.data(), at), 0);
        }
    }
}

TEST_CASE("A jump forward leads to where it is bound, a jump back to its target") {
    Assembly code;
    code.restart();
    Assembly::Forward one_byte = code.jump_short();
    Assembly::Forward conditional = code.jump_short(CondCode::kZ);
    Assembly::Forward far = code.jump_far(CondCode::kNZ);
    u32 back = code.offset();
    for (int i = 0; i < 100; ++i) code->nop();
    code.bind(one_byte);
    code.bind(conditional);
    code.bind(far);
    u32 end = code.offset();
    code.jump_to(back);
    CHECK_EQ(one_byte.at + 1 + code.data()[one_byte.at], end);
    CHECK_EQ(conditional.at + 1 + code.data()[conditional.at], end);
    CHECK_EQ(i32(far.at) + 4 + displacement_at(code.data(), far.at), i32(end));
    CHECK_EQ(i32(end) + 5 + displacement_at(code.data(), end + 1), i32(back));
}

TEST_CASE("Every exit of a block can be linked by one store, and leads to its own call of Stub::link until then") {
    Random random(20);
    for (const x64::Features& features : {all_features, no_features}) {
        Riscv64Translation machine(features);
        auto rows = riscv64_rows();
        for (int block = 0; block < 3000; ++block) {
            std::vector<u32> words(1 + random.below(20));
            for (u32& word : words) word = random_word(rows[random.below(rows.size())], random);
            u64 pc = machine.start + random.below(1000) * 2;
            machine.write(pc, words);
            const x64::Translation& made = machine.translate(pc);
            REQUIRE_FALSE(made.code.empty());
            for (std::size_t number = 0; number < made.exits.size(); ++number) {
                const x64::DirectExit& exit = made.exits[number];
                INFO("block ", block, ", exit ", number);
                REQUIRE(lies_in_an_aligned_eight(exit.at));
                REQUIRE_EQ(i32(exit.at) + 4 + displacement_at(made.code.data(), exit.at), i32(exit.unlinked));
                REQUIRE_EQ(made.code[exit.unlinked], 0xe8);
                // CodeCache finds the exit by its number: the calls stand one behind the other.
                REQUIRE_EQ(exit.unlinked, made.exits[0].unlinked + 5 * number);
            }
        }
    }
}

TEST_CASE("What is written without AsmJit's encoder has the bytes that it writes") {
    namespace x86 = asmjit::x86;
    asmjit::CodeHolder holder;
    holder.init(asmjit::Environment::host());
    x86::Assembler library(&holder);
    Assembly code;

    std::vector<asmjit::Operand> operands;
    for (u32 number : {0, 1, 4, 5, 7, 8, 12, 13, 15}) {
        operands.push_back(x86::gpq(number));
        operands.push_back(x86::gpd(number));
        for (i32 displacement : {0, 1, -128, 127, 128, -129, 0x12345678}) {
            for (u32 size : {4, 8}) {
                operands.push_back(x86::Mem(x86::gpq(number), displacement, size));
                if (number == 4) continue;
                for (u32 base : {0, 4, 5, 13}) {
                    operands.push_back(x86::Mem(x86::gpq(base), x86::gpq(number), number % 4, displacement, size));
                }
            }
        }
    }
    for (i64 value : {i64(0), i64(1), i64(-1), i64(127), i64(128), i64(-128), i64(-129), i64(0x7fff'ffff), i64(0x8000'0000),
                      i64(0xffff'ffff), i64(-0x8000'0000LL), i64(0x1'0000'0000), i64(0x1234'5678'9abc'def0)}) {
        operands.push_back(asmjit::Imm(value));
    }
    std::size_t compared = 0;
    for (auto id : {x86::Inst::kIdMov, x86::Inst::kIdAdd, x86::Inst::kIdOr, x86::Inst::kIdAnd, x86::Inst::kIdSub, x86::Inst::kIdXor,
                    x86::Inst::kIdCmp}) {
        for (const asmjit::Operand& to : operands) {
            for (const asmjit::Operand& from : operands) {
                library.setOffset(0);
                if (to.isImm() || library.emit(id, to, from) != asmjit::kErrorOk) continue;
                code.restart();
                code->emit(id, to, from);
                ++compared;
                std::vector<u8> written(code.data(), code.data() + code.offset());
                std::vector<u8> expected(library.bufferData(), library.bufferData() + library.offset());
                std::size_t to_number = std::size_t(&to - operands.data()), from_number = std::size_t(&from - operands.data());
                bool same = written == expected;
                REQUIRE_MESSAGE(same, "instruction ", id, ", operands ", to_number, " and ", from_number);
            }
        }
    }
    CHECK_GT(compared, 100'000);
}
