// System registers, cache maintenance, barriers and hints as EL0 has them under Linux (Arm ARM C4.1.94, C5). Anything else that
// MRS and MSR can name is undefined at EL0.
#pragma once

#include "translator/aarch64/access.hpp"
#include "translator/aarch64/counters.hpp"
#include "translator/aarch64/features.hpp"
#include "translator/aarch64/formats.hpp"

namespace lyrebird::aarch64 {

// ---- registers ----

inline constexpr u32 nzcv_register = system_register(3, 3, 4, 2, 0), dit_register = system_register(3, 3, 4, 2, 5),
                     ssbs_register = system_register(3, 3, 4, 2, 6), fpcr_register = system_register(3, 3, 4, 4, 0),
                     fpsr_register = system_register(3, 3, 4, 4, 1), tpidr_register = system_register(3, 3, 13, 0, 2),
                     tpidrro_register = system_register(3, 3, 13, 0, 3), cntfrq_register = system_register(3, 3, 14, 0, 0),
                     cntvct_register = system_register(3, 3, 14, 0, 2), ctr_register = system_register(3, 3, 0, 0, 1),
                     dczid_register = system_register(3, 3, 0, 0, 7), rndr_register = system_register(3, 3, 2, 4, 0),
                     rndrrs_register = system_register(3, 3, 2, 4, 1);

/// What of FPCR can be written: AHP, DN, FZ, RMode, FZ16.
inline constexpr u64 fpcr_mask = 0x07c8'0000;

/// rt, the register.
struct SystemRegister {
    using Operands = SystemRegister;
    u8 rt;
    u16 number;
    constexpr bool operator==(const SystemRegister&) const = default;
    static constexpr SystemRegister decode(u32 word) { return {rd_of(word), u16(bits(word, 5, 16))}; }
    static constexpr u32 encode(SystemRegister o) { return u32(o.rt) | u32(o.number & 0x7fff) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rt), t.comma(), t.hex(o.number); }
};

/// The five cumulative flags turned round, and IDC and QC where they are: see state.hpp.
template <Emitter E>
constexpr typename E::I64 turned_fpsr(E& e, typename E::I64 value) {
    auto low = e.shr(e.reverse_bits(e.and_(value, e.imm(31))), e.imm(59));
    return e.or_(low, e.and_(value, e.imm(fpsr_input_denormal | fpsr_saturated)));
}

struct mrs : Instruction<"mrs", "110101010011 ....................", SystemRegister> {
    template <Emitter E>
    static constexpr void run(E& e, SystemRegister o, Here) {
        switch (o.number) {
            case nzcv_register: return set_x(e, o.rt, e.flags_to_bits(e.get(flags_slot)));
            case dit_register: return set_x(e, o.rt, e.and_(e.zext(e.get(pstate_slot)), e.imm(pstate_dit)));
            case ssbs_register: return set_x(e, o.rt, e.and_(e.zext(e.get(pstate_slot)), e.imm(pstate_ssbs)));
            case fpcr_register: return set_x(e, o.rt, e.zext(e.get(fpcr_slot)));
            case fpsr_register: return set_x(e, o.rt, turned_fpsr(e, e.zext(e.get(fpsr_slot))));
            case tpidr_register: return set_x(e, o.rt, e.get(thread_pointer_slot));
            case tpidrro_register: return set_x(e, o.rt, e.imm(0));
            case cntfrq_register: return set_x(e, o.rt, e.imm(counter_frequency));
            case cntvct_register: return set_x(e, o.rt, e.template helper<read_counter>());
            case ctr_register: return set_x(e, o.rt, e.imm(ctr_value));
            case dczid_register: return set_x(e, o.rt, e.imm(dczid_value));
            case rndr_register:
            case rndrrs_register: {
                auto number = e.template helper<read_random>();
                set_x(e, o.rt, number);
                return e.set(flags_slot, e.flags_imm(0));
            }
            default: break;
        }
        const u64 options = e.has(option_pointer_authentication) ? option_pointer_authentication : 0;
        if (auto value = id_register(o.number, options)) return set_x(e, o.rt, e.imm(*value));
        e.exit(ExitReason::illegal_instruction);
    }
};
struct msr : Instruction<"msr", "110101010001 ....................", SystemRegister> {
    template <Emitter E>
    static constexpr void run(E& e, SystemRegister o, Here) {
        auto value = x(e, o.rt);
        switch (o.number) {
            case nzcv_register: return e.set(flags_slot, e.flags_from_bits(value));
            case dit_register: return set_pstate(e, pstate_dit, value);
            case ssbs_register: return set_pstate(e, pstate_ssbs, value);
            case fpcr_register: return e.set(fpcr_slot, e.trunc(e.and_(value, e.imm(fpcr_mask))));
            case fpsr_register: return e.set(fpsr_slot, e.trunc(turned_fpsr(e, value)));
            case tpidr_register: return e.set(thread_pointer_slot, value);
            default: return e.exit(ExitReason::illegal_instruction);
        }
    }
    template <Emitter E>
    static constexpr void set_pstate(E& e, u32 bit, typename E::I64 value) {
        auto kept = e.and_(e.zext(e.get(pstate_slot)), e.imm(~u64{bit}));
        e.set(pstate_slot, e.trunc(e.or_(kept, e.and_(value, e.imm(bit)))));
    }
};

/// A four-bit number in CRm.
struct SmallNumber {
    using Operands = SmallNumber;
    u8 number;
    constexpr bool operator==(const SmallNumber&) const = default;
    static constexpr SmallNumber decode(u32 word) { return {field(word, 8, 4)}; }
    static constexpr u32 encode(SmallNumber o) { return u32(o.number) << 8; }
    static constexpr void text(auto& t, auto& o) { t.literal("#"), t.number(o.number); }
};
/// A bit of PSTATE by its name.
template <u32 Bit>
struct PstateBit : SmallNumber {
    using Operands = PstateBit;
    static constexpr PstateBit decode(u32 word) { return {SmallNumber::decode(word)}; }
    static constexpr u32 encode(PstateBit o) { return SmallNumber::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.literal(Bit == pstate_dit ? "dit, #" : "ssbs, #"), t.number(o.number);
    }
};
template <isa::Text Name, isa::Text Bits, u32 Bit>
struct MsrImmediate : Instruction<Name, Bits, PstateBit<Bit>> {
    template <Emitter E>
    static constexpr void run(E& e, PstateBit<Bit> o, Here) {
        auto old = e.zext(e.get(pstate_slot));
        auto value = (o.number & 1) != 0 ? e.or_(old, e.imm(Bit)) : e.and_(old, e.imm(~u64{Bit}));
        e.set(pstate_slot, e.trunc(value));
    }
};
struct msr_dit : MsrImmediate<"msr_dit", "1101010100000 011 0100 .... 010 11111", pstate_dit> {};
struct msr_ssbs : MsrImmediate<"msr_ssbs", "1101010100000 011 0100 .... 001 11111", pstate_ssbs> {};

// ---- flags (FEAT_FlagM, FEAT_FlagM2) ----

template <isa::Text Name, isa::Text Bits, auto Change>
struct FlagChange : Instruction<Name, Bits, Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        auto flags = e.flags_to_bits(e.get(flags_slot));
        e.set(flags_slot, e.flags_from_bits(Change(e, flags)));
    }
};
namespace flag_change {
constexpr u64 n = u64{1} << 31, z = u64{1} << 30, c = u64{1} << 29, v = u64{1} << 28;
inline constexpr auto invert_carry = [](auto& e, auto flags) { return e.xor_(flags, e.imm(c)); };
/// From the result of a floating-point comparison to the form that other processors have: Z | V, C & !V.
inline constexpr auto to_external = [](auto& e, auto flags) {
    auto overflow = e.and_(flags, e.imm(v));
    auto zero = e.and_(e.or_(flags, e.shl(overflow, e.imm(2))), e.imm(z));
    auto carry = e.and_(e.and_(flags, e.not_(e.shl(overflow, e.imm(1)))), e.imm(c));
    return e.or_(zero, carry);
};
/// Back: N = !C & !Z, Z = Z & C, C = C | Z, V = !C & Z.
inline constexpr auto from_external = [](auto& e, auto flags) {
    auto carry = e.shl(e.and_(flags, e.imm(c)), e.imm(2));  // all at N's place
    auto zero = e.shl(e.and_(flags, e.imm(z)), e.imm(1));
    auto both = e.and_(carry, zero);
    auto either = e.or_(carry, zero);
    auto negative = e.and_(e.not_(either), e.imm(n));
    auto overflow = e.and_(zero, e.not_(carry));
    auto upper = e.or_(negative, e.shr(both, e.imm(1)));
    return e.or_(upper, e.or_(e.shr(either, e.imm(2)), e.shr(overflow, e.imm(3))));
};
}  // namespace flag_change
struct cfinv : FlagChange<"cfinv", "1101010100000 000 0100 0000 000 11111", flag_change::invert_carry> {};
struct xaflag : FlagChange<"xaflag", "1101010100000 000 0100 0000 001 11111", flag_change::from_external> {};
struct axflag : FlagChange<"axflag", "1101010100000 000 0100 0000 010 11111", flag_change::to_external> {};

/// rn, a rotation, a mask of flags.
struct RotateIntoFlags {
    using Operands = RotateIntoFlags;
    u8 rn, rotation, mask;
    constexpr bool operator==(const RotateIntoFlags&) const = default;
    static constexpr RotateIntoFlags decode(u32 word) { return {rn_of(word), field(word, 15, 6), field(word, 0, 4)}; }
    static constexpr u32 encode(RotateIntoFlags o) { return u32(o.rn) << 5 | u32(o.rotation) << 15 | u32(o.mask); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rn), t.literal(", #"), t.number(o.rotation), t.literal(", #"), t.number(o.mask);
    }
};
struct rmif : Instruction<"rmif", "101 11010000 ...... 00001 ..... 0 ....", RotateIntoFlags> {
    template <Emitter E>
    static constexpr void run(E& e, RotateIntoFlags o, Here) {
        auto old = e.flags_to_bits(e.get(flags_slot));
        auto a = e.shl(e.ror(x(e, o.rn), e.imm(o.rotation)), e.imm(28));
        const u64 mask = u64{o.mask} << 28;
        e.set(flags_slot, e.flags_from_bits(e.or_(e.and_(old, e.imm(~mask)), e.and_(a, e.imm(mask)))));
    }
};
/// rn.
struct OneRegister {
    using Operands = OneRegister;
    u8 rn;
    constexpr bool operator==(const OneRegister&) const = default;
    static constexpr OneRegister decode(u32 word) { return {rn_of(word)}; }
    static constexpr u32 encode(OneRegister o) { return u32(o.rn) << 5; }
    static constexpr void text(auto& t, auto& o) { t.reg(w_names, o.rn); }
};
/// N and Z of a narrow value, V where the bit above its sign differs from it; C stays.
template <isa::Text Name, isa::Text Bits, int Width>
struct SetFlagsOf : Instruction<Name, Bits, OneRegister> {
    template <Emitter E>
    static constexpr void run(E& e, OneRegister o, Here) {
        auto carry = e.and_(e.flags_to_bits(e.get(flags_slot)), e.imm(flag_change::c));
        auto a = x(e, o.rn);
        auto negative = e.and_(e.shl(a, e.imm(32 - Width)), e.imm(flag_change::n));
        auto zero = e.shl(e.zext(e.eq(e.template zext_from<Width>(a), e.imm(0))), e.imm(30));
        auto changes = e.xor_(a, e.shr(a, e.imm(1)));
        auto overflow = e.and_(e.shl(changes, e.imm(28 - (Width - 1))), e.imm(flag_change::v));
        e.set(flags_slot, e.flags_from_bits(e.or_(e.or_(carry, negative), e.or_(zero, overflow))));
    }
};
struct setf8 : SetFlagsOf<"setf8", "00111010000 000000 0 0010 ..... 01101", 8> {};
struct setf16 : SetFlagsOf<"setf16", "00111010000 000000 1 0010 ..... 01101", 16> {};

// ---- barriers and hints ----

/// Hints that EL0 need not know the meaning of do nothing: among them BTI, and instructions that later architectures will put
/// there.
struct Hints {
    using Operands = Hints;
    u8 number;
    constexpr bool operator==(const Hints&) const = default;
    static constexpr Hints decode(u32 word) { return {field(word, 5, 7)}; }
    static constexpr u32 encode(Hints o) { return u32(o.number) << 5; }
    static constexpr void text(auto& t, auto& o) { t.literal("#"), t.number(o.number); }
};
struct hint : Instruction<"hint", "11010101000000110010 .... ... 11111", Hints> {
    template <Emitter E>
    static constexpr void run(E& e, Hints o, Here) {
        constexpr u8 yield = 1, wait_for_event = 2, wait_for_interrupt = 3;
        if (o.number == yield || o.number == wait_for_event || o.number == wait_for_interrupt) e.pause();
    }
};
/// FEAT_WFxT: with a time-out in a register. Either may return early.
struct TimeOut {
    using Operands = TimeOut;
    u8 rt;
    constexpr bool operator==(const TimeOut&) const = default;
    static constexpr TimeOut decode(u32 word) { return {rd_of(word)}; }
    static constexpr u32 encode(TimeOut o) { return o.rt; }
    static constexpr void text(auto& t, auto& o) { t.reg(x_names, o.rt); }
};
template <isa::Text Name, isa::Text Bits>
struct WaitWithTimeOut : Instruction<Name, Bits, TimeOut> {
    template <Emitter E>
    static constexpr void run(E& e, TimeOut, Here) {
        e.pause();
    }
};
struct wfet : WaitWithTimeOut<"wfet", "11010101000000110001 0000 000 ....."> {};
struct wfit : WaitWithTimeOut<"wfit", "11010101000000110001 0000 001 ....."> {};

struct clrex : Instruction<"clrex", "11010101000000110011 .... 010 11111", SmallNumber> {
    template <Emitter E>
    static constexpr void run(E& e, SmallNumber, Here) {
        e.set(reservation_slot, e.imm(isa::Reservation::nowhere));
        e.pause();  // whoever waits for the reservation's end need not wait longer
    }
};
/// Loads before it come before everything after it, stores before stores, or everything before everything.
template <isa::Text Name, isa::Text Bits>
struct Barrier : Instruction<Name, Bits, SmallNumber> {
    template <Emitter E>
    static constexpr void run(E& e, SmallNumber o, Here) {
        constexpr u8 loads = 1, stores = 2;
        const u8 kind = o.number & 3;
        e.fence(kind == loads || kind == stores ? Order::acquire_release : Order::sequential);
    }
};
struct dsb : Barrier<"dsb", "11010101000000110011 .... 100 11111"> {};
struct dmb : Barrier<"dmb", "11010101000000110011 .... 101 11111"> {};
/// What changes code says so itself (IC IVAU): nothing waits for this.
struct isb : Instruction<"isb", "11010101000000110011 .... 110 11111", SmallNumber> {
    template <Emitter E>
    static constexpr void run(E& e, SmallNumber, Here) {
        e.fence(Order::acquire_release);
    }
};
struct sb : Instruction<"sb", "11010101000000110011 0000 111 11111", Nothing> {
    template <Emitter E>
    static constexpr void run(E& e, Nothing, Here) {
        e.fence(Order::acquire_release);
    }
};

// ---- caches ----

/// Guest memory is coherent with everything that can see it, so cleaning does nothing but fault where nothing can be accessed.
template <isa::Text Name, isa::Text Bits>
struct CleanLine : Instruction<Name, Bits, TimeOut> {
    template <Emitter E>
    static constexpr void run(E& e, TimeOut o, Here) {
        [[maybe_unused]] auto touched = e.template load<u8>(x(e, o.rt));
    }
};
struct dc_cvac : CleanLine<"dc.cvac", "1101010100001 011 0111 1010 001 ....."> {};
struct dc_cvau : CleanLine<"dc.cvau", "1101010100001 011 0111 1011 001 ....."> {};
struct dc_cvap : CleanLine<"dc.cvap", "1101010100001 011 0111 1100 001 ....."> {};
struct dc_cvadp : CleanLine<"dc.cvadp", "1101010100001 011 0111 1101 001 ....."> {};
struct dc_civac : CleanLine<"dc.civac", "1101010100001 011 0111 1110 001 ....."> {};
struct dc_zva : Instruction<"dc.zva", "1101010100001 011 0111 0100 001 .....", TimeOut> {
    template <Emitter E>
    static constexpr void run(E& e, TimeOut o, Here) {
        e.template zero_block<64>(x(e, o.rt));
    }
};
/// Code has changed: the engine looks at it anew.
struct ic_ivau : Instruction<"ic.ivau", "1101010100001 011 0111 0101 001 .....", TimeOut> {
    template <Emitter E>
    static constexpr void run(E& e, TimeOut o, Here) {
        [[maybe_unused]] auto touched = e.template load<u8>(x(e, o.rt));
        e.exit(ExitReason::instruction_fence);
    }
};

using System = InstructionList<mrs, msr, msr_dit, msr_ssbs, cfinv, xaflag, axflag, rmif, setf8, setf16, hint, wfet, wfit, clrex,
                               dsb, dmb, isb, sb, dc_cvac, dc_cvau, dc_cvap, dc_cvadp, dc_civac, dc_zva, ic_ivau>;

}  // namespace lyrebird::aarch64
