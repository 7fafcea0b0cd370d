// --check-tiers: every block is run in tier 0 and in tier 1 from the same state, and the outcomes are compared.
//
// Tier 0 goes first, instruction by instruction; what each touches in memory is remembered before and after. Then memory and
// State are put back, tier 1 runs the block, and must have come to one of the states that tier 0 passed through, with the same
// memory. Tier 0 stops before an access that would fault: tier 1 must then fault there.
//
// What cannot be repeated is not compared: clocks, reservations, memory that other processes see, code that has changed since it
// was translated. Other threads are kept outside guest code meanwhile, but what the kernel or the engine writes for one of them at
// that moment looks like a difference: so where there are others, a difference counts when it shows a second time.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/bits.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/address_space.hpp"
#include "runtime/memory/guest_copy.hpp"
#include "translator/interpreter/interpreter.hpp"

namespace lyrebird::hart {

template <class Guest>
class TierCheck {
    using State = typename Guest::State;

  public:
    TierCheck(memory::AddressSpace& memory, State& state) : memory_(memory), state_(state) {}

    /// False when the block of `instructions` at State::pc cannot be compared. Otherwise tier 0 has run it by
    /// `run_one`, and all is as before.
    template <class RunOne>
    bool run_first(u32 instructions, RunOne run_one);
    /// After tier 1 has run, too: all is as before run_first.
    void undo();
    /// After tier 1 has run: a text that says what differs, or nothing.
    std::string compare() const;

  private:
    static constexpr u64 window = 128;  // bytes around an access, from a multiple of 64
    struct Touched {
        u64 start;
        std::array<u8, window> before, after;
        u64 size;  // how much could be read
    };
    struct Step {
        State state;
        isa::ExitReason exit;
        std::size_t touched;  // how many accesses came before
    };

    enum class Access : u8 { comparable, shared, faults };
    Access judge(u64 address, interpreter::Repeatable kind) const;
    std::string differences(const Step& step) const;
    void compare_memory(const Step& step, const Touched& place, std::string& text) const;

    memory::AddressSpace& memory_;
    State& state_;
    std::optional<State> start_;
    isa::Reservation reservation_;
    std::vector<Step> steps_;
    std::vector<Touched> touched_;
    bool cut_short_ = false;
};

template <class Guest>
auto TierCheck<Guest>::judge(u64 address, interpreter::Repeatable kind) const -> Access {
    // Wider accesses are aligned, so they lie within a page as their first bytes do. To stop too early, because a narrower one
    // does not reach so far, costs a comparison, nothing else.
    constexpr u64 widest_unaligned = 64;
    u64 last = address + widest_unaligned - 1;
    bool shared = false;
    for (u64 place : {address, last}) {
        if (place == last && align_down(last, page_size) == align_down(address, page_size)) break;
        auto known = memory_.kind_at(GuestAddress(place));
        if (!known || (kind.writes && (known->protection & PROT_WRITE) == 0) || (known->protection & PROT_READ) == 0) {
            return Access::faults;
        }
        u8 byte;
        if (!memory::copy_from_guest(&byte, GuestAddress(place), 1)) return Access::faults;
        shared = shared || (known->flags & MAP_SHARED) != 0;
    }
    return shared ? Access::shared : Access::comparable;
}

template <class Guest>
template <class RunOne>
bool TierCheck<Guest>::run_first(u32 instructions, RunOne run_one) {
    start_.emplace(state_);
    reservation_ = state_.vm.reservation;
    u64 pc = state_.pc;
    for (u32 count = 0; count < instructions; ++count) {
        u32 word = interpreter::word_at<Guest>(pc);
        isa::RowIndex row = Guest::decode(word);
        if (row != isa::no_row && interpreter::row_at<Guest>(row).repeatable(word).never) return false;
        pc += u64(Guest::length_of(u16(word)));
    }
    steps_.clear();
    touched_.clear();
    cut_short_ = false;
    steps_.push_back({state_, isa::ExitReason::none, 0});
    for (u32 count = 0; count < instructions && state_.vm.exit == isa::ExitReason::none; ++count) {
        u32 word = interpreter::word_at<Guest>(state_.pc);
        isa::RowIndex row = Guest::decode(word);
        interpreter::Repeatable kind;
        if (row != isa::no_row) kind = interpreter::row_at<Guest>(row).repeatable(word);
        bool touches = kind.reads || kind.writes;
        if (touches) {
            interpreter::probe<Guest>(state_);
            u64 address = state_.vm.fault_address;
            Access access = judge(address, kind);
            if (access == Access::shared) {
                undo();
                return false;
            }
            if (access == Access::faults) {
                cut_short_ = true;
                break;
            }
            Touched& place = touched_.emplace_back();
            place.start = address & ~u64{63};
            place.size = window;
            while (place.size != 0 && !memory::copy_from_guest(place.before.data(), GuestAddress(place.start), place.size)) {
                place.size -= 64;
            }
        }
        run_one();
        if (touches) {
            Touched& place = touched_.back();
            (void)memory::copy_from_guest(place.after.data(), GuestAddress(place.start), place.size);
        }
        steps_.push_back({state_, state_.vm.exit, touched_.size()});
    }
    undo();
    return true;
}

template <class Guest>
void TierCheck<Guest>::undo() {
    for (std::size_t number = touched_.size(); number-- > 0;) {
        const Touched& place = touched_[number];
        if (std::memcmp(place.before.data(), place.after.data(), place.size) == 0) continue;
        for (u64 at = 0; at < place.size; ++at) {
            if (place.before[at] == place.after[at]) continue;
            (void)memory::copy_to_guest(GuestAddress(place.start + at), &place.before[at], 1);
        }
    }
    isa::VmState& vm = state_.vm;
    std::memcpy(reinterpret_cast<char*>(&state_) + sizeof vm, reinterpret_cast<const char*>(&*start_) + sizeof vm,
                sizeof(State) - sizeof vm);
    vm.reservation = reservation_;
    vm.exit = isa::ExitReason::none;
}

template <class Guest>
std::string TierCheck<Guest>::differences(const Step& step) const {
    std::string text;
    constexpr std::size_t vm = sizeof(isa::VmState);
    bool same = std::memcmp(reinterpret_cast<const char*>(&step.state) + vm, reinterpret_cast<const char*>(&state_) + vm,
                            Guest::registers_end - vm) == 0;
    for (std::size_t at = vm; !same && at + 8 <= Guest::registers_end; at += 8) {
        u64 expected, found;
        std::memcpy(&expected, reinterpret_cast<const char*>(&step.state) + at, 8);
        std::memcpy(&found, reinterpret_cast<const char*>(&state_) + at, 8);
        if (expected != found) append(text, "  State+{}: tier 0 {:#x}, tier 1 {:#x}\n", at - vm, expected, found);
    }
    bool left = state_.vm.exit != isa::ExitReason::none && state_.vm.exit != isa::ExitReason::data_fault;
    if (left && step.exit != state_.vm.exit) {
        append(text, "  exit: tier 0 {}, tier 1 {}\n", int(step.exit), int(state_.vm.exit));
    }
    for (std::size_t number = step.touched; number-- > 0;) compare_memory(step, touched_[number], text);
    return text;
}

/// The bytes of one window as they must be at the step: as the last access that touched them left them.
template <class Guest>
void TierCheck<Guest>::compare_memory(const Step& step, const Touched& place, std::string& text) const {
    std::array<u8, window> expected = place.after, found;
    for (std::size_t number = 0; number < step.touched; ++number) {
        const Touched& other = touched_[number];
        if (&other <= &place || other.start - place.start + window >= 2 * window) continue;
        for (u64 at = 0; at < other.size; ++at) {
            if (u64 in = other.start + at - place.start; in < window) expected[in] = other.after[at];
        }
    }
    if (!memory::copy_from_guest(found.data(), GuestAddress(place.start), place.size)) return;
    if (std::memcmp(found.data(), expected.data(), place.size) == 0) return;
    for (u64 at = 0; at < place.size; ++at) {
        if (found[at] == expected[at]) continue;
        append(text, "  byte at {:#x}: tier 0 {:#x}, tier 1 {:#x}\n", place.start + at, expected[at], found[at]);
    }
}

template <class Guest>
std::string TierCheck<Guest>::compare() const {
    if (cut_short_ && !(state_.vm.exit == isa::ExitReason::data_fault && state_.pc == steps_.back().state.pc)) return {};
    std::string nearest;
    for (const Step& step : steps_) {
        if (step.state.pc != state_.pc) continue;
        std::string text = differences(step);
        if (text.empty()) return {};
        nearest = text;
    }
    if (nearest.empty()) nearest = format("  tier 1 came to {:#x}, where tier 0 never was\n", state_.pc);
    return nearest;
}

}  // namespace lyrebird::hart
