#include "translator/x64/stubs.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;

namespace {

class StubAssembler {
  public:
    StubAssembler(Assembly& code, const Layout& layout, const Features& features)
        : code_(code), layout_(layout), features_(features) {}

    Stubs assemble() {
        code_.restart();
        enter();
        leave_common();
        leaving(Stub::resume, isa::ExitReason::none, Request::none);
        leaving(Stub::interpret, isa::ExitReason::none, Request::interpret);
        leaving(Stub::system_call, isa::ExitReason::system_call, Request::none);
        leaving(Stub::vm_call, isa::ExitReason::vm_call, Request::none);
        leaving(Stub::breakpoint, isa::ExitReason::breakpoint, Request::none);
        leaving(Stub::illegal_instruction, isa::ExitReason::illegal_instruction, Request::none);
        leaving(Stub::misaligned, isa::ExitReason::misaligned, Request::none);
        leaving(Stub::instruction_fence, isa::ExitReason::instruction_fence, Request::none);
        link();
        fault();
        empty();
        helper(Stub::helper, false);
        helper(Stub::carry_out, true);
        stubs_.size = code_.offset();
        return stubs_;
    }

  private:
    x86::Mem state(std::size_t offset, u32 size = 8) const { return {x86::rbp, layout_.state(offset), size}; }
    x86::Mem context(std::size_t offset, u32 size = 8) const { return {x86::rbp, layout_.context(offset), size}; }

    void begin(Stub stub) { stubs_.places[std::size_t(stub)] = code_.offset(); }

    void load_homes() {
        for (Home home : layout_.vectors()) code_->emit(vector_move(), x86::xmm(home.host), vector_place(home));
        for (Home home : layout_.integers()) code_->mov(x86::gpq(home.host), state(home.offset));
    }
    void store_homes() {
        for (Home home : layout_.integers()) code_->mov(state(home.offset), x86::gpq(home.host));
        for (Home home : layout_.vectors()) code_->emit(vector_move(), vector_place(home), x86::xmm(home.host));
    }
    x86::Mem vector_place(Home home) const { return state(home.offset, layout_.vectors_are_wide ? 16 : 8); }
    x86::Inst::Id vector_move() const {
        if (layout_.vectors_are_wide) return features_.avx ? x86::Inst::kIdVmovaps : x86::Inst::kIdMovaps;
        return features_.avx ? x86::Inst::kIdVmovsd : x86::Inst::kIdMovsd;
    }

    void enter() {
        stubs_.enter = code_.offset();
        for (auto reg : {x86::rbx, x86::rbp, x86::r12, x86::r13, x86::r14, x86::r15}) code_->push(reg);
        code_->mov(x86::rbp, x86::rdi);
        code_->mov(x86::rax, x86::rsi);
        code_->mov(context(offsetof(Context, host_stack)), x86::rsp);
        code_->mov(x86::rsp, context(offsetof(Context, return_stack)));
        code_->ldmxcsr(context(offsetof(Context, guest_mxcsr), 4));
        load_homes();
        code_->jmp(x86::rax);
    }

    void leave_common() {
        leave_ = code_.offset();
        store_homes();
        code_->stmxcsr(context(offsetof(Context, left_mxcsr), 4));
        code_->ldmxcsr(context(offsetof(Context, host_mxcsr), 4));
        code_->mov(context(offsetof(Context, return_stack)), x86::rsp);
        code_->mov(x86::rsp, context(offsetof(Context, host_stack)));
        return_to_host();
    }
    void return_to_host() {
        for (auto reg : {x86::r15, x86::r14, x86::r13, x86::r12, x86::rbp, x86::rbx}) code_->pop(reg);
        code_->ret();
    }

    void leaving(Stub stub, isa::ExitReason reason, Request request) {
        begin(stub);
        code_->mov(state(layout_.pc), x86::rax);
        code_->mov(state(offsetof(isa::VmState, exit), 4), asmjit::Imm(u32(reason)));
        code_->mov(context(offsetof(Context, request), 4), asmjit::Imm(u32(request)));
        code_.jump_to(leave_);
    }

    /// Called: the return address says which exit it was.
    void link() {
        begin(Stub::link);
        code_->pop(context(offsetof(Context, link_site)));
        code_->mov(context(offsetof(Context, request), 4), asmjit::Imm(u32(Request::link)));
        code_.jump_to(leave_);
    }

    /// The fault handler has noted where it happened; the registers are as they were.
    void fault() {
        begin(Stub::fault);
        code_->mov(state(offsetof(isa::VmState, exit), 4), asmjit::Imm(u32(isa::ExitReason::data_fault)));
        code_->mov(context(offsetof(Context, request), 4), asmjit::Imm(u32(Request::none)));
        code_.jump_to(leave_);
    }

    /// A return with nothing on the return stack comes here: the last entry stays where it is.
    void empty() {
        begin(Stub::empty);
        code_->sub(x86::rsp, 8);
        code_.jump_to(stubs_.places[std::size_t(Stub::resume)]);
    }

    /// `tier_0`: the function computes with floats in the host's own mode, and the guest's flags are kept meanwhile; and where it
    /// answers other than 0 guest code is left, with what stands in State.
    void helper(Stub stub, bool tier_0) {
        begin(stub);
        store_homes();
        if (tier_0) {
            code_->stmxcsr(context(offsetof(Context, left_mxcsr), 4));
            code_->ldmxcsr(context(offsetof(Context, host_mxcsr), 4));
        }
        code_->add(x86::rax, context(offsetof(Context, image_base)));
        code_->mov(context(offsetof(Context, return_stack)), x86::rsp);
        code_->mov(x86::rsp, context(offsetof(Context, host_stack)));
        code_->sub(x86::rsp, 8);
        std::size_t arguments = offsetof(Context, arguments);
        code_->mov(x86::rdi, context(arguments));
        code_->mov(x86::rsi, context(arguments + 8));
        code_->mov(x86::rdx, context(arguments + 16));
        code_->mov(x86::rcx, context(arguments + 24));
        code_->call(x86::rax);
        code_->mov(context(offsetof(Context, result)), x86::rax);
        asmjit::Label left = code_->newLabel();
        if (tier_0) {
            code_->test(x86::rax, x86::rax);
            code_->jnz(left);
        }
        code_->mov(x86::rsp, context(offsetof(Context, return_stack)));
        if (tier_0) code_->ldmxcsr(context(offsetof(Context, left_mxcsr), 4));
        load_homes();
        code_->ret();
        if (!tier_0) return;
        code_->bind(left);
        code_->add(context(offsetof(Context, return_stack)), 8);  // nobody returns to the block
        code_->mov(context(offsetof(Context, request), 4), asmjit::Imm(u32(Request::none)));
        code_->add(x86::rsp, 8);
        return_to_host();
    }

    Assembly& code_;
    const Layout& layout_;
    const Features& features_;
    Stubs stubs_;
    u32 leave_ = 0;
};

}  // namespace

Stubs assemble_stubs(Assembly& assembly, const Layout& layout, const Features& features) {
    return StubAssembler(assembly, layout, features).assemble();
}

}  // namespace lyrebird::x64
