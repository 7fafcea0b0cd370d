// Tier 0 as a Cpu: decodes guest code into blocks of operations once, runs them, and leaves with a reason.
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
#include "translator/isa/cpu.hpp"

namespace lyrebird::interpreter {

/// What all harts of a process share.
struct Shared {
    explicit Shared(memory::AddressSpace& memory) : blocks(memory) {}
    BlockCache blocks;
    ExclusiveMonitor monitor;
};

template <class Guest>
class Cpu final : public isa::Cpu {
    using State = typename Guest::State;
    using Op = Operation<State>;

  public:
    Cpu(std::shared_ptr<Shared> shared, const State& initial)
        : shared_(std::move(shared)),
          blocks_(&shared_->blocks),
          state_(initial),
          reservations_(shared_->monitor, state_.vm, &partner) {
        state_.vm.jump_cache = jump_cache_.entries();
        blocks_->add(reader_);
    }
    ~Cpu() override { blocks_->remove(reader_); }
    Cpu(const Cpu&) = delete;
    Cpu& operator=(const Cpu&) = delete;

    isa::ExitReason run() override;
    void abandoned() override {
        state_.vm.in_code.store(false, std::memory_order_relaxed);
        leave();
    }

    void* state() override { return &state_; }
    u64 pc() const override { return state_.pc; }
    void set_pc(u64 pc) override { state_.pc = pc; }
    u64 stack_pointer() const override { return Guest::stack_pointer(state_); }
    void set_stack_pointer(u64 value) override { Guest::set_stack_pointer(state_, value); }
    void set_thread_pointer(u64 value) override { Guest::set_thread_pointer(state_, value); }
    SystemCall system_call() const override { return Guest::system_call(state_); }
    void set_result(u64 value) override { Guest::set_result(state_, value); }
    void advance() override { state_.pc += u64(Guest::length_of(u16(word_at(state_.pc)))); }

    std::unique_ptr<isa::Cpu> clone() const override {
        auto copy = std::make_unique<Cpu>(shared_, state_);
        copy->dump_descriptor_ = dump_descriptor_;
        return copy;
    }

    void drop_cached_code() override {
        jump_cache_.clear();
        reservations_.forget_code();
        dropped_ = blocks_->enter(reader_);
    }
    void invalidate_code() override { blocks_->invalidate(); }

    u64 data_address() override {
        u32 word = word_at(state_.pc);
        isa::RowIndex row = Guest::decode(word);
        if (row != isa::no_row) row_at<Guest>(row).probe(state_, word);
        return state_.vm.fault_address;
    }
    std::string disassemble(u64 pc) override;

    void before_fork() override {
        shared_->monitor.before_fork();
        blocks_->before_fork();
    }
    void after_fork_in_parent() override {
        blocks_->after_fork_in_parent();
        shared_->monitor.after_fork_in_parent();
    }
    void after_fork_in_child() override {
        blocks_->after_fork_in_child(&reader_);
        shared_->monitor.after_fork_in_child(reservations_);
    }

    Statistics statistics() override {
        BlockCache::Counts counts = blocks_->counts();
        return {counts.decoded, counts.instructions, counts.bytes, counts.lookups, counts.rejected};
    }
    void dump_listing(int descriptor) override { dump_descriptor_ = descriptor; }

  private:
    /// The two or four bytes of the instruction at `pc`; zero where nothing can be read.
    static u32 word_at(u64 pc) {
        u16 halves[2]{};
        if (!memory::copy_from_guest(&halves[0], GuestAddress(pc), 2)) return 0;
        if (Guest::length_of(halves[0]) == 4) (void)memory::copy_from_guest(&halves[1], GuestAddress(pc + 2), 2);
        return u32(halves[0]) | u32(halves[1]) << 16;
    }
    void leave() {
        reservations_.leave();
        blocks_->leave(reader_);
    }
    static u64 partner(u64 load_pc);
    static void decode_block(Block& block, const u8* bytes, std::size_t size);
    const Op* find_block();

    std::shared_ptr<Shared> shared_;
    BlockCache* blocks_;
    BlockCache::Reader reader_;
    u64 dropped_ = 0;
    int dump_descriptor_ = -1;
    JumpCache jump_cache_;
    State state_;
    ThreadReservations reservations_;
};

template <class Guest>
isa::ExitReason Cpu<Guest>::run() {
    isa::VmState& vm = state_.vm;
    reservations_.enter();
    if (blocks_->enter(reader_) != dropped_) drop_cached_code();
    vm.exit = isa::ExitReason::none;
    while (vm.exit == isa::ExitReason::none) {
        u32 attention = vm.attention.load(std::memory_order_acquire);
        if ((attention & isa::attention_code) != 0) {
            vm.attention.fetch_and(~u32(isa::attention_code), std::memory_order_acq_rel);
            drop_cached_code();
        } else if ((attention & ~u32(isa::attention_exclusive)) != 0) {
            vm.exit = isa::ExitReason::attention;
        } else if (attention != 0 && !reservations_.attend()) {
            continue;
        } else if (const Op* operation = find_block()) {
            vm.in_code.store(true, std::memory_order_relaxed);
            std::atomic_signal_fence(std::memory_order_seq_cst);
            operation->run(state_, operation);
            std::atomic_signal_fence(std::memory_order_seq_cst);
            vm.in_code.store(false, std::memory_order_relaxed);
        }
    }
    leave();
    return vm.exit;
}

/// The block at pc, also entered in the thread's table; null with vm.exit set when it cannot be fetched.
template <class Guest>
const typename Cpu<Guest>::Op* Cpu<Guest>::find_block() {
    u64 pc = state_.pc;
    if (pc % Guest::code_alignment != 0) {
        state_.vm.fault_address = pc;
        state_.vm.exit = isa::ExitReason::fetch_fault;
        return nullptr;
    }
    isa::JumpCacheEntry& entry = jump_cache_.entries()[(pc >> 1) & (isa::jump_cache_size - 1)];
    if (entry.tag == pc + 1) return static_cast<const Op*>(entry.code);
    BlockCache::Found found = blocks_->find(pc, &decode_block);
    if (found.block == nullptr) {
        state_.vm.fault_address = found.fault_address;
        state_.vm.exit = isa::ExitReason::fetch_fault;
        return nullptr;
    }
    if (dump_descriptor_ >= 0 && !found.block->dumped.exchange(true)) dump_block<Guest>(dump_descriptor_, *found.block);
    const Op* first = reinterpret_cast<const Op*>(found.block->operations.data());
    entry = {pc + 1, first};
    return first;
}

/// Decodes whole instructions up to one that never falls through, or the end of what can be fetched.
template <class Guest>
void Cpu<Guest>::decode_block(Block& block, const u8* bytes, std::size_t size) {
    std::array<Op, 140> operations;
    static_assert(sizeof(Op) % sizeof(u64) == 0);
    std::size_t count = 0;
    std::size_t at = 0;
    auto flow = emitters::Effects::Flow::falls_through;
    while (flow != emitters::Effects::Flow::ends) {
        u16 halves[2]{};
        if (size - at >= 2) std::memcpy(&halves[0], bytes + at, 2);
        std::size_t length = std::size_t(Guest::length_of(halves[0]));
        if (size - at < length || size - at < 2) break;
        if (length == 4) std::memcpy(&halves[1], bytes + at + 2, 2);
        u32 word = u32(halves[0]) | u32(halves[1]) << 16;
        isa::RowIndex row = Guest::decode(word);
        if (row == isa::no_row) {
            operations[count++] = {&refuse<Guest>, block.pc + at, 0};
            flow = emitters::Effects::Flow::ends;
        } else {
            const Row<Guest>& known = row_at<Guest>(row);
            operations[count++] = {known.handler, block.pc + at, known.pack(word)};
            flow = known.flow(word);
        }
        at += length;
    }
    if (count == 0) return;
    block.instructions = u32(count);
    if (flow != emitters::Effects::Flow::ends) operations[count++] = {&continue_elsewhere<Guest>, block.pc + at, 0};
    block.bytes.assign(bytes, bytes + at);
    block.operations.resize(count * sizeof(Op) / sizeof(u64));
    std::memcpy(block.operations.data(), operations.data(), count * sizeof(Op));
}

/// Looks ahead from a load-reserved over as many instructions as a constrained sequence may have (RISC-V unprivileged 14.3).
template <class Guest>
u64 Cpu<Guest>::partner(u64 load_pc) {
    u64 pc = load_pc + u64(Guest::length_of(u16(word_at(load_pc))));
    for (int count = 0; count < 16; ++count) {
        u32 word = word_at(pc);
        isa::RowIndex row = Guest::decode(word);
        if (row == isa::no_row) return 0;
        Role role = row_at<Guest>(row).role(word);
        if (role == Role::ends_reservation) return pc;
        if (role != Role::computes) return 0;
        pc += u64(Guest::length_of(u16(word)));
    }
    return 0;
}

template <class Guest>
std::string Cpu<Guest>::disassemble(u64 pc) {
    return describe_word<Guest>(word_at(pc), pc);
}

}  // namespace lyrebird::interpreter
