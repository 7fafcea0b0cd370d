// A slot is a piece of a guest's `State` that instructions read and write: its offset and its type, never a register's name.
// Emitters know slots only; so a new guest needs no change in any back end.
#pragma once

#include <compare>

#include "runtime/base/ints.hpp"

namespace lyrebird::isa {

/// A 64-bit floating-point register's bits, as a type of its own so that slots say which register file a back end should use.
struct FloatRegister {
    u64 bits = 0;
};

/// `offset` is in bytes from the start of the guest's State and a multiple of T's size.
template <class T>
struct Slot {
    u16 offset;
    constexpr auto operator<=>(const Slot&) const = default;
};

}  // namespace lyrebird::isa
