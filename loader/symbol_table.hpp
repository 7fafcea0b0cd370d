// The names of all functions in an ELF file, for those who ask often: where `find_symbol` reads the file for each
// answer, this keeps what it has read.
//
// What must stay true: as in symbols.hpp, whatever is odd about the file, the answer is "no name", and every number
// from the file is checked before it is used.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "loader/symbols.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

class SymbolTable {
  public:
    /// Of the file at `path` on the host; without any names when it cannot be read.
    static SymbolTable read(const std::string& path);

    /// The function that holds the byte at `file_offset`: by the symbol table, or else by the dynamic one.
    std::optional<Symbol> find(u64 file_offset) const;

    struct Segment {
        u64 offset, file_size, address;
    };
    struct Function {
        u64 start;
        u64 size;   // 0: up to the next one
        u64 reach;  // no function up to this one, in the order of their starts, holds an address from here on
        u32 name;   // where it begins in `names`
    };
    struct Functions {
        std::vector<Function> sorted;
        std::string names;  // each ends with a zero byte
    };

  private:
    std::vector<Segment> segments_;
    std::array<Functions, 2> tables_;  // of SHT_SYMTAB and of SHT_DYNSYM
};

}  // namespace lyrebird::loader
