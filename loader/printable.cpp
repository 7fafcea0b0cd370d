#include "loader/printable.hpp"

#include "runtime/base/ints.hpp"
#include "runtime/base/text.hpp"

namespace lyrebird::loader {

std::string printable(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const u8 byte = static_cast<u8>(c);
        if (c == '\r') {
            shown += "\\r";
        } else if (c == '\n') {
            shown += "\\n";
        } else if (c == '\\') {
            shown += "\\\\";
        } else if (byte < 0x20 || byte == 0x7f) {
            append(shown, "\\x{:02x}", byte);
        } else {
            shown += c;
        }
    }
    return shown;
}

}  // namespace lyrebird::loader
