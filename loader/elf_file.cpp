#include "loader/elf_file.hpp"

#include <errno.h>
#include <libelf.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>

#include "loader/machine_names.hpp"
#include "loader/printable.hpp"
#include "loader/properties.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_address.hpp"

namespace lyrebird::loader {

namespace {

static_assert(sizeof(Elf64_Phdr) == program_header_size);
static_assert(std::endian::native == std::endian::little);

/// As many program headers as Linux accepts: the table may have 64 KiB.
constexpr u64 most_headers = 65536 / sizeof(Elf64_Phdr);

// Flags in e_flags that the system's elf.h does not all know (RISC-V ELF psABI, "File header").
constexpr u32 riscv_float_abi = 0x6;
constexpr u32 riscv_float_abi_quad = 0x6;
constexpr u32 riscv_rve = 0x8;

/// Where a table or a segment lies in the file, in words for a message.
std::string range_text(u64 offset, u64 size) {
    return format("file range {:#x}..+{:#x}", offset, size);
}

/// Translates an array of headers from the file's representation to ours.
template <class Header>
bool translate(const std::vector<u8>& bytes, Elf_Type type, std::span<Header> out) {
    Elf_Data from{};
    from.d_buf = const_cast<u8*>(bytes.data());  // libelf's type; it only reads here
    from.d_size = bytes.size();
    from.d_type = type;
    from.d_version = EV_CURRENT;
    Elf_Data to{};
    to.d_buf = out.data();
    to.d_size = out.size_bytes();
    to.d_version = EV_CURRENT;
    return ::elf_version(EV_CURRENT) != EV_NONE && ::elf64_xlatetom(&to, &from, ELFDATA2LSB) != nullptr;
}

class Reader {
  public:
    Reader(Handle file, const std::string& path) {
        image_.file = std::move(file);
        image_.path = path;
    }

    Result<Image> run() {
        if (auto good = read_file_status(); !good) return std::unexpected(good.error());
        if (auto good = read_header(); !good) return std::unexpected(good.error());
        if (auto good = read_program_headers(); !good) return std::unexpected(good.error());
        for (u64 index = 0; index < headers_.size(); ++index) {
            if (auto good = read_program_header(index); !good) return std::unexpected(good.error());
        }
        if (image_.segments.empty()) return refuse("has no loadable segment, so there is nothing to run");
        if (image_.entry >= address_limit) {
            return refuse(
                format("entry point {:#x} lies outside every address space; the file is damaged", image_.entry));
        }
        return std::move(image_);
    }

  private:
    using Checked = Result<void>;

    std::unexpected<Error> refuse(const std::string& what, int code = ENOEXEC) const {
        return fail(format("{}: {}", printable(image_.path), what), code);
    }

    std::unexpected<Error> refuse_header(u64 index, const std::string& what) const {
        return refuse(format("program header {}: {}", index, what));
    }

    std::unexpected<Error> refuse_truncated(const std::string& where, u64 offset, u64 size) const {
        return refuse(format("{}: {} ends beyond the file ({:#x} bytes); the file is truncated, copy it again", where,
                             range_text(offset, size), size_));
    }

    bool in_file(u64 offset, u64 size) const { return size <= size_ && offset <= size_ - size; }

    /// The bytes [offset, offset + size), which lie in the file.
    Result<std::vector<u8>> read(u64 offset, u64 size) const {
        std::vector<u8> bytes(size);
        for (u64 done = 0; done < size;) {
            const auto count =
                ::pread(image_.file.get(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) return refuse(format("cannot be read: {}", ::strerror(errno)), errno);
            if (count == 0) return refuse("became shorter while it was read; copy it again");
            done += static_cast<u64>(count);
        }
        return bytes;
    }

    Checked read_file_status() {
        struct stat status;
        if (::fstat(image_.file.get(), &status) != 0) return refuse(format("{}", ::strerror(errno)), errno);
        if (S_ISDIR(status.st_mode)) return refuse("is a directory, not a program", EACCES);
        if (!S_ISREG(status.st_mode)) return refuse("is not a regular file, so it cannot be run", EACCES);
        size_ = static_cast<u64>(status.st_size);
        if (size_ == 0) return refuse("is empty");
        return {};
    }

    Checked read_header() {
        TRY(head, read(0, std::min<u64>(size_, sizeof(Elf64_Ehdr))));
        if (!is_elf(head)) return refuse("is not a program: it does not begin as an ELF file does");
        if (head.size() < EI_NIDENT + 4) return refuse_truncated("ELF header", 0, sizeof(Elf64_Ehdr));
        image_.machine = elf_machine(head);
        if (!is_guest(image_.machine)) return refuse_machine(head);
        if (head.size() < sizeof(Elf64_Ehdr)) return refuse_truncated("ELF header", 0, sizeof(Elf64_Ehdr));
        if (!translate(head, ELF_T_EHDR, std::span(&header_, 1))) return refuse(::elf_errmsg(-1));
        if (auto good = check_type(); !good) return good;
        image_.flags = header_.e_flags;
        image_.entry = header_.e_entry;
        return image_.machine == Machine::riscv64 ? check_riscv_flags() : Checked();
    }

    std::unexpected<Error> refuse_machine(std::span<const u8> head) const {
        const bool big_endian = head[EI_DATA] == ELFDATA2MSB;
        const u16 machine = static_cast<u16>(big_endian ? head[18] << 8 | head[19] : head[19] << 8 | head[18]);
        const bool known = (head[EI_CLASS] == ELFCLASS32 || head[EI_CLASS] == ELFCLASS64) &&
                           (head[EI_DATA] == ELFDATA2LSB || big_endian);
        if (!known) return refuse("ELF header: unknown class or byte order; the file is damaged, copy it again");
        const char* hint = image_.machine == Machine::x86_64 ? " (this one runs without it)" : "";
        return refuse(format("built for {}; lyre runs programs for Arm (64-bit) and RISC-V (64-bit){}",
                             machine_name(machine, head[EI_CLASS], head[EI_DATA]), hint));
    }

    Checked check_type() {
        switch (header_.e_type) {
            case ET_EXEC:
                return {};
            case ET_DYN:
                image_.position_independent = true;
                return {};
            case ET_REL:
                return refuse("is an object file, not a program; link it first");
            case ET_CORE:
                return refuse("is a core dump, not a program");
            default:
                return refuse(format("ELF type {:#x} is not that of a program", header_.e_type));
        }
    }

    Checked check_riscv_flags() const {
        if ((image_.flags & riscv_rve) != 0) {
            return refuse(
                "built for the embedded base RV64E (16 registers), which no Linux runs; build it with -mabi=lp64d");
        }
        if ((image_.flags & riscv_float_abi) == riscv_float_abi_quad) {
            return refuse(
                "built for the quad-precision ABI (lp64q), which lyre does not have; build it with -mabi=lp64d");
        }
        return {};
    }

    Checked read_program_headers() {
        const u64 count = header_.e_phnum;
        if (count == 0) return refuse("has no program headers, so there is nothing to run");
        if (header_.e_phentsize != sizeof(Elf64_Phdr)) {
            return refuse(format("ELF header: program headers of {} bytes instead of {}; the file is damaged",
                                 header_.e_phentsize, sizeof(Elf64_Phdr)));
        }
        if (count > most_headers) {
            return refuse(
                format("ELF header: {} program headers are more than Linux accepts ({})", count, most_headers));
        }
        if (!in_file(header_.e_phoff, count * sizeof(Elf64_Phdr))) {
            return refuse_truncated("program header table", header_.e_phoff, count * sizeof(Elf64_Phdr));
        }
        TRY(bytes, read(header_.e_phoff, count * sizeof(Elf64_Phdr)));
        headers_.resize(count);
        if (!translate(bytes, ELF_T_PHDR, std::span(headers_))) return refuse(::elf_errmsg(-1));
        image_.program_header_count = count;
        return {};
    }

    Checked read_program_header(u64 index) {
        const Elf64_Phdr& header = headers_[index];
        switch (header.p_type) {
            case PT_LOAD:
                return add_segment(index);
            case PT_INTERP:
                return image_.interpreter ? Checked() : read_interpreter(index);
            case PT_GNU_STACK:
                image_.executable_stack = (header.p_flags & PF_X) != 0;
                return {};
            case PT_TLS:
                image_.thread_storage = ThreadStorage{header.p_vaddr, header.p_memsz, header.p_filesz, header.p_align};
                return {};
            case PT_GNU_PROPERTY:
                return read_properties(index);
            default:
                return {};
        }
    }

    Checked add_segment(u64 index) {
        const Elf64_Phdr& header = headers_[index];
        if (header.p_filesz > header.p_memsz) {
            return refuse_header(
                index, format("{:#x} bytes in the file do not fit in {:#x} bytes of memory; the file is damaged",
                              header.p_filesz, header.p_memsz));
        }
        if (header.p_memsz >= address_limit || header.p_vaddr >= address_limit - header.p_memsz) {
            return refuse_header(
                index, format("memory range {:#x}..+{:#x} lies outside every address space; the file is damaged",
                              header.p_vaddr, header.p_memsz));
        }
        if (header.p_filesz != 0 && !in_file(header.p_offset, header.p_filesz)) {
            return refuse_truncated(format("program header {}", index), header.p_offset, header.p_filesz);
        }
        if (header.p_filesz != 0 && (header.p_vaddr - header.p_offset) % page_size != 0) {
            return refuse_header(index,
                                 format("address {:#x} and file offset {:#x} differ within a page, so it cannot be "
                                        "mapped; link it with -z max-page-size=4096",
                                        header.p_vaddr, header.p_offset));
        }
        if (header.p_memsz == 0) return {};  // Linux maps nothing for it
        const int protection = ((header.p_flags & PF_R) != 0 ? PROT_READ : 0) |
                               ((header.p_flags & PF_W) != 0 ? PROT_WRITE : 0) |
                               ((header.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
        image_.segments.push_back(Segment{header.p_vaddr, header.p_memsz, header.p_offset, header.p_filesz, protection,
                                          header.p_align, index});
        if (header_.e_phoff >= header.p_offset && header_.e_phoff - header.p_offset < header.p_filesz) {
            image_.program_headers = header_.e_phoff - header.p_offset + header.p_vaddr;
        }
        return {};
    }

    Checked read_interpreter(u64 index) {
        const Elf64_Phdr& header = headers_[index];
        if (header.p_filesz < 2 || header.p_filesz > PATH_MAX) {
            return refuse_header(index,
                                 format("an interpreter path of {} bytes; the file is damaged", header.p_filesz));
        }
        if (!in_file(header.p_offset, header.p_filesz)) {
            return refuse_truncated(format("program header {}", index), header.p_offset, header.p_filesz);
        }
        TRY(bytes, read(header.p_offset, header.p_filesz));
        if (bytes.back() != 0 || bytes.front() == 0) {
            return refuse_header(index, "the interpreter's path is empty or not terminated; the file is damaged");
        }
        image_.interpreter = reinterpret_cast<const char*>(bytes.data());
        return {};
    }

    Checked read_properties(u64 index) {
        const Elf64_Phdr& header = headers_[index];
        if (header.p_filesz > most_property_bytes) {
            return refuse_header(index, format("a property note of {:#x} bytes is more than Linux accepts ({:#x})",
                                               header.p_filesz, most_property_bytes));
        }
        if (!in_file(header.p_offset, header.p_filesz)) {
            return refuse_truncated(format("program header {}", index), header.p_offset, header.p_filesz);
        }
        TRY(bytes, read(header.p_offset, header.p_filesz));
        auto properties = parse_properties(bytes);
        if (!properties) return refuse_header(index, properties.error().message);
        image_.properties = std::move(*properties);
        return {};
    }

    Image image_;
    u64 size_ = 0;
    Elf64_Ehdr header_{};
    std::vector<Elf64_Phdr> headers_;
};

}  // namespace

Result<Image> read_image(Handle file, const std::string& path) {
    return Reader(std::move(file), path).run();
}

bool is_elf(std::span<const u8> head) {
    return head.size() >= SELFMAG && ::memcmp(head.data(), ELFMAG, SELFMAG) == 0;
}

Machine elf_machine(std::span<const u8> head) {
    if (!is_elf(head) || head.size() < EI_NIDENT + 4) return Machine::other;
    if (head[EI_CLASS] != ELFCLASS64 || head[EI_DATA] != ELFDATA2LSB) return Machine::other;
    switch (head[19] << 8 | head[18]) {
        case EM_RISCV:
            return Machine::riscv64;
        case EM_AARCH64:
            return Machine::aarch64;
        case EM_X86_64:
            return Machine::x86_64;
        default:
            return Machine::other;
    }
}

int exit_status(const Error& error) {
    return error.code == ENOENT ? 127 : 126;
}

}  // namespace lyrebird::loader
