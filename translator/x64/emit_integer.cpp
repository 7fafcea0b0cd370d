// Integer verbs: what they note (folding what is known), and how it is computed where it is wanted.
#include "translator/isa/bit_operations.hpp"
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

namespace {
bool is_number(const Value* value) { return value->kind == Value::Kind::constant; }
bool same(const Value* a, const Value* b) {
    return a == b || (a->kind == Value::Kind::slot && b->kind == Value::Kind::slot && a->offset == b->offset &&
                      a->bits == b->bits);
}
bool commutes(Op op) {
    return op == Op::add || op == Op::mul || op == Op::and_ || op == Op::or_ || op == Op::xor_;
}

u64 fold_binary(Op op, u64 a, u64 b, unsigned bits) {
    u64 mask = bits == 32 ? 0xffff'ffff : ~0ULL;
    a &= mask;
    unsigned amount = unsigned(b) & (bits - 1);
    i64 wide = bits == 32 ? i64(i32(a)) : i64(a);
    switch (op) {
        case Op::add: return (a + b) & mask;
        case Op::sub: return (a - b) & mask;
        case Op::mul: return (a * b) & mask;
        case Op::and_: return a & b & mask;
        case Op::or_: return (a | b) & mask;
        case Op::xor_: return (a ^ b) & mask;
        case Op::shl: return (a << amount) & mask;
        case Op::shr: return a >> amount;
        case Op::sar: return u64(wide >> amount) & mask;
        case Op::ror: return amount == 0 ? a : ((a >> amount) | (a << (bits - amount))) & mask;
        default: UNREACHABLE("an operation that is not folded");
    }
}

bool fold_relation(Op op, u64 a, u64 b, unsigned bits) {
    if (bits == 32) {
        a = u64(i64(i32(a)));  // sign extension keeps unsigned order, too
        b = u64(i64(i32(b)));
    }
    switch (op) {
        case Op::eq: return a == b;
        case Op::ne: return a != b;
        case Op::lt_u: return a < b;
        case Op::ge_u: return a >= b;
        case Op::lt_s: return i64(a) < i64(b);
        default: return i64(a) >= i64(b);
    }
}

Op opposite(Op op) {
    switch (op) {
        case Op::eq: return Op::ne;
        case Op::ne: return Op::eq;
        case Op::lt_u: return Op::ge_u;
        case Op::ge_u: return Op::lt_u;
        case Op::lt_s: return Op::ge_s;
        default: return Op::lt_s;
    }
}

}  // namespace

// ---- what verbs note ----

Value* Emitter::binary(Op op, const Handle& left, const Handle& right, u8 bits) {
    Value* a = left.get();
    Value* b = right.get();
    if ((is_number(a) || a->known) && is_number(b)) return constant(fold_binary(op, a->constant, b->constant, bits), bits);
    if (is_number(a) && commutes(op)) std::swap(a, b);
    if (op == Op::sub && is_number(b)) {
        op = Op::add;
        b = constant(0 - b->constant, bits);
    }
    if ((op == Op::xor_ || op == Op::sub) && same(a, b)) return constant(0, bits);
    if (is_number(b)) {
        bool shift = op == Op::shl || op == Op::shr || op == Op::sar || op == Op::ror;
        u64 number = shift ? b->constant & (bits - 1U) : b->constant;
        if (number == 0 && op != Op::and_ && op != Op::mul && a->bits >= bits) return a;
        if (number == 0 && (op == Op::and_ || op == Op::mul)) return constant(0, bits);
        if (op == Op::and_ && bits == 64 && number == 0xffff'ffff) return operation(Op::zext32, a, nullptr, nullptr, 64);
        if (op == Op::and_ && number == 0xffff) return operation(Op::zext16, a, nullptr, nullptr, 64);
        if (op == Op::and_ && number == 0xff) return operation(Op::zext8, a, nullptr, nullptr, 64);
        if (shift && bits == 64 && op != Op::shl && a->kind == Kind::op && a->op == Op::shl && a->bits == 64 && is_number(a->b)) {
            if (Value* extended = shifted_back(op, a, unsigned(number))) return extended;
        }
        // ((x + 5) + 6): one addition, and one displacement of an address.
        if (op == Op::add && bits == 64 && a->kind == Kind::op && a->op == Op::add && a->bits == 64 &&
            is_number(a->b)) {
            return operation(Op::add, a->a, constant(a->b->constant + number, 64), nullptr, 64);
        }
    }
    if (op == Op::and_ && features_.bmi1 && b->kind == Kind::op && b->op == Op::not_ && b->bits == bits) {
        return operation(Op::and_not, a, b->a, nullptr, bits);
    }
    return operation(op, a, b, nullptr, bits);
}

/// To the left and back to the right: the extension of a narrow value, shifted by the difference. Null when it is none.
Value* Emitter::shifted_back(Op op, Value* left, unsigned amount) {
    unsigned away = unsigned(left->b->constant) & 63;
    bool is_signed = op == Op::sar;
    if (away == 32 && amount <= 32 && amount >= 29) {
        Value* extended = operation(is_signed ? Op::sext32 : Op::zext32, left->a, nullptr, nullptr, 64);
        return amount == 32 ? extended : operation(Op::shl, extended, constant(32 - amount, 64), nullptr, 64);
    }
    if (away != amount || (away != 48 && away != 56)) return nullptr;
    Op extension = away == 48 ? (is_signed ? Op::sext16 : Op::zext16) : (is_signed ? Op::sext8 : Op::zext8);
    return operation(extension, left->a, nullptr, nullptr, 64);
}

Value* Emitter::unary(Op op, const Handle& operand, u8 bits) {
    Value* a = operand.get();
    if (is_number(a)) {
        u64 n = a->constant;
        switch (op) {
            case Op::neg: return constant(0 - n, bits);
            case Op::not_: return constant(~n, bits);
            case Op::sext8: return constant(u64(i64(i8(n))), bits);
            case Op::sext16: return constant(u64(i64(i16(n))), bits);
            case Op::sext32: return constant(u64(i64(i32(n))), bits);
            case Op::zext8: return constant(u8(n), bits);
            case Op::zext16: return constant(u16(n), bits);
            default: return constant(u32(n), bits);
        }
    }
    // The host has cleared the upper half, and bit 31 is clear.
    if (op == Op::sext32 && a->kind == Kind::op && a->op == Op::shr && a->bits == 32 && is_number(a->b) &&
        (a->b->constant & 31) != 0) {
        return a;
    }
    return operation(op, a, nullptr, nullptr, bits);
}

I32 Emitter::trunc(const I64& a) {
    if (is_number(a.get())) return imm32(u32(a->constant));
    return I32(a.get());
}

I64 Emitter::zext(const I1& truth) {
    Value* value = truth.get();
    if (is_number(value)) return imm(value->constant);
    if (!is_lazy_truth(value)) return I64(value);  // 0 or 1 already
    return I64(operation(Op::zext_truth, value, nullptr, nullptr, 64));
}

I1 Emitter::relation(Op op, const Handle& a, const Handle& b, u8 bits) {
    if (is_number(a.get()) && is_number(b.get())) {
        return I1(constant(fold_relation(op, a->constant, b->constant, bits) ? 1 : 0, 64));
    }
    if (op == Op::lt_u && a->limit != 0 && is_number(b.get()) && b->constant > a->limit) return I1(constant(1, 64));
    return I1(operation(op, a.get(), b.get(), nullptr, bits));
}

I1 Emitter::not_(const I1& truth) {
    Value* value = truth.get();
    if (is_number(value)) return I1(constant(value->constant ^ 1, 64));
    if (is_relation(value)) return I1(operation(opposite(value->op), value->a, value->b, nullptr, value->bits));
    if (is_lazy_truth(value)) return condition(isa::inverted(isa::Condition(value->size)), Nzcv(value->a));
    return I1(operation(Op::xor_, value, constant(1, 64), nullptr, 64));
}

I1 Emitter::both_truths(Op op, const I1& a, const I1& b) {
    I64 left = zext(a);
    I64 right = zext(b);
    return I1(binary(op, left, right, 64));
}

Value* Emitter::choose(const I1& condition, const Handle& a, const Handle& b, u8 bits) {
    if (is_number(condition.get())) return condition->constant != 0 ? a.get() : b.get();
    return operation(Op::select, a.get(), b.get(), condition.get(), bits);
}

// ---- how it is computed ----

void Emitter::emit_binary(Op op, const Operand& target, const Operand& right) {
    switch (op) {
        case Op::add: code_->emit(x86::Inst::kIdAdd, target, right); break;
        case Op::sub: code_->emit(x86::Inst::kIdSub, target, right); break;
        case Op::and_: code_->emit(x86::Inst::kIdAnd, target, right); break;
        case Op::or_: code_->emit(x86::Inst::kIdOr, target, right); break;
        case Op::xor_: code_->emit(x86::Inst::kIdXor, target, right); break;
        case Op::mul: code_->emit(x86::Inst::kIdImul, target, right); break;
        default: UNREACHABLE("not an operation of two operands");
    }
}

void Emitter::binary_into(Value* value, u8 target) {
    Op op = value->op;
    u8 bits = value->bits;
    Value* a = value->a;
    Value* b = value->b;
    // b + (a << n), n = 1 … 3: the host's scaled addressing.
    if (op == Op::add && bits == 64 && !value->flagged) {
        if (a->kind == Kind::op && a->op == Op::shl && a->bits == 64 && b->kind != Kind::op) std::swap(a, b);
        if (b->kind == Kind::op && b->op == Op::shl && b->bits == 64 && is_number(b->b) && !is_number(a) &&
            b->b->constant >= 1 && b->b->constant <= 3) {
            u8 index = to_register(b->a);
            Pin keep(b->a);
            u8 base = to_register(a);
            code_->lea(gp(target), x86::Mem(gp(base), gp(index), u32(b->b->constant), 0));
            return;
        }
    }
    Operand right = source(b, bits);
    Pin keep_right(b);
    if (op == Op::mul && right.isImm()) {
        code_->emit(x86::Inst::kIdImul, gp(target, bits), register_or_memory(a, bits), right);
        return;
    }
    if (op == Op::and_not) {
        if (right.isMem()) right = gp(to_register(b), bits);
        code_->emit(x86::Inst::kIdAndn, gp(target, bits), right, register_or_memory(a, bits));
        return;
    }
    Operand left = source(a, bits);
    Pin keep_left(a);
    bool left_there = lies_in(left, target);
    bool right_there = lies_in(right, target);
    if (op == Op::add && left.isReg() && !left_there && !(right_there || right.isMem()) && !value->flagged) {
        if (right.isImm())
            code_->lea(gp(target, bits), x86::Mem(gp(u8(left.id())), i32(right.as<asmjit::Imm>().value())));
        else
            code_->lea(gp(target, bits), x86::Mem(gp(u8(left.id())), gp(u8(right.id())), 0, 0));
        return;
    }
    if (right_there && !left_there && op == Op::sub && value->flagged) {
        Value* difference = fresh(bits);
        code_->emit(x86::Inst::kIdMov, gp(difference->reg, bits), left);
        emit_binary(op, gp(difference->reg, bits), right);
        code_->mov(gp(target, bits), gp(difference->reg, bits));
        difference->pins = 0;
        return code_.note_flags(value);
    }
    if (right_there && !left_there) {
        if (op == Op::sub) {
            code_->neg(gp(target, bits));
            op = Op::add;
        }
        emit_binary(op, gp(target, bits), left);
        if (value->flagged) code_.note_flags(value);
        return;
    }
    if (!left_there) code_->emit(x86::Inst::kIdMov, gp(target, bits), left);
    emit_binary(op, gp(target, bits), right);
    if (value->flagged) code_.note_flags(value);
}

void Emitter::shift_into(Value* value, u8 target) {
    Op op = value->op;
    u8 bits = value->bits;
    Value* a = value->a;
    Value* b = value->b;
    auto wanted = gp(target, bits);
    if (is_number(b)) {
        auto amount = asmjit::Imm(b->constant & (bits - 1U));
        Operand from = source(a, bits);
        if (op == Op::ror && features_.bmi2 && !lies_in(from, target) && !from.isImm()) {
            code_->emit(x86::Inst::kIdRorx, wanted, from, amount);
            return;
        }
        if (!lies_in(from, target)) code_->emit(x86::Inst::kIdMov, wanted, from);
        auto id = op == Op::shl   ? x86::Inst::kIdShl
                  : op == Op::shr ? x86::Inst::kIdShr
                  : op == Op::sar ? x86::Inst::kIdSar
                                  : x86::Inst::kIdRor;
        code_->emit(id, wanted, amount);
        return;
    }
    if (features_.bmi2 && op != Op::ror) {
        u8 amount = to_register(b);
        Pin keep(b);
        Operand from = register_or_memory(a, bits);
        auto id = op == Op::shl ? x86::Inst::kIdShlx : op == Op::shr ? x86::Inst::kIdShrx : x86::Inst::kIdSarx;
        code_->emit(id, wanted, from, gp(amount, bits));
        return;
    }
    if (target == rcx) {
        Value* other = fresh_in(rax, bits);
        shift_by_cl(op, a, b, other->reg, bits);
        move(target, other->reg, bits);
        other->pins = 0;
        return;
    }
    shift_by_cl(op, a, b, target, bits);
}

void Emitter::shift_by_cl(Op op, Value* a, Value* b, u8 target, u8 bits) {
    Value* amount = integer_owner_[rcx] != nullptr && integer_owner_[rcx]->pins != 0 && target != rcx
                        ? nullptr
                        : fresh_in(rcx, 32);
    // rcx is pinned by whoever wants the result there: it can be used all the same.
    u8 counter = rcx;
    Operand count = source(b, 32);
    if (!lies_in(count, counter)) code_->emit(x86::Inst::kIdMov, gp(counter, 32), count);
    Operand from = source(a, bits);
    if (!lies_in(from, target)) code_->emit(x86::Inst::kIdMov, gp(target, bits), from);
    auto id = op == Op::shl   ? x86::Inst::kIdShl
              : op == Op::shr ? x86::Inst::kIdShr
              : op == Op::sar ? x86::Inst::kIdSar
                              : x86::Inst::kIdRor;
    code_->emit(id, gp(target, bits), gp8(counter));
    if (amount != nullptr) amount->pins = 0;
}

void Emitter::unary_into(Value* value, u8 target) {
    u8 bits = value->bits;
    Value* a = value->a;
    if (value->op == Op::neg || value->op == Op::not_) {
        Operand from = register_or_memory(a, bits);
        if (!lies_in(from, target)) code_->emit(x86::Inst::kIdMov, gp(target, bits), from);
        code_->emit(value->op == Op::neg ? x86::Inst::kIdNeg : x86::Inst::kIdNot, gp(target, bits));
        return;
    }
    // A 32-bit result is computed where its extension is wanted.
    if (a->kind == Kind::op && a->bits == 32 && value->op == Op::sext32) {
        into(a, target);
        code_->movsxd(gp(target), gp(target, 32));
        return;
    }
    // It clears the upper half.
    if (a->kind == Kind::op && a->bits == 32 && !a->emitted && !a->vector && value->op == Op::zext32) return into(a, target);
    bool half = value->op == Op::sext32 || value->op == Op::zext32;
    Operand from = register_or_memory(a, half ? 32 : 64);
    bool byte = value->op == Op::sext8 || value->op == Op::zext8;
    if (from.isReg() && !half) from = byte ? gp8(u8(from.id())) : gp16(u8(from.id()));
    if (from.isMem() && !half) from.as<Mem>().setSize(byte ? 1 : 2);
    switch (value->op) {
        case Op::sext32: code_->emit(x86::Inst::kIdMovsxd, gp(target), from); break;
        case Op::zext32: code_->emit(x86::Inst::kIdMov, gp(target, 32), from); break;
        case Op::sext8: case Op::sext16: code_->emit(x86::Inst::kIdMovsx, gp(target), from); break;
        default: code_->emit(x86::Inst::kIdMovzx, gp(target, 32), from); break;
    }
}

/// A copy of the value in this register, which may be one that is taken already.
void Emitter::copy_to(u8 reg, Value* value, u8 bits) {
    if (is_constant(value)) return load_constant(reg, bits == 32 ? u32(value->constant) : value->constant);
    Operand from = register_or_memory(value, bits);
    if (!lies_in(from, reg)) code_->emit(x86::Inst::kIdMov, gp(reg, bits), from);
}

// ---- verbs that are computed at once ----

/// Operands first, while all temporary registers are free: those that are operations themselves.
void Emitter::settle(std::initializer_list<Value*> values) {
    for (Value* value : values) {
        if (value->kind == Kind::op) to_register(value);
    }
}

Value* Emitter::divide(const Handle& left, const Handle& right, u8 bits, bool is_signed, bool remainder) {
    settle({left.get(), right.get()});
    Value* high = fresh_in(rdx, bits);
    Value* low = fresh_in(rax, bits);
    Operand divisor = register_or_memory(right.get(), bits);
    Pin keep(right.get());
    copy_to(rax, left.get(), bits);
    if (divisor.isReg())
        code_->emit(x86::Inst::kIdTest, divisor, divisor);
    else
        code_->emit(x86::Inst::kIdCmp, divisor, asmjit::Imm(0));
    Assembly::Forward by_zero = code_.jump_short(CondCode::kE);
    Assembly::Forward by_minus_one;
    if (is_signed) {
        code_->emit(x86::Inst::kIdCmp, divisor, asmjit::Imm(-1));
        by_minus_one = code_.jump_short(CondCode::kE);
        if (bits == 64)
            code_->cqo();
        else
            code_->cdq();
        code_->emit(x86::Inst::kIdIdiv, divisor);
    } else {
        code_->xor_(gp(rdx, 32), gp(rdx, 32));
        code_->emit(x86::Inst::kIdDiv, divisor);
    }
    Assembly::Forward done = code_.jump_short();
    code_.bind(by_zero);
    move(rdx, rax, bits);                      // the remainder is the dividend
    code_->xor_(gp(rax, 32), gp(rax, 32));
    Assembly::Forward done_too;
    if (is_signed) {
        done_too = code_.jump_short();
        code_.bind(by_minus_one);
        code_->neg(gp(rax, bits));
        code_->xor_(gp(rdx, 32), gp(rdx, 32));
        code_.bind(done_too);
    }
    code_.bind(done);
    high->pins = low->pins = 0;
    return remainder ? high : low;
}

Value* Emitter::multiply_high(const Handle& a, const Handle& b, bool is_signed) {
    settle({a.get(), b.get()});
    Value* high = fresh_in(rdx, 64);
    Value* low = fresh_in(rax, 64);
    Operand factor = register_or_memory(b.get(), 64);
    Pin keep(b.get());
    copy_to(rax, a.get(), 64);
    code_->emit(is_signed ? x86::Inst::kIdImul : x86::Inst::kIdMul, factor);
    high->pins = low->pins = 0;
    return high;
}

/// The unsigned product counts 2^64 × b too much when a is negative.
I64 Emitter::mul_high_su(const I64& a, const I64& b) {
    I64 high = mul_high_u(a, b);
    I64 sign = sar(a, imm(63));
    I64 excess = and_(sign, b);
    return sub(high, excess);
}

Value* Emitter::count_leading(const Handle& a, u8 bits) {
    settle({a.get()});
    Value* count = fresh(bits);
    Operand from = register_or_memory(a.get(), bits);
    auto reg = gp(count->reg, bits);
    if (features_.lzcnt) {
        code_->emit(x86::Inst::kIdLzcnt, reg, from);
    } else {
        Value* none = fresh(bits);
        code_->mov(gp(none->reg, 32), asmjit::Imm(2 * bits - 1));
        code_->emit(x86::Inst::kIdBsr, reg, from);
        code_->cmovz(reg, gp(none->reg, bits));
        code_->xor_(reg, asmjit::Imm(bits - 1));
        none->pins = 0;
    }
    count->pins = 0;
    return count;
}

Value* Emitter::count_trailing(const Handle& a, u8 bits) {
    settle({a.get()});
    Value* count = fresh(bits);
    Operand from = register_or_memory(a.get(), bits);
    auto reg = gp(count->reg, bits);
    if (features_.bmi1) {
        code_->emit(x86::Inst::kIdTzcnt, reg, from);
    } else {
        Value* none = fresh(bits);
        code_->mov(gp(none->reg, 32), asmjit::Imm(bits));
        code_->emit(x86::Inst::kIdBsf, reg, from);
        code_->cmovz(reg, gp(none->reg, bits));
        none->pins = 0;
    }
    count->pins = 0;
    return count;
}

Value* Emitter::count_ones(const Handle& a, u8 bits) {
    settle({a.get()});
    Value* count = fresh(bits);
    code_->emit(x86::Inst::kIdPopcnt, gp(count->reg, bits), register_or_memory(a.get(), bits));
    count->pins = 0;
    return count;
}

Value* Emitter::swap_bytes(const Handle& a, u8 bits) {
    Value* swapped = fresh(bits);
    code_->emit(x86::Inst::kIdMov, gp(swapped->reg, bits), source(a.get(), bits));
    code_->bswap(gp(swapped->reg, bits));
    swapped->pins = 0;
    return swapped;
}

Value* Emitter::turn_bits(const Handle& a, u8 bits) {
    Function turn = bits == 64 ? Function([](u64 v, u64, u64, u64) { return isa::reverse_bits(v); })
                               : Function([](u64 v, u64, u64, u64) { return u64(isa::reverse_bits(u32(v))); });
    return call(turn, {a.get()});
}

Value* Emitter::carryless(const Handle& a, const Handle& b, bool high) {
    if (!features_.pclmul) {
        Function multiply =
            high ? Function([](u64 x, u64 y, u64, u64) { return isa::carryless_multiply(x, y).high; })
                 : Function([](u64 x, u64 y, u64, u64) { return isa::carryless_multiply(x, y).low; });
        return call(multiply, {a.get(), b.get()});
    }
    settle({a.get(), b.get()});
    Value* x = fresh_vector(64);
    Value* y = fresh_vector(64);
    code_->movq(xmm(x->reg), gp(to_register(a.get())));
    code_->movq(xmm(y->reg), gp(to_register(b.get())));
    code_->pclmulqdq(xmm(x->reg), xmm(y->reg), 0);
    Value* result = fresh(64);
    if (high)
        code_->pextrq(gp(result->reg), xmm(x->reg), 1);
    else
        code_->movq(gp(result->reg), xmm(x->reg));
    x->pins = y->pins = result->pins = 0;
    return result;
}

extern const char image_start[] asm("__ehdr_start");

u64 image_base() { return reinterpret_cast<u64>(image_start); }

/// A value that is null stands for the guest's State, and comes first.
Value* Emitter::call(Function function, std::initializer_list<Value*> values) {
    std::size_t place = 0;
    for (Value* value : values) {
        auto argument = context(offsetof(Context, arguments) + 8 * place++);
        if (value != nullptr) code_->mov(argument, gp(to_register(value)));
    }
    spill_all();
    if (values.size() != 0 && *values.begin() == nullptr) {
        code_->lea(gp(rax), state(0));
        code_->mov(context(offsetof(Context, arguments)), gp(rax));
    }
    u64 distance = reinterpret_cast<u64>(function) - image_base();
    load_constant(rax, distance);
    to_stub(code_.call_away(), Stub::helper);
    code_.note_flags(nullptr);
    Value* result = fresh_in(rax, 64);
    code_->mov(gp(rax), context(offsetof(Context, result)));
    result->pins = 0;
    return result;
}

}  // namespace lyrebird::x64
