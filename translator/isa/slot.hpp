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

/// A 128-bit vector register, lowest byte first. Back ends may keep it in a wider one of the host's.
struct alignas(16) VectorRegister {
    u64 low = 0, high = 0;
};

/// Condition flags as x86's `lahf` and `seto` leave them in a register after a subtraction, so that a translator can store and
/// load them in three instructions: negative, zero, borrow and overflow; all other bits are zero.
struct Flags {
    static constexpr u32 negative = 1 << 15, zero = 1 << 14, borrow = 1 << 8, overflow = 1 << 0;
    u32 bits = 0;
};

/// `offset` is in bytes from the start of the guest's State and a multiple of T's size.
template <class T>
struct Slot {
    u16 offset;
    constexpr auto operator<=>(const Slot&) const = default;
};

}  // namespace lyrebird::isa
