// The RV64 instruction set that Lyrebird implements: one list, from which decoder, disassembler, assembler and every tier's
// table derive. A new extension is one header and one line here.
#pragma once

#include "translator/isa/decoder.hpp"
#include "translator/riscv64/atomic.hpp"
#include "translator/riscv64/base.hpp"
#include "translator/riscv64/bitmanip.hpp"
#include "translator/riscv64/cache.hpp"
#include "translator/riscv64/compare_and_swap.hpp"
#include "translator/riscv64/compressed.hpp"
#include "translator/riscv64/compressed_float.hpp"
#include "translator/riscv64/compressed_more.hpp"
#include "translator/riscv64/conditional.hpp"
#include "translator/riscv64/csr.hpp"
#include "translator/riscv64/float.hpp"
#include "translator/riscv64/float_additional.hpp"
#include "translator/riscv64/half.hpp"
#include "translator/riscv64/may_be.hpp"
#include "translator/riscv64/multiply.hpp"

namespace lyrebird::riscv64 {

using Chapters =
    isa::ChapterList<Base, Multiply, Atomic, ControlStatus, Single, Double, Half, FloatAdditional, CompressedBase,
                     CompressedFloat, CompressedMore, BitManipulation, Conditional, CompareAndSwap, CacheBlocks, MayBe>;
using InstructionSet = Chapters::Joined;

/// The words' low two bits tell their length (RISC-V unprivileged 1.5); longer forms than 32 bits are not used.
constexpr int length_of(u16 first_half) {
    return (first_half & 3) == 3 ? 4 : 2;
}

/// The row that claims the word (for a 16-bit instruction: its 16 bits), or isa::no_row.
constexpr isa::RowIndex decode(u32 word) {
    // Selected by major opcode and funct3, and by quadrant and funct3.
    using Words = isa::DecodeIndex<InstructionSet, 32, 0x0000'707c>;
    using Halves = isa::DecodeIndex<InstructionSet, 16, 0x0000'e003>;
    return length_of(u16(word)) == 4 ? Words::find(word) : Halves::find(word & 0xffff);
}

}  // namespace lyrebird::riscv64
