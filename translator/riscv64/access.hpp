// Register access as the meanings use it: x0 reads as zero and ignores writes (RISC-V unprivileged 2.1).
#pragma once

#include "translator/isa/emitter.hpp"
#include "translator/isa/instruction.hpp"
#include "translator/isa/operations.hpp"
#include "translator/riscv64/state.hpp"

namespace lyrebird::riscv64 {

using isa::AtomicOp;
using isa::Compressed;
using isa::Emitter;
using isa::ExitReason;
using isa::Here;
using isa::Hint;
using isa::Instruction;
using isa::InstructionList;
using isa::Order;
namespace operation {
using namespace isa::operation;
}

template <Emitter E>
constexpr typename E::I64 x(E& e, u8 number) {
    return number == 0 ? e.imm(0) : e.get(x_slot(number));
}
template <Emitter E>
constexpr void set_x(E& e, u8 number, typename E::I64 value) {
    if (number != 0) e.set(x_slot(number), value);
}
/// The low half of a register.
template <Emitter E>
constexpr typename E::I32 w(E& e, u8 number) {
    return number == 0 ? e.imm32(0) : e.trunc(e.get(x_slot(number)));
}
/// Writes a 32-bit result, sign-extended (RISC-V unprivileged 4.2).
template <Emitter E>
constexpr void set_w(E& e, u8 number, typename E::I32 value) {
    set_x(e, number, e.sext(value));
}
/// The address `offset` bytes from register `base`.
template <Emitter E>
constexpr typename E::I64 address(E& e, u8 base, i32 offset) {
    auto start = x(e, base);
    return offset == 0 ? start : e.add(start, e.imm(u64(i64(offset))));
}

}  // namespace lyrebird::riscv64
