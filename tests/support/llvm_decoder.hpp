// LLVM MC's disassembler for a guest, set to exactly the extensions that Lyrebird claims: the truth that our decoder is
// compared with. The only place of the tests that includes LLVM.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

class LlvmDecoder {
  public:
    enum class Guest { riscv64, aarch64 };
    explicit LlvmDecoder(Guest guest);
    ~LlvmDecoder();

    /// The length in bytes of the instruction that `word` begins with, or 0 when LLVM knows none.
    int decode(u32 word);
    /// True when the word last decoded is an instruction that the manual calls unpredictable with these operands; decode
    /// has answered 0.
    bool unpredictable() const { return unpredictable_; }
    /// The instruction last decoded as text, without aliases; it stands at address 0, there is one space behind the name.
    /// RISC-V's registers are x0 … x31, f0 … f31.
    std::string text();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
    bool unpredictable_ = false;
};

}  // namespace lyrebird::test
