// What the host processor offers beyond x86-64-v2. Everything here is optional: each path has one without it, and tests
// switch them off.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.hpp"

namespace lyrebird::x64 {

struct Features {
    bool bmi1 = false;   // tzcnt, andn
    bool bmi2 = false;   // shifts by any register, mulx, rorx
    bool lzcnt = false;
    bool pclmul = false;
    bool aes = false;
    bool avx = false;    // three operands
    bool fma = false;
    bool avx512 = false; // F, VL, DQ and BW: 32 vector registers

    /// What this machine has and its kernel has enabled.
    static Features of_host();
    /// `this` without the features named in `list` ("bmi2,fma"; "all"). An Error names what is not known.
    Result<Features> without(std::string_view list) const;
    /// "bmi1 bmi2 …", for --stats.
    std::string text() const;
};

}  // namespace lyrebird::x64
