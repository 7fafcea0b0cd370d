// Condition flags: the host's own, taken from it and left in it.
//
// What sets flags is computed by the host instruction that sets the host's, brought to one form (the carry of a subtraction:
// a borrow), and stored by `lahf` and `seto`, which change nothing; so what comes next can use the host's flags as they are, as
// long as no instruction has changed them (Assembly::flags_owner). Later it looks at the bits in State.
//
// What must stay true: between a flagged value's host instruction and `set` of its flags, only moves are emitted.
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;
using isa::Condition;
using isa::Flags;

namespace {
CondCode negated(CondCode code) { return CondCode(u8(code) ^ 1); }

/// The host's condition, after flags in the form of a subtraction.
CondCode host_condition(Condition condition) {
    constexpr CondCode codes[]{CondCode::kE, CondCode::kNE, CondCode::kAE, CondCode::kB,  CondCode::kS,  CondCode::kNS, CondCode::kO,
                               CondCode::kNO, CondCode::kA, CondCode::kBE, CondCode::kGE, CondCode::kL, CondCode::kG,  CondCode::kLE};
    return codes[u8(condition)];
}
}  // namespace

bool Emitter::flags_are_in_host(const Value* flags) const {
    return code_.flags_owner() != nullptr && code_.flags_owner() == (flags->kind == Kind::slot ? static_cast<const void*>(&flags_in_state) : flags);
}

// ---- slots -----------------------------------------------------------------------------------------------------------

Nzcv Emitter::get(isa::Slot<isa::Flags> slot) { return Nzcv(slot_value(slot.offset, 32)); }

void Emitter::set(isa::Slot<isa::Flags> slot, const Nzcv& written) {
    Value* value = written.get();
    settle_effects(value);
    simple_ = {};
    if (is_constant(value)) {
        before_write(slot.offset, value);
        code_->mov(state(slot.offset, 4), asmjit::Imm(i32(value->constant)));
        return code_.note_flags(nullptr);
    }
    u8 reg = to_register(value);
    before_write(slot.offset, value);
    code_->mov(state(slot.offset, 4), gp(reg, 32));
    code_.note_flags(code_.flags_owner() == value ? &flags_in_state : nullptr);
}

// ---- what sets them --------------------------------------------------------------------------------------------------

Value* Emitter::flags_of(Value* value, FlagForm form) {
    Value* flags = operation(Op::flags_of, value, nullptr, nullptr, 32);
    flags->size = u8(form);
    return flags;
}

/// Brings the host's flags to the form of a subtraction, and a copy of them to rax.
void Emitter::take_flags(FlagForm form) {
    if (form == FlagForm::carry) code_->cmc();
    if (form == FlagForm::none) code_->stc();
    code_->lahf();
    code_->seto(gp8(rax));
}

/// `flags`, of kind flags_of, into rax.
void Emitter::capture_flags(Value* flags) {
    Value* value = flags->a;
    if (value->kind == Kind::op && !value->emitted) compute_for_flags(value);
    ENSURE(code_.flags_owner() == value, "condition flags that were lost before they were taken");
    Value* taken = fresh_in(rax, 32);
    take_flags(FlagForm(flags->size));
    release_operands(flags);
    adopt(flags, taken);
    code_.note_flags(flags);
}

/// The host's flags as the value's computation leaves them; nobody wants the value.
void Emitter::compute_for_flags(Value* value) {
    u8 bits = value->bits;
    Value* a = value->a;
    Value* b = value->b;
    for (Value* operand : {a, b}) {
        if (operand->kind == Kind::op) to_register(operand);
    }
    if (value->op == Op::add) {
        Value* sum = fresh(bits);
        copy_to(sum->reg, a, bits);
        code_->emit(x86::Inst::kIdAdd, gp(sum->reg, bits), source(b, bits));
        sum->pins = 0;
    } else {
        if (value->op == Op::and_ && is_constant(a)) std::swap(a, b);
        Operand left = is_constant(a) ? Operand(gp(to_register(a), bits)) : register_or_memory(a, bits);
        Pin keep(a);
        Operand right = source(b, bits);
        if (right.isMem() && left.isMem()) right = gp(to_register(b), bits);
        if (value->op == Op::and_ && right.isMem()) std::swap(left, right);
        code_->emit(value->op == Op::and_ ? x86::Inst::kIdTest : x86::Inst::kIdCmp, left, right);
    }
    value->emitted = true;
    code_.note_flags(value);
}

Value* Emitter::with_carry(const Handle& left, const Handle& right, const Handle& flags, u8 bits, bool subtract) {
    settle({left.get(), right.get()});
    Value* result = fresh(bits);
    copy_to(result->reg, left.get(), bits);
    Operand operand = source(right.get(), bits);
    Pin keep(right.get());
    Operand from = register_or_memory(flags.get(), 32);
    code_->emit(x86::Inst::kIdBt, from, asmjit::Imm(std::countr_zero(Flags::borrow)));
    if (!subtract) code_->cmc();
    code_->emit(subtract ? x86::Inst::kIdSbb : x86::Inst::kIdAdc, gp(result->reg, bits), operand);
    code_.note_flags(result);
    result->pins = 0;
    return result;
}

Nzcv Emitter::flags_if(Op op, const I1& truth, const Handle& left, const Handle& right, u8 bits, u32 otherwise) {
    u32 fixed = isa::flags_of(otherwise).bits;
    if (is_constant(truth.get())) {
        if (truth->constant == 0) return Nzcv(constant(fixed, 32));
        Value* value = operation(op, left.get(), right.get(), nullptr, bits);
        value->flagged = true;
        return Nzcv(flags_of(value, op == Op::add ? FlagForm::carry : FlagForm::borrow));
    }
    settle({left.get(), right.get()});
    Value* flags = fresh_in(rax, 32);
    Operand a = is_constant(left.get()) ? Operand(gp(to_register(left.get()), bits)) : register_or_memory(left.get(), bits);
    Pin keep_left(left.get());
    Operand b = source(right.get(), bits);
    Pin keep_right(right.get());
    if (b.isMem() && a.isMem()) b = gp(to_register(right.get()), bits);
    CondCode holds = compare(truth.get());
    Assembly::Forward not_so = code_.jump_short(negated(holds));
    if (op == Op::add) {
        code_->emit(x86::Inst::kIdMov, gp(rax, bits), a);
        code_->emit(x86::Inst::kIdAdd, gp(rax, bits), b);
    } else {
        code_->emit(x86::Inst::kIdCmp, a, b);
    }
    take_flags(op == Op::add ? FlagForm::carry : FlagForm::borrow);
    Assembly::Forward done = code_.jump_short();
    code_.bind(not_so);
    // The same flags in the host: overflow by 0x7f + 1.
    code_->mov(gp(rax, 32), asmjit::Imm(fixed));
    code_->add(gp8(rax), asmjit::Imm(0x7f));
    code_->sahf();
    code_->mov(gp(rax, 32), asmjit::Imm(fixed));
    code_.bind(done);
    flags->pins = 0;
    code_.note_flags(flags);
    return Nzcv(flags);
}

// ---- what uses them --------------------------------------------------------------------------------------------------

I1 Emitter::condition(Condition condition, const Nzcv& flags) {
    if (condition >= Condition::always) return I1(constant(1, 64));
    if (is_constant(flags.get())) return I1(constant(isa::holds(condition, {u32(flags->constant)}) ? 1 : 0, 64));
    Value* truth = operation(Op::flag_condition, flags.get(), nullptr, nullptr, 64);
    truth->size = u8(condition);
    return I1(truth);
}

/// The host's condition under which the guest's holds: of its flags as they are, or after a look at the bits.
CondCode Emitter::test_flags(Condition condition, Value* flags) {
    if (flags_are_in_host(flags)) return host_condition(condition);
    bool inverted = (u8(condition) & 1) != 0;
    Operand from = register_or_memory(flags, 32);
    Pin keep(flags);
    auto test = [&](u32 bits, CondCode holds) {
        if (from.isMem()) {
            Mem place = from.as<Mem>();
            place.setSize(1);
            bool upper = bits > 0xff;
            if (upper) place.addOffset(1);
            code_->test(place, asmjit::Imm(upper ? bits >> 8 : bits));
        } else {
            code_->emit(x86::Inst::kIdTest, from, asmjit::Imm(bits));
        }
        return inverted ? negated(holds) : holds;
    };
    switch (u8(condition) >> 1) {
        case 0: return test(Flags::zero, CondCode::kNE);
        case 1: return test(Flags::borrow, CondCode::kE);
        case 2: return test(Flags::negative, CondCode::kNE);
        case 3: return test(Flags::overflow, CondCode::kNE);
        case 4: return test(Flags::borrow | Flags::zero, CondCode::kE);
        default: break;
    }
    // Negative and overflow differ: bit 0 of one with the other.
    Value* differ = fresh(32);
    if (from.isMem()) {
        Mem place = from.as<Mem>();
        place.setSize(2);
        code_->movzx(gp(differ->reg, 32), place);
    } else {
        code_->movzx(gp(differ->reg, 32), gp16(u8(from.id())));
    }
    code_->shr(gp(differ->reg, 32), asmjit::Imm(std::countr_zero(Flags::negative)));
    code_->emit(x86::Inst::kIdXor, gp(differ->reg, 32), from);
    bool greater = u8(condition) >> 1 == 6;
    code_->test(gp(differ->reg, 32), asmjit::Imm(greater ? Flags::overflow | Flags::zero : Flags::overflow));
    differ->pins = 0;
    return inverted ? CondCode::kNE : CondCode::kE;
}

// ---- as numbers ------------------------------------------------------------------------------------------------------

I64 Emitter::flags_to_bits(const Nzcv& flags) {
    I64 bits = zext(I32(flags.get()));
    I64 negative_zero = shl(and_(bits, imm(Flags::negative | Flags::zero)), imm(16));
    I64 carry = and_(shl(not_(bits), imm(21)), imm(1U << 29));
    I64 overflow = shl(and_(bits, imm(Flags::overflow)), imm(28));
    return or_(or_(negative_zero, carry), overflow);
}

Nzcv Emitter::flags_from_bits(const I64& bits) {
    I64 negative_zero = and_(shr(bits, imm(16)), imm(Flags::negative | Flags::zero));
    I64 borrow = and_(shr(not_(bits), imm(21)), imm(Flags::borrow));
    I64 overflow = and_(shr(bits, imm(28)), imm(Flags::overflow));
    return Nzcv(trunc(or_(or_(negative_zero, borrow), overflow)).get());
}

}  // namespace lyrebird::x64
