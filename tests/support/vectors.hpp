// Vector files: one line a case, the same for every tier (syntax: tests/vectors/README.md).
//
//     addi x5, x6, -3 | x6=1 => x5=0xfffffffffffffffe
//
// This part knows the lines' shape only; what a register is called and where memory lies is a guest's
// (riscv64_machine.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

/// One `name=value` or `name:type=value` of a case. For memory, the name is "[]" and `offset` counts from the scratch
/// page.
struct Setting {
    std::string name;
    std::string type;
    std::string value;
    u64 offset = 0;
};

struct VectorCase {
    std::string place;  // "integer.txt:12"
    std::string text;   // the whole line
    std::vector<std::string> instructions;
    std::vector<Setting> before;
    std::vector<Setting> after;
};

/// What stood in a directory of vector files (*.txt), in the order of names and lines; `errors` has a line for each
/// case that could not be read.
struct VectorFiles {
    std::vector<VectorCase> cases;
    std::vector<std::string> errors;
};
VectorFiles read_vector_files(const std::string& directory);

/// Parses one line that is neither empty nor a comment; nothing when it is malformed.
std::optional<VectorCase> parse_vector(std::string_view line);

/// A number: decimal or 0x…, a sign before it, ' between digits. Nothing when `text` is anything else or does not fit
/// 64 bits.
std::optional<u64> parse_number(std::string_view text);

/// The tests' own directory in the source tree.
std::string tests_directory();

}  // namespace lyrebird::test
