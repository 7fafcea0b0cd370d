// What the vDSOs of all guests are made of: code, the functions in it, and how to unwind from them.
#pragma once

#include "loader/byte_writer.hpp"
#include "loader/shared_object.hpp"

namespace lyrebird::loader {

/// Code of 32-bit words, and the functions in it.
struct VdsoCode {
    u32 filler;  // an illegal instruction
    ByteWriter words;
    std::vector<ExportedFunction> functions;

    template <class... Words>
    void function(const char* name, Words... instructions) {
        functions.push_back({name, words.size(), sizeof(u32) * sizeof...(instructions)});
        (words.word<u32>(instructions), ...);
        align();
    }

  private:
    /// Fills up with what no function runs into.
    void align() {
        constexpr u64 function_alignment = 16;
        while (words.size() % function_alignment != 0) words.word<u32>(filler);
    }
};

/// Call frame rules of a function that saves nothing and leaves the stack pointer (a DWARF number) alone.
inline std::vector<u8> leaf_rules(u8 stack_pointer) {
    constexpr u8 define_frame_address = 0x0c;  // DW_CFA_def_cfa
    return {define_frame_address, stack_pointer, 0};
}

/// Every vDSO begins with one word that does nothing, then the function that returns from signals: unwinders look up
/// the address before the one that a function returns to, and find it there.
inline constexpr u64 signal_return_offset = 4;

SharedObject make_riscv64_vdso();
SharedObject make_aarch64_vdso();

}  // namespace lyrebird::loader
