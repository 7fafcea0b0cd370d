// Tier 0 for one thread: decodes guest code into blocks of operations once, and runs them on the thread's State.
#pragma once

#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "runtime/memory/guest_copy.hpp"
#include "translator/interpreter/block_cache.hpp"
#include "translator/interpreter/dump.hpp"
#include "translator/interpreter/jump_cache.hpp"
#include "translator/interpreter/operation.hpp"
#include "translator/interpreter/row.hpp"

namespace lyrebird::interpreter {

/// The bytes of the instruction at `pc`; zero where nothing can be read.
template <class Guest>
u32 word_at(u64 pc) {
    u16 halves[2]{};
    if (!memory::copy_from_guest(&halves[0], GuestAddress(pc), 2)) return 0;
    if (Guest::length_of(halves[0]) == 4) (void)memory::copy_from_guest(&halves[1], GuestAddress(pc + 2), 2);
    return u32(halves[0]) | u32(halves[1]) << 16;
}

/// The pc of the store-conditional that a load-reserved at `load_pc` leads to with nothing but computation in between, or 0.
/// Looks over as many instructions as a constrained sequence may have (RISC-V unprivileged 14.3).
template <class Guest>
u64 partner_of(u64 load_pc) {
    u64 pc = load_pc + u64(Guest::length_of(u16(word_at<Guest>(load_pc))));
    for (int count = 0; count < 16; ++count) {
        u32 word = word_at<Guest>(pc);
        isa::RowIndex row = Guest::decode(word);
        if (row == isa::no_row) return 0;
        Role role = row_at<Guest>(row).role(word);
        if (role == Role::ends_reservation) return pc;
        if (role != Role::computes) return 0;
        pc += u64(Guest::length_of(u16(word)));
    }
    return 0;
}

/// The instruction at `pc` as text.
template <class Guest>
std::string disassemble(u64 pc) {
    return describe_word<Guest>(word_at<Guest>(pc), pc);
}

/// Notes in VmState::fault_address what the instruction at State::pc would access.
template <class Guest>
void probe(typename Guest::State& state) {
    u32 word = word_at<Guest>(state.pc);
    isa::RowIndex row = Guest::decode(word);
    if (row != isa::no_row) row_at<Guest>(row).probe(state, word);
}

template <class Guest>
class Interpreter {
    using State = typename Guest::State;
    using Op = Operation<State>;

  public:
    Interpreter(BlockCache& blocks, State& state) : blocks_(&blocks), state_(state) {
        blocks_->add(reader_);
    }
    ~Interpreter() { blocks_->remove(reader_); }
    Interpreter(const Interpreter&) = delete;
    Interpreter& operator=(const Interpreter&) = delete;

    /// Around guest code. `enter`: true when code has been announced as changed since.
    bool enter() {
        if (blocks_->enter(reader_) == dropped_) return false;
        drop_cached_code();
        return true;
    }
    void leave() { blocks_->leave(reader_); }

    /// Runs from State::pc, block after block, until guest code leaves, somebody wants attention, or (without an exit) the
    /// next block has to be looked for.
    void run();
    /// Runs one block without keeping it, or the first `most` instructions of it.
    void run_once(std::size_t most);

    void drop_cached_code() {
        if (kept_) jump_cache_.clear();
        kept_ = false;
        dropped_ = blocks_->enter(reader_);
    }
    BlockCache::Reader& reader() { return reader_; }
    void dump_code(const Dump& dump) { dump_ = dump; }
    const Dump& dump() const { return dump_; }

  private:
    static constexpr std::size_t longest = 140;  // operations in a block
    using Operations = std::array<Op, longest>;

    static std::size_t decode(Operations& operations, u64 pc, const u8* bytes, std::size_t size, std::size_t most,
                              std::size_t& decoded);
    static void decode_block(Block& block, const u8* bytes, std::size_t size);
    const Op* find_block();
    void execute_from(const Op* operation) {
        state_.vm.in_code.store(true, std::memory_order_relaxed);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        operation->run(state_, operation);
        std::atomic_signal_fence(std::memory_order_seq_cst);
        state_.vm.in_code.store(false, std::memory_order_relaxed);
    }
    /// Makes State::pc an address that code may stand at. False when there is none: the hart has left.
    bool settle_pc() {
        state_.pc = Guest::untagged(state_.pc);
        if (state_.pc % Guest::code_alignment == 0) return true;
        cannot_fetch(state_.pc);
        return false;
    }
    void cannot_fetch(u64 address) {
        state_.vm.fault_address = address;
        state_.vm.exit = isa::ExitReason::fetch_fault;
    }

    BlockCache* blocks_;
    BlockCache::Reader reader_;
    State& state_;
    u64 dropped_ = 0;
    bool kept_ = false;  // the jump cache holds something
    Dump dump_;
    JumpCache jump_cache_;
};

template <class Guest>
void Interpreter<Guest>::run() {
    if (const Op* operation = find_block()) execute_from(operation);
}

template <class Guest>
void Interpreter<Guest>::run_once(std::size_t most) {
    if (!settle_pc()) return;
    u64 pc = state_.pc;
    u8 bytes[BlockCache::longest_block];
    std::size_t size = blocks_->fetch(pc, bytes, most == 1 ? Guest::longest_instruction : BlockCache::longest_block);
    Operations operations;
    std::size_t decoded = 0;
    if (decode(operations, pc, bytes, size, most, decoded) == 0) return cannot_fetch(pc + size);
    if (dump_.wanted()) dump_.write<Guest>(pc, {bytes, decoded});
    execute_from(operations.data());
}

/// The block at pc, also entered in the thread's table; null with vm.exit set when it cannot be fetched.
template <class Guest>
const typename Interpreter<Guest>::Op* Interpreter<Guest>::find_block() {
    if (!settle_pc()) return nullptr;
    u64 pc = state_.pc;
    jump_cache_.attach(state_.vm);
    isa::JumpCacheEntry& entry = jump_cache_.at(pc);
    if (entry.tag == pc + 1) return static_cast<const Op*>(entry.code);
    BlockCache::Found found = blocks_->find(pc, &decode_block);
    if (found.block == nullptr) return cannot_fetch(found.fault_address), nullptr;
    if (dump_.wanted() && !found.block->dumped.exchange(true)) dump_.write<Guest>(pc, found.block->bytes);
    const Op* first = reinterpret_cast<const Op*>(found.block->operations.data());
    entry = {pc + 1, first};
    kept_ = true;
    return first;
}

/// Decodes whole instructions up to one that never falls through, or the end of what can be fetched, or `most`. Returns the
/// number of operations, of which the last one leaves the block; `decoded` is how many bytes they stand for.
template <class Guest>
std::size_t Interpreter<Guest>::decode(Operations& operations, u64 pc, const u8* bytes, std::size_t size,
                                       std::size_t most, std::size_t& decoded) {
    std::size_t count = 0;
    std::size_t at = 0;
    auto flow = emitters::Effects::Flow::falls_through;
    while (flow != emitters::Effects::Flow::ends && count < most) {
        u16 halves[2]{};
        if (size - at >= 2) std::memcpy(&halves[0], bytes + at, 2);
        std::size_t length = std::size_t(Guest::length_of(halves[0]));
        if (size - at < length || size - at < 2) break;
        if (length == 4) std::memcpy(&halves[1], bytes + at + 2, 2);
        u32 word = u32(halves[0]) | u32(halves[1]) << 16;
        isa::RowIndex row = Guest::decode(word);
        if (row == isa::no_row) {
            operations[count++] = {&refuse<Guest>, pc + at, 0};
            flow = emitters::Effects::Flow::ends;
        } else {
            const Row<Guest>& known = row_at<Guest>(row);
            operations[count++] = {known.handler, pc + at, known.pack(word)};
            flow = known.flow(word);
        }
        at += length;
    }
    decoded = at;
    if (count != 0 && flow != emitters::Effects::Flow::ends) {
        operations[count++] = {&continue_elsewhere<Guest>, pc + at, 0};
    }
    return count;
}

template <class Guest>
void Interpreter<Guest>::decode_block(Block& block, const u8* bytes, std::size_t size) {
    Operations operations;
    static_assert(sizeof(Op) % sizeof(u64) == 0);
    std::size_t decoded = 0;
    std::size_t count = decode(operations, block.pc, bytes, size, longest - 1, decoded);
    if (count == 0) return;
    block.instructions = u32(count) - (operations[count - 1].run == &continue_elsewhere<Guest> ? 1 : 0);
    block.bytes.assign(bytes, bytes + decoded);
    block.operations.resize(count * sizeof(Op) / sizeof(u64));
    std::memcpy(block.operations.data(), operations.data(), count * sizeof(Op));
}

}  // namespace lyrebird::interpreter
