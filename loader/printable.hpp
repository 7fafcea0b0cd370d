// Names that come from files and guests may hold anything, also what a terminal obeys. In messages they are shown, not
// sent.
#pragma once

#include <string>
#include <string_view>

namespace lyrebird::loader {

/// `text` with control characters and backslashes written as escapes: "/bin/sh\r" shows its \r. Bytes above 0x7f stay.
std::string printable(std::string_view text);

}  // namespace lyrebird::loader
