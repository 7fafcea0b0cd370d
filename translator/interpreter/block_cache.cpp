#include "translator/interpreter/block_cache.hpp"

#include <algorithm>
#include <cstring>

#include "runtime/base/bits.hpp"
#include "runtime/memory/guest_copy.hpp"

namespace lyrebird::interpreter {

std::size_t BlockCache::fetch(u64 pc, u8* bytes, std::size_t most) const {
    std::size_t fetched = 0;
    while (fetched < most) {
        GuestAddress from(pc + fetched);
        std::size_t size = std::min<std::size_t>(most - fetched, page_size - from.value % page_size);
        if (!memory_.executable(from, size) || !memory::copy_from_guest(bytes + fetched, from, size)) break;
        fetched += size;
    }
    return fetched;
}

void BlockCache::add(Reader& reader) {
    std::lock_guard lock(mutex_);
    readers_.push_back(&reader);
}

void BlockCache::remove(Reader& reader) {
    std::lock_guard lock(mutex_);
    std::erase(readers_, &reader);
}

u64 BlockCache::enter(Reader& reader) {
    u64 now = generation();
    reader.seen.store(now, std::memory_order_seq_cst);
    return now;
}

void BlockCache::leave(Reader& reader) {
    reader.seen.store(Reader::outside, std::memory_order_release);
}

void BlockCache::invalidate() {
    generation_.fetch_add(1, std::memory_order_acq_rel);
}

bool BlockCache::still_right(const Block& block) const {
    u8 now[longest_block];
    GuestAddress start(block.pc);
    return memory_.executable(start, block.bytes.size()) && memory::copy_from_guest(now, start, block.bytes.size()) &&
           std::memcmp(now, block.bytes.data(), block.bytes.size()) == 0;
}

std::unique_ptr<Block> BlockCache::decode_block(u64 pc, Decode decode, u64& fault_address) const {
    u8 bytes[longest_block];
    std::size_t size = fetch(pc, bytes);
    auto block = std::make_unique<Block>();
    block->pc = pc;
    decode(*block, bytes, size);
    if (block->operations.empty()) {
        fault_address = pc + size;
        return nullptr;
    }
    return block;
}

BlockCache::Found BlockCache::find(u64 pc, Decode decode) {
    std::lock_guard lock(mutex_);
    ++counts_.lookups;
    u64 now = generation();
    auto known = blocks_.find(pc);
    if (known != blocks_.end()) {
        Block& block = *known->second;
        if (block.verified.load(std::memory_order_relaxed) == now || still_right(block)) {
            block.verified.store(now, std::memory_order_relaxed);
            return {&block, 0};
        }
        ++counts_.rejected;
        retire(std::move(known->second));
        blocks_.erase(known);
    }
    u64 fault_address = 0;
    std::unique_ptr<Block> block = decode_block(pc, decode, fault_address);
    if (block == nullptr) return {nullptr, fault_address};
    block->verified.store(now, std::memory_order_relaxed);
    ++counts_.decoded;
    counts_.instructions += block->instructions;
    counts_.bytes += block->bytes.size();
    const Block* result = block.get();
    blocks_.emplace(pc, std::move(block));
    return {result, 0};
}

void BlockCache::retire(std::unique_ptr<Block> block) {
    // It was not verified for this generation, so a thread that dropped what it cached since cannot reach it.
    retired_.push_back({generation(), std::move(block)});
    free_retired();
}

void BlockCache::free_retired() {
    u64 oldest = Reader::outside;
    for (const Reader* reader : readers_) oldest = std::min(oldest, reader->seen.load(std::memory_order_seq_cst));
    std::erase_if(retired_, [&](const Retired& retired) { return retired.generation <= oldest; });
}

BlockCache::Counts BlockCache::counts() {
    std::lock_guard lock(mutex_);
    return counts_;
}

void BlockCache::after_fork_in_child(Reader* survivor) {
    readers_.clear();
    readers_.push_back(survivor);
    mutex_.unlock();
}

}  // namespace lyrebird::interpreter
