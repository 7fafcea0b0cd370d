#include "runtime/memory/code_memory.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "runtime/base/bits.hpp"
#include "runtime/base/check.hpp"
#include "runtime/base/pages.hpp"
#include "runtime/base/text.hpp"
#include "runtime/memory/guest_address.hpp"

namespace lyrebird::memory {

namespace {
constexpr u64 guest_end = 1ULL << 46;

bool is_above_guest(const void* address) { return reinterpret_cast<u64>(address) >= guest_end; }

void unmap(u8* view, std::size_t size) {
    if (view != nullptr) ::munmap(view, size);
}
}  // namespace

bool CodeMemory::map(std::size_t size, Views& views) {
    void* write = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (write == MAP_FAILED) return false;
    views.write = static_cast<u8*>(write);
    void* execute = ::mremap(write, 0, size, MREMAP_MAYMOVE);
    if (execute == MAP_FAILED) return false;
    views.execute = static_cast<u8*>(execute);
    return ::mprotect(execute, size, PROT_READ | PROT_EXEC) == 0 && is_above_guest(write) && is_above_guest(execute);
}

Result<CodeMemory> CodeMemory::create(std::size_t size) {
    Views views;
    bool mapped = map(size, views);
    CodeMemory memory(size, views);
    if (mapped) return memory;
    return fail(format("memory for translated code is not to be had: {}", std::strerror(errno)), errno);
}

CodeMemory::CodeMemory(CodeMemory&& other) noexcept
    : size_(other.size_), views_(std::exchange(other.views_, {})) {}

CodeMemory::~CodeMemory() {
    unmap(views_.write, size_);
    unmap(views_.execute, size_);
}

void CodeMemory::populate(const Views& views, std::size_t start, std::size_t end) {
    populate_pages(views.write + start, end - start, Populate::for_writing);
    populate_pages(views.execute + start, end - start, Populate::for_reading);
}

void CodeMemory::release(std::size_t start, std::size_t end) {
    ::madvise(views_.write + start, end - start, MADV_REMOVE);
}

bool CodeMemory::become_own(std::size_t used) {
    Views own;
    if (!map(size_, own)) {
        unmap(own.write, size_);
        unmap(own.execute, size_);
        return false;
    }
    populate(own, 0, used);
    std::memcpy(own.write, views_.write, used);
    // A thread that runs in the view meanwhile finds the old pages or the new ones: their bytes are the same.
    constexpr int flags = MREMAP_MAYMOVE | MREMAP_FIXED;
    bool moved = ::mremap(own.execute, size_, size_, flags, views_.execute) != MAP_FAILED &&
                 ::mremap(own.write, size_, size_, flags, views_.write) != MAP_FAILED;
    ENSURE(moved, "memory for translated code that cannot be moved");
    return true;
}

}  // namespace lyrebird::memory
