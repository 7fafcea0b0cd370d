// Programs that the cross compiler made, in the three forms in which Linux programs come.
#include <doctest/doctest.h>
#include <elf.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "loader/elf_file.hpp"
#include "loader/load.hpp"
#include "loader/program.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;

namespace {

struct Process {
    std::unique_ptr<memory::AddressSpace> space;
    Image image;
    std::optional<Image> linker;
    Loaded loaded;
    std::vector<char> file;
};

/// A guest whose cross compiler is there.
struct Guest {
    Machine machine;
    std::string programs;
    std::string sysroot;
    std::string dynamic_linker;
};
const std::vector<Guest> guests = {
#ifdef LYREBIRD_RISCV64_SYSROOT
    {Machine::riscv64, LYREBIRD_LOADER_PROGRAMS "/riscv64/", LYREBIRD_RISCV64_SYSROOT, "/lib/ld-linux-riscv64-lp64d.so.1"},
#endif
#ifdef LYREBIRD_AARCH64_SYSROOT
    {Machine::aarch64, LYREBIRD_LOADER_PROGRAMS "/aarch64/", LYREBIRD_AARCH64_SYSROOT, "/lib/ld-linux-aarch64.so.1"},
#endif
};

Process start(const Guest& guest, const std::string& name) {
    const std::string path = guest.programs + name;
    const auto sysroot = Sysroot::create(guest.sysroot);
    REQUIRE(sysroot.has_value());
    auto program = resolve({path, {name}, false, Handle(), false}, *sysroot);
    REQUIRE(program.has_value());
    CHECK_EQ(program->machine, guest.machine);
    Process process;
    auto image = read_image(std::move(program->file), program->path);
    REQUIRE(image.has_value());
    process.image = std::move(*image);
    if (process.image.interpreter) {
        auto linker = read_interpreter(process.image, *sysroot);
        REQUIRE(linker.has_value());
        process.linker = std::move(*linker);
    }
    process.space = std::move(*memory::AddressSpace::create({}));
    auto loaded = load(process.image, process.linker ? &*process.linker : nullptr, *process.space);
    REQUIRE(loaded.has_value());
    process.loaded = *loaded;
    std::ifstream file(path, std::ios::binary);
    process.file.assign(std::istreambuf_iterator<char>(file), {});
    return process;
}

/// What holds for each of them: memory is the file's bytes and then zero, and execution begins in code.
void check(const Process& process) {
    const Elf64_Ehdr& header = reinterpret_cast<const Elf64_Ehdr&>(process.file.front());
    const char* table = process.loaded.program_headers.host<char>();
    CHECK(std::equal(table, table + process.loaded.program_header_count * sizeof(Elf64_Phdr),
                     process.file.data() + header.e_phoff));
    for (const Segment& segment : process.image.segments) {
        const char* memory = GuestAddress(segment.address + process.loaded.bias).host<char>();
        CHECK(std::equal(memory, memory + segment.file_size, process.file.data() + segment.file_offset));
        if ((segment.protection & PROT_WRITE) == 0) continue;
        CHECK_GE(segment.memory_size, segment.file_size + 100000);
        for (u64 i = segment.file_size; i < segment.memory_size; ++i) REQUIRE_EQ(memory[i], 0);
    }
    CHECK(process.space->executable(process.loaded.start, 4));
    CHECK(process.space->executable(process.loaded.entry, 4));
    CHECK_FALSE(process.loaded.executable_stack);
    REQUIRE(process.image.thread_storage.has_value());
    CHECK_GE(process.image.thread_storage->memory_size, 4);
}

}  // namespace

TEST_CASE("a static program is loaded at its address") {
    for (const Guest& guest : guests) {
        const auto process = start(guest, "static");
        check(process);
        CHECK_EQ(process.loaded.bias, 0);
        CHECK_EQ(process.loaded.start, process.loaded.entry);
        CHECK_GE(process.space->brk_start().value, process.image.end());
    }
}

TEST_CASE("a static position independent program is loaded somewhere") {
    for (const Guest& guest : guests) {
        const auto process = start(guest, "static-pie");
        check(process);
        CHECK_NE(process.loaded.bias, 0);
        CHECK_EQ(process.loaded.start, process.loaded.entry);
        CHECK_EQ(process.loaded.interpreter_base, GuestAddress(0));
    }
}

TEST_CASE("a dynamic program is loaded with its dynamic linker from the sysroot") {
    for (const Guest& guest : guests) {
        const auto process = start(guest, "pie");
        check(process);
        CHECK_EQ(process.image.interpreter.value_or(""), guest.dynamic_linker);
        REQUIRE(process.linker.has_value());
        CHECK_EQ(process.linker->path.find(guest.sysroot), 0);
        CHECK_EQ(process.loaded.start.value, process.loaded.interpreter_base.value + process.linker->entry);
        const auto base = process.loaded.interpreter_base;
        CHECK_EQ(std::string(base.host<char>(), 4), ELFMAG);
    }
}
