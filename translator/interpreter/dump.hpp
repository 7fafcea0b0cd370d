// Text of guest code for reports and --dump=listing: each instruction of a block, and under it the verbs of its meaning.
#pragma once

#include <unistd.h>

#include <cstring>
#include <span>
#include <string>

#include "runtime/base/text.hpp"
#include "translator/interpreter/row.hpp"

namespace lyrebird::interpreter {

/// "fed79ae3  bne x15, x13, 0x10512", or the word alone when no instruction claims it.
template <class Guest>
std::string describe_word(u32 word, u64 pc) {
    bool short_form = Guest::length_of(u16(word)) == 2;
    std::string text = short_form ? format("{:04x}", word & 0xffff) : format("{:08x}", word);
    isa::RowIndex row = Guest::decode(word);
    if (row == isa::no_row) return text + "  (no such instruction)";
    return text + "  " + row_at<Guest>(row).print(word, pc);
}

/// Where the code that is met is written to.
struct Dump {
    int descriptor = -1;    // negative: nowhere
    bool listings = false;  // each instruction's meaning as well

    bool wanted() const { return descriptor >= 0; }
    /// The instructions at `pc`, in one write.
    template <class Guest>
    void write(u64 pc, std::span<const u8> bytes) const;
};

template <class Guest>
void Dump::write(u64 pc, std::span<const u8> bytes) const {
    std::string text = format("block {:#x}, {} bytes\n", pc, bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        u32 word = 0;
        std::memcpy(&word, bytes.data() + at, 2);
        std::size_t length = std::size_t(Guest::length_of(u16(word)));
        std::memcpy(&word, bytes.data() + at, length);
        u64 place = pc + at;
        append(text, "{:#x}  {}\n", place, describe_word<Guest>(word, place));
        isa::RowIndex row = Guest::decode(word);
        std::string listing = listings && row != isa::no_row ? row_at<Guest>(row).list(word, place) : "";
        for (std::size_t start = 0; start < listing.size();) {
            std::size_t end = listing.find('\n', start) + 1;
            text += "        " + listing.substr(start, end - start);
            start = end;
        }
        at += length;
    }
    [[maybe_unused]] auto written = ::write(descriptor, text.data(), text.size());
}

}  // namespace lyrebird::interpreter
