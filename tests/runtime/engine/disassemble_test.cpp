// Host code as text: its form, and that no bytes whatever are lost or dangerous.
#include "runtime/engine/disassemble.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/random.hpp"

using namespace lyrebird;
using engine::disassemble_host;
using engine::disassemble_host_relative;

namespace {
using Code = std::vector<u8>;
constexpr u64 somewhere = 0x7f12'3456'0000;
}  // namespace

TEST_CASE("each instruction is a line with its offset, in Intel's syntax") {
    Code code{0x48, 0x89, 0xd8, 0x48, 0x83, 0x43, 0x10, 0x05, 0xc3};
    CHECK_EQ(disassemble_host(code, somewhere),
             "+0x0    mov rax, rbx\n"
             "+0x3    add qword ptr [rbx + 0x10], 5\n"
             "+0x8    ret\n");
    CHECK_EQ(disassemble_host_relative(code), disassemble_host(code, somewhere));
}

TEST_CASE("no code is no text") {
    CHECK_EQ(disassemble_host({}, somewhere), "");
    CHECK_EQ(disassemble_host_relative({}), "");
}

TEST_CASE("a branch's target is an address, explained when it is within the code") {
    Code code{0x75, 0x01, 0x90, 0xe8, 0, 1, 0, 0};
    CHECK_EQ(disassemble_host(code, somewhere),
             "+0x0    jne 0x7f1234560003  ; +0x3\n"
             "+0x2    nop\n"
             "+0x3    call 0x7f1234560108\n");
}

TEST_CASE("what is addressed relative to rip is explained") {
    Code code{0x48, 0x8b, 0x05, 0x00, 0, 0, 0, 0x48, 0x8d, 0x0d, 0, 0, 1, 0};
    CHECK_EQ(disassemble_host(code, somewhere),
             "+0x0    mov rax, qword ptr [rip]  ; +0x7\n"
             "+0x7    lea rcx, [rip + 0x10000]  ; 0x7f123457000e\n");
}

TEST_CASE("for golden files, targets of branches are offsets, the end of the code included, or outside") {
    Code code{0x75, 0x0e, 0xeb, 0xfc, 0xe3, 0xfa, 0xe9, 0, 1, 0, 0, 0xe8, 0xed, 0xff, 0xff, 0xff};
    CHECK_EQ(disassemble_host_relative(code),
             "+0x0    jne +0x10\n"
             "+0x2    jmp +0x0\n"
             "+0x4    jrcxz +0x0\n"
             "+0x6    jmp outside\n"
             "+0xb    call outside\n");
}

TEST_CASE("for golden files, what is addressed relative to rip is an offset, or outside") {
    Code code{0x48, 0x8b, 0x05, 0x00, 0, 0, 0, 0x80, 0x3d, 0xf2, 0xff, 0xff, 0xff, 0x07, 0xff, 0x25, 0, 0, 1, 0};
    CHECK_EQ(disassemble_host_relative(code),
             "+0x0    mov rax, qword ptr [+0x7]\n"
             "+0x7    cmp byte ptr [+0x0], 7\n"
             "+0xe    jmp qword ptr [outside]\n");
}

TEST_CASE("for golden files, an immediate that looks like the host's address is not told, any other is") {
    Code code{0x48, 0xb8, 0xf0, 0xde, 0xbc, 0x34, 0x12, 0x7f, 0, 0, 0x48, 0xb9, 8, 7, 6, 5, 4, 3, 2, 1};
    CHECK_EQ(disassemble_host_relative(code),
             "+0x0    movabs rax, host\n"
             "+0xa    movabs rcx, 0x102030405060708\n");
}

TEST_CASE("unknown bytes are stepped over one at a time") {
    Code code{0x90, 0x06, 0x07, 0xc3, 0x0f};
    CHECK_EQ(disassemble_host(code, 0),
             "+0x0    nop\n"
             "+0x1    .byte 0x06\n"
             "+0x2    .byte 0x07\n"
             "+0x3    ret\n"
             "+0x4    .byte 0x0f\n");
}

TEST_CASE("the extensions that translated code uses are known") {
    struct Known {
        Code code;
        const char* text;
    };
    const Known all[]{
        {{0xc4, 0xe2, 0xf1, 0xf7, 0xc0}, "shlx rax, rax, rcx"},
        {{0xc4, 0xe2, 0xfb, 0xf6, 0xc1}, "mulx rax, rax, rcx"},
        {{0xf3, 0x48, 0x0f, 0xbd, 0xc1}, "lzcnt rax, rcx"},
        {{0xf3, 0x48, 0x0f, 0xb8, 0xc1}, "popcnt rax, rcx"},
        {{0x0f, 0x38, 0xf0, 0x06}, "movbe eax, dword ptr [rsi]"},
        {{0x66, 0x0f, 0x3a, 0x44, 0xc1, 0x00}, "pclmulqdq xmm0, xmm1, 0"},
        {{0xc4, 0xe2, 0xf1, 0x98, 0xc2}, "vfmadd132pd xmm0, xmm1, xmm2"},
        {{0xc4, 0xe2, 0x79, 0x13, 0xc1}, "vcvtph2ps xmm0, xmm1"},
        {{0xf0, 0x48, 0x0f, 0xc7, 0x0e}, "lock cmpxchg16b xmmword ptr [rsi]"},
        {{0xf3, 0x0f, 0x1e, 0xfa}, "endbr64"},
    };
    for (const auto& [code, text] : all) CHECK_EQ(disassemble_host(code, 0), std::string("+0x0    ") + text + "\n");
}

TEST_CASE("random bytes always give lines with rising offsets") {
    test::Random random(7);
    for (int round = 0; round < 2000; ++round) {
        Code code(1 + round % 40);
        for (u8& byte : code) byte = u8(random.word());
        for (const std::string& text : {disassemble_host(code, somewhere), disassemble_host_relative(code)}) {
            REQUIRE(text.ends_with('\n'));
            u64 last = 0;
            for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
                u64 offset = std::stoul(text.substr(at + 1), nullptr, 16);
                CHECK((at == 0 ? offset == 0 : offset > last && offset - last <= 15));
                last = offset;
            }
            CHECK(code.size() - last <= 15);
        }
    }
}
