// The vector verbs of tier 0: each operation's own `apply`.
//
// The guest lends what is its own: `Guest::float_context(State&)` (the mode, and where flags are raised) and
// `Guest::note_saturation(State&)`. What must stay true: an instruction that has already left changes neither.
#pragma once

#include <cstring>
#include <type_traits>

#include "translator/interpreter/memory_operations.hpp"
#include "translator/interpreter/values.hpp"

namespace lyrebird::interpreter {

/// A base of the emitter `Self`, which lends it State and control.
template <class Self, class Guest, bool Probe>
class VectorVerbs {
    using Register = isa::VectorRegister;

  public:
    V128 vector_imm(u64 low, u64 high) { return {{low, high}}; }
    V128 vector_from(I64 low, I64 high) { return {{low.v, high.v}}; }
    template <class T> V128 splat(I64 a) {
        constexpr u64 ones = ~u64{0} / u64{std::make_unsigned_t<T>(~std::make_unsigned_t<T>{0})};
        const u64 half = u64{std::make_unsigned_t<T>(a.v)} * ones;
        return {{half, half}};
    }
    V128 low_half(V128 a) { return {{a.v.low, 0}}; }
    template <class T> I64 lane(V128 a, int index) {
        T value;
        std::memcpy(&value, reinterpret_cast<const char*>(&a.v) + std::size_t(index) * sizeof(T), sizeof(T));
        return {u64(i64(value))};
    }
    template <class T> V128 with_lane(V128 a, int index, I64 b) {
        const T value = T(b.v);
        std::memcpy(reinterpret_cast<char*>(&a.v) + std::size_t(index) * sizeof(T), &value, sizeof(T));
        return a;
    }
    template <class F> F scalar(V128 a) { return {decltype(F::bits)(a.v.low)}; }
    template <class F> V128 vector_of(F a) { return {{a.bits, 0}}; }

    template <class Op, class... V> V128 vector(V... operands) { return {Op::apply(operands.v...)}; }
    template <class Op, class... V> V128 vector_with(u64 constant, V... operands) {
        return {Op::apply(constant, operands.v...)};
    }
    template <class Op, class... V> V128 vector_saturating(V... operands) {
        bool saturated = false;
        const Register result = Op::apply(saturated, operands.v...);
        return noting(saturated, result);
    }
    template <class Op, class... V> V128 vector_saturating_with(u64 constant, V... operands) {
        bool saturated = false;
        const Register result = Op::apply(saturated, constant, operands.v...);
        return noting(saturated, result);
    }
    template <class Op, class... V> V128 vector_float(V... operands) {
        if (Probe || self().left_) return {};
        auto context = Guest::float_context(self().state_);
        return {Op::apply(context, operands.v...)};
    }
    template <class Op, class... V> V128 vector_float_with(u64 constant, V... operands) {
        if (Probe || self().left_) return {};
        auto context = Guest::float_context(self().state_);
        return {Op::apply(context, constant, operands.v...)};
    }

    // ---- memory ----
    template <int Bytes> V128 load_vector(I64 address) {
        if (!self().touch(address)) return {};
        const u64 where = Guest::untagged(address.v);
        if constexpr (Bytes == 16) return {access::load_wide(where)};
        if constexpr (Bytes == 8) return {{access::load<u64>(where), 0}};
        if constexpr (Bytes == 4) return {{access::load<u32>(where), 0}};
        if constexpr (Bytes == 2) return {{access::load<u16>(where), 0}};
        if constexpr (Bytes == 1) return {{access::load<u8>(where), 0}};
    }
    template <int Bytes> void store_vector(I64 address, V128 a) {
        if (!self().touch(address)) return;
        const u64 where = Guest::untagged(address.v);
        if constexpr (Bytes == 16) access::store_wide(where, a.v);
        if constexpr (Bytes == 8) access::store<u64>(where, a.v.low);
        if constexpr (Bytes == 4) access::store<u32>(where, u32(a.v.low));
        if constexpr (Bytes == 2) access::store<u16>(where, u16(a.v.low));
        if constexpr (Bytes == 1) access::store<u8>(where, u8(a.v.low));
    }

  private:
    Self& self() { return static_cast<Self&>(*this); }
    V128 noting(bool saturated, Register result) {
        if (saturated && !Probe && !self().left_) Guest::note_saturation(self().state_);
        return {result};
    }
};

}  // namespace lyrebird::interpreter
