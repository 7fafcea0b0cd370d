// The float verbs of tier 0: the soft functions' results, with the host's help where that is provably the same.
//
// Rules, sticky flags and dynamic rounding mode are the guest's: `Guest::FloatRules`, `Guest::float_flags(State&)` and
// `Guest::float_rounding(const State&)`. What must stay true: an instruction that has already left raises no flags.
#pragma once

#include <type_traits>

#include "translator/interpreter/memory_operations.hpp"
#include "translator/interpreter/values.hpp"
#include "translator/isa/emitter.hpp"
#include "translator/isa/float/hard.hpp"

namespace lyrebird::interpreter {

namespace hard = ieee::hard;

/// A base of the emitter `Self`, which lends it State and control.
template <class Self, class Guest, bool Probe>
class FloatVerbs {
    using Rules = typename Guest::FloatRules;
    using Rounding = isa::Rounding;
    template <class F>
    using Format = typename F::Format;

  public:
    // ---- memory ----
    template <class F> F load_float(I64 address) {
        if (!self().touch(address)) return {0};
        return {access::load<decltype(F::bits)>(Guest::untagged(address.v))};
    }
    template <class F> void store_float(I64 address, F value) {
        if (self().touch(address)) access::store(Guest::untagged(address.v), value.bits);
    }

    // ---- arithmetic ----
    template <class F> F float_add(F a, F b, Rounding r) {
        return rounded<F, &hard::add<Format<F>, Rules>>(r, a.bits, b.bits);
    }
    template <class F> F float_sub(F a, F b, Rounding r) {
        return rounded<F, &hard::sub<Format<F>, Rules>>(r, a.bits, b.bits);
    }
    template <class F> F float_mul(F a, F b, Rounding r) {
        return rounded<F, &hard::mul<Format<F>, Rules>>(r, a.bits, b.bits);
    }
    template <class F> F float_div(F a, F b, Rounding r) {
        return rounded<F, &hard::div<Format<F>, Rules>>(r, a.bits, b.bits);
    }
    template <class F> F float_sqrt(F a, Rounding r) { return rounded<F, &hard::sqrt<Format<F>, Rules>>(r, a.bits); }
    template <class F> F float_fma(F a, F b, F c, Rounding r) {
        return rounded<F, &hard::fma<Format<F>, Rules>>(r, a.bits, b.bits, c.bits);
    }

    // ---- minimum, comparison ----
    template <class F> F float_min(F a, F b) {
        return flagged<F, &ieee::minimum_number<Format<F>, Rules>>(a.bits, b.bits);
    }
    template <class F> F float_max(F a, F b) {
        return flagged<F, &ieee::maximum_number<Format<F>, Rules>>(a.bits, b.bits);
    }
    template <class F> F float_minimum(F a, F b) {
        return flagged<F, &ieee::minimum<Format<F>, Rules>>(a.bits, b.bits);
    }
    template <class F> F float_maximum(F a, F b) {
        return flagged<F, &ieee::maximum<Format<F>, Rules>>(a.bits, b.bits);
    }
    template <class F> I1 float_eq(F a, F b) { return flagged<I1, &hard::equal<Format<F>>>(a.bits, b.bits); }
    template <class F> I1 float_lt(F a, F b) { return flagged<I1, &hard::less<Format<F>>>(a.bits, b.bits); }
    template <class F> I1 float_le(F a, F b) { return flagged<I1, &hard::less_equal<Format<F>>>(a.bits, b.bits); }
    template <class F> I1 float_lt_quiet(F a, F b) { return flagged<I1, &ieee::less_quiet<Format<F>>>(a.bits, b.bits); }
    template <class F> I1 float_le_quiet(F a, F b) {
        return flagged<I1, &ieee::less_equal_quiet<Format<F>>>(a.bits, b.bits);
    }

    template <class F> Nzcv float_compare(F a, F b, bool signalling) {
        if (Probe || self().left_) return {};
        auto& flags = Guest::float_flags(self().state_);
        if (ieee::is_nan<Format<F>>(a.bits) || ieee::is_nan<Format<F>>(b.bits)) {
            if (signalling) flags |= ieee::flag::invalid;
            ieee::note_signaling<Format<F>>(flags, a.bits, b.bits);
            return {isa::flags_of(0x3000'0000)};
        }
        if (ieee::less_quiet<Format<F>>(a.bits, b.bits, flags)) return {isa::flags_of(0x8000'0000)};
        const bool equal = hard::equal<Format<F>>(a.bits, b.bits, flags);
        return {isa::flags_of(equal ? 0x6000'0000 : 0x2000'0000)};
    }

    // ---- conversion ----
    template <class To, class F> To float_convert(F a, Rounding r) {
        return rounded<To, &hard::convert<Format<To>, Format<F>, Rules>>(r, a.bits);
    }
    template <class T, class F> I64 float_to_int(F a, Rounding r) {
        return rounded<I64, &to_sign_extended<T, Format<F>>>(r, a.bits);
    }
    I64 float_to_int_modular(F64 a) { return flagged<I64, &modular_sign_extended>(a.bits); }
    template <class F, class T> F float_from_int(I64 a, Rounding r) {
        return rounded<F, &hard::from_integer<Format<F>, Rules, T>>(r, T(a.v));
    }
    template <class F> F float_round(F a, Rounding r, bool inexact) {
        return inexact ? rounded<F, &to_integral<Format<F>, ieee::Report::inexact>>(r, a.bits)
                       : rounded<F, &to_integral<Format<F>, ieee::Report::nothing>>(r, a.bits);
    }

    // ---- bits ----
    template <class F> I64 float_classify(F a) { return {ieee::classify<Format<F>>(a.bits)}; }
    template <class F> F float_neg(F a) { return {ieee::negated<Format<F>>(a.bits)}; }
    template <class F> F float_abs(F a) { return {ieee::magnitude<Format<F>>(a.bits)}; }
    template <class F> F float_copy_sign(F magnitude, F sign) {
        constexpr auto mask = Format<F>::sign_mask;
        return {decltype(F::bits)((magnitude.bits & ~mask) | (sign.bits & mask))};
    }
    template <class F> F float_xor_sign(F a, F b) {
        return {decltype(F::bits)(a.bits ^ (b.bits & Format<F>::sign_mask))};
    }
    template <class F> I64 float_bits(F a) { return {a.bits}; }
    template <class F> F float_from_bits(I64 a) { return {decltype(F::bits)(a.v)}; }
    template <class F> F64 box(F a) { return {a.bits | high_bits<F>}; }
    template <class F> F unbox(F64 a) {
        if ((a.bits & high_bits<F>) == high_bits<F>) [[likely]] return low<F>(a);
        return {Rules::template nan<Format<F>>()};
    }
    template <class F> F low(F64 a) { return {decltype(F::bits)(a.bits)}; }

  private:
    /// What stands above a boxed value.
    template <class F> static constexpr u64 high_bits = ~u64{decltype(F::bits)(~u64{0})};

    Self& self() { return static_cast<Self&>(*this); }

    template <class T, class F>
    static u64 to_sign_extended(typename F::Bits bits, ieee::Rounding direction, ieee::Flags& flags) {
        return u64(i64(std::make_signed_t<T>(hard::to_integer<T, F, Rules>(bits, direction, flags))));
    }
    static u64 modular_sign_extended(u64 bits, ieee::Flags& flags) {
        return u64(i64(ieee::to_i32_modular(bits, flags)));
    }
    template <class F, ieee::Report Report>
    static typename F::Bits to_integral(typename F::Bits bits, ieee::Rounding direction, ieee::Flags& flags) {
        return ieee::round_to_integral<F, Rules>(bits, direction, Report, flags);
    }

    /// What `function` gives for the values and the guest's flags.
    template <class Result, auto function, class... Values> Result flagged(Values... values) {
        if (Probe || self().left_) return {0};
        return {function(values..., Guest::float_flags(self().state_))};
    }
    /// As above with the direction, which is the guest's own when dynamic.
    template <class Result, auto function, class... Values> Result rounded(Rounding rounding, Values... values) {
        if (Probe || self().left_) return {0};
        auto& state = self().state_;
        const auto direction = rounding.dynamic ? Guest::float_rounding(state) : rounding.direction;
        return {function(values..., direction, Guest::float_flags(state))};
    }
};

}  // namespace lyrebird::interpreter
