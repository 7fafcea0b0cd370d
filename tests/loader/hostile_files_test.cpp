// Files that mean harm, or that suffered it: every file of the fuzzer's corpus, and thousands of mutations of valid
// programs, go through the loader. It must refuse them with one line or load them; `try_file` dies if a promise is
// broken.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "loader/elf_file.hpp"
#include "loader/load.hpp"
#include "tests/loader/fuzz_input.hpp"
#include "tests/support/elf_builder.hpp"

using namespace lyrebird;
using lyrebird::test::ElfBuilder;
using lyrebird::test::memory_file;
using lyrebird::test::try_file;

namespace {

std::vector<u8> contents_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Loads a file that read_image accepts. Whatever its numbers are, nothing may be mapped outside the guest's part.
void load_file(const std::vector<u8>& bytes) {
    const auto image = loader::read_image(memory_file(bytes), "x.elf");
    if (!image) return;
    auto space = memory::AddressSpace::create({.va_bits = 39});
    REQUIRE(space.has_value());
    const auto loaded = loader::load(*image, nullptr, **space);
    const u64 top = (*space)->top().value;
    (*space)->for_each([&](const memory::Region& region) {
        CHECK_GE(region.start.value, memory::lowest_address);
        CHECK_LE(region.end.value, top);
    });
    if (loaded) CHECK_LT(loaded->start.value, top);
    if (!loaded) CHECK_EQ(loaded.error().message.find('\n'), std::string::npos);
}

/// Valid programs with everything in them that the loader reads.
std::vector<u8> valid_program(u16 type) {
    auto elf = ElfBuilder::program(type);
    elf.add(PT_LOAD, PF_R | PF_W, 0x1010, 0x30010, 0x100, 0x5000, 0x10000);
    elf.add(PT_TLS, PF_R, 0x1010, 0x30010, 8, 24, 16);
    elf.add(PT_GNU_STACK, PF_R | PF_W, 0, 0, 0, 0, 16);
    elf.add(PT_INTERP, PF_R, 0x1100, 0x11100, elf.put(0x1100, std::string_view("/no/such/ld.so\0", 15)), 15, 1);
    const std::string_view note("\4\0\0\0\x10\0\0\0\5\0\0\0GNU\0\0\0\0\xc0\4\0\0\0\3\0\0\0\0\0\0\0", 32);
    elf.add(PT_GNU_PROPERTY, PF_R, 0x1200, 0x11200, elf.put(0x1200, note), note.size(), 8);
    return elf.bytes();
}

/// Overwrites one to four places in the headers, or in the small texts they refer to, with values that break careless
/// code.
void mutate(std::vector<u8>& bytes, std::mt19937_64& random) {
    constexpr u64 edges[] = {0,          1,          2,          0x7f,       0xff,       0xfff,      0x1000,
                             0x1001,     0xffff,     0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 38, (1ULL << 39) - 1,
                             1ULL << 46, 1ULL << 47, 1ULL << 62, 1ULL << 63, ~0ULL,      ~0ULL - 1,  ~0ULL - 0xfff};
    const u64 headers = sizeof(Elf64_Ehdr) + 6 * sizeof(Elf64_Phdr);
    for (u64 count = random() % 4 + 1; count != 0; --count) {
        const u64 size = u64{1} << random() % 4;
        u64 place = random() % headers;
        if (random() % 8 == 0) place = 0x1100 + random() % 0x140;
        if (random() % 2 == 0) place &= ~(size - 1);
        u64 value = edges[random() % std::size(edges)];
        if (random() % 4 == 0) value = random();
        if (random() % 4 == 0) value = bytes[place] + random() % 9 - 4;
        for (u64 i = 0; i < size; ++i) bytes[place + i] = static_cast<u8>(value >> (8 * i));
    }
    if (random() % 16 == 0) bytes.resize(random() % bytes.size());
}

}  // namespace

TEST_CASE("every file of the corpus is loaded or refused with one line") {
    size_t programs = 0;
    size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LYREBIRD_CORPUS)) {
        const auto bytes = contents_of(entry.path());
        INFO(entry.path().filename().string());
        ++files;
        programs += try_file(bytes) ? 1 : 0;
        load_file(bytes);
    }
    CHECK_GE(files, 14);
    CHECK_GE(programs, 5);
}

TEST_CASE("ten thousand mutations of valid programs are loaded or refused with one line") {
    std::mt19937_64 random(20240607);
    const std::vector<u8> valid[] = {valid_program(ET_EXEC), valid_program(ET_DYN)};
    size_t programs = 0;
    for (int round = 0; round < 10000; ++round) {
        auto bytes = valid[round % 2];
        mutate(bytes, random);
        INFO(round);
        programs += try_file(bytes) ? 1 : 0;
        load_file(bytes);
    }
    CHECK_GT(programs, 2000);
    CHECK_LT(programs, 8000);
}
