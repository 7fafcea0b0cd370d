// Assembly text, both ways, from one description: a format's `text(t, o)` names its operands in order; with a Printer
// they are written, with a Parser they are read. The parser serves the tests' assembler; the printer every listing and
// report.
#pragma once

#include <charconv>
#include <span>
#include <string>
#include <string_view>

#include "runtime/base/ints.hpp"
#include "runtime/base/text.hpp"

namespace lyrebird::isa {

class Printer {
  public:
    explicit Printer(u64 pc) : pc_(pc) {}

    template <class T> void reg(std::span<const std::string_view> names, const T& number) { text_ += names[number]; }
    template <class T> void number(const T& value) { append(text_, "{}", i64(value)); }
    template <class T> void hex(const T& value) { append(text_, "{:#x}", u64(value)); }
    /// A branch target, held in the operands as an offset from the instruction.
    template <class T> void target(const T& offset) { append(text_, "{:#x}", pc_ + u64(i64(offset))); }
    /// One of a list of words; `value` is its index. Words may be empty for indices that have none.
    template <class T> void word(std::span<const std::string_view> words, const T& value) {
        text_ += words[std::size_t(value)];
    }
    /// As `word` after a comma, left out (comma included) when the value is `fallback`.
    template <class T>
    void optional_word(std::span<const std::string_view> words, const T& value, std::size_t fallback) {
        if (std::size_t(value) == fallback) return;
        text_ += ", ";
        word(words, value);
    }
    void literal(std::string_view text) { text_ += text; }
    void comma() { text_ += ", "; }

    const std::string& text() const { return text_; }

  private:
    std::string text_;
    u64 pc_;
};

/// Reads what Printer writes (spaces are free; numbers also in hexadecimal). `ok()` turns false at the first mismatch.
class Parser {
  public:
    Parser(std::string_view text, u64 pc) : rest_(text), pc_(pc) {}

    /// The longest name that stands here counts: what follows a register may be written without a space.
    template <class T> void reg(std::span<const std::string_view> names, T& number) { word(names, number); }
    template <class T> void number(T& value) { value = T(integer()); }
    template <class T> void hex(T& value) { value = T(integer()); }
    template <class T> void target(T& offset) { offset = T(u64(integer()) - pc_); }
    /// Words may have spaces in them: the longest that stands here counts.
    template <class T> void word(std::span<const std::string_view> words, T& value) {
        skip_spaces();
        std::size_t longest = 0;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i].size() <= longest || !rest_.starts_with(words[i])) continue;
            value = T(i);
            longest = words[i].size();
        }
        ok_ = ok_ && longest != 0;
        rest_.remove_prefix(longest);
    }
    template <class T> void optional_word(std::span<const std::string_view> words, T& value, std::size_t fallback) {
        skip_spaces();
        if (rest_.empty()) {
            value = T(fallback);
            return;
        }
        comma();
        word(words, value);
    }
    void literal(std::string_view text) {
        for (char c : text) {
            if (c == ' ') continue;
            skip_spaces();
            ok_ = ok_ && rest_.starts_with(c);
            if (ok_) rest_.remove_prefix(1);
        }
    }
    void comma() { literal(","); }

    bool ok() const { return ok_; }
    /// True when everything was read.
    bool finished() {
        skip_spaces();
        return ok_ && rest_.empty();
    }

  private:
    void skip_spaces() {
        while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
    }
    std::string_view identifier() {
        skip_spaces();
        std::size_t size = 0;
        while (size < rest_.size() && std::string_view(",()[]{}!*# ").find(rest_[size]) == std::string_view::npos) ++size;
        std::string_view name = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return name;
    }
    i64 integer() {
        std::string_view digits = identifier();
        bool negative = digits.starts_with('-');
        if (negative) digits.remove_prefix(1);
        int base = digits.starts_with("0x") ? 16 : 10;
        if (base == 16) digits.remove_prefix(2);
        u64 value = 0;
        auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
        if (error != std::errc() || end != digits.data() + digits.size()) ok_ = false;
        return i64(negative ? 0 - value : value);
    }

    std::string_view rest_;
    u64 pc_;
    bool ok_ = true;
};

}  // namespace lyrebird::isa
