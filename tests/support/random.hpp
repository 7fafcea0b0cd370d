// Random numbers for tests: the same sequence for the same seed on every machine.
#pragma once

#include "runtime/base/ints.hpp"

namespace lyrebird::test {

class Random {
  public:
    explicit Random(u64 seed) : state_(seed) {}

    /// All 64 bits are random (SplitMix64).
    u64 next() {
        state_ += 0x9e37'79b9'7f4a'7c15;
        u64 value = state_;
        value = (value ^ (value >> 30)) * 0xbf58'476d'1ce4'e5b9;
        value = (value ^ (value >> 27)) * 0x94d0'49bb'1331'11eb;
        return value ^ (value >> 31);
    }
    u32 word() { return u32(next() >> 32); }
    /// 0 … bound − 1; bound > 0.
    u64 below(u64 bound) { return u64((u128(next()) * bound) >> 64); }
    /// True once in `count` times on average.
    bool once_in(u64 count) { return below(count) == 0; }

  private:
    u64 state_;
};

}  // namespace lyrebird::test
