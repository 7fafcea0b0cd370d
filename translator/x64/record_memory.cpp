#include "translator/x64/record_memory.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "runtime/base/bits.hpp"
#include "runtime/base/pages.hpp"
#include "runtime/memory/guest_address.hpp"

namespace lyrebird::x64 {

namespace {
constexpr std::size_t first_size = 256 << 10;
constexpr std::size_t later_size = 4 << 20;
constexpr std::size_t huge_page = 2 << 20;
constexpr std::size_t step = 64 << 10;  // how much is made at once
}  // namespace

RecordMemory::~RecordMemory() {
    for (Mapping mapping : mappings_) ::munmap(mapping.start, mapping.size);
}

void* RecordMemory::take(std::size_t size) {
    if (size == chunk_size && !free_.empty()) {
        void* chunk = free_.back();
        free_.pop_back();
        return chunk;
    }
    if (std::size_t(end_ - next_) < size) add_mapping(size);
    u8* taken = next_;
    next_ += size;
    if (next_ > made_) {
        u8* from = made_;
        made_ = std::min(end_, next_ + (mappings_.size() == 1 ? 0 : step));
        populate_pages(from, std::size_t(made_ - from), Populate::for_writing);
    }
    return taken;
}

void RecordMemory::give(void* memory, std::size_t size) {
    for (std::size_t at = 0; at < size; at += chunk_size) free_.push_back(static_cast<u8*>(memory) + at);
}

void RecordMemory::add_mapping(std::size_t least) {
    if (next_ != end_) give(next_, std::size_t(end_ - next_));
    bool first = mappings_.empty() && least <= first_size;
    std::size_t size = first ? first_size : align_up(std::max(least, later_size), huge_page);
    std::size_t margin = first ? 0 : huge_page;
    void* pages = ::mmap(nullptr, size + margin, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ENSURE(pages != MAP_FAILED, "no memory for what is known of translated code");
    mappings_.push_back({static_cast<u8*>(pages), size + margin});
    next_ = reinterpret_cast<u8*>(align_up(reinterpret_cast<u64>(pages), first ? page_size : huge_page));
    made_ = next_;
    end_ = next_ + size;
    if (!first) ::madvise(next_, size, MADV_HUGEPAGE);  // where the kernel has none, small ones do
}

}  // namespace lyrebird::x64
