// What a floating-point instruction of AArch64 depends on besides its operands, and changes besides its result: FPCR and FPSR.
#pragma once

#include "translator/isa/float/arm.hpp"

namespace lyrebird::aarch64 {

/// FPCR.RMode (C5.2.8).
constexpr ieee::Rounding rounding_of(u32 fpcr) { return ieee::ArmMode::rounding_of(fpcr); }

struct FloatContext {
    u32 fpcr;
    u32& fpsr;  // in its stored form

    ieee::Rounding rounding() const { return rounding_of(fpcr); }
    ieee::ArmMode mode() const { return ieee::ArmMode::of(fpcr); }
};

}  // namespace lyrebird::aarch64
