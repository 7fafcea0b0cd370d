// An address in the guest's own address space. It is a type of its own so that a guest's number cannot slip into a host
// pointer: `host()` is the one function that makes it one. Guest addresses are host addresses (guest base 0), see
// DESIGN in runtime/README.md; what is behind the pointer may be unmapped, and may change under a racing guest thread.
#pragma once

#include <compare>

#include "runtime/base/ints.hpp"

namespace lyrebird {

struct GuestAddress {
    u64 value = 0;

    constexpr GuestAddress() = default;
    constexpr explicit GuestAddress(u64 address) : value(address) {}

    /// The host pointer to this guest byte. Dereference it only where a fault is expected and handled.
    template <class T = void>
    T* host() const {
        return reinterpret_cast<T*>(value);  // NOLINT(performance-no-int-to-ptr)
    }

    constexpr auto operator<=>(const GuestAddress&) const = default;
    constexpr GuestAddress operator+(u64 bytes) const { return GuestAddress(value + bytes); }
    constexpr GuestAddress operator-(u64 bytes) const { return GuestAddress(value - bytes); }
    constexpr u64 operator-(GuestAddress other) const { return value - other.value; }
};

/// The address without the tag that AArch64 ignores in its top byte. As in Linux's untagged_addr, addresses of the upper
/// half (bit 55) keep theirs.
constexpr u64 untagged(u64 address) {
    return address & u64(i64(address << 8) >> 8);
}

/// The guest's page size and allocation granularity, in bytes.
inline constexpr u64 page_size = 4096;

}  // namespace lyrebird
