// What the loader knows of a program file: everything needed to run it, parsed and checked once.
//
// What must stay true: an Image exists only if all its numbers have been checked against the file and against each
// other; who uses it need not look for overflow, truncation or disorder again. Only what depends on the address space
// (is there room, is the address the guest's) is still open.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/handle.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

/// What a program is built for, as far as it matters here. All but `other` are 64-bit and little-endian.
enum class Machine { riscv64, aarch64, x86_64, other };

/// Whether lyre runs programs for it.
constexpr bool is_guest(Machine machine) {
    return machine == Machine::riscv64 || machine == Machine::aarch64;
}

/// No address in an Image reaches this far; sums of two of them cannot overflow.
inline constexpr u64 address_limit = u64{1} << 47;

/// A PT_LOAD header. The bytes [file_offset, file_offset + file_size) lie in the file, file_size <= memory_size, and if
/// there are file bytes, address and file_offset are equal modulo the page size. memory_size is not 0.
struct Segment {
    u64 address = 0;
    u64 memory_size = 0;
    u64 file_offset = 0;
    u64 file_size = 0;
    int protection = 0;  // PROT_*
    u64 alignment = 0;   // as stated in the file: any number
    u64 header = 0;      // index among the program headers, for messages

    u64 end() const { return address + memory_size; }
};

/// PT_TLS: what each thread's initial storage is copied from. Nobody but the guest's own C library relies on it.
struct ThreadStorage {
    u64 address = 0;
    u64 memory_size = 0;
    u64 file_size = 0;
    u64 alignment = 0;
};

/// One property of the note in PT_GNU_PROPERTY, for example GNU_PROPERTY_AARCH64_FEATURE_1_AND.
struct Property {
    u32 type = 0;
    std::vector<u8> data;
};

struct Image {
    Handle file;
    std::string path;  // on the host, for messages
    Machine machine = Machine::other;
    u32 flags = 0;                      // e_flags
    bool position_independent = false;  // ET_DYN: may be placed anywhere
    u64 entry = 0;
    std::vector<Segment> segments;           // at least one, in the file's order
    std::optional<std::string> interpreter;  // PT_INTERP's path, never empty
    std::optional<ThreadStorage> thread_storage;
    bool executable_stack = false;     // PT_GNU_STACK asks for it
    std::vector<Property> properties;  // ascending by type
    u64 program_headers = 0;           // the address at which the image maps them, or 0
    u64 program_header_count = 0;

    /// The lowest and the highest (exclusive) address of all segments.
    u64 start() const {
        u64 lowest = std::numeric_limits<u64>::max();
        for (const Segment& segment : segments) lowest = std::min(lowest, segment.address);
        return lowest;
    }
    u64 end() const {
        u64 highest = 0;
        for (const Segment& segment : segments) highest = std::max(highest, segment.end());
        return highest;
    }
};

/// The size of one entry in the program header table (AT_PHENT).
inline constexpr u64 program_header_size = 56;

}  // namespace lyrebird::loader
