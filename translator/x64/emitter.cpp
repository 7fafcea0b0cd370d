#include "translator/x64/emitter.hpp"

#include <cstring>
#include <limits>

#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

namespace {
bool fits_immediate(u64 value) { return i64(value) == i64(i32(value)); }
/// One of 64 that stand for all slots: where it is not set, the slot is not meant.
u64 bit_of(u16 offset) { return 1ULL << (offset / 8U % 64); }
bool is_effect(Op op) {
    return op == Op::load || op == Op::vector_load || (op >= Op::float_load && op <= Op::float_from_int);
}
}  // namespace

Emitter::Emitter(const Surroundings& surroundings)
    : surroundings_(&surroundings), layout_(surroundings.layout), loop_layout_(*layout_), features_(surroundings.features) {}

// ---- values ----------------------------------------------------------------------------------------------------------

Value* Emitter::new_value(Kind kind, u8 bits) {
    ENSURE(value_count_ < values_.size(), "an instruction with too many values");
    Value* value = &values_[value_count_++];
    *value = Value{};
    value->kind = kind;
    value->bits = bits;
    return value;
}

Value* Emitter::constant(u64 number, u8 bits) {
    Value* value = new_value(Kind::constant, bits);
    value->constant = bits == 32 ? u32(number) : number;
    return value;
}

Value* Emitter::slot_value(u16 offset, u8 bits) {
    Value* value = new_value(Kind::slot, bits);
    value->offset = offset;
    read_ |= bit_of(offset);
    return value;
}

Value* Emitter::operation(Op op, Value* a, Value* b, Value* c, u8 bits) {
    Value* value = new_value(Kind::op, bits);
    value->op = op;
    value->a = a;
    value->b = b;
    value->c = c;
    effects_ += is_effect(op);
    for (Value* operand : {a, b, c}) {
        if (operand != nullptr) ++operand->refs;
    }
    return value;
}

bool Emitter::depends_on(const Value* value, u16 offset) const {
    if (value == nullptr) return false;
    if (value->kind == Kind::slot) return value->offset == offset;
    if (value->kind != Kind::op) return false;
    return depends_on(value->a, offset) || depends_on(value->b, offset) || depends_on(value->c, offset);
}

namespace {
bool contains(const Value* whole, const Value* part) {
    if (whole == nullptr) return false;
    if (whole == part) return true;
    if (whole->kind != Value::Kind::op) return false;
    return contains(whole->a, part) || contains(whole->b, part) || contains(whole->c, part);
}
}  // namespace

/// What has been read from the slot but not used yet, other than by `written`, is computed now.
void Emitter::before_write(u16 offset, Value* written) {
    if ((read_ & bit_of(offset)) == 0) return;
    for (std::size_t at = value_count_; at-- > 0;) {
        Value* value = &values_[at];
        if (value->refs == 0 || value->kind != Kind::op || contains(written, value)) continue;
        if (!depends_on(value, offset)) continue;
        if (value->op == Op::flags_of && contains(written, value->a)) continue;  // taken when that has been computed
        Pin keep(written);
        if (value->vector)
            to_vector(value);
        else
            to_register(value);
    }
    for (std::size_t at = 0; at < value_count_; ++at) {
        Value* value = &values_[at];
        if (value->kind == Kind::slot && value->offset == offset && !contains(written, value)) value->emitted = true;
    }
}

/// Loads and float operations that have not been made yet are made, but for `except`.
void Emitter::settle_effects(const Value* except) {
    if (effects_ == u32(except != nullptr && except->kind == Kind::op && is_effect(except->op))) return;
    for (std::size_t at = 0; at < value_count_; ++at) {
        Value* value = &values_[at];
        if (value == except || value->kind != Kind::op || value->emitted || !is_effect(value->op)) continue;
        if (value->vector)
            to_vector(value);
        else
            to_register(value);
    }
}

// ---- temporary registers ----

namespace {
bool is_live(const Value* owner, u8 reg) {
    return owner != nullptr && owner->kind == Value::Kind::temporary && owner->reg == reg && !owner->vector &&
           (owner->refs != 0 || owner->pins != 0);
}
bool is_live_vector(const Value* owner, u8 reg) {
    return owner != nullptr && owner->kind == Value::Kind::temporary && owner->reg == reg && owner->vector &&
           (owner->refs != 0 || owner->pins != 0);
}
}  // namespace

namespace {
/// The first place that nobody who is still wanted lies in.
template <std::size_t N>
u8 free_place(const std::array<Value*, N>& owners) {
    auto is_taken = [&](u8 place) {
        const Value* value = owners[place];
        return value != nullptr && value->kind == Value::Kind::spilled && value->reg == place && (value->refs != 0 || value->pins != 0);
    };
    u8 place = 0;
    while (place < N && is_taken(place)) ++place;
    ENSURE(place < N, "no place to put a value aside");
    return place;
}
}  // namespace

void Emitter::spill_vector(u8 reg) {
    has_spilled_ = true;
    Value* owner = vector_owner_[reg];
    if (!boxes()) {
        u8 wide = free_place(spilled_vectors_);
        spilled_vectors_[wide] = owner;
        code_->emit(three() ? x86::Inst::kIdVmovaps : x86::Inst::kIdMovaps,
                    context(offsetof(Context, spilled_vectors) + sizeof(Mask) * wide, 16), xmm(reg));
        owner->kind = Kind::spilled;
        owner->reg = wide;
        vector_owner_[reg] = nullptr;
        return;
    }
    u8 place = free_place(spilled_);
    spilled_[place] = owner;
    code_->emit(three() ? x86::Inst::kIdVmovsd : x86::Inst::kIdMovsd, context(offsetof(Context, spilled) + 8U * place),
                xmm(reg));
    owner->kind = Kind::spilled;
    owner->reg = place;
    vector_owner_[reg] = nullptr;
}

void Emitter::spill(u8 reg) {
    has_spilled_ = true;
    Value* owner = integer_owner_[reg];
    ENSURE(owner->pins == 0, "a value that is needed where it is");
    u8 place = free_place(spilled_);
    spilled_[place] = owner;
    code_->mov(context(offsetof(Context, spilled) + 8U * place), gp(reg));
    owner->kind = Kind::spilled;
    owner->reg = place;
    integer_owner_[reg] = nullptr;
}

void Emitter::spill_all() {
    for (u8 reg : integer_temporaries) {
        if (is_live(integer_owner_[reg], reg)) spill(reg);
    }
}

Value* Emitter::fresh(u8 bits) {
    u8 victim = 255;
    for (u8 reg : integer_temporaries) {
        if (!is_live(integer_owner_[reg], reg)) return temporary(reg, bits);
        if (victim == 255 && integer_owner_[reg]->pins == 0) victim = reg;
    }
    ENSURE(victim != 255, "no temporary register is free");
    spill(victim);
    return temporary(victim, bits);
}

Value* Emitter::fresh_in(u8 reg, u8 bits) {
    if (is_live(integer_owner_[reg], reg)) spill(reg);
    return temporary(reg, bits);
}

/// Pinned until the caller lets it go.
Value* Emitter::temporary(u8 reg, u8 bits) {
    Value* value = new_value(Kind::temporary, bits);
    value->reg = reg;
    value->pins = 1;
    integer_owner_[reg] = value;
    return value;
}

Value* Emitter::fresh_vector(u8 bits) {
    u8 chosen = no_register;
    for (u8 reg : vector_temporaries) {
        bool live = is_live_vector(vector_owner_[reg], reg);
        if (live && (chosen != no_register || vector_owner_[reg]->pins != 0)) continue;
        chosen = reg;
        if (!live) break;
    }
    ENSURE(chosen != no_register, "no temporary vector register is free");
    if (is_live_vector(vector_owner_[chosen], chosen)) spill_vector(chosen);
    Value* value = new_value(Kind::temporary, bits);
    value->reg = chosen;
    value->pins = 1;
    value->vector = true;
    vector_owner_[chosen] = value;
    return value;
}

/// `value` is what the register of `from` holds now.
void Emitter::adopt(Value* value, Value* from) {
    value->kind = Kind::temporary;
    value->reg = from->reg;
    value->emitted = true;
    from->pins = 0;
    (from->vector ? vector_owner_[from->reg] : integer_owner_[from->reg]) = value;
}

// ---- operands --------------------------------------------------------------------------------------------------------

Emitter::Mem Emitter::state(std::size_t offset, u32 size) const {
    if (in_loop_) offset = place_in_loop(offset);
    return x86::Mem(x86::rbp, layout_->state(offset), size);
}
Emitter::Mem Emitter::context(std::size_t offset, u32 size) const {
    return x86::Mem(x86::rbp, layout_->context(offset), size);
}

void Emitter::move(u8 to, u8 from, u8 bits) {
    if (to != from || bits == 32) code_->mov(gp(to, bits), gp(from, bits));
}

void Emitter::load_constant(u8 to, u64 value) {
    if (value == 0)
        code_->xor_(gp(to, 32), gp(to, 32));
    else if (value == u32(value))
        code_->mov(gp(to, 32), asmjit::Imm(value));
    else
        code_->mov(gp(to), asmjit::Imm(value));
}

/// The register that holds the value: a home, or a temporary that the value lives in from now on.
u8 Emitter::to_register(Value* value) {
    switch (value->kind) {
        case Kind::temporary:
            return value->reg;
        case Kind::slot: {
            ENSURE(!value->emitted, "a register that was read before it was written, and is used after");
            i8 home = layout_->integer_home(value->offset);
            if (home >= 0 && value->bits == 64) return u8(home);
            Value* target = fresh(value->bits);
            code_->mov(gp(target->reg, value->bits), state(value->offset, value->bits / 8));
            adopt(value, target);
            return value->reg;
        }
        case Kind::spilled: {
            u8 place = value->reg;
            Value* target = fresh(64);
            code_->mov(gp(target->reg), context(offsetof(Context, spilled) + 8U * place));
            adopt(value, target);
            return value->reg;
        }
        case Kind::constant: {
            Value* target = fresh(64);
            load_constant(target->reg, value->constant);
            adopt(value, target);
            return value->reg;
        }
        case Kind::op:
            break;
    }
    if (value->op == Op::flags_of) {
        capture_flags(value);
        return value->reg;
    }
    prepare(value);
    Value* target = fresh(value->bits);
    into(value, target->reg);
    adopt(value, target);
    return value->reg;
}

/// Computes the operands that are operations themselves, while no register is taken for the result yet.
void Emitter::prepare(Value* value) {
    for (Value* operand : {value->a, value->b, value->c}) {
        if (operand == nullptr || operand->kind != Kind::op || operand->vector) continue;
        bool folds = (operand->op == Op::shl && value->op == Op::add) || value->op == Op::load ||
                     value->op == Op::zext_truth || operand == value->c;
        if (folds)
            prepare(operand);
        else
            to_register(operand);
    }
}

Emitter::Operand Emitter::register_or_memory(Value* value, u8 bits) {
    if (value->kind == Kind::slot && layout_->integer_home(value->offset) < 0) return state(value->offset, bits / 8U);
    if (value->kind == Kind::slot && value->bits == 32) return state(value->offset, 4);
    if (value->kind == Kind::spilled) return context(offsetof(Context, spilled) + 8U * value->reg, bits / 8U);
    return gp(to_register(value), bits);
}

Emitter::Operand Emitter::source(Value* value, u8 bits) {
    if (is_constant(value)) {
        u64 number = bits == 32 ? u64(i64(i32(value->constant))) : value->constant;
        if (fits_immediate(number)) return asmjit::Imm(i64(number));
    }
    return register_or_memory(value, bits);
}

bool Emitter::lies_in(const Operand& operand, u8 reg) { return operand.isReg() && operand.id() == reg; }

/// Computes the value in `target`, which may be a home that the value's own operands lie in.
void Emitter::into(Value* value, u8 target) {
    switch (value->kind) {
        case Kind::constant:
            return load_constant(target, value->constant);
        case Kind::op:
            break;
        default: {
            Operand from = register_or_memory(value, value->bits);
            if (!lies_in(from, target)) code_->emit(x86::Inst::kIdMov, gp(target, value->bits), from);
            return;
        }
    }
    ENSURE(!value->emitted, "a value that was computed where it is not kept, and is used again");
    value->emitted = true;
    op_into(value, target);
    release_operands(value);
}

void Emitter::release_operands(Value* value) {
    for (Value** operand : {&value->a, &value->b, &value->c}) {
        if (*operand != nullptr) --(*operand)->refs;
        *operand = nullptr;
    }
}

void Emitter::op_into(Value* value, u8 target) {
    switch (value->op) {
        case Op::add: case Op::sub: case Op::mul: case Op::and_: case Op::or_: case Op::xor_: case Op::and_not:
            return binary_into(value, target);
        case Op::shl: case Op::shr: case Op::sar: case Op::ror:
            return shift_into(value, target);
        case Op::neg: case Op::not_: case Op::sext8: case Op::sext16: case Op::sext32: case Op::zext8: case Op::zext16:
        case Op::zext32:
            return unary_into(value, target);
        case Op::zext_truth:
            return truth_into(value->a, target);
        case Op::select:
            return select_into(value, target);
        case Op::load:
            return load_into(value, target);
        case Op::lane_out:
            return lane_into(value, target);
        default:
            if (is_lazy_truth(value)) return truth_into(value, target);
            UNREACHABLE("a vector's value in an integer register");
    }
}

// ---- slots -----------------------------------------------------------------------------------------------------------

const Emitter::Known* Emitter::known(u16 offset) const {
    if ((known_bits_ & bit_of(offset)) == 0) return nullptr;
    for (const Known& one : known_) {
        if (one.offset == offset) return &one;
    }
    return nullptr;
}

void Emitter::note_known(u16 offset, const Value* value) {
    if ((known_bits_ & bit_of(offset)) != 0) std::erase_if(known_, [offset](const Known& one) { return one.offset == offset; });
    if (!is_constant(value)) return;
    known_bits_ |= bit_of(offset);
    constexpr std::size_t most = 4;  // what is used is used soon
    if (known_.size() == most) known_.erase(known_.begin());
    known_.push_back({offset, value->constant});
}

void Emitter::postpone() {
    code_->setOffset(start_.code);
    code_.note_flags(nullptr);
    postponed_ = simple_;
}

/// What set() is about to write, if it is worth postponing: a constant, what becomes a part of an address, or the first half of
/// an extension.
Emitter::Simple Emitter::simple_value(u16 offset, const Value* value) const {
    if (is_constant(value)) return {.offset = offset, .is_constant = true};
    if (value->kind != Kind::op || value->op != Op::shl || value->bits != 64 || !is_constant(value->b)) return {};
    u8 amount = u8(value->b->constant & 63);
    if (amount > 3 && amount < 32) return {};
    const Value* from = value->a;
    Simple simple{.offset = offset, .amount = amount};
    if (from->kind == Kind::op && (from->op == Op::zext32 || from->op == Op::sext32)) {
        simple.extension = from->op;
        from = from->a;
    }
    if (from->kind != Kind::slot || from->bits != 64) return {};
    simple.source = from->offset;
    return simple;
}

I64 Emitter::get(isa::Slot<u64> slot) {
    ++uses_[slot.offset / 8U];
    const Known* value = known(slot.offset);
    if (slot.offset == postponed_.offset) {
        if (postponed_.is_constant) return imm(value->value);
        Value* source = slot_value(postponed_.source, 64);
        if (postponed_.extension != Op::add) source = operation(postponed_.extension, source, nullptr, nullptr, 64);
        return I64(operation(Op::shl, source, constant(postponed_.amount, 64), nullptr, 64));
    }
    Value* read = slot_value(slot.offset, 64);
    if (value != nullptr) {
        read->known = true;
        read->constant = value->value;
    }
    return I64(read);
}

I32 Emitter::get(isa::Slot<u32> slot) {
    if (slot.offset == layout_->float_flags) return float_flags();
    I32 value(slot_value(slot.offset, 32));
    // Tier 1 runs only while the guest's dynamic rounding is one that the host has.
    if (slot.offset == layout_->rounding && boxes()) value->limit = 3;
    return value;
}

void Emitter::set(isa::Slot<u64> slot, const I64& written) {
    ++uses_[slot.offset / 8U];
    Value* value = written.get();
    settle_effects(value);
    before_write(slot.offset, value);
    simple_ = code_.offset() == start_.code ? simple_value(slot.offset, value) : Simple{};
    note_known(slot.offset, value);
    if (slot.offset == postponed_.offset) postponed_ = {};
    if (i8 home = layout_->integer_home(slot.offset); home >= 0) return into(value, u8(home));
    if (update_memory(slot.offset, value)) return;
    if (is_constant(value) && fits_immediate(value->constant)) {
        code_->mov(state(slot.offset), asmjit::Imm(i64(value->constant)));
        return;
    }
    code_->mov(state(slot.offset), gp(to_register(value)));
}

/// x = x op y where x is a memory operand: one host instruction.
bool Emitter::update_memory(u16 offset, Value* value) {
    if (value->kind != Kind::op || value->bits != 64) return false;
    x86::Inst::Id instruction = x86::Inst::kIdNone;
    switch (value->op) {
        case Op::add: instruction = x86::Inst::kIdAdd; break;
        case Op::sub: instruction = x86::Inst::kIdSub; break;
        case Op::and_: instruction = x86::Inst::kIdAnd; break;
        case Op::or_: instruction = x86::Inst::kIdOr; break;
        case Op::xor_: instruction = x86::Inst::kIdXor; break;
        default: return false;
    }
    if (value->a->kind != Kind::slot || value->a->offset != offset || depends_on(value->b, offset)) return false;
    Operand right = source(value->b, 64);
    if (right.isMem()) right = gp(to_register(value->b));
    value->emitted = true;
    code_->emit(instruction, state(offset), right);
    if (value->flagged) code_.note_flags(value);
    release_operands(value);
    return true;
}

void Emitter::set(isa::Slot<u32> slot, const I32& written) {
    Value* value = written.get();
    settle_effects(value);
    before_write(slot.offset, value);
    simple_ = {};
    if (is_constant(value))
        code_->mov(state(slot.offset, 4), asmjit::Imm(i32(value->constant)));
    else
        code_->mov(state(slot.offset, 4), gp(to_register(value), 32));
    if (slot.offset == layout_->float_flags) code_->ldmxcsr(context(offsetof(Context, guest_mxcsr), 4));
    if (slot.offset == layout_->rounding) mode_changed_ = true;
}

/// What stands in State, and what the host has noted since.
I32 Emitter::float_flags() {
    Value* flags = fresh(32);
    auto reg = gp(flags->reg, 32);
    code_->stmxcsr(context(offsetof(Context, left_mxcsr), 4));
    code_->mov(reg, context(offsetof(Context, left_mxcsr), 4));
    code_->and_(reg, 63);
    code_->movzx(reg, x86::Mem(x86::rbp, gp(flags->reg), 0, layout_->context(offsetof(Context, flags)), 1));
    code_->or_(reg, state(layout_->float_flags, 4));
    flags->pins = 0;
    return I32(flags);
}

// ---- blocks ----------------------------------------------------------------------------------------------------------

void Emitter::begin_block(Translation& translation) {
    translation_ = &translation;
    code_.restart();
    rare_.clear();
    exits_.clear();
    boxed_.fill(0);
    known_.clear();
    known_bits_ = 0;
    postponed_ = simple_ = {};
    ended_ = in_loop_ = false;
    layout_ = surroundings_->layout;
    uses_.fill(0);
    loop_length_ = 0;
    back_edges_.clear();
    floats_left_ = surroundings_->floats_left != nullptr && surroundings_->floats_left->load(std::memory_order_relaxed);
    alone_ = surroundings_->alone != nullptr && surroundings_->alone->load(std::memory_order_relaxed);
}

void Emitter::begin_instruction(isa::Here here) {
    here_ = here;
    value_count_ = 0;
    read_ = effects_ = 0;
    if (has_spilled_) {
        spilled_.fill(nullptr);
        spilled_vectors_.fill(nullptr);
        has_spilled_ = false;
    }
    integer_owner_.fill(nullptr);
    vector_owner_.fill(nullptr);
    jumped_ = branched_ = refused_ = mode_changed_ = false;
    simple_ = {};
    start_ = {code_.offset(), u32(rare_.size()), u32(exits_.size()), u32(translation_->accesses.size()),
              u32(translation_->stubs.size()), postponed_.offset, boxed_};
}

void Emitter::end_instruction(bool in_place, u64 instruction) {
    if (refused_) return take_back(in_place, instruction);
    if (!ended_) settle_effects(nullptr);
    if (refused_) return take_back(in_place, instruction);
    if (mode_changed_ && !ended_) leave(Stub::resume, here_.next());
}

/// Nothing of the instruction stands: tier 0 carries it out.
void Emitter::take_back(bool in_place, u64 instruction) {
    code_->setOffset(start_.code);
    code_.note_flags(nullptr);
    rare_.resize(start_.rare);
    exits_.resize(start_.exits);
    translation_->accesses.resize(start_.accesses);
    translation_->stubs.resize(start_.stubs);
    boxed_ = start_.boxed;
    jumped_ = branched_ = false;
    simple_ = {};
    if (in_place && surroundings_->carry_out != nullptr) return carry_out(instruction);
    leave(Stub::interpret, here_.pc);
}

/// Tier 0 is called, and the block goes on.
void Emitter::carry_out(u64 instruction) {
    ended_ = false;
    value_count_ = 0;
    integer_owner_.fill(nullptr);
    vector_owner_.fill(nullptr);
    if (in_loop_) change_places();
    std::size_t arguments = offsetof(Context, arguments);
    code_->lea(gp(rax), x86::Mem(x86::rbp, layout_->state(0)));
    code_->mov(context(arguments), gp(rax));
    load_constant(rax, instruction);
    code_->mov(context(arguments + 8), gp(rax));
    load_constant(rax, here_.pc);
    code_->mov(context(arguments + 16), gp(rax));
    load_constant(rax, reinterpret_cast<u64>(surroundings_->carry_out) - image_base());
    to_stub(code_.call_away(), Stub::carry_out);
    if (in_loop_) change_places();
    code_.note_flags(nullptr);
    known_.clear();
    boxed_.fill(0);
}

void Emitter::interpret() {
    ENSURE(start_.postponed == 0, "a register was left unwritten before an instruction that tier 0 carries out");
    refused_ = true;
}

}  // namespace lyrebird::x64
