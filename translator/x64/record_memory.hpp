// Memory for what is known of translated code, given out in chunks of one size. The first pages are small ones, for programs that
// need few; then come mappings that the kernel may back with huge pages: on a virtual machine each page touched first is dear.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <type_traits>
#include <vector>

#include "runtime/base/check.hpp"
#include "runtime/base/ints.hpp"

namespace lyrebird::x64 {

class RecordMemory {
  public:
    static constexpr std::size_t chunk_size = 16 << 10;

    RecordMemory() = default;
    RecordMemory(const RecordMemory&) = delete;
    RecordMemory& operator=(const RecordMemory&) = delete;
    ~RecordMemory();

    /// `size` bytes, a multiple of chunk_size, aligned to a page; their contents are anything. The process ends where there are none.
    void* take(std::size_t size);
    /// Takes them back; they may be given out in other pieces.
    void give(void* memory, std::size_t size);

  private:
    struct Mapping {
        u8* start;
        std::size_t size;
    };
    void add_mapping(std::size_t least);

    std::vector<Mapping> mappings_;
    std::vector<void*> free_;  // single chunks
    u8* next_ = nullptr;       // of the last mapping: what was never given out
    u8* made_ = nullptr;       // up to here its pages are there
    u8* end_ = nullptr;
};

/// An array that grows by chunks, so its elements never move. Those that are added together stand together.
template <class T>
class ChunkedArray {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);

  public:
    static constexpr std::size_t per_chunk = RecordMemory::chunk_size / sizeof(T);

    explicit ChunkedArray(RecordMemory& memory) : memory_(&memory) {}

    /// Room for `count` more, one behind the other, not initialised; `first` is the number of the first one. At most per_chunk;
    /// null when none.
    T* extend(std::size_t count, std::size_t& first) {
        ENSURE(count <= per_chunk, "more records at once than a chunk holds");
        std::size_t left = chunks_.size() * per_chunk - size_;
        if (left < count) {
            size_ += left;
            chunks_.push_back(static_cast<T*>(memory_->take(RecordMemory::chunk_size)));
        }
        first = size_;
        size_ += count;
        return count == 0 ? nullptr : &(*this)[first];
    }
    void clear() {
        for (T* chunk : chunks_) memory_->give(chunk, RecordMemory::chunk_size);
        chunks_.clear();
        size_ = 0;
    }
    /// The elements that were left out at the ends of chunks count.
    std::size_t size() const { return size_; }
    T& operator[](std::size_t at) { return chunks_[at / per_chunk][at % per_chunk]; }
    const T& operator[](std::size_t at) const { return chunks_[at / per_chunk][at % per_chunk]; }

  private:
    RecordMemory* memory_;
    std::vector<T*> chunks_;
    std::size_t size_ = 0;
};

}  // namespace lyrebird::x64
