// A file with one segment (file offset 0x1000 at address 0x400000), a few functions, and the tables that name them.
#pragma once

#include <elf.h>

#include <cstring>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

struct SymbolFile {
    Elf64_Ehdr header{};
    Elf64_Phdr segment{};
    Elf64_Shdr sections[3]{};
    Elf64_Sym symbols[6]{};
    char names[64] = "\0first\0second\0$x\0.L1\0inner";

    SymbolFile() {
        std::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_shentsize = sizeof(Elf64_Shdr);
        header.e_phnum = 1;
        header.e_shnum = 3;
        header.e_phoff = offsetof(SymbolFile, segment);
        header.e_shoff = offsetof(SymbolFile, sections);
        segment = {PT_LOAD, PF_R | PF_X, 0x1000, 0x400000, 0x400000, 0x800, 0x800, 0x1000};
        sections[1].sh_type = SHT_SYMTAB;
        sections[1].sh_offset = offsetof(SymbolFile, symbols);
        sections[1].sh_size = sizeof symbols;
        sections[1].sh_entsize = sizeof(Elf64_Sym);
        sections[1].sh_link = 2;
        sections[2].sh_type = SHT_STRTAB;
        sections[2].sh_offset = offsetof(SymbolFile, names);
        sections[2].sh_size = sizeof names;
        // Not in order, as in real files.
        symbols[1] = {7, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, 0x400200, 0};
        symbols[2] = {1, ELF64_ST_INFO(STB_GLOBAL, STT_FUNC), 0, 1, 0x400100, 0x20};
        symbols[3] = {14, ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1, 0x400208, 0};
        symbols[4] = {17, ELF64_ST_INFO(STB_LOCAL, STT_NOTYPE), 0, 1, 0x400208, 0};
        symbols[5] = {21, ELF64_ST_INFO(STB_LOCAL, STT_FUNC), 0, 1, 0x400108, 4};
    }

    /// The file's first `size` bytes.
    std::string bytes(std::size_t size = sizeof(SymbolFile)) const {
        return std::string(reinterpret_cast<const char*>(this), size);
    }
};

}  // namespace lyrebird::test
