#include "loader/symbol_table.hpp"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "runtime/base/handle.hpp"

namespace lyrebird::loader {

namespace {
constexpr u64 most_headers = 4096;
constexpr u64 largest_table = 256 << 20;  // bytes
constexpr std::size_t longest_name = 511;

/// A file's bytes, read where they are asked for.
class Bytes {
  public:
    /// Does not wait when there is a pipe at `path` by now.
    explicit Bytes(const std::string& path) {
        file_ = Handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
        struct stat status;
        if (file_ && ::fstat(file_.get(), &status) == 0 && S_ISREG(status.st_mode)) size_ = u64(status.st_size);
    }

    bool read(void* to, u64 offset, u64 size) const {
        return contains(offset, size) && ::pread(file_.get(), to, size, off_t(offset)) == ssize_t(size);
    }
    /// `count` objects that stand one after another; empty when the file does not hold them all.
    template <class Table> Table table(u64 offset, u64 count) const {
        constexpr u64 each = sizeof(typename Table::value_type);
        Table entries;
        if (count > largest_table / each || !contains(offset, count * each)) return entries;
        entries.resize(count);
        if (!read(entries.data(), offset, count * each)) entries.clear();
        return entries;
    }

  private:
    bool contains(u64 offset, u64 size) const { return offset <= size_ && size <= size_ - offset; }

    Handle file_;
    u64 size_ = 0;
};

/// True when the symbol names code. Mapping symbols ("$x", "$d") and local labels do not.
bool names_function(const Elf64_Sym& symbol, const std::string& names) {
    int type = ELF64_ST_TYPE(symbol.st_info);
    if (symbol.st_shndx == SHN_UNDEF || (type != STT_FUNC && type != STT_NOTYPE && type != STT_GNU_IFUNC)) return false;
    if (symbol.st_name >= names.size()) return false;
    const char* name = names.data() + symbol.st_name;
    std::size_t most = std::min(longest_name + 1, names.size() - symbol.st_name);
    return *name != 0 && *name != '$' && *name != '.' && ::strnlen(name, most) < most;
}

SymbolTable::Functions read_functions(const Bytes& file, const Elf64_Shdr& table, const Elf64_Shdr& strings) {
    SymbolTable::Functions functions;
    if (table.sh_entsize != sizeof(Elf64_Sym)) return functions;
    functions.names = file.table<std::string>(strings.sh_offset, strings.sh_size);
    using Symbols = std::vector<Elf64_Sym>;
    for (const auto& symbol : file.table<Symbols>(table.sh_offset, table.sh_size / sizeof(Elf64_Sym))) {
        if (!names_function(symbol, functions.names)) continue;
        functions.sorted.push_back({symbol.st_value, symbol.st_size, 0, symbol.st_name});
    }
    std::ranges::stable_sort(functions.sorted, {}, &SymbolTable::Function::start);
    u64 reach = 0;
    for (auto& function : functions.sorted) {
        u64 end = function.start + function.size;
        if (function.size == 0 || end < function.start) end = std::numeric_limits<u64>::max();
        reach = function.reach = std::max(reach, end);
    }
    return functions;
}

/// The function nearest below `address` that may hold it.
std::optional<Symbol> search(const SymbolTable::Functions& functions, u64 address) {
    auto at = std::ranges::upper_bound(functions.sorted, address, {}, &SymbolTable::Function::start);
    while (at != functions.sorted.begin()) {
        --at;
        u64 offset = address - at->start;
        if (at->size == 0 || offset < at->size) return Symbol{functions.names.data() + at->name, offset};
        if (at->reach <= address) break;
    }
    return std::nullopt;
}
}  // namespace

SymbolTable SymbolTable::read(const std::string& path) {
    SymbolTable result;
    Bytes file(path);
    Elf64_Ehdr header;
    if (!file.read(&header, 0, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return result;
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) return result;
    if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_shentsize != sizeof(Elf64_Shdr)) return result;
    if (header.e_phnum > most_headers || header.e_shnum > most_headers) return result;
    for (const auto& segment : file.table<std::vector<Elf64_Phdr>>(header.e_phoff, header.e_phnum)) {
        if (segment.p_type != PT_LOAD) continue;
        result.segments_.push_back({segment.p_offset, segment.p_filesz, segment.p_vaddr});
    }
    auto sections = file.table<std::vector<Elf64_Shdr>>(header.e_shoff, header.e_shnum);
    constexpr std::array<u32, 2> wanted{SHT_SYMTAB, SHT_DYNSYM};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        auto table = std::ranges::find(sections, wanted[i], &Elf64_Shdr::sh_type);
        if (table == sections.end() || table->sh_link >= sections.size()) continue;
        result.tables_[i] = read_functions(file, *table, sections[table->sh_link]);
    }
    return result;
}

std::optional<Symbol> SymbolTable::find(u64 file_offset) const {
    for (const Segment& segment : segments_) {
        if (file_offset < segment.offset || file_offset - segment.offset >= segment.file_size) continue;
        u64 address = segment.address + (file_offset - segment.offset);
        for (const Functions& functions : tables_) {
            if (auto symbol = search(functions, address)) return symbol;
        }
        return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace lyrebird::loader
