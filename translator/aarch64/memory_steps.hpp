// What the main and epilogue instructions of FEAT_MOPS do to memory (Arm ARM C6.2: CPYFP, CPYP, SETP): C++ functions that every
// tier calls.
//
// Of the two forms that registers may have between the steps this is option A: upwards, the address registers hold the ends and the
// size register the negative of what is left; downwards, the beginnings and what is left. So the size register alone says how far
// things are. What must stay true:
//  1. Memory is changed piece by piece, and the register says so before the next piece is begun. A piece lies in one page on
//     either side: if it faults, it has changed nothing.
//  2. A piece is no longer than the two sides are apart: should another thread unmap a page in the middle of one, to begin it
//     again does no harm.
//  3. Attention is looked at after each piece: a signal waits for a page at most.
#pragma once

#include <algorithm>
#include <bit>

#include "runtime/memory/guest_address.hpp"
#include "translator/aarch64/state.hpp"

namespace lyrebird::aarch64 {

namespace steps {

/// `size` bytes at both addresses, which have no tags.
struct Piece {
    u64 to, from, size;
};
/// The piece at the beginnings `to` and `from`, or below the ends that these are, where `rest` bytes are left.
inline Piece next_piece(u64 to, u64 from, u64 rest, bool downwards) {
    constexpr u64 rounded = 16;  // what is shorter is one access
    auto in_page = [&](u64 address) {
        return downwards ? (address - 1) % page_size + 1 : page_size - address % page_size;
    };
    const u64 apart = to > from ? to - from : from - to;
    u64 size = std::min({rest, in_page(to), in_page(from), apart == 0 ? rest : apart});
    if (size < rounded) size = std::bit_floor(size);
    return downwards ? Piece{to - size, from - size, size} : Piece{to, from, size};
}

template <class T>
struct [[gnu::packed]] Unaligned {
    T value;
} __attribute__((may_alias));
template <class T>
T load(isa::VmState& vm, u64 address) {
    vm.fault_address = address;
    return GuestAddress(address).host<const volatile Unaligned<T>>()->value;
}
template <class T>
void copy_one(isa::VmState& vm, const Piece& piece) {
    const T value = load<T>(vm, piece.from);
    vm.fault_address = piece.to;
    GuestAddress(piece.to).host<volatile Unaligned<T>>()->value = value;
}
inline void copy(isa::VmState& vm, const Piece& piece) {
    switch (piece.size) {
        case 1: return copy_one<u8>(vm, piece);
        case 2: return copy_one<u16>(vm, piece);
        case 4: return copy_one<u32>(vm, piece);
        case 8: return copy_one<u64>(vm, piece);
        default: break;
    }
    (void)load<u8>(vm, piece.from);
    vm.fault_address = piece.to;
    u64 to = piece.to, from = piece.from, size = piece.size;
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}
inline void fill(isa::VmState& vm, u64 to, u64 size, u64 byte) {
    vm.fault_address = to;
    asm volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(byte) : "memory");
}

/// After a piece: State is as it says for whoever looks at a fault of the next one. True when somebody wants attention.
inline bool interrupted(const isa::VmState& vm) {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    return vm.attention.load(std::memory_order_relaxed) != 0;
}
/// True when the flags say that the registers are in option A's form.
inline bool is_option_a(const State& s) {
    constexpr u32 carry = 1U << 29;
    return (nzcv_of(s.flags) & carry) == 0;
}
/// The address that memory knows; of an end, what lies below it counts.
constexpr u64 untagged(u64 address) { return u64(i64(address << 8) >> 8); }
constexpr u64 untagged_end(u64 address) { return untagged(address - 1) + 1; }

/// CPYFM, CPYFE (`only_upwards`), CPYM, CPYE; the registers by their numbers.
inline isa::ExitReason copy_rest(State& s, u64 rd, u64 rs, u64 rn, u64 only_upwards) {
    if (!is_option_a(s) || (only_upwards != 0 && i64(s.x[rn]) > 0)) return isa::ExitReason::foreign_step;
    while (const u64 left = s.x[rn]) {
        const bool downwards = i64(left) > 0;
        const u64 to = downwards ? untagged_end(s.x[rd] + left) : untagged(s.x[rd] + left);
        const u64 from = downwards ? untagged_end(s.x[rs] + left) : untagged(s.x[rs] + left);
        const Piece piece = next_piece(to, from, downwards ? left : 0 - left, downwards);
        copy(s.vm, piece);
        s.x[rn] = downwards ? left - piece.size : left + piece.size;
        if (interrupted(s.vm) && s.x[rn] != 0) return isa::ExitReason::attention;
    }
    return isa::ExitReason::none;
}
/// SETM, SETE; registers by their numbers, and the byte.
inline isa::ExitReason set_rest(State& s, u64 rd, u64 rn, u64 byte) {
    if (!is_option_a(s) || i64(s.x[rn]) > 0) return isa::ExitReason::foreign_step;
    while (const u64 left = s.x[rn]) {
        const u64 to = untagged(s.x[rd] + left);
        const u64 size = std::min(0 - left, page_size - to % page_size);
        fill(s.vm, to, size, byte);
        s.x[rn] = left + size;
        if (interrupted(s.vm) && s.x[rn] != 0) return isa::ExitReason::attention;
    }
    return isa::ExitReason::none;
}

}  // namespace steps
}  // namespace lyrebird::aarch64
