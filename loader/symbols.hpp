// Names for addresses in ELF files, for reports: which function does this byte of the file belong to?
//
// What must stay true: it is asked only when something has gone wrong already, so it must never make that worse:
// whatever is odd about the file, the answer is "no name". Every number from the file is checked before it is used.
#pragma once

#include <optional>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

struct Symbol {
    std::string name;
    u64 offset = 0;  // of the byte from the symbol's start
};

/// The function that holds the byte at `file_offset` of the file at `path` on the host: by its symbol table or, in a
/// stripped file, by the dynamic one.
std::optional<Symbol> find_symbol(const std::string& path, u64 file_offset);

}  // namespace lyrebird::loader
