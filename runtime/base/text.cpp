#define FMT_HEADER_ONLY
#include <fmt/format.h>

#include "runtime/base/text.hpp"

// With FMT_HEADER_ONLY the library's functions are inline; taking the address of the one entry point that core.h declares
// makes the compiler emit it, and all it needs, here and only here.
namespace lyrebird::detail {
extern std::string (*const vformat_emitted)(fmt::string_view, fmt::format_args);
std::string (*const vformat_emitted)(fmt::string_view, fmt::format_args) = &fmt::vformat;
}  // namespace lyrebird::detail
