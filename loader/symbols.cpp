#include "loader/symbols.hpp"

#include "loader/symbol_table.hpp"

namespace lyrebird::loader {

std::optional<Symbol> find_symbol(const std::string& path, u64 file_offset) {
    return SymbolTable::read(path).find(file_offset);
}

}  // namespace lyrebird::loader
