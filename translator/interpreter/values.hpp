// What values are in tier 0: numbers. Each type of its own, so that a meaning which mixes widths does not compile.
#pragma once

#include "runtime/base/ints.hpp"
#include "translator/isa/float/format.hpp"
#include "translator/isa/slot.hpp"

namespace lyrebird::interpreter {

struct I1 {
    bool v;
};
struct I32 {
    using Number = u32;
    u32 v;
};
struct I64 {
    using Number = u64;
    u64 v;
};
struct F16 {
    using Format = ieee::F16;
    u16 bits;
};
struct F32 {
    using Format = ieee::F32;
    u32 bits;
};
struct F64 {
    using Format = ieee::F64;
    u64 bits;
};

struct Nzcv {
    isa::Flags flags;
};
struct V128 {
    isa::VectorRegister v;
};
/// A result with the flags that it sets.
template <class T>
struct Flagged {
    T value;
    Nzcv flags;
};

}  // namespace lyrebird::interpreter
