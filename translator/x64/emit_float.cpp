// Float verbs: the host computes. Its sticky flags are the guest's (MXCSR while in translated code), its rounding mode is the
// guest's dynamic one. What differs is NaNs: a result that is one is made canonical on a path of its own.
//
// A narrower value is kept boxed in its register: operations on the low lane leave the box above it as it is. Whether a
// register that comes from elsewhere is boxed is looked at once in a block.
//
// Whatever the host would answer otherwise (out of range, ties away, halves, NaN operands of minimum …) is tier 0's: it is
// noticed before anything is written.
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;
using Id = x86::Inst::Id;

namespace {
/// The instruction in its forms for doubles and singles, with three operands and with two.
struct Forms {
    Id three64, three32, two64, two32;
};
Forms forms_of(Op op) {
    namespace I = x86::Inst;
    switch (op) {
        case Op::float_add: return {I::kIdVaddsd, I::kIdVaddss, I::kIdAddsd, I::kIdAddss};
        case Op::float_sub: return {I::kIdVsubsd, I::kIdVsubss, I::kIdSubsd, I::kIdSubss};
        case Op::float_mul: return {I::kIdVmulsd, I::kIdVmulss, I::kIdMulsd, I::kIdMulss};
        case Op::float_div: return {I::kIdVdivsd, I::kIdVdivss, I::kIdDivsd, I::kIdDivss};
        default: return {I::kIdVsqrtsd, I::kIdVsqrtss, I::kIdSqrtsd, I::kIdSqrtss};
    }
}
bool same(const Value* a, const Value* b) {
    return a == b || (a->kind == Value::Kind::slot && b->kind == Value::Kind::slot && a->offset == b->offset);
}
}  // namespace

// ---- registers -------------------------------------------------------------------------------------------------------

F64 Emitter::get(isa::Slot<isa::FloatRegister> slot) {
    Value* value = slot_value(slot.offset, 64);
    value->vector = true;
    return F64(value);
}

void Emitter::set(isa::Slot<isa::FloatRegister> slot, const F64& written) {
    Value* value = written.get();
    settle_effects(value);
    before_write(slot.offset, value);
    u64 bit = 1ULL << (slot.offset / 8 % 64);
    u64& known = boxed_[slot.offset / 8 / 64];
    known = value->boxed ? known | bit : known & ~bit;
    if (i8 home = layout_->vector_home(slot.offset); home >= 0) return vector_into(value, u8(home));
    code_->emit(three() ? Id(x86::Inst::kIdVmovsd) : Id(x86::Inst::kIdMovsd), state(slot.offset), xmm(to_vector(value)));
}

void Emitter::move_vector(u8 to, u8 from) {
    if (to != from) code_->emit(three() ? Id(x86::Inst::kIdVmovaps) : Id(x86::Inst::kIdMovaps), xmm(to), xmm(from));
}
void Emitter::move_vector_from(u8 to, std::size_t offset) {
    code_->emit(three() ? Id(x86::Inst::kIdVmovsd) : Id(x86::Inst::kIdMovsd), xmm(to), context(offset, 8));
}

u8 Emitter::to_vector(Value* value) {
    if (value->kind == Kind::temporary) return value->reg;
    if (value->kind == Kind::slot) {
        ENSURE(!value->emitted, "a register that was read before it was written, and is used after");
        i8 home = layout_->vector_home(value->offset);
        if (home >= 0) return u8(home);
    }
    if (value->kind == Kind::op) {  // operands first, while no register is taken for the result
        for (Value* operand : {value->a, value->b}) {
            if (operand != nullptr && operand->vector && operand->kind == Kind::op) to_vector(operand);
        }
    }
    Value* target = fresh_vector(value->bits);
    vector_into(value, target->reg);
    adopt(value, target);
    return value->reg;
}

/// A register, or State for a homeless one.
Emitter::Operand Emitter::vector_source(Value* value, u8 bits) {
    if (value->kind == Kind::slot && layout_->vector_home(value->offset) < 0) return state(value->offset, bits / 8U);
    if (value->kind == Kind::spilled && !boxes()) {
        return context(offsetof(Context, spilled_vectors) + sizeof(Mask) * value->reg, bits / 8U);
    }
    if (value->kind == Kind::spilled) return context(offsetof(Context, spilled) + 8U * value->reg, bits / 8U);
    return xmm(to_vector(value));
}

void Emitter::vector_into(Value* value, u8 target) {
    if (value->kind != Kind::op && value->bits == 128) return whole_vector(target, vector_source(value, 128));
    if (value->kind != Kind::op) {
        Operand from = vector_source(value, 64);
        if (from.isMem())
            code_->emit(three() ? Id(x86::Inst::kIdVmovsd) : Id(x86::Inst::kIdMovsd), xmm(target), from);
        else
            move_vector(target, u8(from.id()));
        return;
    }
    ENSURE(!value->emitted, "a float that was computed where it is not kept, and is used again");
    value->emitted = true;
    switch (value->op) {
        case Op::float_load: load_vector_into(value, target); break;
        case Op::float_convert: convert_into(value, target); break;
        case Op::float_from_int: from_integer_into(value, target); break;
        case Op::float_bits_in: bits_into(value, target); break;
        case Op::scalar_alone: lowest_into(value, target); break;
        case Op::vector_load: load_wide_into(value, target); break;
        case Op::vector: vector_node_into(value, target); break;
        case Op::copy_sign: case Op::flip_sign: case Op::take_magnitude: case Op::multiply_sign:
            sign_into(value, target);
            break;
        case Op::or_: logic(x86::Inst::kIdVorps, x86::Inst::kIdOrps, target, to_vector(value->a), context(offsetof(Context, box), 16)); break;
        default: float_operation_into(value, target);
    }
    release_operands(value);
}

Value* Emitter::vector_operation(Op op, Value* a, Value* b, u8 bits) {
    Value* value = operation(op, a, b, nullptr, bits);
    value->vector = true;
    return value;
}

Value* Emitter::boxed_value(const Handle& a, u8 bits) {
    Value* value = a.get();
    if (bits == 64 || value->boxed) return value;
    Value* boxed = vector_operation(Op::or_, value, nullptr, 64);
    boxed->boxed = true;
    return boxed;
}

Value* Emitter::unboxed_value(const Handle& a, u8 bits) {
    Value* value = a.get();
    if (bits == 64) return value;
    if (bits == 16) {
        interpret();
        return value;
    }
    if (value->boxed || value->kind != Kind::slot) return value;
    value->boxed = true;
    u64 bit = 1ULL << (value->offset / 8 % 64);
    u64& known = boxed_[value->offset / 8 / 64];
    if ((known & bit) != 0) return value;
    known |= bit;
    i8 home = layout_->vector_home(value->offset);
    if (home < 0) {
        code_->cmp(state(value->offset + 4U, 4), asmjit::Imm(-1));
    } else {
        Value* upper = fresh(32);
        code_->emit(three() ? Id(x86::Inst::kIdVpextrd) : Id(x86::Inst::kIdPextrd), gp(upper->reg, 32), xmm(u8(home)), asmjit::Imm(1));
        code_->cmp(gp(upper->reg, 32), asmjit::Imm(-1));
        upper->pins = 0;
    }
    interpret_if(CondCode::kNE);
    return value;
}

// ---- instructions in either form -------------------------------------------------------------------------------------

/// target = a ∘ b, bitwise.
void Emitter::logic(Id with_three, Id with_two, u8 target, u8 a, const Operand& b) {
    if (three()) {
        code_->emit(with_three, xmm(target), xmm(a), b);
        return;
    }
    ENSURE(!(lies_in(b, target) && target != a), "an operand that the target would overwrite");
    move_vector(target, a);
    code_->emit(with_two, xmm(target), b);
}

void Emitter::unordered_compare(u8 a, const Operand& b, u8 bits, bool quiet) {
    namespace I = x86::Inst;
    Id wide = three() ? (quiet ? I::kIdVucomisd : I::kIdVcomisd) : (quiet ? I::kIdUcomisd : I::kIdComisd);
    Id narrow = three() ? (quiet ? I::kIdVucomiss : I::kIdVcomiss) : (quiet ? I::kIdUcomiss : I::kIdComiss);
    code_->emit(bits == 64 ? wide : narrow, xmm(a), b);
}

void Emitter::canonical_nan(u8 reg, u8 bits) {
    unordered_compare(reg, xmm(reg), bits, true);
    u32 at = code_.jump_away(CondCode::kP);
    add_rare(bits == 64 ? Rare::What::nan64 : Rare::What::nan32, at, 0, Stub::resume, reg, code_.offset());
}

/// What becomes of a NaN as a result. Where guests keep their operands' NaNs, by rules that are not the host's, tier 0 finds out;
/// it also judges results that may have been tiny before they were rounded, which the host does not tell (its rounding comes
/// first): those that came out as the least normal number. Before anything is written.
void Emitter::settle_nan(u8 reg, u8 bits, bool may_underflow) {
    if (boxes()) return canonical_nan(reg, bits);
    if (!may_underflow) {
        unordered_compare(reg, xmm(reg), bits, true);
        return interpret_if(CondCode::kP);
    }
    Value* magnitude = fresh_vector(bits);
    bool wide = bits == 64;
    logic(x86::Inst::kIdVandps, x86::Inst::kIdAndps, magnitude->reg, reg,
          context(wide ? offsetof(Context, magnitudes64) : offsetof(Context, magnitudes32), 16));
    unordered_compare(magnitude->reg, context(wide ? offsetof(Context, least64) : offsetof(Context, least32), bits / 8U), bits, true);
    magnitude->pins = 0;
    interpret_if(CondCode::kE);  // or unordered
}

/// A direction of the instruction's own: right while it is the guest's dynamic one, too.
void Emitter::require_rounding(isa::Rounding r) {
    if (r.dynamic) return;
    if (r.direction > ieee::Rounding::upward || !boxes()) return interpret();
    code_->cmp(state(layout_->rounding, 4), asmjit::Imm(u8(r.direction)));
    interpret_if(CondCode::kNE);
}

// ---- memory ----------------------------------------------------------------------------------------------------------

Value* Emitter::load_vector(const Handle& where, u8 bits) {
    settle_effects(nullptr);
    Value* value = vector_operation(Op::float_load, where.get(), nullptr, bits);
    value->boxed = bits != 64;
    return value;
}

void Emitter::load_vector_into(Value* value, u8 target) {
    namespace I = x86::Inst;
    Mem from = address(value->a, value->bits / 8U);
    note_access();
    if (value->bits == 64) {
        code_->emit(three() ? Id(I::kIdVmovsd) : Id(I::kIdMovsd), xmm(target), from);
        return;
    }
    if (value->bits == 32) {
        code_->emit(three() ? Id(I::kIdVmovss) : Id(I::kIdMovss), xmm(target), from);
        logic(I::kIdVorps, I::kIdOrps, target, target, context(offsetof(Context, box), 16));
        return;
    }
    Value* half = fresh(32);
    code_->movzx(gp(half->reg, 32), from);
    code_->or_(gp(half->reg), asmjit::Imm(-0x10000));
    code_->emit(three() ? Id(I::kIdVmovq) : Id(I::kIdMovq), xmm(target), gp(half->reg));
    half->pins = 0;
}

void Emitter::store_vector(const Handle& where, const Handle& stored, u8 bits) {
    namespace I = x86::Inst;
    settle_effects(nullptr);
    u8 from = to_vector(stored.get());
    Pin keep(stored.get());
    if (bits == 16) {
        Value* half = fresh(32);
        code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), gp(half->reg, 32), xmm(from));
        Mem to = address(where.get(), 2);
        note_access();
        code_->mov(to, gp16(half->reg));
        half->pins = 0;
        return;
    }
    Mem to = address(where.get(), bits / 8U);
    note_access();
    Id id = bits == 64 ? (three() ? I::kIdVmovsd : I::kIdMovsd) : (three() ? I::kIdVmovss : I::kIdMovss);
    code_->emit(id, to, xmm(from));
}

// ---- arithmetic ------------------------------------------------------------------------------------------------------

Value* Emitter::float_operation(Op op, const Handle& a, const Handle& b, u8 bits, isa::Rounding r) {
    if (left_out(bits)) interpret();
    require_rounding(r);
    Value* value = vector_operation(op, a.get(), b.get(), bits);
    value->boxed = bits != 64;
    return value;
}

void Emitter::float_operation_into(Value* value, u8 target) {
    u8 bits = value->bits;
    Forms forms = forms_of(value->op);
    u8 a = to_vector(value->a);
    Pin keep_a(value->a);
    bool root = value->op == Op::float_sqrt;
    Operand b = root ? Operand(xmm(a)) : vector_source(value->b, bits);
    Pin keep_b(value->b);
    if (three()) {
        code_->emit(bits == 64 ? forms.three64 : forms.three32, xmm(target), xmm(a), b);
    } else {
        Value* copy = nullptr;
        if (lies_in(b, target) && target != a) {
            copy = fresh_vector(64);
            move_vector(copy->reg, target);
            b = xmm(copy->reg);
        }
        move_vector(target, a);
        code_->emit(bits == 64 ? forms.two64 : forms.two32, xmm(target), b);
        if (copy != nullptr) copy->pins = 0;
    }
    settle_nan(target, bits, value->op == Op::float_mul || value->op == Op::float_div);
}

/// Computed beside the operands: when it is a NaN, tier 0 needs them (∞ × 0 + NaN is invalid for the guest, not for the host).
Value* Emitter::multiply_add(const Handle& a, const Handle& b, const Handle& c, u8 bits, isa::Rounding r) {
    if (left_out(bits) || !features_.fma) {
        interpret();
        return a.get();
    }
    require_rounding(r);
    // A negated operand belongs to the instruction: -(a × b) ± c.
    auto positive = [](Value* value, bool& negative) {
        bool flipped = value->kind == Kind::op && value->op == Op::flip_sign && !value->emitted;
        negative = flipped;
        return flipped ? value->a : value;
    };
    bool negative_product = false, negative_addend = false;
    Value* x = positive(a.get(), negative_product);
    Value* z = positive(c.get(), negative_addend);
    namespace I = x86::Inst;
    Id ids[2][2][2] = {{{I::kIdVfmadd231ss, I::kIdVfmsub231ss}, {I::kIdVfnmadd231ss, I::kIdVfnmsub231ss}},
                       {{I::kIdVfmadd231sd, I::kIdVfmsub231sd}, {I::kIdVfnmadd231sd, I::kIdVfnmsub231sd}}};
    u8 first = to_vector(x);
    Pin keep_a(x);
    Operand second = vector_source(b.get(), bits);
    Pin keep_b(b.get());
    Value* sum = fresh_vector(bits);
    vector_into_copy(z, sum->reg);
    code_->emit(ids[bits == 64][negative_product][negative_addend], xmm(sum->reg), xmm(first), second);
    if (boxes()) {
        unordered_compare(sum->reg, xmm(sum->reg), bits, true);
        interpret_if(CondCode::kP);
    } else {
        settle_nan(sum->reg, bits, true);
    }
    sum->pins = 0;
    sum->boxed = bits != 64;
    return sum;
}

/// As vector_into, for a value that stays usable.
void Emitter::vector_into_copy(Value* value, u8 target) {
    if (value->kind == Kind::op) to_vector(value);
    vector_into(value, target);
}

/// Both orders are computed, and joined: equal zeros of either sign come out right.
Value* Emitter::extreme(const Handle& left, const Handle& right, u8 bits, bool greater) {
    namespace I = x86::Inst;
    if (left_out(bits)) {
        interpret();
        return left.get();
    }
    u8 a = to_vector(left.get());
    Pin keep_a(left.get());
    u8 b = to_vector(right.get());
    Pin keep_b(right.get());
    unordered_compare(a, xmm(b), bits, true);
    interpret_if(CondCode::kP);
    Value* one = fresh_vector(bits);
    Value* other = fresh_vector(bits);
    Id wide3 = greater ? I::kIdVmaxsd : I::kIdVminsd, narrow3 = greater ? I::kIdVmaxss : I::kIdVminss;
    Id wide2 = greater ? I::kIdMaxsd : I::kIdMinsd, narrow2 = greater ? I::kIdMaxss : I::kIdMinss;
    if (three()) {
        code_->emit(bits == 64 ? wide3 : narrow3, xmm(one->reg), xmm(a), xmm(b));
        code_->emit(bits == 64 ? wide3 : narrow3, xmm(other->reg), xmm(b), xmm(a));
    } else {
        move_vector(one->reg, a);
        code_->emit(bits == 64 ? wide2 : narrow2, xmm(one->reg), xmm(b));
        move_vector(other->reg, b);
        code_->emit(bits == 64 ? wide2 : narrow2, xmm(other->reg), xmm(a));
    }
    if (greater)
        logic(I::kIdVandps, I::kIdAndps, one->reg, one->reg, xmm(other->reg));
    else
        logic(I::kIdVorps, I::kIdOrps, one->reg, one->reg, xmm(other->reg));
    one->pins = other->pins = 0;
    one->boxed = bits != 64;
    return one;
}

// ---- bits ------------------------------------------------------------------------------------------------------------

Value* Emitter::sign_operation(Op op, const Handle& a, const Handle& b, u8 bits) {
    if (bits == 16) interpret();
    Value* x = a.get();
    Value* y = b.get();
    if (op == Op::copy_sign && same(x, y)) return x;
    if (op == Op::copy_sign && y->kind == Kind::op && y->op == Op::flip_sign && !y->emitted && same(y->a, x)) {
        op = Op::flip_sign;
        y = x;
    }
    if (op == Op::multiply_sign && same(x, y)) op = Op::take_magnitude;
    Value* value = vector_operation(op, x, y, bits);
    value->boxed = x->boxed;
    return value;
}

void Emitter::sign_into(Value* value, u8 target) {
    namespace I = x86::Inst;
    bool wide = value->bits == 64;
    Mem sign = context(wide ? offsetof(Context, sign64) : offsetof(Context, sign32), 16);
    Mem rest = context(wide ? offsetof(Context, magnitude64) : offsetof(Context, magnitude32), 16);
    u8 a = to_vector(value->a);
    Pin keep(value->a);
    if (value->op == Op::flip_sign) return logic(I::kIdVxorps, I::kIdXorps, target, a, sign);
    if (value->op == Op::take_magnitude) return logic(I::kIdVandps, I::kIdAndps, target, a, rest);
    Value* taken = fresh_vector(64);
    logic(I::kIdVandps, I::kIdAndps, taken->reg, to_vector(value->b), sign);
    if (value->op == Op::copy_sign) {
        logic(I::kIdVandps, I::kIdAndps, target, a, rest);
        logic(I::kIdVorps, I::kIdOrps, target, target, xmm(taken->reg));
    } else {
        logic(I::kIdVxorps, I::kIdXorps, target, a, xmm(taken->reg));
    }
    taken->pins = 0;
}

Value* Emitter::float_bits_of(const Handle& a, u8 bits) {
    namespace I = x86::Inst;
    Value* number = fresh(64);
    Operand from = vector_source(a.get(), bits);
    if (from.isMem() && bits != 16) {
        code_->emit(I::kIdMov, gp(number->reg, bits), from);
    } else if (from.isMem()) {
        code_->emit(I::kIdMovzx, gp(number->reg, 32), from);
    } else if (bits == 64) {
        code_->emit(three() ? Id(I::kIdVmovq) : Id(I::kIdMovq), gp(number->reg), from);
    } else {
        code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), gp(number->reg, 32), from);
        if (bits == 16) code_->movzx(gp(number->reg, 32), gp16(number->reg));
    }
    number->pins = 0;
    return number;
}

Value* Emitter::bits_to_float(const Handle& a, u8 bits) {
    Value* value = vector_operation(Op::float_bits_in, a.get(), nullptr, bits);
    value->boxed = bits != 64;
    value->alone = !boxes();
    return value;
}

void Emitter::bits_into(Value* value, u8 target) {
    namespace I = x86::Inst;
    if (value->bits == 16) {
        settle({value->a});
        Value* boxed = fresh(64);
        copy_to(boxed->reg, value->a, 64);
        code_->movzx(gp(boxed->reg, 32), gp16(boxed->reg));
        if (boxes()) code_->or_(gp(boxed->reg), asmjit::Imm(-0x10000));
        code_->emit(three() ? Id(I::kIdVmovq) : Id(I::kIdMovq), xmm(target), gp(boxed->reg));
        boxed->pins = 0;
        return;
    }
    u8 from = to_register(value->a);
    if (value->bits == 64) {
        code_->emit(three() ? Id(I::kIdVmovq) : Id(I::kIdMovq), xmm(target), gp(from));
        return;
    }
    code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), xmm(target), gp(from, 32));
    if (boxes()) logic(I::kIdVorps, I::kIdOrps, target, target, context(offsetof(Context, box), 16));
}

}  // namespace lyrebird::x64
