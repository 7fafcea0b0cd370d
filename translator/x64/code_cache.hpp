// All translated code of a process: where blocks stand, how they are found, linked, taken back and thrown away.
//
// What must stay true:
//  1. Only the holder of the lock changes anything; translated code is changed in four aligned bytes at a time, so that threads
//     that run it see the old jump or the new one.
//  2. A block is found and linked only while its bytes are the guest's and the guest may execute them, as of the last
//     announcement (fence.i, a flush, a change of the map). What is not so any more loses its links at once; threads that still
//     run it, or know it from their tables, leave it when they look at their attention next.
//  3. Code memory is used in segments: one that holds little that is alive is emptied first, then fresh ones are taken, then
//     the oldest is emptied. Before one is used again every thread has been seen outside translated code, or inside with tables
//     that it emptied since: `Reader`.
//  4. After a fork both processes have the same code memory, and neither changes it: who wants to, gets a copy of its own
//     first (`own`). That is before anything in this class's records refers to the change.
//  5. Blocks that cannot run but may again (their page lost its execute right) are kept aside, and compared before they do.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/base/bits.hpp"
#include "runtime/memory/address_space.hpp"
#include "runtime/memory/code_memory.hpp"
#include "translator/isa/code_observer.hpp"
#include "translator/x64/place_map.hpp"
#include "translator/x64/record_memory.hpp"
#include "translator/x64/stubs.hpp"
#include "translator/x64/translation.hpp"

namespace lyrebird::x64 {

/// A thread that runs translated code.
struct Reader {
    static constexpr u64 outside = ~0ULL;
    /// While the thread is in translated code: the generation at which it emptied its tables last.
    std::atomic<u64> inside{outside};
    isa::VmState* vm = nullptr;
};

class CodeCache {
  public:
    struct Options {
        std::size_t size = 64 << 20;  // of all code, in bytes
        Features features;
        bool link = true;  // false: every exit returns to the run loop
    };
    static Result<std::unique_ptr<CodeCache>> create(memory::AddressSpace& memory, const Layout& layout,
                                                     const Options& options);

    void add(Reader& reader);
    void remove(Reader& reader);

    /// Rises whenever a block is taken back: what a thread knows by address may be wrong then.
    u64 generation() const { return generation_.load(std::memory_order_seq_cst); }
    /// Rises with every announcement.
    u64 announcements() const { return announcements_.load(std::memory_order_acquire); }

    /// The code of the block at `pc`; null when there is none that may run.
    const u8* find(u64 pc);
    /// Gives a translation its place. `announced`: announcements() before its bytes were read. Null when they have changed
    /// since: it must be made anew.
    const u8* publish(const Translation& translation, u64 announced);

    /// False when the block that `find` gives has other bytes than memory by now: nobody has announced that yet.
    bool is_current(u64 pc);

    struct Followed {
        u64 target;      // the guest pc that the exit leads to
        const u8* code;  // what stands there, or null
    };
    /// Links the exit at `site` (behind its call of Stub::link) with the block at its target, if there is one.
    Followed link(u64 site);
    /// The guest pc of the memory access at this host pc; 0 when there is none. Registers that have changed places there go
    /// back to their own in `state`.
    u64 access_at(u64 host_pc, u8* state);

    /// After fence.i or a flush: what may have been written to is compared with memory.
    void announce_writes();
    /// The same for [start, end), within a page.
    void announce_writes(u64 start, u64 end);
    /// After a change of the map in [start, end): what is translated there is compared with memory and rights.
    void announce_change(u64 start, u64 end);
    /// True while one thread alone sees the guest's memory.
    const std::atomic<bool>& alone() const { return alone_; }
    /// It will not from now on; also said by the second `add`. Blocks that count on it are taken back.
    void expect_company();
    /// Takes back the blocks that hold `pc`.
    void forget(u64 pc);
    /// Takes all of them back: what translation counts on has changed.
    void forget_all();

    bool contains(u64 host_pc) const { return memory_.contains(host_pc); }
    const u8* stub(Stub stub) const { return memory_.execute() + stubs_.places[std::size_t(stub)]; }
    using Enter = void (*)(void* base, const void* code);
    Enter enter() const { return reinterpret_cast<Enter>(reinterpret_cast<u64>(memory_.execute() + stubs_.enter)); }
    const Features& features() const { return features_; }

    struct Counts {
        u64 blocks = 0, instructions = 0, guest_bytes = 0, host_bytes = 0;  // translated, ever
        u64 lookups = 0;
        u64 links = 0;
        u64 taken_back = 0;
        u64 revived = 0;
        u64 evictions = 0;     // of segments
        u64 nanoseconds = 0;   // spent on translation
    };
    Counts counts();
    void add_time(u64 nanoseconds) { time_.fetch_add(nanoseconds, std::memory_order_relaxed); }

    /// Told of every block from now on. Not owned; null: nobody.
    void observe(isa::CodeObserver* observer);

    /// After a fork, for a while: true when new code had better wait, since much of it would have to be copied first, and many a
    /// child ends or calls exec soon. Counts how often it was asked.
    bool asks_for_patience();
    /// True when there was no memory for that copy: no code is found any more, and none can be added.
    bool lost() const { return lost_.load(std::memory_order_acquire); }
    void before_fork();
    void after_fork_in_parent();
    /// `survivor` is the only thread left.
    void after_fork_in_child(Reader& survivor);

  private:
    using Place = PlaceMap::Place;
    using Index = u32;  // of a block or an exit: its segment in the top 8 bits
    static constexpr Index none = 0xffff'ffff;

    struct Exit {
        u32 target_low, target_high;  // a guest pc in halves, so that an exit is 28 bytes
        u32 at;        // of its displacement, from the beginning of code memory
        Index owner;
        Index linked;  // a block, or none
        Index next, previous;  // among the exits that lead to the same place
    };
    enum class Life : u8 { live, aside, dead };
    /// An Access in four bytes: distances from the block's beginning.
    struct ShortAccess {
        u16 host;
        i16 halfwords;
    };
    struct Block {
        u64 pc;
        u8* data;        // in the segment's: Run …, when there are several, Exchange …, ShortAccess …, guest bytes
        u32 host;
        Index exits;
        Index incoming;      // exits that are linked to it
        Index next_on_page;  // among the blocks that lie on one page only
        u16 host_size;
        u16 unlinked;  // the first exit's call of Stub::link, from `host`
        u16 loop;      // where exchanges are in force, from `host`
        u16 exit_count, access_count, byte_count;
        u8 run_count, exchange_count;
        Life life;
        u64 size_of_data() const {
            return run_count * sizeof(Run) * (run_count > 1) + exchange_count * sizeof(Exchange) +
                   access_count * sizeof(ShortAccess) + byte_count;
        }
        Run run(std::size_t number) const;
        Exchange exchange(std::size_t number) const;
        ShortAccess access(std::size_t number) const;
        const u8* bytes() const { return data + size_of_data() - byte_count; }
        bool lies_on_one_page() const {
            return run_count == 1 && pc / page_size == (pc + byte_count - 1) / page_size;
        }
    };
    static_assert(sizeof(Block) == 48 && sizeof(Exit) == 28);
    struct Segment {
        u32 start, end, used;
        u32 alive = 0;  // bytes of blocks that are not dead
        u64 age = 0;    // when it was begun; 0: fresh
        u32 populated = 0;  // up to here its pages are there
        ChunkedArray<Block> blocks;  // ascending by host
        ChunkedArray<Exit> exits;
        ChunkedArray<u8> data;
        std::vector<Index> alone{};  // blocks of that kind
    };
    struct Page {
        Index blocks = none;           // those that lie on no other page: a list
        std::vector<Index> spreading;  // the others with bytes on it
        bool changeable = false;  // the guest can write to its memory without a change of the map
    };

    static constexpr std::size_t segment_count = 128;
    static constexpr u32 block_alignment = 16;
    CodeCache(memory::AddressSpace& space, memory::CodeMemory memory, const Options& options);

    Block& block(Index index) { return segments_[index >> 24].blocks[index & 0xff'ffff]; }
    Exit& exit(Index index) { return segments_[index >> 24].exits[index & 0xff'ffff]; }
    static u64 target_of(const Exit& exit) { return u64(exit.target_high) << 32 | exit.target_low; }
    static void pack(const Translation& translation, Block& block, Segment& segment);
    static bool fits(const Translation& translation, const Segment& segment);

    Index live_at(u64 pc);
    Index allocate(const Translation& translation);
    void place(const Translation& translation, Block& block);
    void patch(u32 at, u32 to);
    void connect(Index exit_index, Index target);
    void wait_for_target(Index exit_index);
    void disconnect(Index exit_index);
    void enlist(Index exit_index, Index& head);
    void delist(Index exit_index, Index& head);
    void take_back(Index index, Life life);
    bool has_bytes(const Block& block) const;
    bool may_execute(const Block& block) const;
    void check_page(u64 number, Page& page, bool rights);
    template <class Keep>
    void keep_blocks(Page& page, Keep keep);
    bool is_changeable(u64 page) const;
    Page& page_of(u64 number);
    void make_room(std::unique_lock<std::mutex>& lock, const Translation& translation);
    void wait_while_emptying(std::unique_lock<std::mutex>& lock);
    std::size_t choose_segment() const;
    void empty_segment(std::unique_lock<std::mutex>& lock, std::size_t number);
    void begin(Segment& segment);
    void populate(Segment& segment, u32 end);
    void reset(Segment& segment);
    void bury(Block& block);
    std::size_t used() const;
    void share();
    bool own();
    void lose();
    void drop_all();
    Segment& segment_of(u32 host) { return segments_[host / (memory_.size() / segment_count)]; }
    Block* block_at(u32 host);
    Index exit_at(u64 site);
    void alert();
    void end_solitude();

    memory::AddressSpace& space_;
    memory::CodeMemory memory_;
    Features features_;
    bool links_;
    Stubs stubs_;
    std::mutex mutex_;
    RecordMemory records_;
    std::vector<Segment> segments_;
    std::size_t current_ = 0;
    u64 last_age_ = 0;
    bool emptying_ = false;  // a thread waits for the others to leave a segment
    PlaceMap places_{records_};
    std::unordered_map<u64, Index> aside_;
    std::unordered_map<u64, Page> pages_;
    u64 last_page_number_ = ~0ULL;
    Page* last_page_ = nullptr;
    std::vector<u64> changeable_;  // pages
    std::vector<Reader*> readers_;
    std::atomic<u64> generation_{1};
    std::atomic<u64> announcements_{1};
    std::atomic<u64> time_{0};
    std::atomic<bool> alone_{true};
    bool shared_ = false;  // forked processes have the same memory: nobody may change it
    std::atomic<u32> patience_{0};
    std::atomic<bool> lost_{false};
    u64 memory_object_device_ = 0;
    Counts counts_;
    isa::CodeObserver* observer_ = nullptr;
};

/// Leaves only those of its blocks in a page's record for which `keep`(Index) is true.
template <class Keep>
void CodeCache::keep_blocks(Page& page, Keep keep) {
    Index* link = &page.blocks;
    while (*link != none) {
        Block& one = block(*link);
        if (keep(*link))
            link = &one.next_on_page;
        else
            *link = one.next_on_page;
    }
    std::erase_if(page.spreading, [&](Index index) { return !keep(index); });
}

}  // namespace lyrebird::x64
