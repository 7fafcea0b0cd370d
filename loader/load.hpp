// Puts a program, and its dynamic linker, into the guest's memory as Linux's execve does (load_elf_binary, elf_load).
//
// What must stay true: every address that the guest can see (where segments, the zeroed rest of a page, the pages
// behind it and the heap lie, and with which rights) is what Linux would have chosen, given the same numbers for its
// random choices.
#pragma once

#include "loader/image.hpp"
#include "runtime/base/result.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::loader {

/// Where things came to lie, in guest addresses.
struct Loaded {
    GuestAddress start;                 // the first instruction: the dynamic linker's entry, or the program's
    GuestAddress entry;                 // AT_ENTRY
    GuestAddress program_headers;       // AT_PHDR
    u64 program_header_count = 0;       // AT_PHNUM
    GuestAddress interpreter_base;      // AT_BASE; 0 without a dynamic linker
    u64 bias = 0;                       // what was added to the program's own addresses
    GuestAddress code_start, code_end;  // of the program, as /proc/self/stat shows them
    GuestAddress data_start, data_end;
    bool executable_stack = false;
};

/// Maps `program` and, if it asked for one, `interpreter`, and says where the heap starts. On failure (ENOMEM: no room,
/// EINVAL, EPERM: built for addresses no program can have, EEXIST: they are taken) what was mapped stays mapped.
Result<Loaded> load(const Image& program, const Image* interpreter, memory::AddressSpace& space);

}  // namespace lyrebird::loader
