// AsmJit's encoder over a buffer that is used again for each block, and the few jumps that are written by hand so that their
// displacements are known and can be changed later.
#pragma once

#include "runtime/base/check.hpp"
#include "runtime/base/ints.hpp"
#include "translator/x64/encoder.hpp"

namespace lyrebird::x64 {

using asmjit::x86::CondCode;

class Assembly {
  public:
    Assembly();
    Assembly(const Assembly&) = delete;
    Assembly& operator=(const Assembly&) = delete;

    void restart() {
        encoder_.setOffset(0);
        encoder_.flags_owner = nullptr;
    }
    u32 offset() const { return u32(encoder_.offset()); }
    const u8* data() const { return encoder_.bufferData(); }
    /// AsmJit's own interface: `assembly->add(…)`.
    asmjit::x86::Assembler* operator->() { return &encoder_; }

    /// Whose value the host's condition flags tell: what was noted last, or null when an instruction has changed them since.
    const void* flags_owner() const { return encoder_.flags_owner; }
    void note_flags(const void* owner) { encoder_.flags_owner = owner; }

    /// A jump forward within the code, to be bound by `bind`.
    struct Forward {
        u32 at = 0;      // of the displacement
        bool one_byte = false;  // one byte
    };
    Forward jump_short(CondCode condition);
    Forward jump_short();
    Forward jump_far(CondCode condition);
    void bind(Forward jump) { bind(jump, offset()); }
    void bind(Forward jump, u32 to);
    /// A jump back to `to`.
    void jump_to(u32 to);

    /// A jump, conditional jump or call with a displacement that can be replaced while others run it: its four bytes lie
    /// within an aligned eight. Returns the displacement's place; it leads to the next instruction.
    u32 linkable_jump();
    u32 linkable_jump(CondCode condition);
    u32 linkable_call();
    /// As above without the care for alignment: displacements that are set once.
    u32 jump_away();
    u32 jump_away(CondCode condition);
    u32 call_away();

    void set_displacement(u32 at, i32 value);

  private:
    struct Stop : asmjit::ErrorHandler {
        void handleError(asmjit::Error, const char* message, asmjit::BaseEmitter*) override;
    };
    void bytes(std::initializer_list<u8> values);
    void align_displacement(u32 bytes_before);

    Stop stop_;
    asmjit::CodeHolder holder_;
    Encoder encoder_;
};

}  // namespace lyrebird::x64
