// Listings (translator/emitters/listing.hpp) as golden files have them.
#pragma once

#include <algorithm>
#include <string>

#include "tests/support/vectors.hpp"

namespace lyrebird::test {

/// Registers by name: where they lie in State is nobody's concern here.
inline std::string name_slots(const std::string& listing, std::string (*slot_name)(u64 offset)) {
    std::string text;
    for (std::size_t at = 0; at < listing.size(); ++at) {
        if (listing[at] != '@') {
            text += listing[at];
            continue;
        }
        std::size_t end = std::min(listing.find_first_not_of("0123456789", at + 1), listing.size());
        text += slot_name(*parse_number(listing.substr(at + 1, end - at - 1)));
        at = end - 1;
    }
    return text;
}

inline std::string indent(const std::string& lines) {
    std::string text;
    for (std::size_t start = 0; start < lines.size();) {
        std::size_t end = std::min(lines.find('\n', start), lines.size());
        text += "    " + lines.substr(start, end - start) + '\n';
        start = end + 1;
    }
    return text;
}

}  // namespace lyrebird::test
