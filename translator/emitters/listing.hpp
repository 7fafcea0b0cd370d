// An emitter that writes down what a meaning does: one line a verb, values numbered. An intermediate representation's
// printer without the representation: for --dump=listing and for golden tests that show a changed meaning as a changed
// text.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/text.hpp"
#include "translator/isa/emitter.hpp"
#include "translator/isa/instruction.hpp"
#include "translator/isa/operation_name.hpp"

namespace lyrebird::emitters {

class Listing {
  public:
    struct I1 {
        int id;
    };
    struct I32 {
        int id;
    };
    struct I64 {
        int id;
    };
    struct F16 {
        int id;
    };
    struct F32 {
        int id;
    };
    struct F64 {
        int id;
    };
    struct Nzcv {
        int id;
    };
    struct V128 {
        int id;
    };
    struct Pair {
        I64 low, high;
    };
    template <class T>
    struct Flagged {
        T value;
        Nzcv flags;
    };

    const std::string& text() const { return text_; }

    // ---- constants, slots ----
    I64 imm(u64 value) { return {line(format("imm {}", i64(value)))}; }
    I32 imm32(u32 value) { return {line(format("imm32 {}", i32(value)))}; }
    I64 here(i64 offset) { return {line(format("here {:+}", offset))}; }
    I64 get(isa::Slot<u64> slot) { return {line(format("get @{}", slot.offset))}; }
    I32 get(isa::Slot<u32> slot) { return {line(format("get32 @{}", slot.offset))}; }
    F64 get(isa::Slot<isa::FloatRegister> slot) { return {line(format("get_float @{}", slot.offset))}; }
    Nzcv get(isa::Slot<isa::Flags> slot) { return {line(format("get_flags @{}", slot.offset))}; }
    V128 get(isa::Slot<isa::VectorRegister> slot) { return {line(format("get_vector @{}", slot.offset))}; }
    void set(isa::Slot<isa::Flags> slot, Nzcv value) { statement(format("set_flags @{} %{}", slot.offset, value.id)); }
    void set(isa::Slot<isa::VectorRegister> slot, V128 value) {
        statement(format("set_vector @{} %{}", slot.offset, value.id));
    }
    void set(isa::Slot<u64> slot, I64 value) { statement(format("set @{} %{}", slot.offset, value.id)); }
    void set(isa::Slot<u32> slot, I32 value) { statement(format("set32 @{} %{}", slot.offset, value.id)); }
    void set(isa::Slot<isa::FloatRegister> slot, F64 value) {
        statement(format("set_float @{} %{}", slot.offset, value.id));
    }

    // ---- integer, logic, shifts, bits ----
    template <class T> T add(T a, T b) { return binary("add", a, b); }
    template <class T> T sub(T a, T b) { return binary("sub", a, b); }
    template <class T> T mul(T a, T b) { return binary("mul", a, b); }
    template <class T> T neg(T a) { return unary("neg", a); }
    template <class T> T div_u(T a, T b) { return binary("div_u", a, b); }
    template <class T> T div_s(T a, T b) { return binary("div_s", a, b); }
    template <class T> T rem_u(T a, T b) { return binary("rem_u", a, b); }
    template <class T> T rem_s(T a, T b) { return binary("rem_s", a, b); }
    I64 mul_high_u(I64 a, I64 b) { return binary("mul_high_u", a, b); }
    I64 mul_high_s(I64 a, I64 b) { return binary("mul_high_s", a, b); }
    I64 mul_high_su(I64 a, I64 b) { return binary("mul_high_su", a, b); }
    template <class T> T and_(T a, T b) { return binary("and", a, b); }
    template <class T> T or_(T a, T b) { return binary("or", a, b); }
    template <class T> T xor_(T a, T b) { return binary("xor", a, b); }
    template <class T> T not_(T a) { return unary("not", a); }
    template <class T> T shl(T a, T b) { return binary("shl", a, b); }
    template <class T> T shr(T a, T b) { return binary("shr", a, b); }
    template <class T> T sar(T a, T b) { return binary("sar", a, b); }
    template <class T> T ror(T a, T b) { return binary("ror", a, b); }
    template <class T> T clz(T a) { return unary("clz", a); }
    template <class T> T ctz(T a) { return unary("ctz", a); }
    template <class T> T popcount(T a) { return unary("popcount", a); }
    template <class T> T reverse_bytes(T a) { return unary("reverse_bytes", a); }
    template <class T> T reverse_bits(T a) { return unary("reverse_bits", a); }
    I64 carryless_mul(I64 a, I64 b) { return binary("carryless_mul", a, b); }
    I64 carryless_mul_high(I64 a, I64 b) { return binary("carryless_mul_high", a, b); }

    // ---- width, decisions ----
    I64 sext(I32 a) { return {line(format("sext %{}", a.id))}; }
    I64 zext(I32 a) { return {line(format("zext %{}", a.id))}; }
    I64 zext(I1 a) { return {line(format("zext1 %{}", a.id))}; }
    I32 trunc(I64 a) { return {line(format("trunc %{}", a.id))}; }
    template <int Bits> I64 sext_from(I64 a) { return {line(format("sext_from {} %{}", Bits, a.id))}; }
    template <int Bits> I64 zext_from(I64 a) { return {line(format("zext_from {} %{}", Bits, a.id))}; }
    template <class T> I1 eq(T a, T b) { return compare("eq", a, b); }
    template <class T> I1 ne(T a, T b) { return compare("ne", a, b); }
    template <class T> I1 lt_u(T a, T b) { return compare("lt_u", a, b); }
    template <class T> I1 lt_s(T a, T b) { return compare("lt_s", a, b); }
    template <class T> I1 ge_u(T a, T b) { return compare("ge_u", a, b); }
    template <class T> I1 ge_s(T a, T b) { return compare("ge_s", a, b); }
    template <class T> T select(I1 c, T a, T b) {
        return {line(format("select{} %{} %{} %{}", suffix<T>(), c.id, a.id, b.id))};
    }

    // ---- condition flags ----
    template <class T> Flagged<T> add_flagged(T a, T b) { return flagged("add_flagged", a, b); }
    template <class T> Flagged<T> sub_flagged(T a, T b) { return flagged("sub_flagged", a, b); }
    template <class T> Flagged<T> and_flagged(T a, T b) { return flagged("and_flagged", a, b); }
    template <class T> Flagged<T> add_carry_flagged(T a, T b, Nzcv flags) {
        return flagged("add_carry_flagged", a, b, format(" %{}", flags.id));
    }
    template <class T> Flagged<T> sub_carry_flagged(T a, T b, Nzcv flags) {
        return flagged("sub_carry_flagged", a, b, format(" %{}", flags.id));
    }
    I1 condition(isa::Condition condition, Nzcv flags) {
        constexpr std::string_view names[]{"eq", "ne", "cs", "cc", "mi", "pl", "vs",     "vc",
                                           "hi", "ls", "ge", "lt", "gt", "le", "always", "always"};
        return {line(format("condition {} %{}", names[std::size_t(condition)], flags.id))};
    }
    template <class T> Nzcv add_flagged_if(I1 c, T a, T b, u32 otherwise) {
        return {line(format("add_flagged_if{} %{} %{} %{} {:#x}", suffix<T>(), c.id, a.id, b.id, otherwise))};
    }
    template <class T> Nzcv sub_flagged_if(I1 c, T a, T b, u32 otherwise) {
        return {line(format("sub_flagged_if{} %{} %{} %{} {:#x}", suffix<T>(), c.id, a.id, b.id, otherwise))};
    }
    Nzcv flags_imm(u32 nzcv) { return {line(format("flags_imm {:#x}", nzcv))}; }
    Nzcv flags_from_bits(I64 bits) { return {line(format("flags_from_bits %{}", bits.id))}; }
    I64 flags_to_bits(Nzcv flags) { return {line(format("flags_to_bits %{}", flags.id))}; }

    // ---- vectors ----
    V128 vector_imm(u64 low, u64 high) { return {line(format("vector_imm {:#x} {:#x}", low, high))}; }
    V128 vector_from(I64 low, I64 high) { return {line(format("vector_from %{} %{}", low.id, high.id))}; }
    template <class T> V128 splat(I64 a) { return {line(format("splat {} %{}", type<T>(), a.id))}; }
    V128 low_half(V128 a) { return {line(format("low_half %{}", a.id))}; }
    template <class T> I64 lane(V128 a, int index) { return {line(format("lane {} %{} {}", type<T>(), a.id, index))}; }
    template <class T> V128 with_lane(V128 a, int index, I64 b) {
        return {line(format("with_lane {} %{} {} %{}", type<T>(), a.id, index, b.id))};
    }
    template <class F> F scalar(V128 a) { return {line(format("scalar{} %{}", suffix<F>(), a.id))}; }
    template <class F> V128 vector_of(F a) { return {line(format("vector_of{} %{}", suffix<F>(), a.id))}; }
    template <class Op, class... V> V128 vector(V... v) { return operation<Op>("vector", "", v...); }
    template <class Op, class... V> V128 vector_with(u64 constant, V... v) {
        return operation<Op>("vector_with", format(" {:#x}", constant), v...);
    }
    template <class Op, class... V> V128 vector_saturating(V... v) { return operation<Op>("vector_saturating", "", v...); }
    template <class Op, class... V> V128 vector_saturating_with(u64 constant, V... v) {
        return operation<Op>("vector_saturating_with", format(" {:#x}", constant), v...);
    }
    template <class Op, class... V> V128 vector_float(V... v) { return operation<Op>("vector_float", "", v...); }
    template <class Op, class... V> V128 vector_float_with(u64 constant, V... v) {
        return operation<Op>("vector_float_with", format(" {:#x}", constant), v...);
    }

    // ---- memory ----
    Pair load_pair(I64 address) {
        int id = line(format("load_pair %{}", address.id));
        return {{id}, {line(format("high %{}", id))}};
    }
    void store_pair(I64 address, I64 low, I64 high) {
        statement(format("store_pair %{} %{} %{}", address.id, low.id, high.id));
    }
    template <int Bytes> V128 load_vector(I64 address) { return {line(format("load_vector {} %{}", Bytes, address.id))}; }
    template <int Bytes> void store_vector(I64 address, V128 value) {
        statement(format("store_vector {} %{} %{}", Bytes, address.id, value.id));
    }
    Pair load_exclusive_pair(I64 address, isa::Order order) {
        int id = line(format("load_exclusive_pair %{}{}", address.id, suffix(order)));
        return {{id}, {line(format("high %{}", id))}};
    }
    I1 store_exclusive_pair(I64 address, I64 low, I64 high, isa::Order order) {
        return {line(format("store_exclusive_pair %{} %{} %{}{}", address.id, low.id, high.id, suffix(order)))};
    }
    template <class T> void require_within_granule(I64 address) {
        statement(format("require_within_granule {} %{}", sizeof(T), address.id));
    }
    template <class T> I64 load(I64 address) { return {line(format("load {} %{}", type<T>(), address.id))}; }
    template <class T> void store(I64 address, I64 value) {
        statement(format("store {} %{} %{}", type<T>(), address.id, value.id));
    }
    template <class T> void require_aligned(I64 address) {
        statement(format("require_aligned {} %{}", sizeof(T), address.id));
    }
    template <isa::AtomicOp Op, class T> I64 rmw(I64 address, I64 value, isa::Order order) {
        return {line(format("rmw {} {} %{} %{}{}", atomic(Op), type<T>(), address.id, value.id, suffix(order)))};
    }
    template <class T> I64 compare_exchange(I64 address, I64 expected, I64 desired, isa::Order order) {
        return {line(format("compare_exchange {} %{} %{} %{}{}", type<T>(), address.id, expected.id, desired.id,
                            suffix(order)))};
    }
    Pair compare_exchange_pair(I64 address, I64 el, I64 eh, I64 low, I64 high, isa::Order order) {
        int id = line(format("compare_exchange_pair %{} %{} %{} %{} %{}{}", address.id, el.id, eh.id, low.id, high.id,
                             suffix(order)));
        return {{id}, {line(format("high %{}", id))}};
    }
    template <class T> I64 load_exclusive(I64 address, isa::Order order) {
        return {line(format("load_exclusive {} %{}{}", type<T>(), address.id, suffix(order)))};
    }
    template <class T> I1 store_exclusive(I64 address, I64 value, isa::Order order) {
        return {line(format("store_exclusive {} %{} %{}{}", type<T>(), address.id, value.id, suffix(order)))};
    }
    void fence(isa::Order order) { statement(format("fence{}", suffix(order))); }
    void prefetch(I64 address) { statement(format("prefetch %{}", address.id)); }
    template <int Bytes> void zero_block(I64 address) { statement(format("zero_block {} %{}", Bytes, address.id)); }
    void pause() { statement("pause"); }

    // ---- float ----
    template <class F> F load_float(I64 address) { return {line(format("load_float{} %{}", suffix<F>(), address.id))}; }
    template <class F> void store_float(I64 address, F value) {
        statement(format("store_float{} %{} %{}", suffix<F>(), address.id, value.id));
    }
    template <class F> F float_add(F a, F b, isa::Rounding rounding) {
        return binary("float_add", a, b, suffix(rounding));
    }
    template <class F> F float_sub(F a, F b, isa::Rounding rounding) {
        return binary("float_sub", a, b, suffix(rounding));
    }
    template <class F> F float_mul(F a, F b, isa::Rounding rounding) {
        return binary("float_mul", a, b, suffix(rounding));
    }
    template <class F> F float_div(F a, F b, isa::Rounding rounding) {
        return binary("float_div", a, b, suffix(rounding));
    }
    template <class F> F float_sqrt(F a, isa::Rounding rounding) { return unary("float_sqrt", a, suffix(rounding)); }
    template <class F> F float_fma(F a, F b, F c, isa::Rounding rounding) {
        return {line(format("float_fma{} %{} %{} %{}{}", suffix<F>(), a.id, b.id, c.id, suffix(rounding)))};
    }
    template <class F> F float_min(F a, F b) { return binary("float_min", a, b); }
    template <class F> F float_max(F a, F b) { return binary("float_max", a, b); }
    template <class F> F float_minimum(F a, F b) { return binary("float_minimum", a, b); }
    template <class F> F float_maximum(F a, F b) { return binary("float_maximum", a, b); }
    template <class F> I1 float_eq(F a, F b) { return compare("float_eq", a, b); }
    template <class F> I1 float_lt(F a, F b) { return compare("float_lt", a, b); }
    template <class F> I1 float_le(F a, F b) { return compare("float_le", a, b); }
    template <class F> I1 float_lt_quiet(F a, F b) { return compare("float_lt_quiet", a, b); }
    template <class F> I1 float_le_quiet(F a, F b) { return compare("float_le_quiet", a, b); }
    template <class F> Nzcv float_compare(F a, F b, bool signalling) {
        return {line(format("float_compare{}{} %{} %{}", signalling ? "_signalling" : "", suffix<F>(), a.id, b.id))};
    }
    template <class To, class F> To float_convert(F a, isa::Rounding rounding) {
        return {line(format("float_convert{}_to{} %{}{}", suffix<F>(), suffix<To>(), a.id, suffix(rounding)))};
    }
    template <class T, class F> I64 float_to_int(F a, isa::Rounding rounding) {
        return {line(format("float_to_int{} {} %{}{}", suffix<F>(), type<T>(), a.id, suffix(rounding)))};
    }
    I64 float_to_int_modular(F64 a) { return {line(format("float_to_int_modular %{}", a.id))}; }
    template <class F, class T> F float_from_int(I64 a, isa::Rounding rounding) {
        return {line(format("float_from_int{} {} %{}{}", suffix<F>(), type<T>(), a.id, suffix(rounding)))};
    }
    template <class F> F float_round(F a, isa::Rounding rounding, bool inexact) {
        return unary(inexact ? "float_round_inexact" : "float_round", a, suffix(rounding));
    }
    template <class F> I64 float_classify(F a) { return {line(format("float_classify{} %{}", suffix<F>(), a.id))}; }
    template <class F> F float_neg(F a) { return unary("float_neg", a); }
    template <class F> F float_abs(F a) { return unary("float_abs", a); }
    template <class F> F float_copy_sign(F magnitude, F sign) { return binary("float_copy_sign", magnitude, sign); }
    template <class F> F float_xor_sign(F a, F b) { return binary("float_xor_sign", a, b); }
    template <class F> I64 float_bits(F a) { return {line(format("float_bits{} %{}", suffix<F>(), a.id))}; }
    template <class F> F float_from_bits(I64 a) { return {line(format("float_from_bits{} %{}", suffix<F>(), a.id))}; }
    template <class F> F64 box(F a) { return {line(format("box{} %{}", suffix<F>(), a.id))}; }
    template <class F> F unbox(F64 a) { return {line(format("unbox{} %{}", suffix<F>(), a.id))}; }
    template <class F> F low(F64 a) { return {line(format("low{} %{}", suffix<F>(), a.id))}; }

    // ---- control ----
    void jump(u64 target, isa::Hint hint) { statement(format("jump {:#x}{}", target, suffix(hint))); }
    void indirect(I64 target, isa::Hint hint) { statement(format("indirect %{}{}", target.id, suffix(hint))); }
    void branch(I1 condition, u64 target) { statement(format("branch %{} {:#x}", condition.id, target)); }
    void exit(isa::ExitReason reason) { statement(format("exit {}", name(reason))); }
    void exit_unless(I1 condition, isa::ExitReason reason) {
        statement(format("exit_unless %{} {}", condition.id, name(reason)));
    }
    void vm_call(u32 number) { statement(format("vm_call {}", number)); }

    // ---- the processor ----
    bool has(u64) { return true; }

    // ---- escape ----
    template <auto Function, class... Values> I64 helper(Values... values) {
        std::string arguments;
        (append(arguments, " %{}", values.id), ...);
        return {line("helper" + arguments)};
    }
    template <auto Function, class... Values> I64 helper_with_state(Values... values) {
        std::string arguments;
        (append(arguments, " %{}", values.id), ...);
        return {line("helper_with_state" + arguments)};
    }
    template <auto Function, class... Values> void work_in_memory(Values... values) {
        std::string arguments;
        (append(arguments, " %{}", values.id), ...);
        statement("work_in_memory" + arguments);
    }

  private:
    template <class T> static std::string_view suffix() {
        if constexpr (std::is_same_v<T, I32> || std::is_same_v<T, F32>)
            return "32";
        else if constexpr (std::is_same_v<T, F16>)
            return "16";
        else if constexpr (std::is_same_v<T, F64>)
            return "64";
        else if constexpr (std::is_same_v<T, I1>)
            return "1";
        else if constexpr (std::is_same_v<T, Nzcv>)
            return "_flags";
        else
            return "";
    }
    static std::string_view suffix(isa::Rounding rounding) {
        constexpr std::string_view names[]{" rne", " rtz", " rdn", " rup", " rmm", "", "", "", " odd"};
        return rounding.dynamic ? " dyn" : names[std::size_t(rounding.direction)];
    }
    static std::string_view suffix(isa::Order order) {
        constexpr std::string_view names[]{"", " acquire", " release", " acquire_release", " sequential"};
        return names[std::size_t(order)];
    }
    static std::string_view suffix(isa::Hint hint) {
        constexpr std::string_view names[]{"", " call", " return", " call_and_return"};
        return names[std::size_t(hint)];
    }
    static std::string_view atomic(isa::AtomicOp op) {
        constexpr std::string_view names[]{"swap", "add", "and", "or", "xor", "min_s", "max_s", "min_u", "max_u"};
        return names[std::size_t(op)];
    }
    static std::string_view name(isa::ExitReason reason) {
        constexpr std::string_view names[]{"none",       "attention",           "system_call", "vm_call",
                                           "breakpoint", "illegal_instruction", "misaligned",  "fetch_fault",
                                           "data_fault", "instruction_fence",   "foreign_step"};
        return names[std::size_t(reason)];
    }
    template <class T> static std::string type() {
        return format("{}{}", std::is_signed_v<T> ? 'i' : 'u', 8 * sizeof(T));
    }
    template <class T> T unary(std::string_view verb, T a, std::string_view detail = {}) {
        return {line(format("{}{} %{}{}", verb, suffix<T>(), a.id, detail))};
    }
    template <class T> T binary(std::string_view verb, T a, T b, std::string_view detail = {}) {
        return {line(format("{}{} %{} %{}{}", verb, suffix<T>(), a.id, b.id, detail))};
    }
    template <class T> Flagged<T> flagged(std::string_view verb, T a, T b, std::string_view detail = {}) {
        const T value = binary(verb, a, b, detail);
        return {value, {line(format("flags %{}", value.id))}};
    }
    template <class Op, class... V> V128 operation(std::string_view verb, std::string_view constant, V... v) {
        std::string text = format("{} {}{}", verb, isa::operation_name<Op>(), constant);
        (append(text, " %{}", v.id), ...);
        return {line(text)};
    }
    template <class T> I1 compare(std::string_view verb, T a, T b) {
        return {line(format("{}{} %{} %{}", verb, suffix<T>(), a.id, b.id))};
    }
    int line(std::string_view text) {
        append(text_, "%{} = {}\n", count_, text);
        return count_++;
    }
    void statement(std::string_view text) { append(text_, "{}\n", text); }

    std::string text_;
    int count_ = 0;
};

/// The listing of `Ins` with the operands that `word` holds, at `pc`.
template <class Ins> std::string list_instruction(u32 word, u64 pc) {
    Listing listing;
    isa::Here here{pc, Ins::length};
    Ins::run(listing, Ins::Format::decode(word), here);
    return listing.text();
}

}  // namespace lyrebird::emitters
