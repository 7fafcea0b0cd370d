// The pieces of host code that all blocks share: how guest code is entered, how it is left, how it calls the VM's functions.
#pragma once

#include <array>

#include "translator/x64/assembly.hpp"
#include "translator/x64/registers.hpp"
#include "translator/x64/translation.hpp"

namespace lyrebird::x64 {

/// Where each stub begins, from the beginning of the code; and `enter`, which the run loop calls:
/// void enter(void* base, const void* code), `base` as rbp has it.
struct Stubs {
    std::array<u32, std::size_t(Stub::count)> places{};
    u32 enter = 0;
    u32 size = 0;
};

/// Assembles them, position independent, to the beginning of `assembly`.
Stubs assemble_stubs(Assembly& assembly, const Layout& layout, const Features& features);

}  // namespace lyrebird::x64
