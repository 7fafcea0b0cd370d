// The first line of a script: "#!interpreter argument".
#pragma once

#include <optional>
#include <span>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

/// Linux looks at this many bytes of a file, and at no more.
inline constexpr u64 script_head_size = 256;

struct ScriptLine {
    std::string
        interpreter;  // empty when a zero byte or the file's end stands where it should be: a path that does not exist
    std::optional<std::string> argument;  // all that follows, spaces included: there is at most one
};

/// True when `head`, the beginning of a file, begins with "#!".
bool is_script(std::span<const u8> head);

/// Takes apart the first line by the rules of Linux's binfmt_script. `head` holds the file's first script_head_size
/// bytes, or all of a shorter file. Nothing: Linux would not run it (no interpreter, or its path is cut off at the end
/// of `head`).
std::optional<ScriptLine> parse_script_line(std::span<const u8> head);

}  // namespace lyrebird::loader
