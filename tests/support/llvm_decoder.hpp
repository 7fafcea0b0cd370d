// LLVM MC's disassembler for RISC-V, set to exactly the extensions that Lyrebird claims: the truth that our decoder is
// compared with. The only place of the tests that includes LLVM.
#pragma once

#include <memory>
#include <string>

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

class LlvmDecoder {
  public:
    LlvmDecoder();
    ~LlvmDecoder();

    /// The length in bytes of the instruction that `word` begins with, or 0 when LLVM knows none.
    int decode(u32 word);
    /// The instruction last decoded as text, without aliases: registers are x0 … x31, f0 … f31, it stands at address 0,
    /// there is one space behind the name.
    std::string text();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace lyrebird::test
