// AsmJit's encoder, which notes what becomes of the host's condition flags, and which writes the plainest instructions by itself:
// moves and arithmetic between integer registers, memory and immediates are most of all code.
//
// What must stay true: its bytes are AsmJit's own, whichever of the two wrote them (assembly_test.cpp compares).
#pragma once

#include <asmjit/x86.h>

#include <initializer_list>

#include "runtime/base/ints.hpp"

namespace lyrebird::x64 {

class Encoder : public asmjit::x86::Assembler {
  public:
    using Operand = asmjit::Operand_;

    asmjit::Error _emit(asmjit::InstId id, const Operand& a, const Operand& b, const Operand& c, const Operand* more) override {
        if (flags_owner != nullptr && !keeps_flags(id)) flags_owner = nullptr;
        if (c.isNone() && write_plain(id, a, b)) return asmjit::kErrorOk;
        return Assembler::_emit(id, a, b, c, more);
    }
    /// Bytes as they are.
    void append(std::initializer_list<u8> values) {
        if (remainingSpace() < values.size()) {
            embed(values.begin(), values.size());
            return;
        }
        for (u8 value : values) *_bufferPtr++ = value;
    }
    /// Whose value the host's condition flags tell, or null.
    const void* flags_owner = nullptr;

  private:
    static bool keeps_flags(asmjit::InstId id);
    /// False when the instruction is none of those that this class knows: nothing is written then.
    bool write_plain(asmjit::InstId id, const Operand& a, const Operand& b);
};

}  // namespace lyrebird::x64
