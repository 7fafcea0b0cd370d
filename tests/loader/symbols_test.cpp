#include "loader/symbols.hpp"

#include <doctest/doctest.h>
#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/loader/symbol_file.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using loader::find_symbol;

namespace {
struct File : test::SymbolFile {
    std::optional<loader::Symbol> find(u64 offset, std::size_t size = sizeof(File)) const {
        test::TemporaryDirectory directory;
        std::string path = directory / "file";
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(this), std::streamsize(size));
        return find_symbol(path, offset);
    }
};
}  // namespace

TEST_CASE("a byte inside of a function has the function's name and an offset") {
    File file;
    auto symbol = file.find(0x1110);
    REQUIRE(symbol.has_value());
    CHECK_EQ(symbol->name, "first");
    CHECK_EQ(symbol->offset, 0x10U);
}

TEST_CASE("a function without a size reaches to the next one; mapping symbols and local labels name nothing") {
    auto symbol = File().find(0x1210);
    REQUIRE(symbol.has_value());
    CHECK_EQ(symbol->name, "second");
    CHECK_EQ(symbol->offset, 0x10U);
}

TEST_CASE("between functions, before the first and outside of every segment there is no name") {
    CHECK_FALSE(File().find(0x1120).has_value());
    CHECK_FALSE(File().find(0x1000).has_value());
    CHECK_FALSE(File().find(0x800).has_value());
    CHECK_FALSE(File().find(0x1800).has_value());
    CHECK_FALSE(File().find(~u64{0}).has_value());
}

TEST_CASE("the dynamic table serves when there is no other") {
    File file;
    file.sections[1].sh_type = SHT_DYNSYM;
    CHECK_EQ(file.find(0x1110).value_or(loader::Symbol{}).name, "first");
}

TEST_CASE("a file that is cut off anywhere, or is none, gives no wrong name") {
    File file;
    for (std::size_t size = 0; size < sizeof(File); size += 7) {
        auto symbol = file.find(0x1110, size);
        CHECK((!symbol || symbol->name == "first"));
    }
    CHECK_FALSE(find_symbol("/no/such/file", 0).has_value());
    CHECK_FALSE(find_symbol("/dev/null", 0).has_value());
    CHECK_FALSE(find_symbol("/", 0).has_value());
}

TEST_CASE("every single field at its greatest value is survived") {
    File file;
    auto* bytes = reinterpret_cast<unsigned char*>(&file);
    for (std::size_t at = 0; at < offsetof(File, names); at += 2) {
        unsigned char saved[8];
        std::size_t size = std::min<std::size_t>(8, sizeof(File) - at);
        std::memcpy(saved, bytes + at, size);
        std::memset(bytes + at, 0xff, size);
        auto symbol = file.find(0x1110);
        CHECK((!symbol || !symbol->name.empty()));
        std::memcpy(bytes + at, saved, size);
    }
}
