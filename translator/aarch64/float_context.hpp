// What a floating-point instruction of AArch64 depends on besides its operands, and changes besides its result: FPCR and FPSR.
#pragma once

#include "translator/isa/float/format.hpp"

namespace lyrebird::aarch64 {

/// FPCR.RMode (C5.2.8): to nearest, towards plus infinity, towards minus infinity, towards zero.
constexpr ieee::Rounding rounding_of(u32 fpcr) {
    using enum ieee::Rounding;
    constexpr ieee::Rounding directions[]{nearest_even, upward, downward, toward_zero};
    return directions[fpcr >> 22 & 3];
}

struct FloatContext {
    u32 fpcr;
    u32& fpsr;  // in its stored form

    ieee::Rounding rounding() const { return rounding_of(fpcr); }
};

}  // namespace lyrebird::aarch64
