#include "loader/symbols.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "runtime/base/handle.hpp"

namespace lyrebird::loader {

namespace {
constexpr u64 most_headers = 4096;
constexpr u64 most_entries = 8 << 20;
constexpr u64 longest_name = 512;
constexpr u64 most_offset = u64{1} << 62;

/// A file's bytes, read where they are asked for.
class Bytes {
  public:
    explicit Bytes(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        struct stat status;
        if (file_ && ::fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode)) size_ = u64(status.st_size);
    }

    bool read(void* to, u64 offset, u64 size) const {
        return contains(offset, size) && ::pread(file_.get(), to, size, off_t(offset)) == ssize_t(size);
    }
    /// `count` objects that stand one after another; empty when the file does not hold them all.
    template <class T> std::vector<T> table(u64 offset, u64 count) const {
        if (count > most_entries || !contains(offset, count * sizeof(T))) return {};
        std::vector<T> entries(count);
        if (!read(entries.data(), offset, count * sizeof(T))) entries.clear();
        return entries;
    }
    /// The text up to a zero byte; empty when there is none within a name's length.
    std::string name(u64 offset) const {
        std::array<char, longest_name> text;
        if (offset >= size_) return {};
        std::size_t size = std::min(longest_name, size_ - offset);
        if (!read(text.data(), offset, size)) return {};
        std::size_t length = ::strnlen(text.data(), size);
        return length == size ? std::string() : std::string(text.data(), length);
    }

  private:
    bool contains(u64 offset, u64 size) const { return offset <= size_ && size <= size_ - offset; }

    Handle file_;
    u64 size_ = 0;
};

/// The address at which the program headers place the byte at `file_offset`.
std::optional<u64> address_of(const Bytes& file, const Elf64_Ehdr& header, u64 file_offset) {
    for (const auto& segment : file.table<Elf64_Phdr>(header.e_phoff, header.e_phnum)) {
        if (segment.p_type != PT_LOAD || file_offset < segment.p_offset) continue;
        u64 into = file_offset - segment.p_offset;
        if (into < segment.p_filesz) return segment.p_vaddr + into;
    }
    return std::nullopt;
}

bool is_function(const Elf64_Sym& symbol) {
    int type = ELF64_ST_TYPE(symbol.st_info);
    return symbol.st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_NOTYPE || type == STT_GNU_IFUNC);
}

/// The symbol nearest below `address` that may hold it. RISC-V's mapping symbols ("$x") and local labels name nothing.
std::optional<Symbol> search(const Bytes& file, const Elf64_Shdr& table, const Elf64_Shdr& strings, u64 address) {
    if (table.sh_entsize != sizeof(Elf64_Sym)) return std::nullopt;
    std::optional<Symbol> best;
    u64 best_start = 0;
    for (const auto& symbol : file.table<Elf64_Sym>(table.sh_offset, table.sh_size / sizeof(Elf64_Sym))) {
        if (!is_function(symbol) || symbol.st_value > address || (best && symbol.st_value < best_start)) continue;
        if (symbol.st_size != 0 && address - symbol.st_value >= symbol.st_size) continue;
        if (symbol.st_name >= strings.sh_size || strings.sh_offset > most_offset) continue;
        std::string name = file.name(strings.sh_offset + symbol.st_name);
        if (name.empty() || name[0] == '$' || name[0] == '.') continue;
        best = Symbol{std::move(name), address - symbol.st_value};
        best_start = symbol.st_value;
    }
    return best;
}
}  // namespace

std::optional<Symbol> find_symbol(const std::string& path, u64 file_offset) {
    Bytes file(path);
    Elf64_Ehdr header;
    if (!file.read(&header, 0, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) return std::nullopt;
    if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_shentsize != sizeof(Elf64_Shdr)) return std::nullopt;
    if (header.e_phnum > most_headers || header.e_shnum > most_headers) return std::nullopt;
    auto address = address_of(file, header, file_offset);
    if (!address) return std::nullopt;
    auto sections = file.table<Elf64_Shdr>(header.e_shoff, header.e_shnum);
    for (u32 wanted : {u32(SHT_SYMTAB), u32(SHT_DYNSYM)}) {
        auto table = std::ranges::find(sections, wanted, &Elf64_Shdr::sh_type);
        if (table == sections.end() || table->sh_link >= sections.size()) continue;
        if (auto symbol = search(file, *table, sections[table->sh_link], *address)) return symbol;
    }
    return std::nullopt;
}

}  // namespace lyrebird::loader
