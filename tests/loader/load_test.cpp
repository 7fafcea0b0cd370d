#include "loader/load.hpp"

#include <doctest/doctest.h>
#include <errno.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include <map>
#include <random>

#include "loader/elf_file.hpp"
#include "tests/support/elf_builder.hpp"
#include "tests/support/kernel_process.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;
using lyrebird::test::ElfBuilder;
using lyrebird::test::KernelProcess;
using lyrebird::test::Page;
using lyrebird::test::TemporaryDirectory;
using memory::AddressSpace;

namespace {

std::unique_ptr<AddressSpace> new_space(int va_bits = 46) {
    auto space = AddressSpace::create({.va_bits = va_bits});
    REQUIRE(space.has_value());
    return std::move(*space);
}

Image read(const ElfBuilder& elf) {
    auto image = read_image(elf.file(), "x.elf");
    INFO((image ? std::string() : image.error().message));
    REQUIRE(image.has_value());
    return std::move(*image);
}

Error refusal(const ElfBuilder& elf, AddressSpace& space) {
    const auto loaded = load(read(elf), nullptr, space);
    REQUIRE_FALSE(loaded.has_value());
    return loaded.error();
}

/// The guest's pages in [start, end), by address.
std::map<u64, Page> pages_of(const AddressSpace& space, u64 start, u64 end) {
    std::map<u64, Page> found;
    space.for_each([&](const memory::Region& region) {
        const bool file = (region.flags & MAP_ANONYMOUS) == 0;
        const std::string rights = {(region.protection & PROT_READ) != 0 ? 'r' : '-',
                                    (region.protection & PROT_WRITE) != 0 ? 'w' : '-',
                                    (region.protection & PROT_EXEC) != 0 ? 'x' : '-'};
        for (GuestAddress page = region.start; page < region.end; page = page + page_size) {
            if (page.value < start || page.value >= end) continue;
            const u8* bytes = page.host<u8>();
            Page& entry = found[page.value];
            entry = Page{rights, file, file ? region.backing.offset + (page - region.start) : 0, {}};
            if (rights != "---") entry.bytes.assign(bytes, bytes + page_size);
        }
    });
    return found;
}

/// Only the pages that belong to the image (the kernel may put its vDSO in a hole), with `bias` subtracted from the
/// addresses.
std::map<u64, Page> image_pages(const std::map<u64, Page>& pages, const Image& image, u64 bias) {
    std::map<u64, Page> result;
    for (const auto& [address, page] : pages) {
        const u64 own = address - bias;
        for (const Segment& segment : image.segments) {
            if (own + page_size > segment.address && own < segment.end()) result[own] = page;
        }
    }
    return result;
}

std::string rights_at(const AddressSpace& space, u64 address) {
    const auto pages = pages_of(space, address & ~u64{0xfff}, address + 1);
    return pages.empty() ? "" : pages.begin()->second.rights;
}

/// A program of one to four segments with odd sizes, addresses and offsets; overlapping ones too.
ElfBuilder random_program(std::mt19937& random, u16 type) {
    const auto below = [&](u64 bound) { return std::uniform_int_distribution<u64>(0, bound - 1)(random); };
    ElfBuilder elf(type);
    elf.contents.resize(0x4000);
    for (auto& byte : elf.contents) byte = static_cast<u8>(below(255) + 1);
    const u64 file_size = 0x5000;
    u64 address = type == ET_EXEC ? 0x400000 : below(4) * 0x1000;
    const u64 count = below(4) + 1;
    for (u64 i = 0; i < count; ++i) {
        const u64 offset = below(2) == 0 ? below(5) * 0x1000 : below(file_size);
        // The kernel cannot place a position independent file whose first segment has no bytes in the file; we can.
        const bool first = i == 0 && type == ET_DYN;
        const u64 in_file = !first && below(4) == 0 ? 0 : below(file_size - offset) + 1;
        const u64 extra = i == 0 || below(2) == 0 ? below(0x5000) + 1 : 0;
        const u64 start = (address & ~u64{0xfff}) + offset % 0x1000;
        const u64 alignment = below(3) == 0 ? u64{0x1000} << below(6) : below(3) == 0 ? below(0x5000) : 0x1000;
        elf.add(PT_LOAD, static_cast<u32>(below(8)), offset, start, in_file, in_file + extra, alignment);
        // Often the next segment follows closely or shares a page, sometimes there is a hole, sometimes it overlaps.
        address = start + in_file + extra + (below(3) == 0 ? 0x1000 : below(8) == 0 ? 0x10000 : 0);
        if (below(10) == 0 && address > 0x402000) address -= 0x1000;
    }
    elf.header.e_entry = elf.headers[0].p_vaddr;
    return elf;
}

/// Code, constants and data, each in pages of its own, zeroed memory behind the data: what linkers write.
ElfBuilder ordinary_program(std::mt19937& random, u16 type) {
    const auto below = [&](u64 bound) { return std::uniform_int_distribution<u64>(0, bound - 1)(random); };
    ElfBuilder elf(type);
    elf.contents.resize(0x4000);
    for (auto& byte : elf.contents) byte = static_cast<u8>(below(255) + 1);
    const u64 base = type == ET_EXEC ? 0x400000 : 0;
    const u64 offset = 0x3000 + below(0x1000);
    elf.add(PT_LOAD, PF_R | PF_X, 0, base, 0x1000 + below(0x1000), 0);
    elf.add(PT_LOAD, PF_R, 0x2000, base + 0x12000, below(0x1000) + 1, 0);
    elf.add(PT_LOAD, PF_R | PF_W, offset, base + 0x20000 + offset, 1 + below(0x5000 - offset), 0);
    for (auto& header : elf.headers) header.p_memsz = header.p_filesz;
    elf.headers.back().p_memsz += below(0x5000);
    elf.header.e_entry = base;
    return elf;
}

/// Linux 6.13 was the last to change how odd files are mapped (files without bytes for a segment, alignments).
bool kernel_is_recent() {
    struct utsname system;
    int major = 0;
    int minor = 0;
    REQUIRE_EQ(::uname(&system), 0);
    REQUIRE_EQ(::sscanf(system.release, "%d.%d", &major, &minor), 2);
    if (major > 6 || (major == 6 && minor >= 13)) return true;
    MESSAGE("not compared: this kernel maps odd files by older rules: ", system.release);
    return false;
}

/// Compares what the kernel makes of a file with what we make of it.
void compare_with_kernel(const TemporaryDirectory& directory, ElfBuilder elf) {
    elf.header.e_machine = EM_X86_64;
    const auto bytes = elf.bytes();
    ::unlink((directory / "program").c_str());
    const auto path =
        directory.write("program", std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    KernelProcess process(path, {"x"}, {});
    REQUIRE_NE(process.error(), EPERM);
    elf.header.e_machine = EM_RISCV;
    auto image = read_image(elf.file(), "x.elf");
    if (image) image->file = test::memory_file(bytes);  // the machine's number is mapped too
    const auto space = new_space();
    const auto loaded = image ? load(*image, nullptr, *space) : std::unexpected(image.error());
    if (process.error() != 0) {
        CHECK_FALSE(loaded.has_value());
        return;
    }
    INFO((loaded ? std::string() : loaded.error().message));
    REQUIRE(loaded.has_value());
    auto vector = process.auxiliary_vector();
    const u64 bias = vector[AT_ENTRY] - elf.header.e_entry;
    CHECK_EQ(loaded->entry.value - loaded->bias, elf.header.e_entry);
    CHECK_EQ(loaded->program_headers.value - loaded->bias, vector[AT_PHDR] - bias);
    CHECK_EQ(loaded->program_header_count, vector[AT_PHNUM]);
    const u64 start = image->start() & ~u64{0xfff};
    const u64 end = image->end();
    const auto theirs = image_pages(process.pages(start + bias, end + bias), *image, bias);
    const auto ours = image_pages(pages_of(*space, start + loaded->bias, end + loaded->bias), *image, loaded->bias);
    REQUIRE_EQ(ours.size(), theirs.size());
    for (auto i = ours.begin(), k = theirs.begin(); i != ours.end(); ++i, ++k) {
        INFO(std::hex << i->first << " " << i->second.rights << " " << k->second.rights);
        CHECK_EQ(i->first, k->first);
        CHECK_EQ(i->second.rights, k->second.rights);
        CHECK_EQ(i->second.file, k->second.file);
        CHECK_EQ(i->second.offset, k->second.offset);
        CHECK((i->second.bytes == k->second.bytes));
    }
}

}  // namespace

TEST_CASE("a program lies at its own address, with the rights it asked for") {
    auto elf = ElfBuilder::program();
    const auto space = new_space();
    const auto loaded = load(read(elf), nullptr, *space);
    REQUIRE(loaded.has_value());
    CHECK_EQ(loaded->bias, 0);
    CHECK_EQ(loaded->start, GuestAddress(0x11000));
    CHECK_EQ(loaded->entry, GuestAddress(0x11000));
    CHECK_EQ(loaded->program_headers, GuestAddress(0x10040));
    CHECK_EQ(loaded->program_header_count, 1);
    CHECK_EQ(loaded->interpreter_base, GuestAddress(0));
    CHECK_EQ(loaded->code_start, GuestAddress(0x10000));
    CHECK_EQ(loaded->code_end, GuestAddress(0x12000));
    CHECK_EQ(rights_at(*space, 0x10000), "r-x");
    CHECK(space->executable(GuestAddress(0x10000), 0x2000));
    CHECK_EQ(GuestAddress(0x11005).host<u8>()[0], elf.contents[5]);
}

TEST_CASE("memory behind a segment's file bytes is zero, in the shared page and in pages of its own") {
    ElfBuilder elf;
    elf.add(PT_LOAD, PF_R | PF_W, 0x1000, 0x20000, 0x123, 0x3456);
    const auto space = new_space();
    REQUIRE(load(read(elf), nullptr, *space).has_value());
    CHECK_EQ(GuestAddress(0x20122).host<u8>()[0], elf.contents[0x122]);
    for (u64 address = 0x20123; address < 0x24000; ++address) REQUIRE_EQ(*GuestAddress(address).host<u8>(), 0);
    CHECK_EQ(rights_at(*space, 0x23fff), "rw-");
    CHECK_EQ(rights_at(*space, 0x24000), "");
}

TEST_CASE("a position independent program with an interpreter lies at two thirds, the heap behind it") {
    auto elf = ElfBuilder::program(ET_DYN);
    elf.headers[0].p_vaddr = 0;
    elf.header.e_entry = 0x1000;
    elf.add(PT_INTERP, PF_R, 0x1100, 0x1100, elf.put(0x1100, std::string_view("/ld\0", 4)), 4, 1);
    auto linker = ElfBuilder::program(ET_DYN);
    linker.headers[0].p_vaddr = 0;
    linker.header.e_entry = 0x1010;
    const auto space = new_space();
    const auto image = read(elf);
    const auto interpreter = read(linker);
    const auto loaded = load(image, &interpreter, *space);
    REQUIRE(loaded.has_value());
    CHECK_GE(loaded->bias, space->top().value / 3 * 2 - page_size);
    CHECK_LT(loaded->bias, space->top().value / 3 * 2 + (u64{1} << 40));
    CHECK_EQ(loaded->entry.value, loaded->bias + 0x1000);
    CHECK_EQ(loaded->start.value, loaded->interpreter_base.value + 0x1010);
    CHECK_GT(loaded->interpreter_base.value, loaded->bias);
    CHECK_GE(space->brk_start().value, loaded->bias + 0x2000);
    CHECK_LT(space->brk_start().value, loaded->bias + 0x2000 + (u64{2} << 30));
    CHECK_EQ(rights_at(*space, loaded->start.value), "r-x");
}

TEST_CASE("a static position independent program lies among mappings, its heap where programs lie") {
    auto elf = ElfBuilder::program(ET_DYN);
    elf.headers[0].p_vaddr = 0;
    const auto space = new_space();
    const auto loaded = load(read(elf), nullptr, *space);
    REQUIRE(loaded.has_value());
    CHECK_GT(loaded->bias, space->top().value / 6 * 5);
    CHECK_GE(space->brk_start().value, space->top().value / 3 * 2 - page_size);
    CHECK_LT(space->brk_start().value, space->top().value / 3 * 2 + (u64{2} << 30));
}

TEST_CASE("a large alignment is kept") {
    auto elf = ElfBuilder::program(ET_DYN);
    elf.headers[0].p_vaddr = 0;
    elf.headers[0].p_align = 0x4000000;
    const auto space = new_space();
    const auto loaded = load(read(elf), nullptr, *space);
    REQUIRE(loaded.has_value());
    CHECK_EQ(loaded->bias % 0x4000000, 0);
}

TEST_CASE("a program for addresses that no program may have is refused with what to do") {
    const auto space = new_space(39);
    auto elf = ElfBuilder::program();
    elf.headers[0].p_vaddr = 0xf000;
    auto error = refusal(elf, *space);
    CHECK_EQ(error.code, EPERM);
    CHECK_EQ(error.message,
             "x.elf: is built for address 0xf000, and no program may use addresses below 0x10000; link it "
             "higher, or position independent (-pie)");
    elf.headers[0].p_vaddr = (u64{1} << 39) - 0x2000;
    error = refusal(elf, *space);
    CHECK_EQ(error.code, ENOMEM);
    CHECK(error.message.find("the address space ends at 0x7ffffff000; choose a larger --va-bits") != std::string::npos);
}

TEST_CASE("a program whose addresses are taken is refused with their range") {
    const auto space = new_space();
    REQUIRE(space->map_fixed(GuestAddress(0x11000), page_size, PROT_READ, -1, 0, "") >= 0);
    const auto error = refusal(ElfBuilder::program(), *space);
    CHECK_EQ(error.code, EEXIST);
    CHECK_EQ(error.message,
             "x.elf: program header 0: cannot map memory range 0x10000..+0x2000: another mapping lies there");
}

TEST_CASE("a program larger than the address space is refused, fixed or not") {
    for (const u16 type : {ET_EXEC, ET_DYN}) {
        const auto space = new_space(39);
        auto elf = ElfBuilder::program(type);
        elf.headers[0].p_memsz = u64{1} << 39;
        CHECK_EQ(refusal(elf, *space).code, ENOMEM);
    }
    const auto space = new_space(39);
    auto elf = ElfBuilder::program(ET_DYN);
    elf.headers[0].p_align = u64{1} << 40;
    CHECK_EQ(refusal(elf, *space).code, ENOMEM);
}

TEST_CASE("an entry point beyond the address space is refused") {
    const auto space = new_space(39);
    auto elf = ElfBuilder::program();
    elf.header.e_entry = u64{1} << 40;
    CHECK_EQ(refusal(elf, *space).code, EINVAL);
}

TEST_CASE("ordinary programs come out as this machine's kernel maps them") {
    TemporaryDirectory directory;
    std::mt19937 random(3);
    for (int round = 0; round < 40; ++round) {
        INFO(round);
        compare_with_kernel(directory, ordinary_program(random, round % 2 == 0 ? ET_EXEC : ET_DYN));
    }
}

TEST_CASE("fixed programs with odd segments come out as this machine's kernel maps them") {
    if (!kernel_is_recent()) return;
    TemporaryDirectory directory;
    std::mt19937 random(1);
    for (int round = 0; round < 150; ++round) {
        INFO(round);
        compare_with_kernel(directory, random_program(random, ET_EXEC));
    }
}

TEST_CASE("position independent programs with odd segments come out as this machine's kernel maps them") {
    if (!kernel_is_recent()) return;
    TemporaryDirectory directory;
    std::mt19937 random(2);
    for (int round = 0; round < 150; ++round) {
        INFO(round);
        compare_with_kernel(directory, random_program(random, ET_DYN));
    }
}
