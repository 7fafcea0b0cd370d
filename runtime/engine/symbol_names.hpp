// Names for guest addresses, by the modules (mapped files) that they lie in: for reports, which ask once, and for
// observers of translated code, which ask for every block.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "loader/symbol_table.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::engine {

class System;

/// The module that `address` lies in, with the offset of the address in its file, and the function if it has a name; ""
/// when it is in no file. Reads the file each time.
std::string module_of(const System& system, u64 address);

/// Short names for code, quickly: each file is read once, when the first of its code is named. A file is known by its
/// device and inode; what is written to it later, and a deleted file whose inode another one gets, go unnoticed.
///
/// Called by one thread at a time, which may hold the code cache's lock but not the address space's.
class SymbolNames {
  public:
    explicit SymbolNames(const System& system) : system_(system) {}

    /// "function+0x1c [libc.so.6]"; "0x2c1c [libc.so.6]", an offset in the file, where no function is known;
    /// "guest 0x12345678", with "[name]" behind it if the memory has one, where there is no file.
    std::string name(u64 guest_pc);

  private:
    struct Module {
        std::string name;
        loader::SymbolTable symbols;
    };
    const Module& module(u64 device, u64 inode, u64 guest_pc);

    const System& system_;
    std::map<std::pair<u64, u64>, Module> modules_;
};

}  // namespace lyrebird::engine
