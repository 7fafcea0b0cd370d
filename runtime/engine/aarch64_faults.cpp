#include "runtime/engine/aarch64_faults.hpp"

namespace lyrebird::engine {

namespace {
// Exception classes, with IL, for every instruction has 32 bits.
constexpr u64 instruction_length = 1 << 25;
constexpr u64 instruction_abort = u64{0x20} << 26 | instruction_length;
constexpr u64 misaligned_pc = u64{0x22} << 26 | instruction_length;
constexpr u64 data_abort = u64{0x24} << 26 | instruction_length;
// The syndrome of aborts.
constexpr u64 write_not_read = 1 << 6;
constexpr u64 cache_maintenance = 1 << 8;
// Its fault status: translation and permission faults are those of a page (level 3).
constexpr u64 translation_fault = 0x07, permission_fault = 0x0f, alignment_fault = 0x21;
/// What Linux shows instead for every address of the upper half.
constexpr u64 upper_half_fault = 0x04;

bool in_upper_half(u64 address) {
    return (address >> 55 & 1) != 0;
}

u64 abort_status(const Fault& fault) {
    if (fault.kind == Fault::Kind::misaligned_access) return alignment_fault;
    if (in_upper_half(fault.address)) return upper_half_fault;
    return fault.signal == SIGSEGV && fault.mapped ? permission_fault : translation_fault;
}

/// An access that reads and writes counts as a write only where a read would have been allowed.
u64 data_syndrome(const Fault& fault) {
    const DataAccess access = aarch64_data_access(fault.word);
    const bool write = access.apart ? fault.wrote : access.writes && (!access.reads || fault.readable);
    return data_abort | (write ? write_not_read : 0) | (access.maintains_cache ? cache_maintenance : 0);
}

DataAccess exclusive_or_ordered(u32 word) {
    const bool load = (word >> 22 & 1) != 0, compare_and_swap = (word >> 21 & 1) != 0 && (word & 0x8080'0000) != 0x8000'0000;
    if (compare_and_swap) return {.reads = true, .writes = true};
    return {.reads = load, .writes = !load};
}

/// One register, at an address with an immediate or a register; and atomic operations.
DataAccess single_register(u32 word) {
    const bool atomic = (word & 0x3f20'0c00) == 0x3820'0000, load_acquire = (word & 0x3fff'fc00) == 0x38bf'c000;
    if (atomic) return {.reads = true, .writes = !load_acquire};
    if ((word & 0xff20'0400) == 0xf820'0400) return {.reads = true};  // of an authenticated address
    const u32 size = word >> 30, operation = word >> 22 & 3;
    const bool vector = (word >> 26 & 1) != 0;
    const bool store = operation == 0 || (vector && size == 0 && operation == 2);
    return {.reads = !store, .writes = store};
}
}  // namespace

// The classes of loads and stores: C4.1.94; cache instructions are SYS with op1 = 3 and CRn = 7 (C5.3).
DataAccess aarch64_data_access(u32 word) {
    constexpr u32 zero_block = 0x021;  // CRm, op2 of DC ZVA, which stores
    if ((word & 0xffff'f000) == 0xd50b'7000) {
        return {.reads = false, .writes = true, .maintains_cache = (word >> 5 & 0x7f) != zero_block};
    }
    const bool load_bit = (word >> 22 & 1) != 0;
    if ((word & 0x3f00'0000) == 0x0800'0000) return exclusive_or_ordered(word);
    if ((word & 0x3a00'0000) == 0x3800'0000) return single_register(word);
    if ((word & 0x3b00'0000) == 0x1800'0000) return {.reads = true, .writes = false};  // literal
    if ((word & 0x3b20'0c00) == 0x1900'0400) {  // copies and sets
        const bool copies = (word >> 22 & 3) != 3;
        return {.reads = copies, .writes = true, .apart = copies};
    }
    if ((word & 0x3f20'0c00) == 0x1900'0000) return {.reads = (word >> 22 & 3) != 0, .writes = (word >> 22 & 3) == 0};
    return {.reads = load_bit, .writes = !load_bit};  // pairs, vector structures
}

FaultRecord describe_aarch64_fault(const Fault& fault) {
    switch (fault.kind) {
        case Fault::Kind::access:
        case Fault::Kind::misaligned_access:
            return {fault.address, data_syndrome(fault) | abort_status(fault)};
        case Fault::Kind::fetch:
            return {fault.address, instruction_abort | abort_status(fault)};
        case Fault::Kind::misaligned_fetch:
            return {0, misaligned_pc};
        case Fault::Kind::instruction:
        case Fault::Kind::signal_frame:
            break;
    }
    return {};
}

}  // namespace lyrebird::engine
