// Loops: a block that jumps back to its own beginning stands in memory twice. The first round runs where every other block
// would; the jump back leads to the copy, in which the registers that the loop uses most have homes, whichever those are: on
// the way in, pairs of registers change places, and back again on every way out. A loop that ends after one round pays nothing.
//
// What must stay true: while in_loop_ is set, state() and the layout say where registers are in the loop; whatever leaves the
// copy, by a stub or by a link, changes places first; a fault's handler does the same with State (CodeCache::access_at).
#include <algorithm>

#include "translator/x64/emitter.hpp"

namespace lyrebird::x64 {

namespace {
constexpr int worth_it = 2;  // uses in a round that a home must save
constexpr std::size_t exchange_size = 16;  // of the code for a pair, at most
constexpr std::size_t most_code = 3000;    // that a copy may come to, so that both fit into the smallest segment
}

/// A conditional exit, or the jump back of a loop.
void Emitter::direct_branch(CondCode condition, u64 target) {
    if (in_loop_) {
        u32 at = code_.jump_away(condition);
        if (!goes_round(target)) return add_rare(Rare::What::exit, at, target);
        return code_.set_displacement(at, i32(loop_head_) - i32(at) - 4);
    }
    u32 at = code_.linkable_jump(condition);
    if (target == translation_->pc) note_back_edge(at);
    direct_exit(at, target);
}

void Emitter::direct_jump(u64 target) {
    if (in_loop_) {
        if (goes_round(target)) return code_.jump_to(loop_head_);
        change_places();
    }
    u32 at = code_.linkable_jump();
    if (target == translation_->pc && !in_loop_) note_back_edge(at);
    direct_exit(at, target);
}

bool Emitter::goes_round(u64 target) const { return target == translation_->pc && !surroundings_->single_rounds; }

void Emitter::note_back_edge(u32 at) {
    back_edges_.push_back(at);
    loop_uses_ = uses_;
    loop_length_ = translation_->instructions;
}

bool Emitter::begin_loop() {
    if (loop_length_ == 0) return false;
    choose_exchanges();
    std::size_t ways_out = rare_.size() + exits_.size() + 1;
    if (code_.offset() + ways_out * translation_->exchanges.size() * exchange_size > most_code) translation_->exchanges.clear();
    if (translation_->exchanges.empty()) return false;
    if (surroundings_->single_rounds) forget_first_round();
    for (u32 at : back_edges_) {
        code_.set_displacement(at, i32(code_.offset()) - i32(at) - 4);
        std::erase_if(exits_, [at](const Pending& exit) { return exit.at == at; });
    }
    change_places();
    loop_layout_ = *surroundings_->layout;
    for (Exchange pair : translation_->exchanges) loop_layout_.exchange(pair);
    layout_ = &loop_layout_;
    translation_->loop = loop_head_ = code_.offset();
    in_loop_ = true;
    ended_ = false;
    boxed_.fill(0);
    known_.clear();
    postponed_ = simple_ = {};
    code_.note_flags(nullptr);  // the copy is entered from every jump back
    return true;
}

void Emitter::forget_first_round() {
    code_->setOffset(0);
    rare_.clear();
    exits_.clear();
    back_edges_.clear();
    translation_->accesses.clear();
    translation_->stubs.clear();
    translation_->instructions = loop_length_;
}

void Emitter::end_loop(u64 pc) {
    if (!ended_) leave_to(pc);
    in_loop_ = false;
    layout_ = surroundings_->layout;
}

/// The most used registers without a home get those of the least used ones.
void Emitter::choose_exchanges() {
    const Layout& layout = *surroundings_->layout;
    auto uses = [this](u16 offset) { return int{loop_uses_[offset / 8U]}; };
    std::array<u16, 16> homed;
    std::array<u16, 32> homeless;
    std::size_t homed_count = 0, homeless_count = 0;
    for (Home home : layout.integers()) homed[homed_count++] = home.offset;
    for (u16 offset : layout.homeless()) {
        if (uses(offset) >= worth_it) homeless[homeless_count++] = offset;
    }
    std::stable_sort(homed.begin(), homed.begin() + homed_count, [&](u16 a, u16 b) { return uses(a) < uses(b); });
    std::stable_sort(homeless.begin(), homeless.begin() + homeless_count, [&](u16 a, u16 b) { return uses(a) > uses(b); });
    for (std::size_t at = 0; at < std::min(homed_count, homeless_count); ++at) {
        if (uses(homeless[at]) - uses(homed[at]) < worth_it) return;
        translation_->exchanges.push_back({homed[at], homeless[at]});
    }
}

/// Its own inverse. Uses rax.
void Emitter::change_places() {
    const Layout& layout = *surroundings_->layout;
    for (Exchange pair : translation_->exchanges) {
        Gp home = gp(u8(layout.integer_home(pair.homed)));
        Mem place(asmjit::x86::rbp, layout.state(pair.homeless), 8);
        code_->mov(gp(rax), place);
        code_->mov(place, home);
        code_->mov(home, gp(rax));
    }
}

/// In the loop's copy: where in State the register is that has its place at `offset` elsewhere.
std::size_t Emitter::place_in_loop(std::size_t offset) const {
    for (Exchange pair : translation_->exchanges) {
        if (pair.homed == offset) return pair.homeless;
    }
    return offset;
}

}  // namespace lyrebird::x64
