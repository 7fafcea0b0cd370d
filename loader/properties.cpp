#include "loader/properties.hpp"

#include <elf.h>
#include <errno.h>
#include <string.h>

#include "runtime/base/bits.hpp"

namespace lyrebird::loader {

namespace {

constexpr u64 property_alignment = 8;

u32 word_at(std::span<const u8> bytes, u64 offset) {
    u32 word;
    ::memcpy(&word, bytes.data() + offset, sizeof word);
    return word;
}

std::unexpected<Error> damaged() {
    return fail("the property note is malformed; the file is damaged", ENOEXEC);
}

}  // namespace

Result<std::vector<Property>> parse_properties(std::span<const u8> note) {
    constexpr char name[] = "GNU";
    constexpr u64 start = sizeof(Elf64_Nhdr) + sizeof name;  // 16: aligned already
    if (note.size() < start || word_at(note, 0) != sizeof name || word_at(note, 8) != NT_GNU_PROPERTY_TYPE_0 ||
        ::memcmp(note.data() + sizeof(Elf64_Nhdr), name, sizeof name) != 0) {
        return damaged();
    }
    const u64 size = word_at(note, 4);
    if (size > note.size() - start) return damaged();
    auto rest = note.subspan(start, size);
    std::vector<Property> properties;
    while (!rest.empty()) {
        if (rest.size() < 8) return damaged();
        const u32 type = word_at(rest, 0);
        const u64 data_size = word_at(rest, 4);
        rest = rest.subspan(8);
        const u64 padded_size = align_up(data_size, property_alignment);
        if (padded_size > rest.size()) return damaged();
        if (!properties.empty() && type <= properties.back().type) return damaged();
        properties.push_back(
            Property{type, std::vector<u8>(rest.begin(), rest.begin() + static_cast<long>(data_size))});
        rest = rest.subspan(padded_size);
    }
    return properties;
}

}  // namespace lyrebird::loader
