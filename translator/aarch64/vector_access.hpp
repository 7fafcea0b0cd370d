// Access to the vector registers: whole, halved, or as scalars, which clear what lies above them (Arm ARM A1.4.1, B1.2.2).
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/formats.hpp"

namespace lyrebird::aarch64 {

template <Emitter E>
constexpr typename E::V128 v(E& e, u8 number) {
    return e.get(v_slot(number));
}
template <Emitter E>
constexpr void set_v(E& e, u8 number, typename E::V128 value) {
    e.set(v_slot(number), value);
}
/// The whole register when `full`, else its lower half with zeros above.
template <Emitter E>
constexpr void set_v(E& e, u8 number, bool full, typename E::V128 value) {
    e.set(v_slot(number), full ? value : e.low_half(value));
}
/// The lowest lane as a floating-point value: F is E::F16, E::F32 or E::F64.
template <class F, Emitter E>
constexpr F scalar(E& e, u8 number) {
    return e.template scalar<F>(e.get(v_slot(number)));
}
template <Emitter E>
constexpr void set_scalar(E& e, u8 number, auto value) {
    e.set(v_slot(number), e.vector_of(value));
}

}  // namespace lyrebird::aarch64
