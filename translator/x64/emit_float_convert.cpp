// Float verbs that compare and convert: between formats, to and from integers, to integral values.
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;
using Id = x86::Inst::Id;

namespace {
constexpr u8 no_exception = 8;  // of roundsd's control: do not report inexact
constexpr u8 mxcsr_mode = 4;
/// roundsd's control for the guest's direction, whose encoding is RISC-V's: even, zero, down, up.
u8 round_control(isa::Rounding r) {
    constexpr u8 modes[]{0, 3, 1, 2};
    return r.dynamic ? mxcsr_mode : modes[u8(r.direction) & 3];
}
}  // namespace

// ---- comparison ------------------------------------------------------------------------------------------------------

I1 Emitter::compare_equal(const Handle& left, const Handle& right, u8 bits) {
    if (left_out(bits)) {
        interpret();
        return I1(constant(0, 64));
    }
    u8 a = to_vector(left.get());
    Pin keep(left.get());
    Operand b = vector_source(right.get(), bits);
    Value* equal = fresh(64);
    Value* ordered = fresh(64);
    unordered_compare(a, b, bits, true);
    code_->setnp(gp8(ordered->reg));
    code_->sete(gp8(equal->reg));
    code_->and_(gp8(equal->reg), gp8(ordered->reg));
    code_->movzx(gp(equal->reg, 32), gp8(equal->reg));
    equal->pins = ordered->pins = 0;
    return I1(equal);
}

I1 Emitter::compare_less(const Handle& left, const Handle& right, u8 bits, bool or_equal, bool quiet) {
    if (left_out(bits)) {
        interpret();
        return I1(constant(0, 64));
    }
    u8 b = to_vector(right.get());
    Pin keep(right.get());
    Operand a = vector_source(left.get(), bits);
    Value* truth = fresh(64);
    unordered_compare(b, a, bits, quiet);  // b above a; false when unordered
    if (or_equal)
        code_->setae(gp8(truth->reg));
    else
        code_->seta(gp8(truth->reg));
    code_->movzx(gp(truth->reg, 32), gp8(truth->reg));
    truth->pins = 0;
    return I1(truth);
}

/// As integers are compared: above and below, one less the other, leave the flags of every ordered outcome.
Value* Emitter::compare_flags(const Handle& left, const Handle& right, u8 bits, bool signalling) {
    if (left_out(bits)) {
        interpret();
        return constant(0, 32);
    }
    u8 a = to_vector(left.get());
    Pin keep(left.get());
    Operand b = vector_source(right.get(), bits);
    Pin keep_right(right.get());
    Value* flags = fresh_in(rax, 32);
    Value* below = fresh_in(rcx, 32);
    unordered_compare(a, b, bits, !signalling);
    u32 at = code_.jump_away(CondCode::kP);
    code_->seta(gp8(rax));
    code_->setb(gp8(rcx));
    code_->cmp(gp8(rax), gp8(rcx));
    take_flags(FlagForm::borrow);
    add_rare(Rare::What::unordered, at, 0, Stub::resume, rax, code_.offset());
    flags->pins = below->pins = 0;
    code_.note_flags(flags);
    return flags;
}

// ---- conversion ------------------------------------------------------------------------------------------------------

Value* Emitter::convert(const Handle& a, u8 from, u8 to, isa::Rounding r) {
    if (left_out(from) || to == 16) {
        interpret();
        return a.get();
    }
    if (to < from) require_rounding(r);
    Value* value = vector_operation(Op::float_convert, a.get(), nullptr, to);
    value->boxed = to != 64;
    return value;
}

void Emitter::convert_into(Value* value, u8 target) {
    namespace I = x86::Inst;
    u8 a = to_vector(value->a);
    if (value->bits == 64) {
        if (three())
            code_->vcvtss2sd(xmm(target), xmm(a), xmm(a));
        else
            code_->cvtss2sd(xmm(target), xmm(a));
    } else {
        if (three())
            code_->vcvtsd2ss(xmm(target), xmm(a), xmm(a));
        else
            code_->cvtsd2ss(xmm(target), xmm(a));
        if (boxes()) logic(I::kIdVorps, I::kIdOrps, target, target, context(offsetof(Context, box), 16));
    }
    settle_nan(target, value->bits, value->bits == 32);
}

void Emitter::round_to_integral(u8 target, u8 from, u8 bits, u8 control) {
    namespace I = x86::Inst;
    if (three()) {
        code_->emit(bits == 64 ? I::kIdVroundsd : I::kIdVroundss, xmm(target), xmm(from), xmm(from), asmjit::Imm(control));
    } else {
        if (bits != 64) move_vector(target, from);  // the box
        code_->emit(bits == 64 ? I::kIdRoundsd : I::kIdRoundss, xmm(target), xmm(from), asmjit::Imm(control));
    }
}

void Emitter::to_host_integer(u8 target, u8 from, u8 float_bits, u8 bits, bool truncate) {
    namespace I = x86::Inst;
    Id ids[2][2][2] = {{{I::kIdCvtss2si, I::kIdCvttss2si}, {I::kIdCvtsd2si, I::kIdCvttsd2si}},
                       {{I::kIdVcvtss2si, I::kIdVcvttss2si}, {I::kIdVcvtsd2si, I::kIdVcvttsd2si}}};
    code_->emit(ids[three()][float_bits == 64][truncate], gp(target, bits), xmm(from));
}

Value* Emitter::to_integer(const Handle& a, u8 float_bits, u8 size, isa::Rounding r) {
    bool is_signed = (size & 8) != 0;
    u8 bits = (size & 7) == 3 ? 64 : 32;
    bool truncate = !r.dynamic && r.direction == ieee::Rounding::toward_zero;
    if (left_out(float_bits) || (!r.dynamic && r.direction > ieee::Rounding::upward) || (!is_signed && !truncate)) {
        interpret();
        return constant(0, 64);
    }
    u8 from = low_register(a.get());
    Pin keep(a.get());
    Value* number = fresh(64);
    if (is_signed) {
        bool own_mode = !r.dynamic && !truncate;
        Value* rounded = own_mode ? fresh_vector(float_bits) : nullptr;
        if (own_mode) round_to_integral(rounded->reg, from, float_bits, round_control(r) | no_exception);
        to_host_integer(number->reg, own_mode ? rounded->reg : from, float_bits, bits, truncate);
        // The host's answer to what does not fit is the least integer.
        code_->cmp(gp(number->reg, bits), asmjit::Imm(1));
        interpret_if(CondCode::kO);
        if (own_mode) {  // it fits: now inexactness may be reported
            round_to_integral(rounded->reg, from, float_bits, round_control(r));
            rounded->pins = 0;
        }
    } else {
        // By sign and exponent: +0 … below 2^32 or 2^63, where the host's signed conversion is right.
        Value* top = fresh(64);
        if (float_bits == 64) {
            code_->emit(three() ? Id(x86::Inst::kIdVmovq) : Id(x86::Inst::kIdMovq), gp(top->reg), xmm(from));
            code_->shr(gp(top->reg), 52);
            code_->cmp(gp(top->reg, 32), asmjit::Imm(bits == 64 ? 1023 + 63 : 1023 + 32));
        } else {
            code_->emit(three() ? Id(x86::Inst::kIdVmovd) : Id(x86::Inst::kIdMovd), gp(top->reg, 32), xmm(from));
            code_->shr(gp(top->reg, 32), 23);
            code_->cmp(gp(top->reg, 32), asmjit::Imm(bits == 64 ? 127 + 63 : 127 + 32));
        }
        interpret_if(CondCode::kAE);
        to_host_integer(number->reg, from, float_bits, 64, true);
        top->pins = 0;
    }
    number->pins = 0;
    return bits == 64 ? number : operation(Op::sext32, number, nullptr, nullptr, 64);
}

Value* Emitter::to_modular(const Handle&) {
    interpret();
    return constant(0, 64);
}

Value* Emitter::from_integer(const Handle& a, u8 size, u8 to, isa::Rounding r) {
    if (left_out(to)) {
        interpret();
        Value* nothing = vector_operation(Op::float_bits_in, a.get(), nullptr, 16);
        return nothing;
    }
    bool wide = (size & 7) == 3;
    if (wide || to == 32) require_rounding(r);
    Value* number = a.get();
    if (!wide && (size & 8) == 0) number = unary(Op::zext32, a, 64);
    if (size == 3 && !features_.avx512) {  // unsigned and 64 bits wide: the host has signed conversions only
        u8 reg = to_register(number);
        code_->test(gp(reg), gp(reg));
        interpret_if(CondCode::kS);
    }
    Value* value = vector_operation(Op::float_from_int, number, nullptr, to);
    value->size = size;
    value->boxed = to != 64;
    value->alone = !boxes();
    return value;
}

void Emitter::from_integer_into(Value* value, u8 target) {
    namespace I = x86::Inst;
    bool narrow = (value->size & 7) == 2 && (value->size & 8) != 0;
    bool wide_unsigned = value->size == 3 && features_.avx512;
    u8 from = to_register(value->a);
    auto source = gp(from, narrow ? 32 : 64);
    // The upper bits come from the target: the box, or anything that breaks the dependency.
    if (value->bits == 32 && boxes())
        move_vector_from(target, offsetof(Context, box));
    else
        logic(I::kIdVxorps, I::kIdXorps, target, target, xmm(target));
    if (wide_unsigned) {
        code_->emit(value->bits == 64 ? I::kIdVcvtusi2sd : I::kIdVcvtusi2ss, xmm(target), xmm(target), source);
    } else if (three()) {
        code_->emit(value->bits == 64 ? I::kIdVcvtsi2sd : I::kIdVcvtsi2ss, xmm(target), xmm(target), source);
    } else {
        code_->emit(value->bits == 64 ? I::kIdCvtsi2sd : I::kIdCvtsi2ss, xmm(target), source);
    }
}

Value* Emitter::to_integral(const Handle& a, u8 bits, isa::Rounding r, bool inexact) {
    if (left_out(bits) || (!r.dynamic && r.direction > ieee::Rounding::upward)) {
        interpret();
        return a.get();
    }
    u8 from = low_register(a.get());
    Pin keep(a.get());
    Value* rounded = fresh_vector(bits);
    round_to_integral(rounded->reg, from, bits, u8(round_control(r) | (inexact ? 0 : no_exception)));
    settle_nan(rounded->reg, bits, false);
    rounded->pins = 0;
    rounded->boxed = bits != 64;
    return rounded;
}

/// roundsd has no form for the upper sixteen registers: the value in a lower one.
u8 Emitter::low_register(Value* value) {
    u8 reg = to_vector(value);
    if (reg < 16) return reg;
    Value* copy = fresh_vector(value->bits);
    move_vector(copy->reg, reg);
    adopt(value, copy);
    return value->reg;
}

}  // namespace lyrebird::x64
