#include "loader/elf_file.hpp"

#include <doctest/doctest.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "runtime/base/text.hpp"
#include "tests/support/elf_builder.hpp"

using namespace lyrebird;
using namespace lyrebird::loader;
using lyrebird::test::ElfBuilder;
using lyrebird::test::memory_file;

namespace {

Result<Image> read(const ElfBuilder& elf) {
    return read_image(elf.file(), "x.elf");
}

/// The whole message with which the file is refused.
std::string refusal(Handle file, int code = ENOEXEC) {
    const auto image = read_image(std::move(file), "x.elf");
    REQUIRE_FALSE(image.has_value());
    CHECK_EQ(image.error().code, code);
    CHECK_EQ(image.error().message.find('\n'), std::string::npos);
    return image.error().message;
}
std::string refusal(const ElfBuilder& elf) {
    return refusal(elf.file());
}

std::vector<u8> text_bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

}  // namespace

TEST_CASE("a valid program is read with all its numbers") {
    auto elf = ElfBuilder::program();
    elf.add(PT_LOAD, PF_R | PF_W, 0x1010, 0x20010, 0x100, 0x5000, 0x10000);
    elf.add(PT_TLS, PF_R, 0x1010, 0x20010, 8, 24, 16);
    elf.add(PT_GNU_STACK, PF_R | PF_W | PF_X, 0, 0, 0, 0, 16);
    const auto image = read(elf);
    REQUIRE(image.has_value());
    CHECK_EQ(image->path, "x.elf");
    CHECK_EQ(image->machine, Machine::riscv64);
    CHECK_EQ(image->flags, 5);
    CHECK_FALSE(image->position_independent);
    CHECK_EQ(image->entry, 0x11000);
    REQUIRE_EQ(image->segments.size(), 2);
    CHECK_EQ(image->segments[0].protection, PROT_READ | PROT_EXEC);
    CHECK_EQ(image->segments[1].address, 0x20010);
    CHECK_EQ(image->segments[1].file_offset, 0x1010);
    CHECK_EQ(image->segments[1].file_size, 0x100);
    CHECK_EQ(image->segments[1].memory_size, 0x5000);
    CHECK_EQ(image->segments[1].protection, PROT_READ | PROT_WRITE);
    CHECK_EQ(image->segments[1].alignment, 0x10000);
    CHECK_EQ(image->start(), 0x10000);
    CHECK_EQ(image->end(), 0x25010);
    CHECK_EQ(image->program_headers, 0x10040);
    CHECK_EQ(image->program_header_count, 4);
    CHECK(image->executable_stack);
    REQUIRE(image->thread_storage.has_value());
    CHECK_EQ(image->thread_storage->memory_size, 24);
    CHECK_FALSE(image->interpreter.has_value());
}

TEST_CASE("ET_DYN is position independent, and its interpreter is read") {
    auto elf = ElfBuilder::program(ET_DYN);
    elf.add(PT_INTERP, PF_R, 0x1100, 0x11100, elf.put(0x1100, std::string_view("/lib/ld.so\0", 11)), 11, 1);
    const auto image = read(elf);
    REQUIRE(image.has_value());
    CHECK(image->position_independent);
    CHECK_EQ(image->interpreter.value_or(""), "/lib/ld.so");
}

TEST_CASE("program headers that no segment maps have no address") {
    ElfBuilder elf;
    elf.add(PT_LOAD, PF_R, 0x1000, 0x11000, 0x1000, 0x1000);
    CHECK_EQ(read(elf)->program_headers, 0);
}

TEST_CASE("without PT_GNU_STACK the stack is not executable") {
    CHECK_FALSE(read(ElfBuilder::program())->executable_stack);
}

TEST_CASE("what is not an ELF file is refused with what it is") {
    CHECK_EQ(refusal(memory_file({})), "x.elf: is empty");
    CHECK_EQ(refusal(memory_file(text_bytes("echo hello\n"))),
             "x.elf: is not a program: it does not begin as an ELF file does");
    CHECK_EQ(refusal(Handle(::open("/", O_RDONLY)), EACCES), "x.elf: is a directory, not a program");
    CHECK_EQ(refusal(Handle(::open("/dev/null", O_RDONLY)), EACCES),
             "x.elf: is not a regular file, so it cannot be run");
    CHECK_EQ(refusal(Handle(), EBADF), "x.elf: Bad file descriptor");
}

TEST_CASE("a file that ends within the ELF header is truncated") {
    const auto bytes = ElfBuilder::program().bytes();
    for (const size_t size : {4, 19, 20, 63}) {
        CHECK_EQ(
            refusal(memory_file(std::span(bytes).first(size))),
            format(
                "x.elf: ELF header: file range 0x0..+0x40 ends beyond the file ({:#x} bytes); the file is truncated, "
                "copy it again",
                size));
    }
}

TEST_CASE("a file for another machine is refused with that machine's name") {
    auto elf = ElfBuilder::program();
    elf.header.e_machine = EM_ARM;
    elf.header.e_ident[EI_CLASS] = ELFCLASS32;
    CHECK_EQ(refusal(elf), "x.elf: built for Arm (32-bit); lyre runs programs for Arm (64-bit) and RISC-V (64-bit)");
    elf.header.e_machine = EM_RISCV;
    CHECK_EQ(refusal(elf), "x.elf: built for RISC-V (32-bit); lyre runs programs for Arm (64-bit) and RISC-V (64-bit)");
    elf.header.e_ident[EI_CLASS] = ELFCLASS64;
    elf.header.e_machine = EM_X86_64;
    CHECK_EQ(refusal(elf),
             "x.elf: built for x86-64 (64-bit); lyre runs programs for Arm (64-bit) and RISC-V (64-bit) (this one runs without it)");
    elf.header.e_ident[EI_DATA] = ELFDATA2MSB;
    elf.header.e_machine = EM_S390 << 8;
    CHECK_EQ(refusal(elf), "x.elf: built for IBM Z (64-bit, big-endian); lyre runs programs for Arm (64-bit) and RISC-V (64-bit)");
    elf.header.e_ident[EI_DATA] = ELFDATA2LSB;
    elf.header.e_machine = 4711;
    CHECK_EQ(refusal(elf), "x.elf: built for machine number 4711 (64-bit); lyre runs programs for Arm (64-bit) and RISC-V (64-bit)");
    elf.header.e_ident[EI_CLASS] = 7;
    CHECK_EQ(refusal(elf), "x.elf: ELF header: unknown class or byte order; the file is damaged, copy it again");
}

TEST_CASE("RISC-V ABIs that no Linux or no lyre has are refused, others are not") {
    auto elf = ElfBuilder::program();
    elf.header.e_flags = 0x8;
    CHECK(refusal(elf).find("RV64E") != std::string::npos);
    elf.header.e_flags = 0x6;
    CHECK(refusal(elf).find("lp64q") != std::string::npos);
    for (const u32 flags : {0x0, 0x1, 0x3, 0x4, 0x15}) {
        elf.header.e_flags = flags;
        CHECK(read(elf).has_value());
    }
}

TEST_CASE("ELF files that are no programs are refused by their kind") {
    auto elf = ElfBuilder::program(ET_REL);
    CHECK_EQ(refusal(elf), "x.elf: is an object file, not a program; link it first");
    elf.header.e_type = ET_CORE;
    CHECK_EQ(refusal(elf), "x.elf: is a core dump, not a program");
    elf.header.e_type = 0xfe00;
    CHECK_EQ(refusal(elf), "x.elf: ELF type 0xfe00 is not that of a program");
}

TEST_CASE("a program header table that cannot be is refused") {
    auto elf = ElfBuilder::program();
    elf.header.e_phnum = 0;
    CHECK_EQ(refusal(elf), "x.elf: has no program headers, so there is nothing to run");
    elf.header.e_phnum = 1171;
    CHECK_EQ(refusal(elf), "x.elf: ELF header: 1171 program headers are more than Linux accepts (1170)");
    elf.header.e_phnum = 0xffff;
    CHECK(refusal(elf).find("65535 program headers") != std::string::npos);
    elf.header.e_phnum = 1;
    elf.header.e_phentsize = 32;
    CHECK_EQ(refusal(elf), "x.elf: ELF header: program headers of 32 bytes instead of 56; the file is damaged");
    elf.header.e_phentsize = 56;
    for (const u64 offset : {u64{0x2000 - 55}, u64{0x2000}, ~u64{0}, ~u64{0} - 55, u64{1} << 63}) {
        elf.header.e_phoff = offset;
        CHECK(refusal(elf).find("program header table: file range") != std::string::npos);
    }
}

TEST_CASE("a segment beyond the file's end is told with its place, and the remedy") {
    auto elf = ElfBuilder::program();
    elf.add(PT_LOAD, PF_R, 0x1000, 0x31000, 0x1001, 0x1001);
    CHECK_EQ(refusal(elf),
             "x.elf: program header 1: file range 0x1000..+0x1001 ends beyond the file (0x2000 bytes); the file is "
             "truncated, copy it again");
    elf.headers[1].p_offset = ~u64{0} - 0xfff;
    CHECK(refusal(elf).find("ends beyond the file") != std::string::npos);
}

TEST_CASE("a segment without file bytes may have any file offset") {
    auto elf = ElfBuilder::program();
    elf.add(PT_LOAD, PF_R | PF_W, 0x123456789, 0x30010, 0, 0x1000);
    CHECK(read(elf).has_value());
}

TEST_CASE("a segment with more bytes in the file than in memory is refused") {
    auto elf = ElfBuilder::program();
    elf.headers[0].p_memsz = 0x1fff;
    CHECK_EQ(
        refusal(elf),
        "x.elf: program header 0: 0x2000 bytes in the file do not fit in 0x1fff bytes of memory; the file is damaged");
}

TEST_CASE("a segment that leaves the address space or wraps around is refused") {
    auto elf = ElfBuilder::program();
    for (const u64 address : {address_limit - 0x2000, address_limit, ~u64{0} - 0xfff, u64{1} << 63}) {
        elf.headers[0].p_vaddr = address;
        CHECK(refusal(elf).find("outside every address space") != std::string::npos);
    }
    elf.headers[0].p_vaddr = 0x10000;
    for (const u64 size : {address_limit, ~u64{0}, ~u64{0} - 0x10000, address_limit - 0x10000}) {
        elf.headers[0].p_memsz = size;
        CHECK(refusal(elf).find("outside every address space") != std::string::npos);
    }
}

TEST_CASE("a segment whose address and offset differ within a page is refused") {
    auto elf = ElfBuilder::program();
    elf.headers[0].p_vaddr += 8;
    CHECK_EQ(
        refusal(elf),
        "x.elf: program header 0: address 0x10008 and file offset 0x0 differ within a page, so it cannot be mapped; "
        "link it with -z max-page-size=4096");
}

TEST_CASE("alignments that are no power of two are kept for the loader to ignore, as Linux does") {
    auto elf = ElfBuilder::program();
    elf.headers[0].p_align = 12345;
    CHECK_EQ(read(elf)->segments[0].alignment, 12345);
}

TEST_CASE("a file without loadable segments is refused") {
    ElfBuilder elf;
    elf.add(PT_NOTE, PF_R, 0, 0, 0, 0);
    CHECK_EQ(refusal(elf), "x.elf: has no loadable segment, so there is nothing to run");
}

TEST_CASE("an entry point outside every address space is refused") {
    auto elf = ElfBuilder::program();
    elf.header.e_entry = u64{1} << 62;
    CHECK(refusal(elf).find("entry point 0x4000000000000000") != std::string::npos);
}

TEST_CASE("an interpreter's path must be in the file, terminated and not empty") {
    auto elf = ElfBuilder::program();
    elf.put(0x1100, std::string_view("/lib/ld.so\0", 11));
    elf.add(PT_INTERP, PF_R, 0x1100, 0, 10, 10, 1);
    CHECK_EQ(refusal(elf),
             "x.elf: program header 1: the interpreter's path is empty or not terminated; the file is damaged");
    elf.headers[1].p_filesz = 1;
    CHECK_EQ(refusal(elf), "x.elf: program header 1: an interpreter path of 1 bytes; the file is damaged");
    elf.headers[1].p_filesz = 4097;
    CHECK_EQ(refusal(elf), "x.elf: program header 1: an interpreter path of 4097 bytes; the file is damaged");
    elf.headers[1].p_filesz = 11;
    elf.headers[1].p_offset = 0x2000 - 10;
    CHECK(refusal(elf).find("ends beyond the file") != std::string::npos);
    elf.headers[1].p_offset = 0x110a;
    elf.put(0x110a, std::string_view("\0\0\0\0\0\0\0\0\0\0\0", 11));
    CHECK(refusal(elf).find("is empty or not terminated") != std::string::npos);
}

TEST_CASE("of several interpreters the first counts") {
    auto elf = ElfBuilder::program();
    elf.add(PT_INTERP, PF_R, 0x1100, 0, elf.put(0x1100, std::string_view("/first\0", 7)), 7, 1);
    elf.add(PT_INTERP, PF_R, ~u64{0}, 0, ~u64{0}, 7, 1);
    CHECK_EQ(read(elf)->interpreter.value_or(""), "/first");
}

TEST_CASE("properties are read from their note") {
    auto elf = ElfBuilder::program();
    const std::string_view note("\4\0\0\0\x10\0\0\0\5\0\0\0GNU\0\0\0\0\xc0\4\0\0\0\3\0\0\0\0\0\0\0", 32);
    elf.add(PT_GNU_PROPERTY, PF_R, 0x1200, 0x11200, elf.put(0x1200, note), note.size(), 8);
    const auto image = read(elf);
    REQUIRE(image.has_value());
    REQUIRE_EQ(image->properties.size(), 1);
    CHECK_EQ(image->properties[0].type, 0xc0000000);
    CHECK_EQ(image->properties[0].data, std::vector<u8>{3, 0, 0, 0});
    elf.headers[1].p_filesz = 31;
    CHECK_EQ(refusal(elf), "x.elf: program header 1: the property note is malformed; the file is damaged");
    elf.headers[1].p_filesz = 1025;
    CHECK(refusal(elf).find("more than Linux accepts") != std::string::npos);
    elf.headers[1].p_filesz = 32;
    elf.headers[1].p_offset = 0x1ff0;
    CHECK(refusal(elf).find("ends beyond the file") != std::string::npos);
}

TEST_CASE("the machine is known from the first bytes alone") {
    auto bytes = ElfBuilder::program().bytes();
    CHECK_EQ(elf_machine(bytes), Machine::riscv64);
    CHECK_EQ(elf_machine(std::span(bytes).first(19)), Machine::other);
    bytes[18] = EM_X86_64;
    bytes[19] = 0;
    CHECK_EQ(elf_machine(bytes), Machine::x86_64);
    bytes[18] = EM_AARCH64;
    CHECK_EQ(elf_machine(bytes), Machine::aarch64);
    bytes[EI_CLASS] = ELFCLASS32;
    CHECK_EQ(elf_machine(bytes), Machine::other);
    CHECK_EQ(elf_machine(text_bytes("#!/bin/sh")), Machine::other);
}

TEST_CASE("the exit status tells missing programs from unusable ones, as shells do") {
    CHECK_EQ(exit_status(Error{"", ENOENT}), 127);
    CHECK_EQ(exit_status(Error{"", EACCES}), 126);
    CHECK_EQ(exit_status(Error{"", ENOEXEC}), 126);
}
