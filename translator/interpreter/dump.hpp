// Text of guest code for reports and --dump=listing: each instruction of a block, and under it the verbs of its meaning.
#pragma once

#include <unistd.h>

#include <cstring>
#include <string>

#include "runtime/base/text.hpp"
#include "translator/interpreter/block_cache.hpp"
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

/// Writes the block's instructions and their listings to `descriptor`, in one write.
template <class Guest>
void dump_block(int descriptor, const Block& block) {
    std::string text = format("block {:#x}, {} instructions\n", block.pc, block.instructions);
    for (std::size_t at = 0; at < block.bytes.size();) {
        u32 word = 0;
        std::memcpy(&word, block.bytes.data() + at, 2);
        std::size_t length = std::size_t(Guest::length_of(u16(word)));
        std::memcpy(&word, block.bytes.data() + at, length);
        u64 pc = block.pc + at;
        append(text, "{:#x}  {}\n", pc, describe_word<Guest>(word, pc));
        isa::RowIndex row = Guest::decode(word);
        if (row != isa::no_row) {
            std::string listing = row_at<Guest>(row).list(word, pc);
            for (std::size_t start = 0; start < listing.size();) {
                std::size_t end = listing.find('\n', start) + 1;
                text += "        " + listing.substr(start, end - start);
                start = end;
            }
        }
        at += length;
    }
    [[maybe_unused]] auto written = ::write(descriptor, text.data(), text.size());
}

}  // namespace lyrebird::interpreter
