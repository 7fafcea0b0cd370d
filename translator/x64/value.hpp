// What values are in tier 1: handles on entries that say where a value is, or how it will be computed.
//
// A verb emits as little as it can: most only note their operands. The code stands where the value is used, so that an
// address becomes an addressing mode, a comparison a conditional jump, and a result is computed in the register that it is for.
// What must stay true: an entry lives within one guest instruction; entries of verbs that have effects (memory, flags) are never
// left unmade.
#pragma once

#include <utility>

#include "runtime/base/ints.hpp"
#include "translator/isa/float/format.hpp"

namespace lyrebird::x64 {

enum class Op : u8 {
    // two operands
    add, sub, mul, and_, or_, xor_, and_not, shl, shr, sar, ror,
    // one
    neg, not_, sext8, sext16, sext32, zext8, zext16, zext32,
    // truths: a relation of a and b; the order matters (relation_code)
    eq, ne, lt_u, ge_u, lt_s, ge_s,
    zext_truth,  // of a truth
    select,      // c: the truth
    load,        // a: the address; `size` says what
    lane_out,    // lane `constant` of the vector a; `size` says of what type
    flags_of,    // condition flags that a's computation leaves; `size`: FlagForm
    flag_condition,  // a truth of the condition flags a; `size`: isa::Condition
    // vectors
    float_load, float_add, float_sub, float_mul, float_div, float_sqrt, float_convert, float_from_int,
    copy_sign, flip_sign, take_magnitude, multiply_sign, float_bits_in,
    scalar_alone,  // a's lowest lane, zeros above
    vector_load,   // a: the address; `size`: log2 of the bytes
    vector,        // `code` and `size` say which operation on a and b: vector_operations.hpp
};

/// What the host's carry is after an operation that sets condition flags, against the guest's borrow: the same, its opposite, or
/// nothing (there is no carry, so the guest has a borrow).
enum class FlagForm : u8 { borrow, carry, none };

struct Value {
    enum class Kind : u8 {
        constant,
        slot,       // a register of the guest, read when used
        temporary,  // a host register of this instruction
        spilled,    // in Context::spilled[reg]
        op,         // not computed yet
    };
    Kind kind;
    Op op;
    u8 refs;       // handles, and entries that use this one
    u8 pins;       // being used by the code that is emitted now
    u8 bits;       // 32 or 64; of a float: 16, 32, 64; of a vector: 128
    u8 size;       // of a load: log2 of the bytes, and 8 when sign-extended; of an integer to convert: likewise
    u8 reg;
    bool vector;   // of the vector registers
    bool emitted;  // an effect that has been made, or needs none
    bool known;    // a slot that holds `constant`
    bool boxed;    // a float whose upper bits are a narrower value's box
    bool alone;    // a float in a vector register above which all is zero
    bool flagged;  // computed by the host instruction that leaves the guest's flags
    u8 code;       // of an operation on vectors
    u16 offset;    // of a slot
    u64 constant;  // of an operation on vectors or lanes: its number
    u64 limit;     // the greatest value it can have; 0: not known
    Value *a, *b, *c;
};

inline bool is_relation(const Value* value) {
    return value->kind == Value::Kind::op && value->op >= Op::eq && value->op <= Op::ge_s;
}
/// A truth that is not computed into a register unless somebody wants it there.
inline bool is_lazy_truth(const Value* value) {
    return is_relation(value) || (value->kind == Value::Kind::op && value->op == Op::flag_condition);
}

/// A counted reference to a Value. Copies are cheap; nothing happens when the last one goes.
class Handle {
  public:
    Handle() = default;
    explicit Handle(Value* value) : value_(value) { ++value->refs; }
    Handle(const Handle& other) : value_(other.value_) {
        if (value_ != nullptr) ++value_->refs;
    }
    Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
    Handle& operator=(Handle other) noexcept {
        std::swap(value_, other.value_);
        return *this;
    }
    ~Handle() {
        if (value_ != nullptr) --value_->refs;
    }
    Value* get() const { return value_; }
    Value* operator->() const { return value_; }

  private:
    Value* value_ = nullptr;
};

struct I1 : Handle {
    using Handle::Handle;
};
struct I32 : Handle {
    using Handle::Handle;
    static constexpr u8 bits = 32;
};
struct I64 : Handle {
    using Handle::Handle;
    static constexpr u8 bits = 64;
};
/// Condition flags: 32 bits in the form of isa::Flags, but what that leaves zero may be anything.
struct Nzcv : Handle {
    using Handle::Handle;
    static constexpr u8 bits = 32;
};
struct V128 : Handle {
    using Handle::Handle;
    static constexpr u8 bits = 128;
};
struct F16 : Handle {
    using Handle::Handle;
    using Format = ieee::F16;
};
struct F32 : Handle {
    using Handle::Handle;
    using Format = ieee::F32;
};
struct F64 : Handle {
    using Handle::Handle;
    using Format = ieee::F64;
};

}  // namespace lyrebird::x64
