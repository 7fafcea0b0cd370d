// Register access as the meanings use it. Number 31 is the zero register or the stack pointer, as the instruction says (Arm ARM
// B1.2.1); a 32-bit result clears the upper half.
#pragma once

#include "translator/aarch64/state.hpp"
#include "translator/isa/emitter.hpp"
#include "translator/isa/instruction.hpp"
#include "translator/isa/operations.hpp"

namespace lyrebird::aarch64 {

using isa::AtomicOp;
using isa::Condition;
using isa::ExitReason;
using isa::Here;
using isa::Hint;
using isa::Instruction;
using isa::InstructionList;
using isa::Order;
namespace operation = isa::operation;

template <class E>
concept Emitter = isa::VectorEmitter<E>;

/// The value type of width T: u32 is I32, u64 is I64.
template <class E, class T>
using Int = std::conditional_t<sizeof(T) == 8, typename E::I64, typename E::I32>;

template <class T, Emitter E>
constexpr Int<E, T> constant(E& e, u64 value) {
    if constexpr (sizeof(T) == 8)
        return e.imm(value);
    else
        return e.imm32(u32(value));
}
/// Register `number`, where 31 is the stack pointer.
template <class T, Emitter E>
constexpr Int<E, T> reg_sp(E& e, u8 number) {
    if constexpr (sizeof(T) == 8)
        return e.get(x_slot(number));
    else
        return e.trunc(e.get(x_slot(number)));
}
/// Register `number`, where 31 is zero.
template <class T, Emitter E>
constexpr Int<E, T> reg(E& e, u8 number) {
    return number == 31 ? constant<T>(e, 0) : reg_sp<T>(e, number);
}
template <class T, Emitter E>
constexpr void set_reg_sp(E& e, u8 number, Int<E, T> value) {
    if constexpr (sizeof(T) == 8)
        e.set(x_slot(number), value);
    else
        e.set(x_slot(number), e.zext(value));
}
template <class T, Emitter E>
constexpr void set_reg(E& e, u8 number, Int<E, T> value) {
    if (number != 31) set_reg_sp<T>(e, number, value);
}
template <Emitter E>
constexpr typename E::I64 x(E& e, u8 number) {
    return reg<u64>(e, number);
}
template <Emitter E>
constexpr void set_x(E& e, u8 number, typename E::I64 value) {
    set_reg<u64>(e, number, value);
}

/// One pattern and name for two widths: bit 31 is the width.
template <class T, isa::Text Bits>
inline constexpr auto sized = [] {
    auto text = Bits;
    text.characters[0] = sizeof(T) == 8 ? '1' : '0';
    return text;
}();
/// Name with the suffix "_w" or "_x" after what already sets encodings apart.
template <class T, isa::Text Name>
inline constexpr auto widened = [] {
    constexpr std::size_t size = Name.view().size();
    char text[size + 3]{};
    for (std::size_t i = 0; i < size; ++i) text[i] = Name.view()[i];
    text[size] = '_', text[size + 1] = sizeof(T) == 8 ? 'x' : 'w';
    return isa::Text<size + 3>(text);
}();
/// An instruction of two widths.
template <class T, isa::Text Name, isa::Text Bits, class Format>
using Sized = Instruction<widened<T, Name>, sized<T, Bits>, Format>;

/// The list of both widths of each.
template <template <class> class... Instructions>
using BothWidths = isa::Join<InstructionList<Instructions<u32>, Instructions<u64>>...>;

}  // namespace lyrebird::aarch64
