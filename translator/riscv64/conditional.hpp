// Zicond: a value or zero, without a branch (RISC-V unprivileged 12).
#pragma once

#include "translator/riscv64/base.hpp"

namespace lyrebird::riscv64 {

namespace operation {
inline constexpr auto zero_if_zero = [](auto& e, auto a, auto b) {
    auto zero = e.imm(0);
    return e.select(e.eq(b, zero), zero, a);
};
inline constexpr auto zero_if_nonzero = [](auto& e, auto a, auto b) {
    auto zero = e.imm(0);
    return e.select(e.eq(b, zero), a, zero);
};
}  // namespace operation

struct czero_eqz : Combine<"czero.eqz", "0000111 ..... ..... 101 ..... 0110011", operation::zero_if_zero> {};
struct czero_nez : Combine<"czero.nez", "0000111 ..... ..... 111 ..... 0110011", operation::zero_if_nonzero> {};

using Conditional = InstructionList<czero_eqz, czero_nez>;

}  // namespace lyrebird::riscv64
