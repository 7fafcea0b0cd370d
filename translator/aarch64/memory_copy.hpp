// Copying and setting memory, FEAT_MOPS (Arm ARM C4.1.96, Memory Copy and Memory Set; C6.2). An operation is three instructions:
// the prologue brings the registers into the form of option A and touches no memory, the main one does everything, the epilogue
// what somebody's wish for attention has left. See memory_steps.hpp.
//
// The options (unprivileged, non-temporal) are nothing to EL0. What is constrained unpredictable with registers that are the same,
// or are number 31, is undefined here. A step whose flags speak of option B, or whose size has an impossible sign, raises the
// exception of which Linux begins the operation anew: ExitReason::foreign_step.
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/formats.hpp"
#include "translator/aarch64/memory_steps.hpp"

namespace lyrebird::aarch64 {

/// Destination, source, size, options.
struct CopyOperands {
    using Operands = CopyOperands;
    u8 rd, rs, rn, options;
    constexpr bool operator==(const CopyOperands&) const = default;
    static constexpr CopyOperands decode(u32 word) { return {rd_of(word), rm_of(word), rn_of(word), field(word, 12, 4)}; }
    static constexpr u32 encode(CopyOperands o) {
        return u32(o.rd) | u32(o.rs) << 16 | u32(o.rn) << 5 | u32(o.options) << 12;
    }
    static constexpr bool allocated(u32 word) {
        const CopyOperands o = decode(word);
        return o.rd != 31 && o.rs != 31 && o.rn != 31 && o.rd != o.rs && o.rd != o.rn && o.rs != o.rn;
    }
    static constexpr std::array<std::string_view, 16> option_names{
        "", "wt", "rt", "t", "wn", "wtwn", "rtwn", "twn", "rn", "wtrn", "rtrn", "trn", "n", "wtn", "rtn", "tn"};
    static constexpr void text(auto& t, auto& o) {
        t.literal("["), t.reg(x_names, o.rd), t.literal("]!, ["), t.reg(x_names, o.rs), t.literal("]!, ");
        t.reg(x_names, o.rn), t.literal("!"), t.optional_word(option_names, o.options, 0);
    }
};
/// Destination, size, byte, options.
struct SetOperands {
    using Operands = SetOperands;
    u8 rd, rn, rs, options;
    constexpr bool operator==(const SetOperands&) const = default;
    static constexpr SetOperands decode(u32 word) { return {rd_of(word), rn_of(word), rm_of(word), field(word, 12, 2)}; }
    static constexpr u32 encode(SetOperands o) {
        return u32(o.rd) | u32(o.rn) << 5 | u32(o.rs) << 16 | u32(o.options) << 12;
    }
    static constexpr bool allocated(u32 word) {
        const SetOperands o = decode(word);
        return o.rd != 31 && o.rn != 31 && o.rd != o.rn && o.rs != o.rd && o.rs != o.rn;
    }
    static constexpr std::array<std::string_view, 4> option_names{"", "t", "n", "tn"};
    static constexpr void text(auto& t, auto& o) {
        t.literal("["), t.reg(x_names, o.rd), t.literal("]!, "), t.reg(x_names, o.rn), t.literal("!, ");
        t.reg(x_names, o.rs), t.optional_word(option_names, o.options, 0);
    }
};

/// The size as far as one operation goes.
template <u64 Most, Emitter E>
constexpr typename E::I64 saturated_size(E& e, u8 rn) {
    auto asked = e.get(x_slot(rn));
    auto most = e.imm(Most);
    return e.select(e.lt_u(most, asked), most, asked);
}
inline constexpr u64 most_upwards = 0x7fff'ffff'ffff'ffff, most_both_ways = 0x007f'ffff'ffff'ffff;

struct cpyfp : Instruction<"cpyfp", "00 011 0 01 00 0 ..... .... 01 ..... .....", CopyOperands> {
    template <Emitter E>
    static constexpr void run(E& e, CopyOperands o, Here) {
        auto size = saturated_size<most_upwards>(e, o.rn);
        auto to = e.add(e.get(x_slot(o.rd)), size);
        auto from = e.add(e.get(x_slot(o.rs)), size);
        e.set(x_slot(o.rd), to);
        e.set(x_slot(o.rs), from);
        e.set(x_slot(o.rn), e.neg(size));
        e.set(flags_slot, e.flags_imm(0));
    }
};
/// Downwards where the destination begins within the source; addresses count without their tags.
struct cpyp : Instruction<"cpyp", "00 011 1 01 00 0 ..... .... 01 ..... .....", CopyOperands> {
    template <Emitter E>
    static constexpr void run(E& e, CopyOperands o, Here) {
        auto size = saturated_size<most_both_ways>(e, o.rn);
        auto to = e.get(x_slot(o.rd));
        auto from = e.get(x_slot(o.rs));
        auto address = e.imm((u64{1} << 56) - 1);
        auto target = e.and_(to, address);
        auto source = e.and_(from, address);
        auto source_end = e.add(from, size);
        source_end = e.and_(source_end, address);
        auto above = e.lt_u(source, target);
        auto inside = e.lt_u(target, source_end);
        auto downwards = e.zext(e.and_(above, inside));
        auto none = e.imm(0);
        auto moved = e.select(e.eq(downwards, none), size, none);
        auto twice = e.add(moved, moved);
        auto left = e.sub(size, twice);
        auto moved_to = e.add(to, moved);
        auto moved_from = e.add(from, moved);
        e.set(x_slot(o.rd), moved_to);
        e.set(x_slot(o.rs), moved_from);
        e.set(x_slot(o.rn), left);
        e.set(flags_slot, e.flags_imm(0));
    }
};
template <isa::Text Name, isa::Text Bits, bool OnlyUpwards>
struct CopyStep : Instruction<Name, Bits, CopyOperands> {
    template <Emitter E>
    static constexpr void run(E& e, CopyOperands o, Here) {
        auto to = e.imm(o.rd);
        auto from = e.imm(o.rs);
        auto size = e.imm(o.rn);
        auto only_upwards = e.imm(OnlyUpwards);
        e.template work_in_memory<steps::copy_rest>(to, from, size, only_upwards);
    }
};
struct cpyfm : CopyStep<"cpyfm", "00 011 0 01 01 0 ..... .... 01 ..... .....", true> {};
struct cpyfe : CopyStep<"cpyfe", "00 011 0 01 10 0 ..... .... 01 ..... .....", true> {};
struct cpym : CopyStep<"cpym", "00 011 1 01 01 0 ..... .... 01 ..... .....", false> {};
struct cpye : CopyStep<"cpye", "00 011 1 01 10 0 ..... .... 01 ..... .....", false> {};

struct setp : Instruction<"setp", "00 011 0 01 11 0 ..... 00.. 01 ..... .....", SetOperands> {
    template <Emitter E>
    static constexpr void run(E& e, SetOperands o, Here) {
        auto size = saturated_size<most_upwards>(e, o.rn);
        auto to = e.add(e.get(x_slot(o.rd)), size);
        e.set(x_slot(o.rd), to);
        e.set(x_slot(o.rn), e.neg(size));
        e.set(flags_slot, e.flags_imm(0));
    }
};
template <isa::Text Name, isa::Text Bits>
struct SetStep : Instruction<Name, Bits, SetOperands> {
    template <Emitter E>
    static constexpr void run(E& e, SetOperands o, Here) {
        auto byte = x(e, o.rs);
        auto to = e.imm(o.rd);
        auto size = e.imm(o.rn);
        e.template work_in_memory<steps::set_rest>(to, size, byte);
    }
};
struct setm : SetStep<"setm", "00 011 0 01 11 0 ..... 01.. 01 ..... ....."> {};
struct sete : SetStep<"sete", "00 011 0 01 11 0 ..... 10.. 01 ..... ....."> {};

using MemoryCopies = InstructionList<cpyfp, cpyfm, cpyfe, cpyp, cpym, cpye, setp, setm, sete>;

}  // namespace lyrebird::aarch64
