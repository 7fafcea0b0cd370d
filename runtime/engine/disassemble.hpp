// The VM's own host code as text, for dumps and golden tests.
//
// What must stay true: any bytes give a text, and every byte is accounted for: what the disassembler does not know
// stands there as `.byte`, one byte a line, and the next byte is tried anew. It is nobody's truth about encodings.
#pragma once

#include <span>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::engine {

/// The x86-64 instructions of `code`, which stands (or will stand) at `address`: one line an instruction, with its
/// offset in hexadecimal, in Intel's syntax. Targets of branches are addresses; those within the code, and what is
/// addressed relative to rip, are explained after a semicolon.
std::string disassemble_host(std::span<const u8> code, u64 address);

/// The same for comparing with a text kept in a file: nothing depends on where the code or the VM lies. A target within
/// the code, or right behind it, is its offset ("+0x1c"), any other is "outside". An immediate of 64 bits that is in
/// the range where Linux puts programs and libraries of position-independent code is "host".
std::string disassemble_host_relative(std::span<const u8> code);

}  // namespace lyrebird::engine
