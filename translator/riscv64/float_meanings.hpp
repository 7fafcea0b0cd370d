// What floating-point instructions mean, once for all precisions: `F` is ieee::F16, F32 or F64. The extensions' headers
// (float.hpp, half.hpp, float_additional.hpp) give them names and bits.
//
// A register holds a narrower value boxed: all bits above it are ones; anything else reads as the canonical NaN (RISC-V
// unprivileged 21.2), except where an instruction moves or stores bits. A dynamic rounding mode that is reserved makes every
// instruction that names it illegal, also one that need not round (20.2).
#pragma once

#include "translator/riscv64/access.hpp"
#include "translator/riscv64/float_formats.hpp"

namespace lyrebird::riscv64 {

template <class F, Emitter E>
constexpr isa::FloatValue<E, F> f(E& e, u8 number) {
    return e.template unbox<isa::FloatValue<E, F>>(e.get(f_slot(number)));
}
/// The register's low bits, boxed or not.
template <class F, Emitter E>
constexpr isa::FloatValue<E, F> raw_f(E& e, u8 number) {
    return e.template low<isa::FloatValue<E, F>>(e.get(f_slot(number)));
}
template <Emitter E, class Value>
constexpr void set_f(E& e, u8 number, Value value) {
    e.set(f_slot(number), e.box(value));
}

/// The rounding that an `rm` field asks for. Before any write: it leaves when the dynamic mode is reserved.
template <Emitter E>
constexpr isa::Rounding rounding(E& e, u8 mode) {
    if (mode != dynamic_mode) return {ieee::Rounding(mode)};
    auto dynamic = e.get(frm_slot);
    e.exit_unless(e.lt_u(dynamic, e.imm32(5)), ExitReason::illegal_instruction);
    return isa::dynamic_rounding;
}

namespace operation {
inline constexpr auto float_add = [](auto& e, auto a, auto b, auto r) { return e.float_add(a, b, r); };
inline constexpr auto float_sub = [](auto& e, auto a, auto b, auto r) { return e.float_sub(a, b, r); };
inline constexpr auto float_mul = [](auto& e, auto a, auto b, auto r) { return e.float_mul(a, b, r); };
inline constexpr auto float_div = [](auto& e, auto a, auto b, auto r) { return e.float_div(a, b, r); };
inline constexpr auto float_min = [](auto& e, auto a, auto b) { return e.float_min(a, b); };
inline constexpr auto float_max = [](auto& e, auto a, auto b) { return e.float_max(a, b); };
inline constexpr auto float_minimum = [](auto& e, auto a, auto b) { return e.float_minimum(a, b); };
inline constexpr auto float_maximum = [](auto& e, auto a, auto b) { return e.float_maximum(a, b); };
inline constexpr auto float_eq = [](auto& e, auto a, auto b) { return e.float_eq(a, b); };
inline constexpr auto float_lt = [](auto& e, auto a, auto b) { return e.float_lt(a, b); };
inline constexpr auto float_le = [](auto& e, auto a, auto b) { return e.float_le(a, b); };
inline constexpr auto float_lt_quiet = [](auto& e, auto a, auto b) { return e.float_lt_quiet(a, b); };
inline constexpr auto float_le_quiet = [](auto& e, auto a, auto b) { return e.float_le_quiet(a, b); };
// Sign injection (20.5): the sign of b, its opposite, the product of both.
inline constexpr auto float_copy_sign = [](auto& e, auto a, auto b) { return e.float_copy_sign(a, b); };
inline constexpr auto float_copy_opposite = [](auto& e, auto a, auto b) {
    return e.float_copy_sign(a, e.float_neg(b));
};
inline constexpr auto float_xor_sign = [](auto& e, auto a, auto b) { return e.float_xor_sign(a, b); };
}  // namespace operation

// ---- loads and stores ----
template <isa::Text Name, isa::Text Bits, class F>
struct FloatLoadOf : Instruction<Name, Bits, FloatLoad> {
    template <Emitter E>
    static constexpr void run(E& e, FloatLoad o, Here) {
        auto value = e.template load_float<isa::FloatValue<E, F>>(address(e, o.rs1, o.imm));
        set_f(e, o.rd, value);
    }
};
template <isa::Text Name, isa::Text Bits, class F>
struct FloatStoreOf : Instruction<Name, Bits, FloatStore> {
    template <Emitter E>
    static constexpr void run(E& e, FloatStore o, Here) {
        auto where = address(e, o.rs1, o.imm);
        auto value = raw_f<F>(e, o.rs2);
        e.store_float(where, value);
    }
};

// ---- arithmetic ----
template <isa::Text Name, isa::Text Bits, class F, auto Operation>
struct FloatArithmetic : Instruction<Name, Bits, RoundedBinary> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedBinary o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = f<F>(e, o.rs1);
        auto b = f<F>(e, o.rs2);
        set_f(e, o.rd, Operation(e, a, b, mode));
    }
};
template <isa::Text Name, isa::Text Bits, class F>
struct FloatSquareRoot : Instruction<Name, Bits, RoundedUnary<f_names, f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedUnary<f_names, f_names> o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = f<F>(e, o.rs1);
        set_f(e, o.rd, e.float_sqrt(a, mode));
    }
};
/// ±(a × b) ± c (20.6), rounded once.
template <isa::Text Name, isa::Text Bits, class F, bool NegateProduct, bool NegateAddend>
struct FloatMultiplyAdd : Instruction<Name, Bits, RoundedTernary> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedTernary o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = f<F>(e, o.rs1);
        auto b = f<F>(e, o.rs2);
        auto c = f<F>(e, o.rs3);
        if constexpr (NegateProduct) a = e.float_neg(a);
        if constexpr (NegateAddend) c = e.float_neg(c);
        set_f(e, o.rd, e.float_fma(a, b, c, mode));
    }
};

// ---- minimum, signs, comparison, class ----
template <isa::Text Name, isa::Text Bits, class F, auto Operation>
struct FloatSelect : Instruction<Name, Bits, FloatBinary<f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatBinary<f_names> o, Here) {
        auto a = f<F>(e, o.rs1);
        auto b = f<F>(e, o.rs2);
        set_f(e, o.rd, Operation(e, a, b));
    }
};
template <isa::Text Name, isa::Text Bits, class F, auto Operation>
struct FloatCompare : Instruction<Name, Bits, FloatBinary<x_names>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatBinary<x_names> o, Here) {
        auto a = f<F>(e, o.rs1);
        auto b = f<F>(e, o.rs2);
        set_x(e, o.rd, e.zext(Operation(e, a, b)));
    }
};
template <isa::Text Name, isa::Text Bits, class F>
struct FloatClass : Instruction<Name, Bits, FloatUnary<x_names, f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatUnary<x_names, f_names> o, Here) {
        auto a = f<F>(e, o.rs1);
        set_x(e, o.rd, e.float_classify(a));
    }
};

// ---- moves and conversions ----
template <isa::Text Name, isa::Text Bits, class F>
struct FloatToBits : Instruction<Name, Bits, FloatUnary<x_names, f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatUnary<x_names, f_names> o, Here) {
        auto bits = e.float_bits(raw_f<F>(e, o.rs1));
        if constexpr (F::width < 64) bits = e.template sext_from<F::width>(bits);
        set_x(e, o.rd, bits);
    }
};
template <isa::Text Name, isa::Text Bits, class F>
struct FloatFromBits : Instruction<Name, Bits, FloatUnary<f_names, x_names>> {
    template <Emitter E>
    static constexpr void run(E& e, FloatUnary<f_names, x_names> o, Here) {
        auto bits = x(e, o.rs1);
        set_f(e, o.rd, e.template float_from_bits<isa::FloatValue<E, F>>(bits));
    }
};
template <isa::Text Name, isa::Text Bits, class To, class From>
struct FloatConvert : Instruction<Name, Bits, RoundedUnary<f_names, f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedUnary<f_names, f_names> o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = f<From>(e, o.rs1);
        set_f(e, o.rd, e.template float_convert<isa::FloatValue<E, To>>(a, mode));
    }
};
template <isa::Text Name, isa::Text Bits, class Integer, class F>
struct FloatToInteger : Instruction<Name, Bits, RoundedUnary<x_names, f_names>> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedUnary<x_names, f_names> o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = f<F>(e, o.rs1);
        set_x(e, o.rd, e.template float_to_int<Integer>(a, mode));
    }
};
template <isa::Text Name, isa::Text Bits, class F, class Integer>
struct FloatFromInteger : Instruction<Name, Bits, RoundedUnary<f_names, x_names>> {
    template <Emitter E>
    static constexpr void run(E& e, RoundedUnary<f_names, x_names> o, Here) {
        auto mode = rounding(e, o.mode);
        auto a = x(e, o.rs1);
        set_f(e, o.rd, e.template float_from_int<isa::FloatValue<E, F>, Integer>(a, mode));
    }
};

}  // namespace lyrebird::riscv64
