// The Cpu of a guest, made of its tiers. Instantiated once a guest (riscv64.cpp …).
#pragma once

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "translator/hart/check.hpp"
#include "translator/hart/hart.hpp"
#include "translator/interpreter/interpreter.hpp"
#include "translator/isa/reservation.hpp"
#include "translator/x64/code_cache.hpp"
#include "translator/x64/hart_memory.hpp"
#include "translator/x64/translator.hpp"

namespace lyrebird::hart {

/// What all harts of a process share.
template <class Guest>
struct Shared {
    Shared(memory::AddressSpace& memory, const Tiering& tiering, const x64::Features& features)
        : memory(memory), tiering(tiering), blocks(memory), layout(x64::Layout::of<Guest>(features)) {
        surroundings.layout = &layout;
        surroundings.features = features;
        surroundings.options = tiering.options;
        surroundings.host = this;
        surroundings.single_rounds = tiering.check;
        if constexpr (Guest::ignores_tags) {  // the guest with vectors: much is left to tier 0, one by one
            surroundings.carry_out = [](u64 state, u64 instruction, u64 pc, u64) {
                auto& guest = *reinterpret_cast<typename Guest::State*>(state);
                interpreter::carry_out<Guest>(guest, isa::RowIndex(instruction >> 32), u32(instruction), pc);
                return u64{guest.vm.exit != isa::ExitReason::none};
            };
            surroundings.floats_left = &floats_left;
        }
        surroundings.partner = [](void* self, u64 pc) {
            if (!static_cast<Shared*>(self)->monitor.trusts(pc)) return u64{0};
            u64 partner = interpreter::partner_of<Guest>(pc);
            return partner != 0 ? partner : isa::no_partner;
        };
    }

    ~Shared() { delete spare_translator.load(); }

    using Translator = x64::Translator<Guest>;
    std::unique_ptr<Translator> take_translator() {
        if (Translator* spare = spare_translator.exchange(nullptr)) return std::unique_ptr<Translator>(spare);
        std::lock_guard lock(translators_mutex);
        if (translators.empty()) return std::make_unique<Translator>(memory, surroundings);
        auto translator = std::move(translators.back());
        translators.pop_back();
        return translator;
    }
    void give_translator(std::unique_ptr<Translator> translator) {
        Translator* other = spare_translator.exchange(translator.release());
        if (other == nullptr) return;
        std::lock_guard lock(translators_mutex);
        translators.emplace_back(other);
    }

    memory::AddressSpace& memory;
    Tiering tiering;
    interpreter::BlockCache blocks;
    isa::ExclusiveMonitor monitor;
    x64::Layout layout;
    x64::Surroundings surroundings;
    /// Set when a thread asks for a floating-point mode that the host does not have, where tier 1 can call tier 0 for what computes
    /// with floats: from then on it does.
    std::atomic<bool> floats_left{false};
    std::unique_ptr<x64::CodeCache> code;  // null in tier 0

    /// Translators that nobody uses now: they are large, and threads are many.
    std::atomic<Translator*> spare_translator{nullptr};  // owned
    std::mutex translators_mutex;                        // of the others
    std::vector<std::unique_ptr<Translator>> translators;

    /// For --check-tiers: who holds it runs guest code; how many wait for it, and how often it was taken.
    std::mutex turn;
    std::atomic<u32> waiting_for_turn{0};
    std::atomic<u32> turns{0};

    /// Visits by a hash of the block's pc.
    std::array<std::atomic<u8>, 16384> visits{};
    std::atomic<u64> interpreted{0};
};

template <class Guest>
class TieredHart final : public isa::Cpu {
    using State = typename Guest::State;
    using Translator = x64::Translator<Guest>;

  public:
    TieredHart(std::shared_ptr<Shared<Guest>> shared, const State& initial)
        : shared_(std::move(shared)),
          code_(shared_->code.get()),
          memory_(initial),
          state_(memory_.state()),
          context_(memory_.context()),
          reservations_(shared_->monitor, state_.vm, &interpreter::partner_of<Guest>),
          interpreter_(shared_->blocks, state_) {
        context_.image_base = x64::image_base();
        context_.return_stack = memory_.return_stack_top();
        if (code_ == nullptr) return;
        memory_.set_empty_entries(reinterpret_cast<u64>(code_->stub(x64::Stub::empty)));
        reader_.vm = &state_.vm;
        code_->add(reader_);
    }
    /// For the first thread, which will touch all that is its own.
    void populate() {
        if (code_ != nullptr) memory_.populate();
    }
    ~TieredHart() override {
        if (code_ == nullptr) return;
        code_->remove(reader_);
        drop_tables(0);
    }
    TieredHart(const TieredHart&) = delete;
    TieredHart& operator=(const TieredHart&) = delete;

    isa::ExitReason run() override;
    void abandoned() override {
        state_.vm.in_code.store(false, std::memory_order_relaxed);
        if (code_ != nullptr && reader_.inside.load(std::memory_order_relaxed) != x64::Reader::outside) {
            // Tier 0 had been called from translated code.
            context_.return_stack = memory_.return_stack_top();
            note_float_flags();
            reader_.inside.store(x64::Reader::outside, std::memory_order_release);
        }
        end_turn();
        leave();
    }
    bool recover(u64 fault_address, u64& host_pc, u64& host_stack, bool& is_fault) override;

    bool is_translated(u64 host_pc) const override { return code_ != nullptr && code_->contains(host_pc); }

    void* state() override { return &state_; }
    u64 pc() const override { return state_.pc; }
    void set_pc(u64 pc) override { state_.pc = pc; }
    u64 stack_pointer() const override { return Guest::stack_pointer(state_); }
    void set_stack_pointer(u64 value) override { Guest::set_stack_pointer(state_, value); }
    void set_thread_pointer(u64 value) override { Guest::set_thread_pointer(state_, value); }
    SystemCall system_call() const override { return Guest::system_call(state_); }
    void set_result(u64 value) override { Guest::set_result(state_, value); }
    void advance() override { state_.pc += u64(Guest::length_of(u16(interpreter::word_at<Guest>(state_.pc)))); }

    std::unique_ptr<isa::Cpu> clone() const override {
        auto copy = std::make_unique<TieredHart>(shared_, state_);
        copy->interpreter_.dump_code(interpreter_.dump());
        return copy;
    }

    void drop_cached_code() override {
        interpreter_.drop_cached_code();
        reservations_.forget_code();
        if (code_ == nullptr) return;
        if (u64 now = code_->generation(); now != dropped_) drop_tables(now);
    }
    void invalidate_code() override {
        shared_->blocks.invalidate();
        if (code_ != nullptr) code_->announce_writes();
    }
    bool code_written(u64 start, u64 end) override {
        shared_->blocks.invalidate();
        if (code_ != nullptr) code_->announce_writes(start, end);
        return code_ == nullptr;
    }
    void invalidate_code(u64 start, u64 end) override {
        shared_->blocks.invalidate();
        if (code_ != nullptr) code_->announce_change(start, end);
    }

    u64 data_address() override {
        interpreter::probe<Guest>(state_);
        return state_.vm.fault_address;
    }
    std::string disassemble(u64 pc) override { return interpreter::disassemble<Guest>(pc); }

    void before_fork() override {
        shared_->turn.lock();
        shared_->monitor.before_fork();
        shared_->blocks.before_fork();
        shared_->translators_mutex.lock();
        if (code_ != nullptr) code_->before_fork();
    }
    void after_fork_in_parent() override {
        if (code_ != nullptr) code_->after_fork_in_parent();
        shared_->translators_mutex.unlock();
        shared_->blocks.after_fork_in_parent();
        shared_->monitor.after_fork_in_parent();
        shared_->turn.unlock();
    }
    void after_fork_in_child() override {
        if (code_ != nullptr) code_->after_fork_in_child(reader_);
        shared_->translators_mutex.unlock();
        shared_->blocks.after_fork_in_child(&interpreter_.reader());
        shared_->monitor.after_fork_in_child(reservations_);
        shared_->turn.unlock();
        shared_->interpreted = 0;
    }

    Statistics statistics() override;
    void dump_code(int descriptor, bool listings) override { interpreter_.dump_code({descriptor, listings}); }
    void observe(isa::CodeObserver* observer) override {
        if (code_ != nullptr) code_->observe(observer);
    }

  private:
    void enter() {
        reservations_.enter();
        if (interpreter_.enter()) reservations_.forget_code();
    }
    void leave() {
        reservations_.leave();
        interpreter_.leave();
    }
    void step();
    void interpret(std::size_t most) {
        shared_->interpreted.fetch_add(1, std::memory_order_relaxed);
        interpreter_.run_once(most);
    }
    bool host_computes();
    void run_translated();
    void take_turn();
    void end_turn();
    void offer_turn();
    void run_checked();
    u32 block_length(u64 pc);
    const u8* code_at(u64 pc);
    const u8* translate(u64 pc);
    void dump(const x64::Translation& translation) const;
    bool is_new(u64 pc);
    void run_code(const u8* code);
    /// What translated code has left in the host's registers, as State has it.
    void note_float_flags() {
        if ((context_.left_mxcsr & 63) != 0) Guest::float_flags(state_) |= context_.flags[context_.left_mxcsr & 63];
        Guest::tidy(state_);
    }
    void remember(u64 pc, const u8* code);
    /// In nanoseconds, when times are asked for; else 0.
    u64 now() const {
        timespec time{};
        if (shared_->tiering.measure) clock_gettime(CLOCK_MONOTONIC, &time);
        return u64(time.tv_sec) * 1'000'000'000 + u64(time.tv_nsec);
    }
    void drop_tables(u64 generation);
    void interpret_one();

    static constexpr std::size_t whole_block = 138;
    static constexpr int status_of_difference = 125;

    std::shared_ptr<Shared<Guest>> shared_;
    x64::CodeCache* code_;
    x64::Reader reader_;
    x64::HartMemory<State> memory_;
    State& state_;
    x64::Context& context_;
    isa::ThreadReservations reservations_;
    interpreter::Interpreter<Guest> interpreter_;
    u64 dropped_ = 0;  // the generation at which the tables were emptied
    u64 distrusted_ = 0;
    u64 fault_address_ = 0;  // of the last fault in translated code
    /// Entries of the jump table in use, while they are few.
    std::array<u16, 128> used_entries_;
    std::size_t used_count_ = 0;
    // For --check-tiers.
    bool has_turn_ = false;
    u32 turns_in_a_row_ = 0;
    TierCheck<Guest> check_{shared_->memory, state_};
    std::unordered_map<u64, u32> lengths_;
    u64 lengths_announced_ = 0;
};

template <class Guest>
isa::ExitReason TieredHart<Guest>::run() {
    isa::VmState& vm = state_.vm;
    enter();
    vm.exit = isa::ExitReason::none;
    if (code_ != nullptr && code_->alone() && shared_->memory.shares_memory()) code_->expect_company();
    while (vm.exit == isa::ExitReason::none) {
        u32 attention = vm.attention.load(std::memory_order_acquire);
        if ((attention & isa::attention_code) != 0) {
            vm.attention.fetch_and(~u32(isa::attention_code), std::memory_order_acq_rel);
            drop_cached_code();
        } else if ((attention & ~u32(isa::attention_exclusive)) != 0) {
            vm.exit = isa::ExitReason::attention;
        } else if (attention == 0 || reservations_.attend()) {
            step();
        }
    }
    leave();
    return vm.exit;
}

/// True when translated code may run: the host computes what this thread's floating-point mode asks for, or tier 0 is called for it.
template <class Guest>
bool TieredHart<Guest>::host_computes() {
    if (Guest::host_computes(state_) || shared_->floats_left.load(std::memory_order_acquire)) return true;
    if (shared_->surroundings.floats_left == nullptr) return false;
    shared_->floats_left.store(true, std::memory_order_release);
    code_->forget_all();
    return true;
}

template <class Guest>
void TieredHart<Guest>::step() {
    if (code_ == nullptr) return interpreter_.run();
    state_.pc = Guest::untagged(state_.pc);
    if (shared_->tiering.check) return take_turn();
    if (state_.vm.reservation.exclusive || !host_computes() || state_.pc % Guest::code_alignment != 0) {
        return interpret(whole_block);
    }
    run_translated();
}

/// One block in both tiers, or something that cannot be compared, while no other thread runs guest code. Who waits for its turn
/// is outside guest code: another one's reservation may need that.
template <class Guest>
void TieredHart<Guest>::take_turn() {
    has_turn_ = shared_->turn.try_lock();
    if (!has_turn_) {
        shared_->waiting_for_turn.fetch_add(1, std::memory_order_relaxed);
        leave();
        sched_yield();
        enter();
        shared_->waiting_for_turn.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    shared_->turns.fetch_add(1, std::memory_order_relaxed);
    bool translatable = !state_.vm.reservation.exclusive && host_computes() && state_.pc % Guest::code_alignment == 0;
    translatable ? run_checked() : interpret(whole_block);
    end_turn();
    constexpr u32 fair = 64;  // blocks in a row, while others wait
    if (++turns_in_a_row_ < fair) return;
    turns_in_a_row_ = 0;
    offer_turn();
}

/// Lets another thread have the turn, if there is one that wants it and is quick enough.
template <class Guest>
void TieredHart<Guest>::offer_turn() {
    u32 before = shared_->turns.load(std::memory_order_relaxed);
    auto wanted = [&] {
        return shared_->waiting_for_turn.load(std::memory_order_relaxed) != 0 &&
               shared_->turns.load(std::memory_order_relaxed) == before;
    };
    if (!wanted()) return;
    leave();
    for (int tries = 0; tries < 64 && wanted(); ++tries) sched_yield();
    enter();
}

template <class Guest>
void TieredHart<Guest>::end_turn() {
    if (std::exchange(has_turn_, false)) shared_->turn.unlock();
}

/// One block in both tiers; the process ends where they differ.
template <class Guest>
void TieredHart<Guest>::run_checked() {
    u64 pc = state_.pc;
    u32 instructions = block_length(pc);
    if (instructions == 0) return interpret(1);  // it cannot be fetched
    if (!code_->is_current(pc)) return run_translated();
    std::string differences;
    for (int tries = code_->alone().load(std::memory_order_relaxed) ? 1 : 2;; check_.undo()) {
        bool comparable = check_.run_first(instructions, [this] { interpreter_.run_once(1); });
        context_.return_stack = memory_.return_stack_top();  // so that nothing but this block runs
        run_translated();
        if (!comparable) return;
        differences = check_.compare();
        if (differences.empty()) return;
        if (--tries == 0) break;
    }
    std::string text = format("lyre: the tiers differ in the block at {:#x} of {} instructions\n{}", pc, instructions, differences);
    interpreter_.dump_code({.descriptor = 2, .listings = false});
    [[maybe_unused]] auto written = ::write(2, text.data(), text.size());
    interpreter_.run_once(instructions);  // shows the instructions
    ::_exit(status_of_difference);
}

/// How many instructions tier 1 puts into the block at `pc`.
template <class Guest>
u32 TieredHart<Guest>::block_length(u64 pc) {
    if (code_->announcements() != lengths_announced_) lengths_.clear();
    lengths_announced_ = code_->announcements();
    u32& length = lengths_[pc];
    if (length == 0) {
        Translator translator(shared_->memory, shared_->surroundings);
        length = translator.translate(pc, Translator::longest, 0).instructions;
    }
    return length;
}

/// Runs translated code from State::pc until it comes back; or, when there is none and there is to be none yet, one block in
/// tier 0.
template <class Guest>
void TieredHart<Guest>::run_translated() {
    u64 generation = code_->generation();
    if (generation != dropped_) drop_tables(generation);
    const u8* code = code_at(state_.pc);
    if (code == nullptr) return;
    // From here on the code is not thrown away; until here it may have been.
    reader_.inside.store(generation, std::memory_order_seq_cst);
    if (code_->generation() != generation) {
        reader_.inside.store(x64::Reader::outside, std::memory_order_release);
        return;
    }
    // The place where the code was left is looked up while the code still stands there.
    do {
        run_code(code);
        if (context_.request != x64::Request::link) break;
        auto followed = code_->link(context_.link_site);
        state_.pc = followed.target;
        code = followed.code;
    } while (code != nullptr && state_.vm.attention.load(std::memory_order_relaxed) == 0 && !shared_->tiering.check);
    if (state_.vm.exit == isa::ExitReason::data_fault) {
        state_.pc = code_->access_at(context_.fault_site, reinterpret_cast<u8*>(&state_));
    }
    reader_.inside.store(x64::Reader::outside, std::memory_order_release);
    ENSURE(state_.pc != 0 || state_.vm.exit != isa::ExitReason::data_fault,
           "a fault in translated code that is no access of the guest's");
    if (Guest::ignores_tags && state_.vm.exit == isa::ExitReason::data_fault && fault_address_ == 0) {
        // The host says no more of an address with a tag; tier 0 drops it.
        state_.vm.exit = isa::ExitReason::none;
        return interpret_one();
    }
    if (context_.request == x64::Request::interpret) interpret_one();
}

template <class Guest>
void TieredHart<Guest>::run_code(const u8* code) {
    // The guest's directions (ieee::Rounding: even, zero, down, up) as MXCSR has them.
    static constexpr u32 modes[]{0, 3, 1, 2};
    context_.guest_mxcsr = x64::plain_mxcsr | modes[u32(Guest::float_rounding(state_)) & 3] << 13;
    context_.request = x64::Request::none;
    code_->enter()(reinterpret_cast<u8*>(&state_) + shared_->layout.base, code);
    note_float_flags();
}

/// The code at `pc`, translated now if it is time to; null when tier 0 has run the block instead, or nothing can be fetched.
template <class Guest>
const u8* TieredHart<Guest>::code_at(u64 pc) {
    const isa::JumpCacheEntry& entry = memory_.table()[(pc >> 1) & (x64::jump_table_size - 1)];
    if (entry.tag == pc) return static_cast<const u8*>(entry.code);
    const u8* code = code_->find(pc);
    if (code == nullptr) {
        if (is_new(pc) || code_->lost()) {
            interpret(whole_block);
            return nullptr;
        }
        code = translate(pc);
    }
    if (code != nullptr) remember(pc, code);
    return code;
}

/// Counts a visit; true while tier 0 is to run the block.
template <class Guest>
bool TieredHart<Guest>::is_new(u64 pc) {
    if (shared_->tiering.mode != Tiering::Mode::automatic || shared_->tiering.check) return false;
    auto& visits = shared_->visits[((pc >> 1) ^ (pc >> 15)) % shared_->visits.size()];
    u8 count = visits.load(std::memory_order_relaxed);
    if (count >= shared_->tiering.translate_after) return code_->asks_for_patience();
    visits.store(u8(count + 1), std::memory_order_relaxed);
    return true;
}

template <class Guest>
const u8* TieredHart<Guest>::translate(u64 pc) {
    u64 before = now();
    std::unique_ptr<Translator> translator = shared_->take_translator();
    const u8* code = nullptr;
    do {
        u64 announced = code_->announcements();
        const x64::Translation& translation = shared_->tiering.check ? translator->translate(pc, Translator::longest, 0)
                                                                      : translator->translate(pc);
        if (translation.instructions == 0) {
            state_.vm.fault_address = translation.fault_address;
            state_.vm.exit = isa::ExitReason::fetch_fault;
            break;
        }
        code = code_->publish(translation, announced);
        if (code != nullptr && interpreter_.dump().wanted()) dump(translation);
    } while (code == nullptr && !code_->lost());
    shared_->give_translator(std::move(translator));
    code_->add_time(now() - before);
    return code;
}

template <class Guest>
void TieredHart<Guest>::dump(const x64::Translation& translation) const {
    std::span<const u8> bytes = translation.bytes;
    for (const isa::GuestRun& run : translation.runs) {
        interpreter_.dump().template write<Guest>(run.pc, bytes.first(run.size));
        bytes = bytes.subspan(run.size);
    }
}

template <class Guest>
void TieredHart<Guest>::remember(u64 pc, const u8* code) {
    if (shared_->tiering.check) return;
    std::size_t place = (pc >> 1) & (x64::jump_table_size - 1);
    isa::JumpCacheEntry& entry = memory_.table()[place];
    if (used_count_ < used_entries_.size()) used_entries_[used_count_] = u16(place);
    ++used_count_;
    entry = {pc, code};
}

/// Empties what this thread knows of code by address.
template <class Guest>
void TieredHart<Guest>::drop_tables(u64 generation) {
    if (used_count_ > used_entries_.size()) {
        memory_.clear_table();
    } else {
        for (std::size_t at = 0; at < used_count_; ++at) memory_.table()[used_entries_[at]] = {};
        memory_.table()[0].tag = memory_.nobody;
    }
    used_count_ = 0;
    context_.return_stack = memory_.return_stack_top();
    dropped_ = generation;
}

template <class Guest>
void TieredHart<Guest>::interpret_one() {
    interpret(1);
    u64 distrusted = shared_->monitor.distrusted();
    if (distrusted == distrusted_) return;
    distrusted_ = distrusted;
    code_->forget(shared_->monitor.last_distrusted());
}

template <class Guest>
bool TieredHart<Guest>::recover(u64 fault_address, u64& host_pc, u64& host_stack, bool& is_fault) {
    if (code_ == nullptr || !code_->contains(host_pc)) return false;
    is_fault = !memory_.is_guard(fault_address);
    if (is_fault) {
        context_.fault_site = host_pc;
        fault_address_ = fault_address;
        host_pc = reinterpret_cast<u64>(code_->stub(x64::Stub::fault));
    } else {
        host_stack = memory_.return_stack_top();  // the return stack is full: it begins anew
    }
    return true;
}

template <class Guest>
isa::Cpu::Statistics TieredHart<Guest>::statistics() {
    Statistics result;
    interpreter::BlockCache::Counts counts = shared_->blocks.counts();
    result.blocks_decoded = counts.decoded;
    result.instructions_decoded = counts.instructions;
    result.bytes_decoded = counts.bytes;
    result.lookups = counts.lookups;
    result.blocks_changed = counts.rejected;
    result.interpreted = shared_->interpreted;
    if (code_ == nullptr) return result;
    x64::CodeCache::Counts code = code_->counts();
    result.blocks_translated = code.blocks;
    result.instructions_translated = code.instructions;
    result.bytes_translated = code.guest_bytes;
    result.host_bytes = code.host_bytes;
    result.translation_nanoseconds = code.nanoseconds;
    result.code_lookups = code.lookups;
    result.links = code.links;
    result.blocks_taken_back = code.taken_back;
    result.blocks_revived = code.revived;
    result.evictions = code.evictions;
    result.host_features = code_->features().text();
    return result;
}

/// The first hart of a process.
template <class Guest>
Result<std::unique_ptr<isa::Cpu>> create(memory::AddressSpace& memory, const Tiering& tiering) {
    TRY(features, x64::Features::of_host().without(tiering.without_features));
    auto shared = std::make_shared<Shared<Guest>>(memory, tiering, features);
    if (tiering.mode != Tiering::Mode::tier_0) {
        x64::CodeCache::Options options{.size = tiering.code_size, .features = features, .link = !tiering.check};
        TRY(code, x64::CodeCache::create(memory, shared->layout, options));
        shared->code = std::move(code);
        shared->surroundings.alone = &shared->code->alone();
    }
    typename Guest::State state{};
    Guest::prepare(state, tiering.options);
    auto hart = std::make_unique<TieredHart<Guest>>(std::move(shared), state);
    hart->populate();
    return hart;
}

}  // namespace lyrebird::hart
