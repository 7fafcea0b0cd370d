// Comparisons, truths and choices: how they are computed where they are wanted.
#include <bit>

#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

namespace {
bool is_number(const Value* value) { return value->kind == Value::Kind::constant; }
bool fits_signed_32(u64 value) { return i64(value) == i64(i32(value)); }
CondCode negated(CondCode code) { return CondCode(u8(code) ^ 1); }

CondCode code_of(Op op, bool swapped) {
    switch (op) {
        case Op::eq: return CondCode::kE;
        case Op::ne: return CondCode::kNE;
        case Op::lt_u: return swapped ? CondCode::kA : CondCode::kB;
        case Op::ge_u: return swapped ? CondCode::kBE : CondCode::kAE;
        case Op::lt_s: return swapped ? CondCode::kG : CondCode::kL;
        default: return swapped ? CondCode::kLE : CondCode::kGE;
    }
}
}  // namespace

/// Emits the comparison; the condition under which the truth holds. What follows must not change the host's flags before
/// they are used, nor need a temporary register.
CondCode Emitter::compare(Value* truth) {
    if (is_lazy_truth(truth) && truth->op == Op::flag_condition) {
        return test_flags(isa::Condition(truth->size), truth->a);
    }
    if (!is_relation(truth)) {
        u8 reg = to_register(truth);
        code_->test(gp(reg, 32), gp(reg, 32));
        return CondCode::kNE;
    }
    u8 bits = truth->bits;
    Value* a = truth->a;
    Value* b = truth->b;
    bool swapped = is_number(a);
    if (swapped) std::swap(a, b);
    // Bits of a register against zero.
    if (is_number(b) && b->constant == 0 && (truth->op == Op::eq || truth->op == Op::ne) && a->kind == Kind::op && !a->emitted &&
        a->op == Op::and_ && is_number(a->b)) {
        u64 mask = a->b->constant;
        if (fits_signed_32(mask) || a->bits == 32) {
            Operand tested = register_or_memory(a->a, mask <= 0x7fff'ffff ? 32 : a->bits);
            code_->emit(x86::Inst::kIdTest, tested, asmjit::Imm(i64(i32(mask))));
            truth->emitted = true;
            return code_of(truth->op, false);
        }
        if ((mask & (mask - 1)) == 0) {
            code_->bt(gp(to_register(a->a)), asmjit::Imm(std::countr_zero(mask)));
            truth->emitted = true;
            return truth->op == Op::eq ? CondCode::kAE : CondCode::kB;
        }
    }
    Operand right = source(b, bits);
    Pin keep(b);
    Operand left = register_or_memory(a, bits);
    if (left.isMem() && right.isMem()) left = gp(to_register(a), bits);
    if (left.isReg() && right.isImm() && right.as<asmjit::Imm>().value() == 0 &&
        (truth->op == Op::eq || truth->op == Op::ne || truth->op == Op::lt_s || truth->op == Op::ge_s)) {
        code_->emit(x86::Inst::kIdTest, left, left);
    } else {
        code_->emit(x86::Inst::kIdCmp, left, right);
    }
    CondCode code = code_of(truth->op, swapped);
    truth->emitted = true;
    return code;
}

void Emitter::truth_into(Value* truth, u8 target) {
    CondCode code = compare(truth);
    code_->emit(x86::Inst::setccFromCond(code), gp8(target));
    code_->movzx(gp(target, 32), gp8(target));
}

void Emitter::select_into(Value* value, u8 target) {
    u8 bits = value->bits;
    Value* a = value->a;
    Value* b = value->b;
    // The comparison's operands first: they may need registers that the choices would take.
    Value* truth = value->c;
    auto takes_register = [](const Value* choice) { return choice->kind == Kind::op || choice->kind == Kind::temporary; };
    bool crowded = is_lazy_truth(truth) && truth->op == Op::flag_condition && isa::Condition(truth->size) >= isa::Condition::ge &&
                   !flags_are_in_host(truth->a) && (takes_register(a) || takes_register(b));
    if (!is_lazy_truth(truth) || crowded) to_register(truth);
    Pin keep_truth(truth);
    Operand first = is_number(a) ? Operand(gp(to_register(a), bits)) : register_or_memory(a, bits);
    Pin keep_a(a);
    // A number that is no immediate: where it is wanted, unless something that is still to be read lies there.
    bool at_once = bits == 64 && is_constant(b) && !fits_signed_32(b->constant) && !is_relation(truth) && !lies_in(first, target);
    if (at_once) load_constant(target, b->constant);
    Operand second = at_once ? Operand(gp(target, bits)) : source(b, bits);
    Pin keep_b(b);
    CondCode code = compare(truth);
    if (lies_in(first, target) && !lies_in(second, target)) {
        if (second.isImm()) {
            Value* number = fresh(bits);
            code_->emit(x86::Inst::kIdMov, gp(number->reg, bits), second);
            second = gp(number->reg, bits);
            number->pins = 0;
        }
        code_->emit(x86::Inst::cmovccFromCond(negated(code)), gp(target, bits), second);
        return;
    }
    if (!lies_in(second, target)) code_->emit(x86::Inst::kIdMov, gp(target, bits), second);
    code_->emit(x86::Inst::cmovccFromCond(code), gp(target, bits), first);
}

}  // namespace lyrebird::x64
