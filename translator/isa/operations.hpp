// Two-operand verbs as values, so that instructions that differ in one verb only can share one template.
// They are variables and not lambdas written in place because a type that depends on the latter has no linkage.
#pragma once

namespace lyrebird::isa::operation {

inline constexpr auto add = [](auto& e, auto a, auto b) { return e.add(a, b); };
inline constexpr auto sub = [](auto& e, auto a, auto b) { return e.sub(a, b); };
inline constexpr auto mul = [](auto& e, auto a, auto b) { return e.mul(a, b); };
inline constexpr auto and_ = [](auto& e, auto a, auto b) { return e.and_(a, b); };
inline constexpr auto or_ = [](auto& e, auto a, auto b) { return e.or_(a, b); };
inline constexpr auto xor_ = [](auto& e, auto a, auto b) { return e.xor_(a, b); };
inline constexpr auto shl = [](auto& e, auto a, auto b) { return e.shl(a, b); };
inline constexpr auto shr = [](auto& e, auto a, auto b) { return e.shr(a, b); };
inline constexpr auto sar = [](auto& e, auto a, auto b) { return e.sar(a, b); };
inline constexpr auto ror = [](auto& e, auto a, auto b) { return e.ror(a, b); };
inline constexpr auto eq = [](auto& e, auto a, auto b) { return e.eq(a, b); };
inline constexpr auto ne = [](auto& e, auto a, auto b) { return e.ne(a, b); };
inline constexpr auto lt_s = [](auto& e, auto a, auto b) { return e.lt_s(a, b); };
inline constexpr auto lt_u = [](auto& e, auto a, auto b) { return e.lt_u(a, b); };
inline constexpr auto ge_s = [](auto& e, auto a, auto b) { return e.ge_s(a, b); };
inline constexpr auto ge_u = [](auto& e, auto a, auto b) { return e.ge_u(a, b); };
inline constexpr auto and_not = [](auto& e, auto a, auto b) { return e.and_(a, e.not_(b)); };
inline constexpr auto or_not = [](auto& e, auto a, auto b) { return e.or_(a, e.not_(b)); };
inline constexpr auto xor_not = [](auto& e, auto a, auto b) { return e.xor_(a, e.not_(b)); };
inline constexpr auto div_u = [](auto& e, auto a, auto b) { return e.div_u(a, b); };
inline constexpr auto div_s = [](auto& e, auto a, auto b) { return e.div_s(a, b); };
inline constexpr auto min_s = [](auto& e, auto a, auto b) { return e.select(e.lt_s(a, b), a, b); };
inline constexpr auto max_s = [](auto& e, auto a, auto b) { return e.select(e.lt_s(a, b), b, a); };
inline constexpr auto min_u = [](auto& e, auto a, auto b) { return e.select(e.lt_u(a, b), a, b); };
inline constexpr auto max_u = [](auto& e, auto a, auto b) { return e.select(e.lt_u(a, b), b, a); };
inline constexpr auto set_less_s = [](auto& e, auto a, auto b) { return e.zext(e.lt_s(a, b)); };
inline constexpr auto set_less_u = [](auto& e, auto a, auto b) { return e.zext(e.lt_u(a, b)); };

}  // namespace lyrebird::isa::operation
