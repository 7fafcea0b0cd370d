// Tier 1's translator by itself: a few instructions in guest memory, and the block that is made of them. No hart runs
// it, so the host's features can be any, also those that this machine has not.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "runtime/memory/address_space.hpp"
#include "translator/x64/features.hpp"
#include "translator/x64/registers.hpp"
#include "translator/x64/translation.hpp"

namespace lyrebird::test {

/// All that tier 1 knows to use, and what every host has.
inline constexpr x64::Features all_features{
    .bmi1 = true, .bmi2 = true, .lzcnt = true, .pclmul = true, .aes = true, .avx = true, .fma = true, .avx512 = true};
inline constexpr x64::Features no_features{};

class Riscv64Translation {
  public:
    static constexpr u64 start = 0x100000;  // of guest code: writable and executable, zero where nothing was written
    static constexpr u64 size = 0x100000;
    static constexpr u32 longest = 64;  // instructions in a block

    explicit Riscv64Translation(const x64::Features& features);
    ~Riscv64Translation();

    memory::AddressSpace& space() { return *space_; }
    const x64::Layout& layout() const { return layout_; }

    /// Puts words (of 2 or 4 bytes each) at `pc`, or lines of assembly, which must be right. Returns the pc behind
    /// them.
    static u64 write(u64 pc, std::span<const u32> words);
    static u64 write(u64 pc, std::initializer_list<std::string_view> lines);
    /// The block at `pc`, of at most `most` instructions. Valid until the next call. A load-reserved's
    /// store-conditional is taken to stand right behind it.
    const x64::Translation& translate(u64 pc, u32 most = longest);

  private:
    struct Translator;
    std::unique_ptr<memory::AddressSpace> space_;
    x64::Layout layout_;
    std::unique_ptr<Translator> translator_;
};

}  // namespace lyrebird::test
