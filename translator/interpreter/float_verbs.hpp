// The float verbs of tier 0: the soft functions' results, with the host's help where that is provably the same.
//
// Rules, sticky flags and dynamic mode are the guest's: `Guest::FloatRules` and `FloatOperations`, `Guest::float_flags(State&)`,
// and `Guest::float_rounding(const State&)`, or `Guest::float_context(State&)` where a mode is more than a direction. What must
// stay true: an instruction that has already left raises no flags.
#pragma once

#include <type_traits>

#include "translator/interpreter/memory_operations.hpp"
#include "translator/interpreter/values.hpp"
#include "translator/isa/emitter.hpp"
#include "translator/isa/float/hard.hpp"

namespace lyrebird::interpreter {

/// A base of the emitter `Self`, which lends it State and control.
template <class Self, class Guest, bool Probe>
class FloatVerbs {
    using Operations = typename Guest::FloatOperations;
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
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template add<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_sub(F a, F b, Rounding r) {
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template sub<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_mul(F a, F b, Rounding r) {
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template mul<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_div(F a, F b, Rounding r) {
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template div<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_sqrt(F a, Rounding r) {
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template sqrt<Format<F>>(a.bits, mode, flags);
        });
    }
    template <class F> F float_fma(F a, F b, F c, Rounding r) {
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template fma<Format<F>>(a.bits, b.bits, c.bits, mode, flags);
        });
    }

    // ---- minimum, comparison ----
    template <class F> F float_min(F a, F b) {
        return computed<F>({}, [=](auto mode, auto& flags) {
            return Operations::template minimum_number<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_max(F a, F b) {
        return computed<F>({}, [=](auto mode, auto& flags) {
            return Operations::template maximum_number<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_minimum(F a, F b) {
        return computed<F>({}, [=](auto mode, auto& flags) {
            return Operations::template minimum<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> F float_maximum(F a, F b) {
        return computed<F>({}, [=](auto mode, auto& flags) {
            return Operations::template maximum<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> I1 float_eq(F a, F b) {
        return computed<I1>({}, [=](auto mode, auto& flags) {
            return Operations::template equal<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> I1 float_lt(F a, F b) {
        return computed<I1>({}, [=](auto mode, auto& flags) {
            return Operations::template less<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> I1 float_le(F a, F b) {
        return computed<I1>({}, [=](auto mode, auto& flags) {
            return Operations::template less_equal<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> I1 float_lt_quiet(F a, F b) {
        return computed<I1>({}, [=](auto mode, auto& flags) {
            return Operations::template less_quiet<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> I1 float_le_quiet(F a, F b) {
        return computed<I1>({}, [=](auto mode, auto& flags) {
            return Operations::template less_equal_quiet<Format<F>>(a.bits, b.bits, mode, flags);
        });
    }
    template <class F> Nzcv float_compare(F a, F b, bool signalling) {
        return computed<Nzcv>({}, [=](auto mode, auto& flags) {
            using Bits = Format<F>;
            const bool unordered = ieee::is_nan<Bits>(a.bits) || ieee::is_nan<Bits>(b.bits);
            if (unordered && signalling) flags |= ieee::flag::invalid;
            if (Operations::template less_quiet<Bits>(a.bits, b.bits, mode, flags)) return isa::flags_of(0x8000'0000);
            if (unordered) return isa::flags_of(0x3000'0000);
            const bool equal = Operations::template equal<Bits>(a.bits, b.bits, mode, flags);
            return isa::flags_of(equal ? 0x6000'0000 : 0x2000'0000);
        });
    }

    // ---- conversion ----
    template <class To, class F> To float_convert(F a, Rounding r) {
        return computed<To>(r, [=](auto mode, auto& flags) {
            return Operations::template convert<Format<To>, Format<F>>(a.bits, mode, flags);
        });
    }
    template <class T, class F> I64 float_to_int(F a, Rounding r) {
        return computed<I64>(r, [=](auto mode, auto& flags) {
            const T value = Operations::template to_integer<T, Format<F>>(a.bits, mode, flags);
            return u64(i64(std::make_signed_t<T>(value)));
        });
    }
    I64 float_to_int_modular(F64 a) {
        return computed<I64>({}, [=](auto, auto& flags) { return u64(i64(ieee::to_i32_modular(a.bits, flags))); });
    }
    template <class F, class T> F float_from_int(I64 a, Rounding r) {
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template from_integer<Format<F>>(T(a.v), mode, flags);
        });
    }
    template <class F> F float_round(F a, Rounding r, bool inexact) {
        const auto report = inexact ? ieee::Report::inexact : ieee::Report::nothing;
        return computed<F>(r, [=](auto mode, auto& flags) {
            return Operations::template round_to_integral<Format<F>>(a.bits, report, mode, flags);
        });
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

    /// What `operation(mode, flags)` gives for the guest's mode, with the rounding direction of the instruction if that has
    /// one of its own, and the guest's flags.
    template <class Result, class Operation> Result computed(Rounding rounding, Operation operation) {
        if (Probe || self().left_) return {};
        auto& state = self().state_;
        return {operation(mode_of(state, rounding), Guest::float_flags(state))};
    }
    template <class State> static typename Operations::Mode mode_of(State& state, Rounding rounding) {
        if constexpr (std::is_same_v<typename Operations::Mode, ieee::Rounding>) {
            return rounding.dynamic ? Guest::float_rounding(state) : rounding.direction;
        } else {
            const auto mode = Guest::float_context(state).mode();
            return rounding.dynamic ? mode : mode.with(rounding.direction);
        }
    }
};

}  // namespace lyrebird::interpreter
