// Names of guest addresses: in a file, and in memory of the guest's own.
#include "runtime/engine/symbol_names.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "runtime/base/handle.hpp"
#include "runtime/base/text.hpp"
#include "runtime/engine/system.hpp"
#include "tests/loader/symbol_file.hpp"
#include "tests/runtime/engine/guest_memory.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::engine;

namespace {
struct GuestSystem {
    engine::test::FaultsHandled faults;
    System system{Options{}};

    GuestSystem() { system.memory = *memory::AddressSpace::create({}); }
    u64 map(const std::string& path, u64 offset) {
        Handle file(::open(path.c_str(), O_RDONLY));
        REQUIRE(bool(file));
        return u64(system.memory->map(0, page_size, PROT_READ, MAP_PRIVATE, file.get(), offset));
    }
};
}  // namespace

TEST_CASE("code in memory of no file is named by its address") {
    GuestSystem guest;
    u64 page = u64(guest.system.memory->map(0, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    SymbolNames names(guest.system);
    CHECK_EQ(names.name(page + 4), format("guest {:#x}", page + 4));
    CHECK_EQ(names.name(0x10), "guest 0x10");
    std::string label = "code";
    REQUIRE_EQ(guest.system.memory->name_memory(page, page_size, &label), 0);
    CHECK_EQ(names.name(page + 4), format("guest {:#x} [anon:code]", page + 4));
}

TEST_CASE("code in a file without names is named by its offset there and the file") {
    GuestSystem guest;
    lyrebird::test::TemporaryDirectory directory;
    u64 page = guest.map(directory.write("some/file", std::string(3 * page_size, 'x')), page_size);
    SymbolNames names(guest.system);
    CHECK_EQ(names.name(page + 0x12), "0x1012 [file]");
    CHECK_EQ(module_of(guest.system, page + 0x12), directory / "some/file" + "+0x1012");
}

TEST_CASE("code in a function is named by the function and the file") {
    GuestSystem guest;
    lyrebird::test::TemporaryDirectory directory;
    std::string path = directory.write("program", lyrebird::test::SymbolFile().bytes());
    u64 page = guest.map(path, 0x1000);
    SymbolNames names(guest.system);
    CHECK_EQ(names.name(page + 0x110), "first+0x10 [program]");
    CHECK_EQ(names.name(page + 0x50), "0x1050 [program]");
    CHECK_EQ(module_of(guest.system, page + 0x110), path + "+0x1110 (first+0x10)");
}

TEST_CASE("a file is read once, however often and wherever it is mapped") {
    GuestSystem guest;
    lyrebird::test::TemporaryDirectory directory;
    std::string path = directory.write("program", lyrebird::test::SymbolFile().bytes());
    SymbolNames names(guest.system);
    u64 page = guest.map(path, 0x1000);
    CHECK_EQ(names.name(page + 0x110), "first+0x10 [program]");
    u64 again = guest.map(path, 0x1000);
    directory.write("program", "no names");
    CHECK_EQ(names.name(again + 0x110), "first+0x10 [program]");
}
