// The verbs of condition flags, in tier 0: pure functions.
#pragma once

#include <concepts>
#include <limits>

#include "translator/interpreter/values.hpp"
#include "translator/isa/condition.hpp"

namespace lyrebird::interpreter {

template <class T>
concept Integer = std::same_as<T, I32> || std::same_as<T, I64>;

class FlagVerbs {
  public:
    template <Integer T> Flagged<T> add_flagged(T a, T b) {
        using N = typename T::Number;
        const N result = a.v + b.v;
        return {{result}, flags<N>(result, result >= a.v, ~(a.v ^ b.v) & (a.v ^ result))};
    }
    template <Integer T> Flagged<T> sub_flagged(T a, T b) {
        using N = typename T::Number;
        const N result = a.v - b.v;
        return {{result}, flags<N>(result, a.v < b.v, (a.v ^ b.v) & (a.v ^ result))};
    }
    template <Integer T> Flagged<T> and_flagged(T a, T b) {
        using N = typename T::Number;
        const N result = a.v & b.v;
        return {{result}, flags<N>(result, true, 0)};
    }
    template <Integer T> Flagged<T> add_carry_flagged(T a, T b, Nzcv nzcv) {
        using N = typename T::Number;
        const bool carry = (nzcv.flags.bits & isa::Flags::borrow) == 0;
        const N result = a.v + b.v + (carry ? 1 : 0);
        const bool carried = carry ? result <= a.v : result < a.v;
        return {{result}, flags<N>(result, !carried, ~(a.v ^ b.v) & (a.v ^ result))};
    }
    template <Integer T> Flagged<T> sub_carry_flagged(T a, T b, Nzcv nzcv) {
        return add_carry_flagged(a, T{~b.v}, nzcv);
    }
    I1 condition(isa::Condition condition, Nzcv nzcv) { return {isa::holds(condition, nzcv.flags)}; }
    template <Integer T> Nzcv add_flagged_if(I1 holds, T a, T b, u32 otherwise) {
        return holds.v ? add_flagged(a, b).flags : flags_imm(otherwise);
    }
    template <Integer T> Nzcv sub_flagged_if(I1 holds, T a, T b, u32 otherwise) {
        return holds.v ? sub_flagged(a, b).flags : flags_imm(otherwise);
    }
    Nzcv flags_imm(u32 nzcv) { return {isa::flags_of(nzcv)}; }
    Nzcv flags_from_bits(I64 bits) { return {isa::flags_of(u32(bits.v))}; }
    I64 flags_to_bits(Nzcv nzcv) { return {isa::nzcv_of(nzcv.flags)}; }

  private:
    /// `sign_of_overflow` has the result's top bit set on a signed overflow.
    template <class N> static Nzcv flags(N result, bool borrow, N sign_of_overflow) {
        constexpr int top = std::numeric_limits<N>::digits - 1;
        return {{u32(result >> top) << 15 | u32(result == 0) << 14 | u32(borrow) << 8 | u32(sign_of_overflow >> top)}};
    }
};

}  // namespace lyrebird::interpreter
