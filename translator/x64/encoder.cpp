#include "translator/x64/encoder.hpp"

#include <cstring>

#include "runtime/base/ints.hpp"

namespace lyrebird::x64 {

namespace x86 = asmjit::x86;
namespace I = asmjit::x86::Inst;

/// Those that matter: where this says no and yes was right, the flags are loaded once more.
bool Encoder::keeps_flags(asmjit::InstId id) {
    switch (id) {
        case I::kIdMov: case I::kIdMovzx: case I::kIdMovsx: case I::kIdMovsxd: case I::kIdLea: case I::kIdNot: case I::kIdBswap:
        case I::kIdLahf: case I::kIdXchg: case I::kIdShlx: case I::kIdShrx: case I::kIdSarx: case I::kIdRorx:
        case I::kIdMovd: case I::kIdMovq: case I::kIdMovss: case I::kIdMovsd: case I::kIdMovaps: case I::kIdMovups:
        case I::kIdVmovd: case I::kIdVmovq: case I::kIdVmovss: case I::kIdVmovsd: case I::kIdVmovaps: case I::kIdVmovups:
        case I::kIdVpextrq: case I::kIdVpinsrq: case I::kIdVinsertps:
        case I::kIdSeto: case I::kIdSetno: case I::kIdSetb: case I::kIdSetae: case I::kIdSete: case I::kIdSetne: case I::kIdSetbe:
        case I::kIdSeta: case I::kIdSets: case I::kIdSetns: case I::kIdSetp: case I::kIdSetnp: case I::kIdSetl: case I::kIdSetge:
        case I::kIdSetle: case I::kIdSetg:
        case I::kIdCmovo: case I::kIdCmovno: case I::kIdCmovb: case I::kIdCmovae: case I::kIdCmove: case I::kIdCmovne:
        case I::kIdCmovbe: case I::kIdCmova: case I::kIdCmovs: case I::kIdCmovns: case I::kIdCmovp: case I::kIdCmovnp:
        case I::kIdCmovl: case I::kIdCmovge: case I::kIdCmovle: case I::kIdCmovg:
            return true;
        default:
            return false;
    }
}

namespace {
constexpr int move_number = 8;  // the others have the number that stands in their opcodes

/// The operation's number; −1: none that is plain.
int plain_number(asmjit::InstId id) {
    switch (id) {
        case I::kIdAdd: return 0;
        case I::kIdOr: return 1;
        case I::kIdAnd: return 4;
        case I::kIdSub: return 5;
        case I::kIdXor: return 6;
        case I::kIdCmp: return 7;
        case I::kIdMov: return move_number;
        default: return -1;
    }
}

bool is_plain_register(const asmjit::Operand_& operand) { return x86::Reg::isGpq(operand) || x86::Reg::isGpd(operand); }

/// A base register and a displacement, perhaps an index.
bool is_plain_memory(const asmjit::Operand_& operand) {
    if (!operand.isMem()) return false;
    const auto& memory = operand.as<x86::Mem>();
    return memory.baseType() == asmjit::RegType::kX86_Gpq && !memory.hasSegment() && !memory.hasBroadcast() &&
           (!memory.hasIndex() || memory.indexType() == asmjit::RegType::kX86_Gpq);
}

/// A register and memory of the same size.
bool fit(const asmjit::Operand_& reg, const asmjit::Operand_& memory) {
    if (!is_plain_register(reg) || !is_plain_memory(memory)) return false;
    u32 size = memory.as<x86::Mem>().size();
    return size == 0 || size == reg.as<x86::Reg>().size();
}

bool fits_byte(i64 value) { return value == i8(value); }

/// An instruction's bytes, at most fifteen.
class Bytes {
  public:
    explicit Bytes(u8* start) : next_(start) {}
    u8* end() const { return next_; }

    void byte(u32 value) { *next_++ = u8(value); }
    void word(i64 value) {
        i32 low = i32(value);
        std::memcpy(next_, &low, sizeof low);
        next_ += sizeof low;
    }
    void immediate(i64 value, bool short_one) {
        if (short_one)
            byte(u32(value));
        else
            word(value);
    }

    void move_immediate(bool wide, u32 reg, i64 value) {
        bool is_short = value == i32(value);
        if (wide && is_short) {
            with_register(true, 0xc7, 0, reg);
        } else {
            prefix(wide, 0, 0, reg);
            byte(0xb8 | (reg & 7));
        }
        word(value);
        if (wide && !is_short) word(value >> 32);
    }
    /// `field` is a register's number, or a part of the opcode.
    void with_register(bool wide, u32 opcode, u32 field, u32 reg) {
        prefix(wide, field, 0, reg);
        byte(opcode);
        byte(0xc0 | (field & 7) << 3 | (reg & 7));
    }
    void with_memory(bool wide, u32 opcode, u32 field, const x86::Mem& memory) {
        u32 base = memory.baseId(), index = memory.hasIndex() ? memory.indexId() : no_index;
        i32 displacement = memory.offsetLo32();
        prefix(wide, field, index == no_index ? 0 : index, base);
        byte(opcode);
        u32 mode = displacement == 0 && (base & 7) != 5 ? 0 : fits_byte(displacement) ? 1 : 2;
        bool has_second = index != no_index || (base & 7) == no_index;
        byte(mode << 6 | (field & 7) << 3 | (has_second ? no_index : base & 7));
        if (has_second) byte((index == no_index ? 0 : memory.shift()) << 6 | (index & 7) << 3 | (base & 7));
        if (mode == 1) byte(u32(displacement));
        if (mode == 2) word(displacement);
    }

  private:
    static constexpr u32 no_index = 4;  // the stack pointer's number, which cannot be an index

    void prefix(bool wide, u32 field, u32 index, u32 base) {
        u32 rex = (wide ? 8 : 0) | (field >> 3) << 2 | (index >> 3) << 1 | base >> 3;
        if (rex != 0) byte(0x40 | rex);
    }

    u8* next_;
};
}  // namespace

bool Encoder::write_plain(asmjit::InstId id, const Operand& a, const Operand& b) {
    constexpr std::size_t longest = 16;
    int number = plain_number(id);
    if (number < 0 || u32(instOptions()) != 0 || remainingSpace() < longest) return false;
    Bytes bytes(_bufferPtr);
    bool to_register = is_plain_register(a);
    if (!to_register && !is_plain_memory(a)) return false;
    if (b.isImm()) {
        i64 value = b.as<asmjit::Imm>().value();
        bool wide = to_register ? x86::Reg::isGpq(a) : a.as<x86::Mem>().size() == 8;
        if (!to_register && !wide && a.as<x86::Mem>().size() != 4) return false;
        if (!wide) value = i32(value);
        if (value != i32(value) && !(number == move_number && to_register)) return false;
        if (number == move_number && to_register) {
            bytes.move_immediate(wide, a.id(), value);
        } else if (number == move_number) {
            bytes.with_memory(wide, 0xc7, 0, a.as<x86::Mem>());
            bytes.word(value);
        } else {
            bool is_short = fits_byte(value);
            if (to_register && a.id() == 0 && !is_short) return false;  // has a form of its own
            u32 opcode = is_short ? 0x83 : 0x81;
            if (to_register)
                bytes.with_register(wide, opcode, u32(number), a.id());
            else
                bytes.with_memory(wide, opcode, u32(number), a.as<x86::Mem>());
            bytes.immediate(value, is_short);
        }
    } else {
        u32 to_memory = number == move_number ? 0x89 : u32(number) * 8 + 1;
        if (to_register && is_plain_register(b)) {
            if (a.signature() != b.signature()) return false;
            bytes.with_register(x86::Reg::isGpq(a), to_memory, b.id(), a.id());
        } else if (fit(a, b)) {
            bytes.with_memory(x86::Reg::isGpq(a), to_memory + 2, a.id(), b.as<x86::Mem>());
        } else if (fit(b, a)) {
            bytes.with_memory(x86::Reg::isGpq(b), to_memory, b.id(), a.as<x86::Mem>());
        } else {
            return false;
        }
    }
    _bufferPtr = bytes.end();
    return true;
}

}  // namespace lyrebird::x64
