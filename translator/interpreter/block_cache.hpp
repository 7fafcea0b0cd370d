// Decoded blocks, shared by all threads of a guest process, and found by guest pc.
//
// Blocks are judged by what their bytes are, not only where they stand: each keeps a copy of the guest bytes that it was
// decoded from. `invalidate` (fence.i, a flushed range, a changed mapping) only raises a generation; a block of an older
// generation is compared with memory, and with the guest's rights to execute there, before it runs again. So code written
// through another mapping of the same memory is noticed, and code that did not change costs one comparison, not a decoding.
//
// What must stay true: a block that may still be running is never freed. Replaced blocks wait on a list until every thread has
// been seen outside guest code, or on a later generation, since.
#pragma once

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "runtime/base/ints.hpp"
#include "runtime/memory/address_space.hpp"

namespace lyrebird::interpreter {

/// The decoded form is the interpreter's own business (an array of Operation<State>), kept here as words.
struct Block {
    u64 pc = 0;
    std::vector<u8> bytes;           // the guest code it was decoded from; empty for a pc that cannot be fetched
    std::vector<u64> operations;     // storage of the operations
    std::atomic<u64> verified{0};    // the generation in which bytes and rights were last seen right
    mutable std::atomic<bool> dumped{false};  // already written by --dump
    u32 instructions = 0;
};

class BlockCache {
  public:
    explicit BlockCache(memory::AddressSpace& memory) : memory_(memory) {}

    /// A thread that runs blocks. `seen`: the generation since which it holds no older block, or `outside` when it runs none.
    /// `enter` answers the generation; a thread that last dropped its own table at another one drops it before it runs a block.
    struct Reader {
        static constexpr u64 outside = ~0ULL;
        std::atomic<u64> seen{outside};
    };
    u64 enter(Reader& reader);
    void leave(Reader& reader);

    /// Fills `operations`, `bytes` and `instructions` of a block from the `size` bytes that are executable at its pc. When not
    /// even one instruction is whole it leaves `operations` empty.
    using Decode = void (*)(Block& block, const u8* bytes, std::size_t size);

    struct Found {
        const Block* block;  // null: `fault_address` cannot be fetched
        u64 fault_address;
    };
    /// The block at `pc`: known and right, or decoded now.
    Found find(u64 pc, Decode decode);

    /// The most guest code a block may span. Longer straight lines are cut; a multiple of 4.
    static constexpr std::size_t longest_block = 256;
    /// Copies executable guest code from `pc` on, page by page, up to `most` bytes. Returns how much there is.
    std::size_t fetch(u64 pc, u8* bytes, std::size_t most = longest_block) const;

    u64 generation() const { return generation_.load(std::memory_order_acquire); }
    void invalidate();

    struct Counts {
        u64 decoded = 0;       // blocks
        u64 instructions = 0;  // decoded
        u64 bytes = 0;         // of guest code decoded
        u64 lookups = 0;       // slow ones
        u64 rejected = 0;      // blocks whose bytes had changed
    };
    Counts counts();

    void before_fork() { mutex_.lock(); }
    void after_fork_in_parent() { mutex_.unlock(); }
    /// Only `survivor` is left of all readers.
    void after_fork_in_child(Reader* survivor);

    void add(Reader& reader);
    void remove(Reader& reader);

  private:
    bool still_right(const Block& block) const;
    std::unique_ptr<Block> decode_block(u64 pc, Decode decode, u64& fault_address) const;
    void retire(std::unique_ptr<Block> block);
    void free_retired();

    memory::AddressSpace& memory_;
    std::mutex mutex_;
    std::unordered_map<u64, std::unique_ptr<Block>> blocks_;
    struct Retired {
        u64 generation;
        std::unique_ptr<Block> block;
    };
    std::list<Retired> retired_;
    std::vector<Reader*> readers_;
    std::atomic<u64> generation_{1};
    Counts counts_;
};

}  // namespace lyrebird::interpreter
