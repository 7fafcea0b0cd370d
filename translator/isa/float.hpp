// Soft float: IEEE 754 in integer arithmetic, bit-exact, for every tier and for the tests of every tier.
//
// Why it exists: a guest sees every bit of a result, of a NaN and of its flags, in rounding directions the host does not
// have. The host's unit can answer most questions faster (float/hard.hpp), but this is what defines the answers. It never
// reads or changes the host's floating-point state, and all of it can be evaluated at compile time.
#pragma once

#include "translator/isa/float/arithmetic.hpp"  // IWYU pragma: export
#include "translator/isa/float/compare.hpp"     // IWYU pragma: export
#include "translator/isa/float/convert.hpp"     // IWYU pragma: export
