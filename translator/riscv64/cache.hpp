// Zicbom, Zicboz, Zicbop: cache blocks of 64 bytes (RISC-V unprivileged 19), as Linux lets user mode have them:
// cbo.zero, and cbo.clean and cbo.flush (envcfg CBZE, CBCFE); cbo.inval is left disabled and so an illegal instruction.
//
// Guest memory is coherent with everything that can see it, so cleaning and flushing do nothing but fault where nothing
// can be accessed. prefetch.* are hints within ori that never fault.
#pragma once

#include "translator/riscv64/access.hpp"
#include "translator/riscv64/formats.hpp"

namespace lyrebird::riscv64 {

/// (rs1)
struct BlockAddress {
    using Operands = BlockAddress;
    u8 rs1;
    constexpr bool operator==(const BlockAddress&) const = default;
    static constexpr BlockAddress decode(u32 word) { return {rs1_of(word)}; }
    static constexpr u32 encode(BlockAddress o) { return u32(o.rs1) << 15; }
    static constexpr void text(auto& t, auto& o) { t.literal("("), t.reg(x_names, o.rs1), t.literal(")"); }
};
/// imm(rs1), the offset a multiple of 32.
struct Prefetch {
    using Operands = Prefetch;
    u8 rs1;
    i32 imm;
    constexpr bool operator==(const Prefetch&) const = default;
    static constexpr Prefetch decode(u32 word) { return {rs1_of(word), (i32(word) >> 25) * 32}; }
    static constexpr u32 encode(Prefetch o) { return u32(o.rs1) << 15 | (u32(o.imm) & 0xfe0) << 20; }
    static constexpr void text(auto& t, auto& o) {
        t.number(o.imm), t.literal("("), t.reg(x_names, o.rs1), t.literal(")");
    }
};

template <isa::Text Name, isa::Text Bits>
struct KeepCacheBlock : Instruction<Name, Bits, BlockAddress> {
    template <Emitter E>
    static constexpr void run(E& e, BlockAddress o, Here) {
        auto where = x(e, o.rs1);
        [[maybe_unused]] auto touched = e.template load<u8>(where);
    }
};
struct cbo_clean : KeepCacheBlock<"cbo.clean", "000000000001 ..... 010 00000 0001111"> {};
struct cbo_flush : KeepCacheBlock<"cbo.flush", "000000000010 ..... 010 00000 0001111"> {};
struct cbo_inval : Instruction<"cbo.inval", "000000000000 ..... 010 00000 0001111", BlockAddress> {
    template <Emitter E>
    static constexpr void run(E& e, BlockAddress, Here) {
        e.exit(ExitReason::illegal_instruction);
    }
};
struct cbo_zero : Instruction<"cbo.zero", "000000000100 ..... 010 00000 0001111", BlockAddress> {
    template <Emitter E>
    static constexpr void run(E& e, BlockAddress o, Here) {
        e.template zero_block<64>(x(e, o.rs1));
    }
};

template <isa::Text Name, isa::Text Bits>
struct PrefetchHint : Instruction<Name, Bits, Prefetch> {
    template <Emitter E>
    static constexpr void run(E& e, Prefetch o, Here) {
        e.prefetch(address(e, o.rs1, o.imm));
    }
};
struct prefetch_i : PrefetchHint<"prefetch.i", "....... 00000 ..... 110 00000 0010011"> {};
struct prefetch_r : PrefetchHint<"prefetch.r", "....... 00001 ..... 110 00000 0010011"> {};
struct prefetch_w : PrefetchHint<"prefetch.w", "....... 00011 ..... 110 00000 0010011"> {};

using CacheBlocks = InstructionList<cbo_clean, cbo_flush, cbo_inval, cbo_zero, prefetch_i, prefetch_r, prefetch_w>;

}  // namespace lyrebird::riscv64
