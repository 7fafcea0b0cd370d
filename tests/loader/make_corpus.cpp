// Writes the fuzzer's first inputs: one small file for each thing the loader looks at. make_corpus DIRECTORY
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/support/elf_builder.hpp"

using lyrebird::u64;
using lyrebird::test::ElfBuilder;

namespace {

std::string directory;

void write(const std::string& name, const std::string& bytes) {
    std::ofstream(directory + "/" + name, std::ios::binary) << bytes;
}

/// Keeps the file's first `size` bytes.
void write(const std::string& name, const ElfBuilder& elf, u64 size) {
    const auto bytes = elf.bytes();
    write(name, std::string(bytes.begin(), bytes.begin() + static_cast<long>(size)));
}

/// A program whose one segment covers the header tables.
ElfBuilder small(lyrebird::u16 type = ET_EXEC) {
    ElfBuilder elf(type);
    elf.header.e_entry = ElfBuilder::base + 0x40;
    elf.add(PT_LOAD, PF_R | PF_X, 0, ElfBuilder::base, 0x100, 0x100);
    return elf;
}

/// Adds a header of type `type` for `text`, which stands at the file offset 0x1000.
void add_text(ElfBuilder& elf, lyrebird::u32 type, std::string_view text) {
    elf.put(0x1000, text);
    elf.add(type, PF_R, 0x1000, ElfBuilder::base + 0x1000, text.size(), text.size(), 8);
}

void write_programs() {
    write("program", small(), 0x100);
    write("position-independent", small(ET_DYN), 0x100);
    auto elf = small();
    elf.add(PT_LOAD, PF_R | PF_W, 0x80, ElfBuilder::base + 0x1080, 0x40, 0x3000, 0x10000);
    elf.add(PT_TLS, PF_R, 0x80, ElfBuilder::base + 0x1080, 8, 16, 16);
    elf.add(PT_GNU_STACK, PF_R | PF_W | PF_X, 0, 0, 0, 0, 16);
    write("data-tls-stack", elf, 0x200);
    elf = small(ET_DYN);
    add_text(elf, PT_INTERP, std::string_view("/lib/ld-linux-riscv64-lp64d.so.1\0", 33));
    write("interpreter", elf, 0x1021);
    elf = small();
    add_text(elf, PT_GNU_PROPERTY,
             std::string_view("\4\0\0\0\x10\0\0\0\5\0\0\0GNU\0\0\0\0\xc0\4\0\0\0\3\0\0\0\0\0\0\0", 32));
    write("property", elf, 0x1020);
}

void write_refused() {
    auto elf = small();
    elf.headers[0].p_filesz = 0x101;
    elf.headers[0].p_memsz = 0x101;
    write("truncated", elf, 0x100);
    write("truncated-header", small(), 40);
    elf = small();
    elf.headers[0].p_memsz = ~u64{0};
    write("overflow", elf, 0x100);
    elf = small();
    elf.header.e_phnum = 0xffff;
    write("many-headers", elf, 0x100);
    elf = small();
    elf.header.e_machine = EM_X86_64;
    write("x86-64", elf, 0x100);
    elf.header.e_ident[EI_CLASS] = ELFCLASS32;
    elf.header.e_machine = EM_ARM;
    write("arm", elf, 0x40);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fputs("usage: make_corpus DIRECTORY\n", stderr);
        return 2;
    }
    directory = arguments[1];
    write_programs();
    write_refused();
    write("script", "#!/bin/sh -e x\necho\n");
    write("script-carriage-return", "#!/no/such/sh\r\n");
    write("script-empty", "#! \t\n");
}
