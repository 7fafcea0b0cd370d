// An emitter that writes down what a meaning does: one line a verb, values numbered. An intermediate representation's printer
// without the representation: for --dump=listing and for golden tests that show a changed meaning as a changed text.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/text.hpp"
#include "translator/isa/emitter.hpp"
#include "translator/isa/instruction.hpp"

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
    struct Pair {
        I64 low, high;
    };

    const std::string& text() const { return text_; }

    // ---- constants, slots ----
    I64 imm(u64 value) { return {line(format("imm {}", i64(value)))}; }
    I32 imm32(u32 value) { return {line(format("imm32 {}", i32(value)))}; }
    I64 here(i64 offset) { return {line(format("here {:+}", offset))}; }
    I64 get(isa::Slot<u64> slot) { return {line(format("get @{}", slot.offset))}; }
    I32 get(isa::Slot<u32> slot) { return {line(format("get32 @{}", slot.offset))}; }
    F64 get(isa::Slot<isa::FloatRegister> slot) { return {line(format("get_float @{}", slot.offset))}; }
    void set(isa::Slot<u64> slot, I64 value) { statement(format("set @{} %{}", slot.offset, value.id)); }
    void set(isa::Slot<u32> slot, I32 value) { statement(format("set32 @{} %{}", slot.offset, value.id)); }
    void set(isa::Slot<isa::FloatRegister> slot, F64 value) { statement(format("set_float @{} %{}", slot.offset, value.id)); }

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
    template <class T> T select(I1 c, T a, T b) { return {line(format("select{} %{} %{} %{}", suffix<T>(), c.id, a.id, b.id))}; }

    // ---- memory ----
    template <class T> I64 load(I64 address) { return {line(format("load {} %{}", type<T>(), address.id))}; }
    template <class T> void store(I64 address, I64 value) { statement(format("store {} %{} %{}", type<T>(), address.id, value.id)); }
    template <class T> void require_aligned(I64 address) { statement(format("require_aligned {} %{}", sizeof(T), address.id)); }
    template <isa::AtomicOp Op, class T> I64 rmw(I64 address, I64 value, isa::Order order) {
        return {line(format("rmw {} {} %{} %{}{}", atomic(Op), type<T>(), address.id, value.id, suffix(order)))};
    }
    template <class T> I64 compare_exchange(I64 address, I64 expected, I64 desired, isa::Order order) {
        return {line(format("compare_exchange {} %{} %{} %{}{}", type<T>(), address.id, expected.id, desired.id, suffix(order)))};
    }
    Pair compare_exchange_pair(I64 address, I64 el, I64 eh, I64 low, I64 high, isa::Order order) {
        int id = line(format("compare_exchange_pair %{} %{} %{} %{} %{}{}", address.id, el.id, eh.id, low.id, high.id, suffix(order)));
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

    // ---- control ----
    void jump(u64 target, isa::Hint hint) { statement(format("jump {:#x}{}", target, suffix(hint))); }
    void indirect(I64 target, isa::Hint hint) { statement(format("indirect %{}{}", target.id, suffix(hint))); }
    void branch(I1 condition, u64 target) { statement(format("branch %{} {:#x}", condition.id, target)); }
    void exit(isa::ExitReason reason) { statement(format("exit {}", name(reason))); }
    void exit_unless(I1 condition, isa::ExitReason reason) { statement(format("exit_unless %{} {}", condition.id, name(reason))); }
    void vm_call(u32 number) { statement(format("vm_call {}", number)); }

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

  private:
    template <class T> static std::string_view suffix() {
        if constexpr (std::is_same_v<T, I32>) return "32";
        else if constexpr (std::is_same_v<T, I1>) return "1";
        else return "";
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
        constexpr std::string_view names[]{"none", "attention", "system_call", "vm_call", "breakpoint", "illegal_instruction",
                                           "misaligned", "fetch_fault", "data_fault", "instruction_fence"};
        return names[std::size_t(reason)];
    }
    template <class T> static std::string type() {
        return format("{}{}", std::is_signed_v<T> ? 'i' : 'u', 8 * sizeof(T));
    }
    template <class T> T unary(std::string_view verb, T a) { return {line(format("{}{} %{}", verb, suffix<T>(), a.id))}; }
    template <class T> T binary(std::string_view verb, T a, T b) {
        return {line(format("{}{} %{} %{}", verb, suffix<T>(), a.id, b.id))};
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
template <class Ins>
std::string list_instruction(u32 word, u64 pc) {
    Listing listing;
    isa::Here here{pc, Ins::length};
    Ins::run(listing, Ins::Format::decode(word), here);
    return listing.text();
}

}  // namespace lyrebird::emitters
