// Atomic verbs: locked host instructions, or plain ones while nobody else sees the guest's memory. Load-reserved and store-conditional are inline where comparing values is exact (see
// isa/reservation.hpp); everything else about them is tier 0's.
#include "translator/isa/reservation.hpp"
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

namespace {
constexpr std::size_t reservation = offsetof(isa::VmState, reservation);
constexpr std::size_t reserved_address = reservation + offsetof(isa::Reservation, address);
constexpr std::size_t reserved_value = reservation + offsetof(isa::Reservation, value);
constexpr std::size_t reserved_size = reservation + offsetof(isa::Reservation, size);
constexpr std::size_t reserved_load = reservation + offsetof(isa::Reservation, load_pc);
constexpr std::size_t reserved_partner = reservation + offsetof(isa::Reservation, partner_pc);
}  // namespace

/// A temporary with what was in memory, as the verbs give it.
Value* Emitter::old_value(Value* held, u32 bytes) {
    held->pins = 0;
    if (bytes == 8) return held;
    return operation(bytes == 4 ? Op::sext32 : bytes == 2 ? Op::sext16 : Op::sext8, held, nullptr, nullptr, 64);
}

bool Emitter::alone() {
    translation_->alone |= alone_;
    return alone_;
}

void Emitter::lock_unless_alone() {
    if (!alone()) code_->lock();
}

/// A relation under which the second operand of a minimum or maximum replaces the first.
CondCode Emitter::replacing(isa::AtomicOp op) {
    using enum isa::AtomicOp;
    return op == min_s ? CondCode::kG : op == max_s ? CondCode::kL : op == min_u ? CondCode::kA : CondCode::kB;
}

Value* Emitter::read_modify_write(isa::AtomicOp op, const Handle& where, const Handle& operand, u32 bytes) {
    settle_effects(nullptr);
    u8 bits = u8(bytes * 8);
    using enum isa::AtomicOp;
    if (op == swap && alone()) {
        u8 stored = to_register(operand.get());
        Pin keep(operand.get());
        Mem memory = address(where.get(), bytes);
        Pin keep_address(where.get());
        Value* held = fresh(64);
        note_access();
        code_->mov(part(held->reg, bits), memory);
        code_->mov(memory, part(stored, bits));
        return old_value(held, bytes);
    }
    if ((op == swap || op == add) && !alone()) {
        Value* held = fresh(64);
        copy_to(held->reg, operand.get(), bytes == 8 ? 64 : 32);
        Mem memory = address(where.get(), bytes);
        note_access();
        if (op == swap)
            code_->xchg(memory, part(held->reg, bits));
        else
            code_->lock().xadd(memory, part(held->reg, bits));
        return old_value(held, bytes);
    }
    Value* held = fresh_in(rax, 64);
    Value* chosen = fresh_in(rcx, 64);
    u8 wide = bytes == 8 ? 64 : 32;
    Operand right = source(operand.get(), wide);
    bool extreme = op == min_s || op == max_s || op == min_u || op == max_u;
    if (extreme && bytes < 4) interpret();
    if (right.isImm() && extreme) {  // a conditional move takes none
        right = context(offsetof(Context, arguments), wide / 8U);
        code_->emit(x86::Inst::kIdMov, right, source(operand.get(), wide));
    }
    // The third temporary register is the address's, when that has none of its own.
    bool address_is_home = where->kind == Kind::slot && layout_->integer_home(where->offset) >= 0;
    if (lies_in(right, rdx) && !address_is_home) {
        Operand aside = context(offsetof(Context, arguments), wide / 8U);
        code_->emit(x86::Inst::kIdMov, aside, right);
        right = aside;
    }
    Value* operand_register = right.isReg() ? operand.get() : held;
    Pin keep(operand_register);
    Mem memory = address(where.get(), bytes);
    note_access();
    code_->mov(part(rax, bits), memory);
    u32 again = code_.offset();
    code_->mov(gp(rcx, wide), gp(rax, wide));
    if (op == swap) {
        code_->emit(x86::Inst::kIdMov, gp(rcx, wide), right);
    } else if (extreme) {
        code_->emit(x86::Inst::kIdCmp, gp(rcx, wide), right);
        code_->emit(x86::Inst::cmovccFromCond(replacing(op)), gp(rcx, wide), right);
    } else {
        emit_binary(op == add ? Op::add : op == and_ ? Op::and_ : op == or_ ? Op::or_ : Op::xor_, gp(rcx, wide), right);
    }
    if (alone()) {
        code_->mov(memory, part(rcx, bits));
    } else {
        code_->lock().cmpxchg(memory, part(rcx, bits));
        Assembly::Forward done = code_.jump_short(CondCode::kE);
        code_.jump_to(again);
        code_.bind(done);
    }
    chosen->pins = 0;
    return old_value(held, bytes);
}

Value* Emitter::exchange_if_equal(const Handle& where, const Handle& expected, const Handle& desired, u32 bytes) {
    settle_effects(nullptr);
    settle({where.get(), expected.get(), desired.get()});
    u8 bits = u8(bytes * 8);
    Value* held = fresh_in(rax, 64);
    copy_to(rax, expected.get(), bytes == 8 ? 64 : 32);
    u8 wanted = to_register(desired.get());
    Pin keep(desired.get());
    Mem memory = address(where.get(), bytes);
    note_access();
    lock_unless_alone();
    code_->cmpxchg(memory, part(wanted, bits));
    return old_value(held, bytes);
}

/// cmpxchg16b wants rbx, a guest register's home, while it may fault.
Emitter::Pair Emitter::compare_exchange_pair(const I64&, const I64&, const I64&, const I64&, const I64&, isa::Order) {
    interpret();
    return {imm(0), imm(0)};
}

Value* Emitter::load_reserved(const Handle& where, u32 bytes, isa::Order order) {
    u64 partner = surroundings_->partner == nullptr ? 0 : surroundings_->partner(surroundings_->host, here_.pc);
    if (partner == 0 || bytes < 4) {
        interpret();
        return constant(0, 64);
    }
    settle_effects(nullptr);
    fence(order);
    u8 from = to_register(where.get());
    Pin keep(where.get());
    Value* held = fresh(64);
    Value* number = fresh(64);
    note_access();
    code_->mov(gp(held->reg, bytes * 8), x86::Mem(gp(from), 0, bytes));
    code_->mov(state(reserved_address), gp(from));
    code_->mov(state(reserved_value), gp(held->reg));
    code_->mov(state(reserved_size, 4), asmjit::Imm(bytes));
    load_constant(number->reg, here_.pc);
    code_->mov(state(reserved_load), gp(number->reg));
    if (partner == isa::no_partner) {
        code_->mov(state(reserved_partner), asmjit::Imm(isa::no_partner));
    } else {
        code_->add(gp(number->reg), asmjit::Imm(i64(partner - here_.pc)));
        code_->mov(state(reserved_partner), gp(number->reg));
    }
    number->pins = 0;
    return old_value(held, bytes);
}

I1 Emitter::store_conditional(const Handle& where, const Handle& stored, u32 bytes) {
    if (bytes < 4) {
        interpret();
        return I1(constant(0, 64));
    }
    settle_effects(nullptr);
    settle({where.get(), stored.get()});
    u8 bits = u8(bytes * 8);
    Value* done = fresh_in(rax, 64);
    u8 to = to_register(where.get());
    Pin keep_address(where.get());
    u8 from = to_register(stored.get());
    Pin keep_value(stored.get());
    code_->cmp(state(reserved_address), gp(to));
    Assembly::Forward lost = code_.jump_short(CondCode::kNE);
    code_->cmp(state(reserved_size, 4), asmjit::Imm(bytes));
    Assembly::Forward lost_too = code_.jump_short(CondCode::kNE);
    load_constant(rax, here_.pc);
    code_->cmp(gp(rax), state(reserved_partner));
    interpret_if(CondCode::kNE);
    code_->mov(gp(rax), state(reserved_value));
    note_access();
    lock_unless_alone();
    code_->cmpxchg(x86::Mem(gp(to), 0, bytes), gp(from, bits));
    code_->setz(gp8(rax));
    code_->movzx(gp(rax, 32), gp8(rax));
    Assembly::Forward end = code_.jump_short();
    code_.bind(lost);
    code_.bind(lost_too);
    // A store that changes nothing, but faults where one would.
    lock_unless_alone();
    code_->or_(x86::Mem(gp(to), 0, 1), 0);
    load_constant(rax, 0);
    code_.bind(end);
    code_->mov(state(reserved_address), asmjit::Imm(isa::Reservation::nowhere));
    done->pins = 0;
    return I1(done);
}

Emitter::Pair Emitter::load_exclusive_pair(const I64&, isa::Order) {
    interpret();
    return {imm(0), imm(0)};
}
I1 Emitter::store_exclusive_pair(const I64&, const I64&, const I64&, isa::Order) {
    interpret();
    return I1(constant(0, 64));
}

}  // namespace lyrebird::x64
