// Writes a small ELF shared object: code with exported, versioned functions. It exists for the guest's vDSO, which is
// made at start-up by the VM itself, so that no cross compiler is needed to build the VM.
//
// What must stay true: everything lies in one segment whose addresses are file offsets; whoever reads it (glibc, musl,
// Go, unwinders, debuggers) finds both kinds of hash table, symbol versions, call frame information, and section
// headers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "loader/frame_info.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

/// A function's name and its place in the code, in bytes.
struct ExportedFunction {
    std::string name;
    u64 offset = 0;
    u64 size = 0;
};

struct SharedObject {
    u16 machine = 0;      // e_machine
    u32 flags = 0;        // e_flags
    std::string name;     // DT_SONAME
    std::string version;  // of every function
    std::vector<u8> code;
    std::vector<ExportedFunction> functions;
    std::vector<Frame> frames;  // their starts are offsets in the code, ascending
};

/// Where the code lies in every image that write_shared_object makes.
inline constexpr u64 shared_object_code = 0xf0;

std::vector<u8> write_shared_object(const SharedObject& object);

}  // namespace lyrebird::loader
