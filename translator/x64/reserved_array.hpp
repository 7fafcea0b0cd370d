// An array that never moves. Its whole range of addresses is reserved at first use; pages are made as it grows, several at a time.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <type_traits>
#include <utility>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/pages.hpp"

namespace lyrebird::x64 {

template <class T>
class ReservedArray {
    static_assert(std::is_trivially_destructible_v<T>);

  public:
    explicit ReservedArray(std::size_t capacity) : capacity_(capacity) {}
    ReservedArray(ReservedArray&& other) noexcept
        : start_(std::exchange(other.start_, nullptr)), size_(other.size_), capacity_(other.capacity_), made_(other.made_) {}
    ReservedArray& operator=(ReservedArray other) noexcept {
        std::swap(start_, other.start_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
        std::swap(made_, other.made_);
        return *this;
    }
    ~ReservedArray() {
        if (start_ != nullptr) ::munmap(start_, bytes());
    }

    /// Room for `count` more, at their place; they are not initialised. `count` ≤ room().
    T* extend(std::size_t count) {
        ENSURE(count <= room(), "an array that is full");
        if (start_ == nullptr) reserve();
        T* place = start_ + size_;
        size_ += count;
        if (size_ > made_) make();
        return place;
    }
    T& push_back(const T& value) { return *new (extend(1)) T(value); }
    void clear() { size_ = 0; }

    std::size_t size() const { return size_; }
    std::size_t room() const { return capacity_ - size_; }
    T& operator[](std::size_t at) { return start_[at]; }
    T* begin() { return start_; }
    T* end() { return start_ + size_; }

  private:
    std::size_t bytes() const { return align_up(capacity_ * sizeof(T), 4096); }
    void reserve() {
        void* pages = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        ENSURE(pages != MAP_FAILED, "no memory for what is known of translated code");
        start_ = static_cast<T*>(pages);
    }
    /// As much again as there is, within bounds.
    void make() {
        constexpr std::size_t least = 16 << 10, most = 128 << 10;
        std::size_t step = std::clamp(made_ * sizeof(T), least, most) / sizeof(T);
        std::size_t old = std::exchange(made_, std::min(capacity_, size_ + step));
        populate_pages(start_ + old, (made_ - old) * sizeof(T), Populate::for_writing);
    }

    T* start_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_;
    std::size_t made_ = 0;  // elements whose pages are there
};

}  // namespace lyrebird::x64
