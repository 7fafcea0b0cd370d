// The cached names give what find_symbol gives, also for files that are broken.
#include "loader/symbol_table.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "loader/symbols.hpp"
#include "tests/loader/symbol_file.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using loader::SymbolTable;
using test::SymbolFile;

namespace {
SymbolTable table_of(const std::string& bytes) {
    test::TemporaryDirectory directory;
    return SymbolTable::read(directory.write("file", bytes));
}
std::string text(const std::optional<loader::Symbol>& symbol) {
    return symbol ? symbol->name + "+" + std::to_string(symbol->offset) : "";
}
}  // namespace

TEST_CASE("a symbol table names the bytes of functions with their offsets") {
    SymbolTable table = table_of(SymbolFile().bytes());
    CHECK_EQ(text(table.find(0x1100)), "first+0");
    CHECK_EQ(text(table.find(0x111f)), "first+31");
    CHECK_EQ(text(table.find(0x1210)), "second+16");
}

TEST_CASE("a function within another has its own bytes, and the other those behind it") {
    SymbolTable table = table_of(SymbolFile().bytes());
    CHECK_EQ(text(table.find(0x110a)), "inner+2");
    CHECK_EQ(text(table.find(0x110c)), "first+12");
}

TEST_CASE("a symbol table says what find_symbol says of every byte, by either table") {
    test::TemporaryDirectory directory;
    for (u32 type : {SHT_SYMTAB, SHT_DYNSYM, SHT_NULL}) {
        SymbolFile file;
        file.sections[1].sh_type = type;
        std::string path = directory.write("file", file.bytes());
        SymbolTable table = SymbolTable::read(path);
        for (u64 offset = 0xff0; offset < 0x1810; offset += 2) {
            CHECK_EQ(text(table.find(offset)), text(loader::find_symbol(path, offset)));
        }
        CHECK_FALSE(table.find(~u64{0}).has_value());
    }
}

TEST_CASE("a symbol table of a file that is cut off anywhere, or is none, gives no wrong name") {
    for (std::size_t size = 0; size < sizeof(SymbolFile); size += 7) {
        std::string found = text(table_of(SymbolFile().bytes(size)).find(0x1110));
        CHECK((found.empty() || found == "first+16"));
    }
    for (const char* path : {"/no/such/file", "/dev/null", "/", ""}) {
        CHECK_FALSE(SymbolTable::read(path).find(0x1110).has_value());
    }
}

TEST_CASE("reading a symbol table does not wait for a pipe's other end") {
    test::TemporaryDirectory directory;
    std::string path = directory / "pipe";
    REQUIRE_EQ(::mkfifo(path.c_str(), 0600), 0);
    CHECK_FALSE(SymbolTable::read(path).find(0x1110).has_value());
}

TEST_CASE("every single field of a symbol table's file at its greatest value is survived") {
    const std::string good = SymbolFile().bytes();
    for (std::size_t at = 0; at < offsetof(SymbolFile, names); at += 2) {
        std::string bad = good;
        std::fill_n(bad.begin() + long(at), std::min<std::size_t>(8, bad.size() - at), '\xff');
        auto symbol = table_of(bad).find(0x1110);
        CHECK((!symbol || !symbol->name.empty()));
    }
}
