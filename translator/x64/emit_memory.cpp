// Memory verbs. The host's own order is stronger than what either guest asks of plain accesses; only a full barrier costs
// something.
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

/// The accesses from here on are this instruction's.
void Emitter::note_access() {
    auto& accesses = translation_->accesses;
    if (accesses.empty() || accesses.back().pc != here_.pc) accesses.push_back({code_.offset(), here_.pc});
}

/// The operand for an access of `size` bytes, `more` bytes behind the address.
Emitter::Mem Emitter::address(Value* value, u32 size, i32 more) {
    if (value->kind == Kind::op && !value->emitted && value->op == Op::add && value->bits == 64) {
        if (is_constant(value->b)) {
            i64 displacement = i64(value->b->constant) + more;
            if (displacement == i64(i32(displacement))) return x86::Mem(gp(to_register(value->a)), i32(displacement), size);
        } else {
            Value* base = value->a;
            Value* index = value->b;
            u32 shift = 0;
            if (index->kind == Kind::op && !index->emitted && index->op == Op::shl && index->bits == 64 && is_constant(index->b) &&
                index->b->constant <= 3) {
                shift = u32(index->b->constant);
                index = index->a;
            }
            u8 scaled = to_register(index);
            Pin keep(index);
            return x86::Mem(gp(to_register(base)), gp(scaled), shift, more, size);
        }
    }
    return x86::Mem(gp(to_register(value)), more, size);
}

Value* Emitter::load_value(const Handle& where, u8 size) {
    settle_effects(nullptr);
    Value* value = operation(Op::load, where.get(), nullptr, nullptr, 64);
    value->size = size;
    return value;
}

void Emitter::load_into(Value* value, u8 target) {
    u32 bytes = 1U << (value->size & 7);
    bool is_signed = (value->size & 8) != 0;
    Mem from = address(value->a, bytes);
    note_access();
    if (bytes == 8)
        code_->mov(gp(target), from);
    else if (bytes == 4 && is_signed)
        code_->movsxd(gp(target), from);
    else if (bytes == 4)
        code_->mov(gp(target, 32), from);
    else if (is_signed)
        code_->movsx(gp(target), from);
    else
        code_->movzx(gp(target, 32), from);
}

void Emitter::store_value(const Handle& where, const Handle& stored, u32 bytes) {
    settle_effects(nullptr);
    Value* value = stored.get();
    Operand from;
    if (is_constant(value)) {
        u64 number = value->constant;
        i64 narrow = bytes == 1 ? i64(i8(number)) : bytes == 2 ? i64(i16(number)) : bytes == 4 ? i64(i32(number)) : i64(number);
        if (narrow == i64(i32(narrow))) from = asmjit::Imm(narrow);
    }
    if (!from.isImm()) {
        u8 reg = to_register(value);
        from = bytes == 8 ? gp(reg) : bytes == 4 ? gp(reg, 32) : bytes == 2 ? gp16(reg) : gp8(reg);
    }
    Pin keep(value);
    Mem to = address(where.get(), bytes);
    note_access();
    code_->emit(x86::Inst::kIdMov, to, from);
}

/// Both or neither, and in one access when another thread could see half of it.
Emitter::Pair Emitter::load_pair(const I64& where) {
    settle_effects(nullptr);
    Value* low = fresh(64);
    Value* high = fresh(64);
    if (alone()) {
        Mem from = address(where.get(), 8);
        note_access();
        code_->mov(gp(low->reg), from);
        from.addOffset(8);
        code_->mov(gp(high->reg), from);
    } else {
        Value* both = fresh_vector(128);
        Mem from = address(where.get(), 16);
        note_access();
        code_->emit(three() ? x86::Inst::kIdVmovups : x86::Inst::kIdMovups, xmm(both->reg), from);
        code_->emit(three() ? x86::Inst::kIdVmovq : x86::Inst::kIdMovq, gp(low->reg), xmm(both->reg));
        code_->emit(three() ? x86::Inst::kIdVpextrq : x86::Inst::kIdPextrq, gp(high->reg), xmm(both->reg), asmjit::Imm(1));
        both->pins = 0;
    }
    low->pins = high->pins = 0;
    return {I64(low), I64(high)};
}

void Emitter::store_pair(const I64& where, const I64& low, const I64& high) {
    V128 both = vector_from(low, high);
    store_wide(where, both, 16);
}

void Emitter::require_alignment(const Handle& where, u32 bytes) {
    u8 reg = to_register(where.get());
    code_->test(gp8(reg), asmjit::Imm(bytes - 1));
    if (!boxes()) return interpret_if(CondCode::kNE);  // its address may bear a tag
    add_rare(Rare::What::leave, code_.jump_away(CondCode::kNE), here_.pc, Stub::misaligned, reg);
}

void Emitter::clear_block(const Handle& where, u32 bytes) {
    settle_effects(nullptr);
    Value* start = fresh(64);
    copy_to(start->reg, where.get(), 64);
    code_->and_(gp(start->reg), asmjit::Imm(-i64(bytes)));
    Value* zero = fresh_vector(64);
    code_->pxor(xmm(zero->reg), xmm(zero->reg));
    note_access();
    for (u32 at = 0; at < bytes; at += 16) code_->movups(x86::Mem(gp(start->reg), i32(at), 16), xmm(zero->reg));
    start->pins = zero->pins = 0;
}

void Emitter::fence(isa::Order order) {
    if (order != isa::Order::sequential || alone()) return;
    // A locked operation on memory of our own: a full barrier, and cheaper than mfence.
    code_->lock().or_(context(offsetof(Context, arguments), 4), 0);
}

}  // namespace lyrebird::x64
