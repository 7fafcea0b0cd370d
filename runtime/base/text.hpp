// Formatted text. The one place that knows the formatting library (fmt: libstdc++ 12 has no std::format); everybody else
// says `format("…", …)`. The library's code is instantiated once, in text.cpp, which keeps every other file quick to compile.
#pragma once

#include <fmt/core.h>

#include <string>
#include <utility>

namespace lyrebird {

/// Text from a format string that is checked at compile time (fmt's syntax, a subset of std::format's).
template <class... Values>
std::string format(fmt::format_string<Values...> text, Values&&... values) {
    return fmt::vformat(text, fmt::make_format_args(values...));
}

/// As `format`, at the end of `out`.
template <class... Values>
void append(std::string& out, fmt::format_string<Values...> text, Values&&... values) {
    out += fmt::vformat(text, fmt::make_format_args(values...));
}

}  // namespace lyrebird
