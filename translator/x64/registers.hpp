// Which guest registers live in which host registers, in every block alike; the others are memory operands of State.
//
//   rbp            the base of State and Context (context.hpp)
//   rsp            the return stack
//   rax rcx rdx    temporary, within one guest instruction
//   the other 11   guest integer registers, the most used ones
//   xmm0 – xmm3    temporary
//   the other 12 (28 with AVX-512VL)   guest floating-point or vector registers
//
// What must stay true: at every host instruction that can fault, and at every block boundary, each guest register is where
// this map says. So a fault needs no table of registers, and blocks link without moving anything. Within a loop pairs of
// registers may have changed places (emit_loop.cpp): a fault there wants to know which.
#pragma once

#include <array>
#include <span>
#include <type_traits>
#include <utility>

#include "runtime/base/ints.hpp"
#include "translator/isa/slot.hpp"
#include "translator/x64/context.hpp"
#include "translator/x64/features.hpp"

namespace lyrebird::x64 {

/// Host register numbers as the processor's manuals have them.
inline constexpr u8 rax = 0, rcx = 1, rdx = 2, rbx = 3, rsp = 4, rbp = 5, rsi = 6, rdi = 7;
inline constexpr std::array<u8, 3> integer_temporaries{rax, rcx, rdx};
inline constexpr std::array<u8, 11> integer_homes{rsi, rdi, rbx, 8, 9, 10, 11, 14, 15, 12, 13};
inline constexpr std::array<u8, 4> vector_temporaries{0, 1, 2, 3};

/// A guest register and the host register that it lives in.
struct Home {
    u16 offset;  // in State
    u8 host;
};

/// Two guest registers, one with a home and one without, that have changed places: the home of the first holds the second, whose
/// place in State holds the first. By their places in State.
struct Exchange {
    u16 homed, homeless;
};

/// Where everything of one guest lies. `homeless` registers have −1.
class Layout {
  public:
    static constexpr i8 none = -1;

    /// Nothing has a home.
    Layout() {
        integer_.fill(none);
        vector_.fill(none);
    }

    /// `Guest` lists its registers, the most used first; `features` say how many vector registers there are.
    template <class Guest>
    static Layout of(const Features& features) {
        Layout layout;
        layout.base = u16(Guest::short_reach.offset + 128);
        layout.state_size = u32((sizeof(typename Guest::State) + 63) & ~std::size_t{63});
        layout.pc = Guest::pc_slot.offset;
        layout.float_flags = Guest::float_flags_slot.offset;
        layout.rounding = Guest::rounding_slot.offset;
        layout.vectors_are_wide = std::is_same_v<typename decltype(Guest::hot_vectors)::value_type, isa::Slot<isa::VectorRegister>>;
        std::size_t count = 0;
        for (isa::Slot<u64> slot : Guest::hot_integers) {
            if (count < integer_homes.size())
                layout.give_integer(slot.offset, integer_homes[count++]);
            else
                layout.homeless_[layout.homeless_count_++] = slot.offset;
        }
        u8 vectors = features.avx512 ? 32 : 16;
        u8 next = u8(vector_temporaries.size());
        for (auto slot : Guest::hot_vectors) {
            if (next == vectors) break;
            layout.give_vector(slot.offset, next++);
        }
        return layout;
    }

    u16 base = 0;        // rbp − State
    u32 state_size = 0;  // in bytes, a multiple of 64
    u16 pc = 0, float_flags = 0, rounding = 0;
    /// 16 bytes each, in which a scalar stands alone; else 8 bytes, in which a narrower scalar is boxed.
    bool vectors_are_wide = false;

    i8 integer_home(u16 offset) const { return integer_[offset / 8U]; }
    i8 vector_home(u16 offset) const { return vector_[offset / 8U]; }
    std::span<const Home> integers() const { return {integers_.data(), integer_count_}; }
    std::span<const Home> vectors() const { return {vectors_.data(), vector_count_}; }
    /// Integer registers without a home.
    std::span<const u16> homeless() const { return {homeless_.data(), homeless_count_}; }

    /// From now on the home of the one is the other's.
    void exchange(Exchange pair) { std::swap(integer_[pair.homed / 8U], integer_[pair.homeless / 8U]); }

    // Displacements from rbp.
    i32 state(std::size_t offset) const { return i32(offset) - base; }
    i32 context(std::size_t offset) const { return i32(offset) - i32(sizeof(Context)) - base; }
    i32 jump_table() const { return i32(state_size) - base; }

  private:
    void give_integer(u16 offset, u8 host) {
        integer_[offset / 8U] = i8(host);
        integers_[integer_count_++] = {offset, host};
    }
    void give_vector(u16 offset, u8 host) {
        vector_[offset / 8U] = i8(host);
        vectors_[vector_count_++] = {offset, host};
    }

    std::array<i8, 256> integer_{}, vector_{};
    std::array<Home, 16> integers_{};
    std::array<Home, 32> vectors_{};
    std::array<u16, 32> homeless_{};
    std::size_t integer_count_ = 0, vector_count_ = 0, homeless_count_ = 0;
};

}  // namespace lyrebird::x64
