// Little-endian bytes, one after the other: what the parts of the vDSO's image are made with.
#pragma once

#include <string_view>
#include <type_traits>
#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::loader {

class ByteWriter {
  public:
    u64 size() const { return bytes_.size(); }
    std::vector<u8> take() { return std::move(bytes_); }

    template <class Word>
    void word(std::type_identity_t<Word> value) {
        for (u64 i = 0; i < sizeof(Word); ++i) bytes_.push_back(static_cast<u8>(value >> (8 * i)));
    }
    /// An unsigned LEB128 number, as DWARF writes them.
    void leb(u64 value) {
        for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<u8>(value | 0x80));
        bytes_.push_back(static_cast<u8>(value));
    }
    /// The characters and a final zero.
    void string(std::string_view text) {
        for (const char c : text) bytes_.push_back(static_cast<u8>(c));
        bytes_.push_back(0);
    }
    void append(const std::vector<u8>& bytes) {
        for (const u8 byte : bytes) bytes_.push_back(byte);
    }
    void align(u64 alignment) {
        while (bytes_.size() % alignment != 0) bytes_.push_back(0);
    }

  private:
    std::vector<u8> bytes_;
};

}  // namespace lyrebird::loader
