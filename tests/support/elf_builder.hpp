// ELF files made from numbers, so that a test can state exactly what is odd about them. The defaults give a valid
// riscv64 program; every field may be changed before `bytes()` writes the file: the header, the program headers behind
// it, the contents.
#pragma once

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/handle.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::test {

/// A file without a name that holds `bytes`.
inline Handle memory_file(std::span<const u8> bytes) {
    Handle file(::memfd_create("test", MFD_CLOEXEC));
    for (size_t done = 0; done < bytes.size();) {
        const auto count = ::write(file.get(), bytes.data() + done, bytes.size() - done);
        if (count <= 0) break;
        done += static_cast<size_t>(count);
    }
    return file;
}

struct ElfBuilder {
    Elf64_Ehdr header{};
    std::vector<Elf64_Phdr> headers;
    std::vector<u8> contents;  // from contents_offset on

    static constexpr u64 contents_offset = 0x1000;
    static constexpr u64 base = 0x10000;

    explicit ElfBuilder(u16 type = ET_EXEC) {
        ::memcpy(header.e_ident, ELFMAG, SELFMAG);
        header.e_ident[EI_CLASS] = ELFCLASS64;
        header.e_ident[EI_DATA] = ELFDATA2LSB;
        header.e_ident[EI_VERSION] = EV_CURRENT;
        header.e_type = type;
        header.e_machine = EM_RISCV;
        header.e_version = EV_CURRENT;
        header.e_entry = base + contents_offset;
        header.e_phoff = sizeof(Elf64_Ehdr);
        header.e_flags = 0x5;  // compressed code, double-precision ABI
        header.e_ehsize = sizeof(Elf64_Ehdr);
        header.e_phentsize = sizeof(Elf64_Phdr);
        contents.resize(0x1000);
        for (size_t i = 0; i < contents.size(); ++i) contents[i] = static_cast<u8>(i * 7 + 1);
    }

    /// A valid program: one segment that maps the whole file.
    static ElfBuilder program(u16 type = ET_EXEC) {
        ElfBuilder elf(type);
        elf.add(PT_LOAD, PF_R | PF_X, 0, base, 0x2000, 0x2000);
        return elf;
    }

    Elf64_Phdr& add(u32 type, u32 flags, u64 offset, u64 address, u64 file_size, u64 memory_size,
                    u64 alignment = 0x1000) {
        headers.push_back(Elf64_Phdr{type, flags, offset, address, address, file_size, memory_size, alignment});
        header.e_phnum = static_cast<u16>(headers.size());
        return headers.back();
    }

    /// Puts `text` into the contents at the file offset `offset` and returns its size.
    u64 put(u64 offset, std::string_view text) {
        const u64 start = offset - contents_offset;
        if (contents.size() < start + text.size()) contents.resize(start + text.size());
        ::memcpy(contents.data() + start, text.data(), text.size());
        return text.size();
    }

    std::vector<u8> bytes() const {
        std::vector<u8> file(contents_offset + contents.size());
        ::memcpy(file.data(), &header, sizeof header);
        ::memcpy(file.data() + sizeof header, headers.data(), headers.size() * sizeof(Elf64_Phdr));
        ::memcpy(file.data() + contents_offset, contents.data(), contents.size());
        return file;
    }

    Handle file() const { return memory_file(bytes()); }
};

}  // namespace lyrebird::test
