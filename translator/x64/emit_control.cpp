// Control: how blocks end and go on.
//
// Direct jumps are linked in place. Indirect ones look into the thread's table. A call leaves the host's own return address on
// the return stack, a return takes it: the processor predicts it, and what stands behind the call checks that the guest returns
// where it should. Any number of entries may be missing or too many: the check fails then and the table is asked.
//
// Attention is looked at before every jump backwards and every indirect jump, so that every loop sees it; a chain of returns
// is as long as the return stack at most.
#include "translator/x64/emitter.hpp"
#include "translator/x64/pin.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

namespace {
constexpr std::size_t attention = offsetof(isa::VmState, attention);
constexpr std::size_t fault_address = offsetof(isa::VmState, fault_address);
constexpr std::size_t detail = offsetof(isa::VmState, detail);

CondCode negated(CondCode code) { return CondCode(u8(code) ^ 1); }

Stub stub_of(isa::ExitReason reason) {
    using enum isa::ExitReason;
    switch (reason) {
        case system_call: return Stub::system_call;
        case vm_call: return Stub::vm_call;
        case breakpoint: return Stub::breakpoint;
        case misaligned: return Stub::misaligned;
        case instruction_fence: return Stub::instruction_fence;
        default: return Stub::illegal_instruction;
    }
}
}  // namespace

void Emitter::leave(Stub stub, u64 pc) {
    if (in_loop_) change_places();
    load_constant(rax, pc);
    to_stub(code_.jump_away(), stub);
    ended_ = true;
}

void Emitter::rare_leave(CondCode condition, Stub stub, u64 pc) {
    add_rare(Rare::What::leave, code_.jump_away(condition), pc, stub);
}

void Emitter::interpret_if(CondCode condition) { rare_leave(condition, Stub::interpret, here_.pc); }

void Emitter::direct_exit(u32 at, u64 target) { exits_.push_back({at, target}); }

void Emitter::leave_to(u64 pc) {
    direct_jump(pc);
    ended_ = true;
}

void Emitter::refuse(u64 pc) { leave(Stub::illegal_instruction, pc); }

/// Leaves at `pc` when somebody wants attention.
void Emitter::poll(u64 pc) {
    code_->cmp(state(attention, 4), 0);
    rare_leave(CondCode::kNE, Stub::resume, pc);
}

void Emitter::jump(u64 target, isa::Hint hint) {
    bool is_call = hint == isa::Hint::call || hint == isa::Hint::call_and_return;
    if (!is_call && follow != nullptr && follow(builder, target)) {
        jumped_ = true;
        jump_target_ = target;
        return;
    }
    // The jump's own effects are made already (a link register): attention continues behind it.
    if (target <= here_.pc) poll(target);
    if (!is_call) return leave_to(target);
    direct_exit(code_.linkable_call(), target);
    landing(here_.next());
}

/// Behind a call: rax is where the guest returns to.
void Emitter::landing(u64 return_pc) {
    code_->mov(gp(rcx), asmjit::Imm(return_pc));
    code_->cmp(gp(rax), gp(rcx));
    to_stub(code_.jump_away(CondCode::kNE), Stub::resume);
    leave_to(return_pc);
}

void Emitter::branch(const I1& condition, u64 target) {
    Value* truth = condition.get();
    if (is_constant(truth)) {
        if (truth->constant != 0) jump(target, isa::Hint::none);
        return;
    }
    settle_effects(nullptr);
    branched_ = true;
    if (target <= here_.pc && truth->op == Op::flag_condition && truth->kind == Kind::op && flags_are_in_host(truth->a)) {
        // The look at what waits would cost the flags: it stands behind the decision.
        Assembly::Forward stays = code_.jump_far(negated(compare(truth)));
        poll(target);
        direct_jump(target);
        code_.bind(stays);
        code_.note_flags(truth->a->kind == Kind::slot ? &flags_in_state : nullptr);
        return;
    }
    if (target <= here_.pc) poll(here_.pc);
    direct_branch(compare(truth), target);
}

void Emitter::indirect(const I64& target, isa::Hint hint) {
    settle_effects(nullptr);
    if (is_constant(target.get())) return jump(target->constant, hint);
    Value* place = fresh_in(rax, 64);
    if (target->kind == Kind::op)
        into(target.get(), rax);
    else
        copy_to(rax, target.get(), 64);
    place->pins = 0;
    ended_ = true;
    if (hint == isa::Hint::return_) {
        code_->ret();
        return;
    }
    bool is_call = hint == isa::Hint::call || hint == isa::Hint::call_and_return;
    // rcx: the entry's distance, (pc / 2 mod entries) × 16
    code_->cmp(state(attention, 4), 0);
    add_rare(Rare::What::resume, code_.jump_away(CondCode::kNE), 0);
    code_->mov(gp(rcx, 32), gp(rax, 32));
    code_->and_(gp(rcx, 32), asmjit::Imm((jump_table_size - 1) * 2));
    x86::Mem tag(x86::rbp, gp(rcx), 3, layout_->jump_table(), 8);
    x86::Mem code(x86::rbp, gp(rcx), 3, layout_->jump_table() + 8, 8);
    code_->cmp(gp(rax), tag);
    if (!is_call) {
        to_stub(code_.jump_away(CondCode::kNE), Stub::resume);
        code_->jmp(code);
        return;
    }
    u32 miss = code_.jump_away(CondCode::kNE);
    code_->call(code);
    u32 back = code_.offset();
    add_rare(Rare::What::miss_call, miss, 0, Stub::resume, no_register, back);
    landing(here_.next());
}

void Emitter::exit(isa::ExitReason reason) {
    settle_effects(nullptr);
    leave(stub_of(reason), here_.pc);
}

void Emitter::exit_unless(const I1& condition, isa::ExitReason reason) {
    Value* truth = condition.get();
    if (is_constant(truth)) {
        if (truth->constant == 0) exit(reason);
        return;
    }
    CondCode code = compare(truth);
    rare_leave(negated(code), stub_of(reason), here_.pc);
}

void Emitter::vm_call(u32 number) {
    code_->mov(state(detail), asmjit::Imm(number));
    leave(Stub::vm_call, here_.pc);
}

void Emitter::end_block() {
    for (const Rare& rare : rare_) {
        code_.set_displacement(rare.at, i32(code_.offset()) - i32(rare.at) - 4);
        switch (rare.what) {
            case Rare::What::leave:
                if (rare.stub == Stub::misaligned && rare.reg != no_register) code_->mov(state(fault_address), gp(rare.reg));
                if (rare.in_loop) change_places();
                load_constant(rax, rare.pc);
                to_stub(code_.jump_away(), rare.stub);
                break;
            case Rare::What::resume:
                to_stub(code_.jump_away(), Stub::resume);
                break;
            case Rare::What::exit:
                change_places();
                direct_exit(code_.linkable_jump(), rare.pc);
                break;
            case Rare::What::miss_call:
                // The return comes back here, and goes on where it would have.
                to_stub(code_.call_away(), Stub::resume);
                code_.jump_to(rare.back);
                break;
            case Rare::What::unordered:  // carry and overflow, in the host and in rax
                code_->mov(gp(rax, 32), asmjit::Imm(isa::Flags::overflow));
                code_->add(gp8(rax), asmjit::Imm(0x7f));
                code_->sahf();
                code_->mov(gp(rax, 32), asmjit::Imm(isa::Flags::overflow));
                code_.jump_to(rare.back);
                break;
            case Rare::What::nan32:
            case Rare::What::nan64:
                move_vector_from(rare.reg, rare.what == Rare::What::nan32 ? offsetof(Context, nan32) : offsetof(Context, nan64));
                code_.jump_to(rare.back);
                break;
        }
    }
    for (const Pending& exit : exits_) {
        u32 unlinked = code_.offset();
        code_.set_displacement(exit.at, i32(unlinked) - i32(exit.at) - 4);
        to_stub(code_.call_away(), Stub::link);
        translation_->exits.push_back({exit.at, unlinked, exit.target});
    }
    translation_->code.assign(code_.data(), code_.data() + code_.offset());
}

}  // namespace lyrebird::x64
