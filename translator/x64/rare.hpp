// What stands behind a block's code: the paths that are seldom taken.
#pragma once

#include "runtime/base/ints.hpp"
#include "translator/x64/translation.hpp"

namespace lyrebird::x64 {

inline constexpr u8 no_register = 0xff;

struct Rare {
    enum class What : u8 { leave, resume, exit, miss_call, nan32, nan64, unordered };
    What what;
    Stub stub;
    u8 reg;  // of a NaN, of an address
    bool in_loop;
    u32 at;    // the jump's displacement
    u32 back;  // where it goes on
    u64 pc;
};

}  // namespace lyrebird::x64
