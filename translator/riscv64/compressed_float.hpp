// Zcd: the 16-bit loads and stores of double precision (RISC-V unprivileged 28.3). Those of single precision exist on RV32 only.
#pragma once

#include "translator/riscv64/compressed.hpp"
#include "translator/riscv64/float.hpp"

namespace lyrebird::riscv64 {

/// c.fld rd', imm(rs1')
struct CFloatLoad {
    using Operands = FloatLoad;
    static constexpr FloatLoad decode(u32 word) {
        return {{short_register(word, 2), short_register(word, 7), i32(gather_immediate(word, register_double))}};
    }
    static constexpr u32 encode(FloatLoad o) {
        return put_short(o.rd, 2) | put_short(o.rs1, 7) | scatter_immediate(u32(o.imm), register_double);
    }
};
/// c.fsd rs2', imm(rs1')
struct CFloatStore {
    using Operands = FloatStore;
    static constexpr FloatStore decode(u32 word) {
        return {{short_register(word, 7), short_register(word, 2), i32(gather_immediate(word, register_double))}};
    }
    static constexpr u32 encode(FloatStore o) {
        return put_short(o.rs2, 2) | put_short(o.rs1, 7) | scatter_immediate(u32(o.imm), register_double);
    }
};
/// c.fldsp rd, imm(x2)
struct CFloatLoadStack {
    using Operands = FloatLoad;
    static constexpr FloatLoad decode(u32 word) { return {{rd_of(word), 2, i32(gather_immediate(word, sp_double))}}; }
    static constexpr u32 encode(FloatLoad o) { return u32(o.rd) << 7 | scatter_immediate(u32(o.imm), sp_double); }
};
/// c.fsdsp rs2, imm(x2)
struct CFloatStoreStack {
    using Operands = FloatStore;
    static constexpr FloatStore decode(u32 word) {
        return {{2, field(word, 2, 5), i32(gather_immediate(word, sp_store_double))}};
    }
    static constexpr u32 encode(FloatStore o) {
        return u32(o.rs2) << 2 | scatter_immediate(u32(o.imm), sp_store_double);
    }
};

struct c_fld : Compressed<"c.fld", "001 ... ... .. ... 00", CFloatLoad, fld> {};
struct c_fsd : Compressed<"c.fsd", "101 ... ... .. ... 00", CFloatStore, fsd> {};
struct c_fldsp : Compressed<"c.fldsp", "001 . ..... ..... 10", CFloatLoadStack, fld> {};
struct c_fsdsp : Compressed<"c.fsdsp", "101 ...... ..... 10", CFloatStoreStack, fsd> {};

using CompressedFloat = InstructionList<c_fld, c_fsd, c_fldsp, c_fsdsp>;

}  // namespace lyrebird::riscv64
