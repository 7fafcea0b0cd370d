// From guest code to a Translation: which instructions go into a block, and how they are fetched.
//
// A block is straight. It goes on behind the first conditional jumps, where they fall through, and follows direct jumps forward,
// up to a length; it ends behind the first instruction that always goes elsewhere.
#pragma once

#include <algorithm>
#include <cstring>

#include "runtime/base/bits.hpp"
#include "runtime/memory/address_space.hpp"
#include "runtime/memory/guest_copy.hpp"
#include "translator/x64/row.hpp"

namespace lyrebird::x64 {

/// Executable guest code, fetched in pieces that end with a page.
class Fetcher {
    static constexpr std::size_t fetched_at_once = 96;  // most blocks are shorter

  public:
    explicit Fetcher(const memory::AddressSpace& memory) : memory_(memory) {}

    /// The bytes at `pc`: at least `wanted` if so many are executable and readable, else how many there are. Valid until the
    /// next call.
    std::span<const u8> at(u64 pc, std::size_t wanted) {
        if (pc < start_ || pc - start_ > size_ || wanted > size_ - (pc - start_)) fill(pc, wanted);
        return {bytes_ + (pc - start_), size_ - (pc - start_)};
    }
    void forget() { size_ = start_ = 0; }

  private:
    void fill(u64 pc, std::size_t wanted) {
        start_ = pc;
        size_ = 0;
        do {
            u64 from = pc + size_;
            u64 size = std::min<u64>(page_size - from % page_size, sizeof bytes_ - size_);
            if (!memory_.executable(GuestAddress(from), size)) return;
            if (!memory::copy_from_guest(bytes_ + size_, GuestAddress(from), size)) return;
            size_ += size;
        } while (size_ < wanted);
    }

    const memory::AddressSpace& memory_;
    u64 start_ = 0;
    std::size_t size_ = 0;
    u8 bytes_[fetched_at_once];
};

template <class Guest>
class Translator {
  public:
    Translator(const memory::AddressSpace& memory, const Surroundings& surroundings)
        : fetcher_(memory), emitter_(surroundings) {
        emitter_.follow = [](void* self, u64 target) {
            auto* translator = static_cast<Translator*>(self);
            return translator->repeating_ ? target == translator->next_run_ : translator->may_follow(target);
        };
        emitter_.builder = this;
    }

    /// The block at `pc`, of at most `most` instructions. Its `code` is empty when its first instruction cannot be fetched.
    const Translation& translate(u64 pc, u32 most = longest, u32 most_branches = usual_branches) {
        Translation& block = translation_;
        block.clear();
        block.pc = pc;
        block.runs.push_back({pc, 0});
        fetcher_.forget();
        emitter_.begin_block(block);
        pc_ = pc;
        most_ = most;
        branches_left_ = most_branches;
        while (add_instruction()) {
        }
        if (block.instructions == 0) return block;
        if (emitter_.begin_loop()) repeat(emitter_.loop_length());
        emitter_.end_block();
        return block;
    }

    static constexpr u32 longest = 64;           // instructions in a block
    static_assert(longest * Guest::longest_instruction <= BlockBytes::most);
    static constexpr u32 most_host_code = 3500;  // bytes: a block that has them ends, so that it fits into the smallest segment
    static constexpr u32 most_runs = 4;          // pieces of straight code
    static constexpr u32 usual_branches = 2;     // conditional jumps that a block goes on behind
    static constexpr u64 farthest = 48 << 10;    // of a piece from the block's beginning, in bytes

  private:
    bool may_follow(u64 target) const {
        return target > pc_ && target - translation_.pc < farthest && translation_.runs.size() < most_runs &&
               translation_.instructions + 1 < most_ / 2;
    }

    static u16 half_at(const u8* bytes) {
        u16 half;
        std::memcpy(&half, bytes, 2);
        return half;
    }

    /// False when the block is complete.
    bool add_instruction() {
        Translation& block = translation_;
        std::span<const u8> bytes = fetcher_.at(pc_, 2);
        u32 word = 0;
        int length = 4;
        if (bytes.size() >= 2) {
            length = Guest::length_of(half_at(bytes.data()));
            if (std::size_t(length) > bytes.size()) bytes = fetcher_.at(pc_, std::size_t(length));
        }
        if (bytes.size() < 2 || bytes.size() < std::size_t(length)) {
            block.fault_address = pc_ + bytes.size();
            if (block.instructions != 0) emitter_.leave_to(pc_);
            return false;
        }
        word = half_at(bytes.data());
        if (length == 4) word |= u32(half_at(bytes.data() + 2)) << 16;
        block.bytes.push(word, length);
        block.runs.back().size += u32(length);
        ++block.instructions;
        isa::Here here{pc_, length};
        if (!emit(word, here)) return false;
        pc_ = emitter_.jumped() ? emitter_.jump_target() : here.next();
        bool complete = (emitter_.branched() && branches_left_-- == 0) || emitter_.code_size() >= most_host_code;
        if (complete || block.instructions >= most_) {
            emitter_.leave_to(pc_);
            return false;
        }
        if (emitter_.jumped()) block.runs.push_back({pc_, 0});
        return true;
    }

    /// False when control does not go on behind the instruction.
    bool emit(u32 word, isa::Here here) {
        isa::RowIndex row = Guest::decode(word);
        if (row == isa::no_row) {
            emitter_.refuse(here.pc);
            return false;
        }
        const Row& known = RowTable<typename Guest::Chapters>::at(row);
        // lui and addi, slli and add, slli and srli: nobody sees the first one's result.
        if (u16 slot = emitter_.postponable(); slot != 0 && known.replaces(word, slot)) emitter_.postpone();
        emitter_.begin_instruction(here);
        known.emit(emitter_, word, here);
        emitter_.end_instruction(emitter_.refused() && known.in_place(word), u64(row) << 32 | word);
        return !emitter_.ended();
    }

    /// The block's first instructions again, for the loop that they are.
    void repeat(u32 instructions) {
        repeating_ = true;
        const Translation& block = translation_;
        const u8* bytes = block.bytes.data();
        u64 pc = block.pc;
        bool on = true;
        for (std::size_t number = 0; on && instructions != 0; ++number) {
            const Run& run = block.runs[number];
            next_run_ = number + 1 < block.runs.size() ? block.runs[number + 1].pc : 0;
            pc = run.pc;
            while (on && instructions != 0 && pc != run.pc + run.size) {
                int length = Guest::length_of(half_at(bytes));
                u32 word = half_at(bytes);
                if (length == 4) word |= u32(half_at(bytes + 2)) << 16;
                on = emit(word, {pc, length});
                bytes += length;
                pc += u64(length);
                --instructions;
            }
        }
        emitter_.end_loop(pc);
        repeating_ = false;
    }

    Fetcher fetcher_;
    Emitter emitter_;
    Translation translation_;
    u64 pc_ = 0;
    u32 most_ = longest;
    u32 branches_left_ = 0;
    bool repeating_ = false;
    u64 next_run_ = 0;  // while repeating: where the code goes on after a jump that is followed
};

}  // namespace lyrebird::x64
