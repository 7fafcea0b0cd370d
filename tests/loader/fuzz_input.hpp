// What the fuzzer and the tests do with a file that may be anything.
#pragma once

#include <span>

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

/// Reads `bytes` as a program and follows it as a script, and dies if a promise is broken: an Image with a number that
/// does not fit the file, or an Error that is not one line with a code. Returns true when the file is a valid program.
bool try_file(std::span<const u8> bytes);

}  // namespace lyrebird::test
