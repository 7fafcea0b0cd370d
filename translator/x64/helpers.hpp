// C++ functions that translated code calls, in the one form that the stub knows: four words, the first of which may be the address
// of the guest's State.
#pragma once

#include "runtime/base/ints.hpp"

namespace lyrebird::x64 {

using Function = u64 (*)(u64, u64, u64, u64);

template <auto F, std::size_t Count>
u64 call_plain(u64 a, u64 b, u64 c, u64 d) {
    if constexpr (Count == 0) return F();
    if constexpr (Count == 1) return F(a);
    if constexpr (Count == 2) return F(a, b);
    if constexpr (Count == 3) return F(a, b, c);
    if constexpr (Count == 4) return F(a, b, c, d);
}

template <class>
struct FirstArgument;
template <class State, class... Words>
struct FirstArgument<u64 (*)(State&, Words...)> {
    using Type = State;
};
template <auto F, std::size_t Count>
u64 call_with_state(u64 first, u64 a, u64 b, u64 c) {
    auto& state = *reinterpret_cast<typename FirstArgument<decltype(+F)>::Type*>(first);  // NOLINT(performance-no-int-to-ptr)
    if constexpr (Count == 0) return F(state);
    if constexpr (Count == 1) return F(state, a);
    if constexpr (Count == 2) return F(state, a, b);
    if constexpr (Count == 3) return F(state, a, b, c);
}

}  // namespace lyrebird::x64
