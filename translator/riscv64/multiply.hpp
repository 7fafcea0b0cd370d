// M: multiplication and division (RISC-V unprivileged 13). Division never traps: by zero the quotient is all ones and the
// remainder the dividend; on overflow the quotient is the dividend and the remainder zero, as the verbs define it already.
#pragma once

#include "translator/riscv64/base.hpp"

namespace lyrebird::riscv64 {

namespace operation {
inline constexpr auto mul_high_s = [](auto& e, auto a, auto b) { return e.mul_high_s(a, b); };
inline constexpr auto mul_high_u = [](auto& e, auto a, auto b) { return e.mul_high_u(a, b); };
inline constexpr auto mul_high_su = [](auto& e, auto a, auto b) { return e.mul_high_su(a, b); };

/// `quotient` unless the divisor is zero: then all ones.
constexpr auto or_all_ones(auto& e, auto divisor, auto quotient) {
    auto zero = e.xor_(divisor, divisor);
    auto ones = e.not_(zero);
    return e.select(e.eq(divisor, zero), ones, quotient);
}
inline constexpr auto divide_s = [](auto& e, auto a, auto b) { return or_all_ones(e, b, e.div_s(a, b)); };
inline constexpr auto divide_u = [](auto& e, auto a, auto b) { return or_all_ones(e, b, e.div_u(a, b)); };
inline constexpr auto remainder_s = [](auto& e, auto a, auto b) { return e.rem_s(a, b); };
inline constexpr auto remainder_u = [](auto& e, auto a, auto b) { return e.rem_u(a, b); };
}  // namespace operation

struct mul : Combine<"mul", "0000001 ..... ..... 000 ..... 0110011", operation::mul> {};
struct mulh : Combine<"mulh", "0000001 ..... ..... 001 ..... 0110011", operation::mul_high_s> {};
struct mulhsu : Combine<"mulhsu", "0000001 ..... ..... 010 ..... 0110011", operation::mul_high_su> {};
struct mulhu : Combine<"mulhu", "0000001 ..... ..... 011 ..... 0110011", operation::mul_high_u> {};
struct div : Combine<"div", "0000001 ..... ..... 100 ..... 0110011", operation::divide_s> {};
struct divu : Combine<"divu", "0000001 ..... ..... 101 ..... 0110011", operation::divide_u> {};
struct rem : Combine<"rem", "0000001 ..... ..... 110 ..... 0110011", operation::remainder_s> {};
struct remu : Combine<"remu", "0000001 ..... ..... 111 ..... 0110011", operation::remainder_u> {};
struct mulw : CombineW<"mulw", "0000001 ..... ..... 000 ..... 0111011", operation::mul> {};
struct divw : CombineW<"divw", "0000001 ..... ..... 100 ..... 0111011", operation::divide_s> {};
struct divuw : CombineW<"divuw", "0000001 ..... ..... 101 ..... 0111011", operation::divide_u> {};
struct remw : CombineW<"remw", "0000001 ..... ..... 110 ..... 0111011", operation::remainder_s> {};
struct remuw : CombineW<"remuw", "0000001 ..... ..... 111 ..... 0111011", operation::remainder_u> {};

using Multiply = InstructionList<mul, mulh, mulhsu, mulhu, div, divu, rem, remu, mulw, divw, divuw, remw, remuw>;

}  // namespace lyrebird::riscv64
