// Conditions on the flags NZCV, in Arm's encoding (Arm ARM C1.2.4).
#pragma once

#include "translator/isa/slot.hpp"

namespace lyrebird::isa {

enum class Condition : u8 {
    eq,      // Z
    ne,
    cs,      // C: unsigned higher or same
    cc,
    mi,      // N
    pl,
    vs,      // V; after a floating-point comparison: unordered
    vc,
    hi,      // C and not Z: unsigned higher
    ls,
    ge,      // N equals V: signed
    lt,
    gt,      // not Z, and N equals V
    le,
    always,
    always_too,  // "nv" in assembly, but it holds as well
};

/// True when `condition` holds.
constexpr bool holds(Condition condition, Flags flags) {
    const bool n = (flags.bits & Flags::negative) != 0;
    const bool z = (flags.bits & Flags::zero) != 0;
    const bool c = (flags.bits & Flags::borrow) == 0;
    const bool v = (flags.bits & Flags::overflow) != 0;
    bool answer = true;
    switch (u8(condition) >> 1) {
        case 0: answer = z; break;
        case 1: answer = c; break;
        case 2: answer = n; break;
        case 3: answer = v; break;
        case 4: answer = c && !z; break;
        case 5: answer = n == v; break;
        case 6: answer = !z && n == v; break;
        default: return true;
    }
    return (u8(condition) & 1) != 0 ? !answer : answer;
}

/// The condition that holds exactly when this one does not; not for `always`.
constexpr Condition inverted(Condition condition) { return Condition(u8(condition) ^ 1); }

/// NZCV in bits 31 … 28, as Arm's registers have them: the carry is the absence of a borrow.
constexpr u32 nzcv_of(Flags flags) {
    return ((flags.bits & Flags::negative) != 0 ? 1U << 31 : 0) | ((flags.bits & Flags::zero) != 0 ? 1U << 30 : 0) |
        ((flags.bits & Flags::borrow) == 0 ? 1U << 29 : 0) | ((flags.bits & Flags::overflow) != 0 ? 1U << 28 : 0);
}
constexpr Flags flags_of(u32 nzcv) {
    return {((nzcv >> 31 & 1) != 0 ? Flags::negative : 0) | ((nzcv >> 30 & 1) != 0 ? Flags::zero : 0) |
            ((nzcv >> 29 & 1) == 0 ? Flags::borrow : 0) | ((nzcv >> 28 & 1) != 0 ? Flags::overflow : 0)};
}

}  // namespace lyrebird::isa
