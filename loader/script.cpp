#include "loader/script.hpp"

#include <string.h>

#include <algorithm>
#include <array>

namespace lyrebird::loader {

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

}  // namespace

bool is_script(std::span<const u8> head) {
    return head.size() >= 2 && head[0] == '#' && head[1] == '!';
}

std::optional<ScriptLine> parse_script_line(std::span<const u8> head) {
    if (!is_script(head)) return std::nullopt;
    // As in Linux the buffer is filled up with zero bytes, and its last byte never belongs to the line.
    std::array<char, script_head_size> buffer{};
    std::copy_n(head.begin(), std::min(head.size(), buffer.size()), buffer.begin());
    char* const last = buffer.data() + buffer.size() - 1;
    char* const begin = buffer.data() + 2;
    char* end = std::find(begin, last + 1, '\n');
    if (end > last) {
        // Without a newline the path must be seen to end; the argument may be cut off, for the interpreter can look
        // again.
        char* const path = std::find_if_not(begin, last + 1, is_blank);
        if (std::find_if(path, last + 1, [](char c) { return is_blank(c) || c == '\0'; }) > last) return std::nullopt;
        end = last;
    }
    while (end > begin && is_blank(end[-1])) --end;
    *end = '\0';

    char* const path = std::find_if_not(begin, end, is_blank);
    if (path == end) return std::nullopt;
    char* const path_end = std::find_if(path, end, [](char c) { return is_blank(c) || c == '\0'; });
    ScriptLine line{std::string(path, path_end), std::nullopt};
    if (path_end < end && *path_end != '\0') line.argument = std::find_if_not(path_end, end, is_blank);
    return line;
}

}  // namespace lyrebird::loader
