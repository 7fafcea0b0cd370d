// Reads a jitdump by the format's specification, independently of what writes it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/ints.hpp"

namespace lyrebird::engine::test {

inline constexpr std::size_t jitdump_header_size = 40;

/// Takes a file's fields one after another.
struct Fields {
    std::string_view left;
    template <class T> T next() {
        T value{};
        REQUIRE_GE(left.size(), sizeof value);
        std::memcpy(&value, left.data(), sizeof value);
        left.remove_prefix(sizeof value);
        return value;
    }
    std::string_view next(std::size_t size) {
        REQUIRE_GE(left.size(), size);
        std::string_view bytes = left.substr(0, size);
        left.remove_prefix(size);
        return bytes;
    }
};
struct Record {
    u32 kind;
    u64 time;
    std::string body;
};

inline std::vector<Record> records(const std::string& dump) {
    std::vector<Record> all;
    Fields fields{std::string_view(dump).substr(std::min(jitdump_header_size, dump.size()))};
    while (!fields.left.empty()) {
        u32 kind = fields.next<u32>();
        u32 size = fields.next<u32>();
        REQUIRE_GE(size, 16U);
        u64 time = fields.next<u64>();
        all.push_back({kind, time, std::string(fields.next(size - 16))});
    }
    return all;
}

}  // namespace lyrebird::engine::test
