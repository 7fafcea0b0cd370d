// Results of operations on the outside world: a value, or one sentence that says what is wrong and what to do.
// Guest-caused events are `Exit`s, kernel answers are `SysResult`s, our own mistakes are `ENSURE`s; none of them is a Result.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace lyrebird {

/// Why something in the world failed. `message` is one line without a final full stop or newline, fit to follow "lyre: ";
/// `code` is the errno value behind it, or 0.
struct Error {
    std::string message;
    int code = 0;
};

template <class T>
using Result = std::expected<T, Error>;

/// Shorthand for returning an Error from a function that returns a Result.
inline std::unexpected<Error> fail(std::string message, int code = 0) {
    return std::unexpected<Error>(Error{std::move(message), code});
}

/// What a guest's system call returns: a value >= 0 or -4095 … -1 for -errno, or one of the reserved values below.
using SysResult = long;

}  // namespace lyrebird

/// `TRY(value, expression)`: declares `value` from the expression's result or returns its Error to the caller.
#define TRY(value, expression)                                                          \
    auto value##_result = (expression);                                                 \
    if (!value##_result) return std::unexpected(std::move(value##_result).error());     \
    auto value = std::move(*value##_result)
