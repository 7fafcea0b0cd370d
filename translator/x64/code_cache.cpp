#include "translator/x64/code_cache.hpp"

#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::x64 {

namespace {
constexpr u32 populate_size = 64 << 10;
constexpr u32 link_call_size = 5;  // of a call of Stub::link

/// The device of the kernel's memory objects: what the guest's memfds lie on. 0 when there are none.
u64 device_of_memory_objects() {
    int object = ::memfd_create("lyre", MFD_CLOEXEC);
    if (object < 0) return 0;
    struct stat status {};
    u64 device = ::fstat(object, &status) == 0 ? status.st_dev : 0;
    ::close(object);
    return device;
}
}  // namespace

// ---- blocks' data ----------------------------------------------------------------------------------------------------

Run CodeCache::Block::run(std::size_t number) const {
    if (run_count == 1) return {pc, byte_count};
    Run run;
    std::memcpy(&run, data + number * sizeof run, sizeof run);
    return run;
}

Exchange CodeCache::Block::exchange(std::size_t number) const {
    Exchange exchange;
    const u8* behind = bytes() - access_count * sizeof(ShortAccess);
    std::memcpy(&exchange, behind - (exchange_count - number) * sizeof exchange, sizeof exchange);
    return exchange;
}

CodeCache::ShortAccess CodeCache::Block::access(std::size_t number) const {
    ShortAccess access;
    std::memcpy(&access, bytes() - (access_count - number) * sizeof access, sizeof access);
    return access;
}

void CodeCache::pack(const Translation& translation, Block& block, Segment& segment) {
    block.run_count = u8(translation.runs.size());
    block.access_count = u16(translation.accesses.size());
    block.byte_count = u16(translation.bytes.size());
    block.loop = u16(translation.loop);
    block.exchange_count = u8(translation.exchanges.size());
    std::size_t first;
    u8* to = block.data = segment.data.extend(block.size_of_data(), first);
    if (block.run_count > 1) {
        std::memcpy(to, translation.runs.data(), block.run_count * sizeof(Run));
        to += block.run_count * sizeof(Run);
    }
    for (Exchange exchange : translation.exchanges) {
        std::memcpy(to, &exchange, sizeof exchange);
        to += sizeof exchange;
    }
    for (const Access& access : translation.accesses) {
        ShortAccess packed{u16(access.host), i16(i64(access.pc - translation.pc) / 2)};
        std::memcpy(to, &packed, sizeof packed);
        to += sizeof packed;
    }
    std::memcpy(to, translation.bytes.data(), block.byte_count);
}

// ---- creation, threads -----------------------------------------------------------------------------------------------

Result<std::unique_ptr<CodeCache>> CodeCache::create(memory::AddressSpace& space, const Layout& layout,
                                                     const Options& options) {
    constexpr std::size_t unit = segment_count * page_size;
    TRY(memory, memory::CodeMemory::create((options.size + unit - 1) / unit * unit));
    std::unique_ptr<CodeCache> cache(new CodeCache(space, std::move(memory), options));
    Assembly assembly;
    cache->stubs_ = assemble_stubs(assembly, layout, options.features);
    std::memcpy(cache->memory_.write(), assembly.data(), cache->stubs_.size);
    cache->segments_[0].start = cache->segments_[0].used =
        u32(align_up(cache->stubs_.size, block_alignment));
    return cache;
}

CodeCache::CodeCache(memory::AddressSpace& space, memory::CodeMemory memory, const Options& options)
    : space_(space), memory_(std::move(memory)), features_(options.features), links_(options.link) {
    u32 size = u32(memory_.size() / segment_count);
    for (u32 number = 0; number < segment_count; ++number) {
        segments_.push_back({.start = number * size,
                             .end = (number + 1) * size,
                             .used = number * size,
                             .blocks = ChunkedArray<Block>(records_),
                             .exits = ChunkedArray<Exit>(records_),
                             .data = ChunkedArray<u8>(records_)});
    }
    begin(segments_[0]);
    memory_object_device_ = device_of_memory_objects();
}

void CodeCache::add(Reader& reader) {
    std::lock_guard lock(mutex_);
    if (!readers_.empty()) end_solitude();
    readers_.push_back(&reader);
}
void CodeCache::remove(Reader& reader) {
    std::lock_guard lock(mutex_);
    std::erase(readers_, &reader);
}

void CodeCache::alert() {
    for (Reader* reader : readers_) reader->vm->attention.fetch_or(isa::attention_code, std::memory_order_seq_cst);
}

CodeCache::Counts CodeCache::counts() {
    std::lock_guard lock(mutex_);
    Counts counts = counts_;
    counts.nanoseconds = time_.load(std::memory_order_relaxed);
    return counts;
}

void CodeCache::observe(isa::CodeObserver* observer) {
    std::lock_guard lock(mutex_);
    observer_ = observer;
}

// ---- finding ---------------------------------------------------------------------------------------------------------

CodeCache::Index CodeCache::live_at(u64 pc) {
    if (const auto* place = places_.find(pc); place != nullptr && place->block != none) return place->block;
    if (aside_.empty()) return none;
    auto kept = aside_.find(pc);
    if (kept == aside_.end()) return none;
    Index index = kept->second;
    Block& candidate = block(index);
    if (!may_execute(candidate) || !own()) return none;
    aside_.erase(kept);
    if (!has_bytes(candidate)) {
        bury(candidate);
        return none;
    }
    candidate.life = Life::live;
    places_.at(pc).block = index;
    ++counts_.revived;
    for (u32 number = 0; number < candidate.exit_count; ++number) {
        Index own = candidate.exits + number;
        Index target = live_at(target_of(exit(own)));
        if (target != none && links_)
            connect(own, target);
        else
            wait_for_target(own);
    }
    return index;
}

const u8* CodeCache::find(u64 pc) {
    std::lock_guard lock(mutex_);
    ++counts_.lookups;
    Index index = live_at(pc);
    return index == none ? nullptr : memory_.execute() + block(index).host;
}

/// The block, alive or not, that a place in code memory belongs to.
CodeCache::Block* CodeCache::block_at(u32 host) {
    Segment& segment = segment_of(host);
    std::size_t first = 0, end = segment.blocks.size();
    while (first < end) {
        std::size_t middle = (first + end) / 2;
        if (host < segment.blocks[middle].host)
            end = middle;
        else
            first = middle + 1;
    }
    if (first == 0) return nullptr;
    Block& found = segment.blocks[first - 1];
    return host - found.host < found.host_size ? &found : nullptr;
}

CodeCache::Index CodeCache::exit_at(u64 site) {
    u32 place = u32(site - reinterpret_cast<u64>(memory_.execute())) - link_call_size;
    Block* owner = block_at(place);
    ENSURE(owner != nullptr, "an exit of no block");
    u32 number = (place - owner->host - owner->unlinked) / link_call_size;
    ENSURE(number < owner->exit_count, "a block has no such exit");
    return owner->exits + number;
}

CodeCache::Followed CodeCache::link(u64 site) {
    std::lock_guard lock(mutex_);
    Index index = exit_at(site);
    ++counts_.lookups;
    u64 pc = target_of(exit(index));
    Index target = live_at(pc);
    if (target == none) return {pc, nullptr};
    Followed followed{pc, memory_.execute() + block(target).host};
    if (asks_for_patience()) return followed;
    if (!own()) return {pc, nullptr};
    if (links_ && exit(index).linked == none && block(exit(index).owner).life == Life::live) {
        disconnect(index);
        connect(index, target);
    }
    return followed;
}

u64 CodeCache::access_at(u64 host_pc, u8* state) {
    std::lock_guard lock(mutex_);
    u32 place = u32(host_pc - reinterpret_cast<u64>(memory_.execute()));
    const Block* found = block_at(place);
    if (found == nullptr) return 0;
    for (std::size_t number = 0; place - found->host >= found->loop && number < found->exchange_count; ++number) {
        Exchange pair = found->exchange(number);
        std::swap_ranges(state + pair.homed, state + pair.homed + 8, state + pair.homeless);
    }
    for (std::size_t number = found->access_count; number-- > 0;) {
        ShortAccess access = found->access(number);
        if (found->host + access.host <= place) return found->pc + u64(i64(access.halfwords) * 2);
    }
    return 0;
}

// ---- new blocks ------------------------------------------------------------------------------------------------------

const u8* CodeCache::publish(const Translation& translation, u64 announced) {
    std::unique_lock lock(mutex_);
    if (!own()) return nullptr;
    make_room(lock, translation);
    if (translation.alone && !alone_) return nullptr;
    if (Index known = live_at(translation.pc); known != none) return memory_.execute() + block(known).host;
    for (const DirectExit& direct : translation.exits) places_.prefetch(direct.target);
    Index index = allocate(translation);
    Block& made = block(index);
    if (announced != announcements_.load(std::memory_order_relaxed) && !(may_execute(made) && has_bytes(made))) {
        bury(made);
        return nullptr;
    }
    Place& place = places_.at(translation.pc);
    place.block = index;
    Index waiting = links_ ? std::exchange(place.waiting, none) : none;
    while (waiting != none) {
        Index one = waiting;
        waiting = exit(one).next;
        connect(one, index);
    }
    if (made.lies_on_one_page()) {
        made.next_on_page = std::exchange(page_of(made.pc / page_size).blocks, index);
    } else {
        for (std::size_t number = 0; number < made.run_count; ++number) {
            Run run = made.run(number);
            for (u64 page = run.pc / page_size; page <= (run.pc + run.size - 1) / page_size; ++page) {
                page_of(page).spreading.push_back(index);
            }
        }
    }
    for (u32 number = 0; number < made.exit_count; ++number) {
        Index own = made.exits + number;
        Place& target = places_.at(target_of(exit(own)));
        if (target.block != none && links_)
            connect(own, target.block);
        else
            enlist(own, target.waiting);
    }
    ++counts_.blocks;
    counts_.instructions += translation.instructions;
    counts_.guest_bytes += translation.bytes.size();
    counts_.host_bytes += made.host_size;
    const u8* code = memory_.execute() + made.host;
    if (observer_ != nullptr) {
        observer_->translated({made.pc, made.byte_count, code, made.host_size, {made.bytes(), made.byte_count}});
    }
    return code;
}

CodeCache::Index CodeCache::allocate(const Translation& translation) {
    u32 size = u32(align_up(translation.code.size(), block_alignment));
    Segment& segment = segments_[current_];
    Index top = Index(current_) << 24;
    std::size_t number, first_exit;
    Block& made = *segment.blocks.extend(1, number);
    Exit* exits = segment.exits.extend(translation.exits.size(), first_exit);
    Index index = top | Index(number);
    made.pc = translation.pc;
    made.host = segment.used;
    made.host_size = u16(translation.code.size());
    made.incoming = made.next_on_page = none;
    made.exits = top | Index(first_exit);
    made.exit_count = u16(translation.exits.size());
    made.unlinked = u16(translation.exits.empty() ? 0 : translation.exits[0].unlinked);
    made.life = Life::live;
    pack(translation, made, segment);
    if (translation.alone) segment.alone.push_back(index);
    for (const DirectExit& direct : translation.exits) {
        *exits++ = {u32(direct.target), u32(direct.target >> 32), made.host + direct.at, index, none, none, none};
    }
    populate(segment, segment.used + size);
    segment.used += size;
    segment.alive += size;
    place(translation, made);
    return index;
}

void CodeCache::place(const Translation& translation, Block& made) {
    u8* to = memory_.write() + made.host;
    std::memcpy(to, translation.code.data(), translation.code.size());
    for (StubReference reference : translation.stubs) {
        i32 distance = i32(stubs_.places[std::size_t(reference.stub)]) - i32(made.host + reference.at) - 4;
        std::memcpy(to + reference.at, &distance, sizeof distance);
    }
}

// ---- links -----------------------------------------------------------------------------------------------------------

/// The jump or call whose displacement stands at `at` leads to `to`.
void CodeCache::patch(u32 at, u32 to) {
    auto* word = reinterpret_cast<i32*>(memory_.write() + at);
    __atomic_store_n(word, i32(to) - i32(at) - 4, __ATOMIC_RELEASE);
}

void CodeCache::enlist(Index index, Index& head) {
    Exit& one = exit(index);
    one.previous = none;
    one.next = head;
    if (head != none) exit(head).previous = index;
    head = index;
}

void CodeCache::delist(Index index, Index& head) {
    Exit& one = exit(index);
    if (one.previous != none)
        exit(one.previous).next = one.next;
    else
        head = one.next;
    if (one.next != none) exit(one.next).previous = one.previous;
    one.next = one.previous = none;
}

void CodeCache::connect(Index index, Index target) {
    Exit& one = exit(index);
    one.linked = target;
    enlist(index, block(target).incoming);
    patch(one.at, block(target).host);
    ++counts_.links;
}

void CodeCache::wait_for_target(Index index) {
    Exit& one = exit(index);
    one.linked = none;
    enlist(index, places_.at(target_of(one)).waiting);
}

/// Takes the exit out of the list that it is in. It leads to Stub::link again.
void CodeCache::disconnect(Index index) {
    Exit& one = exit(index);
    if (one.linked != none) {
        delist(index, block(one.linked).incoming);
        const Block& owner = block(one.owner);
        patch(one.at, owner.host + owner.unlinked + (index - owner.exits) * link_call_size);
        one.linked = none;
        return;
    }
    Index& waiting = places_.at(target_of(one)).waiting;
    if (one.previous == none && waiting != index) return;  // it is in no list
    delist(index, waiting);
}

/// Nobody finds the block any more, and nothing leads to it.
void CodeCache::take_back(Index index, Life life) {
    Block& gone = block(index);
    while (gone.incoming != none) {
        Index one = gone.incoming;
        disconnect(one);
        if (block(exit(one).owner).life == Life::live && exit(one).owner != index) wait_for_target(one);
    }
    if (gone.life == Life::live) {
        for (u32 number = 0; number < gone.exit_count; ++number) disconnect(gone.exits + number);
        places_.at(gone.pc).block = none;
        ++counts_.taken_back;
    } else if (gone.life == Life::aside && life == Life::dead) {
        if (auto kept = aside_.find(gone.pc); kept != aside_.end() && kept->second == index) aside_.erase(kept);
    }
    if (life == Life::dead) return bury(gone);
    gone.life = life;
    aside_[gone.pc] = index;
}

/// Its code and data stay until the segment is used again: a thread may be in it.
void CodeCache::bury(Block& gone) {
    if (gone.life == Life::dead) return;
    gone.life = Life::dead;
    segment_of(gone.host).alive -= u32(align_up(gone.host_size, block_alignment));
}

// ---- segments --------------------------------------------------------------------------------------------------------

std::size_t CodeCache::choose_segment() const {
    std::size_t fresh = segment_count, oldest = current_;
    for (std::size_t number = 0; number < segment_count; ++number) {
        const Segment& segment = segments_[number];
        if (number == current_) continue;
        if (segment.age == 0) {
            fresh = std::min(fresh, number);
        } else {
            if (segment.alive < (segment.used - segment.start) / 4) return number;
            if (oldest == current_ || segment.age < segments_[oldest].age) oldest = number;
        }
    }
    return fresh != segment_count ? fresh : oldest;
}

bool CodeCache::fits(const Translation& translation, const Segment& segment) {
    return segment.end - segment.used >= align_up(translation.code.size(), block_alignment);
}

/// Makes sure that the current segment has room for a block. While a segment is being emptied nobody adds code, but the lock is
/// free: threads that leave translated code ask for the place they left it at before they count as outside.
void CodeCache::make_room(std::unique_lock<std::mutex>& lock, const Translation& translation) {
    ENSURE(translation.code.size() <= segments_[1].end - segments_[1].start, "a block that no segment holds");
    ENSURE(translation.code.size() <= 0xffff, "a block that is larger than its records tell");
    wait_while_emptying(lock);
    while (!fits(translation, segments_[current_])) {
        // The current one may be the one to use again, too.
        std::size_t chosen = segments_[current_].alive == 0 ? current_ : choose_segment();
        if (segments_[chosen].age != 0) empty_segment(lock, chosen);
        current_ = chosen;
        begin(segments_[chosen]);
    }
}

void CodeCache::wait_while_emptying(std::unique_lock<std::mutex>& lock) {
    while (emptying_) {
        lock.unlock();
        sched_yield();
        lock.lock();
    }
}

void CodeCache::empty_segment(std::unique_lock<std::mutex>& lock, std::size_t which) {
    Segment& segment = segments_[which];
    ++counts_.evictions;
    for (Index number = 0; number < segment.blocks.size(); ++number) {
        Index index = Index(which) << 24 | number;
        if (block(index).life != Life::dead) take_back(index, Life::dead);
    }
    last_page_ = nullptr;
    for (auto page = pages_.begin(); page != pages_.end();) {
        keep_blocks(page->second, [which](Index index) { return index >> 24 != which; });
        if (page->second.blocks == none && page->second.spreading.empty()) {
            if (page->second.changeable) std::erase(changeable_, page->first);
            page = pages_.erase(page);
        } else {
            ++page;
        }
    }
    u64 now = generation_.fetch_add(1, std::memory_order_seq_cst) + 1;
    alert();
    emptying_ = true;
    auto somebody_inside = [&] {
        return std::ranges::any_of(readers_, [now](const Reader* reader) {
            return reader->inside.load(std::memory_order_seq_cst) < now;
        });
    };
    while (somebody_inside()) {
        lock.unlock();
        sched_yield();
        lock.lock();
    }
    emptying_ = false;
    reset(segment);
}

void CodeCache::begin(Segment& segment) {
    segment.age = ++last_age_;
    segment.populated = segment.used;
}

/// Pages are made several at a time: a fault for each, in both views, costs more than filling them.
void CodeCache::populate(Segment& segment, u32 end) {
    if (end <= segment.populated) return;
    u32 start = segment.populated;
    segment.populated = std::min(segment.end, u32(align_up(end, populate_size)));
    memory_.populate(start, segment.populated);
}

void CodeCache::reset(Segment& segment) {
    segment.blocks.clear();
    segment.exits.clear();
    segment.data.clear();
    segment.alone.clear();
    segment.alive = 0;
    segment.used = segment.start == 0 ? u32(align_up(stubs_.size, block_alignment)) : segment.start;
}

}  // namespace lyrebird::x64
