// Zicsr and Zicntr: control and status registers that user mode has (RISC-V unprivileged 6, 7, 20.2). Any other number, or a
// write to a read-only one, is an illegal instruction.
#pragma once

#include "translator/riscv64/access.hpp"
#include "translator/riscv64/counters.hpp"
#include "translator/riscv64/formats.hpp"

namespace lyrebird::riscv64 {

namespace csr {
inline constexpr u16 fflags = 0x001, frm = 0x002, fcsr = 0x003, cycle = 0xc00, time = 0xc01, instret = 0xc02;

/// Bits 11:10 set: read-only by number.
constexpr bool exists(u16 number) {
    return number == fflags || number == frm || number == fcsr || number == cycle || number == time ||
           number == instret;
}
constexpr bool read_only(u16 number) { return number >> 10 == 3; }

template <Emitter E>
constexpr typename E::I64 read(E& e, u16 number) {
    switch (number) {
        case fflags: return e.zext(e.get(fflags_slot));
        case frm: return e.zext(e.get(frm_slot));
        case fcsr: {
            auto flags = e.zext(e.get(fflags_slot));
            auto mode = e.zext(e.get(frm_slot));
            return e.or_(flags, e.shl(mode, e.imm(5)));
        }
        case time: return e.template helper<read_time>();
        default: return e.template helper<read_cycle>();
    }
}
template <Emitter E>
constexpr void write(E& e, u16 number, typename E::I64 value) {
    if (number == frm) return e.set(frm_slot, e.trunc(e.and_(value, e.imm(7))));
    auto flags = e.trunc(e.and_(value, e.imm(31)));
    if (number == fcsr) {
        auto mode = e.trunc(e.and_(e.shr(value, e.imm(5)), e.imm(7)));
        e.set(frm_slot, mode);
    }
    e.set(fflags_slot, flags);
}
}  // namespace csr

/// rd, csr, rs1.
struct Csr {
    using Operands = Csr;
    u8 rd, rs1;
    u16 number;
    constexpr bool operator==(const Csr&) const = default;
    static constexpr Csr decode(u32 word) { return {rd_of(word), rs1_of(word), u16(word >> 20)}; }
    static constexpr u32 encode(Csr o) { return u32(o.rd) << 7 | u32(o.rs1) << 15 | u32(o.number) << 20; }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.hex(o.number), t.comma(), t.reg(x_names, o.rs1);
    }
};
/// rd, csr, five-bit immediate in rs1's place.
struct CsrImmediate : Csr {
    using Operands = CsrImmediate;
    static constexpr CsrImmediate decode(u32 word) { return {Csr::decode(word)}; }
    static constexpr u32 encode(CsrImmediate o) { return Csr::encode(o); }
    static constexpr void text(auto& t, auto& o) {
        t.reg(x_names, o.rd), t.comma(), t.hex(o.number), t.comma(), t.number(o.rs1);
    }
};

enum class CsrAction { write, set, clear };

template <isa::Text Name, isa::Text Bits, class Format, CsrAction Action>
struct CsrAccess : Instruction<Name, Bits, Format> {
    static constexpr bool immediate = std::is_same_v<Format, CsrImmediate>;

    template <Emitter E>
    static constexpr void run(E& e, Format o, Here) {
        // Setting or clearing no bits (rs1 = x0, or zero) does not write; csrrw to x0 does not read.
        bool writes = Action == CsrAction::write || o.rs1 != 0;
        if (!csr::exists(o.number) || (writes && csr::read_only(o.number)))
            return e.exit(ExitReason::illegal_instruction);
        auto operand = immediate ? e.imm(o.rs1) : x(e, o.rs1);
        if (Action == CsrAction::write && o.rd == 0) return csr::write(e, o.number, operand);
        auto old = csr::read(e, o.number);
        if (writes) csr::write(e, o.number, combine(e, old, operand));
        set_x(e, o.rd, old);
    }

    template <Emitter E>
    static constexpr typename E::I64 combine(E& e, typename E::I64 old, typename E::I64 operand) {
        if (Action == CsrAction::set) return e.or_(old, operand);
        if (Action == CsrAction::clear) return e.and_(old, e.not_(operand));
        return operand;
    }
};
struct csrrw : CsrAccess<"csrrw", "............ ..... 001 ..... 1110011", Csr, CsrAction::write> {};
struct csrrs : CsrAccess<"csrrs", "............ ..... 010 ..... 1110011", Csr, CsrAction::set> {};
struct csrrc : CsrAccess<"csrrc", "............ ..... 011 ..... 1110011", Csr, CsrAction::clear> {};
struct csrrwi : CsrAccess<"csrrwi", "............ ..... 101 ..... 1110011", CsrImmediate, CsrAction::write> {};
struct csrrsi : CsrAccess<"csrrsi", "............ ..... 110 ..... 1110011", CsrImmediate, CsrAction::set> {};
struct csrrci : CsrAccess<"csrrci", "............ ..... 111 ..... 1110011", CsrImmediate, CsrAction::clear> {};

using ControlStatus = InstructionList<csrrw, csrrs, csrrc, csrrwi, csrrsi, csrrci>;

}  // namespace lyrebird::riscv64
