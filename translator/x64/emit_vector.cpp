// Vector verbs: registers and their lanes, constants, memory, and vectors of floats. Operations are in emit_vector_operations.cpp.
//
// Instructions that have no form for the upper sixteen registers get their operands in the lower ones (low_whole).
#include <array>

#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;
namespace I = asmjit::x86::Inst;
using Id = I::Id;

// ---- registers -------------------------------------------------------------------------------------------------------

V128 Emitter::get(isa::Slot<isa::VectorRegister> slot) {
    Value* value = slot_value(slot.offset, 128);
    value->vector = true;
    return V128(value);
}

void Emitter::set(isa::Slot<isa::VectorRegister> slot, const V128& written) {
    Value* value = written.get();
    settle_effects(value);
    before_write(slot.offset, value);
    simple_ = {};
    if (i8 home = layout_->vector_home(slot.offset); home >= 0) return vector_into(value, u8(home));
    code_->emit(three() ? Id(I::kIdVmovaps) : Id(I::kIdMovaps), state(slot.offset, 16), xmm(to_vector(value)));
}

void Emitter::whole_vector(u8 to, const Operand& from) {
    if (from.isReg()) return move_vector(to, u8(from.id()));
    code_->emit(three() ? Id(I::kIdVmovaps) : Id(I::kIdMovaps), xmm(to), from);
}

/// In one of the lower registers, which no other value lives in.
u8 Emitter::low_whole(Value* value) {
    u8 reg = to_vector(value);
    if (reg < 16) return reg;
    Value* copy = fresh_vector(128);
    move_vector(copy->reg, reg);
    adopt(value, copy);
    return value->reg;
}

// ---- constants, lanes, halves ----------------------------------------------------------------------------------------

Value* Emitter::vector_node(VectorOp op, u8 lanes, Value* a, Value* b, u64 number) {
    Value* value = vector_operation(Op::vector, a, b, 128);
    value->code = u8(op);
    value->size = lanes;
    value->constant = number;
    return value;
}

Value* Emitter::vector_constant(u64 low, u64 high) {
    if (low == 0 && high == 0) {
        Value* nothing = vector_node(VectorOp::zero, 3, nullptr);
        nothing->alone = true;
        return nothing;
    }
    if (low != high && high != 0) return vector_of_halves(imm(low), imm(high));
    I64 half = imm(low);
    if (high == 0) return vector_of_halves(half, imm(0));
    return broadcast(half, 3);
}

Value* Emitter::vector_of_halves(const Handle& low, const Handle& high) {
    bool alone = is_constant(high.get()) && high->constant == 0;
    Value* lower = bits_to_float(low, 64);
    if (alone) return lower;
    u8 upper = to_register(high.get());
    Pin keep_upper(high.get());
    u8 from = to_vector(lower);
    Pin keep(lower);
    Value* both = fresh_vector(128);
    if (three()) {
        code_->vpinsrq(xmm(both->reg), xmm(from), gp(upper), 1);
    } else {
        move_vector(both->reg, from);
        code_->pinsrq(xmm(both->reg), gp(upper), 1);
    }
    both->pins = 0;
    return both;
}

Value* Emitter::broadcast(const Handle& a, u8 lanes) {
    Value* from = a.get();
    u8 size = lanes & 7;
    // A lane of a vector: it need not leave the vector registers.
    if (from->kind == Kind::op && from->op == Op::lane_out && !from->emitted && (from->size & 7) == size && size >= 2) {
        u64 index = from->constant;
        if (size == 2) return vector_node(VectorOp::swap_words, 2, from->a, nullptr, index * 0x55);
        return vector_node(index == 0 ? VectorOp::zip_low : VectorOp::zip_high, 3, from->a, from->a);
    }
    u8 reg = to_register(from);
    Pin keep(from);
    Value* all = fresh_vector(128);
    u8 target = all->reg;
    if (features_.avx512) {
        if (size == 0) code_->vpbroadcastb(xmm(target), gp(reg, 32));
        if (size == 1) code_->vpbroadcastw(xmm(target), gp(reg, 32));
        if (size == 2) code_->vpbroadcastd(xmm(target), gp(reg, 32));
        if (size == 3) code_->vpbroadcastq(xmm(target), gp(reg));
        all->pins = 0;
        return all;
    }
    if (size == 3)
        code_->emit(three() ? Id(I::kIdVmovq) : Id(I::kIdMovq), xmm(target), gp(reg));
    else
        code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), xmm(target), gp(reg, 32));
    auto with_itself = [&](Id three_operands, Id two_operands) {
        if (three())
            code_->emit(three_operands, xmm(target), xmm(target), xmm(target));
        else
            code_->emit(two_operands, xmm(target), xmm(target));
    };
    if (size == 0) with_itself(I::kIdVpunpcklbw, I::kIdPunpcklbw);
    if (size <= 1) code_->emit(three() ? Id(I::kIdVpshuflw) : Id(I::kIdPshuflw), xmm(target), xmm(target), asmjit::Imm(0));
    if (size <= 2)
        code_->emit(three() ? Id(I::kIdVpshufd) : Id(I::kIdPshufd), xmm(target), xmm(target), asmjit::Imm(0));
    else
        with_itself(I::kIdVpunpcklqdq, I::kIdPunpcklqdq);
    all->pins = 0;
    return all;
}

/// The lowest `bits`, zeros above.
Value* Emitter::lowest(const Handle& a, u8 bits) {
    Value* value = a.get();
    if (value->alone) return value;
    Value* lowest = vector_operation(Op::scalar_alone, value, nullptr, 128);
    lowest->size = bits;
    lowest->alone = true;
    return lowest;
}

void Emitter::lowest_into(Value* value, u8 target) {
    u8 bits = value->size;
    Operand from = vector_source(value->a, bits);
    if (bits == 64) {
        code_->emit(from.isMem() ? (three() ? Id(I::kIdVmovsd) : Id(I::kIdMovsd)) : (three() ? Id(I::kIdVmovq) : Id(I::kIdMovq)),
                    xmm(target), from);
    } else if (bits == 32 && from.isMem()) {
        code_->emit(three() ? Id(I::kIdVmovss) : Id(I::kIdMovss), xmm(target), from);
    } else if (bits == 32) {
        constexpr u8 only_lowest = 0x0e;
        if (three())
            code_->vinsertps(xmm(target), xmm(u8(from.id())), xmm(u8(from.id())), only_lowest);
        else
            code_->insertps(xmm(target), xmm(u8(from.id())), only_lowest);
    } else {
        Value* half = fresh(32);
        if (from.isMem())
            code_->emit(I::kIdMovzx, gp(half->reg, 32), from);
        else
            code_->emit(three() ? Id(I::kIdVpextrw) : Id(I::kIdPextrw), gp(half->reg, 32), from, asmjit::Imm(0));
        code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), xmm(target), gp(half->reg, 32));
        half->pins = 0;
    }
}

/// A vector as a float: of a register its lowest bits only are read.
Value* Emitter::scalar_of(const Handle& a, u8 bits) {
    Value* value = a.get();
    if (value->kind != Kind::slot) return value;
    Value* scalar = slot_value(value->offset, bits);
    scalar->vector = true;
    return scalar;
}

Value* Emitter::lane_of(const Handle& a, int index, u8 lanes) {
    Value* value = operation(Op::lane_out, a.get(), nullptr, nullptr, 64);
    value->size = lanes;
    value->constant = u64(index);
    return value;
}

void Emitter::lane_into(Value* value, u8 target) {
    u8 size = value->size & 7;
    bool is_signed = (value->size & 8) != 0;
    u32 index = u32(value->constant);
    Value* whole = value->a;
    if (whole->kind == Kind::slot && layout_->vector_home(whole->offset) < 0) {
        Mem from = state(whole->offset + (index << size), 1U << size);
        if (size == 3)
            code_->mov(gp(target), from);
        else if (size == 2)
            is_signed ? code_->movsxd(gp(target), from) : code_->mov(gp(target, 32), from);
        else
            is_signed ? code_->movsx(gp(target), from) : code_->movzx(gp(target, 32), from);
        return;
    }
    u8 from = to_vector(whole);
    auto number = asmjit::Imm(index);
    switch (size) {
        case 3:
            if (index == 0)
                code_->emit(three() ? Id(I::kIdVmovq) : Id(I::kIdMovq), gp(target), xmm(from));
            else
                code_->emit(three() ? Id(I::kIdVpextrq) : Id(I::kIdPextrq), gp(target), xmm(from), number);
            return;
        case 2:
            if (index == 0)
                code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), gp(target, 32), xmm(from));
            else
                code_->emit(three() ? Id(I::kIdVpextrd) : Id(I::kIdPextrd), gp(target, 32), xmm(from), number);
            if (is_signed) code_->movsxd(gp(target), gp(target, 32));
            return;
        case 1:
            code_->emit(three() ? Id(I::kIdVpextrw) : Id(I::kIdPextrw), gp(target, 32), xmm(from), number);
            if (is_signed) code_->movsx(gp(target), gp16(target));
            return;
        default:
            code_->emit(three() ? Id(I::kIdVpextrb) : Id(I::kIdPextrb), gp(target, 32), xmm(from), number);
            if (is_signed) code_->movsx(gp(target), gp8(target));
    }
}

Value* Emitter::insert_lane(const Handle& a, int index, const Handle& b, u8 lanes) {
    constexpr Id with_three[]{I::kIdVpinsrb, I::kIdVpinsrw, I::kIdVpinsrd, I::kIdVpinsrq};
    constexpr Id with_two[]{I::kIdPinsrb, I::kIdPinsrw, I::kIdPinsrd, I::kIdPinsrq};
    u8 size = lanes & 7;
    u8 number = to_register(b.get());
    Pin keep_number(b.get());
    u8 from = to_vector(a.get());
    Pin keep(a.get());
    Value* result = fresh_vector(128);
    auto reg = gp(number, size == 3 ? 64 : 32);
    if (three()) {
        code_->emit(with_three[size], xmm(result->reg), xmm(from), reg, asmjit::Imm(index));
    } else {
        move_vector(result->reg, from);
        code_->emit(with_two[size], xmm(result->reg), reg, asmjit::Imm(index));
    }
    result->pins = 0;
    return result;
}

// ---- floats ----------------------------------------------------------------------------------------------------------

/// Lanes of floats by the host's instructions, with the guest's dynamic rounding. `options` is a guest's own: how many lanes in its
/// lowest byte, whether rounding is dynamic in the next bit. Lanes that do not count are zero, and raise nothing.
Value* Emitter::vector_float_value(VectorFloatCode code, u64 options, std::initializer_list<Value*> operands) {
    using enum VectorFloatOp;
    Value* first = *operands.begin();
    u32 width = u32(options & 0xff) * code.bits;
    bool partial = width != 128;
    bool compares = code.op == equal || code.op == greater_equal || code.op == greater;
    bool fuses = code.op == multiply_add || code.op == multiply_subtract;
    bool dynamic = (options >> 8 & 1) != 0;
    if (code.op == none || floats_left_ || !three() || !dynamic || (partial && (code.op == div || width < 32)) || (fuses && !features_.fma)) {
        interpret();
        return first;
    }
    std::array<V128, 3> values;
    std::size_t count = 0;
    for (Value* operand : operands) values[count++] = V128(partial ? lowest(Handle(operand), u8(width)) : operand);
    bool wide = code.bits == 64;
    u8 a = compares ? low_whole(values[0].get()) : to_vector(values[0].get());
    Pin keep_a(values[0].get());
    V128& other = count > 1 ? values[1] : values[0];
    u8 b = compares ? low_whole(other.get()) : to_vector(other.get());
    Pin keep_b(other.get());
    Value* result = fresh_vector(128);
    u8 target = result->reg;
    auto emit = [&](Id double_id, Id single_id) { code_->emit(wide ? double_id : single_id, xmm(target), xmm(a), xmm(b)); };
    constexpr u8 equal_quiet = 0, greater_equal_signalling = 0x0d, greater_signalling = 0x0e, equal_or_unordered = 8, unordered = 3;
    switch (code.op) {
        case add: emit(I::kIdVaddpd, I::kIdVaddps); break;
        case sub: emit(I::kIdVsubpd, I::kIdVsubps); break;
        case mul: emit(I::kIdVmulpd, I::kIdVmulps); break;
        case div: emit(I::kIdVdivpd, I::kIdVdivps); break;
        case sqrt: code_->emit(wide ? I::kIdVsqrtpd : I::kIdVsqrtps, xmm(target), xmm(a)); break;
        case multiply_add:
        case multiply_subtract:
            whole_vector(target, vector_source(values[2].get(), 128));
            if (code.op == multiply_add)
                emit(I::kIdVfmadd231pd, I::kIdVfmadd231ps);
            else
                emit(I::kIdVfnmadd231pd, I::kIdVfnmadd231ps);
            break;
        default: {
            u8 relation = code.op == equal ? equal_quiet : code.op == greater ? greater_signalling : greater_equal_signalling;
            code_->emit(wide ? I::kIdVcmppd : I::kIdVcmpps, xmm(target), xmm(a), xmm(b), asmjit::Imm(relation));
        }
    }
    if (!compares) {  // as in settle_nan
        bool may_underflow = code.op == mul || code.op == div || fuses;
        Value* doubtful = fresh_vector(128);
        Value* lanes = fresh(32);
        if (may_underflow) {
            code_->vandps(xmm(doubtful->reg), xmm(target), context(wide ? offsetof(Context, magnitudes64) : offsetof(Context, magnitudes32), 16));
            code_->emit(wide ? I::kIdVcmppd : I::kIdVcmpps, xmm(doubtful->reg), xmm(doubtful->reg),
                        context(wide ? offsetof(Context, least64) : offsetof(Context, least32), 16), asmjit::Imm(equal_or_unordered));
        } else {
            code_->emit(wide ? I::kIdVcmppd : I::kIdVcmpps, xmm(doubtful->reg), xmm(target), xmm(target), asmjit::Imm(unordered));
        }
        code_->emit(wide ? I::kIdVmovmskpd : I::kIdVmovmskps, gp(lanes->reg, 32), xmm(doubtful->reg));
        code_->test(gp(lanes->reg, 32), gp(lanes->reg, 32));
        interpret_if(CondCode::kNE);
        doubtful->pins = lanes->pins = 0;
    }
    result->pins = 0;
    return partial ? lowest(Handle(result), u8(width)) : result;
}

// ---- memory ----------------------------------------------------------------------------------------------------------

Value* Emitter::load_wide(const Handle& where, u32 bytes) {
    settle_effects(nullptr);
    Value* value = vector_operation(Op::vector_load, where.get(), nullptr, 128);
    value->size = u8(bytes);
    value->alone = bytes <= 8;
    return value;
}

void Emitter::load_wide_into(Value* value, u8 target) {
    u32 bytes = value->size;
    if (bytes <= 2) {
        Value* number = fresh(32);
        Mem from = address(value->a, bytes);
        note_access();
        code_->movzx(gp(number->reg, 32), from);
        code_->emit(three() ? Id(I::kIdVmovd) : Id(I::kIdMovd), xmm(target), gp(number->reg, 32));
        number->pins = 0;
        return;
    }
    Mem from = address(value->a, bytes);
    note_access();
    Id id = bytes == 16 ? (three() ? I::kIdVmovups : I::kIdMovups)
            : bytes == 8 ? (three() ? I::kIdVmovsd : I::kIdMovsd)
                         : (three() ? I::kIdVmovss : I::kIdMovss);
    code_->emit(id, xmm(target), from);
}

void Emitter::store_wide(const Handle& where, const Handle& stored, u32 bytes) {
    settle_effects(nullptr);
    u8 from = to_vector(stored.get());
    Pin keep(stored.get());
    Mem to = address(where.get(), bytes);
    note_access();
    switch (bytes) {
        case 16: code_->emit(three() ? Id(I::kIdVmovups) : Id(I::kIdMovups), to, xmm(from)); break;
        case 8: code_->emit(three() ? Id(I::kIdVmovsd) : Id(I::kIdMovsd), to, xmm(from)); break;
        case 4: code_->emit(three() ? Id(I::kIdVmovss) : Id(I::kIdMovss), to, xmm(from)); break;
        case 2: code_->emit(three() ? Id(I::kIdVpextrw) : Id(I::kIdPextrw), to, xmm(from), asmjit::Imm(0)); break;
        default: code_->emit(three() ? Id(I::kIdVpextrb) : Id(I::kIdPextrb), to, xmm(from), asmjit::Imm(0));
    }
}

}  // namespace lyrebird::x64
